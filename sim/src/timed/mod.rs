//! Many actors under virtual time: a second engine for programs against the same primitives.
//!
//! The [runtime](crate::Simulation) records every step and offers every choice, so a step costs it time in proportion to
//! the actors, and it has them all from the start. [`Timed`] is for long simulations: actors come and go, a step costs the
//! same however many there are, and nothing is recorded but what the caller keeps. What an operation means is the same:
//! it is one step, the section is called by the engine, and a wait looks and falls asleep in one step.
//!
//! - **Who is next.** Of those who can go on the one whose pending operation has drawn the lowest number, by its key and
//!   by how many operations it had: [randomness by name](Draws). A caller may [choose](Timed::step_of) instead.
//! - **Hold-ups.** Sections take no time, so calls that begin at different times would never overlap. One operation in so
//!   many is [held up](HoldUp): its actor cannot go on for a while. While anybody is held up the program is not at rest.
//! - **Wake-ups.** An update wakes everybody who waits; whoever is woken looks, now or later, and most look in vain. At a
//!   monitor whose waiters are [woken by key](Timed::wakes_by_key) the caller says whose wait a step may have ended, and
//!   only these look at once. The others look after four updates for each of them, and whenever the caller
//!   [asks everybody](Timed::look_again): a late look is a schedule like any other. Nobody is woken who would not be woken
//!   by the plain rule, and nobody is forgotten. A late look could hide that a step which ends somebody's wait wakes nobody,
//!   so whoever is told in such a step, for the first time since it looked, has looked before it. Of [alike](Waits::Alike)
//!   actors one looks when they are told, and if it goes on, the next who owes a look to an update.
//! - **Pauses.** An actor that uses up time sleeps on the [gate](Timed::gate) until the caller wakes it by its key.

mod actors;
mod draws;
mod steps;
mod waiters;

use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;

use logon_core::primitives::{Monitor, Plain};
use rustc_hash::FxHashMap;

use self::actors::{Actor, Ready};
pub use self::draws::Draws;
use self::waiters::Waiters;
use crate::context::{self, Mode, ModeGuard};
use crate::coroutine::{self, StackPool, Task};
use crate::fault::{Fault, FaultKind, general_fault};
use crate::object::Object;
use crate::panic;
use crate::primitives::SimMonitor;
use crate::step::OperationKind;

/// What an actor is called: unique among those that are there, and less than 2^44, so that draws can be named by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(pub u64);

impl Key {
    /// The key of all who are [alike](Waits::Alike), and of no actor: when it is told, one of them looks.
    pub const ALIKE: Key = Key(u64::MAX);

    /// The first number that is too large for an actor's key.
    const END: u64 = 1 << 44;
}

/// When an actor that waits looks again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waits {
    /// When its key is told, and now and then.
    ByKey,
    /// When they are told: one of those who are alike, and the next if that one goes on; and now and then.
    Alike,
    /// After each update.
    Always,
}

/// How operations are held up: one in `one_in`, for at most `up_to` units of time and at least one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HoldUp {
    /// One in so many, at least 1.
    pub one_in: u32,
    /// For so long at the most, at least 1.
    pub up_to: u64,
}

/// The name of the monitor on which actors pause.
const GATE: &str = "time";

/// A step that was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stepped {
    /// By whom.
    pub key: Key,
    /// What it did.
    pub kind: OperationKind,
    /// The name of the object.
    pub object: &'static str,
    /// The label of its operation.
    pub label: &'static str,
    /// Where in the source it is called.
    pub location: &'static Location<'static>,
    /// Whether the actor fell asleep in it.
    pub fell_asleep: bool,
    /// Whether the actor's wait was over in it, and might have been before time passed: it was not told, and looked late.
    pub was_late: bool,
}

/// Many actors under virtual time. One for each OS thread at a time.
pub struct Timed {
    /// The time, in whatever unit the caller counts.
    now: u64,
    draws: Draws,
    hold_up: Option<HoldUp>,
    actors: Vec<Actor>,
    free: Vec<u32>,
    ready: Ready,
    /// For each object, who waits for it.
    waiters: Vec<Waiters>,
    objects: Vec<Arc<dyn Object>>,
    gate: Option<Rc<SimMonitor<()>>>,
    /// By key, who pauses.
    pauses: FxHashMap<Key, u32>,
    held: actors::Held,
    alive: usize,
    /// How many steps were taken.
    steps: u64,
    /// How many operations were held up.
    hold_ups: u64,
    /// Room for the keys that a step tells, and for the places of those whom it wakes.
    told: Vec<Key>,
    woken: Vec<u32>,
    /// Whether a word was used with an order weaker than `SeqCst`.
    uses_weaker_orders: bool,
    /// How an actor is called in a fault.
    name: fn(Key) -> String,
    pool: Rc<StackPool>,
    /// What runs between steps is the engine's. Dropped last, after the actors.
    _mode: ModeGuard,
}

impl Timed {
    /// An engine with no actors, at time 0. `stack_size` is in bytes, for each actor.
    ///
    /// # Panics
    ///
    /// If an execution is under way on this thread.
    #[must_use]
    pub fn new(seed: u64, hold_up: Option<HoldUp>, stack_size: usize) -> Self {
        panic::install_hook();
        let mode = context::begin_execution();
        let mut timed = Timed {
            now: 0,
            draws: Draws::of(seed),
            hold_up,
            actors: Vec::new(),
            free: Vec::new(),
            ready: Ready::default(),
            waiters: Vec::new(),
            objects: Vec::new(),
            gate: None,
            pauses: FxHashMap::default(),
            held: actors::Held::default(),
            alive: 0,
            steps: 0,
            hold_ups: 0,
            told: Vec::new(),
            woken: Vec::new(),
            uses_weaker_orders: false,
            name: |Key(key)| format!("actor {key}"),
            pool: Rc::new(StackPool::new(stack_size)),
            _mode: mode,
        };
        let gate = timed.set_up(|| SimMonitor::new(GATE, ()));
        timed.gate = Some(Rc::new(gate));
        timed
    }

    /// How actors are called in faults, by their keys; otherwise by their numbers.
    pub fn names(&mut self, name: fn(Key) -> String) {
        self.name = name;
    }

    /// Runs what creates the program's objects.
    pub fn set_up<R>(&mut self, create: impl FnOnce() -> R) -> R {
        let created = {
            let _mode = context::enter(Mode::Start);
            create()
        };
        self.collect();
        created
    }

    /// From now on, those who wait for this monitor are woken by an update as their [`Waits`] say; otherwise all of them are.
    pub fn wakes_by_key<S: Plain>(&mut self, monitor: &SimMonitor<S>) {
        self.waiters[monitor.place()].by_key = true;
    }

    /// What an actor pauses by, with its operation `sleep`. It sleeps as soon as it comes there, which is no step, and goes on
    /// in a step when the caller has [woken](Timed::wake) it.
    #[must_use]
    pub fn gate(&self) -> Rc<SimMonitor<()>> {
        Rc::clone(
            self.gate
                .as_ref()
                .expect("an engine has one from the start"),
        )
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// How many steps were taken.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Whether a word was used with an order weaker than `SeqCst`: what such an order allows beyond sequential consistency is
    /// left out.
    #[must_use]
    pub fn uses_weaker_orders(&self) -> bool {
        self.uses_weaker_orders
    }

    /// How many operations were held up.
    #[must_use]
    pub fn hold_ups(&self) -> u64 {
        self.hold_ups
    }

    /// How many actors have not come to their end.
    #[must_use]
    pub fn alive(&self) -> usize {
        self.alive
    }

    /// How many stacks there have been at a time, at the most.
    #[must_use]
    pub fn stacks(&self) -> usize {
        self.pool.size()
    }

    /// Whether nobody is held up.
    #[must_use]
    pub fn is_undisturbed(&self) -> bool {
        self.held.is_empty()
    }

    /// When the next hold-up ends.
    #[must_use]
    pub fn next_release(&self) -> Option<u64> {
        self.held.next()
    }

    /// Lets time pass. Whose hold-up is over by then can go on.
    ///
    /// # Panics
    ///
    /// If `now` is in the past.
    pub fn advance(&mut self, now: u64) {
        assert!(now >= self.now, "time goes on: the caller is at fault");
        if now > self.now {
            self.waiters.iter_mut().for_each(Waiters::time_passes);
        }
        self.now = now;
        while let Some(place) = self.held.release(now) {
            self.let_go_on(place);
        }
    }

    /// Starts an actor, which runs to its first operation at once.
    ///
    /// # Errors
    ///
    /// A panic on the way, a rule that it broke, or that there is no memory for a stack.
    ///
    /// # Panics
    ///
    /// If its key is 2^44 or more.
    pub fn spawn(
        &mut self,
        key: Key,
        waits: Waits,
        body: impl FnOnce() + 'static,
    ) -> Result<(), Box<Fault>> {
        assert!(
            key.0 < Key::END,
            "{key:?} is too large: the caller is at fault"
        );
        let place = self.free.pop().unwrap_or_else(|| {
            self.actors.push(Actor::default());
            u32::try_from(self.actors.len() - 1).expect("fewer than 2^32 actors at a time")
        });
        self.alive += 1;
        self.collect();
        let (task, advance) = Task::start(&self.pool, Box::new(body));
        self.actors[place as usize] = Actor {
            task: Some(task),
            key,
            waits,
            ..Actor::default()
        };
        self.settle(place, advance)
    }

    /// Wakes the actor of this key if it pauses; if it does not, or not yet, nothing happens.
    pub fn wake(&mut self, key: Key) {
        if let Some(place) = self.pauses.remove(&key) {
            self.let_go_on(place);
        }
    }

    /// Everybody who waits for a monitor and has not looked since its last update looks again. Says whether there was
    /// anybody.
    pub fn look_again(&mut self) -> bool {
        let mut anybody = false;
        for object in 0..self.waiters.len() {
            for place in self.waiters[object].late() {
                anybody = true;
                self.let_go_on(place);
            }
        }
        anybody
    }

    /// Ends the run: actors that are left are unwound.
    ///
    /// # Errors
    ///
    /// One of them has caught its end again and again, and went on: what it holds is never given back.
    pub fn end(mut self) -> Result<(), Box<Fault>> {
        self.actors.clear();
        match context::take_caught() {
            Some(site) => Err(general_fault(FaultKind::CaughtEnd(site))),
            None => Ok(()),
        }
    }
}

/// Runs a whole simulation on a stack of its own, so that a section that overflows it is a fault and not the end of the
/// process. What the simulation holds is then never given back.
///
/// # Errors
///
/// That it has overflowed.
pub fn on_own_stack<R>(run: impl FnOnce() -> R) -> Result<R, Box<Fault>> {
    panic::install_hook();
    let stacks = StackPool::new(coroutine::HOST_STACK);
    coroutine::on_own_stack(&stacks, run).map_err(general_fault)
}
