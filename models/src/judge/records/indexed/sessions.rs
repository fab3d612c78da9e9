//! The sessions, and beside them what the rules ask of all.

use std::collections::BTreeSet;

use logon_core::{Claim, SessionId, SessionState, StationName, UserId};

use super::by_key::ByKey;
use super::logons::update;
use super::many_by_key::ManyByKey;
use crate::judge::call::{is_ended, is_resettable};
use crate::judge::ghost::GhostSession;

/// The sessions.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Sessions {
    records: ByKey<Claim, GhostSession>,
    /// How many there are with each id.
    ids: ByKey<SessionId, u32>,
    /// How many there are in each state.
    counts: [u32; SessionState::ALL.len()],
    ended: BTreeSet<Claim>,
    named: ManyByKey<StationName, Claim>,
    disconnected: ManyByKey<UserId, Claim>,
    resettable: ManyByKey<UserId, Claim>,
}

/// What is kept beside a session.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Kept {
    state: Option<SessionState>,
    name: Option<StationName>,
    user: Option<UserId>,
}

impl Kept {
    fn of(session: &GhostSession) -> Self {
        Kept {
            state: Some(session.state),
            name: session.name,
            user: session.user,
        }
    }

    fn ended(self, claim: Claim) -> Option<Claim> {
        self.state.filter(|&state| is_ended(state)).map(|_| claim)
    }

    fn named(self, claim: Claim) -> Option<(StationName, Claim)> {
        self.name.map(|name| (name, claim))
    }

    fn of_user(self, claim: Claim, wanted: fn(SessionState) -> bool) -> Option<(UserId, Claim)> {
        let user = self.user.filter(|_| self.state.is_some_and(wanted));
        user.map(|user| (user, claim))
    }
}

impl Sessions {
    pub(super) fn get(&self, claim: Claim) -> Option<&GhostSession> {
        self.records.get(claim)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Claim, &GhostSession)> {
        self.records.all()
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn insert(&mut self, claim: Claim, session: GhostSession) {
        let now = Kept::of(&session);
        let before = self.records.insert(claim, session);
        if before.is_none() {
            self.count_id(claim.session, 1);
        }
        self.keep(
            claim,
            before.as_ref().map(Kept::of).unwrap_or_default(),
            now,
        );
    }

    pub(super) fn change<T>(
        &mut self,
        claim: Claim,
        change: impl FnOnce(&mut GhostSession) -> T,
    ) -> Option<T> {
        let session = self.records.get_mut(claim)?;
        let before = Kept::of(session);
        let result = change(session);
        let now = Kept::of(session);
        self.keep(claim, before, now);
        Some(result)
    }

    pub(super) fn remove(&mut self, claim: Claim) {
        if let Some(removed) = self.records.remove(claim) {
            self.count_id(claim.session, -1);
            self.keep(claim, Kept::of(&removed), Kept::default());
        }
    }

    fn count_id(&mut self, id: SessionId, more: i32) {
        let now = self.ids.get(id).copied().unwrap_or_default();
        match now.saturating_add_signed(more) {
            0 => self.ids.remove(id),
            now => self.ids.insert(id, now),
        };
    }

    fn keep(&mut self, claim: Claim, before: Kept, now: Kept) {
        if before == now {
            return;
        }
        if let Some(state) = before.state {
            self.counts[state as usize] -= 1;
        }
        if let Some(state) = now.state {
            self.counts[state as usize] += 1;
        }
        update(&mut self.ended, before.ended(claim), now.ended(claim));
        self.named.update(before.named(claim), now.named(claim));
        let is_disconnected = |state| state == SessionState::Disconnected;
        let disconnected = |kept: Kept| kept.of_user(claim, is_disconnected);
        self.disconnected
            .update(disconnected(before), disconnected(now));
        let resettable = |kept: Kept| kept.of_user(claim, is_resettable);
        self.resettable.update(resettable(before), resettable(now));
    }

    pub(super) fn count(&self, state: SessionState) -> u32 {
        self.counts[state as usize]
    }

    pub(super) fn first_ended(&self) -> Option<Claim> {
        self.ended.first().copied()
    }

    pub(super) fn has_id(&self, session: SessionId) -> bool {
        self.ids.get(session).is_some()
    }

    pub(super) fn named(&self, name: StationName) -> impl Iterator<Item = Claim> {
        self.named.of(name).iter().copied()
    }

    pub(super) fn has_disconnected(&self, user: UserId) -> bool {
        !self.disconnected.of(user).is_empty()
    }

    pub(super) fn first_resettable(&self, user: UserId) -> Option<Claim> {
        self.resettable.of(user).first().copied()
    }
}
