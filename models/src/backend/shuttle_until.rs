//! The end of what a scheduler of shuttle explores.

use std::fmt;
use std::mem::ManuallyDrop;

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

/// A scheduler that begins no execution once it is over.
pub(crate) struct Until<S, F> {
    /// Never dropped, which costs little: one of shuttle's that is dropped between its first and its last execution prints
    /// the seed as that of a failure.
    inner: ManuallyDrop<S>,
    is_over: F,
}

impl<S: Scheduler, F: Fn() -> bool> Until<S, F> {
    /// Wraps a scheduler; before each execution `is_over` is asked.
    pub(crate) fn new(inner: S, is_over: F) -> Self {
        Self {
            inner: ManuallyDrop::new(inner),
            is_over,
        }
    }
}

impl<S: fmt::Debug, F> fmt::Debug for Until<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Until").field(&self.inner).finish()
    }
}

impl<S: Scheduler, F: Fn() -> bool> Scheduler for Until<S, F> {
    fn new_execution(&mut self) -> Option<Schedule> {
        match (self.is_over)() {
            true => None,
            false => self.inner.new_execution(),
        }
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.inner.next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}
