//! Two that add under a lock, and one that finds the sum too large.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

/// `lazy01_bad`.
pub(crate) struct Lazy;

impl<P: Primitives> Portable<P> for Lazy {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let data = shared::<P, _>("data", 0_u32);
        for (name, value) in [("adds one", 1), ("adds two", 2)] {
            let data = Arc::clone(&data);
            actors.spawn(name, name, move || {
                data.enter("add", move |data| *data += value);
            });
        }
        actors.spawn("looks", "looks", move || {
            assert!(data.enter("look", |data| *data) < 3, "three or more");
        });
        Judge::everybody_ends()
    }
}
