//! Elements that are taken from the front, changed, and put at the end, each under a lock: two may change places.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

/// `circular_list`: two who move an element each.
pub(crate) struct CircularList;

impl<P: Primitives> Portable<P> for CircularList {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let list = shared::<P, _>("list", (0..10_u32).collect::<Vec<u32>>());
        for name in ["one", "two"] {
            let list = Arc::clone(&list);
            actors.spawn(name, "mover", move || {
                let first = list.enter("pop front", |list| list.remove(0));
                list.enter("push back", move |list| list.push(first + 10));
            });
        }
        Judge::new(move |_| {
            let is_sorted = list.peek(|list| list.is_sorted());
            (!is_sorted).then(|| "the list is out of order".to_owned())
        })
    }
}
