//! A logon on its way to a session: admission, claim, attachment, arbitration.

use super::{Logon, LogonPhase, Server};
use crate::ids::{Claim, LogonId, StationName, UserId};
use crate::observer::{Fact, Observer};
use crate::refusal::{DropReason, Ending, Refusal};
use crate::state::SessionState;
use crate::store::{Queue, Store, Table};
use crate::symmetric;

/// What arbitration decided.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Arbitration {
    /// The logon keeps its own session, and is complete.
    Own(Claim),
    /// The user has a disconnected session: the logon is to swap.
    Reconnect,
}
symmetric! { enum Arbitration { Own(claim), Reconnect } }

impl<O: Observer, S: Store> Server<O, S> {
    /// Notes that a logon has arrived, and turns it away when logons are disabled.
    ///
    /// # Errors
    ///
    /// [`Refusal::LogonsDisabled`].
    ///
    /// # Panics
    ///
    /// When the embedder uses the id of a logon that is still known.
    pub fn arrive(&mut self, logon: LogonId) -> Result<(), Ending> {
        assert!(
            !self.logons.contains_key(&logon),
            "the embedder chose {logon} for a second logon while the first is still known"
        );
        self.tell(Fact::Arrived { logon });
        if self.logons_enabled {
            Ok(())
        } else {
            Err(self.refuse(logon, Refusal::LogonsDisabled))
        }
    }

    /// Puts a logon that holds a permit on record.
    pub fn register(&mut self, logon: LogonId) {
        let record = Logon {
            phase: LogonPhase::Admitted,
            claim: None,
            old: None,
        };
        self.logons.insert(logon, record);
        self.tell(Fact::Admitted { logon });
    }

    /// Admits a logon, or refuses it when all permits are out.
    ///
    /// # Errors
    ///
    /// [`Refusal::LogonsDisabled`] or [`Refusal::MaxConnections`].
    ///
    /// # Panics
    ///
    /// As [`Server::arrive`].
    pub fn admit(&mut self, logon: LogonId) -> Result<(), Ending> {
        self.arrive(logon)?;
        if !self.ledger.try_acquire() {
            return Err(self.refuse(logon, Refusal::MaxConnections));
        }
        self.register(logon);
        Ok(())
    }

    /// How far a logon has come.
    ///
    /// # Errors
    ///
    /// It is over: refused while it waited in line, or gone because its client left or another party ended
    /// it.
    pub fn living(&self, logon: LogonId) -> Result<LogonPhase, Ending> {
        match self.logons.get(&logon).map(|record| record.phase) {
            None => Err(Ending::Gone),
            Some(LogonPhase::RefusedInLine(refusal)) => Err(Ending::Refused(refusal)),
            Some(phase) => Ok(phase),
        }
    }

    /// Takes the oldest idle session, or a place in line when there is none. Nobody is overtaken: while there
    /// is a line, no session is idle.
    ///
    /// # Errors
    ///
    /// The logon is over.
    pub fn claim_or_queue(&mut self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        self.living(logon)?;
        let claim = self.idle.pop_front();
        match claim {
            Some(claim) => self.assign(claim, logon),
            None => self.enqueue(logon),
        }
        Ok(claim)
    }

    /// Puts a logon at the end of the line.
    pub fn enqueue(&mut self, logon: LogonId) {
        self.queue.push_back(logon);
        self.advance(logon, LogonPhase::Queued);
        self.tell(Fact::Queued { logon });
    }

    /// Takes one particular session off the idle list; says whether it was there.
    pub fn take_idle(&mut self, claim: Claim) -> bool {
        self.idle.take(&claim)
    }

    /// Makes `logon` the holder of a session that is off the idle list.
    pub fn assign(&mut self, claim: Claim, logon: LogonId) {
        if let Some(record) = self.logons.get_mut(&logon) {
            record.claim = Some(claim);
            record.phase = LogonPhase::Claimed;
        }
        if let Some(session) = self.find_mut(claim) {
            session.holder = Some(logon);
        }
        self.tell(Fact::Claimed { logon, claim });
        self.transition(claim, SessionState::ConnectQuery);
    }

    /// What a logon in line waits to hear: the session it was handed, or that it is over.
    pub fn heard(&mut self, logon: LogonId) -> Option<Result<Claim, Ending>> {
        match self.living(logon) {
            Err(ending) => {
                self.logons.remove(&logon);
                Some(Err(ending))
            }
            Ok(_) => self.logons[&logon].claim.map(Ok),
        }
    }

    /// The name after the last one given. A number is not given twice, so which names are free again makes
    /// no difference to what happens next.
    pub fn next_name(&self) -> StationName {
        StationName(self.named + 1)
    }

    /// Whether a live session has this name.
    pub fn is_named(&self, name: StationName) -> bool {
        self.sessions.any(|session| session.name == Some(name))
    }

    /// Connects the client to its session under the next name, and shows the logon prompt.
    ///
    /// # Errors
    ///
    /// The logon is over; or it is dropped, because its session is not there or not ready. The fixed
    /// algorithm never drops it.
    pub fn attach(&mut self, logon: LogonId) -> Result<Claim, Ending> {
        self.attach_as(logon, self.next_name())
    }

    /// [`Server::attach`] with a name chosen before.
    ///
    /// # Errors
    ///
    /// As [`Server::attach`].
    pub fn attach_as(&mut self, logon: LogonId, name: StationName) -> Result<Claim, Ending> {
        self.living(logon)?;
        let Some(claim) = self.logons.get(&logon).and_then(|record| record.claim) else {
            return Err(self.refuse(logon, Refusal::Dropped(DropReason::NotFound)));
        };
        self.tell(Fact::Attaching { logon, claim });
        match self.find_mut(claim) {
            None => Err(self.refuse(logon, Refusal::Dropped(DropReason::NotFound))),
            Some(session) if !session.loaded => {
                Err(self.refuse(logon, Refusal::Dropped(DropReason::NotReady)))
            }
            Some(session) => {
                session.name = Some(name);
                self.named = self.named.max(name.0);
                self.advance(logon, LogonPhase::AtPrompt);
                self.tell(Fact::Attached { logon, claim, name });
                self.transition(claim, SessionState::Connected);
                Ok(claim)
            }
        }
    }

    /// Decides between the logon's own session and a disconnected one of the user, and claims the latter
    /// at once, so that no timer can take it away. The logon is at the prompt.
    ///
    /// # Errors
    ///
    /// The logon is over; or it is dropped, because its session is not there. The fixed algorithm never
    /// drops it.
    pub fn arbitrate(&mut self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
        self.living(logon)?;
        let old = self.disconnected_session_of(user);
        self.tell(Fact::Arbitrated { logon, user, old });
        let Some(old) = old else {
            return self.keep_own(logon, user).map(Arbitration::Own);
        };
        self.note_old(logon, old);
        if let Some(session) = self.find_mut(old) {
            session.holder = Some(logon);
        }
        self.transition(old, SessionState::ConnectQuery);
        Ok(Arbitration::Reconnect)
    }

    /// Attaches the client to the old session and deletes the temporary one; if the old one was reset in
    /// the meantime, the logon keeps its own.
    ///
    /// # Errors
    ///
    /// As [`Server::arbitrate`].
    pub fn swap(&mut self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
        self.living(logon)?;
        let record = &self.logons[&logon];
        let (Some(old), temporary) = (record.old, record.claim) else {
            return self.keep_own(logon, user);
        };
        let name = temporary
            .and_then(|claim| self.find(claim))
            .and_then(|session| session.name);
        if let Some(temporary) = temporary {
            self.delete_now(temporary);
        }
        if let Some(session) = self.find_mut(old) {
            session.name = name;
            session.holder = Some(logon);
        }
        if let Some(record) = self.logons.get_mut(&logon) {
            record.claim = Some(old);
            record.old = None;
        }
        Ok(self.complete(logon, old))
    }

    fn keep_own(&mut self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
        let own = self.logons.get(&logon).and_then(|record| record.claim);
        let Some(session) = own.and_then(|claim| self.find_mut(claim)) else {
            return Err(self.refuse(logon, Refusal::Dropped(DropReason::NotFound)));
        };
        session.user = Some(user);
        Ok(self.complete(logon, own.expect("a session was just found by this claim")))
    }
}
