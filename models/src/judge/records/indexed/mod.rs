//! Records for many logons: what the rules ask of all of them is kept beside them.
//!
//! A fact costs time in the logarithm of what is alive, and what is alive is all that is kept. What is kept beside a record
//! follows from it, and each change of one goes through a single method here, which compares before with after; so no rule
//! can forget an index. What every logon under admission notes in its walked record at each fact is here the number of the
//! last fact at which it was so.

mod admissions;
mod by_key;
mod forgotten;
mod line;
mod logons;
mod many_by_key;
mod sessions;

use logon_core::{Claim, Generation, LogonId, SessionId, SessionState, StationName, UserId};

use super::Records;
use crate::judge::ghost::{Excuses, GhostLogon, GhostSession};
use admissions::Admissions;
use line::{Bounds, Line};
use logons::Logons;
use sessions::Sessions;

/// Records for many logons.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Indexed {
    logons: Logons,
    sessions: Sessions,
    line: Line,
    bounds: Bounds,
    admissions: Admissions,
}

impl Records for Indexed {
    fn logon(&self, logon: LogonId) -> Option<&GhostLogon> {
        self.logons.get(logon)
    }

    fn logons(&self) -> impl Iterator<Item = (LogonId, &GhostLogon)> {
        self.logons.all()
    }

    fn arrive(&mut self, logon: LogonId, notes_overlap: bool) {
        self.logons.arrive(logon, notes_overlap);
        if notes_overlap {
            self.admissions.arrive(logon, self.logons.now());
        }
    }

    fn change_logon<T>(
        &mut self,
        logon: LogonId,
        change: impl FnOnce(&mut GhostLogon) -> T,
    ) -> Option<T> {
        let (result, has_lost) = self.logons.change(logon, change)?;
        if let Some(has_lost) = has_lost {
            self.line.note_loss(logon, has_lost);
        }
        Some(result)
    }

    fn session(&self, claim: Claim) -> Option<&GhostSession> {
        self.sessions.get(claim)
    }

    fn sessions(&self) -> impl Iterator<Item = (Claim, &GhostSession)> {
        self.sessions.all()
    }

    fn insert_session(&mut self, claim: Claim, session: GhostSession) {
        self.sessions.insert(claim, session);
    }

    fn change_session<T>(
        &mut self,
        claim: Claim,
        change: impl FnOnce(&mut GhostSession) -> T,
    ) -> Option<T> {
        self.sessions.change(claim, change)
    }

    fn remove_session(&mut self, claim: Claim) {
        self.sessions.remove(claim);
    }

    fn line(&self) -> impl Iterator<Item = LogonId> {
        self.line.all()
    }

    fn join_line(&mut self, logon: LogonId) {
        self.line.join(logon);
    }

    fn leave_line(&mut self, logon: LogonId) {
        if self.line.leave(logon) {
            self.bounds.note_left(logon);
        }
    }

    fn note_excuses(&mut self, logons_enabled: bool, most: Option<u32>) {
        self.logons.note_excuses(logons_enabled, most);
    }

    fn let_admissions_take_effect(&mut self, most: u32) {
        let free = most.saturating_sub(self.held());
        self.admissions.let_take_effect(self.logons.now(), free);
    }

    fn is_admission_explained(&mut self, logon: LogonId, most: u32) -> bool {
        // It is among those held already.
        let free = most.checked_sub(self.held());
        self.admissions.admit(logon, free)
    }

    fn is_refusal_explained(&mut self, logon: LogonId) -> bool {
        self.admissions.refuse(logon)
    }

    fn give_up_admission(&mut self, logon: LogonId) {
        self.admissions.give_up(logon);
    }

    fn late(&self, now: u64) -> Option<LogonId> {
        self.bounds.late(now, &self.line)
    }

    fn forget_bounds(&mut self) {
        self.bounds = Bounds::default();
    }

    fn place_bounds(&mut self, bound: impl Fn(usize) -> u64) {
        self.bounds.place(&self.line, bound);
    }

    fn make_last(&mut self, logon: LogonId) {
        self.logons.make_last(logon);
    }

    fn forget_one(&mut self) -> Option<LogonId> {
        self.logons.forget_one()
    }

    fn size(&self) -> usize {
        let records = self.logons.size().max(self.sessions.len());
        records.max(self.line.waiting()).max(self.bounds.size())
    }

    fn unjudged(&self) -> u64 {
        self.admissions.unjudged()
    }

    fn excuses(&self, logon: LogonId) -> Option<Excuses> {
        self.logons.excuses(logon)
    }

    fn has_overlapped(&self, logon: LogonId) -> bool {
        self.logons.has_overlapped(logon)
    }

    fn held(&self) -> u32 {
        self.logons.held()
    }

    fn holders(&self, claim: Claim) -> impl Iterator<Item = LogonId> {
        self.logons.holders(claim)
    }

    fn returning_to(&self, claim: Claim) -> impl Iterator<Item = LogonId> {
        self.logons.returning_to(claim)
    }

    fn lost_before(&self, generation: Generation) -> Vec<LogonId> {
        self.logons.lost_before(generation)
    }

    fn count(&self, state: SessionState) -> u32 {
        self.sessions.count(state)
    }

    fn first_ended(&self) -> Option<Claim> {
        self.sessions.first_ended()
    }

    fn has_id(&self, id: SessionId) -> bool {
        self.sessions.has_id(id)
    }

    fn named(&self, name: StationName) -> impl Iterator<Item = Claim> {
        self.sessions.named(name)
    }

    fn has_disconnected(&self, user: UserId) -> bool {
        self.sessions.has_disconnected(user)
    }

    fn first_resettable(&self, user: UserId) -> Option<Claim> {
        self.sessions.first_resettable(user)
    }

    fn waiting(&self) -> usize {
        self.line.waiting()
    }

    fn oldest(&self) -> Option<LogonId> {
        self.line.oldest()
    }

    fn is_waiting(&self, logon: LogonId) -> bool {
        self.line.has(logon)
    }

    fn oldest_without_loss(&self) -> Option<LogonId> {
        self.line.oldest_without_loss()
    }
}
