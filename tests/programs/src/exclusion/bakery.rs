//! L. Lamport: A new solution of Dijkstra's concurrent programming problem. Communications of the ACM 17(8), 1974.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, integers, spin};

/// So many who enter once. Without the flags that say who is choosing a number, two may have the same one and not see
/// each other: the paper says what they are for.
pub(crate) struct Bakery {
    pub(crate) customers: usize,
    pub(crate) says_who_chooses: bool,
}

impl<P: Primitives> Portable<P> for Bakery {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let (customers, says) = (self.customers, self.says_who_chooses);
        let choosing = integers::<P>("choosing", customers, 0);
        let number = integers::<P>("number", customers, 0);
        let critical = Critical::<P>::new();
        for me in 0..customers {
            let (choosing, number, critical) = (choosing.clone(), number.clone(), critical.clone());
            let name = format!("customer {me}");
            actors.spawn(name.clone(), name, move || {
                let others = || (0..customers).filter(|&other| other != me);
                if says {
                    choosing[me].store("begin to choose", 1);
                }
                let highest = P::scope(|| {
                    let seen = others().map(|other| number[other].load("which number?"));
                    seen.max().unwrap_or(0)
                });
                let mine = highest + 1;
                number[me].store("choose", mine);
                if says {
                    choosing[me].store("has chosen", 0);
                }
                for other in others() {
                    if says {
                        spin::<P>(|| choosing[other].load("does it choose?") == 0);
                    }
                    spin::<P>(|| {
                        let its = number[other].load("before me?");
                        its == 0 || (its, other) > (mine, me)
                    });
                }
                critical.visit();
                number[me].store("go", 0);
            });
        }
        Judge::everybody_ends()
    }
}
