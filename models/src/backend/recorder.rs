//! What happened, in order, and what may happen next.
//!
//! A recorder serves one execution, or several with [`Recorder::reset`] between them. It is made of
//! the standard library's types only, so that loom and shuttle do not see it. Its lock is held for
//! moments and never across an operation of a tool: on loom and shuttle it is never contended, and on
//! real threads it is the innermost lock. A panic anywhere leaves it usable.

use std::cell::RefCell;
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use logon_sim::Mark;

use super::admission::Sleepers;
use super::census::{Actor, Census, Status};
use super::gate::Gate;
use super::orders::NotedOrders;
use super::published::Published;
use super::rules::{self, Building};
use super::step::{After, Divergence, GateStep, Manner, RecordedStep, ThreadKey};

thread_local! {
    static CURRENT: RefCell<Option<Arc<Recorder>>> = const { RefCell::new(None) };
}

/// Records the steps of an execution, holds them to a schedule, and knows when nobody can move.
pub struct Recorder {
    state: Mutex<State>,
    pub(super) changed: Condvar,
    pub(super) gated: bool,
    pub(super) stopped: AtomicBool,
    /// Whether a section that waits and yields nothing is looked at for whether it changed the state.
    checks_waits: AtomicBool,
    pub(super) noise: Option<u64>,
    pub(super) published: Option<Arc<Published>>,
    /// With which memory orderings words were used so far.
    pub(super) orders: Arc<NotedOrders>,
    /// The position in the schedule of the step before which a debugger is let in.
    pub(super) break_at: Option<usize>,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) steps: Vec<RecordedStep>,
    pub(super) census: Census,
    pub(super) gate: Option<Gate>,
    pub(super) sleepers: Vec<Weak<dyn Sleepers>>,
    panics: Vec<(String, String)>,
    /// The names of the objects.
    objects: Vec<&'static str>,
    /// The rule of the primitives that the program broke first.
    broken_rule: Option<String>,
    /// How many threads wait for something to change.
    pub(super) waiting: u32,
}

impl Recorder {
    /// A recorder that lets everything happen.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self::build(None))
    }

    /// A recorder that holds the actors to a schedule, step for step.
    #[must_use]
    pub fn gated(schedule: Vec<GateStep>, after: After) -> Arc<Self> {
        let manner = Manner {
            after,
            lets_pass: false,
            break_at: None,
        };
        Self::gated_in(schedule, manner)
    }

    /// A recorder that holds the actors to a schedule, in this manner.
    #[must_use]
    pub fn gated_in(schedule: Vec<GateStep>, manner: Manner) -> Arc<Self> {
        let Manner {
            after,
            lets_pass,
            break_at,
        } = manner;
        Arc::new(Self {
            break_at: break_at.and_then(|number| number.checked_sub(1)),
            ..Self::build(Some(Gate::new(schedule, after, lets_pass)))
        })
    }

    /// A recorder that disturbs real threads now and then, the actors each by their own numbers.
    #[must_use]
    pub fn noisy(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            noise: Some(seed),
            ..Self::build(None)
        })
    }

    /// A recorder that lets everything happen and publishes what a search over states must know.
    #[must_use]
    pub fn publishing(published: Arc<Published>) -> Arc<Self> {
        Arc::new(Self {
            published: Some(published),
            ..Self::build(None)
        })
    }

    fn build(gate: Option<Gate>) -> Self {
        Self {
            gated: gate.is_some(),
            stopped: AtomicBool::new(gate.as_ref().is_some_and(Gate::is_stopped)),
            checks_waits: AtomicBool::new(false),
            noise: None,
            published: None,
            orders: Arc::default(),
            break_at: None,
            changed: Condvar::new(),
            state: Mutex::new(State {
                steps: Vec::new(),
                census: Census::default(),
                gate,
                sleepers: Vec::new(),
                panics: Vec::new(),
                objects: Vec::new(),
                broken_rule: None,
                waiting: 0,
            }),
        }
    }

    /// Forgets the execution: steps, actors, panics and the progress of a replay.
    pub fn reset(&self) {
        let mut state = self.lock();
        state.steps.clear();
        state.census = Census::default();
        state.sleepers.clear();
        state.panics.clear();
        state.objects.clear();
        state.broken_rule = None;
        if let Some(gate) = &mut state.gate {
            gate.rewind();
        }
        let stopped = state.gate.as_ref().is_some_and(Gate::is_stopped);
        self.stopped.store(stopped, Ordering::SeqCst);
    }

    /// Runs `build`; the monitors and words that this thread makes in it report to this recorder.
    ///
    /// Build the program in it and start the actors after it. The inner recorder counts if two nest.
    pub fn building<T>(self: &Arc<Self>, build: impl FnOnce() -> T) -> T {
        struct Restore(Option<Arc<Recorder>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.set(self.0.take());
            }
        }
        let _building = Building::begin();
        let _restore = Restore(CURRENT.replace(Some(Arc::clone(self))));
        build()
    }

    /// Whether a program is being built on this thread.
    pub(super) fn is_building() -> bool {
        CURRENT.with_borrow(Option::is_some)
    }

    /// The recorder of the program that is being built.
    fn current() -> Option<Arc<Self>> {
        CURRENT.with_borrow(Clone::clone)
    }

    /// The recorder to which a new object of this name reports, if there is one. It is created at `place`.
    ///
    /// # Panics
    ///
    /// If the actors have begun, or another object of the program has the name.
    pub(super) fn of_object(name: &'static str, place: &Location<'_>) -> Option<Arc<Self>> {
        rules::expect_in_time(name, place);
        let recorder = Self::current()?;
        let mut state = recorder.lock();
        let is_new = !state.objects.contains(&name);
        state.objects.push(name);
        drop(state);
        if !is_new {
            rules::same_name(&recorder, name, place);
        }
        Some(recorder)
    }

    /// From now on looks at each section that waits and yields nothing, whether it changed the state. It costs a clone of
    /// the state for each; where the own runtime looks at the same program, that is done there.
    pub(crate) fn check_waits(&self) {
        self.checks_waits.store(true, Ordering::Relaxed);
    }

    /// Whether it does.
    pub(super) fn checks_waits(&self) -> bool {
        self.checks_waits.load(Ordering::Relaxed)
    }

    /// Notes that the program broke a rule of the primitives.
    pub(super) fn note_broken_rule(&self, message: &str) {
        let broken = &mut self.lock().broken_rule;
        broken.get_or_insert_with(|| message.to_owned());
    }

    /// The rule of the primitives that the program broke first, whether or not its actor caught the panic.
    pub(crate) fn broken_rule(&self) -> Option<String> {
        self.lock().broken_rule.clone()
    }

    /// Whether the program of this thread runs for a search over states.
    pub(super) fn publishes() -> bool {
        Self::current().is_some_and(|recorder| recorder.published.is_some())
    }

    /// The running actor has come to this mark, which is another round if it is known how many operations there were
    /// `before` it. How many there are now.
    pub(super) fn mark(key: Option<ThreadKey>, mark: Mark, before: Option<u64>) -> u64 {
        Self::with_publisher(key, |published, place| published.mark(place, mark, before))
            .unwrap_or_default()
    }

    /// Tells of the running actor, where somebody wants to know.
    fn with_publisher<T>(
        key: Option<ThreadKey>,
        tell: impl FnOnce(&Published, usize) -> T,
    ) -> Option<T> {
        let recorder = Self::current()?;
        let published = recorder.published.as_deref()?;
        let place = recorder.lock().census.playing(key?)?;
        Some(tell(published, place))
    }

    /// The memory orderings with which words are used, to be read now or later.
    #[must_use]
    pub fn orders(&self) -> Arc<NotedOrders> {
        Arc::clone(&self.orders)
    }

    /// The steps so far.
    #[must_use]
    pub fn steps(&self) -> Vec<RecordedStep> {
        self.lock().steps.clone()
    }

    /// The steps so far, as a schedule.
    #[must_use]
    pub fn schedule(&self) -> Vec<GateStep> {
        let state = self.lock();
        state.steps.iter().map(RecordedStep::gate_step).collect()
    }

    /// Where the replay left its schedule; ask when the execution is over.
    ///
    /// An execution that ended before its schedule diverged at the first step it did not take.
    #[must_use]
    pub fn divergence(&self) -> Option<Divergence> {
        self.lock().gate.as_ref().and_then(Gate::divergence)
    }

    /// The steps that the replay let pass before its schedule was over, each with the position in the schedule,
    /// from 0, before which it was taken. They are among [`Recorder::steps`].
    #[must_use]
    pub fn passed(&self) -> Vec<(usize, GateStep)> {
        let state = self.lock();
        let gate = state.gate.as_ref();
        gate.map_or_else(Vec::new, |gate| gate.passed().to_vec())
    }

    /// The actors that panicked with a text, each with that text. Where the tool found a deadlock, the
    /// actor that fell asleep last carries its message.
    #[must_use]
    pub fn panics(&self) -> Vec<(String, String)> {
        self.lock().panics.clone()
    }

    /// Counts an actor as alive before its thread starts, or rest could be seen too early.
    ///
    /// `Threading::spawn` does it for the actor it starts. Where several are started while the first
    /// already run, expect all of them before; expecting an actor again before it starts is idle.
    pub fn expect_actor(&self, name: &str) {
        let seed = self.noise.unwrap_or_default();
        self.lock().census.expect(name, seed);
    }

    /// Makes the running thread play the actor, which need not have been expected.
    pub(super) fn enter_actor(&self, name: &str, key: ThreadKey) {
        let seed = self.noise.unwrap_or_default();
        let mut state = self.lock();
        let index = state.census.expect(name, seed);
        state.census.enter(index, key);
    }

    /// Counts the actor as finished.
    pub(super) fn leave_actor(&self, name: &str, panic: Option<String>) {
        let mut state = self.lock();
        if let Some(message) = panic {
            state.panics.push((name.to_owned(), message));
        }
        for (place, actor) in state.census.actors.iter_mut().enumerate() {
            if actor.name == name {
                actor.status = Status::Finished;
                if let Some(published) = &self.published {
                    published.finished(place);
                }
            }
        }
        state.open_if_stalled();
        self.tell(state);
    }

    /// Wakes the threads that wait for something here, if any does. Where a tool runs all its threads on one, none ever
    /// does, and waking nobody would still be a call to the system in each of its executions.
    pub(super) fn tell(&self, state: MutexGuard<'_, State>) {
        let any = state.waiting > 0;
        drop(state);
        if any {
            self.changed.notify_all();
        }
    }

    /// Whether every actor has finished or sleeps, so that no step is possible from within.
    #[must_use]
    pub fn at_rest(&self) -> bool {
        self.lock().census.at_rest()
    }

    /// The actors that sleep, each with the monitor it sleeps on. At rest these are the stuck ones.
    #[must_use]
    pub fn asleep(&self) -> Vec<(String, &'static str)> {
        let state = self.lock();
        let asleep = |actor: &Actor| match actor.status {
            Status::Asleep(object) => Some((actor.name.clone(), object)),
            _ => None,
        };
        state.census.actors.iter().filter_map(asleep).collect()
    }

    /// Unwinds every actor before its next step, and wakes those who sleep for it.
    ///
    /// It ends an execution that is stuck. On loom and shuttle it must be called within the execution.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.changed.notify_all();
        self.wake_everybody();
    }

    /// Blocks the operating system's thread until [`Recorder::at_rest`]. For real threads only:
    /// loom and shuttle run everybody on the one thread that this would block.
    pub fn await_rest(&self) {
        let mut state = self.lock();
        state.waiting += 1;
        while !state.census.at_rest() {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting -= 1;
    }

    /// As [`Recorder::await_rest`], for so long at the most. Whether there is rest.
    pub(crate) fn await_rest_for(&self, patience: std::time::Duration) -> bool {
        let mut state = self.lock();
        state.waiting += 1;
        let awaited = self
            .changed
            .wait_timeout_while(state, patience, |state| !state.census.at_rest());
        let (mut state, _) = awaited.unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        state.census.at_rest()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn open_if_stalled(&mut self) {
        if let Some(gate) = &mut self.gate {
            gate.open_if_stalled(&mut self.census);
        }
    }
}
