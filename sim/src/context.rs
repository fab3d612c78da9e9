//! Which code is running on this OS thread right now, and therefore what an operation may do.
//!
//! The one thread-local of the crate. An operation reaches it without a reference to the engine, and the
//! engine is never reachable from an actor: whatever an actor leaves behind (new objects, rounds begun)
//! is deposited here and collected by the engine after the actor has parked. So no reference to the
//! engine is alive twice.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::sync::Arc;

use logon_core::primitives::Plain;

use crate::coroutine::ActorYielder;
use crate::execution::{FaultKind, Site};
use crate::object::{Object, Shared};

/// What is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Nothing of ours.
    Outside,
    /// `Program::start`, which creates objects and spawns actors.
    Start,
    /// The engine, a scheduler or a watch.
    Engine,
    /// An actor between two operations.
    Actor,
    /// The section of an operation, called by the engine.
    Section(Site),
    /// An actor that is being unwound because its execution is over.
    TearDown,
}

/// How an operation goes on.
pub(crate) enum Admission {
    /// As a step: park and wait for the result.
    Park,
    /// The execution is over and a destructor asks: answer from a clone of the state, without a step.
    AnswerFromClone,
    /// The execution is over: unwind.
    Unwind,
}

struct Context {
    mode: Cell<Mode>,
    yielder: Cell<*const ActorYielder>,
    names: RefCell<Vec<&'static str>>,
    fresh: RefCell<Vec<Arc<dyn Object>>>,
    operations: Cell<u64>,
    rounds: RefCell<Vec<Round>>,
}

/// Where an actor is in a [`forever`](logon_core::primitives::Primitives::forever).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// It begins its first round.
    First,
    /// It begins another one.
    Next,
    /// It has left the loop.
    Over,
}

thread_local! {
    static CONTEXT: Context = const {
        Context {
            mode: Cell::new(Mode::Outside),
            yielder: Cell::new(std::ptr::null()),
            names: RefCell::new(Vec::new()),
            fresh: RefCell::new(Vec::new()),
            operations: Cell::new(0),
            rounds: const { RefCell::new(Vec::new()) },
        }
    };
}

/// Restores the mode it replaced, also when a panic passes.
pub(crate) struct ModeGuard {
    before: Mode,
}

impl Drop for ModeGuard {
    fn drop(&mut self) {
        CONTEXT.with(|context| context.mode.set(self.before));
    }
}

/// Sets the mode until the guard is dropped.
pub(crate) fn enter(mode: Mode) -> ModeGuard {
    ModeGuard {
        before: CONTEXT.with(|context| context.mode.replace(mode)),
    }
}

/// What is running.
pub(crate) fn mode() -> Mode {
    // Also asked by the panic hook, perhaps while a thread and its thread-locals end.
    CONTEXT
        .try_with(|context| context.mode.get())
        .unwrap_or(Mode::Outside)
}

/// Begins another set of a program's objects, in no execution: forgets those of the one before.
pub(crate) fn begin_set() -> ModeGuard {
    drop(begin_execution());
    enter(Mode::Start)
}

/// Begins an execution: forgets the objects of the one before.
pub(crate) fn begin_execution() -> ModeGuard {
    CONTEXT.with(|context| {
        assert!(
            context.mode.get() == Mode::Outside,
            "the harness is at fault: an execution was begun inside another one ({:?})",
            context.mode.get()
        );
        context.names.borrow_mut().clear();
        context.fresh.borrow_mut().clear();
        context.rounds.borrow_mut().clear();
    });
    enter(Mode::Engine)
}

/// Creates an object in the execution under way.
#[track_caller]
pub(crate) fn create<S: Plain>(name: &'static str, state: S) -> Arc<Shared<S>> {
    CONTEXT.with(|context| {
        match context.mode.get() {
            Mode::Start | Mode::Actor | Mode::TearDown => {}
            Mode::Outside => panic!(
                "the harness is at fault: `{name}` was created outside any execution; \
                 create objects in `Program::start`, afresh for each execution"
            ),
            Mode::Engine => {
                panic!("the harness is at fault: a watch or scheduler created `{name}`")
            }
            Mode::Section(site) => panic!(
                "the program is at fault: `{name}` was created inside the section {site}, \
                 which may be called several times"
            ),
        }
        let mut names = context.names.borrow_mut();
        assert!(
            !names.contains(&name),
            "the program is at fault: two objects are called `{name}`; names are unique"
        );
        let object = Shared::new(name, names.len(), state);
        names.push(name);
        context.fresh.borrow_mut().push(object.clone());
        object
    })
}

/// Decides how the operation at `site` on `object` goes on; panics where it must not happen at all.
pub(crate) fn admit(object: &'static str, site: Site) -> Admission {
    CONTEXT.with(|context| match context.mode.get() {
        Mode::Actor if std::thread::panicking() => Admission::AnswerFromClone,
        Mode::Actor => {
            context.operations.set(context.operations.get() + 1);
            Admission::Park
        }
        Mode::TearDown if std::thread::panicking() => Admission::AnswerFromClone,
        Mode::TearDown => Admission::Unwind,
        // Without the panic hook: the execution reports the fault, once and with both places.
        Mode::Section(outer) => {
            std::panic::resume_unwind(Box::new(FaultKind::NestedOperation { outer, inner: site }))
        }
        Mode::Outside => panic!(
            "the harness is at fault: the operation {site} on `{object}` happened outside any \
             execution; only actors operate, inside `Simulation::run_once` or `explore`, and \
             others look with `peek`"
        ),
        Mode::Start => panic!(
            "the harness is at fault: the operation {site} on `{object}` happened in \
             `Program::start`; only actors operate"
        ),
        Mode::Engine => panic!(
            "the harness is at fault: the operation {site} on `{object}` was tried by a watch or \
             a scheduler; these look with `peek`"
        ),
    })
}

/// The yielder of the coroutine that runs; null when none does.
pub(crate) fn yielder() -> *const ActorYielder {
    CONTEXT.with(|context| context.yielder.get())
}

/// Says which coroutine runs.
pub(crate) fn set_yielder(yielder: *const ActorYielder) {
    CONTEXT.with(|context| context.yielder.set(yielder));
}

/// Marks the top of a round of `Primitives::forever`. `before` is what the call before it returned.
///
/// A round that continued without any operation has learned nothing and would go on like that for ever.
#[track_caller]
pub(crate) fn begin_round(before: Option<u64>) -> u64 {
    CONTEXT.with(|context| {
        let operations = context.operations.get();
        assert!(
            before != Some(operations) || context.mode.get() != Mode::Actor,
            "the program is at fault: a round of `forever` at {} performed no operation and \
             would never end",
            Location::caller()
        );
        let round = before.map_or(Round::First, |_| Round::Next);
        context.rounds.borrow_mut().push(round);
        operations
    })
}

/// Marks the end of a `Primitives::forever`.
pub(crate) fn end_rounds() {
    CONTEXT.with(|context| context.rounds.borrow_mut().push(Round::Over));
}

/// Takes what an actor (or the program's start) left behind: new objects and rounds begun.
pub(crate) fn collect(objects: &mut Vec<Arc<dyn Object>>, rounds: &mut Vec<Round>) {
    CONTEXT.with(|context| {
        let mut fresh = context.fresh.borrow_mut();
        if !fresh.is_empty() {
            objects.append(&mut fresh);
        }
        rounds.clear();
        rounds.append(&mut context.rounds.borrow_mut());
    });
}
