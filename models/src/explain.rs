//! From a finding to a trace somebody can read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use logon_sim::{Replay, Schedule};

use crate::checker::{Checker, Fault};
use crate::outcome::Finding;
use crate::scenario::Scenario;
use crate::shortest::{Search, shortest};
use crate::stage::Subject;
use crate::trace::{Recorded, Trace, TracedViolation, record};

/// The trace of a finding: the shortest execution that shows it. What a checker that visits states has found
/// is that already, and is kept as it is.
///
/// An execution that was found under a weak memory is repeated on the own runtime by letting its loads read
/// what they read when it was found; it is not made shorter.
///
/// # Errors
///
/// [`Fault`] when the subject faults in the replay of its own execution.
pub fn explain<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    finding: &Finding,
    checker: Checker,
    search: Search,
) -> Result<Trace, Fault> {
    let replayed = |schedule: &Schedule, reads: &BTreeMap<usize, u64>| {
        let mut replay = Replay::new(schedule).reading(reads.clone());
        let (trace, recorded) = record(subject, scenario, &mut replay, checker.name());
        match recorded {
            Recorded::Fault(fault) => Err(Fault::new(fault.to_string())),
            _ => Ok(trace.violation.is_some().then_some(trace)),
        }
    };
    let none = BTreeMap::new();
    let as_found = replayed(&finding.schedule, &none)?;
    if checker.visits_states() {
        // Breadth first, so no execution has fewer steps.
        return Ok(as_found.unwrap_or_else(|| repeating(subject, scenario, finding, checker)));
    }
    if as_found.is_none() && !finding.reads.is_empty() {
        let reads = finding.reads.iter().copied().collect();
        if let Some(trace) = replayed(&finding.schedule, &reads)? {
            return Ok(Trace {
                needs_weak_memory: true,
                ..trace
            });
        }
    }
    let properties = BTreeSet::from([finding.property.clone()]);
    let short = match shortest(subject, scenario, &properties, search) {
        Some(schedule) => replayed(&schedule, &none)?,
        None => None,
    };
    let size = |trace: &Trace| (trace.preemptions, trace.steps.len());
    Ok(match (short, as_found) {
        (Some(short), Some(as_found)) if size(&short) > size(&as_found) => as_found,
        (Some(trace), _) | (None, Some(trace)) => trace,
        (None, None) => unrepeated(subject, scenario, finding, checker),
    })
}

/// The trace of an execution that the own runtime can follow only so far: loom judges after the harness has
/// closed the server, and the closing is no step of an actor.
fn unrepeated<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    finding: &Finding,
    checker: Checker,
) -> Trace {
    let sentence = format!("{}, once the server was closed", finding.sentence);
    with_violation(subject, scenario, finding, checker, sentence)
}

/// The trace of an execution whose last steps can be repeated for ever: what falls, falls in none of them.
fn repeating<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    finding: &Finding,
    checker: Checker,
) -> Trace {
    with_violation(
        subject,
        scenario,
        finding,
        checker,
        finding.sentence.clone(),
    )
}

fn with_violation<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    finding: &Finding,
    checker: Checker,
    sentence: String,
) -> Trace {
    let mut replay = Replay::new(&finding.schedule);
    let (trace, _) = record(subject, scenario, &mut replay, checker.name());
    let violation = TracedViolation {
        property: finding.property.clone(),
        sentence,
        properties: finding.properties.clone(),
    };
    Trace {
        violation: Some(violation),
        ..trace
    }
}
