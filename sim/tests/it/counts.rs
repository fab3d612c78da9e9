//! Counts: full enumeration runs each schedule once, and bounds cut what they say they cut.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use logon_core::primitives::{Monitor, Word};
use logon_sim::{Actors, BoundedPreemptions, Limits, RandomWalk, SimMonitor, SimWord, Simulation};

use crate::common::all;

/// `actors` actors with `sections` one-step sections each, on one monitor.
fn sections(actors: usize, sections: usize) -> impl Fn(&mut Actors<'_>) {
    move |spawner| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        for number in 0..actors {
            let monitor = monitor.clone();
            spawner.spawn(format!("actor {number}"), "actor", move || {
                for _ in 0..sections {
                    monitor.enter("add", |value| *value += 1);
                }
            });
        }
    }
}

#[test]
fn n_actors_with_k_sections_each_have_the_multinomial_number_of_schedules() {
    for (actors, each, expected) in [
        (1, 5, 1),
        (3, 1, 6),
        (4, 1, 24),
        (2, 3, 20),
        (3, 2, 90),
        (2, 5, 252),
        (3, 3, 1680),
    ] {
        let mut schedules = BTreeSet::new();
        let exploration = all(&sections(actors, each), |execution| {
            let order: Vec<_> = execution.steps.iter().map(|step| step.actor).collect();
            assert!(schedules.insert(order), "a schedule was run twice");
            assert_eq!(execution.steps.len(), actors * each);
        });
        assert!(exploration.is_complete());
        assert_eq!(
            exploration.executions, expected,
            "{actors} actors with {each} sections"
        );
        assert_eq!(exploration.steps, expected * (actors * each) as u64);
    }
}

#[test]
fn a_program_without_operations_has_one_execution() {
    assert_eq!(all(&sections(0, 0), |_| {}).executions, 1);
    assert_eq!(all(&sections(2, 0), |_| {}).executions, 1);
}

#[test]
fn a_bound_keeps_exactly_the_schedules_within_it() {
    let program = sections(3, 2);
    let mut by_preemptions = [0_u64; 8];
    all(&program, |execution| {
        by_preemptions[execution.preemptions()] += 1;
    });
    assert_eq!(by_preemptions.iter().sum::<u64>(), 90);
    let mut within = 0;
    for (bound, exact) in by_preemptions.iter().enumerate() {
        within += exact;
        let mut scheduler = BoundedPreemptions::new(bound);
        let exploration =
            Simulation::default().explore(&program, &mut scheduler, Limits::none(), |execution| {
                assert!(execution.preemptions() <= bound);
                ControlFlow::Continue(())
            });
        assert_eq!(
            exploration.executions, within,
            "at most {bound} preemptions"
        );
        assert_eq!(scheduler.reached_bound(), within < 90);
    }
}

#[test]
fn waiting_actors_leave_fewer_schedules_than_awake_ones() {
    let program = |actors: &mut Actors<'_>| {
        let flag: SimMonitor<bool> = Monitor::new("flag", false);
        let other = flag.clone();
        actors.spawn("waiter", "waiter", move || {
            flag.wait_for("wait", |raised| raised.then_some(()));
        });
        actors.spawn("raiser", "raiser", move || {
            other.update("raise", |raised| *raised = true);
        });
    };
    let mut lengths = Vec::new();
    assert!(all(&program, |execution| lengths.push(execution.steps.len())).is_complete());
    // Asleep, raised, awake; or raised before.
    assert_eq!(lengths, [3, 2]);
}

#[test]
fn ten_thousand_executions_use_the_same_stacks_again() {
    let program = |actors: &mut Actors<'_>| {
        let word: SimWord = Word::new("word", 0);
        for name in ["alice", "bob", "carol"] {
            let word = word.clone();
            actors.spawn(name, "client", move || {
                let seen = word.load("read", std::sync::atomic::Ordering::SeqCst);
                word.store("write", seen + 1, std::sync::atomic::Ordering::SeqCst);
            });
        }
        let never: SimMonitor<bool> = Monitor::new("never", false);
        actors.spawn("server", "server", move || never.sleep("sleep"));
    };
    let mut simulation = Simulation::default();
    let exploration = simulation.explore(
        &program,
        &mut RandomWalk::new(1),
        Limits::executions(10_000),
        |_| ControlFlow::Continue(()),
    );
    assert_eq!(exploration.executions, 10_000);
    assert_eq!(simulation.stacks_created(), 4);
}
