//! Executions: the steps of one run and how it ended.

use std::fmt;
use std::panic::Location;

use crate::fault::Fault;
use crate::schedule::Divergence;
use crate::step::{ActorId, ActorInfo, Operation, Step};

/// One run of a program, with `V` the verdict of its watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution<V> {
    /// The actors, in order of spawning.
    pub actors: Vec<ActorInfo>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// How it ended.
    pub end: End<V>,
}

impl<V> Execution<V> {
    /// How many steps took the turn from an actor that could have gone on.
    #[must_use]
    pub fn preemptions(&self) -> usize {
        self.steps.iter().filter(|step| step.preemption).count()
    }

    /// The verdict, if the watch stopped the execution.
    #[must_use]
    pub fn verdict(&self) -> Option<&V> {
        match &self.end {
            End::Stopped { verdict, .. } => Some(verdict),
            _ => None,
        }
    }
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End<V> {
    /// No actor can go on, and the watch has nothing to say.
    Rest(Rest),
    /// The watch stopped it.
    Stopped {
        /// Why.
        verdict: V,
        /// Who waits for what, if the program was at rest.
        rest: Option<Rest>,
    },
    /// It reached the limit on steps.
    StepLimit,
    /// The program did not do what the schedule, or an earlier execution, says it does.
    Diverged(Divergence),
    /// The program broke a rule or panicked.
    Fault(Fault),
    /// The scheduler ended it early.
    Abandoned,
}

/// How an execution ended, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    /// As [`End::Rest`].
    Rest,
    /// As [`End::Stopped`].
    Stopped,
    /// As [`End::StepLimit`].
    StepLimit,
    /// As [`End::Diverged`].
    Diverged,
    /// As [`End::Fault`].
    Fault,
    /// As [`End::Abandoned`].
    Abandoned,
}

impl<V> End<V> {
    /// The end without its particulars.
    #[must_use]
    pub fn kind(&self) -> EndKind {
        match self {
            Self::Rest(_) => EndKind::Rest,
            Self::Stopped { .. } => EndKind::Stopped,
            Self::StepLimit => EndKind::StepLimit,
            Self::Diverged(_) => EndKind::Diverged,
            Self::Fault(_) => EndKind::Fault,
            Self::Abandoned => EndKind::Abandoned,
        }
    }
}

/// No actor can go on: some have finished, the others wait for something only another could do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Who has finished.
    pub finished: Vec<ActorInfo>,
    /// Who waits, and for what.
    pub blocked: Vec<Blocked>,
}

/// An actor asleep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Who.
    pub actor: ActorInfo,
    /// In which operation.
    pub operation: Operation,
}

impl Rest {
    /// Whether every actor has finished.
    #[must_use]
    pub fn all_finished(&self) -> bool {
        self.blocked.is_empty()
    }

    /// Whether `actor` has finished.
    #[must_use]
    pub fn has_finished(&self, actor: ActorId) -> bool {
        self.finished.iter().any(|info| info.id == actor)
    }
}

impl fmt::Display for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.blocked.is_empty() {
            return f.write_str("every actor has finished");
        }
        for (position, blocked) in self.blocked.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{blocked}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation {
            label,
            object_name,
            location,
            ..
        } = self.operation;
        write!(
            f,
            "{} waits in `{label}` on `{object_name}` at {location}",
            self.actor.name
        )
    }
}

/// An operation in the source: its label and where it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// The label.
    pub label: &'static str,
    /// The place of the call.
    pub location: &'static Location<'static>,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` at {}", self.label, self.location)
    }
}
