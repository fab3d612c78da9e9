//! The interlocked integer of every tool.

use std::panic::{Location, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use logon_core::primitives::{Name, Plain, Word};

use super::admission::Stopped;
use super::recorder::Recorder;
use super::rules;
use logon_sim::OperationKind;

use super::step::Operation;
use super::tool::{Atomic, Tool};

/// A word made of a tool's atomic integer.
pub struct AtomicWord<T: Tool> {
    name: &'static str,
    atomic: T::Atomic,
    /// The value last written, for whoever looks without a step: a load is one on a tool that runs everybody
    /// on one thread.
    last: AtomicU64,
    recorder: Option<Arc<Recorder>>,
}

impl<T: Tool> Word for AtomicWord<T> {
    #[track_caller]
    fn new(name: impl Into<Name>, value: u64) -> Self {
        let name = name.into().text();
        let recorder = Recorder::of_object(name, Location::caller());
        if let Some(published) = recorder
            .as_deref()
            .and_then(|recorder| recorder.published.as_deref())
        {
            published.word(name, value);
        }
        Self {
            name,
            atomic: T::Atomic::new(value),
            last: AtomicU64::new(value),
            recorder,
        }
    }

    #[track_caller]
    fn load(&self, label: &'static str, order: Ordering) -> u64 {
        if let Some(last) = self.while_unwinding() {
            return last.load(Ordering::SeqCst);
        }
        self.step(
            OperationKind::Load,
            order,
            label,
            Location::caller(),
            || {
                let value = self.atomic.load(order);
                (value, value, None)
            },
        )
    }

    #[track_caller]
    fn store(&self, label: &'static str, value: u64, order: Ordering) {
        if let Some(last) = self.while_unwinding() {
            return last.store(value, Ordering::SeqCst);
        }
        self.step(
            OperationKind::Store,
            order,
            label,
            Location::caller(),
            || {
                self.atomic.store(value, order);
                self.last.store(value, Ordering::SeqCst);
                ((), value, Some(value))
            },
        );
    }

    #[track_caller]
    fn compare_exchange(
        &self,
        label: &'static str,
        current: u64,
        new: u64,
        order: Ordering,
    ) -> Result<u64, u64> {
        if let Some(last) = self.while_unwinding() {
            return last.compare_exchange(current, new, Ordering::SeqCst, Ordering::SeqCst);
        }
        let failure = match order {
            Ordering::Release => Ordering::Relaxed,
            Ordering::AcqRel => Ordering::Acquire,
            same => same,
        };
        self.step(
            OperationKind::CompareExchange,
            order,
            label,
            Location::caller(),
            || {
                let result = self.atomic.compare_exchange(current, new, order, failure);
                let (Ok(found) | Err(found)) = result;
                if result.is_ok() {
                    self.last.store(new, Ordering::SeqCst);
                }
                (result, found, result.is_ok().then_some(new))
            },
        )
    }

    #[track_caller]
    fn fetch_add(&self, label: &'static str, value: u64, order: Ordering) -> u64 {
        if let Some(last) = self.while_unwinding() {
            return last.fetch_add(value, Ordering::SeqCst);
        }
        self.step(
            OperationKind::FetchAdd,
            order,
            label,
            Location::caller(),
            || {
                let before = self.atomic.fetch_add(value, order);
                let after = before.wrapping_add(value);
                self.last.store(after, Ordering::SeqCst);
                (before, before, Some(after))
            },
        )
    }

    #[track_caller]
    fn swap(&self, label: &'static str, value: u64, order: Ordering) -> u64 {
        if let Some(last) = self.while_unwinding() {
            return last.swap(value, Ordering::SeqCst);
        }
        self.step(
            OperationKind::Swap,
            order,
            label,
            Location::caller(),
            || {
                let before = self.atomic.swap(value, order);
                self.last.store(value, Ordering::SeqCst);
                (before, before, Some(value))
            },
        )
    }

    fn peek(&self) -> u64 {
        if T::ONE_THREAD {
            self.last.load(Ordering::SeqCst)
        } else {
            self.atomic.load(Ordering::SeqCst)
        }
    }
}

impl<T: Tool> AtomicWord<T> {
    /// The value that nobody of the tool sees, while an actor unwinds: what its destructors do is no step, and a tool that
    /// switched there would end the process.
    fn while_unwinding(&self) -> Option<&AtomicU64> {
        std::thread::panicking().then_some(&self.last)
    }

    /// Does a step that yields a result, the value to be recorded, and what was written, if anything was.
    fn step<R: Plain>(
        &self,
        kind: OperationKind,
        order: Ordering,
        label: &'static str,
        place: &'static Location<'static>,
        act: impl FnOnce() -> (R, u64, Option<u64>),
    ) -> R {
        let operation = Operation {
            kind,
            object: self.name,
            label,
            condition: None,
            place,
        };
        let recorder = self.recorder.as_deref();
        if let Some(recorder) = recorder {
            rules::expect_order(recorder, operation, order);
            recorder.orders.note(order);
        }
        let pending = recorder.and_then(|recorder| {
            recorder
                .arrive(T::key()?, operation, T::pause())
                .zip(Some(recorder))
        });
        let Some((pending, recorder)) = pending else {
            return act().0;
        };
        let result = if T::ONE_THREAD {
            // The tool switches before the operation and not after it: nothing comes between.
            let (result, value, written) = act();
            if let Some(published) = &recorder.published {
                if let Some(written) = written {
                    published.wrote(self.name, written);
                }
                published.returned(pending.actor, Box::new(result.clone()));
            }
            recorder.done(Some(pending), None, Some(value));
            result
        } else {
            recorder.do_and_record(pending, || {
                let (result, value, _) = act();
                (result, value)
            })
        };
        if recorder.ends_here(T::key()) {
            resume_unwind(Box::new(Stopped));
        }
        result
    }
}
