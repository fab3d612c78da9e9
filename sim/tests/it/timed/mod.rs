//! Many actors under virtual time: the same meaning of every operation, and few looks in vain.

mod alike;
mod ends;
mod told;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use logon_core::primitives::{Condition, Monitor, Wake};
use logon_sim::SimMonitor;
use logon_sim::timed::{Draws, HoldUp, Key, Timed, Waits};

const STACK: usize = 64 << 10;

/// Takes steps until nobody can go on; `whom` are the keys that each step tells.
fn to_rest(engine: &mut Timed, whom: &dyn Fn() -> Vec<Key>) -> u64 {
    let before = engine.steps();
    while engine
        .step(|keys| keys.extend(whom()))
        .expect("no fault")
        .is_some()
    {}
    engine.steps() - before
}

#[test]
fn a_condition_wakes_whom_it_names() {
    const ROOM: Condition = Condition("room");
    let mut engine = Timed::new(1, None, STACK);
    let room = engine.set_up(|| Arc::new(SimMonitor::new("room", 0_u32)));
    let got = Rc::new(Cell::new(0));
    for number in 0..5 {
        let (room, got) = (Arc::clone(&room), Rc::clone(&got));
        let waits = move || {
            room.wait_on("take room", ROOM, |room| {
                *room = room.checked_sub(1)?;
                Some(((), Wake::Nobody))
            });
            got.set(got.get() + 1);
        };
        engine
            .spawn(Key(number), Waits::Always, waits)
            .expect("it begins");
    }
    to_rest(&mut engine, &Vec::new);
    for (key, wake, expected) in [
        (10, Wake::Nobody, 0),
        (11, Wake::One(ROOM), 1),
        (12, Wake::All(Condition("another")), 1),
        (13, Wake::All(ROOM), 4),
        (14, Wake::Everybody, 5),
    ] {
        let room = Arc::clone(&room);
        let gives = move || room.change("give room", |room| (*room += 1, wake));
        engine
            .spawn(Key(key), Waits::Always, gives)
            .expect("it begins");
        to_rest(&mut engine, &Vec::new);
        assert_eq!(got.get(), expected, "{wake:?}");
    }
}

#[test]
fn a_pause_ends_when_it_is_ended_after_it_has_begun() {
    let mut engine = Timed::new(1, None, STACK);
    let gate = engine.gate();
    let is_over = Rc::new(Cell::new(false));
    let over = Rc::clone(&is_over);
    engine.wake(Key(1));
    let pauses = move || {
        gate.update("no pause", |()| ());
        gate.sleep("pause");
        over.set(true);
    };
    engine
        .spawn(Key(1), Waits::Always, pauses)
        .expect("it begins");
    engine.wake(Key(1));
    assert_eq!(to_rest(&mut engine, &Vec::new), 1, "to pause is no step");
    assert!(!is_over.get());
    engine.wake(Key(1));
    assert_eq!(to_rest(&mut engine, &Vec::new), 1);
    assert!(is_over.get());
    assert_eq!(engine.alive(), 0);
    engine.wake(Key(1));
}

#[test]
fn whoever_is_held_up_goes_on_when_it_is_over_and_meanwhile_there_is_no_rest() {
    let always = HoldUp {
        one_in: 1,
        up_to: 10,
    };
    let mut engine = Timed::new(1, Some(always), STACK);
    let count = engine.set_up(|| Arc::new(SimMonitor::new("count", 0_u32)));
    for number in 0..3 {
        let count = Arc::clone(&count);
        let counts = move || count.update("count", |count| *count += 1);
        engine
            .spawn(Key(number), Waits::Always, counts)
            .expect("it begins");
    }
    let mut last = 0;
    while let Some(next) = engine.next_release() {
        assert!(!engine.is_undisturbed());
        assert_eq!(to_rest(&mut engine, &Vec::new), 0);
        assert!((last..=10).contains(&next), "{next}");
        last = next;
        engine.advance(next - 1);
        assert_eq!(to_rest(&mut engine, &Vec::new), 0, "it is not over yet");
        engine.advance(next);
        assert!(to_rest(&mut engine, &Vec::new) > 0);
    }
    assert!(engine.is_undisturbed());
    assert_eq!(count.peek(|count| *count), 3);
}

#[test]
fn the_order_is_a_function_of_the_seed_and_can_be_chosen() {
    let order = |seed: u64, chosen: Option<&[usize]>| {
        let mut engine = Timed::new(seed, None, STACK);
        let log = engine.set_up(|| Arc::new(SimMonitor::new("log", Vec::new())));
        for number in 0..6_u64 {
            let log = Arc::clone(&log);
            let writes = move || log.update("write", |log| log.push(number));
            engine
                .spawn(Key(number), Waits::Always, writes)
                .expect("it begins");
        }
        for place in chosen.unwrap_or_default() {
            let step = engine.step_of(|_| Some(*place), |_| {}).expect("no fault");
            assert!(step.is_some_and(|step| step.label == "write" && !step.fell_asleep));
        }
        assert!(
            engine
                .step_of(|_| None, |_| {})
                .expect("no fault")
                .is_none()
        );
        to_rest(&mut engine, &Vec::new);
        log.peek(Clone::clone)
    };
    assert_eq!(order(1, None), order(1, None));
    assert!((2..30).any(|seed| order(seed, None) != order(1, None)));
    assert_eq!(order(1, Some(&[5, 4, 3, 2, 1, 0])), [5, 4, 3, 2, 1, 0]);
}

#[test]
fn draws_go_by_their_names() {
    let draws = Draws::of(5);
    assert_eq!(draws.number(3, 7), Draws::of(5).number(3, 7));
    assert_ne!(draws.number(3, 7), draws.number(3, 8));
    assert_ne!(draws.number(3, 7), draws.number(4, 7));
    assert_ne!(draws.number(3, 7), Draws::of(6).number(3, 7));
}
