//! What ends a search, and who decides.

use std::ops::ControlFlow;

use super::{Evidence, Progress};
use crate::execution::{Fault, FaultKind};

/// Why a search stops before it has seen everything.
pub(crate) enum Halt<V> {
    Fault(Box<Fault>),
    Limit(String),
    Found(Box<Evidence<V>>),
}

impl<V> From<Box<Fault>> for Halt<V> {
    fn from(fault: Box<Fault>) -> Self {
        Self::Fault(fault)
    }
}

/// Who is told of the progress and decides whether to go on.
pub(crate) type Monitor<'a> = &'a mut dyn FnMut(&Progress) -> ControlFlow<String>;

/// Which verdicts count.
pub(crate) type Counts<'a, V> = &'a dyn Fn(&V) -> bool;

/// A fault of nobody in particular.
pub(crate) fn general_fault(kind: FaultKind) -> Box<Fault> {
    Box::new(Fault {
        actor: "the program".into(),
        operation: None,
        kind,
    })
}
