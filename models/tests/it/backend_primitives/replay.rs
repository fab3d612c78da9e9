//! A schedule recorded on one tool replays on every tool, and a replay that cannot follow says where.

use std::sync::{Arc, Mutex};

use logon_core::primitives::Monitor;
use logon_models::backend::{
    After, Divergence, GateStep, Loom, Recorder, Shuttle, Threading, Threads,
};
use logon_sim::OperationKind;
use shuttle::scheduler::{RandomScheduler, RoundRobinScheduler};

use crate::backend_primitives::programs::{Number, lost_wakeup, market, on_shuttle, panic_of};

/// What a replay ended with.
#[derive(Debug, PartialEq)]
struct Replay<T> {
    result: T,
    schedule: Vec<GateStep>,
    values: Vec<Option<u64>>,
    divergence: Option<Divergence>,
}

fn replay_of<T>(recorder: &Recorder, result: T) -> Replay<T> {
    Replay {
        result,
        schedule: recorder.schedule(),
        values: recorder.steps().iter().map(|step| step.value).collect(),
        divergence: recorder.divergence(),
    }
}

/// The same program on loom, on shuttle and on threads.
type OnEach<T> = [fn(&Arc<Recorder>) -> T; 3];

/// Runs one gated execution of a program on each tool.
fn replays<T: Send + 'static>(
    schedule: &[GateStep],
    after: After,
    programs: OnEach<T>,
) -> [Replay<T>; 3] {
    let [with_loom, with_shuttle, with_threads] = programs;
    let gated = || Recorder::gated(schedule.to_vec(), after);
    let recorder = gated();
    let result = with_threads(&recorder);
    [
        replay_on_loom(&gated(), with_loom),
        replay_on_shuttle(&gated(), with_shuttle),
        replay_of(&recorder, result),
    ]
}

fn replay_on_loom<T: Send + 'static>(
    recorder: &Arc<Recorder>,
    program: fn(&Arc<Recorder>) -> T,
) -> Replay<T> {
    let result = Arc::new(Mutex::new(None));
    let (inner, set) = (Arc::clone(recorder), Arc::clone(&result));
    Loom::once().check(move || *set.lock().expect("no panic") = Some(program(&inner)));
    let result = result.lock().expect("no panic").take();
    replay_of(recorder, result.expect("one execution"))
}

fn replay_on_shuttle<T: Send + 'static>(
    recorder: &Arc<Recorder>,
    program: fn(&Arc<Recorder>) -> T,
) -> Replay<T> {
    let result = Arc::new(Mutex::new(None));
    let (inner, set) = (Arc::clone(recorder), Arc::clone(&result));
    on_shuttle(RoundRobinScheduler::new(1), move || {
        *set.lock().expect("no panic") = Some(program(&inner));
    });
    let result = result.lock().expect("no panic").take();
    replay_of(recorder, result.expect("one execution"))
}

const MARKET: OnEach<(u64, u64)> = [market::<Loom>, market::<Shuttle>, market::<Threads>];

/// Recordings of the market on shuttle.
fn recordings(executions: usize) -> Vec<Replay<(u64, u64)>> {
    let recordings = Arc::new(Mutex::new(Vec::new()));
    let found = Arc::clone(&recordings);
    on_shuttle(RandomScheduler::new_from_seed(5, executions), move || {
        let recorder = Recorder::new();
        let result = market::<Shuttle>(&recorder);
        let mut found = found.lock().expect("no panic");
        found.push(replay_of(&recorder, result));
    });
    let mut recordings = recordings.lock().expect("no panic");
    std::mem::take(&mut recordings)
}

#[test]
fn recordings_of_shuttle_replay_on_every_tool() {
    let mut slept = 0;
    for recorded in recordings(60) {
        slept += usize::from(recorded.schedule.len() > 7);
        for replayed in replays(&recorded.schedule, After::RunFree, MARKET) {
            assert_eq!(replayed, recorded);
        }
    }
    assert!(
        slept > 0,
        "in some recordings the consumer sleeps and looks again"
    );
}

#[test]
fn recordings_of_threads_replay_on_every_tool() {
    for seed in 0..20 {
        let recorder = Recorder::noisy(seed);
        let result = market::<Threads>(&recorder);
        let recorded = replay_of(&recorder, result);
        for replayed in replays(&recorded.schedule, After::RunFree, MARKET) {
            assert_eq!(replayed, recorded);
        }
    }
}

#[test]
fn a_replay_stops_after_its_last_step() {
    for recorded in recordings(10) {
        for length in 0..recorded.schedule.len() {
            let schedule = &recorded.schedule[..length];
            for replayed in replays(schedule, After::Stop, MARKET) {
                assert_eq!(replayed.schedule, schedule);
                assert_eq!(replayed.divergence, None);
                let made = |step: &&GateStep| step.label == "make two";
                let made = schedule.iter().filter(made).count() as u64;
                assert!(replayed.result.0 <= 2 * made);
            }
        }
    }
}

#[test]
fn a_wrong_label_diverges_at_its_step() {
    for recorded in recordings(5) {
        for step in 0..recorded.schedule.len() {
            let mut schedule = recorded.schedule.clone();
            schedule[step].label = "another label".to_owned();
            for replayed in replays(&schedule, After::RunFree, MARKET) {
                let expected = Divergence {
                    step,
                    expected: schedule[step].clone(),
                    found: Some(recorded.schedule[step].clone()),
                };
                assert_eq!(replayed.divergence, Some(expected));
            }
        }
    }
}

#[test]
fn a_step_of_a_finished_actor_diverges_at_once() {
    for recorded in recordings(10) {
        let mut schedule = recorded.schedule;
        let last = schedule.iter().rposition(|step| step.actor == "bob");
        let step = last.expect("bob takes steps") + 1;
        let mut extra = schedule[step - 1].clone();
        extra.nth += 1;
        schedule.insert(step, extra.clone());
        for replayed in replays(&schedule, After::RunFree, MARKET) {
            let expected = Divergence {
                step,
                expected: extra.clone(),
                found: None,
            };
            assert_eq!(replayed.divergence, Some(expected));
        }
    }
}

#[test]
fn an_actor_that_never_comes_diverges_after_some_yields() {
    let mut schedule = recordings(1).remove(0).schedule;
    schedule[1].actor = "nobody".to_owned();
    let gated = || Recorder::gated(schedule.clone(), After::RunFree);
    for replayed in [
        replay_on_loom(&gated(), market::<Loom>),
        replay_on_shuttle(&gated(), market::<Shuttle>),
    ] {
        let divergence = replayed.divergence.expect("nobody never comes");
        assert_eq!((divergence.step, divergence.found), (1, None));
    }
}

/// Look, set, sleep: the wake-up is lost.
fn lost() -> Vec<GateStep> {
    let step = |actor: &str, kind, label: &str| GateStep {
        actor: actor.to_owned(),
        kind,
        object: "ready".to_owned(),
        label: label.to_owned(),
        nth: 1,
        chosen: None,
    };
    vec![
        step("sleeper", OperationKind::Enter, "look"),
        step("setter", OperationKind::Update, "set the flag"),
        step("sleeper", OperationKind::Sleep, "sleep"),
    ]
}

#[test]
fn a_lost_wakeup_replays_to_a_deadlock_on_loom() {
    let recorder = Recorder::gated(lost(), After::RunFree);
    let inner = Arc::clone(&recorder);
    let panicked = panic_of(|| {
        Loom::once().check(move || {
            for actor in lost_wakeup::<Loom>(&inner) {
                Loom::join(actor).expect("neither panics");
            }
        });
    });
    assert!(panicked.is_some_and(|message| message.starts_with("deadlock")));
    assert_eq!((recorder.schedule(), recorder.divergence()), (lost(), None));
}

#[test]
fn a_lost_wakeup_replays_to_a_deadlock_on_shuttle() {
    let recorder = Recorder::gated(lost(), After::RunFree);
    let inner = Arc::clone(&recorder);
    let panicked = panic_of(|| {
        on_shuttle(RoundRobinScheduler::new(1), move || {
            for actor in lost_wakeup::<Shuttle>(&inner) {
                Shuttle::join(actor).expect("neither panics");
            }
        });
    });
    assert!(panicked.is_some_and(|message| message.starts_with("deadlock")));
    assert_eq!((recorder.schedule(), recorder.divergence()), (lost(), None));
}

#[test]
fn a_lost_wakeup_replays_on_threads_and_is_unwound_by_a_stop() {
    let recorder = Recorder::gated(lost(), After::Stop);
    for actor in lost_wakeup::<Threads>(&recorder) {
        Threads::join(actor).expect("a stop is no panic");
    }
    assert_eq!((recorder.schedule(), recorder.divergence()), (lost(), None));
}

#[test]
fn a_lost_wakeup_is_stuck_at_rest_on_threads_until_it_is_stopped() {
    let recorder = Recorder::gated(lost(), After::RunFree);
    let actors = lost_wakeup::<Threads>(&recorder);
    Threads::await_rest(&recorder);
    assert_eq!(recorder.asleep(), [("sleeper".to_owned(), "ready")]);
    recorder.stop();
    for actor in actors {
        Threads::join(actor).expect("a stop is no panic");
    }
    assert_eq!((recorder.schedule(), recorder.divergence()), (lost(), None));
}

#[test]
fn a_recorder_that_is_reset_replays_again() {
    let recorder = Recorder::gated(vec![], After::Stop);
    for _ in 0..2 {
        let number: Arc<Number<Threads>> =
            recorder.building(|| Arc::new(Monitor::new("number", 0)));
        let touched = Arc::clone(&number);
        let actor = Threads::spawn(&recorder, "actor", move || {
            touched.enter("touch", |number| *number += 1);
        });
        Threads::join(actor).expect("a stop is no panic");
        assert_eq!(number.peek(|number| *number), 0);
        recorder.reset();
    }
}
