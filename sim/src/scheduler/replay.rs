//! Replay: one execution, from a portable schedule.

use std::collections::BTreeMap;

use super::{Choice, Ending, Point, Scheduler};
use crate::execution::EndKind;
use crate::schedule::{Divergence, DivergenceReason, Schedule, ScheduledStep};
use crate::step::{ActorId, Offer};

/// Repeats a schedule once and notices the first step at which the program does not follow it.
///
/// After the last scheduled step the execution is abandoned, unless [`Replay::then_run_on`] asks for more.
#[derive(Clone, Debug)]
pub struct Replay {
    steps: Vec<ScheduledStep>,
    next: usize,
    runs_on: bool,
    is_over: bool,
    reads: BTreeMap<usize, u64>,
}

impl Replay {
    /// A replay of `schedule`.
    #[must_use]
    pub fn new(schedule: &Schedule) -> Self {
        Self {
            steps: schedule.steps.clone(),
            next: 0,
            runs_on: false,
            is_over: false,
            reads: BTreeMap::new(),
        }
    }

    /// Lets the loads of these steps, counted from 1, read these values: what an execution read that was found
    /// under a weaker memory than this runtime's.
    #[must_use]
    pub fn reading(mut self, reads: BTreeMap<usize, u64>) -> Self {
        self.reads = reads;
        self
    }

    /// Goes on after the last scheduled step: the enabled actors take turns in order of spawning.
    #[must_use]
    pub fn then_run_on(mut self) -> Self {
        self.runs_on = true;
        self
    }

    /// How many scheduled steps have been taken.
    #[must_use]
    pub fn position(&self) -> usize {
        self.next
    }
}

impl Scheduler for Replay {
    fn begin(&mut self) -> bool {
        !self.is_over
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        let Some(step) = self.steps.get(self.next) else {
            return if self.runs_on {
                Choice::Run(in_turn(point))
            } else {
                Choice::Stop
            };
        };
        match follow(step, point) {
            Ok(actor) => {
                self.next += 1;
                match self.reads.get(&self.next) {
                    Some(&value) => Choice::RunReading(actor, value),
                    None => Choice::Run(actor),
                }
            }
            Err(divergence) => Choice::Diverge(divergence),
        }
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<Divergence> {
        self.is_over = true;
        let missed = self.steps.get(self.next)?;
        // A watch may well stop a replay earlier: it is the judge's doing, not the program's.
        (ending.kind == EndKind::Rest).then(|| Divergence {
            step: self.next + 1,
            reason: DivergenceReason::EndedEarly,
            expected: missed.to_string(),
            found: "no actor that can go on".to_owned(),
        })
    }
}

/// The actor that `step` schedules, or why it cannot be followed.
fn follow(step: &ScheduledStep, point: &Point<'_>) -> Result<ActorId, Divergence> {
    let diverge = |reason, expected: String, found: String| {
        Err(Divergence {
            step: point.number,
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
    let Some(offer) = point
        .enabled
        .iter()
        .find(|offer| *offer.name == *step.actor)
    else {
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
    if !step.enabled.is_empty() && enabled != step.enabled {
        return diverge(
            DivergenceReason::EnabledDiffers,
            format!("{} to be able to go on", step.enabled.join(", ")),
            enabled.join(", "),
        );
    }
    Ok(offer.actor)
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
