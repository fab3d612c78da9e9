//! `shuttle-exhaustive` against `exhaustive`: other primitives and other stack switching, and the same states.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::Variant;
use logon_core::primitives::{Monitor, Primitives};
use logon_models::backend::Shuttle;
use logon_models::catalogue::{self, Expectation};
use logon_models::checker::shuttle_exhaustive::{
    End, Onlooker, Question, Surveyed, survey, survey_scenario,
};
use logon_models::checker::{Checker, Effort, Progress, search};
use logon_models::judge::Violation;
use logon_models::scenario::{Overrides, Scenario, presets};
use logon_models::stage::Actor;
use logon_sim::{Actors, AtRest, Rest, Search, Sim, Space, SpaceEnd, Symmetry};

fn without_symmetry() -> Effort {
    Effort {
        symmetry: false,
        ..Effort::default()
    }
}

fn clients(preset: &str, clients: u32) -> Arc<Scenario> {
    let overrides = Overrides {
        clients: Some(clients),
        ..Overrides::default()
    };
    let scenario = Scenario::preset(preset).and_then(|scenario| scenario.with(&overrides));
    Arc::new(scenario.expect("the preset has as many clients as one likes"))
}

/// Both searches, which must agree in everything both of them know.
fn agree(variant: Variant, scenario: &Arc<Scenario>, effort: &Effort) -> Surveyed {
    // What is compared is the sets of states.
    let effort = &Effort {
        second_looks: false,
        ..effort.clone()
    };
    let own = search(&variant, scenario, effort, &mut |_| {
        ControlFlow::Continue(())
    });
    let hosted = survey_scenario(&variant, scenario, effort, &Progress::new())
        .unwrap_or_else(|fault| panic!("{variant} in {}: {fault}", scenario.name));
    let place = format!("{variant} in {}", scenario.name);
    same_sets(&place, &own, &hosted);
    match (&own.end, &hosted.end) {
        (SpaceEnd::Complete, End::Complete) => {}
        (
            SpaceEnd::Violated(evidence),
            End::Violated {
                violations,
                schedule,
            },
        ) => {
            assert_eq!(evidence.execution.verdict(), Some(violations), "{place}");
            let own_steps = evidence.execution.steps.iter();
            let own_steps: Vec<_> = own_steps
                .map(|step| (&*step.name, step.operation.kind, step.operation.label))
                .collect();
            let steps = schedule.steps.iter();
            let steps: Vec<_> = steps
                .map(|step| (&*step.actor, step.kind, &*step.label))
                .collect();
            assert_eq!(own_steps, steps, "{place}");
        }
        (own, hosted) => panic!("{place}: {own:?} here, {hosted:?} on shuttle"),
    }
    hosted
}

fn same_sets<V>(place: &str, own: &Space<V>, hosted: &Surveyed) {
    assert_eq!(own.progress.states, hosted.states, "{place}: states");
    assert_eq!(
        own.progress.transitions, hosted.transitions,
        "{place}: steps"
    );
    assert_eq!(own.fingerprint, hosted.fingerprint, "{place}: fingerprint");
    assert_eq!(own.depth, hosted.depth, "{place}: depth");
    assert_eq!(own.progress.rests, hosted.rests, "{place}: states at rest");
}

#[test]
fn the_fixed_algorithm_has_the_same_states_in_every_preset() {
    for preset in presets() {
        let preset = preset.scenario();
        if !Checker::ShuttleExhaustive.can_run(&preset) {
            assert!(preset.time.is_some(), "{}", preset.name);
            continue;
        }
        let two = preset.with(&Overrides {
            clients: Some(2),
            ..Overrides::default()
        });
        let scenario = Arc::new(two.unwrap_or(preset));
        let done = agree(Variant::Fixed, &scenario, &Effort::default());
        assert_eq!(done.end, End::Complete, "{}", scenario.name);
    }
}

#[test]
fn three_clients_have_the_same_states_with_symmetry_and_without() {
    let scenario = clients("q238186-default", 3);
    let merged = agree(Variant::Fixed, &scenario, &Effort::default());
    let all = agree(Variant::Fixed, &scenario, &without_symmetry());
    assert!(merged.compared > 0 && merged.states < all.states);
}

#[test]
fn each_defect_falls_by_the_same_steps_in_its_smallest_scenario() {
    for &defect in Variant::ALL.iter().filter(|variant| variant.is_defect()) {
        let place = catalogue::smallest(defect).expect("every defect has a smallest scenario");
        if place.build().time.is_some() {
            assert_eq!(defect, Variant::SetupStampede, "this search has no time");
            continue;
        }
        let expected = catalogue::expected(defect, &place, Checker::Exhaustive);
        let effort = Effort::default();
        let done = agree(defect, &place.build(), &effort);
        let is_found = matches!(done.end, End::Violated { .. });
        assert_eq!(
            is_found,
            matches!(expected, Expectation::Violated(_)),
            "{defect} in {place}"
        );
    }
}

#[test]
fn a_violation_that_does_not_count_ends_nothing() {
    let place = catalogue::smallest(Variant::TwoClaimants).expect("it has a smallest scenario");
    let effort = Effort {
        property: Some("no-false-refusal".to_owned()),
        ..Effort::default()
    };
    agree(Variant::TwoClaimants, &place.build(), &effort);
}

#[test]
fn both_stop_at_the_same_number_of_states() {
    let scenario = clients("q238186-default", 3);
    for most in [0, 1, 2, 10, 87, 687, 688] {
        let effort = Effort {
            max_states: Some(most),
            ..Effort::default()
        };
        let own = search(&Variant::Fixed, &scenario, &effort, &mut |_| {
            ControlFlow::Continue(())
        });
        let hosted = survey_scenario(&Variant::Fixed, &scenario, &effort, &Progress::new());
        let hosted = hosted.expect("nothing is wrong");
        assert_eq!(hosted.states, most);
        same_sets(&format!("{most} states"), &own, &hosted);
        let ended = match (own.end, hosted.end) {
            (SpaceEnd::Complete, End::Complete) => None,
            (SpaceEnd::Limit(own), End::Limit(hosted)) if own == hosted => Some(own),
            (own, hosted) => panic!("{most} states: {own:?} here, {hosted:?} on shuttle"),
        };
        assert_eq!(ended.is_some(), most < 688, "{ended:?}");
    }
}

#[test]
fn a_limit_of_time_is_reported() {
    let effort = Effort {
        time_limit: Some(0.0),
        ..Effort::default()
    };
    let scenario = clients("q238186-default", 2);
    let done = survey_scenario(&Variant::Fixed, &scenario, &effort, &Progress::new());
    let done = done.expect("nothing is wrong");
    assert!(matches!(done.end, End::Limit(_)), "{:?}", done.end);
}

/// Two clients count themselves in, in two steps: what was seen goes from the one to the other.
fn count<P: Primitives>(
    name: &'static str,
    counter: Arc<P::Monitor<u32>>,
    through: Through,
) -> Actor {
    let body = move || {
        let cell = Cell::new(0);
        let seen = match through {
            Through::Result => counter.enter("look", |count| *count),
            Through::Cell => {
                counter.enter("look", |count| cell.set(*count));
                cell.get()
            }
            Through::Scope => P::scope(|| {
                let first = counter.enter("look", |count| *count);
                counter.enter("look again", |count| *count).max(first)
            }),
            Through::Retry => P::retry(|| {
                let first = counter.enter("look", |count| *count);
                match counter.enter("look again", |count| *count) == first {
                    true => ControlFlow::Break(first),
                    false => ControlFlow::Continue(()),
                }
            }),
            Through::CellOfScope => {
                P::scope(|| cell.set(counter.enter("look", |count| *count)));
                cell.get()
            }
        };
        counter.enter("write", move |count| *count = seen + 1);
    };
    Actor {
        is_idle: false,
        name: name.to_owned(),
        class: "client".to_owned(),
        body: Box::new(body),
    }
}

#[derive(Clone, Copy)]
enum Through {
    Result,
    Cell,
    /// What is seen in between is forgotten.
    Scope,
    /// As often as it takes for two looks to see the same; what was seen before is forgotten.
    Retry,
    /// It leaves a scope by another way.
    CellOfScope,
}

/// Sees nothing wrong, and keeps the objects alive.
struct Keeper<T>(T);

impl<T> Onlooker for Keeper<T> {
    fn in_state(&self) -> Vec<Violation> {
        Vec::new()
    }

    fn at_rest(&self) -> Vec<Violation> {
        Vec::new()
    }
}

fn question(check_one_in: u32) -> Question {
    Question {
        symmetry: Symmetry::new(),
        counts: Box::new(|_| true),
        check_one_in,
        seed: 1,
        max_states: None,
        monitor: Box::new(|_| ControlFlow::Continue(())),
    }
}

fn counting_on_shuttle(through: Through, check_one_in: u32) -> Surveyed {
    let program = move || -> (Box<dyn Onlooker>, Vec<Actor>) {
        let counter = Arc::new(Monitor::new("counter", 0));
        let actors =
            ["alice", "bob"].map(|name| count::<Shuttle>(name, Arc::clone(&counter), through));
        (Box::new(Keeper(counter)), actors.into())
    };
    survey(program, question(check_one_in), &Progress::new()).expect("nobody panics")
}

fn counting_here(through: Through) -> Space<()> {
    let program = move |actors: &mut Actors<'_>| {
        let counter = Arc::new(Monitor::new("counter", 0));
        for name in ["alice", "bob"] {
            let actor = count::<Sim>(name, Arc::clone(&counter), through);
            actors.spawn(actor.name, actor.class, actor.body);
        }
        AtRest(|_: &Rest| None::<()>)
    };
    Search {
        symmetry: Some(Symmetry::new()),
        check_one_in: 0,
        ..Search::default()
    }
    .run(&program)
}

#[test]
fn a_program_that_keeps_the_rules_agrees() {
    for through in [Through::Result, Through::Scope, Through::Retry] {
        let hosted = counting_on_shuttle(through, 1);
        same_sets("counting", &counting_here(through), &hosted);
        assert_eq!(hosted.end, End::Complete);
    }
}

#[test]
fn a_captured_cell_is_noticed() {
    for through in [Through::Cell, Through::CellOfScope] {
        let hosted = counting_on_shuttle(through, 1);
        assert!(matches!(hosted.end, End::Fault(_)), "{:?}", hosted.end);
    }
}

#[test]
fn a_program_that_panics_is_a_fault() {
    let program = || -> (Box<dyn Onlooker>, Vec<Actor>) {
        let door = Arc::new(<Shuttle as Primitives>::Monitor::new("door", false));
        let kept = Arc::clone(&door);
        let body = move || {
            let open = door.enter("look", |open| *open);
            assert!(open, "the door is shut");
        };
        let actor = Actor {
            is_idle: false,
            name: "alice".to_owned(),
            class: "client".to_owned(),
            body: Box::new(body),
        };
        (Box::new(Keeper(kept)), vec![actor])
    };
    let fault = survey(program, question(1), &Progress::new()).expect_err("alice panics");
    assert!(fault.to_string().contains("the door is shut"), "{fault}");
}
