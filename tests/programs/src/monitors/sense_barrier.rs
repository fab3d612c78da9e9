//! D. Hensgen, R. Finkel, U. Manber: Two algorithms for barrier synchronization. International Journal of Parallel
//! Programming 17(1), 1988: a counter, and a sense that changes with every round.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, spin};

/// So many who pass it so often. If the last one changes the sense before it resets the counter, the next round begins
/// with a counter that is not.
pub(crate) struct SenseBarrier {
    pub(crate) parties: u64,
    pub(crate) rounds: u64,
    pub(crate) resets_first: bool,
}

impl<P: Primitives> Portable<P> for SenseBarrier {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let SenseBarrier {
            parties,
            rounds,
            resets_first,
        } = *self;
        let missing: Integer<P> = Integer::new("missing", parties);
        let sense: Integer<P> = Integer::new("sense", 0);
        let came: Integer<P> = Integer::new("came", 0);
        for number in 1..=parties {
            let (missing, sense, came) = (missing.clone(), sense.clone(), came.clone());
            actors.spawn(format!("party {number}"), "party", move || {
                for round in 1..=rounds {
                    came.add("come", 1);
                    let mine = round % 2;
                    if missing.subtract("arrive", 1) == 1 {
                        if resets_first {
                            missing.store("reset the counter", parties);
                            sense.store("change the sense", mine);
                        } else {
                            sense.store("change the sense", mine);
                            missing.store("reset the counter", parties);
                        }
                    } else {
                        spin::<P>(|| sense.load("has the sense changed?") == mine);
                    }
                    let passed = came.load("how many came?");
                    assert!(passed >= parties * round, "somebody passes too early");
                }
            });
        }
        Judge::everybody_ends()
    }
}
