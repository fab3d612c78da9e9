//! Bounded preemptions: every schedule with at most so many preemptions, depth first.

use super::spin::Spins;
use super::{Choice, Ending, Point, Scheduler};
use crate::execution::EndKind;
use crate::schedule::{Divergence, DivergenceReason};
use crate::step::{ActorId, Offer, Turn};

/// Enumerates all schedules with at most `k` preemptions, each exactly once.
///
/// It keeps no states: each execution repeats the one before up to the last point with an untried choice
/// and takes that one. If a repeated step is offered anything else than before, the program is not
/// deterministic; the execution diverges there and the enumeration ends. Unbounded it is brute force, the
/// yardstick for every reduction.
///
/// With a bound, an actor that spins in vain has to let the others go first, so that a loop which waits for them ends; a
/// switch away from it costs no preemption. It does so once it has gone round three times and found everything as it was.
/// Schedules in which it goes round more often are left out, and [`BoundedPreemptions::left_out_spins`] says so. Among them
/// are those of loops that look at the same thing more than three times and then end by themselves. Without a bound nothing is left out, and a program with such a loop has no end of schedules.
#[derive(Clone, Debug)]
pub struct BoundedPreemptions {
    bound: Option<usize>,
    frames: Vec<Frame>,
    /// How many frames of `frames` the execution under way has passed.
    depth: usize,
    reached_bound: bool,
    left_out_spins: bool,
    is_over: bool,
    spins: Spins,
}

/// A scheduling point on the current path.
#[derive(Clone, Debug)]
struct Frame {
    offers: Vec<Offer>,
    /// The choices allowed here, first the one without a preemption.
    choices: Vec<Turn>,
    /// The choice being explored.
    current: usize,
    /// The previous actor, if choosing another one is a preemption.
    preempted: Option<ActorId>,
    /// Preemptions before this point.
    preemptions: usize,
}

impl Frame {
    fn chosen(&self) -> Turn {
        self.choices[self.current]
    }

    fn preemptions_after(&self) -> usize {
        let is_preemption = self
            .preempted
            .is_some_and(|actor| actor != self.chosen().actor);
        self.preemptions + usize::from(is_preemption)
    }
}

impl BoundedPreemptions {
    /// All schedules with at most `k` preemptions.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self::with_bound(Some(k))
    }

    /// All schedules.
    #[must_use]
    pub fn unbounded() -> Self {
        Self::with_bound(None)
    }

    fn with_bound(bound: Option<usize>) -> Self {
        Self {
            bound,
            frames: Vec::new(),
            depth: 0,
            reached_bound: false,
            left_out_spins: false,
            is_over: false,
            spins: Spins::enumerating(),
        }
    }

    /// Whether the bound, or an actor that spins in vain, has kept any choice from being explored. If not, a finished
    /// enumeration is exhaustive and not merely bounded.
    #[must_use]
    pub fn reached_bound(&self) -> bool {
        self.reached_bound || self.left_out_spins
    }

    /// Whether schedules within the bound were left out, because an actor goes more than three rounds in vain in them.
    #[must_use]
    pub fn left_out_spins(&self) -> bool {
        self.left_out_spins
    }

    /// A new frame for a point not seen before.
    fn frame(&mut self, point: &Point<'_>) -> Frame {
        let preemptions = self.frames.last().map_or(0, Frame::preemptions_after);
        let eager = match self.bound {
            Some(_) => self.spins.eager(point),
            None => point.enabled.iter().collect(),
        };
        self.left_out_spins |= eager.len() < point.enabled.len();
        let may_go_on = |previous: &ActorId| eager.iter().any(|offer| offer.actor == *previous);
        let preempted = point.previous.filter(may_go_on);
        let (own, others): (Vec<&Offer>, Vec<&Offer>) = eager
            .into_iter()
            .partition(|offer| Some(offer.actor) == preempted);
        let mut choices: Vec<Turn> = own.into_iter().flat_map(Offer::turns).collect();
        if preempted.is_some() && self.bound.is_some_and(|bound| preemptions >= bound) {
            self.reached_bound |= !others.is_empty();
        } else {
            choices.extend(others.into_iter().flat_map(Offer::turns));
        }
        Frame {
            offers: point.enabled.to_vec(),
            choices,
            current: 0,
            preempted,
            preemptions,
        }
    }
}

impl Scheduler for BoundedPreemptions {
    fn begin(&mut self) -> bool {
        self.depth = 0;
        self.spins.begin();
        !self.is_over
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        if self.bound.is_some() {
            self.spins.look(point);
        }
        match self.frames.get(self.depth) {
            Some(frame) if frame.offers != point.enabled => {
                return Choice::Diverge(Divergence {
                    step: point.number,
                    reason: DivergenceReason::EnabledDiffers,
                    expected: format!("as in the execution before {}", describe(&frame.offers)),
                    found: describe(point.enabled),
                });
            }
            Some(_) => {}
            None => {
                let frame = self.frame(point);
                self.frames.push(frame);
            }
        }
        self.depth += 1;
        Choice::RunWay(self.frames[self.depth - 1].chosen())
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<Divergence> {
        if ending.kind == EndKind::Diverged {
            self.is_over = true;
            return None;
        }
        if self.depth < self.frames.len() {
            self.is_over = true;
            return Some(Divergence {
                step: self.depth + 1,
                reason: DivergenceReason::EndedEarly,
                expected: format!(
                    "as in the execution before {}",
                    describe(&self.frames[self.depth].offers)
                ),
                found: format!("an end ({:?})", ending.kind),
            });
        }
        while let Some(frame) = self.frames.last_mut() {
            frame.current += 1;
            if frame.current < frame.choices.len() {
                return None;
            }
            self.frames.pop();
        }
        self.is_over = true;
        None
    }
}

/// Offers in a sentence.
fn describe(offers: &[Offer]) -> String {
    let offers: Vec<String> = offers
        .iter()
        .map(|offer| format!("{}: {}", offer.name, offer.operation))
        .collect();
    offers.join("; ")
}
