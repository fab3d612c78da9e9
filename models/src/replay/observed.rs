//! What changed in the steps that a foreign tool took.
//!
//! A tool hears what the server tells, in order, and not in which step. So the own runtime takes the same steps, with
//! the values that were read, and says of each what was told in it. It is believed as far as both did the same and
//! heard the same.

use std::sync::Arc;

use logon_core::Fact;
use logon_sim::{OperationKind, Replay, Schedule, ScheduledStep};

use crate::backend::RecordedStep;
use crate::scenario::Scenario;
use crate::stage::Subject;
use crate::trace::{Recorded, TracedStep, Waiting, record, source_place};

/// What is known of the steps that a foreign tool took.
#[derive(Default)]
pub(super) struct Observed {
    /// The first ones, as many as are known.
    pub(super) steps: Vec<TracedStep>,
    /// How many of them are preemptions, if all are known.
    pub(super) preemptions: Option<usize>,
    /// Who waits after them, if all are known and nobody can go on.
    pub(super) waiting: Vec<Waiting>,
}

/// What is known of the steps `taken` by a tool on which the server `told` these facts, or more in the end.
pub(super) fn observed<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    taken: &[RecordedStep],
    told: &[Fact],
    checker: &str,
) -> Observed {
    let schedule = Schedule {
        steps: taken.iter().map(ScheduledStep::from).collect(),
    };
    let loads = taken.iter().zip(1..);
    let loads = loads.filter(|(step, _)| step.kind == OperationKind::Load);
    let reads = loads.filter_map(|(step, number)| Some((number, step.value?)));
    let mut replay = Replay::new(&schedule).reading(reads.collect());
    let record = record(subject, scenario, &mut replay, checker);
    if matches!(record.end, Recorded::Fault(_) | Recorded::StepLimit) {
        return Observed::default();
    }
    let mut heard = told.iter();
    let steps = record.trace.steps.into_iter().zip(&record.facts).zip(taken);
    let known = steps.map_while(|((own, facts), step)| {
        let same = did_the_same(step, &own) && facts.iter().all(|fact| heard.next() == Some(fact));
        same.then(|| TracedStep {
            location: source_place(step.file, step.line),
            ..own
        })
    });
    let steps: Vec<TracedStep> = known.collect();
    if steps.len() < taken.len() {
        return Observed {
            steps,
            ..Observed::default()
        };
    }
    Observed {
        steps,
        preemptions: record.trace.preemptions,
        waiting: record.trace.waiting,
    }
}

/// Whether the own runtime came to the same in this step.
fn did_the_same(step: &RecordedStep, own: &TracedStep) -> bool {
    let value = match step.kind {
        OperationKind::Store => own.written,
        _ => own.read,
    };
    step.asleep == own.asleep && step.value == value
}
