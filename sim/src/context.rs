//! Which code is running on this OS thread right now, and therefore what an operation may do.
//!
//! The thread-local that actors and the engine share. An operation reaches it without a reference to the engine, and the
//! engine is never reachable from an actor: whatever an actor leaves behind (new objects, marks)
//! is deposited here and collected by the engine after the actor has parked. So no reference to the
//! engine is alive twice.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::sync::Arc;

use logon_core::primitives::Plain;

use crate::coroutine::ActorYielder;
use crate::execution::Site;
use crate::fault::FaultKind;
use crate::mark::Mark;
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
    /// The execution is over, and the actor has caught its end again and again: suspend for good.
    Abandon,
}

/// How often an actor may catch the panic that ends it and come to another operation.
const MOST_ENDS: u32 = 100;

/// How many operations of destructors are answered while one actor unwinds.
const MOST_ANSWERS: u32 = 1_000_000;

struct Context {
    mode: Cell<Mode>,
    yielder: Cell<*const ActorYielder>,
    names: RefCell<Vec<&'static str>>,
    fresh: RefCell<Vec<Arc<dyn Object>>>,
    operations: Cell<u64>,
    marks: RefCell<Vec<Mark>>,
    /// A rule that a section broke: the panic that says so may be caught where it was broken.
    broken: RefCell<Option<FaultKind>>,
    /// The first operation that a destructor of the running actor was answered from a clone, and how many were.
    answered: Cell<Option<(Site, u32)>>,
    /// How often the running actor came to an operation although its execution is over.
    ends: Cell<u32>,
    /// The operation with which an actor went on although its execution was over.
    caught: Cell<Option<Site>>,
    /// What code of a value is running, and of which type.
    foreign: Cell<Option<Foreign>>,
}

/// Which code of a value runs: the name of the trait, and that of the type.
pub(crate) type Foreign = (&'static str, &'static str);

thread_local! {
    static CONTEXT: Context = const {
        Context {
            mode: Cell::new(Mode::Outside),
            yielder: Cell::new(std::ptr::null()),
            names: RefCell::new(Vec::new()),
            fresh: RefCell::new(Vec::new()),
            operations: Cell::new(0),
            marks: const { RefCell::new(Vec::new()) },
            broken: const { RefCell::new(None) },
            answered: Cell::new(None),
            ends: Cell::new(0),
            caught: Cell::new(None),
            foreign: Cell::new(None),
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

/// Sets the mode that was there before code that has not come back.
pub(crate) fn restore(mode: Mode) {
    CONTEXT.with(|context| context.mode.set(mode));
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
        context.marks.borrow_mut().clear();
        context.broken.take();
        context.foreign.set(None);
        context.caught.set(None);
    });
    enter(Mode::Engine)
}

/// Runs code of a value: `Clone`, `Eq`, `Hash` or `Debug` of this type. A panic in it leaves its name behind.
pub(crate) fn in_foreign<R>(
    code: &'static str,
    type_name: &'static str,
    run: impl FnOnce() -> R,
) -> R {
    let foreign = |code| CONTEXT.with(|context| context.foreign.replace(code));
    let before = foreign(Some((code, type_name)));
    let done = run();
    foreign(before);
    done
}

/// The code of a value that panicked, if the panic was in such code.
pub(crate) fn take_foreign() -> Option<Foreign> {
    CONTEXT.with(|context| context.foreign.take())
}

/// Whether code of a value is running.
pub(crate) fn is_foreign() -> bool {
    CONTEXT
        .try_with(|context| context.foreign.get().is_some())
        .unwrap_or(false)
}

/// A rule was broken inside a section, if it was: also if the section has caught the panic that said so.
pub(crate) fn take_broken() -> Option<FaultKind> {
    CONTEXT.with(|context| context.broken.take())
}

/// An actor is resumed, in this mode: what it did while it unwound before is forgotten. Gives the mode before, for
/// [`end_resumption`]; a panic of the actor does not pass, it is caught at the root of its coroutine.
pub(crate) fn begin_resumption(mode: Mode) -> Mode {
    CONTEXT.with(|context| {
        context.answered.set(None);
        context.ends.set(0);
        context.mode.replace(mode)
    })
}

/// The actor that was resumed has come back: no coroutine runs, and the mode is again what it was before. Gives the
/// operation that was answered from a clone meanwhile, if there is one.
pub(crate) fn end_resumption(before: Mode) -> Option<Site> {
    CONTEXT.with(|context| {
        context.yielder.set(std::ptr::null());
        context.mode.set(before);
        context.answered.get().map(|(site, _)| site)
    })
}

/// The operation with which an actor went on although its execution was over, if one did since this was asked.
pub(crate) fn take_caught() -> Option<Site> {
    CONTEXT.with(|context| context.caught.take())
}

/// Ends the process with a sentence and status 1: for what can neither go on nor be left.
pub(crate) fn give_up(sentence: &str) -> ! {
    use std::io::Write;
    // Whoever does not read the sentence is told by the status.
    let _ = writeln!(std::io::stderr(), "{sentence}");
    std::process::exit(1)
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
            Mode::Section(site) => {
                let message = format!(
                    "the program is at fault: `{name}` was created inside the section {site}, \
                     which may be called several times"
                );
                rule_broken(&message, Location::caller());
            }
        }
        let mut names = context.names.borrow_mut();
        if names.contains(&name) {
            drop(names);
            let message = format!(
                "the program is at fault: two objects are called `{name}`; names are unique"
            );
            rule_broken(&message, Location::caller());
        }
        let object = Shared::new(name, names.len(), state);
        names.push(name);
        context.fresh.borrow_mut().push(object.clone());
        object
    })
}

/// Decides how the operation at `site` on `object` goes on; panics where it must not happen at all.
pub(crate) fn admit(object: &'static str, site: Site) -> Admission {
    CONTEXT.with(|context| match context.mode.get() {
        Mode::Actor | Mode::TearDown if std::thread::panicking() => {
            let (first, answers) = context.answered.get().unwrap_or((site, 0));
            if answers == MOST_ANSWERS {
                give_up(&format!(
                    "the program is at fault: a destructor performed {MOST_ANSWERS} operations while its actor \
                     unwound, the last of them {site} on `{object}`; it would never end"
                ));
            }
            context.answered.set(Some((first, answers + 1)));
            Admission::AnswerFromClone
        }
        Mode::Actor => {
            context.operations.set(context.operations.get() + 1);
            Admission::Park
        }
        Mode::TearDown => {
            let ends = context.ends.get();
            context.ends.set(ends + 1);
            if ends < MOST_ENDS {
                return Admission::Unwind;
            }
            context.caught.set(Some(site));
            Admission::Abandon
        }
        Mode::Section(outer) => break_rule(FaultKind::NestedOperation { outer, inner: site }),
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

/// A rule of the primitives is broken, in this place: that is a fault, and no panic of the program's own.
pub(crate) fn rule_broken(message: &str, place: &Location<'_>) -> ! {
    let kind = || FaultKind::BrokenRule {
        message: message.to_owned(),
        place: place.to_string(),
    };
    match mode() {
        Mode::Section(_) => break_rule(kind()),
        // Without the panic hook: the execution reports the fault.
        Mode::Actor => std::panic::resume_unwind(Box::new(kind())),
        _ => panic!("{message}"),
    }
}

/// Leaves a section that has broken a rule. Without the panic hook: the execution reports the fault, once.
fn break_rule(kind: FaultKind) -> ! {
    CONTEXT.with(|context| context.broken.replace(Some(kind.clone())));
    std::panic::resume_unwind(Box::new(kind))
}

/// The yielder of the coroutine that runs; null when none does.
pub(crate) fn yielder() -> *const ActorYielder {
    CONTEXT.with(|context| context.yielder.get())
}

/// Says which coroutine runs.
pub(crate) fn set_yielder(yielder: *const ActorYielder) {
    CONTEXT.with(|context| context.yielder.set(yielder));
}

/// How many operations there have been; an actor that asks twice learns whether it has performed one in between.
pub(crate) fn operations() -> u64 {
    CONTEXT.with(|context| context.operations.get())
}

/// The running actor has come to a mark.
pub(crate) fn leave_mark(mark: Mark) {
    CONTEXT.with(|context| context.marks.borrow_mut().push(mark));
}

/// Takes what an actor (or the program's start) left behind: new objects and marks.
pub(crate) fn collect(objects: &mut Vec<Arc<dyn Object>>, marks: &mut Vec<Mark>) {
    CONTEXT.with(|context| {
        let mut fresh = context.fresh.borrow_mut();
        if !fresh.is_empty() {
            objects.append(&mut fresh);
        }
        marks.clear();
        marks.append(&mut context.marks.borrow_mut());
    });
}
