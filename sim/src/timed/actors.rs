//! The actors of a timed run: who can go on, and who is held up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Key, Waits};
use crate::coroutine::{Call, Task};
use crate::fault::{Fault, FaultKind};

/// Whether an actor can go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Status {
    /// There is none in this place.
    #[default]
    Free,
    /// It can.
    Ready,
    /// It waits or pauses.
    Asleep,
    /// Its operation is held up.
    Held,
}

/// An actor and its coroutine.
pub(super) struct Actor {
    pub(super) task: Option<Task>,
    pub(super) call: Option<Call>,
    pub(super) key: Key,
    pub(super) waits: Waits,
    pub(super) status: Status,
    /// Whether its pending operation is to sleep, and it has fallen asleep in it.
    pub(super) has_slept: bool,
    /// To how many operations it has come.
    pub(super) operations: u64,
}

impl Default for Actor {
    fn default() -> Self {
        Actor {
            task: None,
            call: None,
            key: Key(0),
            waits: Waits::Always,
            status: Status::Free,
            has_slept: false,
            operations: 0,
        }
    }
}

/// In so many bits the operations of an actor are counted, before they are drawn from another stream.
const COUNTED_IN: u32 = 20;

impl Actor {
    /// The operation before which it is, or in which it sleeps.
    pub(super) fn pending(&self) -> &Call {
        self.call
            .as_ref()
            .expect("an actor that has begun is before an operation")
    }

    /// What is drawn about its pending operation, of this kind: a stream and an index, which name the operation whatever the
    /// others do.
    pub(super) fn draw(&self, kind: u64) -> (u64, u64) {
        let (many, few) = (
            self.operations >> COUNTED_IN,
            self.operations % (1 << COUNTED_IN),
        );
        (kind + (many << 34), self.key.0 << COUNTED_IN ^ few)
    }

    /// Its fault, at its last operation. `name` is how it is called.
    pub(super) fn fault(&self, name: fn(Key) -> String, kind: FaultKind) -> Box<Fault> {
        let operation = self.call.as_ref().map(Call::operation);
        Box::new(Fault::new(name(self.key), operation, kind))
    }
}

/// Who can go on, by the number that was drawn.
#[derive(Default)]
pub(super) struct Ready(BinaryHeap<Reverse<(u64, u32)>>);

impl Ready {
    pub(super) fn push(&mut self, number: u64, place: u32) {
        self.0.push(Reverse((number, place)));
    }

    /// Takes the one with the lowest number.
    pub(super) fn pop(&mut self) -> Option<u32> {
        self.0.pop().map(|Reverse((_, place))| place)
    }

    /// All of them, in order of their places.
    pub(super) fn places(&self) -> Vec<u32> {
        let mut places: Vec<u32> = self.0.iter().map(|Reverse((_, place))| *place).collect();
        places.sort_unstable();
        places
    }

    /// Takes this one.
    pub(super) fn remove(&mut self, wanted: u32) {
        self.0.retain(|Reverse((_, place))| *place != wanted);
    }
}

/// Whose operations are held up, and until when.
#[derive(Default)]
pub(super) struct Held(BinaryHeap<Reverse<(u64, u32)>>);

impl Held {
    pub(super) fn add(&mut self, until: u64, place: u32) {
        self.0.push(Reverse((until, place)));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// When the next hold-up ends.
    pub(super) fn next(&self) -> Option<u64> {
        self.0.peek().map(|Reverse((until, _))| *until)
    }

    /// Takes one whose hold-up is over.
    pub(super) fn release(&mut self, now: u64) -> Option<u32> {
        let is_over = self.next()? <= now;
        if !is_over {
            return None;
        }
        self.0.pop().map(|Reverse((_, place))| place)
    }
}
