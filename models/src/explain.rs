//! From a finding to a trace somebody can read.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_sim::{Replay, Schedule};

use crate::checker::{Checker, Fault};
use crate::outcome::Finding;
use crate::scenario::Scenario;
use crate::shortest::{Search, shortest};
use crate::stage::{Subject, actor_names};
use crate::trace::{
    FORMAT, Recorded, Trace, TracedScenario, TracedStep, TracedViolation, VERSION, fingerprint,
    record,
};

/// The trace of a finding: the shortest execution that shows it, if the own runtime can show it, and
/// otherwise the execution as it was found.
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
    let as_found = replayed(subject, scenario, &finding.schedule, checker)?;
    let Some(as_found) = as_found else {
        return Ok(as_recorded(subject, scenario, finding, checker));
    };
    let properties = BTreeSet::from([finding.property.clone()]);
    let Some(short) = shortest(subject, scenario, &properties, search) else {
        return Ok(as_found);
    };
    let short = replayed(subject, scenario, &short.schedule, checker)?;
    let size = |trace: &Trace| (trace.preemptions, trace.steps.len());
    Ok(short
        .filter(|short| size(short) <= size(&as_found))
        .unwrap_or(as_found))
}

/// The trace of a schedule that ends in a violation on the own runtime; `None` if it does not.
fn replayed<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    schedule: &Schedule,
    checker: Checker,
) -> Result<Option<Trace>, Fault> {
    let (trace, recorded) = record(
        subject,
        scenario,
        &mut Replay::new(schedule),
        checker.name(),
    );
    match recorded {
        Recorded::Fault(fault) => Err(Fault::new(fault.to_string())),
        _ => Ok(trace.violation.is_some().then_some(trace)),
    }
}

/// The trace of an execution that only the tool which found it can repeat.
fn as_recorded<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    finding: &Finding,
    checker: Checker,
) -> Trace {
    let toml = scenario.to_toml();
    let read = |number: usize| {
        finding
            .reads
            .iter()
            .find(|(at, _)| *at == number)
            .map(|(_, value)| *value)
    };
    let step = |(index, step): (usize, &logon_sim::ScheduledStep)| TracedStep {
        actor: step.actor.clone(),
        kind: step.kind.name().to_owned(),
        object: step.object.clone(),
        label: step.label.clone(),
        nth: step.nth,
        location: String::new(),
        enabled: step.enabled.clone(),
        preemption: false,
        asleep: false,
        woken: Vec::new(),
        read: read(index + 1),
        written: None,
        facts: Vec::new(),
    };
    let steps = &finding.schedule.steps;
    Trace {
        format: FORMAT.to_owned(),
        version: VERSION,
        variant: subject.name().to_owned(),
        fingerprint: fingerprint(subject.name(), &toml),
        scenario: TracedScenario {
            name: scenario.name.clone(),
            toml,
        },
        checker: checker.name().to_owned(),
        needs_weak_memory: true,
        violation: Some(TracedViolation {
            property: finding.property.clone(),
            sentence: finding.sentence.clone(),
            properties: finding.properties.clone(),
        }),
        preemptions: None,
        actors: actor_names(scenario),
        steps: steps.iter().enumerate().map(step).collect(),
        waiting: Vec::new(),
    }
}
