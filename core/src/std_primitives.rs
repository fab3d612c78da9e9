//! The primitives of real threads.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::primitives::{Condition, Monitor, Name, Plain, Primitives, Topic, Wake, Word};
use crate::topic::touched_in;

/// Real threads: `std::sync`, nothing added.
pub struct Std;

impl Primitives for Std {
    type Monitor<S: Plain> = StdMonitor<S>;
    type Word = StdWord;
}

/// A mutex with condition variables: one for whoever has to look after each update, one for each [`Condition`] that was
/// waited on, and one for each [`Topic`] that somebody waits about, whom only an update that touched it wakes.
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
    /// Of what somebody waits about: where they sleep, and how many they are.
    topics: BTreeMap<Topic, (Arc<Condvar>, u32)>,
    /// The topics with sleepers that were touched since the last update: whom the next one has to wake.
    touched: Vec<Topic>,
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

    /// Runs a section, and takes note of what it touches.
    fn run<R>(&mut self, section: impl FnOnce(&mut S) -> R) -> R {
        let Guarded {
            state,
            topics,
            touched,
            ..
        } = self;
        touched_in(
            || section(state),
            |topic| {
                if topics.contains_key(&topic) && !touched.contains(&topic) {
                    touched.push(topic);
                }
            },
        )
    }

    /// Somebody is about to sleep until this topic is touched: where.
    fn begin_wait(&mut self, topic: Topic) -> Arc<Condvar> {
        let (variable, sleepers) = self.topics.entry(topic).or_default();
        *sleepers += 1;
        Arc::clone(variable)
    }

    /// It does not sleep any more.
    fn end_wait(&mut self, topic: Topic) {
        if let Entry::Occupied(mut entry) = self.topics.entry(topic) {
            entry.get_mut().1 -= 1;
            if entry.get().1 == 0 {
                entry.remove();
            }
        }
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
                for topic in guarded.touched.drain(..) {
                    if let Some((variable, _)) = guarded.topics.get(&topic) {
                        variable.notify_all();
                    }
                }
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
                topics: BTreeMap::new(),
                touched: Vec::new(),
            }),
            changed: Condvar::new(),
        }
    }

    fn enter<R: Plain>(&self, _label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        self.lock().run(section)
    }

    fn update<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        self.change(label, |state| (section(state), Wake::Everybody))
    }

    fn wait_for<R: Plain>(&self, _label: &'static str, section: impl Fn(&mut S) -> Option<R>) -> R {
        let mut guarded = self.lock();
        loop {
            if let Some(result) = guarded.run(&section) {
                return result;
            }
            guarded = self
                .changed
                .wait(guarded)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn wait_about<R: Plain>(
        &self,
        _label: &'static str,
        topic: impl Into<Topic>,
        section: impl Fn(&mut S) -> Option<R>,
    ) -> R {
        let topic = topic.into();
        let mut guarded = self.lock();
        loop {
            if let Some(result) = guarded.run(&section) {
                return result;
            }
            let variable = guarded.begin_wait(topic);
            let woken = variable.wait(guarded);
            guarded = woken.unwrap_or_else(PoisonError::into_inner);
            guarded.end_wait(topic);
        }
    }

    fn change<R: Plain>(&self, _label: &'static str, section: impl Fn(&mut S) -> (R, Wake)) -> R {
        let mut guarded = self.lock();
        let (result, wake) = guarded.run(section);
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
            if let Some((result, wake)) = guarded.run(&section) {
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
