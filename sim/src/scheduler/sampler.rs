//! The samplers by name: which of them draws the executions is a setting.

use std::fmt;

use super::{Choice, Ending, Guarantee, PILOTS, Pct, Point, Pos, RandomWalk, Scheduler, Urw};
use crate::schedule::Divergence;

/// How executions are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sampler {
    /// Each step at random: [`RandomWalk`].
    #[default]
    Random,
    /// Random priorities that change, for faults of this depth: [`Pct`].
    Pct {
        /// How many priorities have to be right to force a fault, at the beginning and where they fall. At least 1.
        depth: usize,
    },
    /// A random priority for each pending operation: [`Pos`].
    Pos,
    /// Each actor in proportion to the steps it has left: [`Urw`].
    Urw,
}

impl Sampler {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Pct { .. } => "pct",
            Self::Pos => "pos",
            Self::Urw => "urw",
        }
    }

    /// Its executions under this seed, from the first.
    ///
    /// # Panics
    ///
    /// If the depth of [`Sampler::Pct`] is 0.
    #[must_use]
    pub fn start(self, seed: u64) -> Sampling {
        Sampling(match self {
            Self::Random => Running::Random(RandomWalk::new(seed)),
            Self::Pct { depth } => Running::Pct(Pct::new(seed, depth)),
            Self::Pos => Running::Pos(Pos::new(seed)),
            Self::Urw => Running::Urw(Urw::new(seed)),
        })
    }
}

/// How the steps are drawn, in a few words.
impl fmt::Display for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Random => f.write_str("each step at random"),
            Self::Pct { depth: 0 | 1 } => f.write_str("random priorities without a change"),
            Self::Pct { depth: 2 } => f.write_str("random priorities with one change"),
            Self::Pct { depth } => write!(f, "random priorities with {} changes", depth - 1),
            Self::Pos => f.write_str("a random priority for each operation"),
            Self::Urw => f.write_str("each actor in proportion to the steps it has left"),
        }
    }
}

/// A sampler at work.
#[derive(Clone, Debug)]
pub struct Sampling(Running);

#[derive(Clone, Debug)]
enum Running {
    Random(RandomWalk),
    Pct(Pct),
    Pos(Pos),
    Urw(Urw),
}

impl Sampling {
    /// How many of its executions, the first ones, are a random walk that measures the program. The others are drawn
    /// independently of each other, and all in the same way.
    #[must_use]
    pub fn pilots(&self) -> u64 {
        match self.0 {
            Running::Random(_) | Running::Pos(_) => 0,
            Running::Pct(_) | Running::Urw(_) => PILOTS,
        }
    }

    /// What it promises of the executions that follow these, so far: see [`Pct::guarantee`].
    #[must_use]
    pub fn guarantee(&self) -> Option<Guarantee> {
        match &self.0 {
            Running::Pct(pct) => pct.guarantee(),
            _ => None,
        }
    }

    fn scheduler(&mut self) -> &mut dyn Scheduler {
        match &mut self.0 {
            Running::Random(walk) => walk,
            Running::Pct(pct) => pct,
            Running::Pos(pos) => pos,
            Running::Urw(urw) => urw,
        }
    }
}

impl Scheduler for Sampling {
    fn begin(&mut self) -> bool {
        self.scheduler().begin()
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        self.scheduler().choose(point)
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<Divergence> {
        self.scheduler().end(ending)
    }
}
