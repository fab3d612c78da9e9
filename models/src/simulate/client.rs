//! Clients as records: only a call that is under way has a stack.

use logon_core::{Claim, LogonId, UserId};
use rustc_hash::FxHashMap;

/// How far a client has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// It waits for its prompt.
    Connecting,
    /// It has lost patience, or has hung up at its prompt.
    Leaving,
    /// It sees its prompt.
    AtPrompt,
    /// Its user is logged on, or about to be.
    LoggedOn,
    /// It is gone; a call of it may be under way.
    Gone,
}

/// A client that has one connection: one that comes back is another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    pub(super) logon: LogonId,
    /// Its number in the plan, and which of its connections it is, from 0.
    pub(super) number: u64,
    pub(super) attempt: u32,
    pub(super) user: UserId,
    pub(super) is_flood: bool,
    pub(super) phase: Phase,
    /// Whether its line is up.
    pub(super) is_up: bool,
    pub(super) arrived: u64,
    /// How many calls are under way on its behalf.
    pub(super) calls: u32,
    /// Whether it is in a call that owes it an answer.
    pub(super) is_in_call: bool,
    /// Whether it waits for the license service.
    pub(super) awaits_license: bool,
    /// By what the server told: whether it is in line, and whether it is held.
    pub(super) stands_in_line: bool,
    pub(super) is_held: bool,
}

/// The clients that are there, by logon.
#[derive(Default)]
pub(super) struct Clients(FxHashMap<LogonId, Client>);

impl Clients {
    pub(super) fn add(&mut self, client: Client) {
        self.0.insert(client.logon, client);
    }

    /// The client of this logon, if it is still there.
    pub(super) fn get(&self, logon: LogonId) -> Option<&Client> {
        self.0.get(&logon)
    }

    pub(super) fn get_mut(&mut self, logon: LogonId) -> Option<&mut Client> {
        self.0.get_mut(&logon)
    }

    /// Forgets a client that is gone and for whom nobody calls any more; says whether it was one.
    pub(super) fn forget(&mut self, logon: LogonId) -> bool {
        let is_over = |client: &Client| client.phase == Phase::Gone && client.calls == 0;
        let is_over = self.0.get(&logon).is_some_and(is_over);
        if is_over {
            self.0.remove(&logon);
        }
        is_over
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The logons of all, in their order.
    pub(super) fn logons(&self) -> Vec<LogonId> {
        let mut logons: Vec<LogonId> = self.0.keys().copied().collect();
        logons.sort_unstable();
        logons
    }
}

/// A disconnected session, until its user comes back or it is reset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Disconnected {
    pub(super) claim: Claim,
    /// Since when: a time-out that was set for an earlier time is cancelled.
    pub(super) since: u64,
}
