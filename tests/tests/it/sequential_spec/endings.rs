//! The specification of how logons and sessions end, and of how sessions come to be.

use logon_core::SessionState::{
    Active, ConnectQuery, Connected, Disconnected, Down, Idle, Init, Reset,
};
use logon_core::{Claim, Ending, Event, Generation, LogonId, Refusal, SessionId, SessionState};

use crate::sequential_spec::spec::Answer::{self, Done, Ended, Found, Wait};
use crate::sequential_spec::spec::{Phase, Session, Spec};

impl Spec {
    /// Refuses a logon, with its event, and takes back what it has.
    pub(crate) fn turn_away(&mut self, logon: LogonId, reason: Refusal) -> Answer {
        let event = match reason {
            Refusal::MaxConnections => Some(Event::MaximumConnectionsExceeded),
            Refusal::NoLicense => Some(Event::NoLicense),
            Refusal::Dropped(_) => Some(Event::LogonDropped),
            _ => None,
        };
        self.events.extend(event.map(|event| (logon, event)));
        self.give_up(logon);
        Ended(Ending::Refused(reason))
    }

    /// An unfinished logon gives up what it has: its place, its session, and the session it was going back to.
    pub(crate) fn give_up(&mut self, logon: LogonId) {
        self.line.retain(|&waiting| waiting != logon);
        let phase = std::mem::replace(&mut self.logons[logon.0 as usize], Phase::Over);
        match phase {
            Phase::Has(claim) if self.state(claim) == Some(ConnectQuery) => {
                // Nobody has seen it: the next in line may have it.
                if self.line.is_empty() {
                    self.sessions.remove(&claim.session);
                } else {
                    let next = self.line.remove(0);
                    self.put(next, Phase::Has(claim));
                }
            }
            Phase::Prompt(claim) => self.destroy(claim),
            Phase::Returning(own, _, old) => {
                self.destroy(own);
                if let Some(old) = old {
                    self.set(old, Disconnected);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn state(&mut self, claim: Claim) -> Option<SessionState> {
        self.session(claim).map(|session| session.state)
    }

    /// Deletes a session, unless whoever reset it is about to.
    pub(crate) fn destroy(&mut self, claim: Claim) {
        if self.state(claim).is_some_and(|state| state != Reset) {
            self.sessions.remove(&claim.session);
        }
    }

    /// Does `ending` to a logon that lives; of another, says how it ended.
    pub(crate) fn end(
        &mut self,
        logon: LogonId,
        ending: impl FnOnce(&mut Self) -> Answer,
    ) -> Answer {
        match self.phase(logon) {
            Phase::Over => Ended(Ending::Gone),
            Phase::Unaware(reason) => Ended(Ending::Refused(reason)),
            _ => ending(self),
        }
    }

    /// The client leaves. A session that somebody is logged on to may stay, disconnected and without a name.
    pub(crate) fn leave(&mut self, logon: LogonId, session_stays: bool) -> Answer {
        match self.phase(logon) {
            Phase::LoggedOn(claim) if session_stays => {
                self.put(logon, Phase::Over);
                self.set(claim, Disconnected);
                self.session(claim).expect("it is logged on to").name = None;
            }
            Phase::LoggedOn(claim) => {
                self.put(logon, Phase::Over);
                self.destroy(claim);
            }
            _ => self.give_up(logon),
        }
        Done
    }

    pub(crate) fn begin_creation(&mut self) -> Answer {
        let creating = self.in_state(Init).len();
        let wanted = self.settings.idle_pool as usize + self.line.len();
        let throttled = creating >= self.settings.creation_workers as usize;
        if throttled || self.idle.len() + creating >= wanted {
            return Wait;
        }
        self.created += 1;
        let free = |id: &u32| !self.sessions.contains_key(&SessionId(*id));
        let id = if self.settings.reuse_ids {
            (2..).find(free).expect("few sessions")
        } else {
            1 + self.created
        };
        let claim = Claim {
            session: SessionId(id),
            generation: Generation(self.created),
        };
        let session = Session {
            claim,
            state: Init,
            name: None,
            user: None,
        };
        self.sessions.insert(claim.session, session);
        Answer::Session(claim)
    }

    pub(crate) fn publish(&mut self, claim: Claim) -> Answer {
        self.set(claim, Idle);
        if self.line.is_empty() {
            self.idle.push(claim);
        } else {
            let oldest = self.line.remove(0);
            self.give(oldest, claim);
        }
        Done
    }

    pub(crate) fn fail_creation(&mut self, claim: Claim) -> Answer {
        self.sessions.remove(&claim.session);
        if !self.line.is_empty() {
            let oldest = self.line[0];
            self.turn_away(oldest, Refusal::CreationFailed);
            self.put(oldest, Phase::Unaware(Refusal::CreationFailed));
        }
        Done
    }

    pub(crate) fn reset(&mut self, claim: Claim) -> Answer {
        let resettable = [ConnectQuery, Connected, Active, Disconnected, Down];
        if !self
            .state(claim)
            .is_some_and(|state| resettable.contains(&state))
        {
            return Found(false);
        }
        self.set(claim, Reset);
        for logon in (0..self.logons.len() as u32).map(LogonId) {
            match self.phase(logon) {
                Phase::LoggedOn(held) if held == claim => self.put(logon, Phase::Over),
                Phase::Returning(own, user, Some(old)) if old == claim => {
                    self.put(logon, Phase::Returning(own, user, None));
                }
                Phase::Has(held) | Phase::Prompt(held) | Phase::Returning(held, ..)
                    if held == claim =>
                {
                    self.turn_away(logon, Refusal::SessionReset);
                }
                _ => {}
            }
        }
        Found(true)
    }

    pub(crate) fn expire(&mut self, claim: Claim) -> Answer {
        if self.state(claim) == Some(Disconnected) {
            self.reset(claim)
        } else {
            Found(false)
        }
    }
}
