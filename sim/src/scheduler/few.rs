//! Random schedules with few preemptions: short counterexamples where trying all is too much.

use super::draws::Draws;
use super::spin::Spins;
use super::{Choice, Ending, Point, Scheduler};
use crate::step::Offer;

/// Runs each actor as long as it can go on, but for a given number of preemptions at random moments.
///
/// Where the running actor cannot go on, the next one is chosen at random. The moments are drawn uniformly from
/// the steps of the longest execution so far, so an execution may have fewer preemptions than asked for. An actor that
/// spins in vain counts as one that cannot go on while another one can, so a switch away from it is none of them.
#[derive(Clone, Debug)]
pub struct FewPreemptions {
    draws: Draws,
    spins: Spins,
    preemptions: usize,
    longest: usize,
    moments: Vec<usize>,
}

impl FewPreemptions {
    /// Executions with at most `preemptions` preemptions each; `seed` decides which.
    #[must_use]
    pub fn new(seed: u64, preemptions: usize) -> Self {
        Self {
            draws: Draws::of_seed(seed),
            spins: Spins::drawing(),
            preemptions,
            longest: 1,
            moments: Vec::new(),
        }
    }

    fn next<'a>(&mut self, point: &Point<'a>) -> &'a Offer {
        let eager = self.spins.eager(point);
        let is_running = |offer: &&&Offer| Some(offer.actor) == point.previous;
        let Some(&running) = eager.iter().find(is_running) else {
            return self.draws.one_of(&eager);
        };
        if self.moments.contains(&point.number) && eager.len() > 1 {
            let others: Vec<&Offer> = eager
                .into_iter()
                .filter(|offer| offer.actor != running.actor)
                .collect();
            return self.draws.one_of(&others);
        }
        running
    }
}

impl Scheduler for FewPreemptions {
    fn begin(&mut self) -> bool {
        self.spins.begin();
        let longest = self.longest;
        self.moments = (0..self.preemptions)
            .map(|_| 1 + self.draws.below(longest))
            .collect();
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        self.spins.look(point);
        let offer = self.next(point);
        Choice::RunWay(self.draws.turn(offer))
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<crate::Divergence> {
        self.longest = self.longest.max(ending.steps.len());
        None
    }
}
