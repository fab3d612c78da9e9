//! What the judge believes, and what its rules ask of all logons, all sessions and the line at once.
//!
//! There is one set of rules, and there are two kinds of records. [`Walking`] is two maps and a list, small enough to be a
//! part of every state that a search visits; whatever is asked of all of them is answered by walking. [`Indexed`] keeps
//! the answers beside the records, for a simulation with many logons. What is asked means what the provided methods say:
//! they walk.

mod accounts;
mod indexed;
mod walking;

use std::fmt::Debug;

use logon_core::{Claim, Generation, LogonId, SessionId, SessionState, StationName, UserId};

pub use indexed::Indexed;
pub use walking::Walking;

use super::call::is_resettable;
use super::ghost::{Excuses, GhostLogon, GhostSession};

/// The records of a judge. It cannot be implemented elsewhere, for what it keeps is the judge's own.
pub trait Records: Clone + Debug + Default {
    /// What is believed of a logon.
    fn logon(&self, logon: LogonId) -> Option<&GhostLogon>;

    /// All logons, in their order.
    fn logons(&self) -> impl Iterator<Item = (LogonId, &GhostLogon)>;

    /// A logon that is not on record has arrived. If `notes_overlap`, it and all who are under admission have overlapped.
    fn arrive(&mut self, logon: LogonId, notes_overlap: bool);

    /// Changes what is believed of a logon that is on record.
    fn change_logon<T>(
        &mut self,
        logon: LogonId,
        change: impl FnOnce(&mut GhostLogon) -> T,
    ) -> Option<T>;

    /// What is believed of a session.
    fn session(&self, claim: Claim) -> Option<&GhostSession>;

    /// All sessions, in their order.
    fn sessions(&self) -> impl Iterator<Item = (Claim, &GhostSession)>;

    /// A session has come to be.
    fn insert_session(&mut self, claim: Claim, session: GhostSession);

    /// Changes what is believed of a session that is on record.
    fn change_session<T>(
        &mut self,
        claim: Claim,
        change: impl FnOnce(&mut GhostSession) -> T,
    ) -> Option<T>;

    /// A session was deleted.
    fn remove_session(&mut self, claim: Claim);

    /// Who waits in line, the oldest first.
    fn line(&self) -> impl Iterator<Item = LogonId>;

    /// A logon takes the last place in line.
    fn join_line(&mut self, logon: LogonId);

    /// A logon gives up every place in line that it has.
    fn leave_line(&mut self, logon: LogonId);

    /// A fact was heard: brings the excuses of every logon under admission up to date, which count from its first fact on.
    fn note_excuses(&mut self, logons_enabled: bool, most: Option<u32>);

    /// Time passes: every logon under admission may take effect now, with `most` permits.
    fn let_admissions_take_effect(&mut self, most: u32);

    /// It was told that `logon` is admitted. Says whether some order of the admissions explains it; if none does, none is
    /// remembered. With `most` permits.
    fn is_admission_explained(&mut self, logon: LogonId, most: u32) -> bool;

    /// The same for a refusal because all permits are out.
    fn is_refusal_explained(&mut self, logon: LogonId) -> bool;

    /// `logon` is no longer under admission, for another reason. A permit it may hold goes back.
    fn give_up_admission(&mut self, logon: LogonId);

    /// The first of those whose bound has passed: before `now` for whoever was in line at the last moment, and at `now` for
    /// whoever still waits.
    fn late(&self, now: u64) -> Option<LogonId>;

    /// Forgets the bounds of those who do not wait any more, and gives a bound to all in line who have none, by their
    /// place, from 1.
    fn place_bounds(&mut self, bound: impl Fn(usize) -> u64);

    /// Forgets until when those in line may wait: bounds are placed as if all of them came now.
    fn forget_bounds(&mut self);

    /// The client of `logon` makes no further call, so it may be forgotten when it is over and its event logged.
    fn make_last(&mut self, _logon: LogonId) {}

    /// Forgets a logon that may be, and says which.
    fn forget_one(&mut self) -> Option<LogonId> {
        None
    }

    /// The most of anything of which there is one for each logon or session.
    fn size(&self) -> usize {
        let (logons, sessions) = (self.logons().count(), self.sessions().count());
        logons.max(sessions).max(self.waiting())
    }

    /// How many admissions, and refusals because all permits are out, were judged by less than all that was told.
    fn unjudged(&self) -> u64 {
        0
    }

    /// What may excuse a refusal of a logon on record.
    fn excuses(&self, logon: LogonId) -> Option<Excuses> {
        self.logon(logon).map(|ghost| ghost.excuses)
    }

    /// Whether another logon was under admission at the same time as this one.
    fn has_overlapped(&self, logon: LogonId) -> bool {
        self.logon(logon).is_some_and(|ghost| ghost.overlapped)
    }

    /// How many logons are held.
    fn held(&self) -> u32 {
        self.logons().filter(|(_, ghost)| ghost.is_held()).count() as u32
    }

    /// The living logons that hold a session, in their order.
    fn holders(&self, claim: Claim) -> impl Iterator<Item = LogonId> {
        self.logons()
            .filter(move |(_, ghost)| ghost.is_held() && ghost.claim == Some(claim))
            .map(|(logon, _)| logon)
    }

    /// The living logons that were told to go back to a session, in their order.
    fn returning_to(&self, claim: Claim) -> impl Iterator<Item = LogonId> {
        self.logons()
            .filter(move |(_, ghost)| ghost.is_held() && ghost.old_claim() == Some(claim))
            .map(|(logon, _)| logon)
    }

    /// The living logons from `first` to before `end`, in their order.
    fn living(&self, first: LogonId, end: LogonId) -> impl Iterator<Item = LogonId> {
        self.logons()
            .filter(move |(logon, ghost)| (first..end).contains(logon) && ghost.is_held())
            .map(|(logon, _)| logon)
    }

    /// The logons whose creation failed before that of `generation` began.
    fn lost_before(&self, generation: Generation) -> Vec<LogonId> {
        let is_before = |ghost: &GhostLogon| {
            ghost
                .excuses
                .lost_creation
                .is_some_and(|lost| lost < generation)
        };
        self.logons()
            .filter(|(_, ghost)| is_before(ghost))
            .map(|(logon, _)| logon)
            .collect()
    }

    /// How many sessions are in `state`.
    fn count(&self, state: SessionState) -> u32 {
        let those = self
            .sessions()
            .filter(|(_, session)| session.state == state);
        those.count() as u32
    }

    /// The first session that was ended and is not deleted.
    fn first_ended(&self) -> Option<Claim> {
        self.sessions()
            .find(|(_, session)| matches!(session.state, SessionState::Reset | SessionState::Down))
            .map(|(claim, _)| claim)
    }

    /// Whether a session has this id.
    fn has_id(&self, id: SessionId) -> bool {
        self.sessions().any(|(claim, _)| claim.session == id)
    }

    /// The sessions of this name, in their order.
    fn named(&self, name: StationName) -> impl Iterator<Item = Claim> {
        self.sessions()
            .filter(move |(_, session)| session.name == Some(name))
            .map(|(claim, _)| claim)
    }

    /// Whether `user` has a disconnected session.
    fn has_disconnected(&self, user: UserId) -> bool {
        self.sessions()
            .any(|(_, session)| session.is_disconnected(user))
    }

    /// The first session of `user` that an administrator may reset.
    fn first_resettable(&self, user: UserId) -> Option<Claim> {
        self.sessions()
            .find(|(_, session)| session.user == Some(user) && is_resettable(session.state))
            .map(|(claim, _)| claim)
    }

    /// How many places in line are taken.
    fn waiting(&self) -> usize {
        self.line().count()
    }

    /// The oldest in line.
    fn oldest(&self) -> Option<LogonId> {
        self.line().next()
    }

    /// Whether a logon has a place in line.
    fn is_waiting(&self, logon: LogonId) -> bool {
        self.line().any(|other| other == logon)
    }

    /// The oldest in line of those that no failure has cost a session.
    fn oldest_without_loss(&self) -> Option<LogonId> {
        let has_lost = |logon| {
            let ghost = self.logon(logon);
            ghost.is_some_and(|ghost| ghost.excuses.lost_creation.is_some())
        };
        self.line().find(|&logon| !has_lost(logon))
    }
}
