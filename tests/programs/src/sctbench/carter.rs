//! Two kinds of users; the first of a kind takes a lock for all of it, inside another lock.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, Lock};

/// `carter01_bad`: one user of each kind.
pub(crate) struct Carter;

impl<P: Primitives> Portable<P> for Carter {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let (counts, taken) = (Lock::<P>::new("m"), Lock::<P>::new("l"));
        for kind in ["a", "b"] {
            let (counts, taken) = (counts.clone(), taken.clone());
            let users: Integer<P> = Integer::new(kind, 0);
            actors.spawn(format!("user of {kind}"), kind, move || {
                counts.lock();
                if users.add("one more", 1) == 0 {
                    taken.lock();
                }
                counts.unlock();
                counts.lock();
                if users.subtract("one less", 1) == 1 {
                    taken.unlock();
                }
                counts.unlock();
            });
        }
        Judge::everybody_ends()
    }
}
