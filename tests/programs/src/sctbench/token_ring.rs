//! Three that pass a value on in a ring, and one that expects it to be the same everywhere.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Ring {
    values: [u8; 3],
    passed: [bool; 3],
}

/// `token_ring_bad`.
pub(crate) struct TokenRing;

impl<P: Primitives> Portable<P> for TokenRing {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let ring = Ring {
            values: [1, 2, 1],
            passed: [false; 3],
        };
        let ring = shared::<P, _>("ring", ring);
        for place in 0..3 {
            let ring = Arc::clone(&ring);
            let name = format!("node {}", place + 1);
            actors.spawn(name.clone(), name, move || {
                ring.enter("pass on", move |ring| {
                    let from = ring.values[(place + 2) % 3];
                    ring.values[place] = if place == 0 { (from + 1) % 4 } else { from };
                    ring.passed[place] = true;
                });
            });
        }
        actors.spawn("checker", "checker", move || {
            let ring = ring.enter("look", |ring| ring.clone());
            let [first, second, third] = ring.values;
            let are_equal = first == second && second == third;
            assert!(ring.passed.contains(&false) || are_equal, "they differ");
        });
        Judge::everybody_ends()
    }
}
