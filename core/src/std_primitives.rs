//! The primitives of real threads.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::primitives::{Condition, Monitor, Name, Plain, Primitives, Wake, Word};

/// Real threads: `std::sync`, nothing added.
pub struct Std;

impl Primitives for Std {
    type Monitor<S: Plain> = StdMonitor<S>;
    type Word = StdWord;
}

/// A mutex with condition variables: one for whoever has to look after each update, one for each [`Condition`] that was
/// waited on, and one for each thread that [waits until](Monitor::wait_until) something is so.
///
/// An update asks on behalf of each of the latter whether its wait is over, and wakes it only then: the cost of an update is
/// a question for each of them, and a wake-up for few. Asking on behalf of the one who waits is known as delegated
/// condition evaluation.
pub struct StdMonitor<S> {
    guarded: Mutex<Guarded<S>>,
    changed: Condvar,
}

struct Guarded<S> {
    state: S,
    /// Counts updates, so that a bare sleep ends by an update and not by a spurious wake-up.
    updates: u64,
    /// The conditions that were waited on so far: a handful, so a list will do.
    conditions: Vec<(Condition, Arc<Condvar>)>,
    /// Who sleeps until something is so.
    waits: Vec<Wait<S>>,
}

/// A thread that sleeps until something is so.
struct Wait<S> {
    is_over: Box<dyn Fn(&S) -> bool + Send>,
    sleeper: Arc<Condvar>,
    /// Whether it was woken and has not looked yet: nobody has to ask for it.
    is_woken: bool,
}

impl<S> Guarded<S> {
    /// The condition variable of `condition`.
    fn variable(&mut self, condition: Condition) -> Arc<Condvar> {
        let known = self
            .conditions
            .iter()
            .find(|(known, _)| *known == condition);
        if let Some((_, variable)) = known {
            return Arc::clone(variable);
        }
        let variable = Arc::new(Condvar::new());
        self.conditions.push((condition, Arc::clone(&variable)));
        variable
    }

    /// Wakes those whose wait is over.
    fn wake_whose_wait_is_over(&mut self) {
        for wait in self.waits.iter_mut().filter(|wait| !wait.is_woken) {
            wait.is_woken = (wait.is_over)(&self.state);
            if wait.is_woken {
                wait.sleeper.notify_one();
            }
        }
    }

    /// Takes out the wait of a thread that does not sleep any more.
    fn take_out(&mut self, sleeper: &Arc<Condvar>) -> Wait<S> {
        let mut waits = self.waits.iter();
        let place = waits.position(|wait| Arc::ptr_eq(&wait.sleeper, sleeper));
        self.waits
            .swap_remove(place.expect("each thread takes out its own wait"))
    }
}

impl<S> StdMonitor<S> {
    fn wake(&self, guarded: &mut Guarded<S>, wake: Wake) {
        match wake {
            Wake::Nobody => {}
            Wake::One(condition) => guarded.variable(condition).notify_one(),
            Wake::All(condition) => guarded.variable(condition).notify_all(),
            Wake::Everybody => {
                guarded.updates = guarded.updates.wrapping_add(1);
                self.changed.notify_all();
                let conditions = guarded.conditions.iter();
                conditions.for_each(|(_, variable)| variable.notify_all());
                guarded.wake_whose_wait_is_over();
            }
        }
    }

    /// A section that panicked left the state as it was at that point. The panic is the report; other
    /// threads must still be able to run to their own.
    fn lock(&self) -> MutexGuard<'_, Guarded<S>> {
        self.guarded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Plain> Monitor<S> for StdMonitor<S> {
    fn new(_name: impl Into<Name>, state: S) -> Self {
        StdMonitor {
            guarded: Mutex::new(Guarded {
                state,
                updates: 0,
                conditions: Vec::new(),
                waits: Vec::new(),
            }),
            changed: Condvar::new(),
        }
    }

    fn enter<R: Plain>(&self, _label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        section(&mut self.lock().state)
    }

    fn update<R: Plain>(&self, _label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        let mut guarded = self.lock();
        let result = section(&mut guarded.state);
        self.wake(&mut guarded, Wake::Everybody);
        result
    }

    fn wait_for<R: Plain>(&self, _label: &'static str, section: impl Fn(&mut S) -> Option<R>) -> R {
        let mut guarded = self.lock();
        loop {
            if let Some(result) = section(&mut guarded.state) {
                return result;
            }
            guarded = self
                .changed
                .wait(guarded)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn wait_until<R: Plain>(
        &self,
        _label: &'static str,
        is_over: impl Fn(&S) -> bool + Send + 'static,
        section: impl Fn(&mut S) -> Option<R>,
    ) -> R {
        let mut guarded = self.lock();
        if let Some(result) = section(&mut guarded.state) {
            return result;
        }
        let mut wait = Wait {
            is_over: Box::new(is_over),
            sleeper: Arc::new(Condvar::new()),
            is_woken: false,
        };
        // While it looks its wait is not in the list, so that a panic of the section leaves nothing behind.
        loop {
            let sleeper = Arc::clone(&wait.sleeper);
            guarded.waits.push(wait);
            let woken = sleeper.wait(guarded);
            guarded = woken.unwrap_or_else(PoisonError::into_inner);
            wait = guarded.take_out(&sleeper);
            wait.is_woken = false;
            if let Some(result) = section(&mut guarded.state) {
                return result;
            }
        }
    }

    fn change<R: Plain>(&self, _label: &'static str, section: impl Fn(&mut S) -> (R, Wake)) -> R {
        let mut guarded = self.lock();
        let (result, wake) = section(&mut guarded.state);
        self.wake(&mut guarded, wake);
        result
    }

    fn wait_on<R: Plain>(
        &self,
        _label: &'static str,
        condition: Condition,
        section: impl Fn(&mut S) -> Option<(R, Wake)>,
    ) -> R {
        let mut guarded = self.lock();
        loop {
            if let Some((result, wake)) = section(&mut guarded.state) {
                self.wake(&mut guarded, wake);
                return result;
            }
            let variable = guarded.variable(condition);
            let woken = variable.wait(guarded);
            guarded = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn sleep(&self, _label: &'static str) {
        let guarded = self.lock();
        let asleep_since = guarded.updates;
        drop(
            self.changed
                .wait_while(guarded, |guarded| guarded.updates == asleep_since)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    fn peek<R>(&self, look: impl FnOnce(&S) -> R) -> R {
        look(&self.lock().state)
    }
}

/// An atomic integer.
pub struct StdWord(AtomicU64);

impl Word for StdWord {
    fn new(_name: impl Into<Name>, value: u64) -> Self {
        StdWord(AtomicU64::new(value))
    }

    fn load(&self, _label: &'static str, order: Ordering) -> u64 {
        self.0.load(order)
    }

    fn store(&self, _label: &'static str, value: u64, order: Ordering) {
        self.0.store(value, order);
    }

    fn compare_exchange(
        &self,
        _label: &'static str,
        current: u64,
        new: u64,
        order: Ordering,
    ) -> Result<u64, u64> {
        let failure = match order {
            Ordering::SeqCst => Ordering::SeqCst,
            Ordering::Acquire | Ordering::AcqRel => Ordering::Acquire,
            _ => Ordering::Relaxed,
        };
        self.0.compare_exchange(current, new, order, failure)
    }

    fn fetch_add(&self, _label: &'static str, value: u64, order: Ordering) -> u64 {
        self.0.fetch_add(value, order)
    }

    fn swap(&self, _label: &'static str, value: u64, order: Ordering) -> u64 {
        self.0.swap(value, order)
    }

    fn peek(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}
