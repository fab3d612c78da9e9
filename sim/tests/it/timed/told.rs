//! Whoever waits by its key looks when it is told, and now and then.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use logon_core::primitives::Monitor;
use logon_sim::SimMonitor;
use logon_sim::timed::{Key, Timed, Waits};

use super::{STACK, to_rest};

/// So many waiters, each of whom waits until its number comes up, and one who hands over one number after the other.
fn handed_over(waiters: u64, by_key: bool, tells: bool) -> (u64, Vec<u64>) {
    let mut engine = Timed::new(1, None, STACK);
    let turn = engine.set_up(|| Arc::new(SimMonitor::new("turn", 0_u64)));
    if by_key {
        engine.wakes_by_key(&turn);
    }
    let served = Rc::new(RefCell::new(Vec::new()));
    for number in 1..=waiters {
        let (turn, served) = (Arc::clone(&turn), Rc::clone(&served));
        let waits = move || {
            turn.wait_for("await the turn", |turn| (*turn == number).then_some(()));
            served.borrow_mut().push(number);
            turn.update("go on", |turn| *turn += 1);
        };
        engine
            .spawn(Key(number), Waits::ByKey, waits)
            .expect("it begins");
    }
    to_rest(&mut engine, &Vec::new);
    assert!(served.borrow().is_empty());
    let first = Arc::clone(&turn);
    let begins = move || first.update("begin", |turn| *turn += 1);
    engine
        .spawn(Key(0), Waits::Always, begins)
        .expect("it begins");
    let mut steps = 0;
    loop {
        let of_turn = Arc::clone(&turn);
        let next = move || match tells {
            true => vec![Key(of_turn.peek(|turn| *turn))],
            false => Vec::new(),
        };
        steps += to_rest(&mut engine, &next);
        if !engine.look_again() {
            break;
        }
    }
    assert_eq!(engine.alive(), 0);
    let served = served.borrow().clone();
    (steps, served)
}

#[test]
fn nobody_is_forgotten_whoever_is_told_and_a_hand_over_costs_few_looks() {
    let in_turn: Vec<u64> = (1..=200).collect();
    for (by_key, tells) in [(false, false), (true, false), (true, true)] {
        let (steps, served) = handed_over(200, by_key, tells);
        assert_eq!(served, in_turn, "by key: {by_key}, told: {tells}");
        // A look and an update of each, and a look of all now and then.
        let is_few = steps < 200 * 8;
        assert_eq!(is_few, by_key && tells, "{steps} steps");
    }
    // Twice as many cost twice as much.
    let (few, many) = (
        handed_over(500, true, true).0,
        handed_over(1_000, true, true).0,
    );
    assert!(many < few * 9 / 4, "{few}, {many}");
}

#[test]
fn whoever_is_not_told_looks_after_four_updates_for_each_who_waits() {
    let looks_after = |updates: u64| {
        let mut engine = Timed::new(1, None, STACK);
        let count = engine.set_up(|| Arc::new(SimMonitor::new("count", 0_u64)));
        engine.wakes_by_key(&count);
        for number in 1..=10 {
            let count = Arc::clone(&count);
            let waits = move || {
                count.wait_for("await a hundred", |&mut count| (count >= 100).then_some(()));
            };
            engine
                .spawn(Key(number), Waits::ByKey, waits)
                .expect("it begins");
        }
        to_rest(&mut engine, &Vec::new);
        let counts = move || {
            for _ in 0..updates {
                count.update("count", |count| *count += 1);
            }
        };
        engine
            .spawn(Key(0), Waits::Always, counts)
            .expect("it begins");
        to_rest(&mut engine, &Vec::new) - updates
    };
    assert_eq!((looks_after(40), looks_after(41)), (0, 10));
}

/// One waits by its key, or is alike with others; then come these steps, each an update or one that wakes nobody, which tells
/// it or not, and the last of which ends its wait. Whether it goes on when everybody is asked to look again.
fn goes_on_late(waits_by: Waits, steps: &'static [(&'static str, bool)]) -> bool {
    let mut engine = Timed::new(1, None, STACK);
    let is_over = engine.set_up(|| Arc::new(SimMonitor::new("over", false)));
    engine.wakes_by_key(&is_over);
    for number in 1..=20 {
        let is_over = Arc::clone(&is_over);
        // The others wait for ever: without them everybody would look after each update.
        let waits = move || {
            is_over.wait_for("await the end", |&mut over| {
                (over && number == 1).then_some(())
            });
        };
        engine
            .spawn(Key(number), waits_by, waits)
            .expect("it begins");
    }
    to_rest(&mut engine, &Vec::new);
    let key = match waits_by {
        Waits::Alike => Key::ALIKE,
        _ => Key(1),
    };
    let ends = move || {
        for (place, (kind, _)) in steps.iter().enumerate() {
            let is_last = place + 1 == steps.len();
            let section = move |over: &mut bool| *over = is_last;
            match *kind {
                "update" => is_over.update("update", section),
                _ => is_over.enter("enter", section),
            }
        }
    };
    engine
        .spawn(Key(0), Waits::Always, ends)
        .expect("it begins");
    for (_, is_told) in steps {
        let tell = |keys: &mut Vec<Key>| keys.extend(is_told.then_some(key));
        engine.step(tell).expect("no fault");
    }
    to_rest(&mut engine, &Vec::new);
    let before = engine.alive();
    engine.look_again();
    to_rest(&mut engine, &Vec::new);
    engine.alive() < before
}

#[test]
fn a_late_look_does_not_hide_that_nobody_is_woken() {
    for waits_by in [Waits::ByKey, Waits::Alike] {
        // It has looked after the update, in vain, and then its wait ends and nobody is woken.
        let steps = &[("update", false), ("enter", true)];
        assert!(!goes_on_late(waits_by, steps));
        assert!(!goes_on_late(waits_by, &[("enter", true)]));
    }
}

#[test]
fn whoever_owes_a_look_to_an_update_goes_on() {
    for waits_by in [Waits::ByKey, Waits::Alike] {
        let steps = &[("enter", true), ("update", false)];
        assert!(goes_on_late(waits_by, steps));
        // What may have ended its wait was followed by an update, to which it owes a look.
        let steps = &[("enter", true), ("update", false), ("enter", true)];
        assert!(goes_on_late(waits_by, steps));
    }
}
