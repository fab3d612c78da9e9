//! loom 0.7: exhaustive within its limits, with a memory model.
//!
//! A monitor must be made inside the closure that loom runs. Sleeping is loom's `park` and not its
//! `Condvar`, which parks as well but adds a switch before each wait and each notification, under a
//! lock that nobody else can pass. On a queue with two consumers both gave the same 30 schedules, in
//! 6,124 executions with `park` and in 12,702 with `Condvar`.

use std::sync::{Mutex, Once, PoisonError};

use shuttle::scheduler::RoundRobinScheduler;

use super::admission::Pause;
use super::recorder::Recorder;
use super::step::ThreadKey;
use super::tool::{Tool, backend, threading};

/// The primitives on loom.
#[derive(Clone, Copy, Debug)]
pub struct Loom;

/// A replay counts as stuck after so many yields without a step. loom's yields are fair, and each one
/// uses up a branch of the execution.
const YIELDS: u32 = 200;

impl Loom {
    /// A builder for exploring. Start from it wherever shuttle runs in the same process.
    ///
    /// loom ends each of its threads with a panic that a hook of its own hides. shuttle's hook prints a
    /// line for each of them if it was installed later, so it is installed first.
    #[must_use]
    pub fn builder() -> loom::model::Builder {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let mut config = shuttle::Config::new();
            config.failure_persistence = shuttle::FailurePersistence::None;
            shuttle::Runner::new(RoundRobinScheduler::new(1), config).run(|| {});
        });
        loom::model::Builder::new()
    }

    /// A builder for a single execution without a narrow limit on its length, as a replay needs it.
    #[must_use]
    pub fn once() -> loom::model::Builder {
        let mut builder = Self::builder();
        // loom looks at its limit before an execution: at the second one, this is reached.
        builder.checkpoint_interval = 1;
        builder.max_permutations = Some(2);
        builder.max_branches = 100_000;
        builder
    }
}

/// A lock and the threads that sleep beside it.
#[derive(Debug)]
pub struct Place {
    lock: loom::sync::Mutex<()>,
    sleepers: Mutex<Vec<loom::thread::Thread>>,
}

impl Place {
    fn sleepers(&self) -> std::sync::MutexGuard<'_, Vec<loom::thread::Thread>> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tool for Loom {
    type Place = Place;
    type Guard<'a> = loom::sync::MutexGuard<'a, ()>;
    type Bed = loom::thread::Thread;
    type Atomic = loom::sync::atomic::AtomicU64;
    const ONE_THREAD: bool = true;

    fn place() -> Place {
        Place {
            lock: loom::sync::Mutex::new(()),
            sleepers: Mutex::default(),
        }
    }

    fn lock(place: &Place) -> Self::Guard<'_> {
        place.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(place: &'a Place, guard: Self::Guard<'a>) -> Self::Guard<'a> {
        place.sleepers().push(loom::thread::current());
        // Releasing is no switch, so nobody runs before this thread is parked.
        drop(guard);
        loom::thread::park();
        Self::lock(place)
    }

    fn notify_all(place: &Place) {
        let sleepers = std::mem::take(&mut *place.sleepers());
        for sleeper in sleepers {
            sleeper.unpark();
        }
    }

    fn bed() -> Self::Bed {
        loom::thread::current()
    }

    fn wait_in<'a>(place: &'a Place, _: &Self::Bed, guard: Self::Guard<'a>) -> Self::Guard<'a> {
        drop(guard);
        loom::thread::park();
        Self::lock(place)
    }

    fn rouse(bed: &Self::Bed) {
        bed.unpark();
    }

    fn draw(_: &Recorder, _: usize, _: u32) -> Option<u32> {
        // loom explores orders of steps and what loads read, and has nothing else that it could try in every way.
        None
    }

    fn key() -> Option<ThreadKey> {
        Some(ThreadKey::Loom(loom::thread::current().id()))
    }

    fn pause() -> Pause {
        Pause::Yield {
            now: loom::thread::yield_now,
            limit: YIELDS,
        }
    }
}

backend!(Loom, "loom", loom::sync::atomic::AtomicU64);
threading!(Loom, loom);
