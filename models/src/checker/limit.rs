//! Limits, and faults that are no verdict.

use std::fmt;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use logon_sim::FaultKind;

use crate::stage::result_type;

/// So many seconds, as far as they can be told.
pub(super) fn duration(seconds: f64) -> Duration {
    // `max` also takes what is no number for none.
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

/// The moment after which a checker stops; or none.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    until: Option<Instant>,
    seconds: f64,
}

impl Deadline {
    /// So many seconds from now. A number that is not positive has passed at once; one that no clock reaches never does.
    pub fn after(seconds: Option<f64>) -> Self {
        let until = seconds.and_then(|seconds| now().checked_add(duration(seconds)));
        Deadline {
            until,
            seconds: seconds.unwrap_or(f64::INFINITY),
        }
    }

    /// Whether it has passed.
    pub fn has_passed(&self) -> bool {
        self.until.is_some_and(|until| now() >= until)
    }

    /// Breaks with this limit if it has passed.
    pub(super) fn look(&self) -> ControlFlow<String> {
        if self.has_passed() {
            ControlFlow::Break(self.to_string())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// How much is left; `None` if there is no limit.
    pub fn left(&self) -> Option<Duration> {
        self.until
            .map(|until| until.saturating_duration_since(now()))
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the time limit of {} s (wall time)", self.seconds)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a limit on time is what the clock is for; it never decides a verdict"
)]
fn now() -> Instant {
    Instant::now()
}

/// Something other than a property went wrong: the subject panicked, broke a rule of the primitives, or a
/// tool failed. It is never a verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault(String);

impl Fault {
    /// A fault in these words.
    pub fn new(what: impl Into<String>) -> Self {
        Fault(what.into())
    }

    /// What ended a search.
    pub(super) fn of_search(fault: &logon_sim::Fault) -> Self {
        Fault(told(fault) + &fault.told_steps())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// What ended a search, for whoever wrote the allocator.
pub(super) fn told(fault: &logon_sim::Fault) -> String {
    match fault.kind {
        FaultKind::NotDescribed(name) => format!(
            "{}; for an allocator: name the type in `Subject::describe_types`, or let `Subject::is_symmetric` \
             say false, and nothing is merged",
            fault.to_string().replace(name, result_type(name))
        ),
        _ => fault.to_string(),
    }
}
