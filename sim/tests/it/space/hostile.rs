//! Programs that catch panics, recurse too deeply, or whose values panic: each ends in a fault, under every tool of
//! this crate, and spoils no later one.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use logon_core::primitives::{Monitor, Plain};
use logon_sim::{
    Actors, AtRest, Config, End, FaultKind, Limits, Program, RandomWalk, Rest, Search, SimMonitor,
    Simulation, SpaceEnd, StateWatch,
};

use super::{complete, unchecked};

/// A program that nobody judges, not told by its type: there is one search for all of them to compile.
type Unjudged = dyn Program<Watch = ()>;

/// The faults in which a search and a random walk end.
#[track_caller]
fn faults<W: StateWatch>(program: &dyn Program<Watch = W>) -> [FaultKind; 2] {
    let SpaceEnd::Fault(searched) = unchecked().run(program).end else {
        panic!("the search ends in no fault");
    };
    let mut walked = None;
    let mut walk = RandomWalk::new(1);
    let limits = Limits::executions(1_000);
    Simulation::default().explore(program, &mut walk, limits, |execution| {
        match &execution.end {
            End::Fault(fault) => {
                walked = Some(fault.kind.clone());
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        }
    });
    complete::<Unjudged>(&Search::default(), &|_: &mut Actors<'_>| {});
    [
        searched.kind,
        walked.expect("the random walk ends in a fault"),
    ]
}

/// Alice alone, with one monitor.
fn alone(body: fn(&SimMonitor<u32>)) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        actors.spawn("alice", "alice", move || {
            monitor.enter("begin", |_| ());
            body(&monitor);
        });
    }
}

fn caught<R>(body: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(body)).ok()
}

#[test]
fn a_section_that_panics_and_is_tried_again_for_ever_is_a_fault() {
    let program =
        alone(
            |monitor| {
                while caught(|| monitor.enter("try", |_| panic!("not today"))).is_none() {}
            },
        );
    for found in faults(&program) {
        let told = found.to_string();
        assert!(told.contains("not today"), "{told}");
    }
}

#[test]
fn an_operation_that_is_tried_again_when_its_execution_is_over_is_a_fault() {
    let program = alone(
        |monitor| {
            while caught(|| monitor.wait_for("wait", |_| None::<()>)).is_none() {}
        },
    );
    for found in faults(&program) {
        let label = "wait";
        assert!(
            matches!(found, FaultKind::CaughtEnd(site) if site.label == label),
            "{found}"
        );
    }
    let nested = alone(|monitor| {
        while caught(|| caught(|| monitor.sleep("sleep")).unwrap_or_else(|| monitor.sleep("more")))
            .is_none()
        {}
    });
    for found in faults(&nested) {
        assert!(matches!(found, FaultKind::CaughtEnd(_)), "{found}");
    }
}

/// One who comes to an end although the panic was caught harms nobody.
#[test]
fn an_end_that_is_caught_once_is_no_fault() {
    let program = alone(|monitor| {
        caught(|| monitor.wait_for("wait", |_| None::<()>));
    });
    complete::<Unjudged>(&Search::default(), &program);
}

#[test]
fn a_rule_that_a_section_breaks_is_a_fault_also_if_the_section_catches_it() {
    let program = alone(|monitor| {
        monitor.enter("outer", |_| {
            caught(|| monitor.enter("inner", |_| ()));
        });
    });
    for found in faults(&program) {
        assert!(
            matches!(found, FaultKind::NestedOperation { .. }),
            "{found}"
        );
    }
    let program = alone(|monitor| {
        monitor.enter("outer", |_| {
            caught(|| drop(<SimMonitor<u32>>::new("late", 0)));
        });
    });
    for found in faults(&program) {
        assert!(found.to_string().contains("`late` was created"), "{found}");
    }
}

struct Unlocks(SimMonitor<u32>);

impl Drop for Unlocks {
    fn drop(&mut self) {
        self.0.update("unlock", |value| *value += 1);
    }
}

/// On other tools the destructor does what it says; here it is answered from a clone.
#[test]
fn an_operation_of_a_destructor_during_a_panic_that_is_caught_is_a_fault() {
    let program = alone(|monitor| {
        caught(|| {
            let _unlocks = Unlocks(monitor.clone());
            panic!("between operations");
        });
    });
    for found in faults(&program) {
        assert!(
            matches!(found, FaultKind::CaughtStep(site) if site.label == "unlock"),
            "{found}"
        );
    }
}

fn deep(depth: u64) -> u64 {
    let room = black_box([depth; 8]);
    match depth {
        0 => 0,
        _ => deep(depth - 1) + black_box(room)[3] % 2,
    }
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
#[test]
fn recursion_is_a_fault_wherever_it_happens() {
    let between = alone(|monitor| {
        let depth = deep(1_000_000);
        monitor.enter("count", move |value| *value += (depth % 2) as u32);
    });
    for found in faults(&between) {
        assert_eq!(found, FaultKind::StackOverflow { section: None });
    }
    let inside = alone(|monitor| {
        monitor.enter("count", |value| *value += deep(1_000_000) as u32);
    });
    for found in faults(&inside) {
        assert!(
            matches!(found, FaultKind::StackOverflow { section: Some(site) } if site.label == "count"),
            "{found}"
        );
    }
    let at_the_start = |_: &mut Actors<'_>| {
        black_box(deep(1_000_000));
    };
    let in_the_watch =
        |_: &mut Actors<'_>| AtRest(|_: &Rest| (deep(1_000_000) == 1).then_some("odd"));
    for found in faults(&at_the_start)
        .into_iter()
        .chain(faults(&in_the_watch))
    {
        assert_eq!(found, FaultKind::StackOverflow { section: None });
    }
}

/// The depth that a section may have is that of a main thread.
#[test]
fn recursion_of_a_thousand_is_none_of_our_business() {
    let program = alone(|monitor| {
        let depth = deep(1_000);
        monitor.enter("count", move |value| {
            *value += (depth + deep(10_000)) as u32;
        });
    });
    complete::<Unjudged>(&Search::default(), &program);
}

#[test]
fn a_stack_that_the_system_does_not_give_is_a_fault() {
    let stack_size = 1 << 46;
    let program = alone(|_| {});
    let search = Search {
        stack_size,
        ..Search::default()
    };
    let SpaceEnd::Fault(searched) = search.run::<Unjudged>(&program).end else {
        panic!("no fault");
    };
    let config = Config {
        stack_size,
        ..Config::default()
    };
    let mut simulation = Simulation::new(config);
    let run = simulation.run_once::<Unjudged, _>(&program, &mut RandomWalk::new(1));
    let End::Fault(run) = run.end else {
        panic!("no fault");
    };
    for fault in [searched, run] {
        assert!(matches!(fault.kind, FaultKind::NoStack(_)), "{fault}");
    }
}

/// A value of which one thing panics, once it is `true`.
macro_rules! panics {
    ($name:ident, $clone:expr, $eq:expr, $hash:expr, $debug:expr) => {
        struct $name(bool);

        impl Clone for $name {
            fn clone(&self) -> Self {
                assert!(!(self.0 && $clone), "no clone of this");
                Self(self.0)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                assert!(!(self.0 && $eq), "nothing equals this");
                self.0 == other.0
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                assert!(!(self.0 && $hash), "no hash of this");
                self.0.hash(state);
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                assert!(!(self.0 && $debug), "nothing to print");
                self.0.fmt(f)
            }
        }
    };
}

panics!(NoClone, true, false, false, false);
panics!(NoEq, false, true, false, false);
panics!(NoHash, false, false, true, false);
panics!(NoDebug, false, false, false, true);

fn two_set<T: Plain>(no: fn() -> T, yes: fn(&mut T)) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let monitor: SimMonitor<T> = Monitor::new("monitor", no());
        for name in ["alice", "bob"] {
            let monitor = monitor.clone();
            actors.spawn(name, name, move || {
                monitor.enter("set", yes);
                monitor.enter("set again", yes);
            });
        }
    }
}

#[test]
fn a_value_of_which_something_panics_is_a_fault_that_names_it() {
    #[track_caller]
    fn is_told(program: &Unjudged, code: &str, type_name: &str) {
        let SpaceEnd::Fault(fault) = Search::default().run(program).end else {
            panic!("no fault");
        };
        let told = fault.to_string();
        assert!(
            told.contains(&format!("`{code}` of ")) && told.contains(type_name),
            "{told}"
        );
        complete::<Unjudged>(&Search::default(), &|_: &mut Actors<'_>| {});
    }
    is_told(
        &two_set(|| NoClone(false), |it| it.0 = true),
        "Clone",
        "NoClone",
    );
    is_told(&two_set(|| NoEq(false), |it| it.0 = true), "Eq", "NoEq");
    is_told(
        &two_set(|| NoHash(false), |it| it.0 = true),
        "Hash",
        "NoHash",
    );
    is_told(
        &two_set(|| NoDebug(false), |it| it.0 = true),
        "Debug",
        "NoDebug",
    );
}
