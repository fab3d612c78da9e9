//! Faults of the program itself, of its tools, and of a system that gives it no more: one sentence and a status.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use super::{Failure, Status};

/// What the first panic says, and where it was.
static FIRST: Mutex<Option<String>> = Mutex::new(None);

/// From now on a panic prints nothing; [`caught`] says what it was. An abort ends the process with the status of a fault
/// rather than by a signal.
pub(super) fn say_no_more_than_the_sentence() {
    std::panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        let place = info
            .location()
            .map_or(String::new(), |place| format!(" ({place})"));
        let mut first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| format!("{}{place}", text.unwrap_or("a panic without a text")));
    }));
    #[cfg(unix)]
    end_an_abort_as_a_fault();
}

/// An abort, with which the standard library answers the end of a stack and a panic within a panic, ends the process with
/// the status of a fault.
#[cfg(unix)]
fn end_an_abort_as_a_fault() {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    let always = Arc::new(AtomicBool::new(true));
    let status = Status::Fault as i32;
    // Without it the process ends by the signal, which is as much a fault to whoever sees it.
    drop(signal_hook::flag::register_conditional_shutdown(
        signal_hook::consts::SIGABRT,
        status,
        always,
    ));
}

/// Runs a command; a panic in it is a failure that says what it was.
pub(super) fn caught(run: impl FnOnce() -> Result<Status, Failure>) -> Result<Status, Failure> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let first = FIRST.lock().unwrap_or_else(PoisonError::into_inner).take();
        let what = first.unwrap_or_else(|| "a panic without a text".to_owned());
        Err(Failure::fault(format!("this program has a fault: {what}")))
    })
}

/// Ends the process as a fault, at once: nothing is written, freed or waited for.
pub fn end_as_fault() -> ! {
    #[cfg(unix)]
    signal_hook::low_level::exit(Status::Fault as i32);
    #[cfg(not(unix))]
    std::process::exit(Status::Fault as i32)
}
