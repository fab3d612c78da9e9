//! A logon on its way: S2, S3, S10 and S11.

use logon_core::{Claim, LogonId, UserId};

use super::call::{self, Call, Request};
use super::ghost::Stage;
use super::property::Property;
use super::{Judge, Records};

impl<R: Records> Judge<R> {
    /// S2.
    pub(super) fn capacity(&mut self, logon: LogonId) {
        if self.is_overfull() {
            self.violated(
                Property::Capacity,
                Some(logon),
                None,
                "is admitted above the maximum",
            );
        }
    }

    /// S2, for whoever was never admitted: it is not counted, and must not be served.
    pub(super) fn permitted(&mut self, logon: LogonId) {
        if self
            .records
            .logon(logon)
            .is_some_and(|ghost| ghost.stage == Stage::Arrived)
        {
            let what = "is served without a permit";
            self.violated(Property::Capacity, Some(logon), None, what);
        }
    }

    /// S3, for a session that is used: its user must be its holder.
    pub(super) fn held_by(&mut self, logon: LogonId, claim: Claim) {
        if self
            .records
            .logon(logon)
            .is_some_and(|ghost| ghost.claim != Some(claim))
        {
            let what = "uses a session that it does not hold";
            self.violated(Property::OneHolder, Some(logon), Some(claim), what);
        }
    }

    /// S3.
    pub(super) fn one_holder(&mut self, logon: LogonId, claim: Claim) {
        if self.is_held_by_another(claim, logon) {
            let what = "gets a session that another logon holds";
            self.violated(Property::OneHolder, Some(logon), Some(claim), what);
        }
        let held = self.records.logon(logon).and_then(|ghost| ghost.claim);
        if held.is_some_and(|held| held != claim) {
            let what = "gets a second session";
            self.violated(Property::OneHolder, Some(logon), Some(claim), what);
        }
    }

    /// S11.
    pub(super) fn overtaking(&mut self, logon: LogonId) {
        if self.records.oldest().is_some_and(|oldest| oldest != logon) {
            let what = "is served while an earlier logon waits in line";
            self.violated(Property::Overtaking, Some(logon), None, what);
        }
        self.records.leave_line(logon);
    }

    /// S11, for a session that somebody else hands over: who waits for one has a place in line.
    pub(super) fn handed_in_line(&mut self, logon: LogonId) {
        let own = matches!(call::current().call, Call::Connect(caller, _) if caller == logon);
        if self.truth.calls && !own && !self.records.is_waiting(logon) {
            let what = "is handed a session, and has no place in line";
            self.violated(Property::Overtaking, Some(logon), None, what);
        }
    }

    /// S10, at arbitration: what is disconnected must be offered.
    pub(super) fn reconnect_offered(&mut self, logon: LogonId, user: UserId, old: Option<Claim>) {
        let waiting = self.records.has_disconnected(user);
        let lawful = |old: Claim| {
            let session = self.records.session(old);
            session.is_some_and(|session| session.is_disconnected(user))
        };
        if old.is_some_and(|old| !lawful(old)) {
            self.reconnect(
                logon,
                "is sent to a session that is no disconnected one of its user",
            );
        }
        if waiting && old.is_none() {
            self.reconnect(logon, "is not offered the disconnected session of its user");
        }
    }

    /// S10: whose logon it is, the situation says.
    pub(super) fn arbitrated(&mut self, logon: LogonId, told: UserId, old: Option<Claim>) {
        let user = self.user_of(logon).unwrap_or(told);
        if user != told {
            self.reconnect(logon, "is taken for another user than it is of");
        }
        self.reconnect_offered(logon, user, old);
        self.with(logon, |ghost| {
            ghost.arbitrated = Some(user);
            ghost.old = old.map(|old| (old, false));
        });
    }

    /// The user of a logon, by the situation, or else by its arbitration.
    fn user_of(&self, logon: LogonId) -> Option<UserId> {
        let arbitrated = || self.records.logon(logon).and_then(|ghost| ghost.arbitrated);
        self.truth.users.get(&logon).copied().or_else(arbitrated)
    }

    /// Notes that a logon has held this session, if an administrator may be after that.
    pub(super) fn note_holder(&mut self, logon: LogonId, claim: Claim) {
        if self.truth.aimed_at.contains(&logon) {
            self.records
                .change_session(claim, |session| session.held_by.insert(logon));
        }
    }

    pub(super) fn reconnect(&mut self, logon: LogonId, what: &'static str) {
        self.violated(Property::Reconnect, Some(logon), None, what);
    }

    /// S3 and S10 at the end of a logon.
    pub(super) fn logged_on(&mut self, logon: LogonId, claim: Claim) {
        if !self.one_outcome(logon) {
            return;
        }
        self.not_logged_on_unauthenticated(logon);
        if !self.asked(Request::LogOn(logon)) {
            let what = "is logged on although its user does not log on";
            self.as_asked(Some(logon), None, what);
        }
        let user = self.user_of(logon);
        let Some(ghost) = self.records.logon(logon) else {
            return;
        };
        let (stage, own, old, name) = (ghost.stage, ghost.claim, ghost.old, ghost.name);
        if let Some(user) = user.filter(|_| ghost.arbitrated.is_none()) {
            // Nobody decided between the sessions. Where there was nothing to decide, nothing is wrong.
            self.reconnect_offered(logon, user, old.map(|(old, _)| old));
        }
        if stage == Stage::LoggedOn {
            let what = "is logged on a second time";
            self.violated(Property::OneOutcome, Some(logon), None, what);
        }
        if own != Some(claim) && old.map(|(old, _)| old) != Some(claim) {
            let what =
                "is logged on to a session that is neither its own nor the one it goes back to";
            self.violated(Property::OneHolder, Some(logon), Some(claim), what);
        }
        if own != Some(claim) {
            if self.is_held_by_another(claim, logon) {
                let what = "goes back to a session that another logon holds";
                self.violated(Property::OneHolder, Some(logon), Some(claim), what);
            }
            let taken = |name| {
                let mut named = self.records.named(name);
                named.any(|other| other != claim && Some(other) != own)
            };
            // What it is named now is not told. It keeps the name of its prompt unless that was freed meanwhile
            // and given to another.
            let name = name.filter(|&name| !taken(name));
            self.records
                .change_session(claim, |session| session.name = name.or(session.name));
        }
        if old.is_some_and(|(old, lost)| old != claim && !lost) {
            self.reconnect(
                logon,
                "keeps its own session although the old one was not reset",
            );
        }
        self.records
            .change_session(claim, |session| session.user = user);
        self.note_holder(logon, claim);
        self.requests.remove(&Request::LogOn(logon));
        self.with(logon, |ghost| {
            ghost.home = Some(claim);
            ghost.stage = Stage::LoggedOn;
            ghost.claim = Some(claim);
            ghost.old = None;
            // The session has them now.
            ghost.arbitrated = None;
            ghost.name = None;
        });
    }
}
