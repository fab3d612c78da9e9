//! What shuttle finds, and rest under each of its schedulers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_models::backend::{Recorder, RestFlag, RestLast, Shuttle, Threading};
use shuttle::scheduler::{
    DfsScheduler, PctScheduler, RandomScheduler, Scheduler, UrwRandomScheduler,
};

use crate::backend_primitives::programs::{
    Number, Outcomes, lost_update, lost_wakeup, message, on_shuttle, panic_of,
};

const SEED: u64 = 7;

fn random(executions: usize) -> RandomScheduler {
    RandomScheduler::new_from_seed(SEED, executions)
}

#[test]
fn two_sections_lose_an_update() {
    let sums = Outcomes::new();
    let seen = sums.share();
    on_shuttle(random(1_000), move || {
        seen.add(lost_update::<Shuttle>(&Recorder::new()));
    });
    assert_eq!(sums.all(), [1, 2]);
}

#[test]
fn a_wakeup_before_the_sleep_is_a_deadlock() {
    let panicked = panic_of(|| {
        on_shuttle(random(1_000), || {
            for actor in lost_wakeup::<Shuttle>(&Recorder::new()) {
                Shuttle::join(actor).expect("neither panics");
            }
        });
    });
    let message = panicked.expect("one schedule sets the flag between look and sleep");
    assert!(
        message.starts_with("deadlock! blocked tasks: "),
        "{message}"
    );
}

#[test]
fn a_relaxed_store_is_never_seen_to_publish_too_little() {
    let read = Outcomes::new();
    let seen = read.share();
    on_shuttle(DfsScheduler::new(None, false), move || {
        seen.add(message::<Shuttle>(&Recorder::new(), Ordering::Relaxed));
    });
    assert_eq!(
        read.all(),
        [None, Some(1)],
        "shuttle is sequentially consistent"
    );
}

#[test]
fn a_panic_in_a_section_keeps_its_message() {
    let panicked = panic_of(|| {
        on_shuttle(random(10), || {
            let recorder = Recorder::new();
            let number: Arc<Number<Shuttle>> =
                recorder.building(|| Arc::new(Monitor::new("number", 0)));
            let breaker = Shuttle::spawn(&recorder, "breaker", move || {
                number.update("break", |number| {
                    assert_eq!(*number, 1, "the number is one");
                });
            });
            Shuttle::join(breaker).expect("shuttle ends the execution before");
        });
    });
    let message = panicked.expect("the number is zero");
    assert!(message.contains("the number is one"), "{message}");
}

/// A server that sleeps at rest, and two clients of which one wakes it in between.
fn observe_rest(scheduler: impl Scheduler + 'static) -> (usize, usize) {
    let flag = RestFlag::default();
    let observed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&observed);
    let scheduler = RestLast::new(scheduler, flag.clone());
    let executions = on_shuttle(scheduler, move || {
        let recorder = Recorder::new();
        let build = || {
            let number: Number<Shuttle> = Monitor::new("number", 0);
            Arc::new((number, <Shuttle as Primitives>::Word::new("word", 0)))
        };
        let shared = recorder.building(build);
        let served = Arc::clone(&shared);
        let server = Shuttle::spawn(&recorder, "server", move || {
            served
                .0
                .wait_for("await the end", |number| (*number == 9).then_some(()));
        });
        let counted = Arc::clone(&shared);
        let client = Shuttle::spawn(&recorder, "client", move || {
            counted.0.update("count", |number| *number += 1);
        });
        let stored = Arc::clone(&shared);
        let other = Shuttle::spawn(&recorder, "other", move || {
            stored.1.store("store", 1, Ordering::SeqCst);
        });
        flag.await_rest();
        assert!(recorder.at_rest(), "the census agrees that nobody can move");
        assert_eq!(shared.0.peek(|number| *number), 1);
        count.fetch_add(1, Ordering::SeqCst);
        shared.0.update("end", |number| *number = 9);
        for actor in [server, client, other] {
            Shuttle::join(actor).expect("nobody panics");
        }
        assert_eq!(shared.1.load("load", Ordering::SeqCst), 1);
    });
    (executions, observed.load(Ordering::SeqCst))
}

#[test]
fn rest_is_seen_once_in_each_random_execution() {
    assert_eq!(observe_rest(random(300)), (300, 300));
}

#[test]
fn rest_is_seen_once_in_each_pct_execution() {
    let scheduler = PctScheduler::new_from_seed(SEED, 3, 300);
    assert_eq!(observe_rest(scheduler), (300, 300));
}

#[test]
fn rest_is_seen_once_in_each_urw_execution() {
    let scheduler = UrwRandomScheduler::new_from_seed(SEED, 300);
    assert_eq!(observe_rest(scheduler), (300, 300));
}

#[test]
fn rest_is_seen_once_in_each_dfs_execution() {
    let scheduler = DfsScheduler::new(Some(3_000), false);
    assert_eq!(observe_rest(scheduler), (3_000, 3_000));
}

#[test]
fn a_stuck_execution_is_stopped_at_rest() {
    let flag = RestFlag::default();
    let stuck = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&stuck);
    let scheduler = RestLast::new(random(300), flag.clone());
    on_shuttle(scheduler, move || {
        let recorder = Recorder::new();
        let actors = lost_wakeup::<Shuttle>(&recorder);
        flag.await_rest();
        count.fetch_add(recorder.asleep().len(), Ordering::SeqCst);
        recorder.stop();
        for actor in actors {
            Shuttle::join(actor).expect("a stop is no panic");
        }
    });
    let stuck = stuck.load(Ordering::SeqCst);
    assert!((1..300).contains(&stuck), "{stuck} of 300");
}
