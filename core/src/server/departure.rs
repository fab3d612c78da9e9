//! How logons and sessions end: refusal, hang-up, disconnect, log-off, reset.

use super::{LogonPhase, Server};
use crate::ids::{Claim, LogonId};
use crate::observer::{Departure, Fact, Observer, Resetter};
use crate::refusal::{Ending, Refusal};
use crate::settings::OnBrokenLine;
use crate::state::SessionState;
use crate::store::{Queue, Store, Table};

impl<O: Observer, S: Store> Server<O, S> {
    /// Refuses a logon, takes back what it holds and logs the event that goes with the reason. The logon
    /// lives ([`Server::living`]) or is not on record yet.
    pub fn refuse(&mut self, logon: LogonId, refusal: Refusal) -> Ending {
        self.tell(Fact::Refused { logon, refusal });
        if let Some(event) = refusal.event() {
            self.tell(Fact::Logged { logon, event });
        }
        self.take_back(logon);
        Ending::Refused(refusal)
    }

    /// Ends whatever the logon was doing because its client is gone. If it is complete, the settings say
    /// what becomes of its session (KB Q186566); otherwise permit and session go back, and a claimed session
    /// goes on to the next in line. A logon that is over has nothing to give back.
    pub fn hang_up(&mut self, logon: LogonId) {
        let departure = match self.settings.on_broken_line {
            OnBrokenLine::Disconnect => Departure::Disconnected,
            OnBrokenLine::Reset => Departure::LoggedOff,
        };
        // That it was over already is no news to whoever hangs up.
        let _ = self.end(logon, departure);
    }

    /// Ends a complete logon; its session stays, disconnected. A logon that is not complete has no session
    /// to leave behind: it is abandoned, as if its client had hung up.
    ///
    /// # Errors
    ///
    /// How the logon ended before.
    pub fn disconnect(&mut self, logon: LogonId) -> Result<(), Ending> {
        self.end(logon, Departure::Disconnected)
    }

    /// Ends a complete logon and deletes its session. A logon that is not complete is abandoned, as if its
    /// client had hung up.
    ///
    /// # Errors
    ///
    /// How the logon ended before.
    pub fn log_off(&mut self, logon: LogonId) -> Result<(), Ending> {
        self.end(logon, Departure::LoggedOff)
    }

    fn end(&mut self, logon: LogonId, departure: Departure) -> Result<(), Ending> {
        match self.living(logon)? {
            LogonPhase::LoggedOn => self.depart(logon, departure),
            _ => {
                self.tell(Fact::Abandoned { logon });
                self.take_back(logon);
            }
        }
        Ok(())
    }

    fn depart(&mut self, logon: LogonId, departure: Departure) {
        let Some(record) = self.logons.remove(&logon) else {
            return;
        };
        self.ledger.release();
        self.tell(Fact::Left { logon, departure });
        let Some(claim) = record.claim else { return };
        match departure {
            Departure::Disconnected => self.leave_disconnected(claim),
            Departure::LoggedOff => self.delete_now(claim),
            Departure::Reset => {}
        }
    }

    fn leave_disconnected(&mut self, claim: Claim) {
        if let Some(session) = self.find_mut(claim) {
            session.holder = None;
            session.name = None;
        }
        self.transition(claim, SessionState::Disconnected);
    }

    /// Takes back everything an unfinished logon holds.
    fn take_back(&mut self, logon: LogonId) {
        let Some(record) = self.logons.remove(&logon) else {
            return;
        };
        self.ledger.release();
        self.queue.take_all(&logon);
        if let Some(old) = record.old.filter(|&old| self.is_held_by(old, logon)) {
            self.leave_disconnected(old);
        }
        if let Some(claim) = record.claim {
            self.vacate(claim);
        }
    }

    fn is_held_by(&self, claim: Claim, logon: LogonId) -> bool {
        self.find(claim)
            .is_some_and(|session| session.holder == Some(logon))
    }

    /// A session was left before anybody logged on to it: the next in line gets it if no client has seen
    /// it yet, otherwise it is deleted.
    fn vacate(&mut self, claim: Claim) {
        let Some(state) = self.find(claim).map(|session| session.state) else {
            return;
        };
        let next = if state == SessionState::ConnectQuery {
            self.queue.pop_front()
        } else {
            None
        };
        match next {
            Some(next) => self.pass_on(claim, next),
            None if state.may_be_reset() => self.delete_now(claim),
            None => {}
        }
    }

    /// Resets the session `claim` names and ends the logon that holds it; says whether there was such a
    /// session. What is left is to [delete](Server::delete) it, once its processes have ended. An idle session
    /// cannot be reset, nor one that is being created: no client has it.
    pub fn reset(&mut self, claim: Claim) -> bool {
        let resettable = self
            .find(claim)
            .is_some_and(|session| session.state.may_be_reset());
        resettable && self.reset_as(Resetter::Administrator, claim, claim)
    }

    /// Resets the session `claim` names, if it is still disconnected; says whether it was.
    pub fn expire(&mut self, claim: Claim) -> bool {
        let expired = self
            .find(claim)
            .is_some_and(|session| session.state == SessionState::Disconnected);
        expired && self.reset_as(Resetter::Timer, claim, claim)
    }

    /// Resets the session `hit`, which the resetter calls `aimed`, whatever its state; says whether there
    /// was such a session. The two differ only if somebody aimed at an id that was reused.
    pub fn reset_as(&mut self, by: Resetter, aimed: Claim, hit: Claim) -> bool {
        let Some(holder) = self.find(hit).map(|session| session.holder) else {
            return false;
        };
        self.tell(Fact::Reset { by, aimed, hit });
        self.transition(hit, SessionState::Reset);
        if let Some(session) = self.find_mut(hit) {
            session.holder = None;
        }
        if let Some(logon) = holder {
            self.lose_session(logon, hit);
        }
        true
    }

    /// What losing `claim` to a reset means for the logon that held it.
    fn lose_session(&mut self, logon: LogonId, claim: Claim) {
        let Some(record) = self.logons.get_mut(&logon) else {
            return;
        };
        match record.phase {
            LogonPhase::LoggedOn => self.depart(logon, Departure::Reset),
            // The old session is lost, the logon's own is not: it goes on with that.
            LogonPhase::Swapping if record.old == Some(claim) => record.old = None,
            _ => {
                self.refuse(logon, Refusal::SessionReset);
            }
        }
    }
}
