//! Random schedules with few preemptions: short counterexamples where trying all is too much.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::{Choice, Ending, Point, Scheduler, random};
use crate::step::{ActorId, Turn};

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
        random::below(&mut self.draws, bound)
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
        let actor = self.next(point);
        let ways = point.offer(actor).map_or(1, |offer| offer.ways);
        Choice::RunWay(Turn {
            actor,
            way: random::way(&mut self.draws, ways),
        })
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<crate::Divergence> {
        self.longest = self.longest.max(ending.steps.len());
        None
    }
}

impl FewPreemptions {
    fn next(&mut self, point: &Point<'_>) -> ActorId {
        let enabled: Vec<ActorId> = point.enabled.iter().map(|offer| offer.actor).collect();
        let running = point.previous.filter(|previous| enabled.contains(previous));
        let Some(running) = running else {
            return self.any(&enabled);
        };
        let others: Vec<ActorId> = enabled
            .into_iter()
            .filter(|&actor| actor != running)
            .collect();
        if self.moments.contains(&point.number) && !others.is_empty() {
            return self.any(&others);
        }
        running
    }
}
