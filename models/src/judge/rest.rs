//! The judgment at rest, when nobody can move.

use std::collections::BTreeSet;

use logon_core::ids::FIRST_SESSION;
use logon_core::observer::Departure;
use logon_core::{Claim, Ending, LogonId, Moment, Observer, Refusal, Server, SessionState};

use super::Judge;
use super::ghost::Stage;
use super::outcome::expected_event;
use super::property::Property;

/// What the allocator says it has, read when nobody moves. This is the one place where the judge looks at
/// the allocator's own accounts: to compare them with its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inventory {
    /// Permits that are out.
    pub permits_in_use: u32,
    /// The idle list.
    pub idle: BTreeSet<Claim>,
    /// The line.
    pub queue: Vec<LogonId>,
    /// Sessions occupied by a client, or about to be.
    pub occupied: BTreeSet<Claim>,
}

impl Inventory {
    /// Takes stock of a server.
    pub fn of<O: Observer>(server: &Server<O>) -> Self {
        let occupied = |state| {
            matches!(
                state,
                SessionState::Active
                    | SessionState::Connected
                    | SessionState::ConnectQuery
                    | SessionState::Shadow
            )
        };
        let clients = server.sessions().range(FIRST_SESSION..);
        Inventory {
            permits_in_use: server.ledger().in_use(),
            idle: server.idle().iter().copied().collect(),
            queue: server.queue().iter().copied().collect(),
            occupied: clients
                .filter(|(_, session)| occupied(session.state))
                .map(|(&id, session)| Claim {
                    session: id,
                    generation: session.generation,
                })
                .collect(),
        }
    }
}

/// What a call of a client returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// `connect`: it is at the prompt of this session.
    Prompt(Claim),
    /// `log_on`: it is logged on to this session.
    Home(Claim),
    /// `disconnect` and `log_off`: it has left like this.
    Departed(Departure),
    /// Any of them: the logon has ended.
    Ended(Ending),
}

/// How everybody came to rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rest {
    /// The logons whose client is still inside a call.
    pub unfinished: Vec<LogonId>,
    /// Whether a call of an administrator or a cutter has not returned.
    pub others_unfinished: bool,
    /// What the clients' calls returned.
    pub answers: Vec<(LogonId, Answer)>,
    /// What the allocator says it has.
    pub inventory: Inventory,
}

impl Judge {
    /// Judges a state in which nobody can move.
    pub fn rest(&mut self, rest: &Rest) {
        self.termination_and_isolation(&rest.unfinished);
        self.others_terminate(rest.others_unfinished);
        self.work_conservation();
        self.pool_refill();
        self.cleanup();
        self.conservation(&rest.inventory);
        self.every_event_logged();
        self.told_what_is_so(&rest.answers);
        self.gone_is_gone(&rest.answers);
    }

    /// L1, for those who are no clients.
    pub(super) fn others_terminate(&mut self, unfinished: bool) {
        if unfinished {
            let what = "never lets a call of an administrator or a cutter return";
            self.violated(Property::Termination, None, None, what);
        }
    }

    /// S9, towards the client: what it was told is what became of it.
    fn told_what_is_so(&mut self, answers: &[(LogonId, Answer)]) {
        for &(logon, answer) in answers {
            let ghost = self.logons.get(&logon);
            let so = match answer {
                Answer::Prompt(claim) => ghost.and_then(|ghost| ghost.prompt) == Some(claim),
                Answer::Home(claim) => ghost.and_then(|ghost| ghost.home) == Some(claim),
                Answer::Departed(departure) => {
                    ghost.and_then(|ghost| ghost.departed) == Some(departure)
                }
                Answer::Ended(Ending::Refused(refusal)) => {
                    ghost.is_some_and(|ghost| ghost.stage == Stage::Refused(refusal))
                }
                // A client that leaves before it arrives is unknown, and nobody else may be.
                Answer::Ended(Ending::Gone) => match ghost {
                    Some(ghost) => ghost.is_over(),
                    None => self.truth.leaves.contains_key(&logon),
                },
            };
            if !so {
                let what = "is told something else than what became of it";
                self.violated(Property::OneOutcome, Some(logon), None, what);
            }
        }
    }

    /// S4, for a client that leaves by itself: nothing is kept for it.
    fn gone_is_gone(&mut self, answers: &[(LogonId, Answer)]) {
        for &(logon, answer) in answers {
            let leaves = self.truth.leaves.get(&logon);
            let served = match answer {
                Answer::Prompt(_) => leaves.is_some_and(|moment| *moment <= Moment::Claimed),
                Answer::Home(_) => leaves.is_some_and(|moment| *moment <= Moment::AtPrompt),
                Answer::Departed(_) | Answer::Ended(_) => false,
            };
            if served {
                let what = "is served although its client has left";
                self.violated(Property::Conservation, Some(logon), None, what);
            }
        }
    }

    /// L1 and L5. A logon that waits for a license reply that never comes may wait for ever.
    pub(super) fn termination_and_isolation(&mut self, unfinished: &[LogonId]) {
        let hung = |judge: &Judge, logon| {
            let admitted = judge
                .logons
                .get(&logon)
                .is_some_and(|ghost| ghost.stage == Stage::Serving);
            judge.truth.never_answered.contains(&logon) && (admitted || judge.is_over(logon))
        };
        let stuck: Vec<_> = unfinished
            .iter()
            .copied()
            .filter(|&logon| !hung(self, logon))
            .collect();
        for logon in stuck {
            if self.truth.never_answered.is_empty() {
                self.violated(Property::Termination, Some(logon), None, "waits for ever");
            } else {
                let what = "waits for ever while another client's license reply never comes";
                self.violated(Property::Isolation, Some(logon), None, what);
            }
        }
    }

    fn is_over(&self, logon: LogonId) -> bool {
        self.logons.get(&logon).is_some_and(|ghost| ghost.is_over())
    }

    /// L2.
    pub(super) fn work_conservation(&mut self) {
        let Some(&waiting) = self.line.first() else {
            return;
        };
        if self.count(SessionState::Idle) > 0 {
            let what = "waits in line for ever while a session is idle";
            self.violated(Property::WorkConservation, Some(waiting), None, what);
        } else if self.count(SessionState::Init) < self.truth.creation_workers {
            let what = "waits in line for ever while a session could be created";
            self.violated(Property::WorkConservation, Some(waiting), None, what);
        }
    }

    /// L3. There may be more idle sessions than the target: demand may have been withdrawn.
    pub(super) fn pool_refill(&mut self) {
        if self.count(SessionState::Idle) < self.truth.idle_pool {
            self.violated(
                Property::PoolRefill,
                None,
                None,
                "leaves the idle pool short for ever",
            );
        }
    }

    /// L4.
    pub(super) fn cleanup(&mut self) {
        let left = self
            .sessions
            .iter()
            .find(|(_, session)| matches!(session.state, SessionState::Reset | SessionState::Down));
        if let Some((&claim, _)) = left {
            self.violated(Property::Cleanup, None, Some(claim), "is never deleted");
        }
    }

    /// S4.
    fn conservation(&mut self, inventory: &Inventory) {
        if inventory.permits_in_use != self.occupancy_without(None) {
            let what = "counts other permits than are out";
            self.violated(Property::Conservation, None, None, what);
        }
        let idle = self
            .sessions
            .iter()
            .filter(|(_, session)| session.state == SessionState::Idle);
        let idle: BTreeSet<Claim> = idle.map(|(&claim, _)| claim).collect();
        if inventory.idle != idle {
            let what = "has other sessions on its idle list than are idle";
            self.violated(Property::Conservation, None, None, what);
        }
        if inventory.queue != self.line {
            let what = "has other logons in line than wait";
            self.violated(Property::Conservation, None, None, what);
        }
        let held = self.logons.values().filter(|ghost| ghost.is_held());
        let held: BTreeSet<Claim> = held.filter_map(|ghost| ghost.claim).collect();
        if let Some(&lost) = inventory.occupied.symmetric_difference(&held).next() {
            let what = "is occupied by no living logon, or held and not occupied";
            self.violated(Property::Conservation, None, Some(lost), what);
        }
    }

    /// S9, at the end: every refusal that has an event has had it.
    fn every_event_logged(&mut self) {
        let silent = self.logons.iter().find(|(_, ghost)| match ghost.stage {
            Stage::Refused(refusal) => expected_event(refusal).is_some() && !ghost.logged,
            _ => false,
        });
        if let Some((&logon, _)) = silent {
            self.violated(
                Property::OneOutcome,
                Some(logon),
                None,
                "is refused without its event",
            );
        }
    }

    /// The refusals told so far, in the order of the logons.
    pub fn refusals(&self) -> Vec<(LogonId, Refusal)> {
        let refusal = |(&logon, ghost): (&LogonId, &super::ghost::GhostLogon)| match ghost.stage {
            Stage::Refused(refusal) => Some((logon, refusal)),
            _ => None,
        };
        self.logons.iter().filter_map(refusal).collect()
    }
}
