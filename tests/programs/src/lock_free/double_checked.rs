//! Double-checked locking: a flag is looked at without the lock, and again with it.
//!
//! D. C. Schmidt, T. Harrison: Double-checked locking. Pattern Languages of Program Design 3, 1997. What is wrong with it
//! where writes may be reordered: The "double-checked locking is broken" declaration, 2000. Here the order is written out.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, Lock};

/// Two who make a thing if there is none, and use it. The flag is set after the thing is whole, or before.
pub(crate) struct DoubleChecked {
    pub(crate) flag_first: bool,
}

impl<P: Primitives> Portable<P> for DoubleChecked {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let lock: Lock<P> = Lock::new("lock");
        let (flag, thing): (Integer<P>, Integer<P>) =
            (Integer::new("flag", 0), Integer::new("thing", 0));
        let flag_first = self.flag_first;
        for number in 1..=2 {
            let (lock, flag, thing) = (lock.clone(), flag.clone(), thing.clone());
            actors.spawn(format!("user {number}"), "user", move || {
                if flag.load("is it made?") == 0 {
                    lock.lock();
                    if flag.load("is it made by now?") == 0 {
                        if flag_first {
                            flag.store("say that it is made", 1);
                        }
                        assert_eq!(thing.add("make it", 1), 0, "it is made twice");
                        if !flag_first {
                            flag.store("say that it is made", 1);
                        }
                    }
                    lock.unlock();
                }
                assert_eq!(thing.load("use it"), 1, "it is used before it is made");
            });
        }
        Judge::everybody_ends()
    }
}
