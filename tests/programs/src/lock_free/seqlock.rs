//! A sequence lock: readers look at a counter before and after, and read again if it has changed or is odd (C. Lameter:
//! Effective synchronization on Linux/NUMA systems, 2005).

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::Integer;

/// A writer of two halves that writes so often, and so many readers, who look at the counter afterwards or do not.
pub(crate) struct Seqlock {
    pub(crate) writes: u64,
    pub(crate) readers: usize,
    pub(crate) looks_again: bool,
}

impl<P: Primitives> Portable<P> for Seqlock {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let sequence: Integer<P> = Integer::new("sequence", 0);
        let halves: [Integer<P>; 2] =
            ["first half", "second half"].map(|name| Integer::new(name, 0));
        let (counted, written, writes) = (sequence.clone(), halves.clone(), self.writes);
        actors.spawn("writer", "writer", move || {
            for value in 1..=writes {
                counted.store("begin to write", 2 * value - 1);
                written[0].store("write the first half", value);
                written[1].store("write the second half", value);
                counted.store("end writing", 2 * value);
            }
        });
        for number in 1..=self.readers {
            let (sequence, halves) = (sequence.clone(), halves.clone());
            let looks_again = self.looks_again;
            actors.spawn(format!("reader {number}"), "reader", move || {
                let (first, second) = P::retry(|| {
                    let before = sequence.load("is anybody writing?");
                    if before % 2 == 1 {
                        P::pause();
                        return ControlFlow::Continue(());
                    }
                    let first = halves[0].load("read the first half");
                    let second = halves[1].load("read the second half");
                    match looks_again && sequence.load("has anybody written?") != before {
                        true => ControlFlow::Continue(()),
                        false => ControlFlow::Break((first, second)),
                    }
                });
                assert_eq!(first, second, "halves of two writes");
            });
        }
        Judge::everybody_ends()
    }
}
