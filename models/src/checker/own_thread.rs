//! A checker in this process, on a thread of its own.
//!
//! A child process knows the variants alone; an allocator from outside is checked where it was compiled. The thread can
//! be given up, with all that its tool holds, when the time is over.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::limit::duration;
use super::{Checker, Effort, Fault, Progress, cut_off, settled};
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
    let (reply, answer) = channel();
    let work = {
        let (subject, scenario) = (subject.clone(), Arc::clone(scenario));
        let (effort, progress) = (effort.clone(), Arc::clone(&progress));
        move || drop(reply.send(checker.run(&subject, &scenario, &effort, &progress)))
    };
    let thread = std::thread::Builder::new()
        .name(format!("logon-check {checker}"))
        .stack_size(STACK)
        .spawn(work);
    let thread = thread.map_err(|error| Fault::new(format!("no thread for {checker}: {error}")))?;
    let patience = effort
        .time_limit
        .map(|seconds| duration(seconds).saturating_add(GRACE));
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
