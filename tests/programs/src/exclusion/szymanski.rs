//! B. K. Szymanski: A simple solution to Lamport's concurrent programming problem with linear wait. ICS 1988.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, integers, spin};

/// So many who enter once. Their flags say how far each is: outside, wants in, waits in the anteroom, has passed its
/// door, and may go on.
pub(crate) struct Szymanski {
    pub(crate) processes: usize,
}

impl<P: Primitives> Portable<P> for Szymanski {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let processes = self.processes;
        let flags = integers::<P>("flag", processes, 0);
        let critical = Critical::<P>::new();
        for me in 0..processes {
            let (flags, critical) = (flags.clone(), critical.clone());
            let name = format!("process {me}");
            actors.spawn(name.clone(), name, move || {
                let all = |holds: fn(u64) -> bool| {
                    move |flags: &[crate::parts::Integer<P>], label| {
                        let mut others = (0..processes).filter(|&other| other != me);
                        others.all(|other| holds(flags[other].load(label)))
                    }
                };
                flags[me].store("want in", 1);
                let open = all(|flag| flag < 3);
                spin::<P>(|| P::scope(|| open(&flags, "is the door open?")));
                flags[me].store("stand in the door", 3);
                let nobody_wants = all(|flag| flag != 1);
                if !P::scope(|| nobody_wants(&flags, "does anybody want in?")) {
                    flags[me].store("wait in the anteroom", 2);
                    let nobody_is_through = all(|flag| flag != 4);
                    spin::<P>(|| P::scope(|| !nobody_is_through(&flags, "is anybody through?")));
                }
                flags[me].store("close the door", 4);
                for lower in &flags[..me] {
                    spin::<P>(|| lower.load("is a lower one out?") < 2);
                }
                critical.visit();
                for higher in &flags[me + 1..] {
                    spin::<P>(|| {
                        let flag = higher.load("has a higher one seen it?");
                        !(2..=3).contains(&flag)
                    });
                }
                flags[me].store("leave", 0);
            });
        }
        Judge::everybody_ends()
    }
}
