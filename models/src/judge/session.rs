//! A session: S5, S6, S7, S8 and S12.

use logon_core::observer::{Departure, Resetter};
use logon_core::{Claim, LogonId, SessionState, StationName};

use super::Judge;
use super::ghost::GhostSession;
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
    /// S5, S6 and S12: a session came to be, changed its state, or went.
    pub(super) fn session(
        &mut self,
        claim: Claim,
        from: Option<SessionState>,
        to: Option<SessionState>,
    ) {
        self.legal_transition(claim, from, to);
        self.as_its_logon_did(claim, to);
        match to {
            Some(SessionState::Init) if from.is_none() => {
                self.unique_id(claim);
                let session = GhostSession {
                    state: SessionState::Init,
                    loaded: false,
                    name: None,
                    user: None,
                    due: None,
                };
                self.sessions.insert(claim, session);
                self.bounded_creation(claim);
            }
            Some(state) => {
                if state == SessionState::Reset {
                    self.not_taken_away(claim);
                }
                if state == SessionState::Down {
                    self.failed_by_itself(claim);
                    self.failures += 1;
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

    /// S6, for a departure: who disconnects keeps the session, who logs off does not.
    pub(super) fn departs(&mut self, logon: LogonId, departure: Departure) {
        let claim = self.logons.get(&logon).and_then(|ghost| ghost.claim);
        let session = claim.and_then(|claim| self.sessions.get_mut(&claim));
        let due = match departure {
            Departure::Disconnected => Some(SessionState::Disconnected),
            Departure::LoggedOff => Some(SessionState::Reset),
            Departure::Reset => None,
        };
        if let Some(session) = session {
            session.due = due;
        }
    }

    fn as_its_logon_did(&mut self, claim: Claim, to: Option<SessionState>) {
        let due = self
            .sessions
            .get_mut(&claim)
            .and_then(|session| session.due.take());
        if due.is_some() && due != to {
            let what = "does not end as its logon did";
            self.violated(Property::Identity, None, Some(claim), what);
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
    pub(super) fn reset(&mut self, by: Resetter, aimed: Claim, hit: Claim) {
        if self
            .truth
            .resetters
            .as_ref()
            .is_some_and(|resetters| !resetters.contains(&by))
        {
            let what = "is reset although nobody asked for it";
            self.violated(Property::Identity, None, Some(hit), what);
        }
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

    /// S5, for a creation that fails: only those fail that the situation lets fail.
    fn failed_by_itself(&mut self, claim: Claim) {
        let failing = self.truth.failing_creations.as_ref();
        if failing.is_some_and(|failing| !failing.contains(&claim.generation.0)) {
            let what = "goes down although its creation did not fail";
            self.violated(Property::LegalTransition, None, Some(claim), what);
        }
    }

    /// S6, for a claim: it must name a session there is.
    pub(super) fn exists(&mut self, logon: LogonId, claim: Claim) {
        if !self.sessions.contains_key(&claim) {
            let what = "gets a session that does not exist";
            self.violated(Property::Identity, Some(logon), Some(claim), what);
        }
    }

    /// S7.
    pub(super) fn initialized(&mut self, logon: LogonId, claim: Claim) {
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
    pub(super) fn unique_name(&mut self, claim: Claim, name: StationName) {
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
