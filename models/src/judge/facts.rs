//! What each fact means: one function a property, called where the property may fall.

use logon_core::observer::Resetter;
use logon_core::refusal::{DropReason, Event};
use logon_core::{Claim, Fact, LogonId, Refusal, SessionState, StationName};

use super::Judge;
use super::admission::Weight;
use super::ghost::{GhostLogon, GhostSession, Stage};
use super::property::Property;

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

impl Judge {
    pub(super) fn hear(&mut self, fact: Fact) {
        match fact {
            Fact::Arrived { logon } => {
                self.logons.insert(logon, GhostLogon::new());
            }
            Fact::Admitted { logon } => {
                self.one_outcome(logon);
                self.stage(logon, Stage::Serving);
                self.settle_admission(logon, true);
                self.capacity(logon);
            }
            Fact::Queued { logon } => self.line.push(logon),
            Fact::Claimed { logon, claim } => {
                self.one_outcome(logon);
                self.overtaking(logon);
                self.one_holder(logon, claim);
                self.with(logon, |ghost| ghost.claim = Some(claim));
            }
            Fact::Attaching { logon, claim } => self.initialized(logon, claim),
            Fact::Attached { logon, claim, name } => {
                self.unique_name(claim, name);
                self.stage(logon, Stage::AtPrompt);
            }
            Fact::Arbitrated { logon, user, old } => {
                self.reconnect_offered(logon, user, old);
                self.with(logon, |ghost| {
                    ghost.user = Some(user);
                    ghost.old = old.map(|old| (old, false));
                });
            }
            Fact::LoggedOn { logon, claim } => self.logged_on(logon, claim),
            Fact::Refused { logon, refusal } => self.refused(logon, refusal),
            Fact::Logged { logon, event } => self.logged(logon, event),
            Fact::Abandoned { logon } => {
                self.one_outcome(logon);
                self.leave(logon, Stage::Over);
                self.settle_admission(logon, false);
            }
            Fact::Left { logon, .. } => self.leave(logon, Stage::Over),
            Fact::Session { claim, from, to } => self.session(claim, from, to),
            Fact::Loaded { claim } => {
                if let Some(session) = self.sessions.get_mut(&claim) {
                    session.loaded = true;
                }
            }
            Fact::Reset { by, aimed, hit } => self.reset(by, aimed, hit),
            Fact::LogonsEnabled(enabled) => self.logons_enabled = enabled,
        }
    }

    fn with(&mut self, logon: LogonId, change: impl FnOnce(&mut GhostLogon)) {
        if let Some(ghost) = self.logons.get_mut(&logon) {
            change(ghost);
        }
    }

    fn stage(&mut self, logon: LogonId, stage: Stage) {
        self.with(logon, |ghost| ghost.stage = stage);
    }

    fn leave(&mut self, logon: LogonId, stage: Stage) {
        self.line.retain(|&waiting| waiting != logon);
        self.with(logon, |ghost| {
            ghost.stage = stage;
            ghost.claim = None;
        });
    }

    /// Brings every pending logon's excuses up to date: they count from its first fact to its refusal.
    pub(super) fn note_excuses(&mut self) {
        let disabled = !self.logons_enabled;
        let occupancy = self.occupancy_without(None);
        for ghost in self.logons.values_mut().filter(|ghost| ghost.is_pending()) {
            let others = occupancy - u32::from(ghost.is_held());
            ghost.excuses.saw_disabled |= disabled;
            ghost.excuses.saw_full |= self
                .truth
                .max_connections
                .is_some_and(|most| others >= most);
        }
    }

    /// S1, and S1-lin for event 71.
    fn refused(&mut self, logon: LogonId, refusal: Refusal) {
        self.one_outcome(logon);
        let Some(ghost) = self.logons.get(&logon) else {
            return;
        };
        let (excuses, old) = (ghost.excuses, ghost.old);
        self.leave(logon, Stage::Refused(refusal));
        let excused = match refusal {
            Refusal::MaxConnections => match self.weigh_refusal(logon) {
                Weight::Right | Weight::Open => true,
                Weight::Wrong => false,
                Weight::WrongInAnyOrder => {
                    self.admission_linearizable(logon);
                    true
                }
            },
            Refusal::LogonsDisabled => excuses.saw_disabled,
            Refusal::NoLicense => {
                self.truth.denied.contains(&logon) || self.truth.never_answered.contains(&logon)
            }
            Refusal::AccessDenied => self.truth.wrong_password.contains(&logon),
            Refusal::CreationFailed => {
                excuses.saw_failed_creation && self.count(SessionState::Idle) == 0
            }
            Refusal::SessionReset => excuses.saw_reset,
            Refusal::Dropped(_) => false,
        };
        if !excused {
            self.no_false_refusal(logon, refusal);
        }
        if old.is_some() && matches!(refusal, Refusal::Dropped(_)) {
            self.reconnect(
                logon,
                "was dropped although its user had a session to go back to",
            );
        }
        self.settle_admission(logon, false);
    }

    fn no_false_refusal(&mut self, logon: LogonId, refusal: Refusal) {
        let what = match refusal {
            Refusal::Dropped(DropReason::NoIdle) => "is dropped with event 22: no session was idle",
            Refusal::Dropped(DropReason::NameInUse) => {
                "is dropped with event 22: its name is in use"
            }
            Refusal::Dropped(DropReason::Busy) => "is dropped with event 22: its session is busy",
            Refusal::Dropped(DropReason::NotFound) => {
                "is dropped with event 22: its session is gone"
            }
            Refusal::Dropped(DropReason::NotReady) => {
                "is dropped with event 22: its session is not ready"
            }
            Refusal::MaxConnections => "is refused with event 71 although not all permits were out",
            Refusal::LogonsDisabled => "is refused as if logons were disabled",
            Refusal::NoLicense => "is refused a license that was not denied",
            Refusal::AccessDenied => "is refused although its user was authenticated",
            Refusal::CreationFailed => {
                "is refused for a failed creation although a session is idle or none failed"
            }
            Refusal::SessionReset => {
                "is told that its session was reset, and nobody aimed a reset at it"
            }
        };
        self.violated(Property::NoFalseRefusal, Some(logon), None, what);
    }

    /// S2.
    fn capacity(&mut self, logon: LogonId) {
        if self
            .truth
            .max_connections
            .is_some_and(|most| self.occupancy_without(None) > most)
        {
            self.violated(
                Property::Capacity,
                Some(logon),
                None,
                "is admitted above the maximum",
            );
        }
    }

    /// S3.
    fn one_holder(&mut self, logon: LogonId, claim: Claim) {
        if self.holder_of(claim, logon).is_some() {
            let what = "gets a session that another logon holds";
            self.violated(Property::OneHolder, Some(logon), Some(claim), what);
        }
        let held = self.logons.get(&logon).and_then(|ghost| ghost.claim);
        if held.is_some_and(|held| held != claim) {
            let what = "gets a second session";
            self.violated(Property::OneHolder, Some(logon), Some(claim), what);
        }
    }

    /// S5, S6 and S12: a session came to be, changed its state, or went.
    fn session(&mut self, claim: Claim, from: Option<SessionState>, to: Option<SessionState>) {
        self.legal_transition(claim, from, to);
        match to {
            Some(SessionState::Init) if from.is_none() => {
                self.unique_id(claim);
                let session = GhostSession {
                    state: SessionState::Init,
                    loaded: false,
                    name: None,
                    user: None,
                };
                self.sessions.insert(claim, session);
                self.bounded_creation(claim);
            }
            Some(state) => {
                if state == SessionState::Reset {
                    self.not_taken_away(claim);
                }
                if state == SessionState::Down {
                    let pending = self.logons.values_mut().filter(|ghost| ghost.is_pending());
                    pending.for_each(|ghost| ghost.excuses.saw_failed_creation = true);
                }
                if let Some(session) = self.sessions.get_mut(&claim) {
                    session.state = state;
                    if state == SessionState::Disconnected {
                        session.name = None;
                    }
                }
            }
            None => {
                self.sessions.remove(&claim);
            }
        }
    }

    /// S5.
    fn legal_transition(
        &mut self,
        claim: Claim,
        from: Option<SessionState>,
        to: Option<SessionState>,
    ) {
        let believed = self.sessions.get(&claim).map(|session| session.state);
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

    /// S6, for a session that ends by itself: its living holder may only lose a temporary one, in a swap.
    fn not_taken_away(&mut self, claim: Claim) {
        let holder = self
            .logons
            .iter()
            .find(|(_, ghost)| ghost.is_held() && ghost.claim == Some(claim));
        let Some((&logon, ghost)) = holder else {
            return;
        };
        if !ghost.excuses.saw_reset && ghost.old.is_none() {
            let what = "loses its session, and nobody aimed a reset at it";
            self.violated(Property::Identity, Some(logon), Some(claim), what);
        }
    }

    /// S6, for a reset: it must hit what it was aimed at.
    fn reset(&mut self, by: Resetter, aimed: Claim, hit: Claim) {
        if aimed != hit {
            let what = "is hit by a reset that was aimed at an earlier session of the same id";
            self.violated(Property::Identity, None, Some(hit), what);
        }
        let disconnected = self
            .sessions
            .get(&hit)
            .is_some_and(|session| session.state == SessionState::Disconnected);
        if by == Resetter::Timer && !disconnected {
            let what = "is reset by a disconnect time-out although it is not disconnected";
            self.violated(Property::Identity, None, Some(hit), what);
        }
        for ghost in self.logons.values_mut().filter(|ghost| ghost.is_held()) {
            ghost.excuses.saw_reset |= aimed == hit && ghost.claim == Some(hit);
            if let Some((old, lost)) = &mut ghost.old {
                *lost |= *old == hit;
            }
        }
    }

    /// S7.
    fn initialized(&mut self, logon: LogonId, claim: Claim) {
        if self
            .sessions
            .get(&claim)
            .is_some_and(|session| !session.loaded)
        {
            let what = "attaches to a session that has not finished initializing";
            self.violated(Property::Initialized, Some(logon), Some(claim), what);
        }
    }

    /// S8, for names.
    fn unique_name(&mut self, claim: Claim, name: StationName) {
        if self
            .sessions
            .iter()
            .any(|(&other, session)| other != claim && session.name == Some(name))
        {
            let what = "gets a name that another session has";
            self.violated(Property::UniqueNames, None, Some(claim), what);
        }
        if let Some(session) = self.sessions.get_mut(&claim) {
            session.name = Some(name);
        }
    }

    /// S8, for ids.
    fn unique_id(&mut self, claim: Claim) {
        if self
            .sessions
            .keys()
            .any(|other| other.session == claim.session)
        {
            let what = "gets an id that another session has";
            self.violated(Property::UniqueNames, None, Some(claim), what);
        }
    }

    /// S9, for an outcome: there must not have been one.
    fn one_outcome(&mut self, logon: LogonId) {
        if self.logons.get(&logon).is_none_or(|ghost| ghost.is_over()) {
            let what = "is dealt with again after its outcome";
            self.violated(Property::OneOutcome, Some(logon), None, what);
        }
    }

    /// S9, for an event: it must go with the refusal just told.
    fn logged(&mut self, logon: LogonId, event: Event) {
        let refusal = self
            .logons
            .get(&logon)
            .map(|ghost| (ghost.stage, ghost.logged));
        let fits = match refusal {
            Some((Stage::Refused(refusal), false)) => expected_event(refusal) == Some(event),
            _ => false,
        };
        if !fits {
            let what = "has an event logged that does not go with its outcome";
            self.violated(Property::OneOutcome, Some(logon), None, what);
        }
        self.with(logon, |ghost| ghost.logged = true);
    }

    /// S10, at arbitration: what is disconnected must be offered.
    fn reconnect_offered(&mut self, logon: LogonId, user: logon_core::UserId, old: Option<Claim>) {
        let waiting = self.sessions.values().any(|session| {
            session.state == SessionState::Disconnected && session.user == Some(user)
        });
        if waiting && old.is_none() {
            self.reconnect(logon, "is not offered the disconnected session of its user");
        }
    }

    fn reconnect(&mut self, logon: LogonId, what: &'static str) {
        self.violated(Property::Reconnect, Some(logon), None, what);
    }

    /// S3 and S10 at the end of a logon.
    fn logged_on(&mut self, logon: LogonId, claim: Claim) {
        self.one_outcome(logon);
        let Some(ghost) = self.logons.get(&logon) else {
            return;
        };
        let (own, old, user) = (ghost.claim, ghost.old, ghost.user);
        if own != Some(claim) {
            if self.holder_of(claim, logon).is_some() {
                let what = "goes back to a session that another logon holds";
                self.violated(Property::OneHolder, Some(logon), Some(claim), what);
            }
            let name = own
                .and_then(|own| self.sessions.get(&own))
                .and_then(|own| own.name);
            if let Some(session) = self.sessions.get_mut(&claim) {
                session.name = name.or(session.name);
            }
        }
        if old.is_some_and(|(old, lost)| old != claim && !lost) {
            self.reconnect(
                logon,
                "keeps its own session although the old one was not reset",
            );
        }
        if let Some(session) = self.sessions.get_mut(&claim) {
            session.user = user;
        }
        self.with(logon, |ghost| {
            ghost.stage = Stage::LoggedOn;
            ghost.claim = Some(claim);
            ghost.old = None;
        });
    }

    /// S11.
    fn overtaking(&mut self, logon: LogonId) {
        if self.line.first().is_some_and(|&oldest| oldest != logon) {
            let what = "is served while an earlier logon waits in line";
            self.violated(Property::Overtaking, Some(logon), None, what);
        }
        self.line.retain(|&waiting| waiting != logon);
    }

    /// S12.
    fn bounded_creation(&mut self, claim: Claim) {
        let creating = self.count(SessionState::Init);
        if creating > self.truth.creation_workers {
            let what = "is created while as many as there are workers already are";
            self.violated(Property::BoundedCreation, None, Some(claim), what);
        }
        let wanted = self.truth.idle_pool + self.line.len() as u32;
        if self.count(SessionState::Idle) + creating > wanted {
            let what = "is created although nobody wants it";
            self.violated(Property::BoundedCreation, None, Some(claim), what);
        }
    }

    /// How many sessions are in `state`.
    pub(super) fn count(&self, state: SessionState) -> u32 {
        self.sessions
            .values()
            .filter(|session| session.state == state)
            .count() as u32
    }
}

/// The event a refusal must be logged with.
pub(super) fn expected_event(refusal: Refusal) -> Option<Event> {
    match refusal {
        Refusal::MaxConnections => Some(Event::MaximumConnectionsExceeded),
        Refusal::NoLicense => Some(Event::NoLicense),
        Refusal::Dropped(_) => Some(Event::LogonDropped),
        Refusal::LogonsDisabled
        | Refusal::AccessDenied
        | Refusal::CreationFailed
        | Refusal::SessionReset => None,
    }
}
