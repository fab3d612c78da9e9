//! Philosophers who take both forks at once, and count who has eaten.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, Lock};

/// `din_phil_sat`, which fails if all are counted, and `din_phil_unsat`, which does not count. In both, the forks are
/// taken inside a lock around everything.
pub(crate) struct Philosophers {
    pub(crate) count: usize,
    pub(crate) counts: bool,
}

impl<P: Primitives> Portable<P> for Philosophers {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let all: Lock<P> = Lock::new("everything");
        let forks = (1..=self.count).map(|number| Lock::new(format!("fork {number}")));
        let forks: Vec<Lock<P>> = forks.collect();
        let eaten: Integer<P> = Integer::new("eaten", 0);
        let (count, counts) = (self.count, self.counts);
        for place in 0..count {
            let (left, right) = (forks[place].clone(), forks[(place + 1) % count].clone());
            let (all, eaten) = (all.clone(), eaten.clone());
            let name = format!("philosopher {}", place + 1);
            actors.spawn(name.clone(), name, move || {
                all.lock();
                right.lock();
                left.lock();
                left.unlock();
                right.unlock();
                all.unlock();
                if counts {
                    let seen = eaten.load("read");
                    eaten.store("count", seen + 1);
                    assert_ne!(eaten.load("look"), count as u64, "all have eaten");
                }
            });
        }
        Judge::everybody_ends()
    }
}
