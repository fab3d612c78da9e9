//! M. Herlihy, N. Shavit: The Art of Multiprocessor Programming. Morgan Kaufmann, 2008, chapter 7: the test-and-set lock.
//! Test, then set, which are two steps, is why the operation must be one.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, Integer};

/// So many who enter so often. Wrong if it looks and then writes.
pub(crate) struct Spinlock {
    pub(crate) users: usize,
    pub(crate) rounds: u32,
    pub(crate) in_one_step: bool,
}

impl<P: Primitives> Portable<P> for Spinlock {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let lock: Integer<P> = Integer::new("lock", 0);
        let critical = Critical::<P>::new();
        let (rounds, in_one_step) = (self.rounds, self.in_one_step);
        for number in 1..=self.users {
            let (lock, critical) = (lock.clone(), critical.clone());
            actors.spawn(format!("user {number}"), "user", move || {
                for _ in 0..rounds {
                    P::retry(|| {
                        let is_free = match in_one_step {
                            true => lock.swap("test and set", 1) == 0,
                            false => lock.load("test") == 0,
                        };
                        match is_free {
                            true => ControlFlow::Break(()),
                            false => {
                                P::pause();
                                ControlFlow::Continue(())
                            }
                        }
                    });
                    if !in_one_step {
                        lock.store("set", 1);
                    }
                    critical.visit();
                    lock.store("clear", 0);
                }
            });
        }
        Judge::everybody_ends()
    }
}
