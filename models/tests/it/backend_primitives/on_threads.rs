//! What real threads do: outcomes that are allowed, and rest that is exact.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use logon_core::primitives::Monitor;
use logon_models::backend::{Recorder, Threading, Threads};

use crate::backend_primitives::programs::{
    Number, Outcomes, lost_update, lost_wakeup, message, panic_of,
};

#[test]
fn sums_of_two_sections_are_among_those_allowed() {
    let sums = Outcomes::new();
    for seed in 0..200 {
        sums.add(lost_update::<Threads>(&Recorder::noisy(seed)));
    }
    assert!(sums.all().iter().all(|sum| [1, 2].contains(sum)));
}

#[test]
fn a_releasing_store_publishes_everything() {
    for seed in 0..200 {
        let read = message::<Threads>(&Recorder::noisy(seed), Ordering::Release);
        assert_ne!(read, Some(0));
    }
}

#[test]
fn rest_is_exact() {
    for seed in 0..500 {
        let recorder = Recorder::noisy(seed);
        let number: Arc<Number<Threads>> =
            recorder.building(|| Arc::new(Monitor::new("number", 0)));
        for name in ["server", "ann", "bob"] {
            recorder.expect_actor(name);
        }
        let served = Arc::clone(&number);
        let server = Threads::spawn(&recorder, "server", move || {
            served.wait_for("await the end", |number| (*number == 100).then_some(()));
        });
        // The clients wake each other: whoever sleeps is woken, until both have counted.
        let count = |name, parity| {
            let number = Arc::clone(&number);
            Threads::spawn(&recorder, name, move || {
                for _ in 0..4 {
                    number.wait_for("await the turn", |number| {
                        (*number % 2 == parity).then_some(())
                    });
                    number.update("count", |number| *number += 1);
                }
            })
        };
        let clients = [count("ann", 0), count("bob", 1)];
        Threads::await_rest(&recorder);
        assert_eq!(number.peek(|number| *number), 8, "seed {seed}");
        number.update("end", |number| *number = 100);
        Threads::join(server).expect("serving does not panic");
        for client in clients {
            Threads::join(client).expect("counting does not panic");
        }
        assert!(recorder.at_rest());
    }
}

#[test]
fn a_wakeup_may_be_lost_and_nothing_else_gets_stuck() {
    for seed in 0..200 {
        let recorder = Recorder::noisy(seed);
        let actors = lost_wakeup::<Threads>(&recorder);
        Threads::await_rest(&recorder);
        let asleep = recorder.asleep();
        assert!(asleep.is_empty() || asleep == [("sleeper".to_owned(), "ready")]);
        recorder.stop();
        for actor in actors {
            Threads::join(actor).expect("a stop is no panic");
        }
    }
}

#[test]
fn a_panic_in_a_section_keeps_its_message_and_the_monitor() {
    let recorder = Recorder::new();
    let number: Arc<Number<Threads>> = recorder.building(|| Arc::new(Monitor::new("number", 0)));
    let broken = Arc::clone(&number);
    let breaker = Threads::spawn(&recorder, "breaker", move || {
        broken.update("break", |number| {
            assert_eq!(*number, 1, "the number is one");
        });
    });
    let payload = Threads::join(breaker).expect_err("the number is zero");
    let message = panic_of(|| std::panic::resume_unwind(payload)).expect("a text");
    assert!(message.contains("the number is one"), "{message}");
    assert_eq!(recorder.panics(), [("breaker".to_owned(), message)]);
    assert_eq!(number.enter("read", |number| *number), 0, "not poisoned");
}
