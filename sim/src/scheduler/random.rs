//! The random walk: each enabled actor is as likely as the others.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::{Choice, Ending, Point, Scheduler};
use crate::step::{Offer, Turn};

/// Samples executions without end, each fixed by the seed and its own number.
///
/// Execution number `i` draws from stream `i` of ChaCha8 under the seed, so it can be repeated alone,
/// whatever the executions before it did.
#[derive(Clone, Debug)]
pub struct RandomWalk {
    seed: u64,
    execution: u64,
    draws: ChaCha8Rng,
}

impl RandomWalk {
    /// All executions of `seed`, from number 0.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::at(seed, 0)
    }

    /// The executions of `seed` from number `execution` on.
    #[must_use]
    pub fn at(seed: u64, execution: u64) -> Self {
        Self {
            seed,
            execution,
            draws: draws(seed, execution),
        }
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The number of the execution under way or, between two, of the next one.
    #[must_use]
    pub fn execution(&self) -> u64 {
        self.execution
    }
}

/// A number below `bound`. The bias is below bound / 2^32.
pub(super) fn below(draws: &mut ChaCha8Rng, bound: usize) -> usize {
    let position = (u64::from(draws.next_u32()) * bound as u64) >> 32;
    usize::try_from(position).expect("less than the bound")
}

/// One of so many ways, each as likely as the others. Nothing is drawn if there is only one.
pub(super) fn way(draws: &mut ChaCha8Rng, ways: u32) -> u32 {
    match ways {
        0 | 1 => 0,
        _ => u32::try_from(below(draws, ways as usize)).expect("less than the bound"),
    }
}

/// The stream of draws for one execution.
fn draws(seed: u64, execution: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    let mut draws = ChaCha8Rng::from_seed(key);
    draws.set_stream(execution);
    draws
}

impl Scheduler for RandomWalk {
    fn begin(&mut self) -> bool {
        self.draws = draws(self.seed, self.execution);
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        // A forced choice draws too, so a draw belongs to a step.
        let position = below(&mut self.draws, point.enabled.len());
        let Offer { actor, ways, .. } = point.enabled[position];
        Choice::RunWay(Turn {
            actor,
            way: way(&mut self.draws, ways),
        })
    }

    fn end(&mut self, _: &Ending<'_>) -> Option<crate::Divergence> {
        self.execution = self.execution.wrapping_add(1);
        None
    }
}
