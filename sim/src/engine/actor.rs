//! One actor of an execution: where it stands and what it counts.

use std::sync::Arc;

use crate::coroutine::Task;
use crate::fault::{Fault, FaultKind};
use crate::step::{ActorInfo, Operation};

/// Whether an actor can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Before its pending operation.
    Awake,
    /// In its pending operation, until an update of the object.
    Asleep,
    /// At its end.
    Finished,
}

/// An actor and its coroutine.
pub(super) struct Actor {
    pub(super) info: ActorInfo,
    pub(super) task: Option<Task>,
    pub(super) status: Status,
    /// The pending operation, or the last one of an actor that has none.
    pub(super) operation: Option<Operation>,
    /// The place of the pending operation's object.
    pub(super) object: usize,
    /// How many values the pending operation chooses from.
    pub(super) values: u32,
    /// How many objects it created.
    pub(super) created: u32,
    /// How many rounds of `forever` it has begun.
    pub(super) rounds: u32,
    /// How many steps it took, for each object and label.
    counts: Vec<(usize, &'static str, u32)>,
}

impl Actor {
    /// Whether it has a step to take.
    pub(super) fn is_ready(&self) -> bool {
        self.status == Status::Awake && self.operation.is_some()
    }

    /// An actor that has not begun.
    pub(super) fn new(info: ActorInfo) -> Self {
        Self {
            info,
            task: None,
            status: Status::Awake,
            operation: None,
            object: 0,
            values: 1,
            created: 0,
            rounds: 0,
            counts: Vec::new(),
        }
    }

    pub(super) fn count(&self, object: usize, label: &'static str) -> u32 {
        let entry = self
            .counts
            .iter()
            .find(|entry| entry.0 == object && entry.1 == label);
        entry.map_or(0, |entry| entry.2)
    }

    pub(super) fn add_count(&mut self, object: usize, label: &'static str) {
        match self
            .counts
            .iter_mut()
            .find(|entry| entry.0 == object && entry.1 == label)
        {
            Some(entry) => entry.2 += 1,
            None => self.counts.push((object, label, 1)),
        }
    }

    pub(super) fn fault(&self, kind: FaultKind) -> Box<Fault> {
        let name = Arc::clone(&self.info.name);
        Box::new(Fault::new(name, self.operation, kind))
    }
}
