//! The world around a server in virtual time: clients that come and go, faults, an administrator.
//!
//! The allocator and its server are the same as everywhere. What it asks of the world is answered here: a client's line,
//! the license service, and what builds sessions. Every number that is drawn comes from the [plan](Plan), by its name.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use logon_core::{Claim, Fact, Generation, LogonId, SessionState};
use logon_sim::timed::Key;
use rustc_hash::FxHashMap;

use super::agenda::{Agenda, Event};
use super::client::{Client, Clients, Disconnected, Phase};
use super::digest::Digest;
use super::faults::Happened;
use super::processors::Processors;
use super::tally::Tally;
use super::witness::heard;
use crate::judge::Answer;
use crate::scenario::Plan;

/// Time in which nothing is wrong with the server's environment: it stands still while a disk is slow or a worker stalls.
#[derive(Clone, Copy, Default)]
pub(super) struct HealthyTime {
    so_far: u64,
    counted_to: u64,
    /// How many things are wrong.
    wrong: u32,
}

impl HealthyTime {
    /// How much there was by now.
    pub(super) fn at(&mut self, now: u64) -> u64 {
        if self.wrong == 0 {
            self.so_far += now - self.counted_to;
        }
        self.counted_to = now;
        self.so_far
    }

    fn begins(&mut self, now: u64) {
        self.at(now);
        self.wrong += 1;
    }

    fn ends(&mut self, now: u64) {
        self.at(now);
        self.wrong -= 1;
    }
}

/// What clients, faults and events have in common. The actors of the engine share it; none keeps it borrowed while others
/// run.
pub(super) struct World {
    pub(super) plan: Rc<Plan>,
    pub(super) now: u64,
    pub(super) agenda: Agenda,
    pub(super) processors: Processors,
    pub(super) healthy: HealthyTime,
    pub(super) clients: Clients,
    pub(super) disconnected: FxHashMap<Generation, Disconnected>,
    /// Whose call of `connect` may go on, by what the server told, and has not returned.
    unanswered: BTreeSet<LogonId>,
    /// Whether a client was told something else than what became of it.
    pub(super) is_lied_to: bool,
    /// How many clients have come.
    pub(super) came: u64,
    pub(super) tally: Tally,
    pub(super) happened: Happened,
    pub(super) digest: Digest,
    /// How many facts were told.
    pub(super) facts: u64,
    /// How many creation workers are not busy with a session.
    pub(super) idle_workers: u32,
}

/// Whether a session may be wanted now that was not: the line is longer, an idle session is taken, or a creation is over.
/// Whatever else an allocator waits for in its creation workers, they look at now and then.
fn may_create_demand(fact: &Fact) -> bool {
    let is_supply = |state| matches!(state, SessionState::Idle | SessionState::Init);
    match *fact {
        Fact::Queued { .. } => true,
        Fact::Session { from, .. } => from.is_some_and(is_supply),
        _ => false,
    }
}

/// The world, as the actors have it.
pub(super) type Shared = Rc<RefCell<World>>;

impl World {
    pub(super) fn new(plan: Rc<Plan>) -> Self {
        World {
            processors: Processors::new(plan.time().processors),
            plan,
            now: 0,
            agenda: Agenda::default(),
            healthy: HealthyTime::default(),
            clients: Clients::default(),
            disconnected: FxHashMap::default(),
            unanswered: BTreeSet::new(),
            is_lied_to: false,
            came: 0,
            tally: Tally::default(),
            happened: Happened::default(),
            digest: Digest::default(),
            facts: 0,
            idle_workers: 0,
        }
    }

    /// Hears what a section told, and adds the keys of those whose wait that may have ended.
    pub(super) fn hear(&mut self, facts: &[Fact], keys: &mut Vec<Key>) {
        self.facts += facts.len() as u64;
        for fact in facts {
            self.digest.add(self.now, fact);
            if let Some(logon) = fact.ends_wait_of() {
                keys.extend(super::calls::keys(logon));
                self.is_unanswered(logon);
            }
            if may_create_demand(fact) {
                keys.push(Key::ALIKE);
            }
            match *fact {
                Fact::Admitted { logon }
                | Fact::Queued { logon }
                | Fact::Claimed { logon, .. }
                | Fact::Refused { logon, .. }
                | Fact::Abandoned { logon }
                | Fact::Left { logon, .. } => self.hear_of(logon, fact),
                Fact::Session { claim, from, to } => {
                    self.tally.hear(fact, false, false);
                    if to == Some(SessionState::Disconnected) {
                        self.is_disconnected(claim);
                    } else if from == Some(SessionState::Disconnected)
                        && self.disconnected.remove(&claim.generation).is_some()
                        && to == Some(SessionState::ConnectQuery)
                    {
                        self.happened.came_back_to_a_session += 1;
                    }
                }
                _ => {}
            }
        }
    }

    fn hear_of(&mut self, logon: LogonId, fact: &Fact) {
        let Some(client) = self.clients.get_mut(logon) else {
            return;
        };
        let (stood, was_held) = (client.stands_in_line, client.is_held);
        client.stands_in_line = match fact {
            Fact::Queued { .. } => true,
            Fact::Admitted { .. } => stood,
            _ => false,
        };
        client.is_held = match fact {
            Fact::Admitted { .. } => true,
            Fact::Queued { .. } | Fact::Claimed { .. } => was_held,
            _ => false,
        };
        self.happened.waited_in_line += u64::from(!stood && matches!(fact, Fact::Queued { .. }));
        self.tally.hear(fact, stood, was_held);
    }

    /// If a client connects, its call has something to return for.
    fn is_unanswered(&mut self, logon: LogonId) {
        let connects = |client: &Client| {
            client.is_in_call && matches!(client.phase, Phase::Connecting | Phase::Leaving)
        };
        if self.clients.get(logon).is_some_and(connects) {
            self.unanswered.insert(logon);
        }
    }

    /// The client's call returned this, which is judged; nobody owes it an answer.
    pub(super) fn has_answer(&mut self, logon: LogonId, answer: Answer) {
        self.unanswered.remove(&logon);
        self.is_lied_to |= heard(|heard| {
            let had_fallen = heard.has_fallen();
            if !had_fallen {
                heard.judge.told_what_is_so(logon, answer);
            }
            !had_fallen && heard.has_fallen()
        });
        if let Some(client) = self.clients.get_mut(logon) {
            client.is_in_call = false;
        }
    }

    /// Somebody whose call sleeps, and not for a license, although it may go on: nobody can act any more at this moment.
    pub(super) fn asleep(&self) -> Option<LogonId> {
        if self.unanswered.is_empty() {
            return None;
        }
        let awaits_license = |logon| {
            let client = self.clients.get(logon);
            client.is_some_and(|client| client.awaits_license)
        };
        let mut unanswered = self.unanswered.iter().copied();
        heard(|heard| {
            unanswered.find(|&logon| !awaits_license(logon) && heard.judge.may_go_on(logon))
        })
    }

    fn is_disconnected(&mut self, claim: Claim) {
        let disconnected = Disconnected {
            claim,
            since: self.now,
        };
        self.disconnected.insert(claim.generation, disconnected);
        if let Some(after) = self.plan.time().disconnect_time_out {
            self.agenda
                .add(self.now + after, Event::TimesOut(disconnected));
        }
    }

    /// Something is wrong with the environment from now on.
    pub(super) fn goes_wrong(&mut self) {
        let now = self.now;
        self.healthy.begins(now);
    }

    /// It is right again.
    pub(super) fn is_right_again(&mut self) {
        let now = self.now;
        self.healthy.ends(now);
    }

    /// A client is gone for good.
    pub(super) fn is_gone(&mut self, logon: LogonId) {
        if let Some(client) = self.clients.get_mut(logon) {
            client.phase = Phase::Gone;
        }
        self.forget(logon);
    }

    /// A call on behalf of a client has returned.
    pub(super) fn has_returned(&mut self, logon: LogonId) {
        if let Some(client) = self.clients.get_mut(logon) {
            client.calls -= 1;
        }
        self.forget(logon);
    }

    fn forget(&mut self, logon: LogonId) {
        if self.clients.forget(logon) {
            heard(|heard| heard.judge.last_call(logon));
        }
    }

    /// One more client is there, perhaps only until this moment is over.
    pub(super) fn has_come(&mut self) {
        self.count_clients();
        self.tally.most.clients = self.tally.most.clients.max(self.tally.now.clients);
    }

    /// Brings the count of clients up to date.
    pub(super) fn count_clients(&mut self) {
        self.tally.now.clients = u32::try_from(self.clients.len()).unwrap_or(u32::MAX);
    }
}
