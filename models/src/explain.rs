//! From a finding to a trace somebody can read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use logon_sim::{Replay, Schedule};

use crate::checker::{Checker, Fault};
use crate::outcome::Finding;
use crate::scenario::Scenario;
use crate::shortest::{Search, shortest};
use crate::stage::Subject;
use crate::trace::{Recorded, Trace, record};

/// The trace of a finding: the shortest execution that shows it.
///
/// An execution that was found under a weak memory is repeated on the own runtime by letting its loads read
/// what they read when it was found; it is not made shorter.
///
/// # Errors
///
/// [`Fault`] when the subject faults in the replay of its own execution, or the replay does not show what was
/// found.
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
    let Some(as_found) = replayed(&finding.schedule, &none)? else {
        let weak = replayed(&finding.schedule, &finding.reads.iter().copied().collect())?;
        let trace = weak.ok_or_else(|| {
            Fault::new(format!(
                "the own runtime cannot repeat what {checker} found: {}",
                finding.sentence
            ))
        })?;
        return Ok(Trace {
            needs_weak_memory: true,
            ..trace
        });
    };
    let properties = BTreeSet::from([finding.property.clone()]);
    let Some(short) = shortest(subject, scenario, &properties, search) else {
        return Ok(as_found);
    };
    let short = replayed(&short, &none)?;
    let size = |trace: &Trace| (trace.preemptions, trace.steps.len());
    Ok(short
        .filter(|short| size(short) <= size(&as_found))
        .unwrap_or(as_found))
}
