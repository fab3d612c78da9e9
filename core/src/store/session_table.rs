//! The sessions of the standard store: a map, and what sections ask of all sessions, kept beside it.
//!
//! With thousands of clients a section that walks every session would make each logon dearer than the one before. What is
//! kept beside the records follows from them alone, so it is no part of what the table is: two tables are equal, and are
//! described, hashed and printed, by their records.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, Index};

use super::free_ids::FreeIds;
use super::{Sessions, Table};
use crate::ids::{FIRST_SESSION, SessionId, UserId};
use crate::server::Session;
use crate::state::SessionState;
use crate::symmetry::{Shape, Symmetric};

/// The sessions by id. It is read as the map that it derefs to.
#[derive(Clone, Default)]
pub struct SessionTable {
    records: BTreeMap<SessionId, Session>,
    /// How many sessions are being created.
    creating: u32,
    /// The disconnected sessions of each user.
    disconnected: BTreeSet<(UserId, SessionId)>,
    /// The ids that no session has.
    free: FreeIds,
    /// The session that was handed out to be changed last, and what is kept of it still.
    lent: Option<(SessionId, Kept)>,
}

/// What is kept beside the record of a session.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Kept {
    is_creating: bool,
    disconnected_user: Option<UserId>,
}

impl Kept {
    fn of(session: &Session) -> Self {
        let is_disconnected = session.state == SessionState::Disconnected;
        Kept {
            is_creating: session.state == SessionState::Init,
            disconnected_user: session.user.filter(|_| is_disconnected),
        }
    }
}

impl SessionTable {
    /// The session of this id, to be changed.
    pub fn get_mut(&mut self, id: &SessionId) -> Option<&mut Session> {
        if self.lent.is_some_and(|(lent, _)| lent == *id) {
            // What is kept of it is what was kept before it was lent first.
            return self.records.get_mut(id);
        }
        self.catch_up();
        let session = self.records.get_mut(id)?;
        self.lent = Some((*id, Kept::of(session)));
        Some(session)
    }

    /// Keeps a session under this id; the one that had it is lost.
    pub fn insert(&mut self, id: SessionId, session: Session) {
        let now = Kept::of(&session);
        let lost = self.records.insert(id, session);
        let before = self.kept_until_now(id, lost.as_ref());
        self.keep(id, before, now);
        self.free.take(id);
    }

    /// Takes out the session of this id.
    pub fn remove(&mut self, id: &SessionId) -> Option<Session> {
        let removed = self.records.remove(id)?;
        let before = self.kept_until_now(*id, Some(&removed));
        self.keep(*id, before, Kept::default());
        self.free.give_back(*id);
        Some(removed)
    }

    /// What is kept of the session that had this id, if one had. If it was lent, it is not lent any more.
    fn kept_until_now(&mut self, id: SessionId, lost: Option<&Session>) -> Kept {
        let lent = self.lent.take_if(|(lent, _)| *lent == id);
        let kept = lent.map(|(_, before)| before);
        kept.or(lost.map(Kept::of)).unwrap_or_default()
    }

    /// What is to be kept of a session now.
    fn kept_of(&self, id: SessionId) -> Kept {
        self.records.get(&id).map(Kept::of).unwrap_or_default()
    }

    /// Keeps of a session what is so now.
    fn keep(&mut self, id: SessionId, before: Kept, now: Kept) {
        if now == before {
            return;
        }
        self.creating -= u32::from(before.is_creating);
        self.creating += u32::from(now.is_creating);
        if let Some(user) = before.disconnected_user {
            self.disconnected.remove(&(user, id));
        }
        if let Some(user) = now.disconnected_user {
            self.disconnected.insert((user, id));
        }
    }

    /// Catches up on the session that was lent.
    fn catch_up(&mut self) {
        if let Some((id, before)) = self.lent.take() {
            let now = self.kept_of(id);
            self.keep(id, before, now);
        }
    }

    /// The session that is lent: what is kept of it, and what is so now.
    fn lent_now(&self) -> Option<(SessionId, Kept, Kept)> {
        let (id, before) = self.lent?;
        Some((id, before, self.kept_of(id)))
    }
}

impl Table<SessionId, Session, u32> for SessionTable {
    fn get(&self, key: &SessionId) -> Option<&Session> {
        self.records.get(key)
    }

    fn get_mut(&mut self, key: &SessionId) -> Option<&mut Session> {
        self.get_mut(key)
    }

    fn contains_key(&self, key: &SessionId) -> bool {
        self.records.contains_key(key)
    }

    fn insert(&mut self, key: SessionId, record: Session) {
        self.insert(key, record);
    }

    fn remove(&mut self, key: &SessionId) -> Option<Session> {
        self.remove(key)
    }

    fn count(&self, wanted: impl Fn(&Session) -> bool) -> u32 {
        self.records.count(wanted)
    }

    fn any(&self, wanted: impl Fn(&Session) -> bool) -> bool {
        self.records.any(wanted)
    }

    fn first_from(
        &self,
        from: SessionId,
        wanted: impl Fn(&Session) -> bool,
    ) -> Option<(SessionId, &Session)> {
        self.records.first_from(from, wanted)
    }
}

impl Sessions<u32> for SessionTable {
    fn creating(&self) -> u32 {
        let lent = self.lent_now();
        let (before, now) = lent.map_or((0, 0), |(_, before, now)| {
            (u32::from(before.is_creating), u32::from(now.is_creating))
        });
        self.creating - before + now
    }

    fn first_disconnected_of(&self, user: UserId) -> Option<(SessionId, &Session)> {
        let lent = self.lent_now();
        let known = self.disconnected.range((user, FIRST_SESSION)..);
        let mut known = known
            .take_while(|(other, _)| *other == user)
            .map(|&(_, id)| id);
        let known = known.find(|&id| lent.is_none_or(|(lent, ..)| lent != id));
        let lent = lent
            .filter(|&(id, _, now)| id >= FIRST_SESSION && now.disconnected_user == Some(user))
            .map(|(id, ..)| id);
        let id = known.into_iter().chain(lent).min()?;
        Some((id, &self.records[&id]))
    }

    fn lowest_free(&self) -> SessionId {
        self.free.lowest()
    }
}

impl Deref for SessionTable {
    type Target = BTreeMap<SessionId, Session>;

    fn deref(&self) -> &Self::Target {
        &self.records
    }
}

impl Index<&SessionId> for SessionTable {
    type Output = Session;

    fn index(&self, key: &SessionId) -> &Session {
        &self.records[key]
    }
}

impl<'a> IntoIterator for &'a SessionTable {
    type Item = (&'a SessionId, &'a Session);
    type IntoIter = std::collections::btree_map::Iter<'a, SessionId, Session>;

    fn into_iter(self) -> Self::IntoIter {
        self.records.iter()
    }
}

impl PartialEq for SessionTable {
    fn eq(&self, other: &Self) -> bool {
        self.records == other.records
    }
}

impl Eq for SessionTable {}

impl Hash for SessionTable {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.records.hash(state);
    }
}

impl fmt::Debug for SessionTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.records.fmt(f)
    }
}

impl Symmetric for SessionTable {
    fn describe(&self, shape: &mut dyn Shape) {
        self.records.describe(shape);
    }
}
