//! Limits on time: on the wall clock, and on the processor.
//!
//! The first holds whatever a checker does, also if it sleeps for ever. The second does not count what other jobs of the
//! machine take. Neither decides a verdict: who is stopped by one is incomplete.

use std::fmt;
use std::ops::ControlFlow;
use std::time::Duration;

use super::{CpuTime, Deadline, Effort};

/// After how much time a checker stops.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimits {
    wall: Deadline,
    processor: Option<Processor>,
}

/// So many seconds of processor time, since a moment.
#[derive(Clone, Copy, Debug)]
struct Processor {
    limit: f64,
    since: Meter,
    /// How many seconds beyond the limit are left to whoever should keep it by himself.
    grace: f64,
}

/// Whose time is counted.
#[derive(Clone, Copy, Debug)]
enum Meter {
    Thread(CpuTime),
    Process(f64),
}

/// How often somebody looks who waits for a limit on processor time.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

impl TimeLimits {
    /// Those of `effort`, from now on, for a checker that works on this thread alone.
    pub(crate) fn of(effort: &Effort) -> Self {
        Self::new(effort, Meter::Thread(CpuTime::start()))
    }

    /// The same for one that works on several threads of this process.
    pub(crate) fn of_process(effort: &Effort) -> Self {
        Self::new(effort, Meter::Process(CpuTime::of_process()))
    }

    fn new(effort: &Effort, since: Meter) -> Self {
        TimeLimits {
            wall: Deadline::after(effort.time_limit),
            processor: effort.cpu_limit.map(|limit| Processor {
                limit,
                since,
                grace: 0.0,
            }),
        }
    }

    /// Those of `effort` and so much more, for who looks after a checker that works in this process; none if it has none.
    pub(crate) fn beyond(effort: &Effort, grace: Duration) -> Option<Self> {
        if effort.time_limit.is_none() && effort.cpu_limit.is_none() {
            return None;
        }
        let grace = grace.as_secs_f64();
        let mut limits = Self::of_process(&Effort {
            time_limit: effort.time_limit.map(|seconds| seconds + grace),
            ..effort.clone()
        });
        limits.processor.iter_mut().for_each(|processor| {
            processor.grace = grace;
        });
        Some(limits)
    }

    /// Whether one of them has passed.
    pub(crate) fn have_passed(&self) -> bool {
        self.wall.has_passed()
            || self
                .processor
                .is_some_and(|processor| processor.is_used_up())
    }

    /// Whether that on the processor has.
    pub(crate) fn is_out_of_processor(&self) -> bool {
        self.processor
            .is_some_and(|processor| processor.is_used_up())
    }

    /// Breaks with the limit that has passed, if one has.
    pub(crate) fn look(&self) -> ControlFlow<String> {
        match self.have_passed() {
            true => ControlFlow::Break(self.to_string()),
            false => ControlFlow::Continue(()),
        }
    }

    /// How much is left on the wall clock; `None` if there is no limit on that.
    pub(crate) fn left(&self) -> Option<Duration> {
        self.wall.left()
    }

    /// How long to wait before it is worth looking again.
    pub(crate) fn until_next_look(&self) -> Duration {
        let left = self.left().unwrap_or(Duration::MAX);
        match self.processor {
            Some(_) => left.min(BETWEEN_LOOKS),
            None => left,
        }
    }
}

impl fmt::Display for TimeLimits {
    /// The one that has passed, or that on the wall clock.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.processor {
            Some(processor) if processor.is_used_up() => processor.fmt(f),
            _ => self.wall.fmt(f),
        }
    }
}

impl Processor {
    fn is_used_up(&self) -> bool {
        let used = match self.since {
            Meter::Thread(since) => since.seconds(),
            Meter::Process(since) => CpuTime::of_process() - since,
        };
        used >= self.limit + self.grace
    }
}

impl fmt::Display for Processor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the limit of {} s of processor time", self.limit)
    }
}
