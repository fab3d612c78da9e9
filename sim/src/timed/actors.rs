//! The actors of a timed run: who can go on, who waits for what, who is held up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use logon_core::primitives::Condition;
use rustc_hash::FxHashMap;

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
    /// Whether it has fallen asleep in its pending operation, and not to look at something.
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

/// Who waits for one object.
#[derive(Default)]
pub(super) struct Waiters {
    /// Whether those who wait by key, or are alike, look only when they are told, and now and then.
    pub(super) by_key: bool,
    /// In no order: in which order they are woken makes no difference, for who is next is drawn.
    keyed: FxHashMap<Key, Told>,
    alike: Vec<Told>,
    always: Vec<u32>,
    conditions: Vec<(Condition, Vec<u32>)>,
    /// How many updates there were.
    updates: u64,
    /// How many of them there were when all who look when they are told were woken last.
    all_woken: u64,
}

/// Who looks when it is told.
struct Told {
    place: u32,
    /// How many updates there were when it looked last.
    looked: u64,
    /// Whether it was told since then, in a step that woke nobody.
    in_vain: bool,
}

impl Told {
    /// A step that wakes nobody may have ended its wait. If it owes a look to an earlier update, it has looked before this
    /// step, and in vain: a late look would hide that nobody is woken.
    fn not_woken(&mut self, updates: u64) {
        if !self.in_vain {
            self.looked = updates;
            self.in_vain = true;
        }
    }
}

/// After so many updates for each of those who look when they are told, all of them look.
const UPDATES_FOR_EACH: u64 = 4;

impl Waiters {
    /// An actor has looked in vain and waits.
    pub(super) fn add(&mut self, place: u32, key: Key, waits: Waits, on: Option<Condition>) {
        if let Some(condition) = on {
            let mut known = self.conditions.iter_mut();
            match known.find(|(other, _)| *other == condition) {
                Some((_, places)) => places.push(place),
                None => self.conditions.push((condition, vec![place])),
            }
            return;
        }
        let told = Told {
            place,
            looked: self.updates,
            in_vain: false,
        };
        match waits {
            Waits::ByKey if self.by_key && !self.keyed.contains_key(&key) => {
                self.keyed.insert(key, told);
            }
            Waits::Alike if self.by_key => self.alike.push(told),
            _ => self.always.push(place),
        }
    }

    /// An actor sleeps until the next update.
    pub(super) fn add_sleeper(&mut self, place: u32) {
        self.always.push(place);
    }

    /// An update that may have ended the waits of these.
    pub(super) fn updated(&mut self, keys: &[Key], woken: &mut Vec<u32>) {
        woken.append(&mut self.always);
        for (_, places) in &mut self.conditions {
            woken.append(places);
        }
        for key in keys {
            match *key {
                Key::ALIKE => self.next(woken),
                key => woken.extend(self.keyed.remove(&key).map(|told| told.place)),
            }
        }
        self.updates += 1;
        let waiting = (self.keyed.len() + self.alike.len()) as u64;
        if self.updates - self.all_woken > UPDATES_FOR_EACH * waiting {
            self.all_woken = self.updates;
            let keyed = self.keyed.drain().map(|(_, told)| told);
            woken.extend(keyed.chain(self.alike.drain(..)).map(|told| told.place));
        }
    }

    /// A step that wakes nobody may have ended the waits of these.
    pub(super) fn not_woken(&mut self, keys: &[Key]) {
        let updates = self.updates;
        for key in keys {
            match *key {
                Key::ALIKE => {
                    let alike = self.alike.iter_mut();
                    alike.for_each(|told| told.not_woken(updates));
                }
                key => {
                    let keyed = self.keyed.get_mut(&key);
                    keyed.into_iter().for_each(|told| told.not_woken(updates));
                }
            }
        }
    }

    /// One of those who are alike.
    pub(super) fn next(&mut self, woken: &mut Vec<u32>) {
        woken.extend(self.alike.pop().map(|told| told.place));
    }

    /// At most so many of those who wait on this condition.
    pub(super) fn signalled(&mut self, wanted: Condition, most: usize, woken: &mut Vec<u32>) {
        let mut known = self.conditions.iter_mut();
        if let Some((_, places)) = known.find(|(condition, _)| *condition == wanted) {
            let many = most.min(places.len());
            woken.extend(places.drain(..many));
        }
    }

    /// Everybody who may not have looked since the last update.
    pub(super) fn late(&mut self) -> Vec<u32> {
        let updates = self.updates;
        let keyed = self.keyed.extract_if(|_, told| told.looked < updates);
        let mut late: Vec<u32> = keyed.map(|(_, told)| told.place).collect();
        let alike = self.alike.extract_if(.., |told| told.looked < updates);
        late.extend(alike.map(|told| told.place));
        late
    }
}
