//! J. M. Mellor-Crummey, M. L. Scott: Algorithms for scalable synchronization on shared-memory multiprocessors. ACM
//! Transactions on Computer Systems 9(1), 1991: the ticket lock. Without an addition in one step two draw one ticket.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, Integer, spin};

/// So many who enter once.
pub(crate) struct Ticket {
    pub(crate) users: usize,
    pub(crate) in_one_step: bool,
}

impl<P: Primitives> Portable<P> for Ticket {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let (next, now): (Integer<P>, Integer<P>) =
            (Integer::new("next", 0), Integer::new("now", 0));
        let critical = Critical::<P>::new();
        let in_one_step = self.in_one_step;
        for number in 1..=self.users {
            let (next, now, critical) = (next.clone(), now.clone(), critical.clone());
            actors.spawn(format!("user {number}"), "user", move || {
                let mine = match in_one_step {
                    true => next.add("draw a ticket", 1),
                    false => {
                        let seen = next.load("look at the next ticket");
                        next.store("tear it off", seen + 1);
                        seen
                    }
                };
                spin::<P>(|| now.load("is it mine?") == mine);
                critical.visit();
                now.store("call the next", mine + 1);
            });
        }
        Judge::everybody_ends()
    }
}
