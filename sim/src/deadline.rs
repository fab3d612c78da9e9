//! Limits on wall-clock time. They decide no verdict.

use std::fmt;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// So many seconds, as far as they can be told.
pub(crate) fn duration(seconds: f64) -> Duration {
    // `max` also takes what is no number for none.
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

/// The moment after which somebody stops; or none.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    until: Option<Instant>,
    seconds: f64,
}

impl Deadline {
    /// So many seconds from now. A number that is not positive has passed at once; one that no clock reaches never does.
    #[must_use]
    pub fn after(seconds: Option<f64>) -> Self {
        let until = seconds.and_then(|seconds| now().checked_add(duration(seconds)));
        Deadline {
            until,
            seconds: seconds.unwrap_or(f64::INFINITY),
        }
    }

    /// Whether it has passed.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        self.until.is_some_and(|until| now() >= until)
    }

    /// Breaks with this limit if it has passed.
    pub fn look(&self) -> ControlFlow<String> {
        if self.has_passed() {
            ControlFlow::Break(self.to_string())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// How much is left; `None` if there is no limit.
    #[must_use]
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
