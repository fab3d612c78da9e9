//! What the book holds: who has which session, who waits, and what each change tells.

use std::collections::{BTreeMap, VecDeque};

use logon_core::ids::FIRST_SESSION;
use logon_core::observer::{Departure, Resetter};
use logon_core::server::Session;
use logon_core::system::Tell;
use logon_core::{
    Claim, Ending, Fact, Generation, LogonId, Refusal, SessionId, SessionState, Settings,
    StationName, UserId,
};

/// A logon that has a permit, and what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Logon {
    claim: Option<Claim>,
    old: Option<Claim>,
    complete: bool,
    /// It was refused while it waited, and has not heard of it.
    refused: Option<Refusal>,
}

/// Sessions, logons and the line. The idle sessions are on record here, and in the shards.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Records {
    settings: Settings,
    sessions: BTreeMap<SessionId, Session>,
    logons: BTreeMap<LogonId, Logon>,
    pub(super) line: VecDeque<LogonId>,
    created: u32,
    named: u32,
    enabled: bool,
    pub(super) closing: bool,
    /// How many departures are through: a permit is back in the word before its departure is counted.
    pub(super) through: u32,
}

/// What came of an idle session that somebody took from a shard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Settled {
    /// The logon has it.
    Mine(Claim),
    /// It went to the oldest in line, and the logon waits.
    Waits,
    /// The logon is over. The session, unless the oldest in line has it, must go back into a shard.
    Over(Ending, Option<Claim>),
}

impl Records {
    pub(super) fn new(settings: &Settings) -> Self {
        Records {
            sessions: BTreeMap::new(),
            logons: BTreeMap::new(),
            line: VecDeque::new(),
            created: 0,
            named: 0,
            enabled: settings.logons_enabled,
            closing: false,
            through: 0,
            settings: settings.clone(),
        }
    }

    // Sessions.

    fn find(&self, claim: Claim) -> Option<&Session> {
        let session = self.sessions.get(&claim.session);
        session.filter(|session| session.generation == claim.generation)
    }

    fn find_mut(&mut self, claim: Claim) -> Option<&mut Session> {
        let session = self.sessions.get_mut(&claim.session);
        session.filter(|session| session.generation == claim.generation)
    }

    fn bring(&mut self, claim: Claim, to: SessionState, tell: Tell<'_>) {
        if let Some(session) = self.find_mut(claim) {
            let from = Some(std::mem::replace(&mut session.state, to));
            let to = Some(to);
            tell(Fact::Session { claim, from, to });
        }
    }

    pub(super) fn delete(&mut self, claim: Claim, tell: Tell<'_>) {
        let state = self.find(claim).map(|session| session.state);
        if state == Some(SessionState::Reset) {
            self.sessions.remove(&claim.session);
            tell(Fact::Session {
                claim,
                from: state,
                to: None,
            });
        }
    }

    fn delete_now(&mut self, claim: Claim, tell: Tell<'_>) {
        self.bring(claim, SessionState::Reset, tell);
        self.delete(claim, tell);
    }

    /// The first session that is wanted, in the order of their ids.
    pub(super) fn first(&self, wanted: impl Fn(&Session) -> bool) -> Option<Claim> {
        let mut sessions = self.sessions.iter();
        let found = sessions.find(|(_, session)| wanted(session));
        found.map(|(&session, found)| Claim {
            session,
            generation: found.generation,
        })
    }

    pub(super) fn disconnected_of(&self, user: UserId) -> Option<Claim> {
        self.first(|session| {
            session.user == Some(user) && session.state == SessionState::Disconnected
        })
    }

    pub(super) fn all(&self, wanted: impl Fn(SessionState) -> bool) -> impl Iterator<Item = Claim> {
        let sessions = self.sessions.iter();
        let those = sessions.filter(move |(_, session)| wanted(session.state));
        those.map(|(&session, found)| Claim {
            session,
            generation: found.generation,
        })
    }

    // Creation.

    /// Puts a session on record if one is wanted; `Some(None)` if none is and nobody will want one.
    pub(super) fn demand(&mut self, tell: Tell<'_>) -> Option<Option<Claim>> {
        let count = |wanted| self.all(|state| state == wanted).count();
        let creating = count(SessionState::Init);
        let wanted = self.settings.idle_pool as usize + self.line.len();
        if count(SessionState::Idle) + creating >= wanted
            || creating >= self.settings.creation_workers as usize
        {
            return self.closing.then_some(None);
        }
        self.created += 1;
        let claim = Claim {
            session: self.free_id(),
            generation: Generation(self.created),
        };
        let session = Session {
            generation: claim.generation,
            state: SessionState::Init,
            loaded: false,
            name: None,
            user: None,
            holder: None,
        };
        self.sessions.insert(claim.session, session);
        let to = Some(SessionState::Init);
        tell(Fact::Session {
            claim,
            from: None,
            to,
        });
        Some(Some(claim))
    }

    fn free_id(&self) -> SessionId {
        if !self.settings.reuse_ids {
            return SessionId(FIRST_SESSION.0 + self.created - 1);
        }
        let mut ids = (FIRST_SESSION.0..).map(SessionId);
        let free = ids.find(|id| !self.sessions.contains_key(id));
        free.expect("fewer sessions than numbers")
    }

    /// A session is ready: the oldest in line has it, or it is given back, for a shard.
    pub(super) fn publish(&mut self, claim: Claim, tell: Tell<'_>) -> Option<Claim> {
        if let Some(session) = self.find_mut(claim) {
            session.loaded = true;
        }
        tell(Fact::Loaded { claim });
        self.bring(claim, SessionState::Idle, tell);
        self.hand_over(claim, tell)
    }

    /// An idle session that nobody else has goes to the oldest in line; without a line it is given back.
    pub(super) fn hand_over(&mut self, claim: Claim, tell: Tell<'_>) -> Option<Claim> {
        let Some(oldest) = self.line.pop_front() else {
            return Some(claim);
        };
        self.assign(claim, oldest, tell);
        None
    }

    /// Says whether a permit is free with it: that of the oldest in line, who is refused. Where a session is idle, nobody
    /// is: it is on its way to the oldest, and another one will be created for whoever is left.
    pub(super) fn fail_creation(&mut self, claim: Claim, tell: Tell<'_>) -> bool {
        self.bring(claim, SessionState::Down, tell);
        let one_is_idle = self
            .all(|state| state == SessionState::Idle)
            .next()
            .is_some();
        let oldest = match one_is_idle {
            true => None,
            false => self.line.pop_front(),
        };
        if let Some(oldest) = oldest {
            self.refuse(oldest, Refusal::CreationFailed, tell);
            let answer = Logon {
                refused: Some(Refusal::CreationFailed),
                ..Logon::default()
            };
            self.logons.insert(oldest, answer);
        }
        self.delete_now(claim, tell);
        oldest.is_some()
    }

    // A logon on its way.

    pub(super) fn arrive(&mut self, logon: LogonId, tell: Tell<'_>) -> Result<u32, Ending> {
        tell(Fact::Arrived { logon });
        if self.enabled {
            return Ok(self.through);
        }
        self.refuse(logon, Refusal::LogonsDisabled, tell);
        Err(Ending::Refused(Refusal::LogonsDisabled))
    }

    pub(super) fn admit(&mut self, logon: LogonId, tell: Tell<'_>) {
        self.logons.insert(logon, Logon::default());
        tell(Fact::Admitted { logon });
    }

    pub(super) fn living(&self, logon: LogonId) -> Result<Logon, Ending> {
        match self.logons.get(&logon) {
            None => Err(Ending::Gone),
            Some(record) => record
                .refused
                .map_or(Ok(*record), |refusal| Err(Ending::Refused(refusal))),
        }
    }

    pub(super) fn queue(&mut self, logon: LogonId, tell: Tell<'_>) -> Result<(), Ending> {
        self.living(logon)?;
        self.line.push_back(logon);
        tell(Fact::Queued { logon });
        Ok(())
    }

    /// `logon` has taken `claim` from a shard. Whoever waits in line comes before it.
    pub(super) fn settle(&mut self, logon: LogonId, claim: Claim, tell: Tell<'_>) -> Settled {
        if let Err(ending) = self.living(logon) {
            return Settled::Over(ending, self.hand_over(claim, tell));
        }
        if self.hand_over(claim, tell).is_none() {
            self.line.push_back(logon);
            tell(Fact::Queued { logon });
            return Settled::Waits;
        }
        self.assign(claim, logon, tell);
        Settled::Mine(claim)
    }

    fn assign(&mut self, claim: Claim, logon: LogonId, tell: Tell<'_>) {
        self.hold(claim, logon, tell);
        self.bring(claim, SessionState::ConnectQuery, tell);
    }

    fn hold(&mut self, claim: Claim, logon: LogonId, tell: Tell<'_>) {
        if let Some(record) = self.logons.get_mut(&logon) {
            record.claim = Some(claim);
        }
        if let Some(session) = self.find_mut(claim) {
            session.holder = Some(logon);
        }
        tell(Fact::Claimed { logon, claim });
    }

    /// What a logon in line has to hear, if anything.
    pub(super) fn heard(&mut self, logon: LogonId) -> Option<Result<Claim, Ending>> {
        match self.living(logon) {
            Err(ending) => {
                self.logons.remove(&logon);
                Some(Err(ending))
            }
            Ok(record) => record.claim.map(Ok),
        }
    }

    /// Shows the prompt. The session is there: it is loaded before anybody has it, and whoever resets it ends the logon.
    pub(super) fn attach(&mut self, logon: LogonId, tell: Tell<'_>) -> Result<Claim, Ending> {
        let claim = self.living(logon)?.claim.ok_or(Ending::Gone)?;
        tell(Fact::Attaching { logon, claim });
        self.named += 1;
        let name = StationName(self.named);
        if let Some(session) = self.find_mut(claim) {
            session.name = Some(name);
        }
        tell(Fact::Attached { logon, claim, name });
        self.bring(claim, SessionState::Connected, tell);
        Ok(claim)
    }

    /// Decides between the logon's own session and a disconnected one of the user: `Some` is its own.
    pub(super) fn arbitrate(
        &mut self,
        logon: LogonId,
        user: UserId,
        tell: Tell<'_>,
    ) -> Result<Option<Claim>, Ending> {
        let record = self.living(logon)?;
        let old = self.disconnected_of(user);
        tell(Fact::Arbitrated { logon, user, old });
        let Some(old) = old else {
            return Ok(record
                .claim
                .map(|own| self.complete(logon, user, own, tell)));
        };
        if let Some(record) = self.logons.get_mut(&logon) {
            record.old = Some(old);
        }
        if let Some(session) = self.find_mut(old) {
            session.holder = Some(logon);
        }
        self.bring(old, SessionState::ConnectQuery, tell);
        Ok(None)
    }

    /// Goes over to the old session, unless that was reset.
    pub(super) fn swap(
        &mut self,
        logon: LogonId,
        user: UserId,
        tell: Tell<'_>,
    ) -> Result<Claim, Ending> {
        let record = self.living(logon)?;
        let own = record.claim.ok_or(Ending::Gone)?;
        let Some(old) = record.old else {
            return Ok(self.complete(logon, user, own, tell));
        };
        let name = self.find(own).and_then(|session| session.name);
        self.delete_now(own, tell);
        if let Some(session) = self.find_mut(old) {
            session.name = name;
        }
        Ok(self.complete(logon, user, old, tell))
    }

    fn complete(&mut self, logon: LogonId, user: UserId, claim: Claim, tell: Tell<'_>) -> Claim {
        if let Some(session) = self.find_mut(claim) {
            session.user = Some(user);
        }
        let record = Logon {
            claim: Some(claim),
            complete: true,
            ..Logon::default()
        };
        self.logons.insert(logon, record);
        tell(Fact::LoggedOn { logon, claim });
        self.bring(claim, SessionState::Active, tell);
        claim
    }

    // A logon ends. Each says whether a permit is free with it.

    pub(super) fn refuse(&mut self, logon: LogonId, refusal: Refusal, tell: Tell<'_>) -> bool {
        tell(Fact::Refused { logon, refusal });
        if let Some(event) = refusal.event() {
            tell(Fact::Logged { logon, event });
        }
        self.take_back(logon, tell)
    }

    pub(super) fn broken_line(&self) -> Departure {
        match self.settings.on_broken_line {
            logon_core::OnBrokenLine::Disconnect => Departure::Disconnected,
            logon_core::OnBrokenLine::Reset => Departure::LoggedOff,
        }
    }

    pub(super) fn end(
        &mut self,
        logon: LogonId,
        departure: Departure,
        tell: Tell<'_>,
    ) -> Result<bool, Ending> {
        let record = self.living(logon)?;
        if record.complete {
            return Ok(self.depart(logon, departure, tell));
        }
        tell(Fact::Abandoned { logon });
        Ok(self.take_back(logon, tell))
    }

    fn depart(&mut self, logon: LogonId, departure: Departure, tell: Tell<'_>) -> bool {
        let Some(record) = self.logons.remove(&logon) else {
            return false;
        };
        tell(Fact::Left { logon, departure });
        match (record.claim, departure) {
            (Some(claim), Departure::Disconnected) => self.leave_disconnected(claim, tell),
            (Some(claim), Departure::LoggedOff) => self.delete_now(claim, tell),
            _ => {}
        }
        true
    }

    fn leave_disconnected(&mut self, claim: Claim, tell: Tell<'_>) {
        if let Some(session) = self.find_mut(claim) {
            session.holder = None;
            session.name = None;
        }
        self.bring(claim, SessionState::Disconnected, tell);
    }

    /// Takes back what a logon holds that is not complete. A session that nobody has seen goes on to the next in line.
    fn take_back(&mut self, logon: LogonId, tell: Tell<'_>) -> bool {
        let Some(record) = self.logons.remove(&logon) else {
            return false;
        };
        self.line.retain(|&waiting| waiting != logon);
        if let Some(old) = record.old {
            self.leave_disconnected(old, tell);
        }
        let Some(claim) = record.claim else {
            return true;
        };
        match self.find(claim).map(|session| session.state) {
            Some(SessionState::ConnectQuery) if !self.line.is_empty() => {
                if let Some(next) = self.line.pop_front() {
                    self.hold(claim, next, tell);
                }
            }
            Some(state) if state.may_be_reset() => self.delete_now(claim, tell),
            _ => {}
        }
        true
    }

    /// Resets a session if it may be reset by this party: whether it was, and whether a permit is free with it.
    pub(super) fn reset(&mut self, by: Resetter, claim: Claim, tell: Tell<'_>) -> (bool, bool) {
        let Some(session) = self.find(claim) else {
            return (false, false);
        };
        let may = match by {
            Resetter::Administrator => session.state.may_be_reset(),
            Resetter::Timer => session.state == SessionState::Disconnected,
        };
        if !may {
            return (false, false);
        }
        let holder = session.holder;
        tell(Fact::Reset {
            by,
            aimed: claim,
            hit: claim,
        });
        self.bring(claim, SessionState::Reset, tell);
        if let Some(session) = self.find_mut(claim) {
            session.holder = None;
        }
        let Some(logon) = holder else {
            return (true, false);
        };
        let Some(record) = self.logons.get_mut(&logon) else {
            return (true, false);
        };
        let freed = if record.complete {
            self.depart(logon, Departure::Reset, tell)
        } else if record.old == Some(claim) {
            // The old session is lost, its own is not.
            record.old = None;
            false
        } else {
            self.refuse(logon, Refusal::SessionReset, tell)
        };
        (true, freed)
    }

    /// How many logons have a permit.
    pub(super) fn holders(&self) -> usize {
        let logons = self.logons.values();
        logons.filter(|logon| logon.refused.is_none()).count()
    }

    pub(super) fn enable(&mut self, enabled: bool, tell: Tell<'_>) {
        self.enabled = enabled;
        tell(Fact::LogonsEnabled(enabled));
    }
}
