//! Two values under a lock each, of which the second follows the first.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

/// `twostage_bad` has one of each, `twostage_100_bad` 99 that set and one that reads.
pub(crate) struct TwoStage {
    pub(crate) setters: u32,
    pub(crate) readers: u32,
}

impl<P: Primitives> Portable<P> for TwoStage {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let first = shared::<P, _>("first", 0_u64);
        let second = shared::<P, _>("second", 0_u64);
        for number in 1..=self.setters {
            let (first, second) = (Arc::clone(&first), Arc::clone(&second));
            actors.spawn(format!("setter {number}"), "setter", move || {
                first.enter("set the first", |first| *first = 1);
                // The original reads the first value here without its lock. It never changes again.
                second.enter("set the second", |second| *second = 2);
            });
        }
        for number in 1..=self.readers {
            let (first, second) = (Arc::clone(&first), Arc::clone(&second));
            actors.spawn(format!("reader {number}"), "reader", move || {
                let seen = first.enter("read the first", |first| *first);
                if seen > 0 {
                    let then = second.enter("read the second", |second| *second);
                    assert_eq!(then, seen + 1, "the second stage is missing");
                }
            });
        }
        Judge::everybody_ends()
    }
}
