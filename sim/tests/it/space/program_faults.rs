//! Programs that break the rules of the primitives: each fault is found, and by the check that is there for it.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Actors, BodyKind, FaultKind, Search, Sim, SimMonitor};

use super::{complete, distrustful, fault, spawn_bystanders, unchecked};

fn is_unrepeatable(kind: &FaultKind) -> bool {
    matches!(kind, FaultKind::Unrepeatable { .. })
}

/// That repeating every transition finds the fault, that the default share finds it in the large program, and
/// that nothing else does.
#[track_caller]
fn only_repeating_finds(program: fn(&mut Actors<'_>)) {
    let once = Search {
        call_twice: false,
        ..distrustful()
    };
    let found = fault(&once, &program);
    assert!(is_unrepeatable(&found), "{found}");
    complete(&unchecked(), &program);
    let large = |actors: &mut Actors<'_>| {
        program(actors);
        spawn_bystanders(actors);
    };
    let share = Search {
        call_twice: false,
        ..Search::default()
    };
    let found = fault(&share, &large);
    assert!(is_unrepeatable(&found), "by default: {found}");
    complete(&unchecked(), &large);
}

fn counter() -> SimMonitor<u32> {
    Monitor::new("counter", 0)
}

fn draws_from_a_counter_of_its_own(actors: &mut Actors<'_>) {
    let monitor = counter();
    let calls = Arc::new(AtomicU32::new(0));
    for name in ["alice", "bob"] {
        let (monitor, calls) = (monitor.clone(), Arc::clone(&calls));
        actors.spawn(name, name, move || {
            monitor.enter("draw", |value| {
                *value = calls.fetch_add(1, Ordering::Relaxed) % 3;
            });
        });
    }
}

#[test]
fn a_section_that_counts_its_calls_is_noticed_by_calling_it_twice_and_by_repeating() {
    let twice = Search {
        check_one_in: 0,
        ..Search::default()
    };
    let found = fault(&twice, &draws_from_a_counter_of_its_own);
    assert!(
        matches!(found, FaultKind::UnstableSection { .. }),
        "{found}"
    );
    only_repeating_finds(draws_from_a_counter_of_its_own);
}

#[test]
fn a_flag_outside_of_the_primitives_is_noticed() {
    let program = |actors: &mut Actors<'_>| {
        let monitor = counter();
        let flag = Rc::new(Cell::new(false));
        let (other, raised) = (monitor.clone(), Rc::clone(&flag));
        actors.spawn("alice", "alice", move || {
            other.enter("raise", |_| ());
            raised.set(true);
        });
        actors.spawn("bob", "bob", move || {
            monitor.enter("look", |_| ());
            if flag.get() {
                monitor.enter("count", |count| *count += 1);
            }
        });
    };
    let found = fault(&distrustful(), &program);
    assert!(is_unrepeatable(&found), "{found}");
    // Also without any check: bob is made once more, on other objects, and does something else.
    let found = fault(&unchecked(), &program);
    assert!(is_unrepeatable(&found), "{found}");
}

#[test]
fn a_global_that_remembers_earlier_executions_is_noticed() {
    thread_local! {
        static RUNS: Cell<u32> = const { Cell::new(0) };
    }
    let program = |actors: &mut Actors<'_>| {
        let monitor = counter();
        actors.spawn("alice", "alice", move || {
            monitor.enter("begin", |_| ());
            let run = RUNS.replace(RUNS.get() + 1);
            monitor.enter("count", move |count| *count = run);
        });
    };
    let found = fault(&distrustful(), &program);
    assert!(is_unrepeatable(&found), "{found}");
    complete(&unchecked(), &program);
}

#[test]
fn a_wait_that_changes_the_state_and_yields_nothing_is_noticed() {
    let program = |actors: &mut Actors<'_>| {
        let monitor = counter();
        actors.spawn("alice", "alice", move || {
            monitor.wait_for("wait", |value| {
                *value += 1;
                None::<()>
            });
        });
    };
    let found = fault(&unchecked(), &program);
    assert!(matches!(found, FaultKind::MutatingWait { .. }), "{found}");
    let unchecked = Search {
        check_waits: false,
        ..unchecked()
    };
    complete(&unchecked, &program);
}

#[test]
fn what_a_program_must_never_do_needs_no_check() {
    type Body = fn(&SimMonitor<u32>);
    type Kind = fn(&FaultKind) -> bool;
    let faults: [(Body, Kind); 5] = [
        (
            |monitor| monitor.enter("break", |_| panic!("broken inside")),
            |kind| matches!(kind, FaultKind::Panic { message, .. } if message == "broken inside"),
        ),
        (
            |monitor| {
                monitor.enter("look", |_| ());
                panic!("broken between");
            },
            |kind| matches!(kind, FaultKind::Panic { message, .. } if message == "broken between"),
        ),
        (
            |monitor| {
                monitor.enter("look", |_| ());
                drop(<SimMonitor<u32>>::new("late", 0));
            },
            |kind| *kind == FaultKind::LateObject("late"),
        ),
        (
            |monitor| monitor.enter("outer", |_| monitor.enter("inner", |_| ())),
            |kind| {
                matches!(kind, FaultKind::NestedOperation { outer, inner }
                    if outer.label == "outer" && inner.label == "inner")
            },
        ),
        (
            |_| Sim::forever(|| ControlFlow::Continue(())),
            |kind| matches!(kind, FaultKind::BrokenRule { message, .. } if message.contains("never end")),
        ),
    ];
    for (number, (body, is_it)) in faults.into_iter().enumerate() {
        // It happens only after bob's steps, so the search has to come there.
        let program = move |actors: &mut Actors<'_>| {
            let monitor = counter();
            let other = monitor.clone();
            actors.spawn("alice", "alice", move || {
                monitor.wait_for("wait", |count| (*count == 3).then_some(()));
                body(&monitor);
            });
            actors.spawn("bob", "bob", move || {
                for _ in 0..3 {
                    other.update("count", |count| *count += 1);
                }
            });
        };
        let found = fault(&unchecked(), &program);
        assert!(is_it(&found), "{number}: {found}");
    }
}

/// Alice beats until her third round; a beat counts up to `modulus`.
pub(super) fn smuggles_rounds(modulus: u32) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let monitor = counter();
        actors.spawn("alice", "alice", move || {
            let rounds = Cell::new(0);
            Sim::forever(|| {
                monitor.enter("beat", move |beats| *beats = (*beats + 1) % modulus);
                rounds.set(rounds.get() + 1);
                match rounds.get() {
                    3 => ControlFlow::Break(()),
                    _ => ControlFlow::Continue(()),
                }
            });
        });
    }
}

#[test]
fn a_round_that_remembers_the_one_before_is_noticed() {
    let found = fault(&distrustful(), &smuggles_rounds(5));
    assert!(
        matches!(found, FaultKind::Remembered { body, .. } if body.kind == BodyKind::Forever),
        "{found}"
    );
    complete(&unchecked(), &smuggles_rounds(5));
}
