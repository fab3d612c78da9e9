//! Panics of the program under test: where they happened, and silence about them.
//!
//! A panic's payload carries the message but not the place, which only the process-wide panic hook is
//! told. So the first simulation of a process puts a hook before the one it finds. It takes note of
//! panics inside an execution, which the execution reports as a fault, and passes all others on.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{
    AssertUnwindSafe, PanicHookInfo, catch_unwind, resume_unwind, set_hook, take_hook,
};
use std::sync::Once;

use crate::context::{self, Mode};
use crate::coroutine::{self, Overflow};
use crate::execution::Site;
use crate::fault::{Fault, FaultKind, general_fault};

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Whether a watch is asked where it may be surprised.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Puts the hook in place, once for the process.
pub(crate) fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        coroutine::install_overflow_handler();
        put_hook_first();
    });
}

/// Puts the hook that hears where an actor panicked before all that are there now.
///
/// For a process in which another library puts a hook before this one that tells of every panic: an actor's panic is told
/// by its execution alone.
pub fn put_hook_first() {
    let next = take_hook();
    set_hook(Box::new(move |info| {
        if context::mode() != Mode::Outside && is_last_word(info) {
            context::give_up(
                "the program is at fault: a destructor panicked while a panic, or the end of its execution, \
                 unwound its actor",
            );
        }
        if ASKED.try_with(Cell::get).unwrap_or(false) {
            return;
        }
        let place = info.location().map(ToString::to_string);
        let is_ours =
            context::is_foreign() || matches!(context::mode(), Mode::Actor | Mode::Section(_));
        let is_first = is_ours && PLACE.replace(place).is_none();
        if !is_first {
            // A second panic, while the first one unwinds, ends the process: somebody must hear it.
            next(info);
        }
    }));
}

/// What `question` answers; `None` if it panics, which nobody hears. For a watch that is asked where it need not answer.
pub(crate) fn ask<R>(question: impl FnOnce() -> R) -> Option<R> {
    ASKED.set(true);
    let answer = catch_unwind(AssertUnwindSafe(question));
    ASKED.set(false);
    answer.ok()
}

/// Whether the process is about to abort, because a destructor has panicked while another panic unwinds.
fn is_last_word(info: &PanicHookInfo<'_>) -> bool {
    let message = info.payload().downcast_ref::<&'static str>();
    message.is_some_and(|message| message.contains("in a destructor during cleanup"))
}

/// Calls the section of an operation.
///
/// # Errors
///
/// A panic of it, or a rule that it broke, also if it has caught the panic that said so.
pub(crate) fn call_section<R>(site: Site, section: impl FnOnce() -> R) -> Result<R, FaultKind> {
    let called = {
        let _mode = context::enter(Mode::Section(site));
        catch_unwind(AssertUnwindSafe(section))
    };
    if let Some(broken) = context::take_broken() {
        PLACE.take();
        return Err(broken);
    }
    called.map_err(fault_of)
}

/// Runs what may run code of values.
///
/// # Errors
///
/// A panic in such code. Any other panic is passed on.
pub(crate) fn watch_values<R>(run: impl FnOnce() -> R) -> Result<R, Box<Fault>> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => Ok(done),
        Err(payload) => match context::take_foreign() {
            None => resume_unwind(payload),
            Some((code, type_name)) => {
                let told = fault_of(payload);
                Err(general_fault(FaultKind::ValuePanic {
                    code,
                    type_name,
                    told: told.to_string(),
                }))
            }
        },
    }
}

/// What the panic that was just caught says.
pub(crate) fn fault_of(payload: Box<dyn Any + Send>) -> FaultKind {
    let place = PLACE.take();
    let payload = match payload.downcast::<FaultKind>() {
        Ok(fault) => return *fault,
        Err(payload) => payload,
    };
    if payload.is::<Overflow>() {
        return FaultKind::StackOverflow { section: None };
    }
    let message = match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => match payload.downcast::<&'static str>() {
            Ok(message) => (*message).to_owned(),
            Err(_) => "a panic without a message".to_owned(),
        },
    };
    FaultKind::Panic { message, place }
}
