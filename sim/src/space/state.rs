//! States: what every object holds, and where every actor stands.

use std::any::Any;
use std::sync::Arc;

use logon_core::primitives::Plain;

use super::local::LocalId;
use crate::primitives::{SimMonitor, SimWord};
use crate::value::Value;

/// Whether an actor can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Status {
    /// Before its pending operation, if it has one.
    Awake,
    /// In its pending operation, until an update of the object.
    Asleep,
    /// In its pending `sleep`, and an update has come.
    Woken,
}

/// An actor in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Local {
    pub(crate) id: LocalId,
    pub(crate) status: Status,
}

/// A whole state.
#[derive(Clone)]
pub(crate) struct State {
    /// What the objects hold, in the order of their creation.
    pub(crate) objects: Vec<Arc<dyn Value>>,
    /// The actors, in the order of spawning.
    pub(crate) actors: Vec<Local>,
}

/// The shared part of a state, for a judge to look at.
#[derive(Clone, Copy)]
pub struct SharedState<'a> {
    pub(crate) objects: &'a [Arc<dyn Value>],
}

impl<'a> SharedState<'a> {
    /// What `monitor` holds.
    ///
    /// # Panics
    ///
    /// If `monitor` is not one of the program's.
    #[must_use]
    pub fn monitor<S: Plain>(&self, monitor: &SimMonitor<S>) -> &'a S {
        self.object(monitor.place())
    }

    /// What `word` holds.
    ///
    /// # Panics
    ///
    /// If `word` is not one of the program's.
    #[must_use]
    pub fn word(&self, word: &SimWord) -> u64 {
        *self.object(word.place())
    }

    fn object<S: Plain>(&self, place: usize) -> &'a S {
        let object = self.objects.get(place).map(|object| {
            let object: &dyn Any = &**object;
            object
        });
        object
            .and_then(|object| object.downcast_ref())
            .expect("the harness is at fault: it looks at an object of another program")
    }
}
