//! One file for each defect, replayed on everything that replays: the same steps, the same verdict. Where that cannot
//! be, this page says why, and objects when it can.

use std::sync::{Arc, OnceLock};

use logon_core::Variant;
use logon_models::catalogue;
use logon_models::checker::{Checker, Effort, Progress};
use logon_models::explain::{Diligence, explain};
use logon_models::gated::Tool;
use logon_models::replay::{On, Replayed, replay};
use logon_models::scenario::Scenario;
use logon_models::trace::Trace;

/// What cannot be replayed, and why.
const EXCEPTIONS: [(Variant, Tool, &str); 2] = [
    (
        Variant::RelaxedPublication,
        Tool::Shuttle,
        "shuttle is sequentially consistent: its loads read the latest value",
    ),
    (
        Variant::RelaxedPublication,
        Tool::Threads,
        "a load reads what the machine has, and each step in its turn that is the latest value",
    ),
];

fn why_not(defect: Variant, on: On) -> Option<&'static str> {
    let excepted = EXCEPTIONS
        .iter()
        .find(|(variant, tool, _)| *variant == defect && On::Tool(*tool) == on);
    excepted.map(|(_, _, reason)| *reason)
}

/// Whether a tool holds the actors of a scenario. Loom holds four, and who lets time pass and who loses patience are two.
fn holds(on: On, scenario: &Scenario) -> bool {
    on != On::Tool(Tool::Loom) || scenario.actor_count() <= 4
}

/// The trace of every defect in its smallest place, written and read again, with its scenario.
fn traces() -> &'static [(Variant, Trace, Arc<Scenario>)] {
    static TRACES: OnceLock<Vec<(Variant, Trace, Arc<Scenario>)>> = OnceLock::new();
    TRACES.get_or_init(|| {
        let defects = Variant::ALL.iter().filter(|variant| variant.is_defect());
        defects.map(|&defect| trace(defect)).collect()
    })
}

fn trace(defect: Variant) -> (Variant, Trace, Arc<Scenario>) {
    let place = catalogue::smallest(defect).expect("the catalogue has a smallest place");
    let scenario = place.build();
    // What needs a weak memory, loom alone finds.
    let checker = match defect {
        Variant::RelaxedPublication => Checker::Loom,
        _ => Checker::Exhaustive,
    };
    let effort = Effort {
        executions: 1_000_000,
        ..Effort::default()
    };
    let outcome = checker.run(&defect, &scenario, &effort, &Progress::new());
    let outcome = outcome.unwrap_or_else(|fault| panic!("{defect}: {fault}"));
    let finding = outcome.finding.expect("its smallest place shows it");
    let trace = explain(&defect, &scenario, &finding, checker, Diligence::default());
    let trace = trace.unwrap_or_else(|fault| panic!("{defect}: {fault}"));
    let read = Trace::parse(&trace.to_json(), defect.name()).expect("a trace");
    let scenario = Scenario::parse(&read.scenario.toml, defect.name()).expect("a scenario");
    (defect, read, Arc::new(scenario))
}

/// In what a replay is not the recorded execution, if in anything.
fn objection(trace: &Trace, replayed: &Replayed) -> Option<String> {
    if let Some(parting) = replayed.parting.as_ref().or(replayed.difference.as_ref()) {
        return Some(format!("{parting:?}"));
    }
    if !replayed.passed.is_empty() {
        return Some(format!("let pass {:?}", replayed.passed));
    }
    // Places in the source and all.
    (replayed.trace != *trace).then(|| "another trace".to_owned())
}

#[test]
fn every_defect_replays_everywhere_but_where_an_exception_says_why_not() {
    let mut table = String::new();
    let mut wrong = Vec::new();
    for (defect, trace, scenario) in traces() {
        table.push_str(&format!("{:<22}", defect.name()));
        for on in On::ALL {
            if !holds(on, scenario) {
                assert_eq!(*defect, Variant::SetupStampede, "loom holds four actors");
                table.push_str(&format!("{:>12}", "too many"));
                continue;
            }
            let replayed = replay(trace, defect, scenario, on, None);
            let replayed = replayed.unwrap_or_else(|fault| panic!("{defect} on {on}: {fault}"));
            let objection = objection(trace, &replayed);
            let cell = match (&objection, why_not(*defect, on)) {
                (None, None) => format!("{} steps", trace.steps.len()),
                (Some(_), Some(_)) => "excepted".to_owned(),
                (Some(objection), None) => {
                    wrong.push(format!("{defect} on {on}: {objection}"));
                    "WRONG".to_owned()
                }
                (None, Some(reason)) => {
                    wrong.push(format!(
                        "{defect} replays on {on}; it was said not to: {reason}"
                    ));
                    "REPLAYS".to_owned()
                }
            };
            table.push_str(&format!("{cell:>12}"));
        }
        table.push('\n');
    }
    println!(
        "{:<22}{:>12}{:>12}{:>12}{:>12}",
        "", "sim", "shuttle", "loom", "std"
    );
    println!("{table}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(traces().len(), 20);
}

#[test]
fn a_schedule_goes_by_names_and_not_by_the_order_of_the_cast() {
    let mut reversed = 0;
    for (defect, trace, scenario) in traces() {
        let mut other = Scenario::clone(scenario);
        if other.clients.len() < 2 {
            continue;
        }
        reversed += 1;
        other.clients.reverse();
        let other = Arc::new(other);
        for on in On::ALL {
            if why_not(*defect, on).is_some() || !holds(on, &other) {
                continue;
            }
            let replayed = replay(trace, defect, &other, on, None).expect("no fault");
            assert_eq!(replayed.parting, None, "{defect} on {on}");
            assert_eq!(replayed.difference, None, "{defect} on {on}");
            assert_eq!(
                replayed.trace.violation, trace.violation,
                "{defect} on {on}"
            );
        }
    }
    assert!(reversed > 5, "only {reversed} have two clients");
}

#[test]
fn the_fixed_algorithm_parts_from_every_defect_or_holds_on_every_tool() {
    for (defect, trace, scenario) in traces() {
        for on in On::ALL.into_iter().filter(|on| holds(*on, scenario)) {
            let replayed = replay(trace, &Variant::Fixed, scenario, on, None).expect("no fault");
            assert_eq!(replayed.trace.violation, None, "{defect} on {on}");
            assert_eq!(replayed.passed, [], "{defect} on {on}");
        }
    }
}
