//! Two words that are set one after the other, and somebody who must see neither or both.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::Integer;

/// `reorder_3_bad` has two setters and one checker, `_4` three, `_5` four, `_10` nine, and `_20` ten of each.
pub(crate) struct Reorder {
    pub(crate) setters: u32,
    pub(crate) checkers: u32,
}

/// What the second word is set to: -1 in the original.
const SET: u64 = u64::MAX;

impl<P: Primitives> Portable<P> for Reorder {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let (a, b): (Integer<P>, Integer<P>) = (Integer::new("a", 0), Integer::new("b", 0));
        for number in 1..=self.setters {
            let (a, b) = (a.clone(), b.clone());
            actors.spawn(format!("setter {number}"), "setter", move || {
                a.store("set a", 1);
                b.store("set b", SET);
            });
        }
        for number in 1..=self.checkers {
            let (a, b) = (a.clone(), b.clone());
            actors.spawn(format!("checker {number}"), "checker", move || {
                let neither = a.load("is a unset?") == 0 && b.load("is b unset?") == 0;
                let fine = neither || a.load("is a set?") == 1 && b.load("is b set?") == SET;
                assert!(fine, "one is set without the other");
            });
        }
        Judge::everybody_ends()
    }
}
