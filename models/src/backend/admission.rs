//! How one operation passes the recorder: it arrives, waits for its turn, is done and is recorded.
//!
//! The primitives of every tool go through here and nobody else does.

use std::panic::resume_unwind;
use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::census::{Census, Disturbance, Status};
use super::debugger;
use super::gate::{Admission, Gate};
use super::published::after_waking;
use super::recorder::{Recorder, State};
use super::rules;
use super::step::{GateStep, Operation, RecordedStep, ThreadKey};
use logon_sim::Chosen;

/// How long a real thread waits for its turn before the replay counts as stuck. The census finds an
/// actor that sleeps or has finished at once; this is for one that never comes, or is stuck outside the
/// primitives.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a thread of a tool waits for its turn.
#[derive(Clone, Copy, Debug)]
pub enum Pause {
    /// It yields to the tool; after so many yields without a step the replay is stuck.
    Yield {
        /// The tool's yield.
        now: fn(),
        /// The limit.
        limit: u32,
    },
    /// It blocks.
    Block,
}

/// A monitor whose sleepers can be woken to be unwound.
pub(super) trait Sleepers: Send + Sync {
    fn wake_all(&self);
}

/// The payload with which an actor is unwound after [`After::Stop`].
pub(super) struct Stopped;

/// A step between its admission and its record.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) actor: usize,
    what: Operation,
    step: RecordedStep,
    /// What it is to choose, if a schedule says so.
    pub(super) scheduled: Option<Chosen>,
}

impl Pending {
    /// Notes what was chosen.
    pub(super) fn choose(&mut self, chosen: Chosen) {
        self.step.chosen = Some(chosen);
    }
}

impl Recorder {
    pub(super) fn is_gated(&self) -> bool {
        self.gated
    }

    /// Waits until the operation may happen; unwinds if everybody is to stop. `None` for threads that
    /// play no actor.
    pub(super) fn arrive(&self, key: ThreadKey, what: Operation, pause: Pause) -> Option<Pending> {
        rules::expect_actor(self, what);
        let mut state = self.lock();
        let index = state.census.playing(key)?;
        let actor = &mut state.census.actors[index];
        let disturbance = actor.noise.next();
        let step = RecordedStep {
            actor: actor.name.clone(),
            kind: what.kind,
            object: what.object,
            label: what.label,
            nth: actor.count(what.object, what.label),
            chosen: None,
            asleep: false,
            value: None,
            file: what.place.file(),
            line: what.place.line(),
        };
        let mut scheduled = None;
        if self.gated {
            scheduled = self.pass_gate(state, index, &step.gate_step(), pause);
        } else {
            drop(state);
            if self.noise.is_some() {
                disturb(disturbance);
            }
        }
        if self.is_stopped() {
            resume_unwind(Box::new(Stopped));
        }
        if let Some(published) = &self.published {
            published.arrive(index, what);
        }
        Some(Pending {
            actor: index,
            what,
            step,
            scheduled,
        })
    }

    fn pass_gate<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        index: usize,
        found: &GateStep,
        pause: Pause,
    ) -> Option<Chosen> {
        loop {
            let State { census, gate, .. } = &mut *state;
            let gate = gate.as_mut()?;
            let admission = gate.ask(census, index, found);
            if gate.is_stopped() {
                self.stopped.store(true, Ordering::SeqCst);
            }
            match admission {
                _ if self.is_stopped() => {
                    drop(state);
                    self.changed.notify_all();
                    return None;
                }
                Admission::Go | Admission::Scheduled(_) => {
                    census.actors[index].status = Status::Running;
                    let scheduled = match admission {
                        Admission::Scheduled(position) => gate.chosen_at(position).cloned(),
                        _ => None,
                    };
                    drop(state);
                    // A divergence has just opened the gate for those who block at it.
                    self.changed.notify_all();
                    if let (Pause::Block, Admission::Scheduled(position)) = (pause, admission)
                        && self.break_at == Some(position)
                    {
                        debugger::let_in(position + 1, found);
                    }
                    return scheduled;
                }
                Admission::Wait => {}
            }
            match pause {
                Pause::Yield { now, limit } => {
                    gate.count_fruitless(census, limit);
                    drop(state);
                    now();
                    state = self.lock();
                }
                Pause::Block => {
                    state.waiting += 1;
                    let waited = self.changed.wait_timeout(state, PATIENCE);
                    let (locked, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
                    state = locked;
                    state.waiting -= 1;
                    if timeout.timed_out() && self.break_at.is_none() {
                        let State { census, gate, .. } = &mut *state;
                        if let Some(gate) = gate {
                            gate.count_fruitless(census, 0);
                        }
                    }
                }
            }
        }
    }

    /// Records a step that has just been done; `object` if the actor falls asleep on it now.
    ///
    /// Called under the lock of the monitor, so that records and steps come in the same order.
    pub(super) fn done(
        &self,
        pending: Option<Pending>,
        asleep_on: Option<&'static str>,
        value: Option<u64>,
    ) {
        let Some(Pending {
            actor,
            what,
            mut step,
            scheduled,
        }) = pending
        else {
            return;
        };
        if let Some(published) = &self.published
            && asleep_on.is_some()
        {
            published.falls_asleep(actor, after_waking(what));
        }
        step.asleep = asleep_on.is_some();
        step.value = value;
        let unchosen = without_choice(scheduled.as_ref(), &step);
        let mut state = self.lock();
        state.steps.push(step);
        if let Some(object) = asleep_on {
            state.census.actors[actor].status = Status::Asleep(object);
        }
        let State { census, gate, .. } = &mut *state;
        if let Some(gate) = gate {
            if let Some(found) = unchosen {
                gate.cannot_choose(census, found);
            }
            self.advance(gate, census);
        }
        if self.gated || (asleep_on.is_some() && census.at_rest()) {
            self.tell(state);
        }
    }

    /// Does and records a step that no monitor orders, both under the lock of the recorder.
    ///
    /// It makes the order of the records the order of the steps on real threads, at the price that a
    /// recorded word is as good as sequentially consistent there.
    pub(super) fn do_and_record<R>(&self, pending: Pending, act: impl FnOnce() -> (R, u64)) -> R {
        let mut state = self.lock();
        let (result, value) = act();
        let Pending {
            mut step,
            scheduled,
            ..
        } = pending;
        let unchosen = without_choice(scheduled.as_ref(), &step);
        step.value = Some(value);
        state.steps.push(step);
        let State { census, gate, .. } = &mut *state;
        if let Some(gate) = gate {
            if let Some(found) = unchosen {
                gate.cannot_choose(census, found);
            }
            self.advance(gate, census);
        }
        drop(state);
        if self.gated {
            self.changed.notify_all();
        }
        result
    }

    fn advance(&self, gate: &mut Gate, census: &mut Census) {
        gate.advance(census);
        if gate.is_stopped() {
            self.stopped.store(true, Ordering::SeqCst);
        }
    }

    /// Marks the sleepers of the object as running; under its lock and before the notification.
    pub(super) fn wake(&self, object: &'static str) {
        self.lock().census.wake(object);
    }

    /// Marks these sleepers as running, as [`Recorder::wake`] does with all.
    pub(super) fn wake_actors(&self, places: &[usize]) {
        self.lock().census.wake_actors(places);
    }

    /// The name of the actor at this place.
    pub(super) fn name_of(&self, place: usize) -> String {
        self.lock().census.actors[place].name.clone()
    }

    /// A number below `bound` from those of the actor at this place. The bias is below bound / 2^32.
    pub(super) fn draw(&self, place: usize, bound: u32) -> u32 {
        let bits = self.lock().census.actors[place].noise.bits();
        (((bits >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// The step cannot choose what its schedule says: the replay diverges there.
    pub(super) fn cannot_choose(&self, pending: &Pending) {
        let found = pending.step.gate_step();
        let mut state = self.lock();
        let State { census, gate, .. } = &mut *state;
        if let Some(gate) = gate {
            gate.cannot_choose(census, found);
        }
    }

    /// Remembers a monitor whose sleepers must be woken at a stop.
    pub(super) fn remember(&self, monitor: Weak<dyn Sleepers>) {
        self.lock().sleepers.push(monitor);
    }

    /// Whether every actor is to unwind.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Whether the running actor is to unwind here; if so, wakes all who sleep to be unwound as well.
    ///
    /// Called without any lock. The actor of the last step comes here first, the others follow it.
    pub(super) fn ends_here(&self, key: Option<ThreadKey>) -> bool {
        let plays = |key| self.lock().census.playing(key).is_some();
        if !self.is_stopped() || !key.is_some_and(plays) {
            return false;
        }
        self.wake_everybody();
        true
    }

    /// Wakes the sleepers of all monitors, once. They find that they are to stop.
    pub(super) fn wake_everybody(&self) {
        let sleepers = std::mem::take(&mut self.lock().sleepers);
        for monitor in sleepers.iter().filter_map(Weak::upgrade) {
            monitor.wake_all();
        }
    }
}

fn disturb(disturbance: Disturbance) {
    match disturbance {
        Disturbance::Quiet => {}
        Disturbance::Yield => std::thread::yield_now(),
        Disturbance::Spin(times) => (0..times).for_each(|_| std::hint::spin_loop()),
    }
}

/// The step, if the schedule says what it chooses and there was nothing to choose in it: it is another one than that of
/// the schedule.
fn without_choice(scheduled: Option<&Chosen>, step: &RecordedStep) -> Option<GateStep> {
    (scheduled.is_some() && step.chosen.is_none()).then(|| step.gate_step())
}
