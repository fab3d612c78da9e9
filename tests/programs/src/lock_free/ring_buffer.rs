//! L. Lamport: Proving the correctness of multiprocess programs. IEEE Transactions on Software Engineering 3(2), 1977: a
//! bounded buffer for one producer and one consumer. With two producers it is wrong, for it says one of each.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, integers};

/// So many producers of two elements each, and a consumer of all.
pub(crate) struct RingBuffer {
    pub(crate) producers: u64,
}

const PLACES: u64 = 2;
const EACH: u64 = 2;

impl<P: Primitives> Portable<P> for RingBuffer {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let (sent, received): (Integer<P>, Integer<P>) =
            (Integer::new("sent", 0), Integer::new("received", 0));
        let places = integers::<P>("place", PLACES as usize, 0);
        let seen = integers::<P>("seen", (self.producers * EACH) as usize + 1, 0);
        for producer in 0..self.producers {
            let (sent, received, places) = (sent.clone(), received.clone(), places.clone());
            let name = format!("producer {producer}");
            actors.spawn(name.clone(), name, move || {
                for element in 1..=EACH {
                    let at = P::retry(|| {
                        let at = sent.load("how many were sent?");
                        if at - received.load("how many received?").min(at) < PLACES {
                            return ControlFlow::Break(at);
                        }
                        P::pause();
                        ControlFlow::Continue(())
                    });
                    let place = &places[(at % PLACES) as usize];
                    place.store("put it there", producer * EACH + element);
                    sent.store("it is sent", at + 1);
                }
            });
        }
        let all = self.producers * EACH;
        actors.spawn("consumer", "consumer", move || {
            for at in 0..all {
                P::forever(|| {
                    if sent.load("was it sent?") > at {
                        return ControlFlow::Break(());
                    }
                    P::pause();
                    ControlFlow::Continue(())
                });
                let element = places[(at % PLACES) as usize].load("take it");
                let before = seen[element as usize].add("note it", 1);
                assert_eq!(before, 0, "an element comes twice");
                received.store("it is received", at + 1);
            }
        });
        Judge::everybody_ends()
    }
}
