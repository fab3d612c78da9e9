//! Portable schedules: an execution as a list of choices that survives other code, tools and versions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::execution::Execution;
use crate::step::{Operation, OperationKind, Step};

/// The choices that fix an execution, by name: never positions or task ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// One choice for each step.
    pub steps: Vec<ScheduledStep>,
}

/// What a step chose where it could have ended in several ways.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Chosen {
    /// The number that a `Chance` gave.
    Value(u32),
    /// The name of the actor that was woken, of those asleep on a condition.
    Woken(String),
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Woken(name) => f.write_str(name),
        }
    }
}

/// One choice, with what a replay needs to notice that the program has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduledStep {
    /// The name of the actor chosen.
    pub actor: String,
    /// The label of its operation.
    pub label: String,
    /// The name of the object.
    pub object: String,
    /// What it does.
    pub kind: OperationKind,
    /// It is the actor's nth step with this label on this object, counted from 1.
    pub nth: u32,
    /// What it chooses: not there if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Chosen>,
    /// The names of all actors that could go on, sorted. Empty if whoever recorded the schedule cannot tell:
    /// then a replay does not compare them.
    pub enabled: Vec<String>,
}

impl Schedule {
    /// The schedule of `execution`.
    #[must_use]
    pub fn from_execution<V>(execution: &Execution<V>) -> Self {
        Self::from_steps(&execution.steps)
    }

    /// Whether it has a step of `actor` with this label on this object.
    #[must_use]
    pub fn knows(&self, actor: &str, label: &str, object: &str) -> bool {
        self.steps
            .iter()
            .any(|step| step.actor == actor && step.label == label && step.object == object)
    }

    /// Whether an actor that is about to take a step with this label on this object may take it although it is
    /// not scheduled: the actor has a part in the schedule, and this step has none.
    #[must_use]
    pub fn may_pass(&self, actor: &str, label: &str, object: &str) -> bool {
        self.steps.iter().any(|step| step.actor == actor) && !self.knows(actor, label, object)
    }

    /// The schedule of these steps.
    #[must_use]
    pub fn from_steps(steps: &[Step]) -> Self {
        Self {
            steps: steps.iter().map(ScheduledStep::from).collect(),
        }
    }
}

impl From<&Step> for ScheduledStep {
    fn from(step: &Step) -> Self {
        let mut enabled: Vec<String> = step
            .enabled
            .iter()
            .map(|offer| offer.name.to_string())
            .collect();
        enabled.sort_unstable();
        Self {
            actor: step.name.to_string(),
            label: step.operation.label.to_owned(),
            object: step.operation.object_name.to_owned(),
            kind: step.operation.kind,
            nth: step.operation.nth,
            chosen: step.chosen.clone(),
            enabled,
        }
    }
}

impl ScheduledStep {
    /// Whether `operation` is the one scheduled.
    #[must_use]
    pub fn is(&self, operation: &Operation) -> bool {
        self.label == operation.label
            && self.object == operation.object_name
            && self.kind == operation.kind
            && self.nth == operation.nth
    }
}

impl fmt::Display for ScheduledStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} `{}` on `{}`",
            self.actor, self.kind, self.label, self.object
        )?;
        if self.nth > 1 {
            write!(f, ", time {}", self.nth)?;
        }
        if let Some(chosen) = &self.chosen {
            write!(f, ", choosing {chosen}")?;
        }
        Ok(())
    }
}

/// How many steps in a row a replay lets pass, at the most, before the next one that is scheduled.
pub const MOST_PASSED: usize = 1_000;

/// A step that was let pass in a replay: its schedule has no step of this actor with this label on this object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The number of the scheduled step before which it was taken, from 1; after the last one, one more than there
    /// are.
    pub before: usize,
    /// The step. Who else could have gone on is not noted.
    pub step: ScheduledStep,
}

/// The first step at which a program does not do what a schedule, or an earlier execution, says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The step, from 1.
    pub step: usize,
    /// In which way.
    pub reason: DivergenceReason,
    /// What was to be.
    pub expected: String,
    /// What is.
    pub found: String,
}

/// In which way a program diverged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DivergenceReason {
    /// No actor has the scheduled name.
    UnknownActor,
    /// The scheduled actor cannot go on.
    NotEnabled,
    /// The scheduled actor is about to do something else.
    OperationDiffers,
    /// The actors that can go on are others, or about to do something else.
    EnabledDiffers,
    /// The program ended before the schedule did.
    EndedEarly,
    /// The scheduled actor cannot choose what is scheduled.
    ChoiceDiffers,
    /// The scheduled actor takes too many steps that the schedule does not know.
    TooManyPassed,
}

impl fmt::Display for DivergenceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownActor => "there is no such actor",
            Self::NotEnabled => "the actor cannot go on",
            Self::OperationDiffers => "the actor is about to do something else",
            Self::EnabledDiffers => "others can go on, or are about to do something else",
            Self::EndedEarly => "the program ended early",
            Self::ChoiceDiffers => "the actor cannot choose that",
            Self::TooManyPassed => "too many steps that the schedule does not know",
        })
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            step,
            reason,
            expected,
            found,
        } = self;
        write!(
            f,
            "diverged at step {step}: {reason}; expected {expected}, found {found}"
        )
    }
}
