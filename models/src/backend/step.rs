//! What a step looks like in a recording and in a schedule that is to be replayed.

use std::fmt;
use std::panic::Location;

use logon_core::primitives::Condition;
use logon_sim::{Chosen, OperationKind, ScheduledStep};

/// One step as it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedStep {
    /// Who took it.
    pub actor: String,
    /// What it did.
    pub kind: OperationKind,
    /// The monitor or word it was done to.
    pub object: &'static str,
    /// Its label.
    pub label: &'static str,
    /// How often this actor has now taken this label on this object; the first time is 1.
    pub nth: u32,
    /// What it chose, where it could have ended in several ways.
    pub chosen: Option<Chosen>,
    /// Whether the actor fell asleep in it.
    pub asleep: bool,
    /// What was read from the word, or written by a store; monitors have none.
    pub value: Option<u64>,
    /// The source file of the operation.
    pub file: &'static str,
    /// The line in that file.
    pub line: u32,
}

impl RecordedStep {
    /// The part of the step that a schedule fixes.
    #[must_use]
    pub fn gate_step(&self) -> GateStep {
        GateStep {
            actor: self.actor.clone(),
            kind: self.kind,
            object: self.object.to_owned(),
            label: self.label.to_owned(),
            nth: self.nth,
            chosen: self.chosen.clone(),
        }
    }
}

/// One step of a schedule that is to be replayed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GateStep {
    /// Who is to take it.
    pub actor: String,
    /// What it is to do.
    pub kind: OperationKind,
    /// The monitor or word it is to be done to.
    pub object: String,
    /// Its label.
    pub label: String,
    /// Which step of this actor with this label on this object it is; the first is 1.
    pub nth: u32,
    /// What it is to choose, where it can end in several ways.
    pub chosen: Option<Chosen>,
}

impl GateStep {
    /// Whether it is the same step, whatever is chosen in it.
    pub(super) fn is(&self, found: &GateStep) -> bool {
        self.actor == found.actor
            && self.kind == found.kind
            && self.object == found.object
            && self.label == found.label
            && self.nth == found.nth
    }
}

impl fmt::Display for GateStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            actor,
            kind,
            object,
            label,
            nth,
            chosen,
        } = self;
        write!(f, "{actor}: {kind} `{label}` on `{object}`")?;
        if *nth > 1 {
            write!(f, ", time {nth}")?;
        }
        if let Some(chosen) = chosen {
            write!(f, ", choosing {chosen}")?;
        }
        Ok(())
    }
}

impl From<&ScheduledStep> for GateStep {
    fn from(step: &ScheduledStep) -> Self {
        GateStep {
            actor: step.actor.clone(),
            kind: step.kind,
            object: step.object.clone(),
            label: step.label.clone(),
            nth: step.nth,
            chosen: step.chosen.clone(),
        }
    }
}

impl From<&RecordedStep> for ScheduledStep {
    /// Who else could have gone on, these tools do not say.
    fn from(step: &RecordedStep) -> Self {
        ScheduledStep {
            actor: step.actor.clone(),
            label: step.label.to_owned(),
            object: step.object.to_owned(),
            kind: step.kind,
            nth: step.nth,
            chosen: step.chosen.clone(),
            enabled: Vec::new(),
        }
    }
}

/// Where a replay left its schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The position in the schedule, counted from 0, of the step that could not be taken.
    pub step: usize,
    /// That step.
    pub expected: GateStep,
    /// What its actor was about to do instead; `None` if it had finished, slept, or never came.
    pub found: Option<GateStep>,
}

/// What happens after the last step of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Everybody goes on as the tool pleases.
    RunFree,
    /// Every actor is unwound before its next step, sleepers included, so that the state after the
    /// last step can be looked at.
    Stop,
}

/// How a schedule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// What happens after its last step.
    pub after: After,
    /// Whether an actor may take steps that the schedule does not know before the one that is scheduled: steps with a
    /// label and an object that no step of this actor has in it.
    pub lets_pass: bool,
    /// The number, from 1, of the step before which a debugger is let in, on real threads. Then nobody loses
    /// patience.
    pub break_at: Option<usize>,
}

/// Which thread of which tool is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreadKey {
    /// A thread of a loom execution.
    Loom(loom::thread::ThreadId),
    /// A task of a shuttle execution.
    Shuttle(shuttle::scheduler::TaskId),
    /// A thread of the operating system.
    Threads(std::thread::ThreadId),
}

/// An operation that is about to happen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub(super) kind: OperationKind,
    pub(super) object: &'static str,
    pub(super) label: &'static str,
    /// The condition on which the actor may fall asleep, if it has a name.
    pub(super) condition: Option<Condition>,
    pub(super) place: &'static Location<'static>,
}
