//! The kept counterexamples replay: the same steps, the same facts and the same verdict on the own runtime,
//! the same steps and the same verdict on shuttle, on loom and on real threads.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use logon_core::Variant;
use logon_models::catalogue;
use logon_models::checker::{Checker, Effort, exhaustive};
use logon_models::explain::{Diligence, explain};
use logon_models::gated::{self, Tool};
use logon_models::scenario::Scenario;
use logon_models::trace::{Record, Recorded, Trace, record};
use logon_sim::Replay;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("counterexamples")
}

/// Every kept counterexample, with the variant and the scenario it is about.
fn kept() -> Vec<(Trace, Variant, Arc<Scenario>)> {
    let entries = std::fs::read_dir(folder()).expect("the folder is part of the repository");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable").path())
        .collect();
    files.sort();
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).expect("readable");
        let trace =
            Trace::parse(&text, &file.display().to_string()).expect("a kept trace is a trace");
        assert_eq!(
            trace.to_json(),
            text,
            "{}: written as it would be written now",
            file.display()
        );
        assert_eq!(
            trace.fingerprint,
            trace.expected_fingerprint(),
            "{}",
            file.display()
        );
        let variant = Variant::named(&trace.variant).expect("its variant exists");
        let scenario = Scenario::parse(&trace.scenario.toml, &trace.scenario.name);
        (
            trace,
            variant,
            Arc::new(scenario.expect("its scenario makes sense")),
        )
    };
    files.iter().map(read).collect()
}

/// Those that can be followed under sequential consistency: the variant, the scenario, and a replay.
pub(crate) fn kept_to_replay() -> Vec<(Variant, Arc<Scenario>, Replay)> {
    let strong = kept()
        .into_iter()
        .filter(|(trace, ..)| !trace.needs_weak_memory);
    strong
        .map(|(trace, variant, scenario)| (variant, scenario, Replay::new(&trace.schedule())))
        .collect()
}

fn property(trace: &Trace) -> Option<&str> {
    trace
        .violation
        .as_ref()
        .map(|violation| violation.property.as_str())
}

#[test]
fn every_defect_has_one() {
    let kept: Vec<Variant> = kept().into_iter().map(|(_, variant, _)| variant).collect();
    for defect in Variant::ALL.iter().filter(|variant| variant.is_defect()) {
        assert!(
            kept.contains(defect),
            "no counterexample of {defect} is kept"
        );
    }
}

#[test]
fn each_is_the_smallest_execution_with_all_that_is_worked_out_about_it() {
    for (trace, variant, scenario) in kept()
        .into_iter()
        .filter(|(trace, ..)| !trace.needs_weak_memory)
    {
        let smallest = catalogue::smallest(variant).map(|place| place.build());
        // What the preset reaches is said of the right algorithm, and not in a trace.
        let smallest = smallest.map(|smallest| Scenario {
            reaches: BTreeSet::new(),
            ..Scenario::clone(&smallest)
        });
        assert_eq!(smallest.as_ref(), Some(&*scenario), "{variant}");
        let outcome = exhaustive(&variant, &scenario, &Effort::default())
            .unwrap_or_else(|fault| panic!("{variant}: {fault}"));
        let finding = outcome.finding.expect("its smallest place shows it");
        let checker = Checker::Exhaustive;
        let again = explain(&variant, &scenario, &finding, checker, Diligence::default())
            .unwrap_or_else(|fault| panic!("{variant}: {fault}"));
        assert_eq!(
            without_lines(again).to_json(),
            without_lines(trace).to_json(),
            "{variant}"
        );
        let seconds = outcome.cpu_seconds;
        assert!(seconds < 1.0, "{variant}: {seconds} s of processor time");
    }
}

/// What passes instead moves a step of somebody whom the reason names, wherever something passes that does.
#[test]
fn the_nearest_passing_execution_of_each_leaves_bystanders_alone() {
    for (trace, variant, _) in kept() {
        let explanation = trace.explanation.as_ref().expect("kept with its reason");
        let actor = |step: usize| trace.steps[step - 1].actor.as_str();
        let named: BTreeSet<&str> = explanation
            .conflict
            .iter()
            .map(|&step| actor(step))
            .collect();
        let moves = explanation.near.iter().flat_map(|near| &near.moves);
        for moved in moves {
            assert!(named.contains(actor(moved.step)), "{variant}: {moved:?}");
        }
    }
}

#[test]
fn each_replays_on_the_own_runtime_to_the_same_bytes() {
    for (trace, variant, scenario) in kept() {
        let mut replay = Replay::new(&trace.schedule()).reading(trace.weak_reads());
        let replayed = record(&variant, &scenario, &mut replay, &trace.checker);
        let (mut again, recorded) = (replayed.trace, replayed.end);
        again.needs_weak_memory = trace.needs_weak_memory;
        again.explanation.clone_from(&trace.explanation);
        assert_eq!(recorded, Recorded::Ended, "{variant}");
        assert_eq!(
            without_lines(again).to_json(),
            without_lines(trace).to_json(),
            "{variant}"
        );
    }
}

/// The trace without the places in the source, which move with every line added above them.
fn without_lines(mut trace: Trace) -> Trace {
    trace
        .steps
        .iter_mut()
        .for_each(|step| step.location.clear());
    trace
}

fn replays_on(tool: Tool) {
    for (trace, variant, scenario) in kept()
        .into_iter()
        .filter(|(trace, ..)| !trace.needs_weak_memory)
    {
        if tool == Tool::Loom && scenario.actor_count() > 4 {
            continue;
        }
        let at_rest = !trace.waiting.is_empty();
        let again = gated::replay(tool, &variant, &scenario, &trace.schedule(), at_rest)
            .unwrap_or_else(|fault| panic!("{variant} on {tool:?}: {fault}"));
        assert_eq!(again.divergence, None, "{variant} on {tool:?}");
        assert_eq!(again.surplus, None, "{variant} on {tool:?}");
        let steps = again
            .steps
            .iter()
            .map(|step| (&step.actor, step.label, step.nth, step.asleep));
        let kept = trace
            .steps
            .iter()
            .map(|step| (&step.actor, step.label.as_str(), step.nth, step.asleep));
        assert!(steps.eq(kept), "{variant} on {tool:?}: other steps");
        let fell = again
            .violations
            .first()
            .map(|violation| violation.property.name());
        assert_eq!(fell, property(&trace), "{variant} on {tool:?}");
    }
}

#[test]
fn each_replays_on_shuttle() {
    replays_on(Tool::Shuttle);
}

#[test]
fn each_replays_on_loom() {
    replays_on(Tool::Loom);
}

#[test]
fn each_replays_on_real_threads() {
    replays_on(Tool::Threads);
}

#[test]
fn none_is_a_counterexample_to_the_fixed_algorithm() {
    for (trace, variant, scenario) in kept() {
        let mut replay = Replay::new(&trace.schedule()).then_run_on();
        let Record {
            trace: again,
            end: recorded,
            ..
        } = record(&Variant::Fixed, &scenario, &mut replay, "replay");
        assert_eq!(
            again.violation, None,
            "the schedule of {variant} breaks the fixed algorithm"
        );
        let parted = matches!(recorded, Recorded::Diverged(_));
        assert!(
            parted || recorded == Recorded::Ended,
            "{variant}: {recorded:?}"
        );
    }
}

#[test]
fn a_changed_scenario_makes_a_replay_diverge_at_a_step_that_is_named() {
    for (trace, variant, scenario) in kept()
        .into_iter()
        .filter(|(trace, ..)| !trace.needs_weak_memory)
    {
        let mut changed = (*scenario).clone();
        changed.server.logons_enabled = false;
        let mut replay = Replay::new(&trace.schedule());
        let Record {
            trace: again,
            end: recorded,
            ..
        } = record(&variant, &Arc::new(changed), &mut replay, "replay");
        let other_facts = again
            .steps
            .iter()
            .zip(&trace.steps)
            .any(|(now, then)| now.facts != then.facts);
        let diverged = match &recorded {
            Recorded::Diverged(divergence) => divergence.step <= trace.steps.len(),
            _ => other_facts,
        };
        assert!(diverged, "{variant}: {recorded:?}");
    }
}

#[test]
fn the_one_that_needs_a_weak_memory_cannot_be_followed_under_sequential_consistency() {
    let weak: Vec<_> = kept()
        .into_iter()
        .filter(|(trace, ..)| trace.needs_weak_memory)
        .collect();
    assert_eq!(weak.len(), 1, "relaxed-publication is the only one");
    for (trace, variant, scenario) in weak {
        let mut replay = Replay::new(&trace.schedule());
        let Record { end: recorded, .. } = record(&variant, &scenario, &mut replay, "replay");
        assert!(
            matches!(recorded, Recorded::Diverged(_)),
            "{variant}: {recorded:?}"
        );
    }
}
