//! The random walk: each enabled actor is as likely as the others.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::{Choice, Ending, Point, Scheduler};

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
        let count = point.enabled.len();
        // A forced choice draws too, so a draw belongs to a step. The bias is below count / 2^32.
        let position = (u64::from(self.draws.next_u32()) * count as u64) >> 32;
        let position = usize::try_from(position).expect("less than the number of actors");
        Choice::Run(point.enabled[position].actor)
    }

    fn end(&mut self, _: &Ending<'_>) -> Option<crate::Divergence> {
        self.execution = self.execution.wrapping_add(1);
        None
    }
}
