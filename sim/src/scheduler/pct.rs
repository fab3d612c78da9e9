//! Probabilistic concurrency testing: random priorities, and few moments at which one of them falls.
//!
//! Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs",
//! ASPLOS 2010.

use std::cmp::Reverse;
use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use super::draws::Draws;
use super::spin::Spins;
use super::{Choice, Ending, PILOTS, Point, Scheduler};
use crate::execution::EndKind;
use crate::step::Offer;

/// Samples executions as the paper's algorithm does, but for what is [named below](#what-differs-from-the-paper).
///
/// With `n` actors, at most `k` steps and depth `d`, the actors begin with the priorities `d` to `d + n - 1` in random
/// order, and `d - 1` different steps are drawn from 1 to `k`. The enabled actor with the highest priority always goes on;
/// after the `i`th of the steps that were drawn, the priority of whoever took it becomes `d - i`.
///
/// A fault has *depth* `d` if it can be forced by this alone: one actor begins with the lowest priority, and the priorities
/// fall in a certain order after `d - 1` certain steps. Every execution shows it with a probability of at least
/// `1 / (n k^(d-1))`.
///
/// The paper takes `k` for known. It is given to [`Pct::bounded`], and [`Pct::new`] measures it: its first 10 executions
/// are a random walk, and the longest of them is `k` for all that come. [`Pct::guarantee`] holds for programs of at most `k`
/// steps alone.
///
/// Actors take no step when they begin. So where an actor's first operation has to lose, only its first priority can make
/// it.
///
/// Memory is needed for as many drawn steps as the lesser of `d - 1` and `k`.
///
/// # What differs from the paper
///
/// - The steps after which a priority falls are drawn without repetition. In the paper they may coincide, so this does no
///   worse.
/// - Where a step can end in several ways, one of them is drawn. The guarantee is withheld then.
/// - An actor that spins in vain counts as blocked while another one can go on; the paper expects it to yield. The guarantee
///   is withheld then.
/// - All actors are there from the start in this runtime, so none has to be given a priority later.
#[derive(Clone, Debug)]
pub struct Pct {
    seed: u64,
    execution: u64,
    depth: NonZeroUsize,
    bound: Bound,
    /// Whether the guarantee holds: all executions so far ran to their end, and those with priorities were as the paper has
    /// them, with at most `k` steps.
    keeps_guarantee: bool,
    /// The most actors of an execution with priorities.
    actors: usize,
    draws: Draws,
    spins: Spins,
    /// By actor; empty before the first step.
    priorities: Vec<Priority>,
    /// After which steps a priority falls, in the order of what it falls to: each is below those before it.
    changes: Vec<usize>,
}

/// The priority of an actor, the lowest first. In the paper these are the numbers below `d`, and those from `d` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    /// It fell, at the change with this position in `changes`.
    Fallen(Reverse<usize>),
    /// It is the one it began with.
    First(usize),
}

/// How many steps an execution has at most.
#[derive(Clone, Copy, Debug)]
enum Bound {
    /// It is not known yet; this is the longest so far.
    Measured(NonZeroUsize),
    /// It is taken for this.
    Fixed(NonZeroUsize),
}

/// What PCT promises: see [`Pct`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guarantee {
    /// `n`, the number of actors.
    pub actors: NonZeroUsize,
    /// `k`, the most steps of an execution.
    pub steps: NonZeroUsize,
    /// `d`, the depth.
    pub depth: NonZeroUsize,
}

impl Guarantee {
    /// The least probability with which one execution shows a fault of this depth: `1 / (n k^(d-1))`. It is 0
    /// where that is less than an `f64` can hold.
    #[must_use]
    pub fn probability(&self) -> f64 {
        1.0 / (self.actors.get() as f64 * (self.steps.get() as f64).powf(self.changes() as f64))
    }

    /// How many priorities fall: `d - 1`.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.depth.get() - 1
    }
}

impl Pct {
    /// Executions for faults of this depth, of programs whose length is not known.
    ///
    /// # Panics
    ///
    /// If `depth` is 0: every fault has at least depth 1.
    #[must_use]
    pub fn new(seed: u64, depth: usize) -> Self {
        Self::with(seed, depth, Bound::Measured(NonZeroUsize::MIN))
    }

    /// Executions for faults of this depth, of programs that take at most so many steps.
    ///
    /// # Panics
    ///
    /// If `depth` or `steps` is 0.
    #[must_use]
    pub fn bounded(seed: u64, depth: usize, steps: usize) -> Self {
        let steps = NonZeroUsize::new(steps).expect("the caller is at fault: a bound of no steps");
        Self::with(seed, depth, Bound::Fixed(steps))
    }

    fn with(seed: u64, depth: usize, bound: Bound) -> Self {
        let depth =
            NonZeroUsize::new(depth).expect("the caller is at fault: every fault has a depth");
        Self {
            seed,
            execution: 0,
            depth,
            bound,
            keeps_guarantee: true,
            actors: 0,
            draws: Draws::new(seed, 0),
            spins: Spins::drawing(),
            priorities: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// What each of its executions but the first 10 of [`Pct::new`] promises. Nothing before one was run, or if any took more
    /// steps than the bound, held an actor back or drew one of several ways; and nothing if any, also of the first 10, was cut
    /// short, for then nobody knows how many steps it would have taken.
    #[must_use]
    pub fn guarantee(&self) -> Option<Guarantee> {
        let Bound::Fixed(steps) = self.bound else {
            return None;
        };
        let actors = NonZeroUsize::new(self.actors).filter(|_| self.keeps_guarantee)?;
        Some(Guarantee {
            actors,
            steps,
            depth: self.depth,
        })
    }

    /// The enabled actor with the highest priority.
    fn highest<'a>(&mut self, point: &Point<'a>, eager: &[&'a Offer]) -> &'a Offer {
        if self.priorities.is_empty() {
            let actors = point.actors.len();
            self.actors = self.actors.max(actors);
            let order = self.draws.some_of(actors, actors);
            self.priorities = order.into_iter().map(Priority::First).collect();
        }
        let taken = point.number - 1;
        let change = self.changes.iter().position(|&step| step == taken);
        if let (Some(change), Some(previous)) = (change, point.previous) {
            self.priorities[previous.index()] = Priority::Fallen(Reverse(change));
        }
        let highest = eager
            .iter()
            .max_by_key(|offer| self.priorities[offer.actor.index()]);
        highest.expect("somebody can go on")
    }
}

impl Scheduler for Pct {
    fn begin(&mut self) -> bool {
        self.draws = Draws::new(self.seed, self.execution);
        self.spins.begin();
        self.priorities.clear();
        if let Bound::Fixed(steps) = self.bound {
            let drawn = self.draws.some_of(steps.get(), self.depth.get() - 1);
            self.changes = drawn.into_iter().map(|step| step + 1).collect();
        }
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        self.spins.look(point);
        let eager = self.spins.eager(point);
        let offer = match self.bound {
            Bound::Measured(_) => self.draws.one_of(&eager),
            Bound::Fixed(_) => {
                let offer = self.highest(point, &eager);
                self.keeps_guarantee &= eager.len() == point.enabled.len() && offer.ways <= 1;
                offer
            }
        };
        Choice::RunWay(self.draws.turn(offer))
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<crate::Divergence> {
        let steps = ending.steps.len();
        self.execution = self.execution.wrapping_add(1);
        self.keeps_guarantee &= matches!(ending.kind, EndKind::Rest | EndKind::Stopped);
        match self.bound {
            Bound::Fixed(most) => self.keeps_guarantee &= steps <= most.get(),
            Bound::Measured(longest) => {
                let longest = NonZeroUsize::new(steps).map_or(longest, |steps| longest.max(steps));
                self.bound = match self.execution < PILOTS {
                    true => Bound::Measured(longest),
                    false => Bound::Fixed(longest),
                };
            }
        }
        None
    }
}
