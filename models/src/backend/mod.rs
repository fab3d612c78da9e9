//! The primitives on loom, on shuttle and on real threads, so that one harness drives all three.
//!
//! What is common lies in one place: a monitor is a tool's lock around a state that the tool does not
//! see, and a [`Recorder`] notes every step, holds a replay to its schedule and knows when nobody can
//! move anymore. The files named after the tools hold only what differs.
//!
//! The order of locks is: a tool's lock, then either the state inside it or the recorder, and those two
//! never together.

mod admission;
mod census;
mod chance;
mod conditions;
mod debugger;
mod gate;
mod locked;
mod on_loom;
mod on_shuttle;
mod on_sim;
mod on_threads;
mod orders;
mod published;
mod recorder;
mod rules;
mod shuttle_rest;
mod shuttle_until;
mod step;
mod tool;
mod word;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use logon_core::primitives::Primitives;

use self::admission::Stopped;
use self::rules::Acting;
use self::tool::Tool;

pub use self::chance::ToolChance;
pub(crate) use self::conditions::is_refusal;
pub use self::debugger::logon_check_break;
pub use self::locked::LockedMonitor;
pub use self::on_loom::Loom;
pub use self::on_shuttle::Shuttle;
pub use self::on_threads::Threads;
pub use self::orders::NotedOrders;
pub use self::published::{Published, Told, Whereabouts};
pub use self::recorder::Recorder;
pub(crate) use self::rules::judging;
pub use self::shuttle_rest::{RestFlag, RestLast};
pub(crate) use self::shuttle_until::Until;
pub use self::step::{After, Divergence, GateStep, Manner, RecordedStep, ThreadKey};
pub(crate) use self::tool::pauses_so_far;
pub use self::word::AtomicWord;

/// Primitives of a tool that checks.
pub trait Backend: Primitives {
    /// The name of the tool, as it is printed.
    const NAME: &'static str;
}

/// Primitives that come with threads to run actors on.
pub trait Threading: Backend {
    /// A started actor.
    type Handle;

    /// Starts an actor. It counts as alive from now until its body has ended, by a return or a panic.
    ///
    /// On loom and shuttle a panic ends the whole execution; on real threads [`Threading::join`]
    /// returns it.
    fn spawn(
        recorder: &Arc<Recorder>,
        name: &str,
        body: impl FnOnce() + Send + 'static,
    ) -> Self::Handle;

    /// Waits until the actor has finished.
    ///
    /// # Errors
    ///
    /// The payload of the actor's panic.
    fn join(handle: Self::Handle) -> std::thread::Result<()>;

    /// Lets others run.
    fn yield_now();

    /// Waits until no actor can move. It must not be called by an actor.
    ///
    /// On loom and shuttle it yields, which costs scheduling points; see [`RestLast`] for shuttle.
    fn await_rest(recorder: &Recorder) {
        while !recorder.at_rest() {
            Self::yield_now();
        }
    }
}

/// The body of an actor's thread, around the body of the actor.
fn play<T: Tool>(
    recorder: &Arc<Recorder>,
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> impl FnOnce() -> std::thread::Result<()> + Send + 'static {
    recorder.expect_actor(name);
    let recorder = Arc::clone(recorder);
    let name = name.to_owned();
    move || {
        let key = T::key().expect("the tool that starts a thread knows it");
        recorder.enter_actor(&name, key);
        let acting = Acting::begin(&recorder);
        let outcome = match catch_unwind(AssertUnwindSafe(body)) {
            Err(payload) if payload.is::<Stopped>() => Ok(()),
            outcome => outcome,
        };
        drop(acting);
        let message = outcome.as_ref().err();
        let message = message.map(|payload| said_by(&**payload));
        recorder.leave_actor(&name, message);
        outcome
    }
}

/// What a panic says.
pub(crate) fn said_by(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without a text").to_owned()
}
