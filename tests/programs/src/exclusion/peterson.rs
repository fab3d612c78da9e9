//! G. L. Peterson: Myths about the mutual exclusion problem. Information Processing Letters 12(3), 1981.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, Integer, integers, spin};

/// Two who enter so often. The paper says why the two writes must not change places.
pub(crate) struct Peterson {
    pub(crate) rounds: u32,
    pub(crate) turn_first: bool,
}

impl<P: Primitives> Portable<P> for Peterson {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let wants = integers::<P>("wants", 2, 0);
        let turn: Integer<P> = Integer::new("turn", 0);
        let critical = Critical::<P>::new();
        let (rounds, turn_first) = (self.rounds, self.turn_first);
        for me in 0..2 {
            let (wants, turn, critical) = (wants.clone(), turn.clone(), critical.clone());
            let other = 1 - me;
            let name = format!("process {me}");
            actors.spawn(name.clone(), name, move || {
                for _ in 0..rounds {
                    if turn_first {
                        turn.store("let the other go first", other as u64);
                        wants[me].store("want", 1);
                    } else {
                        wants[me].store("want", 1);
                        turn.store("let the other go first", other as u64);
                    }
                    spin::<P>(|| {
                        wants[other].load("does the other want?") == 0
                            || turn.load("whose turn?") == me as u64
                    });
                    critical.visit();
                    wants[me].store("want no longer", 0);
                }
            });
        }
        Judge::everybody_ends()
    }
}
