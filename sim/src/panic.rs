//! Panics of the program under test: where they happened, and silence about them.
//!
//! A panic's payload carries the message but not the place, which only the process-wide panic hook is
//! told. So the first simulation of a process puts a hook before the one it finds. It takes note of
//! panics inside an execution, which the execution reports as a fault, and passes all others on.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{set_hook, take_hook};
use std::sync::Once;

use crate::context::{self, Mode};
use crate::execution::FaultKind;

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Puts the hook in place, once for the process.
pub(crate) fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let next = take_hook();
        set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string);
            let is_ours = matches!(context::mode(), Mode::Actor | Mode::Section(_));
            let is_first = is_ours && PLACE.replace(place).is_none();
            if !is_first {
                // A second panic, while the first one unwinds, ends the process: somebody must hear it.
                next(info);
            }
        }));
    });
}

/// What the panic that was just caught says.
pub(crate) fn fault_of(payload: Box<dyn Any + Send>) -> FaultKind {
    let place = PLACE.take();
    let payload = match payload.downcast::<FaultKind>() {
        Ok(fault) => return *fault,
        Err(payload) => payload,
    };
    let message = match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => match payload.downcast::<&'static str>() {
            Ok(message) => (*message).to_owned(),
            Err(_) => "a panic without a message".to_owned(),
        },
    };
    FaultKind::Panic { message, place }
}
