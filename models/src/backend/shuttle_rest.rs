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
        // The execution before may have failed while its main thread waited.
        self.flag.0.store(BUSY, Ordering::SeqCst);
        self.inner.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        if self.flag.0.load(Ordering::SeqCst) != WAITING {
            return self.inner.next_task(runnable, current, is_yielding);
        }
        let main = TaskId::from(0);
        let others: Vec<&Task> = runnable
            .iter()
            .copied()
            .filter(|task| task.id() != main)
            .collect();
        if others.is_empty() {
            self.flag.0.store(GRANTED, Ordering::SeqCst);
            return self.inner.next_task(runnable, current, is_yielding);
        }
        self.inner.next_task(&others, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}
