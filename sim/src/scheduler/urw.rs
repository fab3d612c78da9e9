//! The uniform random walk: who has more steps before it goes on more often.
//!
//! The building block of Zhao, Wolff, Mathur and Roychoudhury, "Selectively Uniform Concurrency Testing", ASPLOS 2025.

use super::draws::Draws;
use super::spin::Spins;
use super::{Choice, Ending, PILOTS, Point, Scheduler};
use crate::step::Offer;

/// Samples executions in which each actor goes on with a probability in proportion to the steps it has left.
///
/// If each actor takes a number of steps that is known and never waits, every interleaving is as likely as every other. A
/// [`RandomWalk`](super::RandomWalk) prefers those in which a short actor ends early.
///
/// How many steps an actor takes is given to [`Urw::with_counts`], and [`Urw::new`] measures it: its first 10 executions are
/// a random walk, and the mean of them, rounded up, is taken for all that come. Where the numbers depend on the order, the
/// executions are not uniform, but still independent of each other. An actor that has taken all the steps expected of it
/// counts as if one was left.
///
/// Only those who can go on are compared, and an actor that spins in vain counts as one that cannot while another one can.
#[derive(Clone, Debug)]
pub struct Urw {
    seed: u64,
    execution: u64,
    counts: Counts,
    draws: Draws,
    spins: Spins,
    /// By actor: how many steps are left.
    left: Vec<u64>,
}

/// How many steps each actor takes, in order of spawning.
#[derive(Clone, Debug)]
enum Counts {
    /// How many it took in all executions so far.
    Measured(Vec<u64>),
    /// How many it is taken to take in each.
    Fixed(Vec<u64>),
}

impl Urw {
    /// Executions of a program of which nothing is known.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::with(seed, Counts::Measured(Vec::new()))
    }

    /// Executions of a program whose actors take so many steps, in order of spawning; an actor that has no number counts as
    /// if it took one. A number above `u64::MAX` divided
    /// by that of the actors counts as that.
    #[must_use]
    pub fn with_counts(seed: u64, counts: Vec<u64>) -> Self {
        Self::with(seed, Counts::Fixed(counts))
    }

    fn with(seed: u64, counts: Counts) -> Self {
        Self {
            seed,
            execution: 0,
            counts,
            draws: Draws::new(seed, 0),
            spins: Spins::drawing(),
            left: Vec::new(),
        }
    }

    /// One of these, in proportion to the steps left.
    fn weighted<'a>(&mut self, eager: &[&'a Offer]) -> &'a Offer {
        // The sum of so many can be held.
        let most = u64::MAX / eager.len() as u64;
        let left = |offer: &Offer| {
            let left = self.left.get(offer.actor.index()).copied();
            left.unwrap_or(0).clamp(1, most)
        };
        let total = eager.iter().map(|offer| left(offer)).sum();
        let mut position = self.draws.below_u64(total);
        for offer in eager {
            match position.checked_sub(left(offer)) {
                Some(further) => position = further,
                None => return offer,
            }
        }
        unreachable!("the position is below the sum")
    }
}

impl Scheduler for Urw {
    fn begin(&mut self) -> bool {
        self.draws = Draws::new(self.seed, self.execution);
        self.spins.begin();
        if let Counts::Fixed(counts) = &self.counts {
            self.left.clone_from(counts);
        }
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        self.spins.look(point);
        let eager = self.spins.eager(point);
        let offer = match self.counts {
            Counts::Measured(_) => self.draws.one_of(&eager),
            Counts::Fixed(_) => self.weighted(&eager),
        };
        if let Some(left) = self.left.get_mut(offer.actor.index()) {
            *left = left.saturating_sub(1);
        }
        Choice::RunWay(self.draws.turn(offer))
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<crate::Divergence> {
        self.execution = self.execution.wrapping_add(1);
        if let Counts::Measured(taken) = &mut self.counts {
            for step in ending.steps {
                let actor = step.actor.index();
                taken.resize(taken.len().max(actor + 1), 0);
                taken[actor] += 1;
            }
            if self.execution == PILOTS {
                let means = taken.iter().map(|taken| taken.div_ceil(PILOTS));
                self.counts = Counts::Fixed(means.collect());
            }
        }
        None
    }
}
