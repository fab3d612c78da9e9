//! Single changes and bare parts: what the steps are made of, and what an allocator from outside makes steps
//! of its own of.

use super::{Logon, LogonPhase, Server, Session};
use crate::ids::{Claim, LogonId};
use crate::ledger::Ledger;
use crate::observer::{Fact, Observer};
use crate::primitives::touch;
use crate::refusal::{Ending, Refusal};
use crate::state::SessionState;
use crate::store::{Store, Table};

/// Tells an observer a fact, which may have ended the wait of the logon that it is about.
pub(super) fn tell<O: Observer>(observer: &mut O, fact: Fact) {
    if let Some(logon) = fact.ends_wait_of() {
        touch(logon);
    }
    observer.tell(fact);
}

/// Bare parts. Changing one tells nothing.
impl<O: Observer, S: Store> Server<O, S> {
    /// Tells the observer that `fact` came true: in the section in which it did, and once. Whoever waits to hear what becomes
    /// of the logon it is about is woken by the update, on every tool.
    pub fn tell(&mut self, fact: Fact) {
        tell(&mut self.observer, fact);
    }

    /// The ledger, to be changed.
    pub fn ledger_mut(&mut self) -> &mut Ledger<S::Count> {
        &mut self.ledger
    }

    /// The sessions by id, console and listener included, to be changed.
    pub fn sessions_mut(&mut self) -> &mut S::Sessions {
        &mut self.sessions
    }

    /// The session `claim` names, to be changed, unless it is gone.
    pub fn find_mut(&mut self, claim: Claim) -> Option<&mut Session> {
        self.sessions
            .get_mut(&claim.session)
            .filter(|session| session.generation == claim.generation)
    }

    /// The idle list, to be changed. [`Server::claim_or_queue`] takes from its front, [`Server::announce`] adds
    /// at its back; an allocator that prefers another order rearranges it, and one that takes a session off
    /// [assigns](Server::assign) it in the same section.
    pub fn idle_mut(&mut self) -> &mut S::Pool {
        &mut self.idle
    }

    /// The line, to be changed. The provided steps hand a session to its front without asking whether that
    /// logon still lives: whoever keeps the places of logons that are over clears the front first.
    pub fn queue_mut(&mut self) -> &mut S::Line {
        &mut self.queue
    }

    /// The logons the server knows, to be changed. One that has no record is over.
    pub fn logons_mut(&mut self) -> &mut S::Logons {
        &mut self.logons
    }

    /// How many sessions have been created: the generation of the last one.
    pub fn created(&self) -> u32 {
        self.created
    }

    /// The highest number a session was ever named with.
    pub fn named(&self) -> u32 {
        self.named
    }

    /// Sets both counters, for a harness that begins with a server in use. Every generation and every name on record
    /// must be at most as high; otherwise one of them is given out a second time.
    pub fn set_counters(&mut self, created: u32, named: u32) {
        self.created = created;
        self.named = named;
    }

    /// Notes how far a logon has come; one that is over stays over.
    pub fn advance(&mut self, logon: LogonId, phase: LogonPhase) {
        if let Some(record) = self.logons.get_mut(&logon) {
            record.phase = phase;
        }
    }

    /// Notes which session a logon is going back to. The session itself is not touched.
    pub fn note_old(&mut self, logon: LogonId, old: Claim) {
        if let Some(record) = self.logons.get_mut(&logon) {
            record.old = Some(old);
            record.phase = LogonPhase::Swapping;
        }
    }
}

/// Single changes. Each tells what it changed.
impl<O: Observer, S: Store> Server<O, S> {
    /// Brings a session into `state`; nothing happens if it is gone. Whether the edge is legal
    /// ([`SessionState::may_become`]) is for the observer to judge.
    pub fn transition(&mut self, claim: Claim, state: SessionState) {
        if let Some(session) = self.find_mut(claim) {
            let from = Some(std::mem::replace(&mut session.state, state));
            self.tell(Fact::Session {
                claim,
                from,
                to: Some(state),
            });
        }
    }

    /// Deletes a session that has been reset; any other stays.
    pub fn delete(&mut self, claim: Claim) {
        if self
            .find(claim)
            .is_some_and(|session| session.state == SessionState::Reset)
        {
            self.sessions.remove(&claim.session);
            self.tell(Fact::Session {
                claim,
                from: Some(SessionState::Reset),
                to: None,
            });
        }
    }

    /// Takes a session apart: whatever it was, it is reset and deleted. The logon that holds it, if any, is not
    /// asked and not told.
    pub fn delete_now(&mut self, claim: Claim) {
        self.transition(claim, SessionState::Reset);
        self.delete(claim);
    }

    /// Hands a session that is already connecting to another logon: its state does not change. One that is
    /// idle is [assigned](Server::assign).
    pub fn pass_on(&mut self, claim: Claim, logon: LogonId) {
        if let Some(record) = self.logons.get_mut(&logon) {
            record.claim = Some(claim);
            record.phase = LogonPhase::Claimed;
        }
        if let Some(session) = self.find_mut(claim) {
            session.holder = Some(logon);
        }
        self.tell(Fact::Claimed { logon, claim });
    }

    /// Completes a logon on a session that it holds, and says which.
    pub fn complete(&mut self, logon: LogonId, claim: Claim) -> Claim {
        self.advance(logon, LogonPhase::LoggedOn);
        self.tell(Fact::LoggedOn { logon, claim });
        self.transition(claim, SessionState::Active);
        claim
    }

    /// [Refuses](Server::refuse) a logon that sleeps in line. The answer stays on record until it has
    /// [heard](Server::heard) it.
    pub fn refuse_in_line(&mut self, logon: LogonId, refusal: Refusal) -> Ending {
        let ending = self.refuse(logon, refusal);
        let record = Logon {
            phase: LogonPhase::RefusedInLine(refusal),
            claim: None,
            old: None,
        };
        self.logons.insert(logon, record);
        ending
    }
}
