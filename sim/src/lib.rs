//! A deterministic runtime for programs written against the primitives of [`logon_core::primitives`].
//!
//! It runs the threads of a program, here called actors, one step at a time on one OS thread. Whoever
//! implements [`Scheduler`] decides who takes the next step, so an execution can be chosen, recorded,
//! repeated, and enumerated together with all others. What it finds, it explains and writes down: the instrument explains, and
//! the subject names, by [`Instance`]. It knows of no subject.
//!
//! # How it works
//!
//! An actor is a stackful coroutine. Every operation of the primitives is one step, with its scheduling
//! point before it: the actor *parks* with the operation (kind, object, label, place in the source and its
//! section), and is resumed with the operation's result. The section is called by the engine and not by
//! the coroutine, on a state that the engine keeps as a plain value. So a scheduler may
//! [try out](Point::try_out) any pending section on clones of the state before it chooses.
//!
//! What an actor does before its first operation is no step. It is done as soon as the actor is spawned
//! and cannot matter: all that is shared lies behind operations. For the same reason everything between
//! two operations belongs to the step of the first.
//!
//! - [`Monitor::wait_for`] is one step. If its section yields nothing the actor falls asleep in that step;
//!   an update of the monitor wakes all who sleep on it, in the step of the update; who has woken looks
//!   again in a step of its own.
//! - [`Monitor::sleep`] is two steps of one label: falling asleep, and after an update going on
//!   ([`OperationKind::Wake`]).
//! - [`Primitives::forever`] and [`Primitives::retry`] mark the beginning of each round, counted in [`Offer::rounds`].
//!
//! # Promises
//!
//! - The scheduler's choices are the only source of nondeterminism. One seed gives one list of executions,
//!   and execution `i` of a [`RandomWalk`] can be repeated alone.
//! - [`BoundedPreemptions`] runs every schedule within its bound exactly once, but for those in which an actor goes
//!   more than three rounds in vain, and all of them when unbounded. Where a repeated step is not what it was, it says that the program is not deterministic.
//! - A [`Schedule`] names actors, objects and labels, never positions. A replay notices the first step at
//!   which the program no longer follows.
//! - An operation inside a section, a wait that changes what it looks at, an object of another execution
//!   and a panic of an actor, unless the watch objects to it ([`Watch::on_panic`]), end that execution as a [`Fault`]. They
//!   spoil no later one.
//! - Every loop has a limit, and reaching it is reported.
//!
//! # Example
//!
//! Two visitors count themselves in, each in two steps. Of the six schedules, four lose a count.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use logon_core::primitives::Monitor;
//! use logon_sim::{
//!     Actors, AtRest, BoundedPreemptions, Limits, Replay, Rest, Schedule, SimMonitor, Simulation,
//! };
//!
//! let program = |actors: &mut Actors<'_>| {
//!     let counter: SimMonitor<u32> = Monitor::new("counter", 0);
//!     for name in ["alice", "bob"] {
//!         let counter = counter.clone();
//!         actors.spawn(name, "visitor", move || {
//!             let seen = counter.enter("look", |count| *count);
//!             counter.enter("write", move |count| *count = seen + 1);
//!         });
//!     }
//!     // The judge looks when no actor can go on, and takes no step.
//!     AtRest(move |_: &Rest| counter.peek(|count| (*count < 2).then_some("a count is lost")))
//! };
//!
//! let mut simulation = Simulation::default();
//! let mut failing = Vec::new();
//! let exploration = simulation.explore(
//!     &program,
//!     &mut BoundedPreemptions::unbounded(),
//!     Limits::none(),
//!     |execution| {
//!         if execution.verdict().is_some() {
//!             failing.push(Schedule::from_execution(execution));
//!         }
//!         ControlFlow::Continue(())
//!     },
//! );
//! assert!(exploration.is_complete());
//! assert_eq!((exploration.executions, failing.len()), (6, 4));
//!
//! let again = simulation.run_once(&program, &mut Replay::new(&failing[0]));
//! assert_eq!(again.verdict(), Some(&"a count is lost"));
//! ```
//!
//! # Limits
//!
//! - Sequentially consistent only. The ordering asked of a word is [recorded](Operation::order) and has no
//!   effect; a fault that needs a weaker memory is not found here.
//! - All actors are spawned at the start. There is no clock, and there is no join: wait for what the other
//!   one leaves behind. ([`timed`] is another engine, with a clock.)
//! - Between two operations an actor must not block or loop for ever: nothing preempts it there, nor a section.
//! - A stack that overflows ends the execution as a fault on Linux, on x86-64 and aarch64. What was on it is leaked, and
//!   if the overflow interrupts a library, such as the allocator, the process ends with a sentence and status 1. On other
//!   systems an overflow ends the process.
//! - When an execution ends, the actors that have not are unwound, so that what they own is given back.
//!   This needs panics that unwind. Operations of their destructors are answered from a clone of the state
//!   and are no steps; a destructor that then waits for what does not hold, or that performs a million operations,
//!   ends the process with a sentence and status 1. An actor that catches the panic which unwinds it, and goes on,
//!   is left suspended, and that is a fault.
//! - Nothing checks that an actor learns only what sections return. Repeating an execution finds most
//!   violations, as a divergence. A thread that an actor starts is no actor: it may not perform operations.
//! - `std::process::exit` in a program ends the process, and nothing is told.
//! - The first [`Simulation`] puts a panic hook before the one it finds, to report where an actor
//!   panicked instead of printing it.
//!
//! [`Monitor::wait_for`]: logon_core::primitives::Monitor::wait_for
//! [`Monitor::sleep`]: logon_core::primitives::Monitor::sleep
//! [`Primitives::forever`]: logon_core::primitives::Primitives::forever
//! [`Primitives::retry`]: logon_core::primitives::Primitives::retry

pub mod artefact;
mod check;
mod classes;
mod context;
mod coroutine;
mod counted;
mod deadline;
mod engine;
mod execution;
pub mod explain;
mod fault;
pub mod files;
mod finding;
mod hidden;
mod instance;
mod mark;
mod named;
mod object;
mod observed;
mod orders;
mod panic;
mod portable;
mod primitives;
mod program;
pub mod reduce;
pub mod render;
pub mod replay;
mod sample;
mod schedule;
mod scheduler;
mod shortest;
mod silence;
mod simulation;
mod space;
mod step;
pub mod timed;
pub mod trace;
mod value;

pub use check::{Check, Report};
pub use classes::Classes;
pub use counted::{counted, grouped};
pub use deadline::Deadline;
pub use execution::{Blocked, End, EndKind, Execution, Rest, Site};
pub use fault::{Fault, FaultKind};
pub use finding::Finding;
pub use hidden::{is_hidden, visible_json};
pub use instance::{Fallen, Input, Instance, Smaller, Told};
pub use mark::{Body, BodyKind, Mark};
pub use named::{Broken, Named, OfSize, OrPanic};
pub use object::ObjectId;
pub use observed::Objects;
pub use orders::WordOrders;
pub use panic::put_hook_first as put_panic_hook_first;
pub use portable::{AtEnd, Judge, Portable, Ported, PortedWatch, Spawned, Spawner, Waiting};
pub use primitives::{Sim, SimChance, SimMonitor, SimWord};
pub use program::{Actors, AtRest, Program, Watch};
pub use sample::Sample;
pub use schedule::{
    Chosen, Divergence, DivergenceReason, MOST_PASSED, Passed, Schedule, ScheduledStep,
};
pub use scheduler::{
    BoundedPreemptions, Choice, Ending, FewPreemptions, Guarantee, ObjectState, Pct, Point, Pos,
    RandomWalk, Replay, Sampler, Sampling, Scheduler, Urw,
};
pub use shortest::{ShortSearch, shortest};
pub use simulation::{Config, Exploration, Limits, Simulation, Stop, Verdict};
pub use space::{
    Chronicler, Cycle, Evidence, HostedStates, MayGoRound, Obligation, Orbits, Order, Owner,
    Planted, Progress, Reached, Rule, Search, SharedState, Space, SpaceEnd, Standing, StateGraph,
    StateId, StateWatch, Symmetry, Violation, default_memory_limit,
};
pub use step::{
    ActorId, ActorInfo, Effect, Offer, Operation, OperationKind, Step, Turn, Values, WordAccess,
};
pub use value::Value;
