//! A counter without a lock.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::Integer;

/// `shared_counter`: so many who add one each, in two steps.
pub(crate) struct SharedCounter {
    pub(crate) counters: u64,
}

impl<P: Primitives> Portable<P> for SharedCounter {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let count: Integer<P> = Integer::new("count", 0);
        let counters = self.counters;
        for number in 1..=counters {
            let count = count.clone();
            actors.spawn(format!("counter {number}"), "counter", move || {
                let seen = count.load("read");
                count.store("write", seen + 1);
            });
        }
        Judge::new(move |_| {
            let counted = count.peek();
            (counted != counters).then(|| format!("a count is lost: {counted} of {counters}"))
        })
    }
}
