//! A checker in this process, on a thread of its own.
//!
//! A child process is a program that knows its subjects by name; a call checks an allocator that no such program knows,
//! as in a test. The thread can be given up, with all that its tool holds, when the time is over.

use std::cell::Cell;
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Once};
use std::time::Duration;

use super::{Checker, Deadline, Effort, Fault, Progress, cut_off, reports_deadlock, settled};
use crate::backend::Loom;
use crate::outcome::Outcome;
use crate::scenario::Scenario;
use crate::stage::Subject;

/// How long a checker may take beyond its time limit before it is given up.
const GRACE: Duration = Duration::from_secs(2);

/// Bytes of stack for the thread: as many as the main thread of a process has.
const STACK: usize = 8 << 20;

/// Runs `checker` in this process: here if it is safe, and otherwise on a thread of its own. An alarm of loom that may
/// be false is looked at again.
///
/// # Errors
///
/// [`Fault`] when something other than a property went wrong.
pub(crate) fn run_in_process<S: Subject + Clone + 'static>(
    checker: Checker,
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
) -> Result<Outcome, Fault> {
    let progress = Progress::new();
    if !checker.needs_child() {
        return checker.run(subject, scenario, effort, &progress);
    }
    silence_reports();
    let (reply, answer) = channel();
    let work = {
        let (subject, scenario) = (subject.clone(), Arc::clone(scenario));
        let (effort, progress) = (effort.clone(), Arc::clone(&progress));
        move || {
            IS_OWN.set(true);
            drop(reply.send(checker.run(&subject, &scenario, &effort, &progress)));
        }
    };
    let thread = std::thread::Builder::new()
        .name(format!("logon-check {checker}"))
        .stack_size(STACK)
        .spawn(work);
    let thread = thread.map_err(|error| Fault::new(format!("no thread for {checker}: {error}")))?;
    let left = Deadline::after(effort.time_limit).left();
    let patience = left.map(|left| left.saturating_add(GRACE));
    let answered = match patience {
        Some(patience) => answer.recv_timeout(patience),
        None => answer.recv().map_err(|_| RecvTimeoutError::Disconnected),
    };
    let outcome = match answered {
        Ok(outcome) => {
            drop(thread.join());
            outcome?
        }
        Err(RecvTimeoutError::Timeout) => cut_off(checker, scenario, effort, &progress),
        Err(RecvTimeoutError::Disconnected) => {
            return Err(Fault::new(format!("{checker} ended without an answer")));
        }
    };
    settled(checker, subject, scenario, effort, outcome)
}

thread_local! {
    /// Whether this thread is that of a checker.
    static IS_OWN: Cell<bool> = const { Cell::new(false) };
}

/// From now on nobody is told of a panic by which a tool reports that nobody can move, on a thread of a checker: the
/// judge hears of it, and the report says what came of that. Every other panic goes on to the hook that was there.
fn silence_reports() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // shuttle's hook prints lines of its own before it calls the next one, and comes with the first builder.
        drop(Loom::builder());
        let next = take_hook();
        set_hook(Box::new(move |info| {
            if !(IS_OWN.get() && is_report(info)) {
                next(info);
            }
        }));
    });
}

fn is_report(info: &PanicHookInfo<'_>) -> bool {
    let text = info.payload().downcast_ref::<String>();
    text.is_some_and(|text| reports_deadlock(text))
}
