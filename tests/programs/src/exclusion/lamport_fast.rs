//! L. Lamport: A fast mutual exclusion algorithm. ACM Transactions on Computer Systems 5(1), 1987: the second algorithm.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, Integer, integers, spin};

/// So many who enter once, numbered from 1.
pub(crate) struct LamportFast {
    pub(crate) processes: usize,
}

impl<P: Primitives> Portable<P> for LamportFast {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let processes = self.processes;
        let busy = integers::<P>("busy", processes + 1, 0);
        let (x, y): (Integer<P>, Integer<P>) = (Integer::new("x", 0), Integer::new("y", 0));
        let critical = Critical::<P>::new();
        for me in 1..=processes {
            let (busy, x, y, critical) = (busy.clone(), x.clone(), y.clone(), critical.clone());
            let mine = me as u64;
            let name = format!("process {me}");
            actors.spawn(name.clone(), name, move || {
                P::retry(|| {
                    busy[me].store("be busy", 1);
                    x.store("set x", mine);
                    if y.load("is y free?") != 0 {
                        busy[me].store("step back", 0);
                        spin::<P>(|| y.load("is y free now?") == 0);
                        return ControlFlow::Continue(());
                    }
                    y.store("take y", mine);
                    if x.load("is x still mine?") == mine {
                        return ControlFlow::Break(());
                    }
                    busy[me].store("let others see", 0);
                    for other in &busy[1..] {
                        spin::<P>(|| other.load("is it busy?") == 0);
                    }
                    if y.load("is y mine?") == mine {
                        return ControlFlow::Break(());
                    }
                    spin::<P>(|| y.load("is y given back?") == 0);
                    ControlFlow::Continue(())
                });
                critical.visit();
                y.store("give y back", 0);
                busy[me].store("be idle", 0);
            });
        }
        Judge::everybody_ends()
    }
}
