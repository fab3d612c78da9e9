//! Traces of scenarios: what [`logon_sim::trace`] has, and recording of an allocator in a scenario.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use logon_core::Fact;
use logon_sim::Scheduler;
pub use logon_sim::trace::*;

use crate::checker::Play;
use crate::judge::Violation;
use crate::scenario::Scenario;
use crate::stage::Subject;

/// A recorded execution of a scenario.
pub(crate) type PlayRecord = logon_sim::trace::Record<Vec<Violation>, Fact>;

/// An execution of a scenario, written down.
#[derive(Clone, Debug)]
pub struct Record {
    /// In words.
    pub trace: Trace,
    /// How it ended.
    pub end: Recorded,
    /// What was told in each step.
    pub facts: Vec<Vec<Fact>>,
    /// What fell in it, the first first.
    pub violations: Vec<Violation>,
    /// The memory ordering of each step that used a word.
    pub orders: Vec<Option<Ordering>>,
}

impl From<PlayRecord> for Record {
    fn from(record: PlayRecord) -> Self {
        Record {
            trace: record.trace,
            end: record.end,
            facts: record.facts,
            violations: record.verdict.unwrap_or_default(),
            orders: record.orders,
        }
    }
}

/// Runs one execution on the own runtime under `scheduler` and writes it down. `checker` is who found it.
pub fn record<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    scheduler: &mut dyn Scheduler,
    checker: &str,
) -> Record {
    logon_sim::trace::record(&Play::new(subject, scenario), scheduler, checker).into()
}

/// As [`record`], up to the last step of a `round` that repeats for ever: see [`logon_sim::trace::record_round`].
pub fn record_round<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    scheduler: &mut dyn Scheduler,
    checker: &str,
    round: &Round<'_>,
) -> Record {
    logon_sim::trace::record_round(&Play::new(subject, scenario), scheduler, checker, round).into()
}
