//! The specification: what the server is to do, one operation after the other, from the documents and from
//! nothing else. It counts no permits: they are as many as there are logons that hold one.

use std::collections::BTreeMap;

use logon_core::{
    Claim, DropReason, Ending, Event, LogonId, OnBrokenLine, Refusal, SessionId, SessionState,
    Settings, StationName, UserId,
};

/// One operation of one thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operation {
    Admit,
    ClaimOrQueue(LogonId),
    Hear(LogonId),
    Attach(LogonId),
    Arbitrate(LogonId, UserId),
    Swap(LogonId),
    Refuse(LogonId, Refusal),
    HangUp(LogonId),
    Disconnect(LogonId),
    LogOff(LogonId),
    BeginCreation,
    Publish(Claim),
    FailCreation(Claim),
    Reset(Claim),
    Expire(Claim),
    Delete(Claim),
    Enable(bool),
}

/// What an operation answers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Answer {
    /// It is done, and there is no more to say.
    Done,
    /// This session.
    Session(Claim),
    /// There is a session to go back to.
    GoBack,
    /// Nothing yet: wait.
    Wait,
    /// The logon ended, or had ended, like this.
    Ended(Ending),
    /// Whether there was something to reset.
    Found(bool),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Phase {
    Admitted,
    Waiting,
    /// It does not know yet that it was refused.
    Unaware(Refusal),
    /// Has a session that its client has not seen.
    Has(Claim),
    Prompt(Claim),
    /// Its own session, the user, and the old one while nobody has reset it.
    Returning(Claim, UserId, Option<Claim>),
    LoggedOn(Claim),
    Over,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Session {
    pub(crate) claim: Claim,
    pub(crate) state: SessionState,
    pub(crate) name: Option<StationName>,
    pub(crate) user: Option<UserId>,
}

/// The state of the specification.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) settings: Settings,
    pub(crate) enabled: bool,
    /// Every logon there was; its number is its place.
    pub(crate) logons: Vec<Phase>,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    pub(crate) idle: Vec<Claim>,
    pub(crate) line: Vec<LogonId>,
    pub(crate) created: u32,
    /// How many names were given.
    pub(crate) named: u32,
    pub(crate) events: Vec<(LogonId, Event)>,
    /// What the last operation answered.
    pub(crate) answer: Answer,
}

use Answer::{Done, GoBack, Wait};
use SessionState::{Active, ConnectQuery, Connected, Disconnected, Reset};

impl Spec {
    pub(crate) fn new(settings: Settings) -> Self {
        Spec {
            enabled: settings.logons_enabled,
            settings,
            logons: Vec::new(),
            sessions: BTreeMap::new(),
            idle: Vec::new(),
            line: Vec::new(),
            created: 0,
            named: 0,
            events: Vec::new(),
            answer: Done,
        }
    }

    pub(crate) fn phase(&self, logon: LogonId) -> Phase {
        self.logons[logon.0 as usize]
    }

    pub(crate) fn put(&mut self, logon: LogonId, phase: Phase) {
        self.logons[logon.0 as usize] = phase;
    }

    /// How many permits are out: one for each logon that was admitted and is not over.
    pub(crate) fn permits(&self) -> u32 {
        let over = |phase: &&Phase| !matches!(phase, Phase::Over | Phase::Unaware(_));
        self.logons.iter().filter(over).count() as u32
    }

    pub(crate) fn in_state(&self, state: SessionState) -> Vec<Claim> {
        let sessions = self
            .sessions
            .values()
            .filter(|session| session.state == state);
        sessions.map(|session| session.claim).collect()
    }

    pub(crate) fn session(&mut self, claim: Claim) -> Option<&mut Session> {
        self.sessions
            .get_mut(&claim.session)
            .filter(|session| session.claim == claim)
    }

    pub(crate) fn set(&mut self, claim: Claim, state: SessionState) {
        self.session(claim)
            .expect("the specification knows its sessions")
            .state = state;
    }

    /// Performs one operation.
    pub(crate) fn apply(&mut self, operation: Operation) {
        self.answer = match operation {
            Operation::Admit => self.admit(),
            Operation::ClaimOrQueue(logon) => self.claim_or_queue(logon),
            Operation::Hear(logon) => self.hear(logon),
            Operation::Attach(logon) => self.attach(logon),
            Operation::Arbitrate(logon, user) => self.arbitrate(logon, user),
            Operation::Swap(logon) => self.swap(logon),
            Operation::Refuse(logon, reason) => {
                self.end(logon, |spec| spec.turn_away(logon, reason))
            }
            Operation::Disconnect(logon) => self.end(logon, |spec| spec.leave(logon, true)),
            Operation::LogOff(logon) => self.end(logon, |spec| spec.leave(logon, false)),
            Operation::HangUp(logon) => {
                let stays = self.settings.on_broken_line == OnBrokenLine::Disconnect;
                self.end(logon, |spec| spec.leave(logon, stays));
                Done
            }
            Operation::BeginCreation => self.begin_creation(),
            Operation::Publish(claim) => self.publish(claim),
            Operation::FailCreation(claim) => self.fail_creation(claim),
            Operation::Reset(claim) => self.reset(claim),
            Operation::Expire(claim) => self.expire(claim),
            Operation::Delete(claim) => {
                if self
                    .session(claim)
                    .is_some_and(|session| session.state == Reset)
                {
                    self.sessions.remove(&claim.session);
                }
                Done
            }
            Operation::Enable(enabled) => {
                self.enabled = enabled;
                Done
            }
        };
    }

    fn admit(&mut self) -> Answer {
        let logon = LogonId(self.logons.len() as u32);
        let full = self
            .settings
            .max_connections
            .is_some_and(|most| self.permits() >= most);
        self.logons.push(Phase::Over);
        if !self.enabled {
            self.turn_away(logon, Refusal::LogonsDisabled)
        } else if full {
            self.turn_away(logon, Refusal::MaxConnections)
        } else {
            self.put(logon, Phase::Admitted);
            Done
        }
    }

    fn claim_or_queue(&mut self, logon: LogonId) -> Answer {
        self.end(logon, |spec| {
            if spec.idle.is_empty() {
                spec.line.push(logon);
                spec.put(logon, Phase::Waiting);
                return Wait;
            }
            let claim = spec.idle.remove(0);
            spec.give(logon, claim);
            Answer::Session(claim)
        })
    }

    pub(crate) fn give(&mut self, logon: LogonId, claim: Claim) {
        self.set(claim, ConnectQuery);
        self.put(logon, Phase::Has(claim));
    }

    fn hear(&mut self, logon: LogonId) -> Answer {
        match self.phase(logon) {
            Phase::Has(claim) => Answer::Session(claim),
            Phase::Unaware(reason) => {
                self.put(logon, Phase::Over);
                Answer::Ended(Ending::Refused(reason))
            }
            Phase::Over => Answer::Ended(Ending::Gone),
            _ => Wait,
        }
    }

    fn attach(&mut self, logon: LogonId) -> Answer {
        self.end(logon, |spec| {
            let Phase::Has(claim) = spec.phase(logon) else {
                return spec.turn_away(logon, Refusal::Dropped(DropReason::NotFound));
            };
            spec.named += 1;
            let name = Some(StationName(spec.named));
            spec.session(claim).expect("it has this session").name = name;
            spec.set(claim, Connected);
            spec.put(logon, Phase::Prompt(claim));
            Answer::Session(claim)
        })
    }

    fn arbitrate(&mut self, logon: LogonId, user: UserId) -> Answer {
        self.end(logon, |spec| {
            let Phase::Prompt(own) = spec.phase(logon) else {
                unreachable!("it is at the prompt")
            };
            let of_user = |session: &&Session| session.user == Some(user);
            let left = spec
                .sessions
                .values()
                .filter(of_user)
                .find(|s| s.state == Disconnected);
            match left.map(|session| session.claim) {
                Some(old) => {
                    spec.set(old, ConnectQuery);
                    spec.put(logon, Phase::Returning(own, user, Some(old)));
                    GoBack
                }
                None => spec.log_on(logon, user, own),
            }
        })
    }

    fn log_on(&mut self, logon: LogonId, user: UserId, claim: Claim) -> Answer {
        self.set(claim, Active);
        self.session(claim).expect("it was set").user = Some(user);
        self.put(logon, Phase::LoggedOn(claim));
        Answer::Session(claim)
    }

    fn swap(&mut self, logon: LogonId) -> Answer {
        self.end(logon, |spec| match spec.phase(logon) {
            Phase::Returning(own, user, Some(old)) => {
                let name = spec.session(own).expect("its own session").name;
                spec.destroy(own);
                spec.session(old).expect("nobody reset it").name = name;
                spec.log_on(logon, user, old)
            }
            Phase::Returning(own, user, None) => spec.log_on(logon, user, own),
            phase => unreachable!("it is going back, and not {phase:?}"),
        })
    }
}
