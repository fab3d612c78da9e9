//! What the primitives publish to a search over whole states: who is about to do what, what each section
//! returned, and where the objects' states can be looked at.
//!
//! The search decides who goes on at the points *before* operations, where the tool switches because a lock is
//! about to be taken or a word about to be used. A tool switches elsewhere as well (when a thread begins or
//! ends, before an unlock, around a notification), and there is nothing to decide there. [`Published`] knows
//! one kind of point from the other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use logon_sim::{Mark, ObjectId, Operation as Pending, OperationKind, Value};

use super::step::Operation;

/// A monitor that can be looked at from outside.
pub(super) trait Snapshot: Send + Sync {
    fn snapshot(&self) -> Arc<dyn Value>;
}

enum Object {
    Monitor(&'static str, Weak<dyn Snapshot>),
    Word(&'static str, u64),
}

impl Object {
    fn name(&self) -> &'static str {
        match self {
            Object::Monitor(name, _) | Object::Word(name, _) => name,
        }
    }
}

/// Where an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Between two operations, or not begun.
    Away,
    /// Before this operation, which waits to be let on.
    Before(Pending),
    /// In its operation.
    Acting,
    /// In its operation as well, and about to block until an update; then it does this.
    Drowsy(Pending),
    /// Blocked until an update; then it does this.
    Asleep(Pending),
    /// Unblocked by an update, and on its way to where this operation waits to be let on.
    Waking(Pending),
    /// At its end.
    Finished,
}

/// What an actor has published since it was last asked.
#[derive(Default)]
pub struct Told {
    /// What its section returned, if it went on.
    pub result: Option<Box<dyn Value>>,
    /// What it came to of loops and scopes before its next operation.
    pub marks: Vec<Mark>,
}

struct Row {
    whereabouts: Whereabouts,
    told: Told,
    operations: u64,
}

#[derive(Default)]
struct State {
    objects: Vec<Object>,
    rows: Vec<Row>,
    is_started: bool,
    late: Option<&'static str>,
}

/// The publications of the execution under way. One serves all executions of a search.
///
/// Its lock is held for moments and never across an operation of a tool.
#[derive(Default)]
pub struct Published {
    state: Mutex<State>,
}

impl Published {
    /// Nothing published yet.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Forgets the execution before.
    pub fn reset(&self) {
        *self.lock() = State::default();
    }

    /// All objects exist and all actors are about to start.
    pub fn started(&self, actors: usize) {
        let mut state = self.lock();
        state.is_started = true;
        state.rows.resize_with(actors, || Row {
            whereabouts: Whereabouts::Away,
            told: Told::default(),
            operations: 0,
        });
    }

    /// The name of an object that was created after the start, if one was.
    pub fn late_object(&self) -> Option<&'static str> {
        self.lock().late
    }

    /// Where the actor at this place is.
    ///
    /// # Panics
    ///
    /// If there is no such actor.
    pub fn whereabouts(&self, place: usize) -> Whereabouts {
        self.lock().rows[place].whereabouts
    }

    /// Says where the actor at this place is now; for whoever schedules.
    ///
    /// # Panics
    ///
    /// If there is no such actor.
    pub fn put(&self, place: usize, whereabouts: Whereabouts) {
        self.lock().rows[place].whereabouts = whereabouts;
    }

    /// Takes what the actor at this place has published.
    ///
    /// # Panics
    ///
    /// If there is no such actor.
    pub fn take(&self, place: usize) -> Told {
        std::mem::take(&mut self.lock().rows[place].told)
    }

    /// What every object holds, in the order of creation.
    ///
    /// # Panics
    ///
    /// If a monitor is gone, that is, outside the execution.
    pub fn objects(&self) -> Vec<Arc<dyn Value>> {
        let state = self.lock();
        let snapshots = state.objects.iter().map(|object| object.snapshot());
        snapshots.collect()
    }

    /// What one object holds.
    ///
    /// # Panics
    ///
    /// As [`Published::objects`].
    pub fn object(&self, id: ObjectId) -> Arc<dyn Value> {
        self.lock().objects[id.nth as usize].snapshot()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn monitor(&self, name: &'static str, monitor: Weak<dyn Snapshot>) {
        self.create(Object::Monitor(name, monitor));
    }

    pub(super) fn word(&self, name: &'static str, value: u64) {
        self.create(Object::Word(name, value));
    }

    fn create(&self, object: Object) {
        let mut state = self.lock();
        if state.is_started {
            state.late = Some(object.name());
        }
        state.objects.push(object);
    }

    pub(super) fn wrote(&self, name: &'static str, value: u64) {
        let mut state = self.lock();
        let object = state.objects.iter_mut().find(|known| known.name() == name);
        if let Some(Object::Word(_, word)) = object {
            *word = value;
        }
    }

    /// The actor is about to do `what`. One that has been woken is on its way into that operation already.
    pub(super) fn arrive(&self, place: usize, what: Operation) {
        let mut state = self.lock();
        let pending = state.pending(what.object, what);
        if let Some(row) = state.rows.get_mut(place)
            && row.whereabouts != Whereabouts::Acting
        {
            row.whereabouts = Whereabouts::Before(pending);
        }
    }

    /// The actor has done its step, and goes on with this.
    pub(super) fn returned(&self, place: usize, result: Box<dyn Value>) {
        let mut state = self.lock();
        if let Some(row) = state.rows.get_mut(place) {
            row.told.result = Some(result);
            row.operations += 1;
            row.whereabouts = Whereabouts::Away;
        }
    }

    /// The actor falls asleep in its step, and after an update it does `then`.
    pub(super) fn falls_asleep(&self, place: usize, then: Operation) {
        let mut state = self.lock();
        let pending = state.pending(then.object, then);
        if let Some(row) = state.rows.get_mut(place) {
            row.whereabouts = Whereabouts::Drowsy(pending);
        }
    }

    pub(super) fn finished(&self, place: usize) {
        if let Some(row) = self.lock().rows.get_mut(place) {
            row.whereabouts = Whereabouts::Finished;
        }
    }

    /// The actor has come to this mark; how many operations it has performed.
    ///
    /// # Panics
    ///
    /// If it begins another round and has performed none since there were so many as `before`: it would go on like that
    /// for ever.
    pub(super) fn mark(&self, place: usize, mark: Mark, before: Option<u64>) -> u64 {
        let mut state = self.lock();
        let Some(row) = state.rows.get_mut(place) else {
            return 0;
        };
        let operations = row.operations;
        row.told.marks.push(mark);
        drop(state);
        assert!(
            before != Some(operations),
            "the program is at fault: a round of a loop performed no operation and would never end"
        );
        operations
    }
}

impl Object {
    fn snapshot(&self) -> Arc<dyn Value> {
        match self {
            Object::Word(_, value) => Arc::new(*value),
            Object::Monitor(name, monitor) => {
                let monitor = monitor.upgrade();
                monitor
                    .unwrap_or_else(|| panic!("the tool is at fault: `{name}` is gone"))
                    .snapshot()
            }
        }
    }
}

impl State {
    /// An operation as the own runtime describes one. Names are unique, so they say which object it is.
    fn pending(&self, object: &'static str, what: Operation) -> Pending {
        let nth = self.objects.iter().position(|known| known.name() == object);
        Pending {
            kind: what.kind,
            object: ObjectId {
                creator: None,
                nth: u32::try_from(nth.unwrap_or(usize::MAX)).unwrap_or(u32::MAX),
            },
            object_name: what.object,
            label: what.label,
            location: what.place,
            nth: 1,
            order: None,
            condition: what.condition,
        }
    }
}

/// What an actor does after an update if it falls asleep in `what`.
pub(super) fn after_waking(what: Operation) -> Operation {
    Operation {
        kind: match what.kind {
            OperationKind::Sleep => OperationKind::Wake,
            other => other,
        },
        ..what
    }
}
