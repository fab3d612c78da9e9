//! Few preemptions: as many as asked for at most, and the same again.

use std::ops::ControlFlow;

use logon_core::primitives::Monitor;
use logon_sim::{Actors, FewPreemptions, Limits, Schedule, SimMonitor, Simulation};

fn three_clients(actors: &mut Actors<'_>) {
    let counter: SimMonitor<u32> = Monitor::new("counter", 0);
    for name in ["alice", "bob", "carol"] {
        let counter = counter.clone();
        actors.spawn(name, "client", move || {
            for label in ["one", "two", "three"] {
                counter.enter(label, |value| *value += 1);
            }
        });
    }
}

/// The schedules of 200 executions, each with its number of preemptions.
fn schedules(seed: u64, preemptions: usize) -> Vec<(usize, Schedule)> {
    let mut seen = Vec::new();
    Simulation::default().explore(
        &three_clients,
        &mut FewPreemptions::new(seed, preemptions),
        Limits::executions(200),
        |execution| {
            seen.push((execution.preemptions(), Schedule::from_execution(execution)));
            ControlFlow::Continue(())
        },
    );
    seen
}

#[test]
fn no_execution_has_more_preemptions_than_asked_for_and_some_have_as_many() {
    for preemptions in 0..=3 {
        let counts: Vec<usize> = schedules(1, preemptions)
            .into_iter()
            .map(|(count, _)| count)
            .collect();
        assert_eq!(counts.iter().max(), Some(&preemptions));
    }
}

#[test]
fn the_same_seed_gives_the_same_schedules_and_another_one_others() {
    assert_eq!(schedules(3, 2), schedules(3, 2));
    assert_ne!(schedules(3, 2), schedules(4, 2));
}

#[test]
fn without_preemptions_every_order_of_the_clients_occurs() {
    let mut orders: Vec<Vec<String>> = Vec::new();
    for (_, schedule) in schedules(5, 0) {
        let mut order: Vec<String> = schedule.steps.into_iter().map(|step| step.actor).collect();
        order.dedup();
        if !orders.contains(&order) {
            orders.push(order);
        }
    }
    assert_eq!(orders.len(), 6);
}
