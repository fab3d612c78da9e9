//! Two phases, each under its lock; in the wrong one, the first lock is kept.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::Lock;

/// `phase01_bad` and `phase01_ok`.
pub(crate) struct Phase {
    pub(crate) gives_back: bool,
}

impl<P: Primitives> Portable<P> for Phase {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let (x, y) = (Lock::<P>::new("x"), Lock::<P>::new("y"));
        for name in ["one", "two"] {
            let (x, y, gives_back) = (x.clone(), y.clone(), self.gives_back);
            actors.spawn(name, "worker", move || {
                x.lock();
                x.unlock();
                x.lock();
                if gives_back {
                    x.unlock();
                }
                y.lock();
                y.unlock();
                y.lock();
                y.unlock();
            });
        }
        Judge::everybody_ends()
    }
}
