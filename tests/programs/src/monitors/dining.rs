//! E. W. Dijkstra: Hierarchical ordering of sequential processes. Acta Informatica 1, 1971: five philosophers, who
//! deadlock if each takes the fork to the left first; and the order of forks that prevents it.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::Lock;

/// So many philosophers, who eat once.
pub(crate) struct Dining {
    pub(crate) philosophers: usize,
    pub(crate) in_order: bool,
}

impl<P: Primitives> Portable<P> for Dining {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let count = self.philosophers;
        let forks = (1..=count).map(|number| Lock::new(format!("fork {number}")));
        let forks: Vec<Lock<P>> = forks.collect();
        for place in 0..count {
            let mut order = [place, (place + 1) % count];
            if self.in_order {
                order.sort_unstable();
            }
            let [first, second] = order.map(|fork| forks[fork].clone());
            let name = format!("philosopher {}", place + 1);
            actors.spawn(name.clone(), name, move || {
                first.lock();
                second.lock();
                second.unlock();
                first.unlock();
            });
        }
        Judge::everybody_ends()
    }
}
