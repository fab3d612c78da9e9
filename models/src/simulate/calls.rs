//! The calls that clients, workers and the administrator make: each is an actor of the engine, for as long as it takes.

use std::rc::Rc;
use std::sync::Arc;

use logon_core::observer::Departure;
use logon_core::{Allocator, Claim, LogonId, UserId};
use logon_sim::timed::{Key, Timed, Waits};
use logon_sim::{Fault, Sim, SimMonitor};

use super::environment::{ClientLine, Desk, Loader};
use super::witness::Ear;
use super::world::Shared;
use crate::judge::Wanted;
use crate::stage::{Attributed, call};

/// The allocator under test, on the primitives of the engine.
pub(super) type LongAllocator = Arc<dyn Allocator<Attributed<Sim>, Ear>>;

/// How many calls a client may make at the most; each has a key of its own.
const CALLS: u64 = 4;

/// The keys of all whose wait may end with what becomes of a logon.
pub(super) fn keys(logon: LogonId) -> impl Iterator<Item = Key> {
    let first = u64::from(logon.0) * CALLS;
    (first..first + CALLS).map(Key)
}

/// The keys of those who are no clients follow these.
const WORKERS: u64 = 1 << 40;
const OTHERS: u64 = 1 << 41;

/// What the actor of this key is called.
pub(super) fn name_of(Key(key): Key) -> String {
    match key {
        OTHERS.. => format!("admin-{}", key - OTHERS),
        WORKERS.. => format!("worker-{}", key - WORKERS),
        _ if key % CALLS == HANGS_UP => format!("hang-up-{}", key / CALLS),
        _ => format!("client-{}", key / CALLS),
    }
}

/// Which of its calls hangs a client up.
const HANGS_UP: u64 = 3;

/// What calls need.
pub(super) struct Callers {
    pub(super) allocator: LongAllocator,
    pub(super) world: Shared,
    gate: Rc<SimMonitor<()>>,
    workers: u64,
    others: u64,
}

impl Callers {
    pub(super) fn new(allocator: LongAllocator, world: Shared, engine: &Timed) -> Self {
        Callers {
            allocator,
            world,
            gate: engine.gate(),
            workers: 0,
            others: 0,
        }
    }

    /// A client connects.
    ///
    /// # Errors
    ///
    /// As [`Timed::spawn`]; so it is with all that follow.
    pub(super) fn connect(&self, engine: &mut Timed, logon: LogonId) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        let key = self.begins(logon, 0);
        let desk = Desk {
            world: Rc::clone(&world),
            gate: Rc::clone(&self.gate),
            key,
        };
        engine.spawn(key, Waits::ByKey, move || {
            let line = ClientLine(Rc::clone(&world));
            let answer = call::connect(&*allocator, logon, &line.of(logon), &desk);
            world
                .borrow_mut()
                .is_answered_about_its_prompt(logon, answer);
        })
    }

    /// A user logs on, or tries to.
    pub(super) fn log_on(&self, engine: &mut Timed, logon: LogonId) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        let user = world.borrow_mut().credentials(logon);
        engine.spawn(self.begins(logon, 1), Waits::ByKey, move || {
            let line = ClientLine(Rc::clone(&world));
            let answer = call::log_on(&*allocator, logon, user, &line.of(logon));
            world.borrow_mut().is_answered_about_its_user(logon, answer);
        })
    }

    /// A user disconnects or logs off.
    pub(super) fn leave(
        &self,
        engine: &mut Timed,
        logon: LogonId,
        departure: Departure,
    ) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        engine.spawn(self.begins(logon, 2), Waits::ByKey, move || {
            let answer = match departure {
                Departure::Disconnected => call::disconnect(&*allocator, logon),
                _ => call::log_off(&*allocator, logon),
            };
            let mut world = world.borrow_mut();
            world.has_answer(logon, answer);
            world.is_gone(logon);
            world.has_returned(logon);
        })
    }

    /// A client hangs up, or its line breaks.
    pub(super) fn hang_up(&self, engine: &mut Timed, logon: LogonId) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        let key = self.begins(logon, HANGS_UP);
        {
            let mut world = world.borrow_mut();
            if let Some(client) = world.clients.get_mut(logon) {
                client.is_up = false;
            }
        }
        engine.spawn(key, Waits::Always, move || {
            call::hang_up(&*allocator, logon);
            world.borrow_mut().has_returned(logon);
        })
    }

    /// One more creation worker.
    pub(super) fn worker(&mut self, engine: &mut Timed) -> Result<(), Box<Fault>> {
        self.workers += 1;
        self.world.borrow_mut().idle_workers += 1;
        let allocator = Arc::clone(&self.allocator);
        let key = Key(WORKERS + self.workers);
        let loader = Loader {
            world: Rc::clone(&self.world),
            gate: Rc::clone(&self.gate),
            key,
        };
        engine.spawn(key, Waits::Alike, move || {
            call::serve(&*allocator, &loader);
        })
    }

    /// A disconnected session has been so for long enough.
    pub(super) fn expire(
        &mut self,
        engine: &mut Timed,
        claim: Claim,
        user: UserId,
    ) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        engine.spawn(self.other(), Waits::Always, move || {
            let hit = call::expire(&*allocator, claim, user);
            world.borrow_mut().happened.timed_out_sessions += u64::from(hit);
        })
    }

    /// The administrator resets the session of a user, if there is one.
    pub(super) fn reset(&mut self, engine: &mut Timed, user: UserId) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        let wanted = Wanted { user, logons: None };
        engine.spawn(self.other(), Waits::Always, move || {
            let hit = call::reset(&*allocator, wanted) == Some(true);
            world.borrow_mut().happened.resets_hit += u64::from(hit);
        })
    }

    /// The administrator enables logons, or disables them.
    pub(super) fn enable(&mut self, engine: &mut Timed, enabled: bool) -> Result<(), Box<Fault>> {
        let allocator = Arc::clone(&self.allocator);
        engine.spawn(self.other(), Waits::Always, move || {
            call::enable_logons(&*allocator, enabled);
        })
    }

    fn other(&mut self) -> Key {
        self.others += 1;
        Key(OTHERS + self.others)
    }

    /// A call on behalf of a client begins: its key.
    fn begins(&self, logon: LogonId, which: u64) -> Key {
        let mut world = self.world.borrow_mut();
        if let Some(client) = world.clients.get_mut(logon) {
            client.calls += 1;
            client.is_in_call |= which != HANGS_UP;
        }
        Key(u64::from(logon.0) * CALLS + which)
    }
}
