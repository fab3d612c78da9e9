//! Programs of one's own on loom, on shuttle and on real threads: a call for each tool.
//!
//! A program that is written once, as a [`Portable`], is searched in all its states by
//! [`Named::check`](logon_sim::Named::check) on the own runtime, and is run by these calls on the others. The verdict is
//! the same everywhere: that of the program's own [`Judge`](logon_sim::Judge) when nobody can go on, or `panic` where an
//! actor panics.
//!
//! ```
//! use std::sync::Arc;
//!
//! use logon_core::primitives::{Monitor, Primitives};
//! use logon_models::portable::{Limits, Strategy, on_loom, on_shuttle, on_threads};
//! use logon_sim::{Judge, Portable, Spawner};
//!
//! #[derive(Clone)]
//! struct Counters;
//!
//! impl<P: Primitives> Portable<P> for Counters {
//!     fn start(&self, actors: &mut Spawner) -> Judge {
//!         let count: Arc<P::Monitor<u32>> = Arc::new(Monitor::new("count", 0));
//!         for name in ["anna", "ben"] {
//!             let count = Arc::clone(&count);
//!             actors.spawn(name, "counter", move || {
//!                 let seen = count.enter("look", |count| *count);
//!                 count.enter("write", move |count| *count = seen + 1);
//!             });
//!         }
//!         Judge::new(move |_| count.peek(|count| (*count < 2).then(|| "a count is lost".to_owned())))
//!     }
//! }
//! let limits = Limits::executions(1_000);
//! let by_loom = on_loom(&Counters, None, &limits)?;
//! let by_shuttle = on_shuttle(&Counters, Strategy::Random, &limits)?;
//! for tried in [&by_loom, &by_shuttle] {
//!     let found = tried.finding().expect("a count is lost");
//!     assert_eq!(found.property, "a-count-is-lost");
//! }
//! // Real threads may or may not meet.
//! println!("{by_loom}\n{by_shuttle}\n{}", on_threads(&Counters, &limits)?);
//! # Ok::<(), logon_models::checker::Fault>(())
//! ```
//!
//! # What a tool cannot do
//!
//! - A program that makes choices is a `Portable` for primitives that are
//!   [`Choosing`](logon_core::primitives::Choosing) alone, and [`on_loom`] does not compile for it.
//! - [`Wake::One`](logon_core::primitives::Wake) with several asleep is refused by loom with a [`Fault`] that names it,
//!   and shuttle's depth-first order draws no numbers: a choice there is a [`Fault`], too.
//! - loom holds four actors and the main thread. It takes `SeqCst` for acquire and release; see [`Ended::Unrepeated`].
//! - Nothing but the own runtime sees that somebody goes round for ever. Elsewhere a limit ends such an execution, and
//!   it is counted in [`Tried::cut_short`].
//! - What falls is told by the report alone; but shuttle prints a line of its own on standard error for each panic of an
//!   actor, which nothing in the process can keep back.
//! - What ends the process ends the caller, and a section or a stretch between two operations that never returns is
//!   waited for, for ever. All runs in the calling process.

mod loom;
mod shuttle;
mod threads;
mod tried;
mod under_way;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Arc, Once};

use logon_core::primitives::Primitives;
use logon_sim::{Portable, Spawned, Spawner, put_panic_hook_first};

pub use self::loom::on_loom;
pub use self::shuttle::{Strategy, on_shuttle};
pub use self::threads::on_threads;
pub use self::tried::{Ended, Tried};
use self::under_way::UnderWay;
use crate::backend::{Loom, Recorder, Threading, said_by};
use crate::checker::Fault;

/// How far a tool looks.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// At most so many executions.
    pub executions: u64,
    /// The seed of random choices, and of the noise between real threads. loom has none.
    pub seed: u64,
    /// At most so many seconds of wall-clock time, if there is a limit; looked at between executions.
    pub seconds: Option<f64>,
}

impl Limits {
    /// At most so many executions, from seed 1, without a limit on time.
    #[must_use]
    pub fn executions(executions: u64) -> Self {
        Limits {
            executions,
            seed: 1,
            seconds: None,
        }
    }

    /// The same from this seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Limits { seed, ..self }
    }

    /// The same, within so many seconds of wall-clock time.
    #[must_use]
    pub fn seconds(self, seconds: f64) -> Self {
        Limits {
            seconds: Some(seconds),
            ..self
        }
    }
}

/// The actors of an execution, running: those who must come to their end, and the others.
struct Running<B: Threading> {
    ending: Vec<B::Handle>,
    serving: Vec<B::Handle>,
}

/// Sets the program up and starts everybody.
fn start<B: Threading + Primitives>(
    program: &impl Portable<B>,
    recorder: &Arc<Recorder>,
    under_way: &UnderWay,
    most_actors: usize,
) -> Running<B> {
    recorder.check_waits();
    let mut spawner = Spawner::new();
    let judge = recorder.building(|| program.start(&mut spawner));
    let actors = spawner.into_actors();
    let count = actors.len();
    assert!(
        count <= most_actors,
        "{} holds {most_actors} actors, and the program has {count}",
        B::NAME
    );
    let must_end = actors
        .iter()
        .map(|actor| (actor.name.clone(), actor.must_end));
    under_way.begin(judge, must_end.collect(), recorder);
    for actor in &actors {
        recorder.expect_actor(&actor.name);
    }
    let mut running = Running {
        ending: Vec::new(),
        serving: Vec::new(),
    };
    for Spawned {
        name,
        must_end,
        body,
        ..
    } in actors
    {
        let body = move || {
            IS_QUIET.set(true);
            body();
        };
        let handle = B::spawn(recorder, &name, body);
        match must_end {
            true => running.ending.push(handle),
            false => running.serving.push(handle),
        }
    }
    running
}

/// Waits for these actors. What their panics say, the recorder knows.
fn join_all<B: Threading>(handles: Vec<B::Handle>) {
    for handle in handles {
        drop(B::join(handle));
    }
}

thread_local! {
    /// Whether the panics of this thread are told by a report alone.
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs a tool on a thread of its own, whose panics are told by its report alone. The message of the panic that ended it,
/// if one did.
///
/// # Errors
///
/// [`Fault`] when no thread can be started.
fn run_quietly(tool: &str, run: impl FnOnce() + Send) -> Result<Option<String>, Fault> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // shuttle's hook prints lines of its own before it calls the next one, and comes with the first builder.
        drop(Loom::builder());
        let next = take_hook();
        set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                next(info);
            }
        }));
        // What panics in an execution of the own runtime is told by that, and not by shuttle's hook.
        put_panic_hook_first();
    });
    let quiet = || quietly(run).err();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name(format!("logon-check {tool}"))
            .stack_size(STACK)
            .spawn_scoped(scope, quiet);
        let thread =
            thread.map_err(|error| Fault::new(format!("no thread for {tool}: {error}")))?;
        let panicked = thread.join().unwrap_or_else(Some);
        Ok(panicked.map(|payload| said_by(&*payload)))
    })
}

/// Runs this on the calling thread, whose panics are told by its report alone.
fn quietly<R>(run: impl FnOnce() -> R) -> std::thread::Result<R> {
    let outside = IS_QUIET.replace(true);
    let ended = catch_unwind(AssertUnwindSafe(run));
    IS_QUIET.set(outside);
    ended
}

/// Bytes of stack for the thread of a tool: as many as the main thread of a process has.
const STACK: usize = 8 << 20;
