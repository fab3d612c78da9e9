//! A barrier with a counter, used again. Whoever waits until the counter is back at its beginning may sleep through a
//! whole round: A. B. Downey: The Little Book of Semaphores, 2005, with the generation that prevents it.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Arrived {
    count: u32,
    generation: u32,
}

/// So many who pass it so often.
pub(crate) struct Barrier {
    pub(crate) parties: u32,
    pub(crate) rounds: u32,
    pub(crate) has_generations: bool,
}

impl<P: Primitives> Portable<P> for Barrier {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let arrived = shared::<P, _>("barrier", Arrived::default());
        let Barrier {
            parties,
            rounds,
            has_generations,
        } = *self;
        for number in 1..=parties {
            let arrived = Arc::clone(&arrived);
            actors.spawn(format!("party {number}"), "party", move || {
                for _ in 0..rounds {
                    let mine = arrived.update("arrive", move |arrived| {
                        let mine = arrived.generation;
                        arrived.count += 1;
                        if arrived.count == parties {
                            arrived.count = 0;
                            arrived.generation += 1;
                        }
                        mine
                    });
                    arrived.wait_for("wait for the others", move |arrived| {
                        let all_came = match has_generations {
                            true => arrived.generation != mine,
                            false => arrived.count == 0,
                        };
                        all_came.then_some(())
                    });
                }
            });
        }
        Judge::everybody_ends()
    }
}
