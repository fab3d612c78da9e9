//! What the server keeps its records in: containers and counts, named once, so that its sections can run on others
//! than the standard library's.
//!
//! The allocator's sections are written against these traits. [`Standard`] is what everybody runs on, and the default
//! everywhere: `VecDeque`, `BTreeMap` and `u32`. Another store makes the same sections compute something else: on
//! containers in which a few entries are visible and the rest is a number that is not known, every effect that a section
//! can have among any number of clients.
//!
//! Each operation means what the operation of that name of the standard library means, unless it says otherwise. There
//! is no operation that the server does not need.

mod free_ids;
mod session_table;

use std::collections::{BTreeMap, VecDeque};
use std::ops::{Add, AddAssign, Index};

pub use session_table::SessionTable;

use crate::ids::{Claim, FIRST_SESSION, LogonId, SessionId, UserId};
use crate::primitives::Plain;
use crate::server::{Logon, Session};
use crate::state::SessionState;

/// A family of containers and counts.
pub trait Store: Plain {
    /// How many there are of something.
    type Count: Count;
    /// The logons in line.
    type Line: Queue<LogonId, Self::Count>;
    /// The idle sessions.
    type Pool: Queue<Claim, Self::Count>;
    /// The sessions by id.
    type Sessions: Sessions<Self::Count>;
    /// The logons by id.
    type Logons: Table<LogonId, Logon, Self::Count>;
}

/// A number of things: it is compared, added to, and taken one from, and not looked at.
pub trait Count:
    Plain + Copy + PartialOrd + From<u32> + Add<Output = Self> + AddAssign<u32>
{
    /// One less; `None` where there is none.
    #[must_use]
    fn checked_decrement(self) -> Option<Self>;
}

/// A list with a front, from which entries are taken, and a back, at which they are added.
pub trait Queue<T, N>: Plain + Default {
    /// How many entries there are.
    fn len(&self) -> N;

    /// Whether there is none.
    fn is_empty(&self) -> bool;

    /// The entry at the front.
    fn front(&self) -> Option<&T>;

    /// Adds an entry at the back.
    fn push_back(&mut self, entry: T);

    /// Takes the entry at the front.
    fn pop_front(&mut self) -> Option<T>;

    /// Takes out an entry that equals this one, wherever it is; says whether there was one. The first, if there are
    /// several.
    fn take(&mut self, entry: &T) -> bool;

    /// Takes out every entry that equals this one.
    fn take_all(&mut self, entry: &T);
}

/// Records by key.
///
/// # Panics
///
/// Indexing panics where a key has no record.
pub trait Table<K, V, N>: Plain + Default + for<'a> Index<&'a K, Output = V> {
    /// The record of this key.
    fn get(&self, key: &K) -> Option<&V>;

    /// The record of this key, to be changed.
    fn get_mut(&mut self, key: &K) -> Option<&mut V>;

    /// Whether this key has a record.
    fn contains_key(&self, key: &K) -> bool;

    /// Keeps a record; the one that the key had is lost.
    fn insert(&mut self, key: K, record: V);

    /// Takes out the record of this key.
    fn remove(&mut self, key: &K) -> Option<V>;

    /// How many records are `wanted`.
    fn count(&self, wanted: impl Fn(&V) -> bool) -> N;

    /// Whether some record is `wanted`.
    fn any(&self, wanted: impl Fn(&V) -> bool) -> bool;

    /// The first record, by the order of the keys, that is `wanted` and whose key is not before `from`.
    fn first_from(&self, from: K, wanted: impl Fn(&V) -> bool) -> Option<(K, &V)>;
}

/// The sessions by id, and what the sections ask of all of them. As provided the answers walk every session; a store for
/// many of them knows better.
pub trait Sessions<N>: Table<SessionId, Session, N> {
    /// How many sessions are being created.
    fn creating(&self) -> N {
        self.count(|session| session.state == SessionState::Init)
    }

    /// The disconnected session of `user` with the lowest id.
    fn first_disconnected_of(&self, user: UserId) -> Option<(SessionId, &Session)> {
        self.first_from(FIRST_SESSION, |session| {
            session.user == Some(user) && session.state == SessionState::Disconnected
        })
    }

    /// The lowest id, of those that a client's session may have, that no session has.
    fn lowest_free(&self) -> SessionId {
        let mut ids = (FIRST_SESSION.0..).map(SessionId);
        ids.find(|id| !self.contains_key(id))
            .expect("fewer sessions than numbers")
    }
}

/// The standard library's containers, and [a map](SessionTable) that answers for all sessions at once.
///
/// # Panics
///
/// Whatever counts their entries panics if there are 2^32 or more, which are more than there are ids.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Standard;

impl Store for Standard {
    type Count = u32;
    type Line = VecDeque<LogonId>;
    type Pool = VecDeque<Claim>;
    type Sessions = SessionTable;
    type Logons = BTreeMap<LogonId, Logon>;
}

impl Count for u32 {
    #[inline]
    fn checked_decrement(self) -> Option<u32> {
        self.checked_sub(1)
    }
}

/// The number of entries, which have ids of 32 bits.
fn number(entries: usize) -> u32 {
    u32::try_from(entries).expect("fewer entries than ids")
}

impl<T: Plain> Queue<T, u32> for VecDeque<T> {
    #[inline]
    fn len(&self) -> u32 {
        number(self.len())
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    #[inline]
    fn front(&self) -> Option<&T> {
        self.front()
    }

    #[inline]
    fn push_back(&mut self, entry: T) {
        self.push_back(entry);
    }

    #[inline]
    fn pop_front(&mut self) -> Option<T> {
        self.pop_front()
    }

    fn take(&mut self, entry: &T) -> bool {
        let place = self.iter().position(|other| other == entry);
        place.and_then(|place| self.remove(place)).is_some()
    }

    fn take_all(&mut self, entry: &T) {
        self.retain(|other| other != entry);
    }
}

impl<K: Plain + Ord, V: Plain> Table<K, V, u32> for BTreeMap<K, V> {
    #[inline]
    fn get(&self, key: &K) -> Option<&V> {
        self.get(key)
    }

    #[inline]
    fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.get_mut(key)
    }

    #[inline]
    fn contains_key(&self, key: &K) -> bool {
        self.contains_key(key)
    }

    #[inline]
    fn insert(&mut self, key: K, record: V) {
        self.insert(key, record);
    }

    #[inline]
    fn remove(&mut self, key: &K) -> Option<V> {
        self.remove(key)
    }

    fn count(&self, wanted: impl Fn(&V) -> bool) -> u32 {
        number(self.values().filter(|record| wanted(record)).count())
    }

    fn any(&self, wanted: impl Fn(&V) -> bool) -> bool {
        self.values().any(wanted)
    }

    fn first_from(&self, from: K, wanted: impl Fn(&V) -> bool) -> Option<(K, &V)> {
        let mut records = self.range(from..);
        records
            .find(|(_, record)| wanted(record))
            .map(|(key, record)| (key.clone(), record))
    }
}

/// A plain map walks.
impl Sessions<u32> for BTreeMap<SessionId, Session> {}
