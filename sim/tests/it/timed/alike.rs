//! Of actors that are alike one looks when they are told.

use std::sync::Arc;

use logon_core::primitives::Monitor;
use logon_sim::SimMonitor;
use logon_sim::timed::{Key, Timed, Waits};

use super::{STACK, to_rest};

/// An engine, and a monitor with no jobs yet.
fn without_jobs() -> (Timed, Arc<SimMonitor<u32>>) {
    let mut engine = Timed::new(1, None, STACK);
    let jobs = engine.set_up(|| Arc::new(SimMonitor::new("jobs", 0_u32)));
    engine.wakes_by_key(&jobs);
    (engine, jobs)
}

/// One more of those who are alike: it takes a job once there are so many.
fn works(engine: &mut Timed, jobs: &Arc<SimMonitor<u32>>, key: u64, at_least: u32) {
    let jobs = Arc::clone(jobs);
    let works = move || {
        jobs.wait_for("take a job", |jobs| {
            *jobs = (*jobs >= at_least).then(|| *jobs - 1)?;
            Some(())
        });
    };
    engine
        .spawn(Key(key), Waits::Alike, works)
        .expect("it begins");
}

/// Somebody does this, and comes to its end.
fn once(engine: &mut Timed, act: impl FnOnce() + 'static) {
    engine.spawn(Key(9), Waits::Always, act).expect("it begins");
}

fn tell(keys: &mut Vec<Key>) {
    keys.push(Key::ALIKE);
}

#[test]
fn one_looks_and_if_it_goes_on_the_next() {
    let (mut engine, jobs) = without_jobs();
    (0..5).for_each(|key| works(&mut engine, &jobs, key, 1));
    assert_eq!(to_rest(&mut engine, &Vec::new), 5, "each looks once");
    let of_jobs = Arc::clone(&jobs);
    once(&mut engine, move || {
        of_jobs.update("bring three", |jobs| *jobs += 3);
    });
    to_rest(&mut engine, &Vec::new);
    assert_eq!(jobs.peek(|jobs| *jobs), 3, "nobody was told");
    let of_jobs = Arc::clone(&jobs);
    once(&mut engine, move || of_jobs.update("tell", |_| ()));
    // One is told, and each who takes a job lets the next look; the fourth finds none.
    assert!(engine.step(tell).expect("no fault").is_some());
    assert_eq!(to_rest(&mut engine, &Vec::new), 4);
    // Three of five have taken one each, and have come to their end.
    assert_eq!((jobs.peek(|jobs| *jobs), engine.alive()), (0, 2));
}

#[test]
fn whoever_has_looked_is_not_woken_by_the_wait_of_another() {
    let (mut engine, jobs) = without_jobs();
    works(&mut engine, &jobs, 1, 1);
    to_rest(&mut engine, &Vec::new);
    let of_jobs = Arc::clone(&jobs);
    once(&mut engine, move || {
        of_jobs.enter("bring two, and wake nobody", |jobs| *jobs += 2);
    });
    to_rest(&mut engine, &Vec::new);
    works(&mut engine, &jobs, 2, 1);
    to_rest(&mut engine, &Vec::new);
    // The second has taken one, and the first sleeps.
    assert_eq!((jobs.peek(|jobs| *jobs), engine.alive()), (1, 1));
    assert!(!engine.look_again());
}

#[test]
fn whoever_was_told_and_has_not_looked_yet_looks_for_all() {
    let (mut engine, jobs) = without_jobs();
    (1..=2).for_each(|key| works(&mut engine, &jobs, key, 1));
    to_rest(&mut engine, &Vec::new);
    let of_jobs = Arc::clone(&jobs);
    once(&mut engine, move || {
        of_jobs.update("tell", |_| ());
        of_jobs.enter("bring two, and wake nobody", |jobs| *jobs += 2);
    });
    // One is told of the update. Before it looks, jobs come of which nobody is told by a wake-up: it finds them, and so does
    // the other, who owes the update a look as well.
    for label in ["tell", "bring two, and wake nobody"] {
        let of_label = |offers: &[(Key, &str)]| offers.iter().position(|(_, on)| *on == label);
        let step = engine.step_of(of_label, tell).expect("no fault");
        assert!(step.is_some(), "{label}");
    }
    to_rest(&mut engine, &Vec::new);
    assert_eq!(engine.alive(), 0);
}

#[test]
fn nobody_is_forgotten_who_could_go_on() {
    let (mut engine, jobs) = without_jobs();
    // The first takes a job if there are two, the second if there is one, the third if there are three.
    for number in [2, 1, 3] {
        works(&mut engine, &jobs, number.into(), number);
    }
    to_rest(&mut engine, &Vec::new);
    assert!(!engine.look_again(), "there was no update");
    once(&mut engine, move || {
        jobs.update("bring one", |jobs| *jobs += 1);
    });
    to_rest(&mut engine, &Vec::new);
    while engine.look_again() {
        to_rest(&mut engine, &Vec::new);
    }
    assert_eq!(engine.alive(), 2, "the second has taken it");
    assert!(!engine.look_again(), "everybody has looked");
}

/// Time passes or not between an update of which nobody is told and the look of one whose wait it has ended: whether that look
/// is said to be late.
fn looks_late(time_passes: bool, is_told: bool) -> bool {
    let (mut engine, jobs) = without_jobs();
    works(&mut engine, &jobs, 1, 1);
    to_rest(&mut engine, &Vec::new);
    let of_jobs = Arc::clone(&jobs);
    once(&mut engine, move || {
        of_jobs.update("bring one", |jobs| *jobs += 1);
        of_jobs.update("tell", |_| ());
    });
    engine.step(|_| {}).expect("no fault");
    if time_passes {
        engine.advance(1);
    }
    if is_told {
        engine.step(tell).expect("no fault");
    }
    engine.look_again();
    let mut was_late = false;
    while let Some(step) = engine.step(|_| {}).expect("no fault") {
        was_late |= step.was_late;
    }
    assert_eq!(engine.alive(), 0);
    was_late
}

#[test]
fn a_look_is_late_that_comes_after_time_has_passed_and_with_nothing_told() {
    assert!(looks_late(true, false));
    assert!(!looks_late(false, false));
    assert!(!looks_late(true, true));
}
