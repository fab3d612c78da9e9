//! The last steps before a property fell, as a trace like any other.
//!
//! A long run keeps no steps. Its seed is run once more, up to the violation, with room for the last of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use logon_sim::Fault;
use logon_sim::trace::{FORMAT, TracedScenario, TracedStep, VERSION, fingerprint, source_place};

use super::calls::name_of;
use super::result::{Options, Simulation};
use super::run::{self, Fell, Order, Told};
use super::words::time;
use crate::describe::{self, Topic, topics};
use crate::scenario::Scenario;
use crate::stage::{AnySubject, Cast};
use crate::summary::summary;
use crate::trace::{Trace, TracedViolation};

/// How many steps are kept. Only those count in which something became true.
pub const WINDOW: usize = 60;

/// Who found a trace that is the end of a simulation.
pub const BY_SIMULATION: &str = "simulate";

/// Runs a simulation again in which something fell, and gives the last steps before that; `None` if nothing fell in it.
///
/// # Errors
///
/// A panic of the allocator, or a rule of the primitives that it broke.
pub fn window(
    subject: &AnySubject,
    simulation: &Simulation,
    again: &str,
) -> Result<Option<Trace>, Box<Fault>> {
    if simulation.holds() {
        return Ok(None);
    }
    let options = Options {
        seed: Some(simulation.seed),
        logons: u32::try_from(simulation.logons).ok(),
        stops: true,
        ..Options::default()
    };
    let scenario = &simulation.scenario;
    let plan = super::result::plan(scenario, &options).expect("it was simulated");
    let order = Order {
        scenario,
        plan,
        stops: true,
        progress: None,
    };
    let mut last: VecDeque<Told> = VecDeque::new();
    let run = run::run(subject, &order, &mut |told: &Told| {
        if last.len() == WINDOW {
            last.pop_front();
        }
        last.push_back(told.clone());
    })?;
    Ok(run
        .fell
        .map(|fell| trace(subject.name(), scenario, &last, &fell, again)))
}

fn trace(
    variant: &str,
    scenario: &Scenario,
    last: &VecDeque<Told>,
    fell: &Fell,
    again: &str,
) -> Trace {
    let first = &fell.violations[0];
    let facts = last.iter().flat_map(|told| &told.facts);
    let mut logons: BTreeSet<_> = facts
        .flat_map(topics)
        .filter_map(|topic| match topic {
            Topic::Logon(logon) => Some(logon),
            Topic::Session(_) => None,
        })
        .collect();
    logons.extend(first.logon);
    let cast = Cast::of_numbers(&logons);
    let mut counts = BTreeMap::new();
    let steps: Vec<TracedStep> = last
        .iter()
        .map(|told| {
            let actor = name_of(told.step.key);
            let count: &mut u32 = counts
                .entry((actor.clone(), told.step.object, told.step.label))
                .or_default();
            *count += 1;
            step(told, actor, *count, &cast)
        })
        .collect();
    let actors: BTreeSet<String> = steps.iter().map(|step| step.actor.clone()).collect();
    let toml = scenario.to_toml();
    let began = last.front().map_or(fell.at, |told| told.now);
    Trace {
        format: FORMAT.to_owned(),
        version: VERSION,
        variant: variant.to_owned(),
        fingerprint: fingerprint(variant, &toml),
        scenario: TracedScenario {
            name: scenario.name.clone(),
            toml,
        },
        checker: BY_SIMULATION.to_owned(),
        needs_weak_memory: false,
        notes: vec![format!(
            "These are the last {} steps of a simulation in which something became true, from {} to {} of virtual time; \
             {} connections had come before. Steps in between in which nothing did are left out, so it cannot be replayed. \
             The whole run: {again}",
            steps.len(),
            time(began),
            time(fell.at),
            fell.arrived
        )],
        violation: Some(TracedViolation {
            property: first.property.name().to_owned(),
            sentence: describe::violation(first, &cast),
            properties: fell
                .violations
                .iter()
                .map(|violation| violation.property.name().to_owned())
                .collect(),
            at_rest: false,
            repeats_from: None,
        }),
        preemptions: None,
        actors: actors.into_iter().collect(),
        start: Vec::new(),
        steps,
        waiting: Vec::new(),
        explanation: None,
    }
}

fn step(told: &Told, actor: String, nth: u32, cast: &Cast) -> TracedStep {
    let location = told.step.location;
    let about: BTreeSet<String> = told
        .facts
        .iter()
        .flat_map(topics)
        .map(|topic| topic.name(cast))
        .collect();
    TracedStep {
        actor,
        kind: told.step.kind.name().to_owned(),
        object: told.step.object.to_owned(),
        label: told.step.label.to_owned(),
        nth,
        location: source_place(location.file(), location.line()),
        enabled: Vec::new(),
        preemption: false,
        asleep: told.step.fell_asleep,
        woken: Vec::new(),
        chosen: None,
        ways: None,
        read: None,
        written: None,
        facts: told
            .facts
            .iter()
            .map(|fact| format!("{}: {}", time(told.now), describe::fact(fact, cast)))
            .collect(),
        summary: summary(&told.facts, cast),
        about: about.into_iter().collect(),
        returned: None,
        changed: Vec::new(),
    }
}
