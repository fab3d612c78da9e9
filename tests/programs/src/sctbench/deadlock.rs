//! Two locks, taken in opposite orders.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::Lock;

/// `deadlock01_bad`; and the same in one order, which cannot deadlock (J. W. Havender: Avoiding deadlock in multitasking
/// systems. IBM Systems Journal 7, 1968).
pub(crate) struct Deadlock {
    pub(crate) in_one_order: bool,
}

impl<P: Primitives> Portable<P> for Deadlock {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let (a, b) = (Lock::<P>::new("a"), Lock::<P>::new("b"));
        let other = match self.in_one_order {
            true => (a.clone(), b.clone()),
            false => (b.clone(), a.clone()),
        };
        for (name, (first, second)) in [("one", (a, b)), ("two", other)] {
            actors.spawn(name, name, move || {
                first.lock();
                second.lock();
                second.unlock();
                first.unlock();
            });
        }
        Judge::everybody_ends()
    }
}
