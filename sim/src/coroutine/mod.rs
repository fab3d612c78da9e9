//! Actors as stackful coroutines on pooled stacks; the only module of the runtime with `unsafe`.
//!
//! A [`Task`] is an actor's coroutine. It is parked, finished, or (inside [`Task::feed`]) running. A
//! parked task offers its pending section to be called from outside, on any state and as often as one
//! likes, without being resumed; resuming it takes the result of its operation and nothing else. That is
//! all an explorer of whole states needs: it keeps parked tasks and brings a new one to where it should
//! be by feeding it recorded results.
//!
//! # How a task ends early
//!
//! An execution may end while tasks are parked. They are *unwound*, not reset: the parked operation
//! raises a private panic payload (the panic hook is not called), destructors give back what the actor
//! owned, and the stack returns to the pool. Resetting would be faster and would leak every `Arc` an
//! actor holds. The actor cannot act on the way out: an operation outside a destructor raises the
//! payload again, and one inside a destructor is answered from a clone of the state, as no step. An actor
//! that catches the payload again and again is left suspended, with all that it holds. The
//! one thing that cannot be answered is a destructor that waits for what does not hold; it ends the process
//! with a sentence and status 1.
//!
//! # Stacks that overflow
//!
//! Every stack ends in a page that must not be touched. On Linux a handler for the signal that touching it
//! raises makes the coroutine return an [`Overflow`] from there, as corosensei provides for: its frames are
//! abandoned, no destructor runs, and what they own is leaked. That is done only if the program's own code was
//! interrupted. Within a library, an allocator above all, something may be locked or half done; then the process ends
//! with a sentence and status 1. Everything that is not an actor's runs on such a stack as well
//! ([`on_own_stack`]), sections included.

#![expect(
    unsafe_code,
    reason = "a parked section is borrowed from the stack of a coroutine"
)]

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod overflow;
#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
mod overflow {
    //! Elsewhere an overflow ends the process.

    pub(crate) fn install() {}
}
mod stacks;

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use corosensei::stack::DefaultStack;
use corosensei::trap::CoroutineTrapHandler;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use logon_core::primitives::Condition;

pub(crate) use overflow::install as install_overflow_handler;
pub(crate) use stacks::StackPool;

use crate::context::{self, Mode};
use crate::fault::FaultKind;
use crate::object::ObjectId;
use crate::step::{Operation, OperationKind};
use crate::value::{Value, Yielded};

/// The section of an operation: a function from a state to a result and to who is woken, `None` if it does not yield one.
pub(crate) type Section<'a> = dyn Fn(&mut dyn Value) -> Option<Yielded> + 'a;

/// What suspends an actor.
pub(crate) type ActorYielder = Yielder<Answer, Option<Request>>;

/// What an actor wants to do: an operation before it is counted or scheduled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) kind: OperationKind,
    pub(crate) order: Option<Ordering>,
    /// The condition on which the actor may fall asleep; `None` is the one without a name.
    pub(crate) condition: Option<Condition>,
    /// How many values a choice has; 1 for everything else.
    pub(crate) values: u32,
    pub(crate) object: usize,
    pub(crate) object_name: &'static str,
    pub(crate) object_address: *const (),
    pub(crate) label: &'static str,
    pub(crate) location: &'static Location<'static>,
}

impl Call {
    /// The call as an operation; which of its kind it is depends on the way there, and is not known.
    pub(crate) fn operation(&self) -> Operation {
        Operation {
            kind: self.kind,
            object: ObjectId {
                creator: None,
                nth: u32::try_from(self.object).expect("fewer than 2^32 objects"),
            },
            object_name: self.object_name,
            label: self.label,
            location: self.location,
            nth: 1,
            order: self.order,
            condition: self.condition,
        }
    }
}

/// A call and its section, as the coroutine hands them over.
pub(crate) struct Request {
    call: Call,
    section: *const Section<'static>,
}

/// What a parked actor is resumed with.
pub(crate) enum Answer {
    /// Run from the beginning.
    Begin,
    /// The result of the pending operation.
    Result(Box<dyn Value>),
    /// The execution is over.
    Unwind,
}

/// The payload that unwinds an actor whose execution is over.
struct Unwound;

/// What a coroutine returns whose stack has overflowed.
pub(crate) struct Overflow;

/// How a coroutine ends: regularly, or with the payload of a panic.
type Ended = Result<(), Box<dyn Any + Send>>;

/// Where a task is after it ran.
pub(crate) enum Advance {
    /// Before its next operation.
    Parked(Call),
    /// At its end.
    Finished,
    /// It panicked, with this payload.
    Panicked(Box<dyn Any + Send>),
}

type ActorCoroutine = Coroutine<Answer, Option<Request>, Ended, DefaultStack>;

/// An actor's coroutine.
pub(crate) struct Task {
    /// `None` once finished, when the stack has gone back to the pool.
    coroutine: Option<ActorCoroutine>,
    /// The pending operation; `Some` exactly while the coroutine is suspended in `park`.
    pending: Option<Request>,
    pool: Rc<StackPool>,
}

impl Task {
    /// A coroutine for `body`, run to its first operation.
    pub(crate) fn start(pool: &Rc<StackPool>, body: Box<dyn FnOnce()>) -> (Self, Advance) {
        let mut task = Self {
            coroutine: None,
            pending: None,
            pool: Rc::clone(pool),
        };
        let stack = match pool.take() {
            Ok(stack) => stack,
            Err(kind) => return (task, Advance::Panicked(Box::new(kind))),
        };
        let coroutine = Coroutine::with_stack(stack, move |yielder, _: Answer| {
            context::set_yielder(yielder);
            catch_unwind(AssertUnwindSafe(body))
        });
        task.coroutine = Some(coroutine);
        let advance = task.resume(Mode::Actor, Answer::Begin);
        (task, advance)
    }

    /// Gives the pending operation its result and runs the actor to its next operation.
    pub(crate) fn feed(&mut self, result: Box<dyn Value>) -> Advance {
        assert!(
            self.pending.is_some(),
            "the tool is at fault: a result fed to an actor not parked"
        );
        self.resume(Mode::Actor, Answer::Result(result))
    }

    /// Calls the pending section on `state`. The actor stays where it is.
    pub(crate) fn apply(&self, state: &mut dyn Value) -> Option<Yielded> {
        let pending = self
            .pending
            .as_ref()
            .expect("the tool is at fault: no section is pending");
        // SAFETY: the section lives in a frame of the coroutine's stack, below `park`, which borrows it.
        // `pending` is `Some` only from the moment `park` has suspended until `resume` takes it, before
        // it switches; in between that frame is neither left nor run, and nobody has a `&mut` to the
        // section, which was handed over as a shared reference. The borrow ends with this call, during
        // which `&self` keeps `resume` (which needs `&mut self`) away.
        let section = unsafe { &*pending.section };
        section(state)
    }

    fn resume(&mut self, mode: Mode, answer: Answer) -> Advance {
        self.pending = None;
        let Some(coroutine) = self.coroutine.as_mut() else {
            return Advance::Finished;
        };
        let before = context::begin_resumption(mode);
        let outcome = running(&coroutine.trap_handler(), || coroutine.resume(answer));
        let answered = context::end_resumption(before);
        let advance = match outcome {
            CoroutineResult::Yield(Some(request)) => {
                let call = request.call;
                self.pending = Some(request);
                Advance::Parked(call)
            }
            CoroutineResult::Yield(None) => {
                // It has neither come to its end nor can it be brought there: what it holds is never given back.
                std::mem::forget(self.coroutine.take());
                Advance::Finished
            }
            CoroutineResult::Return(result) => {
                let coroutine = self.coroutine.take().expect("it was there to be resumed");
                let stack = coroutine.into_stack();
                // All pages of one that overflowed are in use.
                let has_overflowed = matches!(&result, Err(payload) if payload.is::<Overflow>());
                if !has_overflowed {
                    self.pool.give_back(stack);
                }
                match result {
                    Err(payload) if !payload.is::<Unwound>() => Advance::Panicked(payload),
                    _ => Advance::Finished,
                }
            }
        };
        match (mode, advance) {
            // The actor would have done something on other tools that it has not done here.
            (Mode::Actor, Advance::Parked(_) | Advance::Finished) if let Some(site) = answered => {
                Advance::Panicked(Box::new(FaultKind::CaughtStep(site)))
            }
            (_, advance) => advance,
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        // No operation parks in this mode, so one resumption brings the coroutine to its end. A panic of
        // a destructor on the way out is caught at the coroutine's root and has nobody left to tell.
        if self.coroutine.is_some() {
            self.resume(Mode::TearDown, Answer::Unwind);
        }
    }
}

/// Suspends the running actor before the operation `call` and returns the operation's result.
pub(crate) fn park(call: Call, section: &Section<'_>) -> Box<dyn Value> {
    let yielder = context::yielder();
    assert!(
        !yielder.is_null(),
        "the tool is at fault: an operation was admitted outside a coroutine"
    );
    // SAFETY: only the lifetime changes. `Task::apply` argues why the pointer is used only while this
    // frame, which borrows the section, is suspended.
    let section: *const Section<'static> =
        unsafe { std::mem::transmute::<&Section<'_>, &Section<'static>>(section) };
    // SAFETY: a coroutine's yielder lives on its stack for as long as its body runs. The pointer was set
    // by this very coroutine, at the beginning of its body or on its last return from `suspend`, and
    // `Task::resume` clears it whenever a coroutine is left; so it is the running coroutine's own.
    // Tasks are not `Send`, hence the coroutine and this thread-local stay on one OS thread.
    let answer = unsafe { &*yielder }.suspend(Some(Request { call, section }));
    context::set_yielder(yielder);
    match answer {
        Answer::Result(result) => result,
        Answer::Unwind => unwind(),
        Answer::Begin => unreachable!("the tool is at fault: an actor was begun twice"),
    }
}

/// Leaves an actor whose execution is over.
pub(crate) fn unwind() -> ! {
    resume_unwind(Box::new(Unwound))
}

/// Suspends an actor for good, whose execution is over and who does not let itself be unwound.
pub(crate) fn abandon() -> ! {
    let yielder = context::yielder();
    loop {
        // SAFETY: as in `park`. Only a running coroutine whose execution is over comes here, and no coroutine that has
        // yielded `None` is ever resumed.
        unsafe { &*yielder }.suspend(None);
    }
}

/// Bytes of stack for whatever is not an actor's: as much as a main thread has.
pub(crate) const HOST_STACK: usize = 8 << 20;

/// Runs `body` on a stack of its own, so that one that overflows can be told of.
///
/// # Errors
///
/// What happened instead of an end.
pub(crate) fn on_own_stack<R>(pool: &StackPool, body: impl FnOnce() -> R) -> Result<R, FaultKind> {
    let mut done = None;
    let stack = pool.take()?;
    let run = |_: &Yielder<(), ()>, (): ()| -> Ended {
        done = Some(catch_unwind(AssertUnwindSafe(body)));
        Ok(())
    };
    // SAFETY: what `run` borrows lives longer than the coroutine, which this function creates and ends: nobody else
    // has its yielder, so that the one `resume` below returns only when `run` has come to its end or has been abandoned,
    // and is never entered again.
    let mut coroutine = unsafe { Coroutine::with_stack_unchecked(stack, run) };
    let before = context::mode();
    let outcome = running(&coroutine.trap_handler(), || coroutine.resume(()));
    let stack = coroutine.into_stack();
    match outcome {
        CoroutineResult::Return(Ok(())) => {
            pool.give_back(stack);
            match done.expect("it has come to its end") {
                Ok(result) => Ok(result),
                Err(payload) => resume_unwind(payload),
            }
        }
        _ => {
            let section = match context::mode() {
                Mode::Section(site) => Some(site),
                _ => None,
            };
            context::restore(before);
            Err(FaultKind::StackOverflow { section })
        }
    }
}

type Trap = CoroutineTrapHandler<Ended>;

thread_local! {
    /// The coroutine that runs on this thread; null if none does.
    static RUNNING: Cell<*const Trap> = const { Cell::new(std::ptr::null()) };
}

/// Resumes a coroutine, whose overflow is dealt with meanwhile.
fn running<R>(trap: &Trap, resume: impl FnOnce() -> R) -> R {
    let before = RUNNING.replace(trap);
    let result = resume();
    RUNNING.set(before);
    result
}
