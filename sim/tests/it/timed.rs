//! Many actors under virtual time: the same meaning of every operation, and few looks in vain.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use logon_core::primitives::{Condition, Monitor, Wake};
use logon_sim::timed::{Draws, HoldUp, Key, Timed, Waits, on_own_stack};
use logon_sim::{FaultKind, SimMonitor};

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
fn of_those_who_are_alike_one_looks_and_if_it_goes_on_the_next() {
    let mut engine = Timed::new(1, None, STACK);
    let jobs = engine.set_up(|| Arc::new(SimMonitor::new("jobs", 0_u32)));
    engine.wakes_by_key(&jobs);
    for number in 0..5 {
        let jobs = Arc::clone(&jobs);
        let works = move || {
            jobs.wait_for("take a job", |jobs| {
                *jobs = jobs.checked_sub(1)?;
                Some(())
            });
        };
        engine
            .spawn(Key(number), Waits::Alike, works)
            .expect("it begins");
    }
    assert_eq!(to_rest(&mut engine, &Vec::new), 5, "each looks once");
    let of_jobs = Arc::clone(&jobs);
    let brings = move || of_jobs.update("bring three", |jobs| *jobs += 3);
    engine
        .spawn(Key(9), Waits::Always, brings)
        .expect("it begins");
    to_rest(&mut engine, &Vec::new);
    assert_eq!(jobs.peek(|jobs| *jobs), 3, "nobody was told");
    let of_jobs = Arc::clone(&jobs);
    let tells = move || of_jobs.update("tell", |_| ());
    engine
        .spawn(Key(9), Waits::Always, tells)
        .expect("it begins");
    // One is told, and each who takes a job looks and lets the next look; the fourth finds none.
    let step = |keys: &mut Vec<Key>| keys.push(Key::ALIKE);
    assert!(engine.step(step).expect("no fault").is_some());
    assert_eq!(to_rest(&mut engine, &Vec::new), 4);
    // Three of five have taken one each, and have come to their end.
    assert_eq!((jobs.peek(|jobs| *jobs), engine.alive()), (0, 2));
}

#[test]
fn whoever_is_alike_and_has_looked_is_not_woken_by_the_wait_of_another() {
    let mut engine = Timed::new(1, None, STACK);
    let jobs = engine.set_up(|| Arc::new(SimMonitor::new("jobs", 0_u32)));
    engine.wakes_by_key(&jobs);
    let begins = |engine: &mut Timed, number: u64| {
        let jobs = Arc::clone(&jobs);
        let works = move || {
            jobs.wait_for("take a job", |jobs| {
                *jobs = jobs.checked_sub(1)?;
                Some(())
            });
        };
        engine
            .spawn(Key(number), Waits::Alike, works)
            .expect("it begins");
    };
    begins(&mut engine, 1);
    to_rest(&mut engine, &Vec::new);
    let brings = Arc::clone(&jobs);
    let brings = move || brings.enter("bring two, and wake nobody", |jobs| *jobs += 2);
    engine
        .spawn(Key(9), Waits::Always, brings)
        .expect("it begins");
    to_rest(&mut engine, &Vec::new);
    begins(&mut engine, 2);
    to_rest(&mut engine, &Vec::new);
    assert_eq!(
        engine.alive(),
        1,
        "the second has taken one, and the first sleeps"
    );
    assert!(!engine.look_again());
}

#[test]
fn of_those_who_are_alike_nobody_is_forgotten_who_could_go_on() {
    let mut engine = Timed::new(1, None, STACK);
    let jobs = engine.set_up(|| Arc::new(SimMonitor::new("jobs", 0_u32)));
    engine.wakes_by_key(&jobs);
    // The first takes a job if there are two, the second if there is one, the third if there are three.
    for number in [2, 1, 3] {
        let jobs = Arc::clone(&jobs);
        let works = move || jobs.wait_for("take a job", |&mut jobs| (jobs >= number).then_some(()));
        engine
            .spawn(Key(number.into()), Waits::Alike, works)
            .expect("it begins");
    }
    to_rest(&mut engine, &Vec::new);
    assert!(!engine.look_again(), "there was no update");
    let brings = move || jobs.update("bring one", |jobs| *jobs += 1);
    engine
        .spawn(Key(9), Waits::Always, brings)
        .expect("it begins");
    to_rest(&mut engine, &Vec::new);
    while engine.look_again() {
        to_rest(&mut engine, &Vec::new);
    }
    assert_eq!(engine.alive(), 2, "the second has taken it");
    assert!(!engine.look_again(), "everybody has looked");
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
fn a_panic_and_a_broken_rule_are_faults_and_what_is_left_is_unwound() {
    let alive = Arc::new(());
    let mut engine = Timed::new(1, None, STACK);
    let count = engine.set_up(|| Arc::new(SimMonitor::new("count", 0_u32)));
    let (waiting, kept) = (Arc::clone(&count), Arc::clone(&alive));
    let waits = move || {
        let _kept = kept;
        waiting.wait_for("wait for ever", |_| None::<()>);
    };
    engine
        .spawn(Key(1), Waits::Always, waits)
        .expect("it begins");
    let panics = || panic!("as expected");
    let fault = engine
        .spawn(Key(2), Waits::Always, panics)
        .expect_err("it panics");
    assert!(fault.to_string().contains("as expected"), "{fault}");
    let nests = move || {
        count.update("outer", |_| {
            count.enter("inner", |_| ());
        });
    };
    engine
        .spawn(Key(3), Waits::Always, nests)
        .expect("it begins");
    let fault = (0..2).find_map(|_| engine.step(|_| {}).err());
    let kind = fault.map(|fault| fault.kind);
    assert!(
        matches!(kind, Some(FaultKind::NestedOperation { .. })),
        "{kind:?}"
    );
    assert_eq!(Arc::strong_count(&alive), 2);
    drop(engine);
    assert_eq!(Arc::strong_count(&alive), 1);
    // Another one may begin on this thread.
    drop(Timed::new(1, None, STACK));
}

#[test]
fn whoever_does_not_let_itself_be_ended_is_a_fault_of_this_run_and_of_no_other() {
    let waits_on = || {
        let mut engine = Timed::new(1, None, STACK);
        let count = engine.set_up(|| Arc::new(SimMonitor::new("count", 0_u32)));
        let waits = move || loop {
            let wait = || count.wait_for("wait for ever", |_| None::<()>);
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(wait));
        };
        engine
            .spawn(Key(1), Waits::Always, waits)
            .expect("it begins");
        to_rest(&mut engine, &Vec::new);
        engine
    };
    let kind = waits_on().end().map_err(|fault| fault.kind);
    assert!(matches!(kind, Err(FaultKind::CaughtEnd(_))), "{kind:?}");
    drop(waits_on());
    assert!(Timed::new(1, None, STACK).end().is_ok());
}

#[test]
fn a_section_that_overflows_its_stack_is_a_fault() {
    fn deep(levels: u64) -> u64 {
        match levels {
            0 => 0,
            _ => std::hint::black_box(deep(levels - 1) + 1),
        }
    }
    let overflows = || {
        let mut engine = Timed::new(1, None, STACK);
        let count = engine.set_up(|| Arc::new(SimMonitor::new("count", 0_u64)));
        let counts = move || count.update("count too deep", |count| *count += deep(u64::MAX));
        engine
            .spawn(Key(1), Waits::Always, counts)
            .expect("it begins");
        to_rest(&mut engine, &Vec::new)
    };
    let fault = on_own_stack(overflows).expect_err("it overflows");
    let FaultKind::StackOverflow { section } = fault.kind else {
        panic!("{fault}");
    };
    assert_eq!(section.map(|site| site.label), Some("count too deep"));
    // Another one may begin on this thread.
    drop(Timed::new(1, None, STACK));
}

#[test]
fn an_object_of_another_engine_is_a_fault() {
    let elsewhere = {
        let mut other = Timed::new(1, None, STACK);
        other.set_up(|| Arc::new(SimMonitor::new("elsewhere", 0_u32)))
    };
    let mut engine = Timed::new(1, None, STACK);
    let _own = engine.set_up(|| Arc::new(SimMonitor::new("own", 0_u32)));
    let reaches = move || elsewhere.update("reach", |count| *count += 1);
    let fault = engine.spawn(Key(1), Waits::Always, reaches);
    let kind = fault.map_err(|fault| fault.kind);
    assert!(matches!(kind, Err(FaultKind::ForeignObject)), "{kind:?}");
}

#[test]
fn draws_go_by_their_names() {
    let draws = Draws::of(5);
    assert_eq!(draws.number(3, 7), Draws::of(5).number(3, 7));
    assert_ne!(draws.number(3, 7), draws.number(3, 8));
    assert_ne!(draws.number(3, 7), draws.number(4, 7));
    assert_ne!(draws.number(3, 7), Draws::of(6).number(3, 7));
}
