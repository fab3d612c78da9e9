//! The numbers that schedulers draw.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::step::{Offer, Turn};

/// The draws of one execution of a seed: stream `execution` of ChaCha8, so that the execution can be repeated alone.
#[derive(Clone, Debug)]
pub(super) struct Draws(ChaCha8Rng);

impl Draws {
    pub(super) fn new(seed: u64, execution: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut draws = ChaCha8Rng::from_seed(key);
        draws.set_stream(execution);
        Self(draws)
    }

    /// One number for a whole scheduler, whatever the execution.
    pub(super) fn of_seed(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Any number.
    pub(super) fn any(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`. The bias is below bound / 2^32, or bound / 2^64 where the bound is not below 2^32.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let position = match u32::try_from(bound) {
            Ok(bound) => (u64::from(self.0.next_u32()) * u64::from(bound)) >> 32,
            Err(_) => self.below_u64(bound as u64),
        };
        usize::try_from(position).expect("less than the bound")
    }

    /// A number below `bound`, which may be large. The bias is below bound / 2^64.
    pub(super) fn below_u64(&mut self, bound: u64) -> u64 {
        let position = (u128::from(self.0.next_u64()) * u128::from(bound)) >> 64;
        u64::try_from(position).expect("less than the bound")
    }

    /// One of these, each as likely as the others.
    pub(super) fn one_of<'a>(&mut self, offers: &[&'a Offer]) -> &'a Offer {
        offers[self.below(offers.len())]
    }

    /// The step of an offer, each of its ways as likely as the others. Nothing is drawn if there is only one.
    pub(super) fn turn(&mut self, offer: &Offer) -> Turn {
        let way = match offer.ways {
            0 | 1 => 0,
            ways => u32::try_from(self.below(ways as usize)).expect("less than the bound"),
        };
        Turn {
            actor: offer.actor,
            way,
        }
    }

    /// The numbers from 0 to below `bound` in a random order, the first `count` of them.
    pub(super) fn some_of(&mut self, bound: usize, count: usize) -> Vec<usize> {
        // Fisher and Yates, on a table that holds only what was exchanged.
        let mut moved = std::collections::BTreeMap::new();
        let chosen = (0..count.min(bound)).map(|at| {
            let other = at + self.below(bound - at);
            let here = moved.get(&at).copied().unwrap_or(at);
            moved.insert(other, here).unwrap_or(other)
        });
        chosen.collect()
    }
}
