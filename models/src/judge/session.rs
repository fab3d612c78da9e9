//! A session: S5, S6, S7, S8 and S12.

use std::collections::BTreeSet;

use logon_core::observer::{Departure, Resetter};
use logon_core::{Claim, LogonId, SessionState, StationName, UserId};

use super::call::{self, Call, Request};
use super::ghost::{GhostSession, Stage};
use super::property::Property;
use super::{Judge, Records};

/// The legal edges of a session, as documented states with reconstructed edges; see `docs/invariants.md`.
const LEGAL_EDGES: [(SessionState, SessionState); 18] = {
    use SessionState::*;
    [
        (Init, Idle),
        (Init, Down),
        (Idle, ConnectQuery),
        (ConnectQuery, Connected),
        (ConnectQuery, Active),
        (ConnectQuery, Disconnected),
        (ConnectQuery, Reset),
        (Connected, Active),
        (Connected, Reset),
        (Active, Disconnected),
        (Active, Reset),
        (Active, Shadow),
        (Shadow, Active),
        (Shadow, Reset),
        (Disconnected, ConnectQuery),
        (Disconnected, Reset),
        (Down, Reset),
        (Reset, Down),
    ]
};

impl<R: Records> Judge<R> {
    /// S5, S6 and S12: a session came to be, changed its state, or went.
    pub(super) fn session(
        &mut self,
        claim: Claim,
        from: Option<SessionState>,
        to: Option<SessionState>,
    ) {
        self.legal_transition(claim, from, to);
        let due = self.as_its_logon_did(claim, to);
        match to {
            Some(SessionState::Init) if from.is_none() => {
                self.unique_id(claim);
                let session = GhostSession {
                    state: SessionState::Init,
                    loaded: false,
                    name: None,
                    user: None,
                    due: None,
                    is_hit: false,
                    held_by: BTreeSet::new(),
                };
                self.records.insert_session(claim, session);
                self.bounded_creation(claim);
            }
            Some(state) => {
                match state {
                    SessionState::Reset => self.ended_for_a_reason(claim, due),
                    SessionState::Disconnected => self.not_disconnected_by_others(claim, due),
                    SessionState::Shadow if self.truth.calls => {
                        let what = "is shadowed, and nobody can ask for that";
                        self.as_asked(None, Some(claim), what);
                    }
                    SessionState::Down if from == Some(SessionState::Init) => {
                        self.failed_by_itself(claim);
                        self.costs_the_oldest_its_creation(claim);
                    }
                    _ => {}
                }
                self.records.change_session(claim, |session| {
                    session.state = state;
                    if state == SessionState::Disconnected {
                        session.name = None;
                    }
                });
            }
            None => {
                self.records.remove_session(claim);
                self.failing.remove(&claim.generation);
            }
        }
    }

    /// S6, for a departure: who disconnects keeps the session, who logs off does not.
    pub(super) fn departs(&mut self, logon: LogonId, departure: Departure) {
        let claim = self.records.logon(logon).and_then(|ghost| ghost.claim);
        let due = match departure {
            Departure::Disconnected => Some(SessionState::Disconnected),
            Departure::LoggedOff => Some(SessionState::Reset),
            Departure::Reset => None,
        };
        if let Some(claim) = claim {
            self.records
                .change_session(claim, |session| session.due = due);
        }
    }

    /// S6: gives the state that a departure had to bring the session into, if there was one.
    fn as_its_logon_did(&mut self, claim: Claim, to: Option<SessionState>) -> Option<SessionState> {
        let due_and_hit = self
            .records
            .change_session(claim, |session| (session.due.take(), session.is_hit));
        let (due, is_hit) = due_and_hit.unwrap_or_default();
        if is_hit && to == Some(SessionState::Reset) {
            // A reset came between the departure and what had to follow.
            return due;
        }
        if due.is_some() && due != to {
            let what = "does not end as its logon did";
            self.violated(Property::Identity, None, Some(claim), what);
        }
        due
    }

    /// S6, for a departure: its own client, the client's line or a reset must have asked for it.
    pub(super) fn departs_as_asked(&mut self, logon: LogonId, departure: Departure) {
        let ghost = self.records.logon(logon);
        let stage = ghost.map(|ghost| ghost.stage);
        let saw_reset = ghost.is_some_and(|ghost| ghost.excuses.saw_reset);
        let what = match departure {
            _ if self.truth.calls && stage != Some(Stage::LoggedOn) => {
                "is said to leave a session without being logged on"
            }
            Departure::Reset if saw_reset => return,
            Departure::Reset => "is ended as if by a reset, and none that hit its session was told",
            _ if self.asked(Request::Leave(logon, departure)) => return,
            _ if self.asked_to_leave(logon) => {
                "does not end as its client or the setting for broken lines says"
            }
            Departure::Disconnected => {
                "is disconnected, and neither its client nor its line did that"
            }
            Departure::LoggedOff => "is logged off, and neither its client nor its line did that",
        };
        self.violated(Property::Identity, Some(logon), None, what);
    }

    /// S5.
    fn legal_transition(
        &mut self,
        claim: Claim,
        from: Option<SessionState>,
        to: Option<SessionState>,
    ) {
        let believed = self.records.session(claim).map(|session| session.state);
        let legal = believed == from
            && match (from, to) {
                (None, to) => to == Some(SessionState::Init),
                (from, None) => from == Some(SessionState::Reset),
                (Some(from), Some(to)) => LEGAL_EDGES.contains(&(from, to)),
            };
        if !legal {
            let what = "goes from one state to another along no legal edge";
            self.violated(Property::LegalTransition, None, Some(claim), what);
        }
    }

    /// S6, for a session that is reset: its own logon, or a reset aimed at it, must have ended it. One on which nobody
    /// was logged on may also go with its logon, or be given up in a swap.
    fn ended_for_a_reason(&mut self, claim: Claim, due: Option<SessionState>) {
        let Some(session) = self.records.session(claim) else {
            return;
        };
        let hit = session.is_hit;
        let was_used = session.user.is_some();
        for by in [Resetter::Administrator, Resetter::Timer] {
            self.requests.remove(&Request::Reset(by, claim));
        }
        if hit || due.is_some() {
            // If something else was due, that is said already.
            return;
        }
        let holder = self.records.holders(claim).next();
        let goes_back = |logon| {
            let ghost = self.records.logon(logon);
            ghost.is_some_and(|ghost| ghost.old.is_some())
        };
        match holder {
            Some(logon) if was_used || !goes_back(logon) => {
                let what = "loses its session, and no reset that hit it was told";
                self.violated(Property::Identity, Some(logon), Some(claim), what);
            }
            None if was_used => {
                let what = "is deleted with its user's work, and no reset that hit it was told";
                self.violated(Property::Identity, None, Some(claim), what);
            }
            _ => {}
        }
    }

    /// S6, for a session that becomes disconnected: its logon left, or went back to it and was ended on the way.
    fn not_disconnected_by_others(&mut self, claim: Claim, due: Option<SessionState>) {
        if due == Some(SessionState::Disconnected) {
            return;
        }
        let holder = self.records.holders(claim).next();
        let returning = self.records.returning_to(claim).next();
        if let Some(logon) = holder.into_iter().chain(returning).min() {
            let what = "has its session disconnected, and has not left it";
            self.violated(Property::Identity, Some(logon), Some(claim), what);
        }
    }

    /// S6, for a reset: somebody who makes it must have aimed it at what is hit, and the situation says whose session
    /// that must be.
    pub(super) fn reset(&mut self, by: Resetter, aimed: Claim, hit: Claim) {
        if !self.asked(Request::Reset(by, aimed)) {
            let what = "is reset in a way that nobody asked for";
            self.violated(Property::Identity, None, Some(hit), what);
        }
        if aimed != hit {
            let what = match aimed.session == hit.session {
                true => "is hit by a reset that was aimed at an earlier session of the same id",
                false => "is hit by a reset that was aimed at another session",
            };
            self.violated(Property::Identity, None, Some(hit), what);
        }
        if let Call::Reset(claim, _) | Call::Expire(claim, _) = call::current().call
            && claim == hit
        {
            call::note_done();
        }
        let state = self.records.change_session(hit, |session| {
            session.is_hit = aimed == hit;
            session.state
        });
        let disconnected = state == Some(SessionState::Disconnected);
        if by == Resetter::Timer && !disconnected {
            let what = "is reset by a disconnect time-out although it is not disconnected";
            self.violated(Property::Identity, None, Some(hit), what);
        }
        if aimed == hit {
            let holders: Vec<LogonId> = self.records.holders(hit).collect();
            for logon in holders {
                self.with(logon, |ghost| ghost.excuses.saw_reset = true);
            }
        }
        let returning: Vec<LogonId> = self.records.returning_to(hit).collect();
        for logon in returning {
            self.with(logon, |ghost| ghost.old = Some((hit, true)));
        }
    }

    pub(super) fn user_on(&self, claim: Claim) -> Option<UserId> {
        self.records.session(claim).and_then(|session| session.user)
    }

    /// A creation has failed: that is a reason to refuse the oldest in line who has not met with a failure yet.
    fn costs_the_oldest_its_creation(&mut self, failed: Claim) {
        if let Some(oldest) = self.records.oldest_without_loss() {
            self.with(oldest, |ghost| {
                ghost.excuses.lost_creation = Some(failed.generation);
            });
        }
    }

    /// A creation has succeeded: what failed before it began is no reason any more.
    fn makes_up_for_failures(&mut self, claim: Claim) {
        if self.truth.creation_workers > 1 {
            // The worker whose creation failed may not have come to the refusal yet.
            return;
        }
        for logon in self.records.lost_before(claim.generation) {
            self.with(logon, |ghost| ghost.excuses.lost_creation = None);
        }
    }

    /// S7, for the claim that a session has finished initializing: a worker must have loaded it, with success.
    pub(super) fn loaded(&mut self, claim: Claim) {
        let failed = self.may_fail(claim) == Some(true);
        let by_worker = self.asked(Request::Load(claim));
        if failed || !by_worker {
            let what = "is said to have finished initializing, and has not";
            self.violated(Property::Initialized, None, Some(claim), what);
        }
        self.records
            .change_session(claim, |session| session.loaded = true);
        self.requests.remove(&Request::Load(claim));
        self.makes_up_for_failures(claim);
    }

    /// S5, for a creation that fails: only those fail that the situation lets fail.
    fn failed_by_itself(&mut self, claim: Claim) {
        if self.may_fail(claim) == Some(false) {
            let what = "goes down although its creation did not fail";
            self.violated(Property::LegalTransition, None, Some(claim), what);
        }
    }

    /// Whether the situation lets this creation fail, and so not succeed; `None`: it does not say.
    fn may_fail(&self, claim: Claim) -> Option<bool> {
        let failing = self.truth.failing_creations.as_ref()?;
        let generation = claim.generation;
        Some(failing.contains(&generation.0) || self.failing.contains(&generation))
    }

    /// S6, for a claim: it must name a session there is.
    pub(super) fn exists(&mut self, logon: LogonId, claim: Claim) {
        if self.records.session(claim).is_none() {
            let what = "gets a session that does not exist";
            self.violated(Property::Identity, Some(logon), Some(claim), what);
        }
    }

    /// S7.
    pub(super) fn initialized(&mut self, logon: LogonId, claim: Claim) {
        if self
            .records
            .session(claim)
            .is_some_and(|session| !session.loaded)
        {
            let what = "attaches to a session that has not finished initializing";
            self.violated(Property::Initialized, Some(logon), Some(claim), what);
        }
    }

    /// S8, for names.
    pub(super) fn unique_name(&mut self, claim: Claim, name: StationName) {
        if self.records.named(name).any(|other| other != claim) {
            let what = "gets a name that another session has";
            self.violated(Property::UniqueNames, None, Some(claim), what);
        }
        self.records
            .change_session(claim, |session| session.name = Some(name));
    }

    /// S8, for ids.
    fn unique_id(&mut self, claim: Claim) {
        if self.records.has_id(claim.session) {
            let what = "gets an id that another session has";
            self.violated(Property::UniqueNames, None, Some(claim), what);
        }
    }

    /// S12.
    fn bounded_creation(&mut self, claim: Claim) {
        let creating = self.count(SessionState::Init);
        if creating > self.truth.creation_workers {
            let what = "is created while as many as there are workers already are";
            self.violated(Property::BoundedCreation, None, Some(claim), what);
        }
        let wanted = self.truth.idle_pool + self.records.waiting() as u32;
        if self.count(SessionState::Idle) + creating > wanted {
            let what = "is created although nobody wants it";
            self.violated(Property::BoundedCreation, None, Some(claim), what);
        }
    }

    /// How many sessions are in `state`.
    pub(super) fn count(&self, state: SessionState) -> u32 {
        self.records.count(state)
    }
}
