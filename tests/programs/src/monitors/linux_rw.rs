//! A lock for readers and writers on one counter, as an old kernel of Linux had it; in SV-COMP and in the benchmarks of
//! Nidhugg and GenMC as `linuxrwlocks`. What is published is about who meets whom: some may try again for ever.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, spin};

/// What the counter holds when the lock is free. A reader takes one of it, a writer all.
const FREE: u64 = 1 << 20;

/// So many readers and writers, who enter once.
pub(crate) struct LinuxRw {
    pub(crate) readers: u32,
    pub(crate) writers: u32,
}

/// Takes so much of the counter. Unless `enough` was there, it gives it back, waits until there seems to be, and begins
/// again.
fn acquire<P: Primitives>(lock: &Integer<P>, amount: u64, enough: fn(i64) -> bool) {
    P::forever(|| {
        let before = lock.subtract("take", amount);
        if enough(before as i64) {
            return ControlFlow::Break(());
        }
        lock.add("give back", amount);
        spin::<P>(|| enough(lock.load("is enough there?") as i64));
        ControlFlow::Continue(())
    });
}

impl<P: Primitives> Portable<P> for LinuxRw {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let lock: Integer<P> = Integer::new("lock", FREE);
        let value: Integer<P> = Integer::new("value", 0);
        for number in 1..=self.readers {
            let (lock, value) = (lock.clone(), value.clone());
            actors.spawn_server(format!("reader {number}"), "reader", move || {
                acquire::<P>(&lock, 1, |before| before > 0);
                let first = value.load("read");
                assert_eq!(value.load("read again"), first, "a writer beside a reader");
                lock.add("release", 1);
            });
        }
        for number in 1..=self.writers {
            let (lock, value) = (lock.clone(), value.clone());
            actors.spawn_server(format!("writer {number}"), "writer", move || {
                acquire::<P>(&lock, FREE, |before| before == FREE as i64);
                let seen = value.load("read");
                value.store("write", seen + 1);
                assert_eq!(value.load("look"), seen + 1, "two writers");
                lock.add("release", FREE);
            });
        }
        Judge::everybody_ends()
    }
}
