//! Where a replay parts from what was recorded, in words.

use std::fmt;

use crate::schedule::{Divergence, DivergenceReason};
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
pub(super) fn of_sim(divergence: &Divergence) -> Parting {
    let Divergence {
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

/// A step in words.
#[must_use]
pub fn described(step: &TracedStep) -> String {
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
#[must_use]
pub fn outcome(step: &TracedStep) -> String {
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

/// The property that falls in a trace, if one does.
#[must_use]
pub fn violated(trace: &Trace) -> Option<&str> {
    trace.violation.as_ref().map(|fell| fell.property.as_str())
}

/// That this property falls, or nothing, as a predicate.
#[must_use]
pub fn verdict(property: Option<&str>) -> String {
    format!("violates {}", property.unwrap_or("nothing"))
}
