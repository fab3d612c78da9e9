//! Random schedules with few preemptions: short counterexamples where trying all is too much.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::{Choice, Ending, Point, Scheduler};
use crate::step::ActorId;

/// Runs each actor as long as it can go on, but for a given number of preemptions at random moments.
///
/// Where the running actor cannot go on, the next one is chosen at random. The moments are drawn uniformly from
/// the steps of the longest execution so far, so an execution may have fewer preemptions than asked for.
#[derive(Clone, Debug)]
pub struct FewPreemptions {
    draws: ChaCha8Rng,
    preemptions: usize,
    longest: usize,
    moments: Vec<usize>,
}

impl FewPreemptions {
    /// Executions with at most `preemptions` preemptions each; `seed` decides which.
    #[must_use]
    pub fn new(seed: u64, preemptions: usize) -> Self {
        Self {
            draws: ChaCha8Rng::seed_from_u64(seed),
            preemptions,
            longest: 1,
            moments: Vec::new(),
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        // The bias is below bound / 2^32.
        let draw = (u64::from(self.draws.next_u32()) * bound as u64) >> 32;
        usize::try_from(draw).expect("less than the bound")
    }

    fn any(&mut self, actors: &[ActorId]) -> ActorId {
        actors[self.below(actors.len())]
    }
}

impl Scheduler for FewPreemptions {
    fn begin(&mut self) -> bool {
        let longest = self.longest;
        self.moments = (0..self.preemptions)
            .map(|_| 1 + self.below(longest))
            .collect();
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        let enabled: Vec<ActorId> = point.enabled.iter().map(|offer| offer.actor).collect();
        let running = point.previous.filter(|previous| enabled.contains(previous));
        let Some(running) = running else {
            return Choice::Run(self.any(&enabled));
        };
        let others: Vec<ActorId> = enabled
            .into_iter()
            .filter(|&actor| actor != running)
            .collect();
        if self.moments.contains(&point.number) && !others.is_empty() {
            return Choice::Run(self.any(&others));
        }
        Choice::Run(running)
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<crate::Divergence> {
        self.longest = self.longest.max(ending.steps.len());
        None
    }
}
