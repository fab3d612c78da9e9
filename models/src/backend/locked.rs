//! The monitor of every tool: its lock, its sleeping place, and a state that no tool sees.
//!
//! The state lies in a lock of the standard library inside the lock of the tool. The inner lock is held
//! only while a section runs and never across an operation of the tool, so it is never contended except
//! by a look from outside, and that look is no step of the tool.
//!
//! While an actor unwinds, what its destructors do is no step, as on the own runtime: a section is run, and nobody is woken
//! or waits. A tool that switched there, or a second panic, would end the process.
//!
//! Sleepers are counted, and numbered updates tell a real wake-up from a spurious one. Both are
//! guarded by the lock of the monitor, so an update that nobody can notice notifies nobody.

use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use logon_core::primitives::{Condition, Monitor, Name, Plain, Wake};

use super::admission::{Pending, Sleepers, Stopped};
use super::conditions::{Named, Ticket};
use super::published::Snapshot;
use super::recorder::Recorder;
use super::rules::{self, within_section};
use logon_sim::{OperationKind, Value};

use super::step::Operation;
use super::tool::Tool;

/// A monitor made of a tool's lock and condition.
pub struct LockedMonitor<T: Tool, S> {
    shared: Arc<Shared<T, S>>,
    tool: PhantomData<T>,
}

struct Shared<T: Tool, S> {
    name: &'static str,
    place: T::Place,
    contents: Mutex<Contents<T, S>>,
    recorder: Option<Arc<Recorder>>,
}

pub(super) struct Contents<T: Tool, S> {
    state: S,
    updates: u64,
    sleepers: usize,
    named: Named<T>,
}

impl<T: Tool, S: Plain> Monitor<S> for LockedMonitor<T, S> {
    #[track_caller]
    fn new(name: impl Into<Name>, state: S) -> Self {
        let name = name.into().text();
        let shared = Arc::new(Shared {
            name,
            place: T::place(),
            contents: Mutex::new(Contents {
                state,
                updates: 0,
                sleepers: 0,
                named: Named::default(),
            }),
            recorder: Recorder::of_object(name, Location::caller()),
        });
        if let Some(recorder) = &shared.recorder {
            let weak: Weak<Shared<T, S>> = Arc::downgrade(&shared);
            if let Some(published) = &recorder.published {
                published.monitor(name, weak.clone());
            }
            recorder.remember(weak);
        }
        Self {
            shared,
            tool: PhantomData,
        }
    }

    #[track_caller]
    fn enter<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        let shared = &*self.shared;
        if std::thread::panicking() {
            return shared.contents(|contents| section(&mut contents.state));
        }
        let pending = shared.arrive(OperationKind::Enter, label, None, Location::caller());
        let guard = T::lock(&shared.place);
        let outcome = shared.attempt(label, |contents| section(&mut contents.state));
        shared.publish(&pending, &outcome);
        shared.done(pending, Falls::Awake);
        drop(guard);
        shared.settle(outcome)
    }

    #[track_caller]
    fn update<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        let shared = &*self.shared;
        if std::thread::panicking() {
            return shared.contents(|contents| section(&mut contents.state));
        }
        let pending = shared.arrive(OperationKind::Update, label, None, Location::caller());
        let guard = T::lock(&shared.place);
        let outcome = shared.attempt(label, |contents| section(&mut contents.state));
        shared.publish(&pending, &outcome);
        if outcome.is_ok() {
            shared.wake_sleepers(|| shared.done(pending, Falls::Awake));
        } else {
            shared.done(pending, Falls::Awake);
        }
        drop(guard);
        shared.settle(outcome)
    }

    #[track_caller]
    fn wait_for<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> Option<R>) -> R {
        let place = Location::caller();
        let shared = &*self.shared;
        let mut pending = shared.arrive(OperationKind::Wait, label, None, place);
        let mut guard = T::lock(&shared.place);
        loop {
            let outcome = shared.attempt(label, |contents| {
                let before = shared.to_compare(&contents.state);
                match section(&mut contents.state) {
                    Some(result) => Ok(result),
                    None => {
                        shared.expect_unchanged(before, &contents.state, label, place);
                        Err(contents.fall_asleep())
                    }
                }
            });
            let outcome = match outcome {
                Ok(Ok(result)) => Ok(result),
                Err(payload) => Err(payload),
                Ok(Err(seen)) => {
                    shared.done(pending, Falls::Asleep);
                    guard = shared.await_update(guard, seen);
                    (guard, pending) =
                        shared.arrive_again(guard, OperationKind::Wait, label, None, place);
                    continue;
                }
            };
            shared.publish(&pending, &outcome);
            shared.done(pending, Falls::Awake);
            drop(guard);
            return shared.settle(outcome);
        }
    }

    #[track_caller]
    fn change<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> (R, Wake)) -> R {
        let shared = &*self.shared;
        if std::thread::panicking() {
            return shared.contents(|contents| section(&mut contents.state).0);
        }
        let pending = shared.arrive(OperationKind::Change, label, None, Location::caller());
        let guard = T::lock(&shared.place);
        let outcome = shared.attempt(label, |contents| section(&mut contents.state));
        let outcome = shared.finish(pending, outcome);
        drop(guard);
        shared.settle(outcome)
    }

    #[track_caller]
    fn wait_on<R: Plain>(
        &self,
        label: &'static str,
        condition: Condition,
        section: impl Fn(&mut S) -> Option<(R, Wake)>,
    ) -> R {
        let place = Location::caller();
        let (kind, on) = (OperationKind::WaitOn, Some(condition));
        let shared = &*self.shared;
        let mut pending = shared.arrive(kind, label, on, place);
        let mut guard = T::lock(&shared.place);
        loop {
            let outcome = shared.attempt(label, |contents| {
                let before = shared.to_compare(&contents.state);
                let yielded = section(&mut contents.state);
                if yielded.is_none() {
                    shared.expect_unchanged(before, &contents.state, label, place);
                }
                yielded
            });
            let outcome = match outcome {
                Ok(Some(yielded)) => Ok(yielded),
                Err(payload) => Err(payload),
                Ok(None) => {
                    let actor = pending.as_ref().map(|pending| pending.actor);
                    let bed = T::bed();
                    let ticket = shared.contents(|contents| {
                        contents.named.lie_down(condition, actor, bed.clone())
                    });
                    shared.done(pending, Falls::Asleep);
                    guard = shared.await_wake(guard, ticket, &bed);
                    (guard, pending) = shared.arrive_again(guard, kind, label, on, place);
                    continue;
                }
            };
            let outcome = shared.finish(pending, outcome);
            drop(guard);
            return shared.settle(outcome);
        }
    }

    #[track_caller]
    fn sleep(&self, label: &'static str) {
        let place = Location::caller();
        let shared = &*self.shared;
        let pending = shared.arrive(OperationKind::Sleep, label, None, place);
        let guard = T::lock(&shared.place);
        let seen = shared.contents(Contents::fall_asleep);
        shared.done(pending, Falls::Asleep);
        let guard = shared.await_update(guard, seen);
        let (guard, pending) = shared.arrive_again(guard, OperationKind::Wake, label, None, place);
        shared.publish(&pending, &Ok(()));
        shared.done(pending, Falls::Awake);
        drop(guard);
        shared.settle(Ok(()));
    }

    fn peek<R>(&self, look: impl FnOnce(&S) -> R) -> R {
        rules::expect_no_look(self.shared.recorder.as_deref(), self.shared.name);
        self.shared.contents(|contents| look(&contents.state))
    }
}

/// Whether an actor goes on after its step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Falls {
    Awake,
    Asleep,
}

impl<T: Tool, S> Contents<T, S> {
    /// Counts a sleeper; returns the number of updates it has seen.
    fn fall_asleep(&mut self) -> u64 {
        self.sleepers += 1;
        self.updates
    }
}

impl<T: Tool, S: Plain> Shared<T, S> {
    /// The state before a section that waits, if it is to be compared.
    fn to_compare(&self, state: &S) -> Option<S> {
        let recorder = self.recorder.as_deref()?;
        recorder.checks_waits().then(|| state.clone())
    }

    /// Refuses a section that yields nothing and has changed the state.
    fn expect_unchanged(&self, before: Option<S>, after: &S, label: &str, place: &Location<'_>) {
        let changed = before.is_some_and(|before| before != *after);
        if let Some(recorder) = self.recorder.as_deref().filter(|_| changed) {
            rules::changes_in_vain(recorder, label, self.name, place);
        }
    }
}

impl<T: Tool, S> Shared<T, S> {
    fn contents<R>(&self, act: impl FnOnce(&mut Contents<T, S>) -> R) -> R {
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut contents)
    }

    /// Runs a section and catches its panic, so that no lock is poisoned and no tool is called while
    /// unwinding. [`Shared::settle`] lets the panic go on once the locks are free.
    fn attempt<R>(
        &self,
        label: &'static str,
        act: impl FnOnce(&mut Contents<T, S>) -> R,
    ) -> std::thread::Result<R> {
        self.contents(|contents| {
            let section = || within_section(self.name, label, || act(contents));
            catch_unwind(AssertUnwindSafe(section))
        })
    }

    /// Ends an operation, after its locks are free.
    fn settle<R>(&self, outcome: std::thread::Result<R>) -> R {
        let over = self.is_over();
        match outcome {
            Ok(_) if over => resume_unwind(Box::new(Stopped)),
            Ok(result) => result,
            Err(payload) => resume_unwind(payload),
        }
    }

    fn is_over(&self) -> bool {
        let recorder = self.recorder.as_deref();
        recorder.is_some_and(|recorder| recorder.is_stopped() && recorder.ends_here(T::key()))
    }

    fn arrive(
        &self,
        kind: OperationKind,
        label: &'static str,
        condition: Option<Condition>,
        place: &'static Location<'static>,
    ) -> Option<Pending> {
        let operation = Operation {
            kind,
            object: self.name,
            label,
            condition,
            place,
        };
        let recorder = self.recorder.as_deref()?;
        recorder.arrive(T::key()?, operation, T::pause())
    }

    /// Arrives at the next step with the lock held. In a replay the turn is awaited without the
    /// lock, and nobody unwinds with it.
    fn arrive_again<'a>(
        &'a self,
        mut guard: T::Guard<'a>,
        kind: OperationKind,
        label: &'static str,
        condition: Option<Condition>,
        place: &'static Location<'static>,
    ) -> (T::Guard<'a>, Option<Pending>) {
        if !self.is_gated() && !self.is_stopped() {
            let pending = self.arrive(kind, label, condition, place);
            return (guard, pending);
        }
        drop(guard);
        let pending = self.arrive(kind, label, condition, place);
        guard = T::lock(&self.place);
        (guard, pending)
    }

    fn is_gated(&self) -> bool {
        self.recorder.as_deref().is_some_and(Recorder::is_gated)
    }

    fn is_stopped(&self) -> bool {
        self.recorder.as_deref().is_some_and(Recorder::is_stopped)
    }

    /// Publishes what a section returned, where somebody wants to know.
    fn publish<R: Plain>(&self, pending: &Option<Pending>, outcome: &std::thread::Result<R>) {
        let recorder = self.recorder.as_deref();
        let published = recorder.and_then(|recorder| recorder.published.as_deref());
        if let (Some(published), Some(pending), Ok(result)) = (published, pending, outcome) {
            published.returned(pending.actor, Box::new(result.clone()));
        }
    }

    fn done(&self, pending: Option<Pending>, falls: Falls) {
        if let Some(recorder) = self.recorder.as_deref() {
            let asleep_on = (falls == Falls::Asleep).then_some(self.name);
            recorder.done(pending, asleep_on, None);
        }
    }

    /// Sleeps until there has been another update than those seen.
    fn await_update<'a>(&'a self, mut guard: T::Guard<'a>, seen: u64) -> T::Guard<'a> {
        if self.is_stopped() {
            drop(guard);
            self.settle(Ok(()));
            guard = T::lock(&self.place);
        }
        while self.contents(|contents| contents.updates == seen) {
            guard = T::wait(&self.place, guard);
        }
        guard
    }

    /// Sleeps in a bed until the ticket is taken away.
    fn await_wake<'a>(
        &'a self,
        mut guard: T::Guard<'a>,
        ticket: Ticket,
        bed: &T::Bed,
    ) -> T::Guard<'a> {
        if self.is_stopped() {
            drop(guard);
            self.settle(Ok(()));
            guard = T::lock(&self.place);
        }
        while self.contents(|contents| contents.named.has(ticket)) {
            guard = T::wait_in(&self.place, bed, guard);
        }
        guard
    }

    /// Ends a step that says whom it wakes, under the lock: publishes, records and wakes.
    fn finish<R: Plain>(
        &self,
        mut pending: Option<Pending>,
        outcome: std::thread::Result<(R, Wake)>,
    ) -> std::thread::Result<R> {
        let (result, wake) = match outcome {
            Ok(yielded) => yielded,
            Err(payload) => {
                self.done(pending, Falls::Awake);
                return Err(payload);
            }
        };
        let outcome = Ok(result);
        if wake == Wake::Everybody {
            self.publish(&pending, &outcome);
            self.wake_sleepers(|| self.done(pending, Falls::Awake));
            return outcome;
        }
        let recorder = self.recorder.as_deref();
        let may_be = self.contents(|contents| contents.named.waiting(wake));
        let chosen = Named::<T>::choose(wake, may_be, recorder, pending.as_mut(), self.name);
        let woken = match chosen {
            Ok(chosen) => self.contents(|contents| contents.named.take(&chosen)),
            Err(refusal) => {
                self.done(pending, Falls::Awake);
                return Err(Box::new(refusal));
            }
        };
        self.publish(&pending, &outcome);
        if let Some(recorder) = recorder {
            let actors: Vec<usize> = woken.iter().filter_map(|sleeper| sleeper.actor).collect();
            recorder.wake_actors(&actors);
        }
        self.done(pending, Falls::Awake);
        woken.iter().for_each(|sleeper| T::rouse(&sleeper.bed));
        outcome
    }

    /// Wakes everybody; `record` comes after they count as running and before they are notified.
    fn wake_sleepers(&self, record: impl FnOnce()) {
        let (sleepers, named) = self.contents(|contents| {
            contents.updates += 1;
            let sleepers = std::mem::take(&mut contents.sleepers);
            (sleepers, contents.named.take_all())
        });
        if let Some(recorder) = self.recorder.as_deref() {
            recorder.wake(self.name);
        }
        record();
        if sleepers > 0 {
            T::notify_all(&self.place);
        }
        named.iter().for_each(|sleeper| T::rouse(&sleeper.bed));
    }
}

impl<T: Tool, S: Plain> Sleepers for Shared<T, S> {
    fn wake_all(&self) {
        let guard = T::lock(&self.place);
        self.wake_sleepers(|| {});
        drop(guard);
    }
}

impl<T: Tool, S: Plain> Snapshot for Shared<T, S> {
    fn snapshot(&self) -> Arc<dyn Value> {
        self.contents(|contents| Arc::new(contents.state.clone()))
    }
}
