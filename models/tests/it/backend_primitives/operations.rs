//! Read-modify-writes, choices and conditions on every tool: what each finds, what replays, and what is refused.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use logon_core::primitives::{
    Chance, Choosing, Condition, Latch, Monitor, Primitives, ReadWriteLock, Wake, Word,
};
use logon_models::backend::{After, GateStep, Loom, Recorder, Shuttle, Threading, Threads};
use logon_sim::Chosen;
use shuttle::scheduler::{RandomScheduler, RoundRobinScheduler};

use crate::backend_primitives::programs::{Outcomes, on_loom, on_shuttle, panic_of};

/// Two actors add and swap. Returns what the swap found and what is left.
fn arithmetic<P: Threading>(recorder: &Arc<Recorder>) -> (u64, u64) {
    let word = recorder.building(|| Arc::new(P::Word::new("word", u64::MAX)));
    let found = Arc::new(Mutex::new(0));
    let adder = {
        let word = Arc::clone(&word);
        P::spawn(recorder, "adder", move || {
            word.fetch_add("add two", 2, Ordering::AcqRel);
        })
    };
    let swapper = {
        let (word, found) = (Arc::clone(&word), Arc::clone(&found));
        P::spawn(recorder, "swapper", move || {
            let before = word.swap("swap", 10, Ordering::AcqRel);
            *found.lock().expect("nobody panics with it") = before;
        })
    };
    P::join(adder).expect("adding does not panic");
    P::join(swapper).expect("swapping does not panic");
    let found = *found.lock().expect("nobody panics with it");
    (found, word.peek())
}

const ARITHMETIC: [(u64, u64); 2] = [(1, 10), (u64::MAX, 12)];

#[test]
fn an_addition_and_a_swap_come_in_either_order_on_every_tool() {
    let found = Outcomes::new();
    let seen = found.share();
    on_loom(move || seen.add(arithmetic::<Loom>(&Recorder::new())));
    assert_eq!(found.all(), ARITHMETIC);
    let found = Outcomes::new();
    let seen = found.share();
    on_shuttle(RandomScheduler::new_from_seed(1, 100), move || {
        seen.add(arithmetic::<Shuttle>(&Recorder::new()));
    });
    assert_eq!(found.all(), ARITHMETIC);
    for seed in 0..20 {
        assert!(ARITHMETIC.contains(&arithmetic::<Threads>(&Recorder::noisy(seed))));
    }
}

const COME: Condition = Condition("somebody came");

/// Two sleepers on one condition, and one who wakes one of them, and then the other one. Returns who went first.
fn sleepers<P: Threading>(recorder: &Arc<Recorder>) -> Vec<u64> {
    let state: Arc<P::Monitor<(u32, Vec<u64>)>> =
        recorder.building(|| Arc::new(Monitor::new("state", (0, Vec::new()))));
    for name in ["one", "two", "waker"] {
        recorder.expect_actor(name);
    }
    let sleep = |name, number| {
        let state = Arc::clone(&state);
        P::spawn(recorder, name, move || {
            state.wait_on("wait", COME, |(open, went)| {
                let left = open.checked_sub(1)?;
                *open = left;
                went.push(number);
                Some(((), Wake::Nobody))
            });
        })
    };
    let actors = [sleep("one", 1), sleep("two", 2)];
    let waker = {
        let state = Arc::clone(&state);
        P::spawn(recorder, "waker", move || {
            for _ in 0..2 {
                state.change("wake one", |(open, _)| {
                    *open += 1;
                    ((), Wake::One(COME))
                });
            }
        })
    };
    for actor in actors.into_iter().chain([waker]) {
        P::join(actor).expect("nobody panics");
    }
    state.peek(|(_, went)| went.clone())
}

/// Every way in which two may go.
const EITHER: [[u64; 2]; 2] = [[1, 2], [2, 1]];

#[test]
fn whom_a_step_wakes_is_recorded_on_shuttle_and_replayed_on_every_tool() {
    let recordings = Arc::new(Mutex::new(Vec::new()));
    let found = Arc::clone(&recordings);
    on_shuttle(RandomScheduler::new_from_seed(5, 100), move || {
        let recorder = Recorder::new();
        let went = sleepers::<Shuttle>(&recorder);
        let mut found = found.lock().expect("no panic");
        found.push((recorder.schedule(), went));
    });
    let recordings = recordings.lock().expect("no panic");
    let chose = |name: &str| {
        let chosen = Some(Chosen::Woken(name.to_owned()));
        let of_two = |steps: &[GateStep]| {
            let asleep = steps.iter().take_while(|step| step.label != "wake one");
            let asleep = asleep.filter(|step| step.label == "wait").count();
            let first = steps.iter().find(|step| step.label == "wake one");
            asleep == 2 && first.is_some_and(|step| step.chosen == chosen)
        };
        recordings.iter().filter(|(steps, _)| of_two(steps)).count()
    };
    assert!(
        chose("one") > 0 && chose("two") > 0,
        "either is woken first"
    );
    for (schedule, went) in recordings.iter() {
        assert!(EITHER.map(Vec::from).contains(went));
        let gated = || Recorder::gated(schedule.clone(), After::RunFree);
        let recorder = gated();
        assert_eq!(sleepers::<Threads>(&recorder), *went);
        assert_eq!(recorder.schedule(), *schedule);
        assert_eq!(recorder.divergence(), None);
        let recorder = gated();
        let inner = Arc::clone(&recorder);
        Loom::once().check(move || drop(sleepers::<Loom>(&inner)));
        assert_eq!(
            (&recorder.schedule(), recorder.divergence()),
            (schedule, None)
        );
        let recorder = gated();
        let inner = Arc::clone(&recorder);
        on_shuttle(RoundRobinScheduler::new(1), move || {
            drop(sleepers::<Shuttle>(&inner));
        });
        assert_eq!(
            (&recorder.schedule(), recorder.divergence()),
            (schedule, None)
        );
    }
}

#[test]
fn whom_of_several_a_step_wakes_is_refused_by_name_on_loom() {
    let refusal = panic_of(|| {
        on_loom(|| drop(sleepers::<Loom>(&Recorder::new())));
    });
    let refusal = refusal.expect("loom cannot try both");
    assert!(
        refusal.contains("`somebody came` of `state` is refused"),
        "{refusal}"
    );
}

/// Two on a condition each, of whom the one wakes the other as it goes on.
fn relay<P: Threading>(recorder: &Arc<Recorder>) -> u32 {
    const FIRST: Condition = Condition("first");
    const SECOND: Condition = Condition("second");
    let state: Arc<P::Monitor<u32>> = recorder.building(|| Arc::new(Monitor::new("state", 0)));
    let run = |name, on, from, wake| {
        let state = Arc::clone(&state);
        P::spawn(recorder, name, move || {
            state.wait_on("run", on, |state| {
                (*state == from).then(|| {
                    *state += 1;
                    ((), wake)
                })
            });
        })
    };
    let second = run("second", SECOND, 2, Wake::Everybody);
    let first = run("first", FIRST, 1, Wake::One(SECOND));
    let starter = {
        let state = Arc::clone(&state);
        P::spawn(recorder, "starter", move || {
            state.change("start", |state| {
                *state = 1;
                ((), Wake::All(FIRST))
            });
        })
    };
    for actor in [second, first, starter] {
        P::join(actor).expect("nobody panics");
    }
    state.peek(|state| *state)
}

#[test]
fn a_wait_wakes_the_next_one_as_it_goes_on_on_every_tool() {
    let executions = on_loom(|| assert_eq!(relay::<Loom>(&Recorder::new()), 3));
    assert!(executions > 1);
    on_shuttle(RandomScheduler::new_from_seed(2, 200), || {
        assert_eq!(relay::<Shuttle>(&Recorder::new()), 3);
    });
    for seed in 0..20 {
        assert_eq!(relay::<Threads>(&Recorder::noisy(seed)), 3);
    }
}

/// One who chooses. Returns what it chose.
fn chooser<P: Threading + Choosing>(recorder: &Arc<Recorder>) -> u32 {
    let chance = recorder.building(|| Arc::new(P::Chance::new("weather")));
    let chosen = Arc::new(Mutex::new(0));
    let set = Arc::clone(&chosen);
    let actor = P::spawn(recorder, "chooser", move || {
        let value = chance.choose("choose", 3);
        *set.lock().expect("nobody panics with it") = value;
    });
    P::join(actor).expect("choosing does not panic");
    *chosen.lock().expect("nobody panics with it")
}

#[test]
fn every_value_is_drawn_and_replayed_on_the_tools_that_offer_choices() {
    let found = Outcomes::new();
    let seen = found.share();
    on_shuttle(RandomScheduler::new_from_seed(3, 60), move || {
        let recorder = Recorder::new();
        let value = chooser::<Shuttle>(&recorder);
        assert_eq!(recorder.steps()[0].chosen, Some(Chosen::Value(value)));
        seen.add(value);
    });
    assert_eq!(found.all(), [0, 1, 2]);
    let drawn = Outcomes::new();
    for seed in 0..30 {
        let recorder = Recorder::noisy(seed);
        let value = chooser::<Threads>(&recorder);
        drawn.add(value);
        let gated = || Recorder::gated(recorder.schedule(), After::RunFree);
        let replayed = gated();
        assert_eq!(chooser::<Threads>(&replayed), value);
        assert_eq!(replayed.divergence(), None);
        let replayed = gated();
        let inner = Arc::clone(&replayed);
        on_shuttle(RoundRobinScheduler::new(1), move || {
            assert_eq!(chooser::<Shuttle>(&inner), value);
        });
        assert_eq!(replayed.divergence(), None);
    }
    assert_eq!(drawn.all(), [0, 1, 2]);
}

#[test]
fn a_value_that_cannot_be_chosen_diverges() {
    let recorder = Recorder::new();
    chooser::<Threads>(&recorder);
    let mut schedule = recorder.schedule();
    schedule[0].chosen = Some(Chosen::Value(3));
    let replayed = Recorder::gated(schedule, After::RunFree);
    chooser::<Threads>(&replayed);
    assert_eq!(
        replayed.divergence().map(|divergence| divergence.step),
        Some(0)
    );
}

/// A writer and a reader of two numbers that belong together, and one who joins them.
fn library<P: Threading>(recorder: &Arc<Recorder>) -> (u64, u64) {
    type Pair<P> = (
        ReadWriteLock<P>,
        <P as Primitives>::Monitor<(u64, u64)>,
        Latch<P>,
    );
    let build = || {
        let lock = ReadWriteLock::new("lock");
        let pair: Pair<P> = (lock, Monitor::new("pair", (0, 0)), Latch::new("read"));
        Arc::new(pair)
    };
    let shared = recorder.building(build);
    let seen = Arc::new(Mutex::new((0, 0)));
    let writer = {
        let shared = Arc::clone(&shared);
        P::spawn(recorder, "writer", move || {
            shared.0.acquire_write("acquire");
            shared.1.enter("write one", |pair| pair.0 = 1);
            shared.1.enter("write the other", |pair| pair.1 = 1);
            shared.0.release_write("release");
            shared.2.wait("join the reader");
        })
    };
    let reader = {
        let (shared, seen) = (Arc::clone(&shared), Arc::clone(&seen));
        P::spawn(recorder, "reader", move || {
            shared.0.acquire_read("acquire");
            let pair = shared.1.enter("read", |pair| *pair);
            shared.0.release_read("release");
            shared.2.open("end");
            *seen.lock().expect("nobody panics with it") = pair;
        })
    };
    P::join(writer).expect("nobody panics");
    P::join(reader).expect("nobody panics");
    *seen.lock().expect("nobody panics with it")
}

#[test]
fn a_reader_never_sees_half_of_what_a_writer_writes_on_every_tool() {
    let whole = [(0, 0), (1, 1)];
    let found = Outcomes::new();
    let seen = found.share();
    on_loom(move || seen.add(library::<Loom>(&Recorder::new())));
    assert_eq!(found.all(), whole);
    let found = Outcomes::new();
    let seen = found.share();
    on_shuttle(RandomScheduler::new_from_seed(4, 200), move || {
        seen.add(library::<Shuttle>(&Recorder::new()));
    });
    assert_eq!(found.all(), whole);
    for seed in 0..20 {
        assert!(whole.contains(&library::<Threads>(&Recorder::noisy(seed))));
    }
}
