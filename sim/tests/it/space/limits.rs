//! Limits and ends: what was not seen is never called complete, and what is seen is shown at once.

use std::ops::ControlFlow;

use logon_core::primitives::Monitor;
use logon_sim::{
    Actors, AtRest, Order, Rest, Search, SharedState, SimMonitor, SpaceEnd, StateWatch, Step,
    Violation, Watch, counted, default_memory_limit,
};

use super::complete;

/// Two counters of four sections each: 25 states.
fn counters(actors: &mut Actors<'_>) {
    let counter: SimMonitor<u32> = Monitor::new("counter", 0);
    for name in ["alice", "bob"] {
        let counter = counter.clone();
        actors.spawn(name, name, move || {
            for _ in 0..4 {
                counter.enter("count", |count| *count += 1);
            }
        });
    }
}

#[test]
fn a_limit_on_states_is_reached_exactly_and_reported_whatever_it_is() {
    for order in [Order::BreadthFirst, Order::DepthFirst] {
        for max_states in 0..=30 {
            let search = Search {
                order,
                max_states: Some(max_states),
                ..Search::default()
            };
            let space = search.run(&counters);
            if max_states < 25 {
                let limit = format!("the limit of {}", counted(max_states, "state"));
                assert_eq!(space.end, SpaceEnd::Limit(limit));
                assert_eq!(space.progress.states, max_states);
            } else {
                assert_eq!((space.end, space.progress.states), (SpaceEnd::Complete, 25));
            }
        }
    }
}

#[test]
fn a_monitor_that_breaks_ends_the_search_with_its_limit() {
    // Asked before each of the 24 states in which somebody goes on, and before each of ten executions at random.
    for most in 0..34 {
        let mut shown = Vec::new();
        let space = Search::default().run_while(&counters, &|_| true, &mut |progress| {
            shown.push(progress.states);
            match shown.len() > most {
                true => ControlFlow::Break("enough".to_owned()),
                false => ControlFlow::Continue(()),
            }
        });
        assert_eq!(space.end, SpaceEnd::Limit("enough".to_owned()));
        assert_eq!(shown.len(), most + 1);
        assert!(shown.is_sorted());
        // What was not expanded has no steps, so these are not all executions.
        assert!(!space.is_complete());
    }
}

/// Objects to a value of the counter.
pub(super) struct Never(SimMonitor<u32>, u32);

impl Watch for Never {
    type Verdict = u32;

    fn after_step(&mut self, _: &Step) -> Option<u32> {
        self.0.peek(|count| (*count == self.1).then_some(*count))
    }
}

impl StateWatch for Never {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<u32> {
        Some(*state.monitor(&self.0)).filter(|count| *count == self.1)
    }
}

pub(super) fn never(value: u32) -> impl Fn(&mut Actors<'_>) -> Never {
    move |actors| {
        let counter: SimMonitor<u32> = Monitor::new("counter", 0);
        for name in ["alice", "bob"] {
            let counter = counter.clone();
            actors.spawn(name, name, move || {
                for _ in 0..4 {
                    counter.enter("count", |count| *count += 1);
                }
            });
        }
        Never(counter, value)
    }
}

#[test]
fn a_violation_is_shown_in_as_few_steps_as_there_can_be() {
    for value in 0..=8 {
        let space = Search::default().run(&never(value));
        let SpaceEnd::Violated(evidence) = &space.end else {
            panic!("{value}: {:?}", space.end);
        };
        assert_eq!(evidence.violation, Violation::Step);
        assert_eq!(evidence.execution.verdict(), Some(&value));
        assert_eq!(evidence.execution.steps.len(), value as usize);
    }
    assert_eq!(complete(&Search::default(), &never(9)).progress.states, 25);
}

#[test]
fn what_follows_a_verdict_that_does_not_count_is_not_looked_at() {
    let space =
        Search::default().run_while(&never(2), &|_| false, &mut |_| ControlFlow::Continue(()));
    assert!(space.is_complete());
    // One, two and three states at depths 0, 1 and 2.
    assert_eq!((space.progress.states, space.progress.passed_over), (6, 3));
    let nothing =
        Search::default().run_while(&never(0), &|_| false, &mut |_| ControlFlow::Continue(()));
    assert_eq!(
        (nothing.progress.states, nothing.progress.passed_over),
        (1, 1)
    );
}

#[test]
fn a_verdict_at_rest_is_found_also_where_nobody_ever_goes_on() {
    let program = |actors: &mut Actors<'_>| {
        actors.spawn("alice", "client", || {});
        AtRest(|rest: &Rest| rest.all_finished().then_some("over"))
    };
    let space = Search::default().run(&program);
    let SpaceEnd::Violated(evidence) = &space.end else {
        panic!("{:?}", space.end);
    };
    assert_eq!(evidence.violation, Violation::Rest);
    assert!(evidence.execution.steps.is_empty());
    let nobody = complete(&Search::default(), &|_: &mut Actors<'_>| {});
    assert_eq!(
        (nobody.progress.states, nobody.graph.maximal_paths()),
        (1, Some(1))
    );
}

/// Whoever comes first decides: if it is alice nobody goes on after two steps, and if it is bob a counter that must
/// not come so far comes there in three.
struct FirstComes(SimMonitor<u32>);

impl Watch for FirstComes {
    type Verdict = &'static str;

    fn after_step(&mut self, _: &Step) -> Option<&'static str> {
        self.0.peek(|count| (*count == 3).then_some("three"))
    }

    fn at_rest(&mut self, _: &Rest) -> Option<&'static str> {
        self.0.peek(|count| (*count == 10).then_some("rest"))
    }
}

impl StateWatch for FirstComes {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<&'static str> {
        (*state.monitor(&self.0) == 3).then_some("three")
    }
}

#[test]
fn a_rest_is_found_before_what_takes_a_step_more() {
    let program = |actors: &mut Actors<'_>| {
        let counter: SimMonitor<u32> = Monitor::new("counter", 0);
        let bobs = counter.clone();
        actors.spawn("bob", "bob", move || {
            for _ in 0..3 {
                let goes_on = bobs.enter("count", |count| {
                    *count += u32::from(*count < 10);
                    *count < 10
                });
                if !goes_on {
                    return;
                }
            }
        });
        let alices = counter.clone();
        actors.spawn("alice", "alice", move || {
            alices.enter("end it", |count| {
                *count = if *count == 0 { 10 } else { *count }
            });
        });
        FirstComes(counter)
    };
    let SpaceEnd::Violated(evidence) = Search::default().run(&program).end else {
        panic!("a violation is there");
    };
    let found = (evidence.execution.verdict(), evidence.execution.steps.len());
    assert_eq!(found, (Some(&"rest"), 2));
    assert_eq!(evidence.violation, Violation::Rest);
}

/// Judges states, and nothing after a step.
struct OnlyStates(SimMonitor<u32>);

impl Watch for OnlyStates {
    type Verdict = u32;
}

impl StateWatch for OnlyStates {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<u32> {
        Some(*state.monitor(&self.0)).filter(|count| *count == 2)
    }
}

#[test]
fn a_watch_that_judges_states_alone_is_enough() {
    let program = |actors: &mut Actors<'_>| {
        let counter: SimMonitor<u32> = Monitor::new("counter", 0);
        let counts = counter.clone();
        actors.spawn("alice", "alice", move || {
            for _ in 0..4 {
                counts.enter("count", |count| *count += 1);
            }
        });
        OnlyStates(counter)
    };
    let SpaceEnd::Violated(evidence) = Search::default().run(&program).end else {
        panic!("a violation is there");
    };
    let found = (evidence.execution.verdict(), evidence.execution.steps.len());
    assert_eq!(found, (Some(&2), 2));
}

/// Two who learn a megabyte each time, or leave it in a monitor.
fn heaps(steps: u32, in_results: bool) -> impl Fn(&mut Actors<'_>) {
    const MEGABYTE: usize = 1 << 20;
    move |actors| {
        let heap: SimMonitor<Vec<u8>> = Monitor::new("heap", vec![0; 4]);
        for name in ["alice", "bob"] {
            let heap = heap.clone();
            actors.spawn(name, name, move || {
                for _ in 0..steps {
                    heap.enter("heap up", |heap| {
                        heap[0] += 1;
                        if in_results {
                            return vec![heap[0]; MEGABYTE];
                        }
                        heap.resize(MEGABYTE, 0);
                        Vec::new()
                    });
                }
            });
        }
    }
}

#[test]
fn what_takes_too_much_memory_ends_at_the_limit() {
    // Memory is measured of the whole process, and what other tests give back meanwhile counts as well: in a process of its own.
    const ALONE: &str = "LOGON_SIM_TEST_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let own = std::env::current_exe().expect("a test is a program");
        let name = "space::limits::what_takes_too_much_memory_ends_at_the_limit";
        let status = std::process::Command::new(own)
            .args(["--exact", name])
            .env(ALONE, "1")
            .status();
        assert!(status.expect("it can be started").success());
        return;
    }
    for in_results in [true, false] {
        let search = Search {
            max_bytes: Some(30_000_000),
            ..Search::default()
        };
        let space = search.run(&heaps(120, in_results));
        // Nobody tells how much it is on other systems.
        if cfg!(target_os = "linux") {
            let limit = "the memory limit of 30 MB".to_owned();
            assert_eq!(space.end, SpaceEnd::Limit(limit), "{in_results}");
            // Each of them is a few copies of a megabyte.
            assert!(space.progress.local_states < 60);
        }
    }
    let small = Search {
        max_bytes: Some(1),
        ..Search::default()
    };
    assert!(matches!(small.run(&counters).end, SpaceEnd::Limit(_)));
    assert!(default_memory_limit() <= 4_000_000_000);
    assert_eq!(Search::default().max_bytes, Some(default_memory_limit()));
}
