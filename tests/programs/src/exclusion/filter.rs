//! Peterson's algorithm for many: G. L. Peterson, 1981; as the filter lock in M. Herlihy, N. Shavit: The Art of
//! Multiprocessor Programming, 2008.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, integers, spin};

/// So many who enter once, through one level less than there are of them; with a level too few, two may be inside.
pub(crate) struct Filter {
    pub(crate) processes: usize,
    pub(crate) levels: usize,
}

impl<P: Primitives> Portable<P> for Filter {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let Filter { processes, levels } = *self;
        let level = integers::<P>("level of", processes, 0);
        let victim = integers::<P>("victim of", levels + 1, 0);
        let critical = Critical::<P>::new();
        for me in 0..processes {
            let (level, victim, critical) = (level.clone(), victim.clone(), critical.clone());
            let name = format!("process {me}");
            actors.spawn(name.clone(), name, move || {
                for (mine, victim) in victim.iter().enumerate().skip(1) {
                    level[me].store("go up a level", mine as u64);
                    victim.store("be the victim", me as u64);
                    spin::<P>(|| {
                        if victim.load("who is the victim?") != me as u64 {
                            return true;
                        }
                        P::scope(|| {
                            let mut others = (0..processes).filter(|&other| other != me);
                            others.all(|other| level[other].load("is it below?") < mine as u64)
                        })
                    });
                }
                critical.visit();
                level[me].store("leave", 0);
            });
        }
        Judge::everybody_ends()
    }
}
