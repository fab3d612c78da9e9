//! Letting shuttle's main thread run when nobody else can.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

const BUSY: u8 = 0;
const WAITING: u8 = 1;
const GRANTED: u8 = 2;

/// What the main thread and [`RestLast`] tell each other.
#[derive(Clone, Debug, Default)]
pub struct RestFlag(Arc<AtomicU8>);

impl RestFlag {
    /// Called by the main thread when it has started everybody: returns when every other thread has
    /// finished or is blocked. It may be called again after the main thread has woken somebody.
    ///
    /// Under a scheduler that is no [`RestLast`] with this flag it yields until shuttle's limit of
    /// steps.
    pub fn await_rest(&self) {
        self.0.store(WAITING, Ordering::SeqCst);
        while self.0.load(Ordering::SeqCst) != GRANTED {
            shuttle::thread::yield_now();
        }
        self.0.store(BUSY, Ordering::SeqCst);
    }

    /// Whether the main thread waits; for schedulers.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.0.load(Ordering::SeqCst) == WAITING
    }

    /// Lets the main thread return from waiting when it is scheduled next; for schedulers.
    pub fn grant(&self) {
        self.0.store(GRANTED, Ordering::SeqCst);
    }

    /// Forgets the execution before, whose main thread may have ended while it waited; for schedulers.
    pub fn reset(&self) {
        self.0.store(BUSY, Ordering::SeqCst);
    }
}

/// A scheduler that withholds the main thread, while it waits for rest, as long as another thread can
/// run. Everything else it leaves to the scheduler within, which never sees the withheld thread.
#[derive(Debug)]
pub struct RestLast<S> {
    inner: S,
    flag: RestFlag,
}

impl<S: Scheduler> RestLast<S> {
    /// Wraps a scheduler; the flag goes to the main thread.
    pub fn new(inner: S, flag: RestFlag) -> Self {
        Self { inner, flag }
    }
}

impl<S: Scheduler> Scheduler for RestLast<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.flag.reset();
        self.inner.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        if !self.flag.is_waiting() {
            return self.inner.next_task(runnable, current, is_yielding);
        }
        let main = TaskId::from(0);
        let others: Vec<&Task> = runnable
            .iter()
            .copied()
            .filter(|task| task.id() != main)
            .collect();
        if others.is_empty() {
            self.flag.grant();
            return self.inner.next_task(runnable, current, is_yielding);
        }
        self.inner.next_task(&others, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}
