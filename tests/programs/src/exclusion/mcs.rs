//! J. M. Mellor-Crummey, M. L. Scott: Algorithms for scalable synchronization on shared-memory multiprocessors. ACM
//! Transactions on Computer Systems 9(1), 1991: the list-based queuing lock.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Critical, Integer, integers, spin};

/// So many who enter once. If whoever leaves does not wait for a successor that has not linked itself yet, that one waits
/// for ever.
pub(crate) struct Mcs {
    pub(crate) users: usize,
    pub(crate) awaits_the_link: bool,
}

impl<P: Primitives> Portable<P> for Mcs {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let users = self.users;
        // Users are numbered from 1: 0 is nobody.
        let tail: Integer<P> = Integer::new("tail", 0);
        let next = integers::<P>("next of", users + 1, 0);
        let waits = integers::<P>("waits", users + 1, 0);
        let critical = Critical::<P>::new();
        let awaits = self.awaits_the_link;
        for me in 1..=users {
            let (tail, next, waits) = (tail.clone(), next.clone(), waits.clone());
            let critical = critical.clone();
            let name = format!("user {me}");
            actors.spawn(name.clone(), name, move || {
                let before = tail.swap("queue up", me as u64) as usize;
                if before != 0 {
                    waits[me].store("will wait", 1);
                    next[before].store("link", me as u64);
                    spin::<P>(|| waits[me].load("is it my turn?") == 0);
                }
                critical.visit();
                let mut after = next[me].load("who is next?");
                if after == 0 && !tail.replace("nobody: close the queue", me as u64, 0) && awaits {
                    spin::<P>(|| next[me].load("has it linked itself?") != 0);
                    after = next[me].load("who is it?");
                }
                if after != 0 {
                    waits[after as usize].store("pass it on", 0);
                }
            });
        }
        Judge::everybody_ends()
    }
}
