//! Increments in two steps, without a lock: some are lost, but never all.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::Integer;

/// `micro_2_ok`, with fewer than its hundred increments each.
pub(crate) struct Micro {
    pub(crate) increments: u32,
}

impl<P: Primitives> Portable<P> for Micro {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let x: Integer<P> = Integer::new("x", 0);
        for name in ["one", "two"] {
            let (x, increments) = (x.clone(), self.increments);
            actors.spawn(name, "adder", move || {
                for _ in 0..increments {
                    // Of what is read in there, nothing is known afterwards.
                    P::scope(|| {
                        let seen = x.load("read");
                        x.store("write", seen + 1);
                    });
                }
                assert_ne!(x.load("look"), 0, "every increment is lost");
            });
        }
        Judge::everybody_ends()
    }
}
