//! H. Hyman: Comments on a problem in concurrent programming control. Communications of the ACM 9(1), 1966; wrong, as D. E.
//! Knuth wrote there in May of that year.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, Integer, integers, spin};

/// Two who enter once.
pub(crate) struct Hyman;

impl<P: Primitives> Portable<P> for Hyman {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let wants = integers::<P>("wants", 2, 0);
        let turn: Integer<P> = Integer::new("turn", 0);
        let critical = Critical::<P>::new();
        for me in 0..2 {
            let (wants, turn, critical) = (wants.clone(), turn.clone(), critical.clone());
            let other = 1 - me;
            let name = format!("process {me}");
            actors.spawn(name.clone(), name, move || {
                wants[me].store("want", 1);
                P::forever(|| {
                    if turn.load("whose turn?") == me as u64 {
                        return ControlFlow::Break(());
                    }
                    spin::<P>(|| wants[other].load("does the other want?") == 0);
                    turn.store("take the turn", me as u64);
                    ControlFlow::Continue(())
                });
                critical.visit();
                wants[me].store("want no longer", 0);
            });
        }
        Judge::everybody_ends()
    }
}
