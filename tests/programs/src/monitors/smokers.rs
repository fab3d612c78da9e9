//! S. S. Patil: Limitations and capabilities of Dijkstra's semaphore primitives for coordination among processes. MIT,
//! 1971: three smokers, each of whom has one ingredient, and an agent who puts the two others on the table. Who takes
//! one of them and then waits for the other may take what somebody else needs.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

/// An agent who puts so many pairs on the table, each time two others.
pub(crate) struct Smokers {
    pub(crate) rounds: usize,
    pub(crate) takes_both: bool,
}

impl<P: Primitives> Portable<P> for Smokers {
    fn start(&self, actors: &mut Spawner) -> Judge {
        // Whether each ingredient lies on the table, and whether somebody has smoked since.
        let table = shared::<P, _>("table", ([false; 3], false));
        let (laid, rounds) = (Arc::clone(&table), self.rounds);
        actors.spawn("agent", "agent", move || {
            for round in 0..rounds {
                laid.update("lay two down", move |(table, _)| {
                    *table = [true; 3];
                    table[round % 3] = false;
                });
                laid.wait_for("wait until somebody has smoked", |(_, smoked)| {
                    std::mem::take(smoked).then_some(())
                });
            }
        });
        for own in 0..3 {
            let (table, takes_both) = (Arc::clone(&table), self.takes_both);
            let (first, second) = ((own + 1) % 3, (own + 2) % 3);
            let name = format!("smoker {}", own + 1);
            actors.spawn_server(name.clone(), name, move || {
                P::forever(|| {
                    if takes_both {
                        table.wait_for("take both", move |(table, _)| {
                            let there = table[first] && table[second];
                            there.then(|| *table = [false; 3])
                        });
                    } else {
                        for ingredient in [first, second] {
                            table.wait_for("take one", move |(table, _)| {
                                std::mem::take(&mut table[ingredient]).then_some(())
                            });
                        }
                    }
                    table.update("smoke", |(_, smoked)| *smoked = true);
                    ControlFlow::Continue(())
                });
            });
        }
        Judge::everybody_ends()
    }
}
