//! What each fact means: which properties may fall with it, and what the judge believes from then on.

use logon_core::{Fact, LogonId};

use super::Judge;
use super::ghost::{GhostLogon, Stage};
use super::property::Property;

impl Judge {
    pub(super) fn hear(&mut self, fact: Fact) {
        match fact {
            Fact::Arrived { logon } => {
                if self.logons.contains_key(&logon) {
                    let what = "arrives a second time";
                    self.violated(Property::OneOutcome, Some(logon), None, what);
                    return;
                }
                let mut overlapped = false;
                // Without a maximum nobody is refused for others, and nobody asks who they were.
                if self.truth.max_connections.is_some() {
                    let others = self.logons.values_mut();
                    for other in others.filter(|ghost| ghost.stage == Stage::Arrived) {
                        other.overlapped = true;
                        overlapped = true;
                    }
                }
                self.logons.insert(logon, GhostLogon::new(overlapped));
            }
            Fact::Admitted { logon } => {
                if self.one_outcome(logon) {
                    self.not_against_the_rules(logon);
                    self.stage(logon, Stage::Serving);
                    self.capacity(logon);
                    self.admission_told(logon);
                }
            }
            Fact::Queued { logon } => {
                self.one_outcome(logon);
                self.permitted(logon);
                self.line.push(logon);
            }
            Fact::Claimed { logon, claim } => {
                if self.one_outcome(logon) {
                    self.permitted(logon);
                    self.exists(logon, claim);
                }
                self.overtaking(logon);
                self.one_holder(logon, claim);
                self.with(logon, |ghost| ghost.claim = Some(claim));
            }
            Fact::Attaching { logon, claim } => {
                self.held_by(logon, claim);
                self.initialized(logon, claim);
            }
            Fact::Attached { logon, claim, name } => {
                if self.one_outcome(logon) {
                    self.held_by(logon, claim);
                    self.not_served_unlicensed(logon);
                }
                self.unique_name(claim, name);
                self.with(logon, |ghost| {
                    ghost.prompt = Some(claim);
                    ghost.name = Some(name);
                    if !ghost.is_over() {
                        ghost.stage = Stage::AtPrompt;
                    }
                });
            }
            Fact::Arbitrated { logon, user, old } => {
                self.reconnect_offered(logon, user, old);
                self.with(logon, |ghost| {
                    ghost.user = Some(user);
                    ghost.old = old.map(|old| (old, false));
                });
            }
            Fact::LoggedOn { logon, claim } => self.logged_on(logon, claim),
            Fact::Refused { logon, refusal } => self.refused(logon, refusal),
            Fact::Logged { logon, event } => self.logged(logon, event),
            Fact::Abandoned { logon } => {
                self.one_outcome(logon);
                self.left_by_itself(logon);
                self.leave(logon, Stage::Over);
                self.admission_given_up(logon);
            }
            Fact::Left { logon, departure } => {
                self.one_outcome(logon);
                self.departs(logon, departure);
                self.with(logon, |ghost| ghost.departed = Some(departure));
                self.leave(logon, Stage::Over);
            }
            Fact::Session { claim, from, to } => self.session(claim, from, to),
            Fact::Loaded { claim } => {
                if let Some(session) = self.sessions.get_mut(&claim) {
                    session.loaded = true;
                }
            }
            Fact::Reset { by, aimed, hit } => self.reset(by, aimed, hit),
            Fact::LogonsEnabled(enabled) => {
                self.disabled_by_somebody();
                self.logons_enabled = enabled;
            }
        }
    }

    pub(super) fn with(&mut self, logon: LogonId, change: impl FnOnce(&mut GhostLogon)) {
        if let Some(ghost) = self.logons.get_mut(&logon) {
            change(ghost);
        }
    }

    fn stage(&mut self, logon: LogonId, stage: Stage) {
        self.with(logon, |ghost| ghost.stage = stage);
    }

    pub(super) fn leave(&mut self, logon: LogonId, stage: Stage) {
        self.line.retain(|&waiting| waiting != logon);
        self.with(logon, |ghost| ghost.end(stage));
    }

    /// Brings every pending logon's excuses up to date: they count from its first fact to its refusal.
    pub(super) fn note_excuses(&mut self) {
        let disabled = !self.logons_enabled;
        let most = self.truth.max_connections;
        let full = most.is_some_and(|most| self.occupancy_without(None) >= most);
        for ghost in self.logons.values_mut().filter(|ghost| ghost.is_pending()) {
            ghost.excuses.saw_disabled |= disabled;
            ghost.excuses.saw_enabled |= !disabled;
            ghost.excuses.saw_full |= full && ghost.stage == Stage::Arrived;
        }
    }
}
