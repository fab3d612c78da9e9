//! The judgment at rest, when nobody can move.

use std::collections::BTreeSet;

use logon_core::observer::Departure;
use logon_core::server::Stock;
use logon_core::{Claim, Ending, LogonId, Moment, Refusal, SessionState, UserId};

use super::ghost::{GhostLogon, Stage};
use super::outcome::expected_event;
use super::property::Property;
use super::{Judge, Records};

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
    /// Sessions on record as disconnected.
    pub disconnected: BTreeSet<Claim>,
}

impl From<Stock> for Inventory {
    fn from(stock: Stock) -> Self {
        let Stock {
            permits_in_use,
            idle,
            line,
            occupied,
            disconnected,
        } = stock;
        Inventory {
            permits_in_use,
            idle,
            queue: line,
            occupied,
            disconnected,
        }
    }
}

/// What a call returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Answer {
    /// `connect`: it is at the prompt of this session.
    Prompt(Claim),
    /// `log_on`: it is logged on to this session.
    Home(Claim),
    /// `disconnect` and `log_off`: it has left like this.
    Departed(Departure),
    /// Any of them: the logon has ended.
    Ended(Ending),
    /// `hang_up`: it returned.
    HungUp,
    /// `enable_logons`: it returned; they are to be enabled, or disabled.
    Switched(bool),
    /// `look_up`: the session it found.
    LookedUp(Option<Claim>),
    /// `reset` and `expire`: whether they say that they hit.
    WasReset(bool),
    /// `await_disconnected`: the disconnected session of the user, if it found one.
    Noticed(Option<Claim>),
}

/// How everybody came to rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rest {
    /// The logons whose client is still inside a call.
    pub unfinished: Vec<LogonId>,
    /// Those of them that wait for the license service to reply.
    pub unlicensed: BTreeSet<LogonId>,
    /// Whether a call of an administrator or a cutter has not returned.
    pub others_unfinished: bool,
    /// The users for whose disconnected session a timer still waits.
    pub timed: Vec<UserId>,
    /// What the clients' calls returned.
    pub answers: Vec<(LogonId, Answer)>,
    /// What the allocator says it has.
    pub inventory: Inventory,
}

impl<R: Records> Judge<R> {
    /// Judges a state in which nobody can move.
    pub fn rest(&mut self, rest: &Rest) {
        self.termination_and_isolation(&rest.unfinished, &rest.unlicensed);
        self.others_terminate(rest.others_unfinished);
        self.timers_notice(&rest.timed);
        self.work_conservation();
        self.pool_refill();
        self.cleanup();
        self.conservation(&rest.inventory);
        self.sessions_are_as_their_logons();
        self.every_event_logged();
        for &(logon, answer) in &rest.answers {
            self.told_what_is_so(logon, answer);
        }
        self.gone_is_gone(&rest.answers);
    }

    /// L1, for those who are no clients.
    pub(super) fn others_terminate(&mut self, unfinished: bool) {
        if unfinished {
            let what = "never lets the call of an administrator or a cutter return";
            self.violated(Property::Termination, None, None, what);
        }
    }

    /// L1, for timers: who waits for a disconnected session of a user finds it.
    fn timers_notice(&mut self, timed: &[UserId]) {
        let missed = self.records.sessions().find(|(_, session)| {
            session.state == SessionState::Disconnected
                && session.user.is_some_and(|user| timed.contains(&user))
        });
        if let Some((claim, _)) = missed {
            let what = "is disconnected, and its time-out never comes";
            self.violated(Property::Termination, None, Some(claim), what);
        }
    }

    /// S4, for a client that leaves by itself: nothing is kept for it.
    fn gone_is_gone(&mut self, answers: &[(LogonId, Answer)]) {
        for &(logon, answer) in answers {
            let leaves = self.truth.leaves.get(&logon);
            let served = match answer {
                Answer::Prompt(_) => leaves.is_some_and(|moment| *moment <= Moment::Claimed),
                Answer::Home(_) => leaves.is_some_and(|moment| *moment <= Moment::AtPrompt),
                _ => false,
            };
            if served {
                let what = "is served although its client has left";
                self.violated(Property::Conservation, Some(logon), None, what);
            }
        }
    }

    /// L1 and L5. A logon that waits for a license reply that never comes may wait for ever.
    pub(super) fn termination_and_isolation(
        &mut self,
        unfinished: &[LogonId],
        unlicensed: &BTreeSet<LogonId>,
    ) {
        for &logon in unfinished
            .iter()
            .filter(|logon| !unlicensed.contains(logon))
        {
            if unlicensed.iter().any(|&other| other != logon) {
                let what = "waits for ever while another client's license reply never comes";
                self.violated(Property::Isolation, Some(logon), None, what);
            } else {
                self.violated(Property::Termination, Some(logon), None, "waits for ever");
            }
        }
    }

    /// L2.
    pub(super) fn work_conservation(&mut self) {
        let Some(waiting) = self.records.oldest() else {
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
        if let Some(claim) = self.records.first_ended() {
            self.violated(Property::Cleanup, None, Some(claim), "is never deleted");
        }
    }

    /// S4.
    fn conservation(&mut self, inventory: &Inventory) {
        if inventory.permits_in_use != self.records.held() {
            let what = "counts other permits than are out";
            self.violated(Property::Conservation, None, None, what);
        }
        let told = |state| {
            let sessions = self.records.sessions();
            let those = sessions.filter(move |(_, session)| session.state == state);
            those.map(|(claim, _)| claim).collect::<BTreeSet<Claim>>()
        };
        let idle = told(SessionState::Idle);
        let disconnected = told(SessionState::Disconnected);
        if inventory.idle != idle {
            let what = "has other sessions on its idle list than are idle";
            self.violated(Property::Conservation, None, None, what);
        }
        if let Some(&lost) = disconnected.difference(&inventory.disconnected).next() {
            let what = "was left disconnected, and is not on record as that";
            self.violated(Property::Conservation, None, Some(lost), what);
        } else if let Some(&odd) = inventory.disconnected.difference(&disconnected).next() {
            let what = "is on record as disconnected, and nobody left it so";
            self.violated(Property::Conservation, None, Some(odd), what);
        }
        if !self.records.line().eq(inventory.queue.iter().copied()) {
            let what = "has other logons in line than wait";
            self.violated(Property::Conservation, None, None, what);
        }
        let held = self.records.logons().filter(|(_, ghost)| ghost.is_held());
        let held: BTreeSet<Claim> = held.filter_map(|(_, ghost)| ghost.claim).collect();
        if let Some(&lost) = inventory.occupied.difference(&held).next() {
            let what = "is occupied, and no living logon holds it";
            self.violated(Property::Conservation, None, Some(lost), what);
        } else if let Some(&lost) = held.difference(&inventory.occupied).next() {
            let what = "is held by a living logon, and not occupied";
            self.violated(Property::Conservation, None, Some(lost), what);
        }
    }

    /// S4: whoever is logged on has an active session, and whoever is at the prompt one that is connected.
    fn sessions_are_as_their_logons(&mut self) {
        let fits = |ghost: &GhostLogon| {
            let session = ghost.claim.and_then(|claim| self.records.session(claim));
            let state = session.map(|session| session.state);
            match ghost.stage {
                Stage::LoggedOn => state == Some(SessionState::Active),
                Stage::AtPrompt => state == Some(SessionState::Connected),
                _ => true,
            }
        };
        let odd = self.records.logons().find(|(_, ghost)| !fits(ghost));
        if let Some((logon, ghost)) = odd {
            let claim = ghost.claim;
            let what = "has a session that is in another state than it is itself";
            self.violated(Property::Conservation, Some(logon), claim, what);
        }
    }

    /// S9, at the end: every refusal that has an event has had it.
    fn every_event_logged(&mut self) {
        let silent = self.records.logons().find(|(_, ghost)| match ghost.stage {
            Stage::Refused(refusal) => expected_event(refusal).is_some() && !ghost.logged,
            _ => false,
        });
        if let Some((logon, _)) = silent {
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
        let refusal = |(logon, ghost): (LogonId, &GhostLogon)| match ghost.stage {
            Stage::Refused(refusal) => Some((logon, refusal)),
            _ => None,
        };
        self.records.logons().filter_map(refusal).collect()
    }
}
