//! One value, and two locks for it.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, Lock};

/// `wronglock_3_bad` has three that take another lock, `wronglock_bad` seven.
pub(crate) struct WrongLock {
    pub(crate) others: u32,
}

impl<P: Primitives> Portable<P> for WrongLock {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let data: Integer<P> = Integer::new("data", 0);
        let (right, wrong) = (Lock::<P>::new("data lock"), Lock::<P>::new("this lock"));
        let own = data.clone();
        actors.spawn("owner", "owner", move || {
            right.lock();
            let before = own.load("look");
            let seen = own.load("read");
            own.store("write", seen + 1);
            assert_eq!(
                own.load("look again"),
                before + 1,
                "somebody else was there"
            );
            right.unlock();
        });
        for number in 1..=self.others {
            let (data, wrong) = (data.clone(), wrong.clone());
            actors.spawn(format!("other {number}"), "other", move || {
                wrong.lock();
                let seen = data.load("read");
                data.store("write", seen + 1);
                wrong.unlock();
            });
        }
        Judge::everybody_ends()
    }
}
