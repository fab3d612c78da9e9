//! shuttle 0.9: sampled, or exhaustive for tiny programs; sequentially consistent only.

use std::sync::{Arc, PoisonError};

use shuttle::rand::Rng as _;

use super::admission::Pause;
use super::chance::choosing;
use super::recorder::Recorder;
use super::step::ThreadKey;
use super::tool::{Tool, backend, threading};

/// The primitives on shuttle.
#[derive(Clone, Copy, Debug)]
pub struct Shuttle;

/// A replay counts as stuck after so many yields without a step; a random scheduler may need many.
const YIELDS: u32 = 2_000;

/// A lock and its condition.
#[derive(Debug)]
pub struct Place {
    lock: shuttle::sync::Mutex<()>,
    changed: shuttle::sync::Condvar,
}

impl Tool for Shuttle {
    type Place = Place;
    type Guard<'a> = shuttle::sync::MutexGuard<'a, ()>;
    type Bed = Arc<shuttle::sync::Condvar>;
    type Atomic = shuttle::sync::atomic::AtomicU64;
    const ONE_THREAD: bool = true;

    fn place() -> Place {
        Place {
            lock: shuttle::sync::Mutex::new(()),
            changed: shuttle::sync::Condvar::new(),
        }
    }

    fn lock(place: &Place) -> Self::Guard<'_> {
        place.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(place: &'a Place, guard: Self::Guard<'a>) -> Self::Guard<'a> {
        let guard = place.changed.wait(guard);
        guard.unwrap_or_else(PoisonError::into_inner)
    }

    fn notify_all(place: &Place) {
        place.changed.notify_all();
    }

    fn bed() -> Self::Bed {
        Arc::new(shuttle::sync::Condvar::new())
    }

    fn wait_in<'a>(_: &'a Place, bed: &Self::Bed, guard: Self::Guard<'a>) -> Self::Guard<'a> {
        bed.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }

    fn rouse(bed: &Self::Bed) {
        bed.notify_one();
    }

    fn draw(_: &Recorder, _: usize, bound: u32) -> Option<u32> {
        // Its scheduler gives the number, and with it the schedule that repeats the execution.
        Some(shuttle::rand::thread_rng().gen_range(0..bound))
    }

    fn key() -> Option<ThreadKey> {
        shuttle::current::try_get_current_task().map(ThreadKey::Shuttle)
    }

    fn pause() -> Pause {
        Pause::Yield {
            now: shuttle::thread::yield_now,
            limit: YIELDS,
        }
    }
}

backend!(Shuttle, "shuttle", shuttle::sync::atomic::AtomicU64);
choosing!(Shuttle);
threading!(Shuttle, shuttle);
