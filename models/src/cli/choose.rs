//! Names on the command line: found, or refused with the nearest that exists.

use std::sync::Arc;

use logon_core::Variant;
use logon_sim::counted;

use super::arguments::{Numbers, Situation, Visit, Work};
use super::{Failure, say};
use crate::catalogue::Place;
use crate::checker::{Checker, Effort};
use crate::judge::Property;
use crate::program;
use crate::scenario::{Overrides, Scenario, ScenarioError};
use crate::stage::{AnySubject, Subjects};

/// How many names a refusal lists.
const MOST_LISTED: usize = 8;

/// The subject of this name. Where there are few, a refusal lists them all.
pub(super) fn subject<'a>(subjects: &'a Subjects, name: &str) -> Result<&'a AnySubject, Failure> {
    let names = || subjects.iter().map(AnySubject::name);
    subjects.named(name).ok_or_else(|| {
        let mut failure = unknown("variant", "variants", name, names());
        if names().count() <= MOST_LISTED {
            let names: Vec<&str> = names().collect();
            failure.message.push_str(&format!(": {}", names.join(", ")));
        }
        failure
    })
}

/// The variant of this name, for a command that is about the built-in ones alone.
pub(super) fn variant(subjects: &Subjects, command: &str, name: &str) -> Result<Variant, Failure> {
    let subject = subject(subjects, name)?;
    if let Some(variant) = subject.variant() {
        return Ok(variant);
    }
    Err(Failure::usage(format!(
        "{command} knows the built-in variants alone, and {subject} comes from outside; `check` looks at its executions"
    )))
}

/// The checker of this name.
pub(super) fn checker(name: &str) -> Result<Checker, Failure> {
    let names = Checker::ALL.iter().map(|checker| checker.name());
    Checker::named(name).ok_or_else(|| unknown("checker", "checkers", name, names))
}

/// The property of this name.
pub(super) fn property(name: &str) -> Result<Property, Failure> {
    let names = Property::ALL.iter().map(|property| property.name());
    Property::named(name).ok_or_else(|| unknown("property", "properties", name, names))
}

/// The scenario, with the numbers of the command line.
pub(super) fn scenario(situation: &Situation) -> Result<Arc<Scenario>, Failure> {
    let Some(named) = &situation.scenario else {
        return Err(Failure::usage(format!(
            "which scenario? expected --scenario with a name or a file ({} list scenarios names them)",
            program::command()
        )));
    };
    scenario_named(named, &situation.numbers)
}

/// The scenario as the checkers play it. Where clients are drawn, says how many and with which seed.
fn drawn(scenario: &Arc<Scenario>) -> Result<Arc<Scenario>, Failure> {
    let drawn = scenario.as_played();
    let drawn = drawn.map_err(|error| Failure::of_scenario(&error))?;
    if let Some(time) = scenario.time.filter(|_| !scenario.arrivals.is_empty()) {
        say(&format!(
            "{} of {} are drawn, with seed {}",
            counted(drawn.clients.len() as u64, "client"),
            scenario.name,
            time.seed
        ));
    }
    Ok(drawn)
}

/// The scenario of this name or in this file, with the numbers of the command line.
pub(super) fn scenario_named(named: &str, numbers: &Numbers) -> Result<Arc<Scenario>, Failure> {
    drawn(&with_numbers(numbers, Scenario::open(named))?)
}

/// The scenario of this place, with the numbers of the command line.
pub(super) fn scenario_at(situation: &Situation, place: &Place) -> Result<Arc<Scenario>, Failure> {
    with_numbers(&situation.numbers, Ok(Scenario::clone(&place.build())))
}

fn with_numbers(
    numbers: &Numbers,
    scenario: Result<Scenario, ScenarioError>,
) -> Result<Arc<Scenario>, Failure> {
    let overrides = Overrides {
        clients: numbers.clients,
        idle_pool: numbers.idle_pool,
        max_connections: numbers.max_connections,
        creation_workers: numbers.creation_workers,
        spurious_wakes: numbers.spurious_wakes,
    };
    let scenario = scenario.and_then(|scenario| scenario.with(&overrides));
    scenario
        .map(Arc::new)
        .map_err(|error| Failure::of_scenario(&error))
}

/// The effort for `checker`, if the command line says nothing else: enough to be worth reading, and over
/// within a minute.
pub(super) fn effort(work: &Work, checker: Checker) -> Effort {
    let executions = match checker {
        Checker::Loom => 1_000_000,
        Checker::Std => 1_000,
        _ => 10_000,
    };
    Effort {
        seed: work.seed,
        executions: work.executions.unwrap_or(executions),
        time_limit: Some(time_limit(work)),
        cpu_limit: work.cpu_limit,
        ..Effort::default()
    }
}

/// After how many seconds to stop: each checker, and the waiting for a folder to which somebody else writes.
pub(super) fn time_limit(work: &Work) -> f64 {
    work.time_limit.unwrap_or(60.0)
}

impl Visit {
    /// Refuses what says something of states to a checker that visits none.
    pub(super) fn suits(&self, checker: Checker) -> Result<(), Failure> {
        let given = [
            ("--no-symmetry", self.no_symmetry),
            ("--max-states", self.max_states.is_some()),
            ("--memory-limit", self.memory_limit.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((option, _)) if !checker.visits_states() => Err(Failure::usage(format!(
                "{option} is for checkers that visit states, and {checker} runs executions; expected --checker \
                 {}, or no {option}",
                Checker::Exhaustive
            ))),
            _ => Ok(()),
        }
    }

    /// The effort with these limits.
    pub(super) fn applied(&self, effort: Effort) -> Effort {
        Effort {
            symmetry: !self.no_symmetry,
            max_states: self.max_states,
            memory_limit: self.memory_limit.map(|megabytes| megabytes * 1_000_000),
            ..effort
        }
    }
}

/// How many at a time: as many as there are processors, if the command line does not say.
pub(super) fn jobs(asked: Option<u32>) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(processors, |jobs| jobs as usize)
}

/// A failure that names the nearest name there is.
pub(super) fn unknown<'a>(
    what: &str,
    plural: &str,
    name: &str,
    names: impl Iterator<Item = &'a str>,
) -> Failure {
    let nearest = names
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(distance, known)| *distance <= known.len().max(3) / 2)
        .min();
    let hint = nearest.map_or_else(String::new, |(_, known)| {
        format!("; did you mean {known:?}?")
    });
    Failure::usage(format!(
        "there is no {what} {name:?}{hint} ({} list {plural} names them all)",
        program::command()
    ))
}
