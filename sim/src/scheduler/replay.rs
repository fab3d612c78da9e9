//! Replay: one execution, from a portable schedule.

use std::collections::BTreeMap;

use super::{Choice, Ending, Point, Scheduler};
use crate::execution::EndKind;
use crate::schedule::{Divergence, DivergenceReason, MOST_PASSED, Passed, Schedule, ScheduledStep};
use crate::step::{ActorId, Offer, Operation, Turn};

/// Repeats a schedule once and notices the first step at which the program does not follow it.
///
/// After the last scheduled step the execution is abandoned, unless [`Replay::then_run_on`] asks for more. Actors are
/// known by their names; in which order they were spawned does not matter.
#[derive(Clone, Debug)]
pub struct Replay {
    schedule: Schedule,
    next: usize,
    end: AtEnd,
    lets_pass: bool,
    passed: Vec<Passed>,
    in_a_row: usize,
    is_over: bool,
    reads: BTreeMap<usize, u64>,
}

/// What happens after the last scheduled step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtEnd {
    /// The execution is abandoned.
    Stop,
    /// Whoever stands at a step that may pass takes it.
    LetPass,
    /// Everybody goes on.
    RunOn,
}

impl Replay {
    /// A replay of `schedule`.
    #[must_use]
    pub fn new(schedule: &Schedule) -> Self {
        Self {
            schedule: schedule.clone(),
            next: 0,
            end: AtEnd::Stop,
            lets_pass: false,
            passed: Vec::new(),
            in_a_row: 0,
            is_over: false,
            reads: BTreeMap::new(),
        }
    }

    /// Lets the loads of these steps of the schedule, counted from 1, read these values: what an execution read that
    /// was found under a weaker memory than this runtime's.
    #[must_use]
    pub fn reading(mut self, reads: BTreeMap<usize, u64>) -> Self {
        self.reads = reads;
        self
    }

    /// Lets an actor take steps that the schedule does not know before the one that is scheduled: steps with a
    /// label and an object that no step of this actor has in it. So a schedule survives the addition of an
    /// unrelated step. [`Replay::passed`] says which they were.
    ///
    /// An actor that stands at such a step counts neither way when those who can go on are compared.
    #[must_use]
    pub fn letting_pass(mut self) -> Self {
        self.lets_pass = true;
        self
    }

    /// Lets pass what [`Replay::letting_pass`] does after the last scheduled step as well: for the schedule of an
    /// execution that ended because nobody could go on.
    #[must_use]
    pub fn letting_pass_to_rest(mut self) -> Self {
        self.end = AtEnd::LetPass;
        self.letting_pass()
    }

    /// Goes on after the last scheduled step: the enabled actors take turns in order of spawning.
    #[must_use]
    pub fn then_run_on(mut self) -> Self {
        self.end = AtEnd::RunOn;
        self
    }

    /// How many scheduled steps have been taken.
    #[must_use]
    pub fn position(&self) -> usize {
        self.next
    }

    /// The steps that were let pass, in order.
    #[must_use]
    pub fn passed(&self) -> &[Passed] {
        &self.passed
    }

    fn may_pass(&self, offer: &Offer) -> bool {
        let Operation {
            label, object_name, ..
        } = offer.operation;
        self.lets_pass && self.schedule.may_pass(&offer.name, label, object_name)
    }

    fn let_pass(&mut self, offer: &Offer) -> Choice {
        let step = ScheduledStep {
            actor: offer.name.to_string(),
            label: offer.operation.label.to_owned(),
            object: offer.operation.object_name.to_owned(),
            kind: offer.operation.kind,
            nth: offer.operation.nth,
            chosen: None,
            enabled: Vec::new(),
        };
        if self.in_a_row == MOST_PASSED {
            let scheduled = self.schedule.steps.get(self.next);
            return Choice::Diverge(Divergence {
                step: self.next + 1,
                reason: DivergenceReason::TooManyPassed,
                expected: scheduled.map_or("nothing more".to_owned(), ToString::to_string),
                found: format!("{MOST_PASSED} others, and then {step}"),
            });
        }
        self.in_a_row += 1;
        self.passed.push(Passed {
            before: self.next + 1,
            step,
        });
        Choice::Run(offer.actor)
    }

    /// Chooses once all that was scheduled has been done.
    fn at_end(&mut self, point: &Point<'_>) -> Choice {
        match self.end {
            AtEnd::Stop => Choice::Stop,
            AtEnd::RunOn => Choice::Run(in_turn(point)),
            AtEnd::LetPass => match point.enabled.iter().find(|offer| self.may_pass(offer)) {
                Some(offer) => self.let_pass(offer),
                None => Choice::Stop,
            },
        }
    }

    /// The actor that the next step schedules, or why it cannot be followed.
    fn follow(&self, step: &ScheduledStep, point: &Point<'_>) -> Result<Turn, Divergence> {
        let diverge = |reason, expected: String, found: String| {
            Err(Divergence {
                step: self.next + 1,
                reason,
                expected,
                found,
            })
        };
        if point.actors.iter().all(|info| *info.name != *step.actor) {
            let names: Vec<&str> = point.actors.iter().map(|info| &*info.name).collect();
            return diverge(
                DivergenceReason::UnknownActor,
                step.to_string(),
                format!("the actors {}", names.join(", ")),
            );
        }
        let mut enabled: Vec<&str> = point.enabled.iter().map(|offer| &*offer.name).collect();
        enabled.sort_unstable();
        let Some(offer) = offer_of(&step.actor, point) else {
            return diverge(
                DivergenceReason::NotEnabled,
                step.to_string(),
                format!("only {} can go on", enabled.join(", ")),
            );
        };
        if !step.is(&offer.operation) {
            return diverge(
                DivergenceReason::OperationDiffers,
                step.to_string(),
                describe(offer),
            );
        }
        let may_pass: Vec<&str> = point
            .enabled
            .iter()
            .filter(|offer| self.may_pass(offer))
            .map(|offer| &*offer.name)
            .collect();
        let compared = |names: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            names
                .filter(|name| !may_pass.contains(name))
                .map(str::to_owned)
                .collect()
        };
        let then = compared(&mut step.enabled.iter().map(String::as_str));
        let now = compared(&mut enabled.iter().copied());
        if !step.enabled.is_empty() && now != then {
            return diverge(
                DivergenceReason::EnabledDiffers,
                format!("{} to be able to go on", step.enabled.join(", ")),
                enabled.join(", "),
            );
        }
        let Some(chosen) = &step.chosen else {
            if offer.ways > 1 {
                return diverge(
                    DivergenceReason::ChoiceDiffers,
                    step.to_string(),
                    format!("{} of {} ways", describe(offer), offer.ways),
                );
            }
            return Ok(Turn::of(offer.actor));
        };
        match point.way_of(offer.actor, chosen) {
            Some(way) => Ok(Turn {
                actor: offer.actor,
                way,
            }),
            None => diverge(
                DivergenceReason::ChoiceDiffers,
                step.to_string(),
                format!("{} of {} ways", describe(offer), offer.ways),
            ),
        }
    }
}

impl Scheduler for Replay {
    fn begin(&mut self) -> bool {
        !self.is_over
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        let Some(step) = self.schedule.steps.get(self.next) else {
            return self.at_end(point);
        };
        if let Some(offer) = offer_of(&step.actor, point)
            && self.may_pass(offer)
        {
            return self.let_pass(offer);
        }
        match self.follow(step, point) {
            Ok(turn) => {
                self.next += 1;
                self.in_a_row = 0;
                match self.reads.get(&self.next) {
                    Some(&value) => Choice::RunReading(turn.actor, value),
                    None => Choice::RunWay(turn),
                }
            }
            Err(divergence) => Choice::Diverge(divergence),
        }
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<Divergence> {
        self.is_over = true;
        let missed = self.schedule.steps.get(self.next)?;
        // A watch may well stop a replay earlier: it is the judge's doing, not the program's.
        (ending.kind == EndKind::Rest).then(|| Divergence {
            step: self.next + 1,
            reason: DivergenceReason::EndedEarly,
            expected: missed.to_string(),
            found: "no actor that can go on".to_owned(),
        })
    }
}

/// What the actor of this name would do, if it can go on.
fn offer_of<'a>(name: &str, point: &Point<'a>) -> Option<&'a Offer> {
    point.enabled.iter().find(|offer| *offer.name == *name)
}

/// An offer as schedules put it.
fn describe(offer: &Offer) -> String {
    format!("{}: {}", offer.name, offer.operation)
}

/// The enabled actor next after the previous one, in order of spawning and around.
fn in_turn(point: &Point<'_>) -> ActorId {
    let after = point
        .enabled
        .iter()
        .find(|offer| Some(offer.actor) > point.previous);
    after.unwrap_or(&point.enabled[0]).actor
}
