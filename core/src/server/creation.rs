//! How sessions come to be: demand, creation in two steps, hand-off.

use super::{Server, Session};
use crate::ids::{Claim, FIRST_SESSION, Generation, SessionId};
use crate::observer::{Fact, Observer};
use crate::refusal::Refusal;
use crate::state::SessionState;
use crate::store::{Queue, Sessions, Store, Table};
use crate::symmetric;

/// What a creation worker is to do next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Demand {
    /// Create the session that this claim names; its record exists, in `Init`.
    Create(Claim),
    /// The server shuts down and nothing is left to create.
    Stop,
}
symmetric! { enum Demand { Create(claim), Stop } }

impl<O: Observer, S: Store> Server<O, S> {
    /// What there is to do for a creation worker, if anything.
    ///
    /// Level-triggered: it looks at how many sessions there are and how many are wanted, never at how often
    /// somebody asked.
    pub fn demand(&mut self) -> Option<Demand> {
        if self.lacks_sessions() {
            Some(Demand::Create(self.begin_creation()))
        } else {
            self.closing.then_some(Demand::Stop)
        }
    }

    fn lacks_sessions(&self) -> bool {
        let creating = self.creating();
        let supply = self.idle.len() + creating;
        let wanted = self.settings.idle_pool + self.queue.len();
        supply < wanted && creating < self.settings.creation_workers
    }

    /// How many sessions are being created.
    pub fn creating(&self) -> S::Count {
        self.sessions.creating()
    }

    /// Puts a new session on record, in `Init`.
    pub fn begin_creation(&mut self) -> Claim {
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
        self.tell(Fact::Session {
            claim,
            from: None,
            to: Some(SessionState::Init),
        });
        claim
    }

    /// The lowest free id if ids are reused, otherwise one that was never given.
    fn free_id(&self) -> SessionId {
        if !self.settings.reuse_ids {
            return SessionId(FIRST_SESSION.0 + self.created - 1);
        }
        self.sessions.lowest_free()
    }

    /// Ends a creation: the session is ready, and goes to the oldest logon in line or on the idle list.
    pub fn publish(&mut self, claim: Claim) {
        self.finish_loading(claim);
        self.announce(claim);
    }

    /// Notes that a session's subsystem has finished initializing.
    pub fn finish_loading(&mut self, claim: Claim) {
        if let Some(session) = self.find_mut(claim) {
            session.loaded = true;
            self.tell(Fact::Loaded { claim });
        }
    }

    /// Declares a new session idle and hands it to the oldest logon in line; without a line it joins the pool.
    pub fn announce(&mut self, claim: Claim) {
        self.transition(claim, SessionState::Idle);
        match self.queue.pop_front() {
            Some(oldest) => self.assign(claim, oldest),
            None => self.idle.push_back(claim),
        }
    }

    /// Ends a creation that failed: the session is down, and the oldest logon in line, if any, is refused. It
    /// sleeps, so the answer stays on record until it has [heard](Server::heard) it.
    ///
    /// That a failure costs somebody their logon is a reconstruction; retrying for ever would be the other
    /// choice, and a client would then wait for a server that cannot serve it.
    pub fn fail_creation(&mut self, claim: Claim) {
        self.transition(claim, SessionState::Down);
        if let Some(oldest) = self.queue.pop_front() {
            self.refuse_in_line(oldest, Refusal::CreationFailed);
        }
    }

    /// Deletes a session that is down.
    pub fn clear_down(&mut self, claim: Claim) {
        if self
            .find(claim)
            .is_some_and(|session| session.state == SessionState::Down)
        {
            self.delete_now(claim);
        }
    }
}
