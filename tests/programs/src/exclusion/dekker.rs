//! E. W. Dijkstra: Over de sequentialiteit van procesbeschrijvingen. EWD 35, 1962: the solution of Th. J. Dekker.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, Integer, integers, spin};

/// Two who enter once. Without the turns they wait for each other for ever, which is the step before the solution in
/// Dijkstra's account.
pub(crate) struct Dekker {
    pub(crate) takes_turns: bool,
}

impl<P: Primitives> Portable<P> for Dekker {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let wants = integers::<P>("wants", 2, 0);
        let turn: Integer<P> = Integer::new("turn", 0);
        let critical = Critical::<P>::new();
        let takes_turns = self.takes_turns;
        for me in 0..2 {
            let (wants, turn, critical) = (wants.clone(), turn.clone(), critical.clone());
            let other = 1 - me;
            let name = format!("process {me}");
            actors.spawn(name.clone(), name, move || {
                wants[me].store("want", 1);
                P::forever(|| {
                    if wants[other].load("does the other want?") == 0 {
                        return ControlFlow::Break(());
                    }
                    if takes_turns && turn.load("whose turn?") != me as u64 {
                        wants[me].store("step back", 0);
                        spin::<P>(|| turn.load("my turn?") == me as u64);
                        wants[me].store("want again", 1);
                        // The other may have left in the meantime, and it can enter at once.
                    } else {
                        P::pause();
                    }
                    ControlFlow::Continue(())
                });
                critical.visit();
                turn.store("give the turn away", other as u64);
                wants[me].store("want no longer", 0);
            });
        }
        Judge::everybody_ends()
    }
}
