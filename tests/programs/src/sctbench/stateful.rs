//! Sums under a lock that never have a certain remainder.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

/// `stateful01_ok`: two counters, changed by two, each change under the lock.
pub(crate) struct Stateful01;

impl<P: Primitives> Portable<P> for Stateful01 {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let data = shared::<P, _>("data", [10_i32, 10]);
        for (name, changes) in [("one", [1, 1]), ("two", [5, -6])] {
            let data = Arc::clone(&data);
            actors.spawn(name, name, move || {
                data.enter("change the first", move |data| data[0] += changes[0]);
                data.enter("change the second", move |data| data[1] += changes[1]);
            });
        }
        Judge::new(move |_| {
            let data = data.peek(|data| *data);
            (data != [16, 5]).then(|| format!("another end: {data:?}"))
        })
    }
}

/// `stateful06_ok` with one that adds five 19 times, and `stateful20_ok` with two that do so 20 times.
pub(crate) struct Stateful {
    pub(crate) adders: u32,
    pub(crate) rounds: u32,
}

impl<P: Primitives> Portable<P> for Stateful {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let data = shared::<P, _>("data", 10_u32);
        let rounds = self.rounds;
        for number in 1..=self.adders {
            let data = Arc::clone(&data);
            actors.spawn(format!("adder {number}"), "adder", move || {
                for _ in 0..rounds {
                    data.enter("add five", |data| *data += 5);
                }
            });
        }
        actors.spawn("counter", "counter", move || {
            for round in 0..rounds {
                let fine = data.enter("add the round", move |data| {
                    *data += round;
                    *data % 5 != 2
                });
                assert!(fine, "the remainder is two");
            }
        });
        Judge::everybody_ends()
    }
}
