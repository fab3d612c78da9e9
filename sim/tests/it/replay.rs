//! Repeating: seeds, schedules, and programs that are no longer the same.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use logon_core::primitives::{Monitor, Word};
use logon_sim::{
    Actors, BoundedPreemptions, Config, Divergence, DivergenceReason, End, Execution, Limits,
    RandomWalk, Replay, Schedule, SimMonitor, SimWord, Simulation, Stop,
};

/// Three clients that look and then write; `second` is the label of bob's second step.
fn clients(second: &'static str) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let counter: SimMonitor<u32> = Monitor::new("counter", 0);
        for name in ["alice", "bob", "carol"] {
            let counter = counter.clone();
            actors.spawn(name, "client", move || {
                let seen = counter.enter("look", |value| *value);
                let label = if name == "bob" { second } else { "write" };
                counter.enter(label, move |value| *value = seen + 1);
                counter.enter("look", |value| *value);
            });
        }
    }
}

fn recorded() -> Execution<std::convert::Infallible> {
    Simulation::default().run_once(&clients("write"), &mut RandomWalk::at(7, 3))
}

fn replay(
    program: &impl logon_sim::Program<Watch = ()>,
    schedule: &Schedule,
) -> Execution<std::convert::Infallible> {
    Simulation::default().run_once(program, &mut Replay::new(schedule))
}

fn divergence(execution: &Execution<std::convert::Infallible>) -> &Divergence {
    match &execution.end {
        End::Diverged(divergence) => divergence,
        other => panic!("the replay did not diverge: {other:?}"),
    }
}

#[test]
fn a_seed_gives_the_same_executions_twice_and_each_can_be_repeated_alone() {
    let program = clients("write");
    let config = Config {
        record_values: true,
        ..Config::default()
    };
    let run = || {
        let mut executions = Vec::new();
        Simulation::new(config).explore(
            &program,
            &mut RandomWalk::new(42),
            Limits::executions(50),
            |execution| {
                executions.push(format!("{execution:?}"));
                ControlFlow::Continue(())
            },
        );
        executions
    };
    let executions = run();
    assert_eq!(executions, run());
    let distinct: std::collections::BTreeSet<_> = executions.iter().collect();
    assert!(distinct.len() > 40, "only {} of 50 differ", distinct.len());
    for (number, execution) in executions.iter().enumerate() {
        let alone =
            Simulation::new(config).run_once(&program, &mut RandomWalk::at(42, number as u64));
        assert_eq!(&format!("{alone:?}"), execution);
    }
}

#[test]
fn the_random_walk_of_a_seed_never_changes() {
    let execution = recorded();
    let order: Vec<_> = execution.steps.iter().map(|step| &*step.name).collect();
    assert_eq!(
        order.join(" "),
        "carol bob carol bob carol bob alice alice alice"
    );
}

#[test]
fn a_recorded_execution_is_replayed_step_by_step() {
    let execution = recorded();
    let schedule = Schedule::from_execution(&execution);
    assert_eq!(replay(&clients("write"), &schedule), execution);
}

#[test]
fn a_schedule_survives_json() {
    let schedule = Schedule::from_execution(&recorded());
    let json = serde_json::to_string(&schedule).expect("a schedule is plain data");
    assert!(
        json.contains(r#""object":"counter","kind":"enter","nth":2"#),
        "{json}"
    );
    assert_eq!(
        serde_json::from_str::<Schedule>(&json).expect("what was written"),
        schedule
    );
    assert!(serde_json::from_str::<Schedule>(r#"{"steps":[],"more":1}"#).is_err());
}

#[test]
fn a_replay_ends_with_its_schedule_unless_it_runs_on() {
    let execution = recorded();
    let mut schedule = Schedule::from_execution(&execution);
    schedule.steps.truncate(4);
    let cut = replay(&clients("write"), &schedule);
    assert_eq!(cut.end, End::Abandoned);
    assert_eq!(cut.steps, execution.steps[..4]);
    let mut scheduler = Replay::new(&schedule).then_run_on();
    let whole = Simulation::default().run_once(&clients("write"), &mut scheduler);
    assert!(matches!(whole.end, End::Rest(_)));
    assert_eq!(whole.steps[..4], execution.steps[..4]);
    assert_eq!(whole.steps.len(), 9);
}

#[test]
fn a_renamed_step_diverges_where_it_is_scheduled() {
    let execution = recorded();
    let position = execution
        .steps
        .iter()
        .position(|step| &*step.name == "bob" && step.operation.label == "write")
        .expect("bob writes");
    let replayed = replay(&clients("overwrite"), &Schedule::from_execution(&execution));
    assert_eq!(replayed.steps.len(), position);
    let divergence = divergence(&replayed);
    assert_eq!(divergence.step, position + 1);
    assert_eq!(divergence.reason, DivergenceReason::OperationDiffers);
    assert_eq!(
        divergence.to_string(),
        format!(
            "diverged at step {}: the actor is about to do something else; expected bob: enter \
             `write` on `counter`, found bob: enter `overwrite` on `counter`",
            position + 1
        )
    );
}

#[test]
fn a_missing_actor_a_finished_actor_and_an_unexpected_actor_each_diverge() {
    let schedule = Schedule::from_execution(&recorded());

    let mut renamed = schedule.clone();
    renamed.steps[2].actor = "dave".to_owned();
    let replayed = replay(&clients("write"), &renamed);
    assert_eq!(divergence(&replayed).step, 3);
    assert_eq!(divergence(&replayed).reason, DivergenceReason::UnknownActor);

    let mut overlong = schedule.clone();
    overlong.steps.push(schedule.steps[8].clone());
    let replayed = replay(&clients("write"), &overlong);
    assert_eq!(divergence(&replayed).step, 10);
    assert_eq!(divergence(&replayed).reason, DivergenceReason::EndedEarly);

    let mut finished = schedule.clone();
    let first = finished.steps[0].clone();
    finished.steps.insert(8, first);
    let replayed = replay(&clients("write"), &finished);
    assert_eq!(divergence(&replayed).step, 9);
    assert_eq!(divergence(&replayed).reason, DivergenceReason::NotEnabled);

    let mut crowded = schedule;
    crowded.steps[0].enabled.push("dave".to_owned());
    let replayed = replay(&clients("write"), &crowded);
    assert_eq!(divergence(&replayed).step, 1);
    assert_eq!(
        divergence(&replayed).reason,
        DivergenceReason::EnabledDiffers
    );
}

#[test]
fn a_label_from_a_hidden_counter_is_reported_by_the_enumeration() {
    let counter = Rc::new(Cell::new(0));
    let program = move |actors: &mut Actors<'_>| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        for name in ["alice", "bob"] {
            let monitor = monitor.clone();
            let counter = Rc::clone(&counter);
            actors.spawn(name, "client", move || {
                monitor.enter("first", |value| *value += 1);
                counter.set(counter.get() + 1);
                let label = if counter.get() == 3 { "odd" } else { "even" };
                monitor.enter(label, |value| *value += 1);
            });
        }
    };
    let mut last = None;
    let exploration = Simulation::default().explore(
        &program,
        &mut BoundedPreemptions::unbounded(),
        Limits::none(),
        |execution| {
            last = Some(execution.clone());
            ControlFlow::Continue(())
        },
    );
    assert_eq!(
        (exploration.executions, exploration.stop),
        (2, Stop::Diverged)
    );
    assert!(!exploration.is_complete());
    let divergence = divergence(last.as_ref().expect("two executions")).clone();
    assert_eq!(
        (divergence.step, divergence.reason),
        (2, DivergenceReason::EnabledDiffers)
    );
    let text = divergence.to_string();
    assert!(
        text.contains("expected as in the execution before alice: enter `even`"),
        "{text}"
    );
    assert!(text.contains("found alice: enter `odd`"), "{text}");
}

#[test]
fn a_program_that_ends_early_the_second_time_is_reported_by_the_enumeration() {
    let starts = Cell::new(0);
    let program = |actors: &mut Actors<'_>| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        starts.set(starts.get() + 1);
        let steps = 3 - starts.get();
        for name in ["alice", "bob"] {
            let monitor = monitor.clone();
            actors.spawn(name, "client", move || {
                for _ in 0..steps {
                    monitor.enter("add", |value| *value += 1);
                }
                assert!(steps > 1, "the second start is broken");
            });
        }
    };
    let mut reasons = Vec::new();
    let exploration = Simulation::default().explore(
        &program,
        &mut BoundedPreemptions::unbounded(),
        Limits::none(),
        |execution| {
            if execution.steps.len() < 4 {
                let divergence = divergence(execution);
                reasons.push((divergence.step, divergence.reason));
                assert!(
                    divergence.to_string().ends_with("found an end (Fault)"),
                    "{divergence}"
                );
            }
            ControlFlow::Continue(())
        },
    );
    assert_eq!(exploration.stop, Stop::Diverged);
    assert_eq!(reasons, [(2, DivergenceReason::EndedEarly)]);
}

#[test]
fn a_load_reads_what_a_replay_lets_it_read() {
    let outcome = Rc::new(Cell::new(None));
    let seen = Rc::clone(&outcome);
    let program = move |actors: &mut Actors<'_>| {
        let word = Rc::new(SimWord::new("word", 0));
        let (written, seen) = (Rc::clone(&word), Rc::clone(&seen));
        actors.spawn("writer", "writer", move || {
            written.store("write", 1, Ordering::Relaxed);
        });
        actors.spawn("reader", "reader", move || {
            seen.set(Some(word.load("read", Ordering::Relaxed)));
        });
    };
    let sequential = Simulation::default().run_once(&program, &mut RandomWalk::at(1, 0));
    let schedule = Schedule::from_execution(&sequential);
    let read = schedule
        .steps
        .iter()
        .position(|step| step.label == "read")
        .expect("it reads")
        + 1;
    for value in [0, 1, 7] {
        let reads = BTreeMap::from([(read, value)]);
        let again =
            Simulation::default().run_once(&program, &mut Replay::new(&schedule).reading(reads));
        assert_eq!(outcome.get(), Some(value));
        assert_eq!(
            again.steps[read - 1].word.and_then(|word| word.read),
            Some(value)
        );
        assert_eq!(Schedule::from_execution(&again), schedule);
    }
}

/// What [`clients`] does, with a further step before bob's second and one after his last, and with the actors
/// spawned in this order.
fn changed(order: [&'static str; 3], further: &'static str) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let counter: SimMonitor<u32> = Monitor::new("counter", 0);
        for name in order {
            let counter = counter.clone();
            actors.spawn(name, "client", move || {
                let seen = counter.enter("look", |value| *value);
                if name == "bob" {
                    counter.enter(further, |value| *value);
                }
                counter.enter("write", move |value| *value = seen + 1);
                counter.enter("look", |value| *value);
                if name == "bob" {
                    counter.enter("take leave", |value| *value);
                }
            });
        }
    }
}

/// Who took which step, but for the further ones.
fn order(execution: &Execution<std::convert::Infallible>) -> Vec<String> {
    let without = ["take a breath", "take leave"];
    let steps = execution.steps.iter();
    steps
        .filter(|step| !without.contains(&step.operation.label))
        .map(|step| format!("{}: {}", step.name, step.operation))
        .collect()
}

#[test]
fn a_schedule_survives_a_step_that_it_does_not_know_and_says_which() {
    for number in 0..20 {
        let recorded =
            Simulation::default().run_once(&clients("write"), &mut RandomWalk::at(7, number));
        let schedule = Schedule::from_execution(&recorded);
        let program = changed(["alice", "bob", "carol"], "take a breath");
        let strict = replay(&program, &schedule);
        assert!(
            matches!(strict.end, End::Diverged(_)),
            "unless it is asked to"
        );

        let mut scheduler = Replay::new(&schedule).letting_pass_to_rest();
        let again = Simulation::default().run_once(&program, &mut scheduler);
        assert!(matches!(again.end, End::Rest(_)), "{:?}", again.end);
        assert_eq!(order(&again), order(&recorded));
        let passed: Vec<(usize, String)> = scheduler
            .passed()
            .iter()
            .map(|passed| (passed.before, passed.step.to_string()))
            .collect();
        let writes = recorded
            .steps
            .iter()
            .position(|step| &*step.name == "bob" && step.operation.label == "write")
            .expect("bob writes");
        let expected = [
            (
                writes + 1,
                "bob: enter `take a breath` on `counter`".to_owned(),
            ),
            (10, "bob: enter `take leave` on `counter`".to_owned()),
        ];
        assert_eq!(passed, expected);
    }
}

#[test]
fn a_schedule_survives_actors_in_another_order() {
    let recorded = recorded();
    let schedule = Schedule::from_execution(&recorded);
    for names in [["carol", "bob", "alice"], ["bob", "carol", "alice"]] {
        let mut scheduler = Replay::new(&schedule).letting_pass_to_rest();
        let program = changed(names, "take a breath");
        let again = Simulation::default().run_once(&program, &mut scheduler);
        assert_eq!(order(&again), order(&recorded));
        assert_eq!(scheduler.passed().len(), 2);
    }
}

#[test]
fn a_further_step_that_the_schedule_knows_still_diverges() {
    let schedule = Schedule::from_execution(&recorded());
    let program = changed(["alice", "bob", "carol"], "write");
    let mut scheduler = Replay::new(&schedule).letting_pass_to_rest();
    let again = Simulation::default().run_once(&program, &mut scheduler);
    let divergence = divergence(&again);
    assert_eq!(divergence.reason, DivergenceReason::OperationDiffers);
    assert!(
        divergence.to_string().ends_with(
            "expected bob: enter `look` on `counter`, time 2, found bob: enter `write` on `counter`, time 2"
        ),
        "{divergence}"
    );
    assert_eq!(scheduler.passed(), []);
}

#[test]
fn an_actor_that_only_takes_steps_the_schedule_does_not_know_diverges_at_a_limit() {
    let program = |actors: &mut Actors<'_>| {
        let counter: SimMonitor<u32> = Monitor::new("counter", 0);
        actors.spawn("alice", "client", move || {
            counter.enter("look", |value| *value);
            while counter.enter("spin", |value| *value) == 0 {}
        });
    };
    let mut first = Simulation::default().run_once(&program, &mut RandomWalk::at(1, 0));
    first.steps.truncate(1);
    let mut schedule = Schedule::from_execution(&first);
    schedule.steps.push(schedule.steps[0].clone());
    let mut scheduler = Replay::new(&schedule).letting_pass();
    let again = Simulation::default().run_once(&program, &mut scheduler);
    let divergence = divergence(&again);
    assert_eq!(
        (divergence.step, divergence.reason),
        (2, DivergenceReason::TooManyPassed)
    );
    assert_eq!(scheduler.passed().len(), logon_sim::MOST_PASSED);
}
