//! Shared objects: where the state of a monitor or a word lives.
//!
//! The handle (a `SimMonitor` or a `SimWord`) and the engine share ownership, so the state can still be
//! looked at when the execution is over. Only the engine changes it, one step at a time, while every
//! actor is parked. The lock is never contended; it is there because handles must be `Sync`, and it
//! turns looking at a state from inside its own section into a message instead of a deadlock.

use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use logon_core::primitives::Plain;

use crate::context;
use crate::step::ActorId;
use crate::value::Value;

/// Which object, by who created it and in which order: independent of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// The actor that created it; `None` for the program's start.
    pub creator: Option<ActorId>,
    /// Its place among the objects of that creator, from 0.
    pub nth: u32,
}

/// A shared object as the engine sees it.
pub(crate) trait Object: Send + Sync {
    fn name(&self) -> &'static str;

    /// Lends the state to `visit`.
    fn with_state(&self, visit: &mut dyn FnMut(&mut dyn Value));

    /// A clone of the state.
    fn snapshot(&self) -> Box<dyn Value> {
        let mut clone = None;
        self.with_state(&mut |state| clone = Some(state.boxed_clone()));
        clone.expect("with_state visits exactly once")
    }

    /// Where the object is, to tell it from all others that are alive.
    fn address(&self) -> *const ();
}

/// The state of one object and its place in the engine's list.
pub(crate) struct Shared<S> {
    pub(crate) name: &'static str,
    pub(crate) index: usize,
    state: Mutex<S>,
}

impl<S: Plain> Shared<S> {
    pub(crate) fn new(name: &'static str, index: usize, state: S) -> Arc<Self> {
        Arc::new(Self {
            name,
            index,
            state: Mutex::new(state),
        })
    }

    /// The state, for as long as the guard lives.
    #[track_caller]
    pub(crate) fn lock(&self) -> MutexGuard<'_, S> {
        match self.state.try_lock() {
            Ok(guard) => guard,
            // A section that panicked has ended its execution; looking at what it left is harmless.
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                let message = format!(
                    "the program is at fault: `{}` is looked at from inside one of its own sections",
                    self.name
                );
                context::rule_broken(&message, Location::caller())
            }
        }
    }
}

impl<S: Plain> Object for Shared<S> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn with_state(&self, visit: &mut dyn FnMut(&mut dyn Value)) {
        visit(&mut *self.lock());
    }

    fn address(&self) -> *const () {
        std::ptr::from_ref(self).cast()
    }
}
