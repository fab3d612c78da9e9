//! A producer and a consumer with two conditions, one for each direction.

use std::sync::Arc;

use logon_core::primitives::{Condition, Monitor, Primitives, Wake};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

const EMPTY: Condition = Condition("empty");
const FULL: Condition = Condition("full");

/// `sync01_bad` begins with one element that the consumer does not take, `sync02_bad` with two; `sync01_ok` and
/// `sync02_ok` begin with none.
pub(crate) struct Sync {
    pub(crate) at_first: u32,
    pub(crate) rounds: u32,
    pub(crate) takes: bool,
}

impl<P: Primitives> Portable<P> for Sync {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let elements = shared::<P, _>("elements", self.at_first);
        let (rounds, takes) = (self.rounds, self.takes);
        let produced = Arc::clone(&elements);
        actors.spawn("producer", "producer", move || {
            for _ in 0..rounds {
                produced.wait_on("produce", EMPTY, |elements| {
                    (*elements == 0).then(|| (*elements += 1, Wake::Nobody))
                });
                produced.change("signal full", |_| ((), Wake::All(FULL)));
            }
        });
        actors.spawn("consumer", "consumer", move || {
            for _ in 0..rounds {
                elements.wait_on("consume", FULL, move |elements| {
                    (*elements > 0).then(|| (*elements -= u32::from(takes), Wake::Nobody))
                });
                elements.change("signal empty", |_| ((), Wake::All(EMPTY)));
            }
        });
        Judge::everybody_ends()
    }
}
