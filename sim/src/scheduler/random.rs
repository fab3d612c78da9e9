//! The random walk: each enabled actor is as likely as the others.

use super::draws::Draws;
use super::{Choice, Ending, Point, Scheduler};

/// Samples executions without end, each fixed by the seed and its own number.
///
/// Execution number `i` draws from stream `i` of ChaCha8 under the seed, so it can be repeated alone,
/// whatever the executions before it did.
#[derive(Clone, Debug)]
pub struct RandomWalk {
    seed: u64,
    execution: u64,
    draws: Draws,
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
            draws: Draws::new(seed, execution),
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

impl Scheduler for RandomWalk {
    fn begin(&mut self) -> bool {
        self.draws = Draws::new(self.seed, self.execution);
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        // A forced choice draws too, so a draw belongs to a step.
        let position = self.draws.below(point.enabled.len());
        Choice::RunWay(self.draws.turn(&point.enabled[position]))
    }

    fn end(&mut self, _: &Ending<'_>) -> Option<crate::Divergence> {
        self.execution = self.execution.wrapping_add(1);
        None
    }
}
