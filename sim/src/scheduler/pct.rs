//! Probabilistic concurrency testing: random priorities, and few moments at which one of them falls.
//!
//! Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs",
//! ASPLOS 2010.

use serde::{Deserialize, Serialize};

use super::draws::Draws;
use super::spin::Spins;
use super::{Choice, Ending, PILOTS, Point, Scheduler};
use crate::step::Offer;

/// Samples executions as the paper's algorithm does.
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
/// steps alone, and says nothing once an execution was longer.
///
/// Actors take no step when they begin, so a priority falls after an actor's first operation at the earliest: an order
/// that an actor must lose with its first operation has to come from the priorities at the beginning.
///
/// What is not in the paper: where a step can end in several ways, one of them is drawn; and an actor that spins in vain
/// counts as blocked while another one can go on, where the paper expects it to yield. The guarantee is withheld once
/// either has happened. All actors are there from the start in this runtime, so none has to be given a priority later; one
/// that is blocked keeps the priority it has, as in the paper.
#[derive(Clone, Debug)]
pub struct Pct {
    seed: u64,
    execution: u64,
    depth: usize,
    bound: Bound,
    /// Whether all executions with priorities were as the paper has them, with at most `k` steps.
    is_as_published: bool,
    /// The most actors of an execution with priorities.
    actors: usize,
    draws: Draws,
    spins: Spins,
    /// By actor; empty before the first step.
    priorities: Vec<usize>,
    /// After which steps a priority falls; the one at `i` becomes `depth - 1 - i`.
    changes: Vec<usize>,
}

/// How many steps an execution has at most.
#[derive(Clone, Copy, Debug)]
enum Bound {
    /// It is not known yet; this is the longest so far.
    Measured(usize),
    /// It is taken for this.
    Fixed(usize),
}

/// What PCT promises: see [`Pct`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guarantee {
    /// `n`, the number of actors.
    pub actors: usize,
    /// `k`, the most steps of an execution.
    pub steps: usize,
    /// `d`, the depth.
    pub depth: usize,
}

impl Guarantee {
    /// The least probability with which one execution shows a fault of this depth: `1 / (n k^(d-1))`.
    #[must_use]
    pub fn probability(&self) -> f64 {
        let changes = i32::try_from(self.depth - 1).unwrap_or(i32::MAX);
        1.0 / (self.actors as f64 * (self.steps as f64).powi(changes))
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
        Self::with(seed, depth, Bound::Measured(1))
    }

    /// Executions for faults of this depth, of programs that take at most so many steps.
    ///
    /// # Panics
    ///
    /// If `depth` or `steps` is 0.
    #[must_use]
    pub fn bounded(seed: u64, depth: usize, steps: usize) -> Self {
        assert!(steps > 0, "the caller is at fault: a bound of no steps");
        Self::with(seed, depth, Bound::Fixed(steps))
    }

    fn with(seed: u64, depth: usize, bound: Bound) -> Self {
        assert!(depth > 0, "the caller is at fault: every fault has a depth");
        Self {
            seed,
            execution: 0,
            depth,
            bound,
            is_as_published: true,
            actors: 0,
            draws: Draws::new(seed, 0),
            spins: Spins::drawing(),
            priorities: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// What each of its executions but the first 10 of [`Pct::new`] promises. Nothing before one was run, or if some took
    /// more steps than the bound, held an actor back or drew one of several ways.
    #[must_use]
    pub fn guarantee(&self) -> Option<Guarantee> {
        match self.bound {
            Bound::Fixed(steps) if self.is_as_published && self.actors > 0 => Some(Guarantee {
                actors: self.actors,
                steps,
                depth: self.depth,
            }),
            _ => None,
        }
    }

    /// The enabled actor with the highest priority.
    fn highest<'a>(&mut self, point: &Point<'a>, eager: &[&'a Offer]) -> &'a Offer {
        if self.priorities.is_empty() {
            let actors = point.actors.len();
            self.actors = self.actors.max(actors);
            let order = self.draws.some_of(actors, actors);
            self.priorities = order.into_iter().map(|place| self.depth + place).collect();
        }
        let taken = point.number - 1;
        let change = self.changes.iter().position(|&step| step == taken);
        if let (Some(change), Some(previous)) = (change, point.previous) {
            self.priorities[previous.index()] = self.depth - 1 - change;
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
            let drawn = self.draws.some_of(steps, self.depth - 1);
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
                self.is_as_published &= eager.len() == point.enabled.len() && offer.ways <= 1;
                offer
            }
        };
        Choice::RunWay(self.draws.turn(offer))
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<crate::Divergence> {
        let steps = ending.steps.len();
        self.execution = self.execution.wrapping_add(1);
        match self.bound {
            Bound::Fixed(most) => self.is_as_published &= steps <= most,
            Bound::Measured(longest) => {
                let longest = longest.max(steps);
                self.bound = match self.execution < PILOTS {
                    true => Bound::Measured(longest),
                    false => Bound::Fixed(longest),
                };
            }
        }
        None
    }
}
