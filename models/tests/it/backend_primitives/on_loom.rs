//! What loom finds.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use logon_core::primitives::Monitor;
use logon_models::backend::{Loom, Recorder, Threading};

use crate::backend_primitives::programs::{
    Number, Outcomes, lost_update, lost_wakeup, message, on_loom, panic_of,
};

#[test]
fn two_sections_lose_an_update() {
    let sums = Outcomes::new();
    let schedules = Outcomes::new();
    let (sum, schedule) = (sums.share(), schedules.share());
    let executions = on_loom(move || {
        let recorder = Recorder::new();
        sum.add(lost_update::<Loom>(&recorder));
        schedule.add(recorder.schedule());
    });
    assert_eq!(sums.all(), [1, 2]);
    let schedules = schedules.all().len();
    assert_eq!(schedules, 6, "two actors of two sections: 4! / (2! 2!)");
    assert_eq!(
        executions, 30,
        "loom repeats each one five times on average"
    );
}

#[test]
fn a_wakeup_before_the_sleep_is_a_deadlock() {
    let panicked = panic_of(|| {
        on_loom(|| {
            for actor in lost_wakeup::<Loom>(&Recorder::new()) {
                Loom::join(actor).expect("neither panics");
            }
        });
    });
    let message = panicked.expect("one schedule sets the flag between look and sleep");
    assert!(message.starts_with("deadlock; threads = "), "{message}");
}

#[test]
fn a_relaxed_store_publishes_too_little() {
    let read = Outcomes::new();
    let seen = read.share();
    on_loom(move || seen.add(message::<Loom>(&Recorder::new(), Ordering::Relaxed)));
    assert_eq!(read.all(), [None, Some(0), Some(1)]);
}

#[test]
fn a_releasing_store_publishes_everything() {
    let read = Outcomes::new();
    let seen = read.share();
    on_loom(move || seen.add(message::<Loom>(&Recorder::new(), Ordering::Release)));
    assert_eq!(read.all(), [None, Some(1)]);
}

#[test]
fn a_panic_in_a_section_keeps_its_message() {
    let panicked = panic_of(|| {
        on_loom(|| {
            let recorder = Recorder::new();
            let number: Arc<Number<Loom>> =
                recorder.building(|| Arc::new(Monitor::new("number", 0)));
            let waiting = Arc::clone(&number);
            let waiter = Loom::spawn(&recorder, "waiter", move || {
                waiting.wait_for("wait", |number| (*number == 2).then_some(()));
            });
            let breaker = Loom::spawn(&recorder, "breaker", move || {
                number.update("break", |number| {
                    assert_eq!(*number, 1, "the number is one");
                });
            });
            Loom::join(breaker).expect("loom ends the execution before");
            Loom::join(waiter).expect("loom ends the execution before");
        });
    });
    let message = panicked.expect("the number is zero");
    assert!(message.contains("the number is one"), "{message}");
}

#[test]
fn the_main_thread_sees_rest() {
    let states = Outcomes::new();
    let seen = states.share();
    on_loom(move || {
        let recorder = Recorder::new();
        let number: Arc<Number<Loom>> = recorder.building(|| Arc::new(Monitor::new("number", 0)));
        let served = Arc::clone(&number);
        let server = Loom::spawn(&recorder, "server", move || {
            served.wait_for("await the end", |number| (*number == 9).then_some(()));
        });
        let client = {
            let number = Arc::clone(&number);
            Loom::spawn(&recorder, "client", move || {
                number.update("count", |number| *number += 1);
            })
        };
        Loom::await_rest(&recorder);
        seen.add(number.peek(|number| *number));
        number.update("end", |number| *number = 9);
        Loom::join(server).expect("serving does not panic");
        Loom::join(client).expect("counting does not panic");
    });
    assert_eq!(states.all(), [1]);
}
