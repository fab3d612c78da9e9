//! The resizing of deadpool's managed pool: its issue 380, "Runtime resizing causes frequent panics", closed by a fix in
//! 0.12.2. The steps are those of `Pool::get`, `Pool::resize` and `return_object` of 0.12.3, which 0.13.1 has unchanged.
//!
//! A pool has a semaphore with a permit for each object that may be out, and *slots*: the objects that lie idle, how many
//! there are in all, and how many there may be. What the crate does while it holds the lock of the slots is one section
//! here, together with what it does to the semaphore there; what it does to the semaphore without that lock is a step of
//! its own. So every execution here is one of the crate, and not every one of the crate is one here.
//!
//! `resize` takes permits away only while there are more objects than there may be, and only those that nobody has; what
//! it could not take is not remembered. A pool that grows again gives out as many permits as its maximum has grown. So
//! more permits may be there than objects may be out:
//!
//! - Three at most and three out; `resize(1)` takes nothing, `resize(2)` adds a permit, and a fourth `get` succeeds.
//! - Three at most and none out; `resize(1)` takes nothing, for there are no objects yet, and two `get` succeed.
//!
//! Both were confirmed with the crates themselves (deadpool 0.12.3 and 0.13.1 on tokio's current-thread runtime): after
//! these calls, `timeout_get` with a wait of zero gives an object.
//!
//! A resizing that holds remembers what it could not take, as a debt, which returning objects pay first.

use std::sync::Arc;

use logon_core::primitives::{Condition, Monitor, Primitives, Wake};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Shared, shared};

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Pool {
    /// The semaphore.
    permits: u32,
    /// Permits that a resizing could not take, if they are remembered.
    debt: u32,
    /// Objects that lie idle.
    idle: u32,
    /// Objects in all.
    size: u32,
    /// How many there may be.
    max_size: u32,
    /// How many users have a permit, for the judge alone.
    holders: u32,
}

impl Pool {
    fn resize(&mut self, max_size: u32, remembers: bool) {
        let old = std::mem::replace(&mut self.max_size, max_size);
        if remembers {
            self.resize_and_remember(old);
            return;
        }
        if max_size < old {
            while self.size > max_size && self.permits > 0 {
                self.permits -= 1;
                if self.idle > 0 {
                    self.idle -= 1;
                    self.size -= 1;
                }
            }
        }
        if max_size > old {
            self.permits += max_size - old;
        }
    }

    /// Takes as many permits as the maximum has shrunk, owes those that are out, and pays debts before it adds any.
    fn resize_and_remember(&mut self, old: u32) {
        let fewer = old.saturating_sub(self.max_size);
        let taken = fewer.min(self.permits);
        self.permits -= taken;
        self.debt += fewer - taken;
        let more = self.max_size.saturating_sub(old);
        let paid = more.min(self.debt);
        self.debt -= paid;
        self.permits += more - paid;
        // Nobody has a permit for more idle objects than there are permits.
        let kept = self.idle.min(self.permits);
        self.size -= self.idle - kept;
        self.idle = kept;
    }
}

/// A pool of three, users who take an object each, and somebody who resizes it.
pub(crate) struct Resizing {
    pub(crate) users: u32,
    /// How many must be out before it begins.
    pub(crate) begins_with_out: u32,
    pub(crate) sizes: &'static [u32],
    /// Whether users put their objects back.
    pub(crate) puts_back: bool,
    /// Whether permits that could not be taken are remembered.
    pub(crate) remembers: bool,
}

const AT_FIRST: u32 = 3;

/// As many objects are out as the administrator waits for.
const OUT: Condition = Condition("objects are out");

fn get<P: Primitives>(pool: &Shared<P, Pool>) {
    let (others, max_size) = pool.wait_for("acquire a permit", |pool| {
        (pool.permits > 0).then(|| {
            pool.permits -= 1;
            pool.holders += 1;
            (pool.holders - 1, pool.max_size)
        })
    });
    let recycles = pool.enter("pop an idle object", |pool| {
        let is_there = pool.idle > 0;
        pool.idle -= u32::from(is_there);
        is_there
    });
    if !recycles {
        pool.update("create an object", |pool| pool.size += 1);
    }
    assert!(
        others < max_size,
        "a get succeeds although {others} of at most {max_size} are out"
    );
}

fn put_back<P: Primitives>(pool: &Shared<P, Pool>, remembers: bool) {
    // If debts are remembered, the permit comes back in the same step, so that no resizing sees an idle object without.
    let adds_a_permit = pool.change("return the object", move |pool| {
        pool.holders -= 1;
        let keeps = match remembers {
            true => pool.debt == 0,
            false => pool.size <= pool.max_size,
        };
        pool.debt = pool.debt.saturating_sub(1);
        match keeps {
            true => pool.idle += 1,
            false => pool.size -= 1,
        }
        pool.permits += u32::from(keeps && remembers);
        (keeps && !remembers, Wake::Everybody)
    });
    if adds_a_permit {
        pool.update("add a permit", |pool| pool.permits += 1);
    }
}

impl<P: Primitives> Portable<P> for Resizing {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let pool = Pool {
            permits: AT_FIRST,
            debt: 0,
            idle: 0,
            size: 0,
            max_size: AT_FIRST,
            holders: 0,
        };
        let pool = shared::<P, _>("pool", pool);
        for number in 1..=self.users {
            let (pool, puts_back, remembers) = (Arc::clone(&pool), self.puts_back, self.remembers);
            let name = format!("user {number}");
            let user = move || {
                get::<P>(&pool);
                if puts_back {
                    put_back::<P>(&pool, remembers);
                }
            };
            match self.puts_back {
                true => actors.spawn(name, "user", user),
                // Where nothing comes back, some wait for ever.
                false => actors.spawn_server(name, "user", user),
            }
        }
        let (resized, out, remembers) = (Arc::clone(&pool), self.begins_with_out, self.remembers);
        let sizes = self.sizes;
        actors.spawn("administrator", "administrator", move || {
            for (nth, &size) in sizes.iter().enumerate() {
                let out = if nth == 0 { out } else { 0 };
                resized.wait_on("resize", OUT, move |pool| {
                    (pool.size >= out).then(|| (pool.resize(size, remembers), Wake::Everybody))
                });
            }
        });
        let puts_back = self.puts_back;
        Judge::new(move |_| {
            let (permits, max_size) = pool.peek(|pool| (pool.permits, pool.max_size));
            let is_off = puts_back && permits != max_size;
            is_off.then(|| format!("permits are off: {permits} where {max_size} may be out"))
        })
    }
}
