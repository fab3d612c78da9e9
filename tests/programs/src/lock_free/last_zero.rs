//! An array in which each writer sets a place to one more than the place before, and a reader that looks for the last
//! zero.
//!
//! P. Abdulla, S. Aronis, B. Jonsson, K. Sagonas: Optimal dynamic partial order reduction. POPL 2014.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::integers;

/// So many writers.
pub(crate) struct LastZero {
    pub(crate) writers: usize,
}

impl<P: Primitives> Portable<P> for LastZero {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let places = integers::<P>("place", self.writers + 1, 0);
        let (read, last) = (places.clone(), self.writers);
        actors.spawn("reader", "reader", move || {
            let mut downwards = (0..=last).rev();
            let zero = downwards.find(|&place| read[place].load("is it zero?") == 0);
            assert!(zero.is_some(), "there is no zero");
        });
        for place in 1..=self.writers {
            let places = places.clone();
            let name = format!("writer {place}");
            actors.spawn(name.clone(), name, move || {
                let before = places[place - 1].load("read the place before");
                places[place].store("set the place", before + 1);
            });
        }
        Judge::everybody_ends()
    }
}
