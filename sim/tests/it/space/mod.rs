//! The search of states: what it must see, and what it must notice.

mod chronicle;
mod combinations;
mod distrust;
mod escapes;
mod explorer_faults;
mod hostile;
mod limits;
mod liveness;
mod oracles;
mod panics;
mod program_faults;
mod scopes;
mod shapes;
mod silence;
mod symmetry_faults;
mod undescribed;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use logon_core::primitives::{Monitor, Plain};
use logon_core::symmetric;
use logon_core::symmetry::{Family, Shape, Symmetric};
use logon_sim::{
    Actors, BoundedPreemptions, FaultKind, Limits, Program, Search, SimMonitor, Simulation, Space,
    SpaceEnd, StateWatch, Symmetry, Verdict,
};

/// A search that repeats and compares nothing.
fn unchecked() -> Search {
    Search {
        check_one_in: 0,
        call_twice: false,
        ..Search::default()
    }
}

/// A search that repeats and compares everything.
fn distrustful() -> Search {
    Search {
        check_one_in: 1,
        ..Search::default()
    }
}

fn up_to(mut search: Search, symmetry: Symmetry) -> Search {
    search.symmetry = Some(symmetry);
    search
}

/// A search that sees every state.
#[track_caller]
fn complete<P: Program<Watch: StateWatch> + ?Sized>(
    search: &Search,
    program: &P,
) -> Space<Verdict<P>> {
    let space = search.run(program);
    assert!(space.is_complete(), "{:?}", space.end);
    space
}

/// The fault in which a search ends.
#[track_caller]
fn fault<P: Program<Watch: StateWatch> + ?Sized>(search: &Search, program: &P) -> FaultKind {
    match search.run(program).end {
        SpaceEnd::Fault(fault) => fault.kind,
        other => panic!("no fault: {other:?}"),
    }
}

/// The verdicts of all executions, and those that a search finds which checks everything.
fn verdicts<P: Program<Watch: StateWatch<Verdict: Ord + Clone>>>(
    search: &Search,
    program: &P,
) -> (BTreeSet<Verdict<P>>, BTreeSet<Verdict<P>>) {
    let mut all = BTreeSet::new();
    let explored = Simulation::default().explore(
        program,
        &mut BoundedPreemptions::unbounded(),
        Limits::none(),
        |execution| {
            all.extend(execution.verdict().cloned());
            ControlFlow::Continue(())
        },
    );
    assert!(explored.is_complete());
    let found = RefCell::new(BTreeSet::new());
    let counts = |verdict: &Verdict<P>| {
        found.borrow_mut().insert(verdict.clone());
        false
    };
    let space = search.run_while(program, &counts, &mut |_| ControlFlow::Continue(()));
    assert!(space.is_complete(), "{:?}", space.end);
    (all, found.into_inner())
}

/// Two more actors, who count to ten each on a monitor of their own: there are 121 times as many states.
fn spawn_bystanders(actors: &mut Actors<'_>) {
    let counts: SimMonitor<u32> = Monitor::new("counts", 0);
    for name in ["bystander 1", "bystander 2"] {
        let counts = counts.clone();
        actors.spawn(name, name, move || {
            for _ in 0..10 {
                counts.enter("count", |count| *count += 1);
            }
        });
    }
}

/// Puts a monitor over `state` into a program and says nothing more of it.
fn hold<S: Plain>(state: &S) {
    let _held: SimMonitor<S> = Monitor::new("held", state.clone());
}

const TICKETS: Family = Family("ticket");

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Ticket(u32);

impl Symmetric for Ticket {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.identifier(TICKETS, self.0);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Newest(u32);

impl Symmetric for Newest {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.newest(TICKETS, self.0);
    }
}

/// A value and the ticket that was drawn last.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Hall<T> {
    newest: Newest,
    has: T,
}
symmetric! { struct Hall<T: Symmetric> { newest, has } }

const PEOPLE: Family = Family("person");

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Person(u32);

impl Symmetric for Person {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.identifier(PEOPLE, self.0);
    }
}
