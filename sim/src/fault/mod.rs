//! Faults: a rule that was broken, or a panic. They end an execution and are no verdict.

mod kind;

use std::fmt;
use std::sync::Arc;

pub use kind::FaultKind;

use crate::step::{Operation, Step};

/// A broken rule or a panic in the program, which ends its execution and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whose fault.
    pub actor: Arc<str>,
    /// The operation it happened in, or for a panic between operations the last one before it.
    pub operation: Option<Operation>,
    /// What happened.
    pub kind: FaultKind,
    /// The steps that lead to it, if a search found it and there is an execution to it. Those of an
    /// [execution](crate::execution::Execution::steps) that ends in a fault are its own.
    pub steps: Vec<Step>,
}

/// So many steps of those that lead to a fault are told at the beginning.
const FIRST_TOLD: usize = 10;

/// And so many at the end.
const LAST_TOLD: usize = 30;

impl Fault {
    /// A fault to which no steps are known.
    pub fn new(actor: impl Into<Arc<str>>, operation: Option<Operation>, kind: FaultKind) -> Self {
        Self {
            actor: actor.into(),
            operation,
            kind,
            steps: Vec::new(),
        }
    }

    /// In a line each the steps that lead to it: the first 10 and the last 30, if there are more. Nothing if none are
    /// known.
    #[must_use]
    pub fn told_steps(&self) -> String {
        let mut text = String::new();
        let left_out = self.steps.len().saturating_sub(FIRST_TOLD + LAST_TOLD);
        if !self.steps.is_empty() {
            text.push_str("; the steps that lead there:");
        }
        for (place, step) in self.steps.iter().enumerate() {
            if left_out > 0 && place == FIRST_TOLD {
                text.push_str(&format!("\n  … {left_out} more"));
            }
            if left_out == 0 || place < FIRST_TOLD || place >= FIRST_TOLD + left_out {
                text.push_str(&format!("\n  {step}"));
            }
        }
        text
    }
}

/// Whose fault it is if it is nobody's in particular.
const NOBODY: &str = "the program";

/// A fault of nobody in particular.
pub(crate) fn general_fault(kind: FaultKind) -> Box<Fault> {
    Box::new(Fault::new(NOBODY, None, kind))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            actor,
            operation,
            kind,
            ..
        } = self;
        match operation {
            Some(operation) => write!(
                f,
                "{actor} ({operation}, at {}): {kind}",
                operation.location
            ),
            None if &**actor == NOBODY => write!(f, "{actor}: {kind}"),
            None => write!(f, "{actor} (before its first operation): {kind}"),
        }
    }
}

impl std::error::Error for Fault {}
