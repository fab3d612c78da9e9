//! Where a replay parts from what was recorded, in words.

use std::fmt;

use logon_sim::DivergenceReason;

use crate::backend::GateStep;
use crate::gated::Gated;
use crate::trace::{Trace, TracedStep};

/// Where two executions part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parting {
    /// Where.
    pub place: Place,
    /// What the recorded execution does there, as a predicate: "does bob: enter `look` on `server`".
    pub recorded: String,
    /// What the execution does there now, likewise.
    pub now: String,
}

/// A place in the recorded execution, by the number of a step from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// At the step.
    At(usize),
    /// After it.
    After(usize),
}

impl Place {
    /// The number of the step.
    pub fn number(self) -> usize {
        match self {
            Place::At(number) | Place::After(number) => number,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::At(step) => write!(f, "at step {step}"),
            Place::After(step) => write!(f, "after step {step}"),
        }
    }
}

/// Where the own runtime could not follow.
pub(super) fn of_sim(divergence: &logon_sim::Divergence) -> Parting {
    let logon_sim::Divergence {
        step,
        reason,
        expected,
        found,
    } = divergence;
    let does = format!("does {expected}");
    let (recorded, now) = match reason {
        DivergenceReason::OperationDiffers => (does, format!("does {found}")),
        DivergenceReason::EnabledDiffers => (
            format!("has {expected}"),
            format!("has {found} to be able to go on"),
        ),
        DivergenceReason::UnknownActor | DivergenceReason::EndedEarly => {
            (does, format!("has {found}"))
        }
        DivergenceReason::NotEnabled => (does, format!("does not let that actor go on: {found}")),
        DivergenceReason::ChoiceDiffers => (does, format!("cannot choose that: {found}")),
        DivergenceReason::TooManyPassed => (does, format!("does {found}")),
    };
    Parting {
        place: Place::At(*step),
        recorded,
        now,
    }
}

/// Where a foreign tool could not follow a schedule of so many steps.
pub(super) fn of_tool(gated: &Gated, steps: usize) -> Option<Parting> {
    let does = |step: &GateStep| format!("does {step}");
    if let Some(divergence) = &gated.divergence {
        return Some(Parting {
            place: Place::At(divergence.step + 1),
            recorded: does(&divergence.expected),
            now: divergence.found.as_ref().map_or_else(
                || "does nothing, for that actor has finished, sleeps, or never came".to_owned(),
                does,
            ),
        });
    }
    gated.surplus.as_ref().map(|step| Parting {
        place: Place::After(steps),
        recorded: "lets nobody go on".to_owned(),
        now: does(step),
    })
}

pub(super) fn described(step: &TracedStep) -> String {
    let TracedStep {
        actor,
        kind,
        label,
        object,
        ..
    } = step;
    format!("{actor}: {kind} `{label}` on `{object}`")
}

/// What came of a step, as a predicate.
pub(super) fn outcome(step: &TracedStep) -> String {
    let mut parts = Vec::new();
    parts.extend(step.read.map(|value| format!("reads {value}")));
    if step.asleep {
        parts.push("falls asleep".to_owned());
    }
    match step.facts.is_empty() {
        true if parts.is_empty() => "tells nothing".to_owned(),
        true => parts.join(", "),
        false => {
            parts.push(format!("tells: {}", step.facts.join(", ")));
            parts.join(", ")
        }
    }
}

pub(super) fn violated(trace: &Trace) -> Option<&str> {
    trace.violation.as_ref().map(|fell| fell.property.as_str())
}

pub(super) fn verdict(property: Option<&str>) -> String {
    format!("violates {}", property.unwrap_or("nothing"))
}
