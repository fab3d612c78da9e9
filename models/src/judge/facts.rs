//! What each fact means: which properties may fall with it, and what the judge believes from then on.

use logon_core::observer::Departure;
use logon_core::{Fact, LogonId};

use super::call::{self, Call, Request};
use super::ghost::{GhostLogon, Stage};
use super::property::Property;
use super::{Judge, Records};

impl<R: Records> Judge<R> {
    pub(super) fn hear(&mut self, fact: Fact) {
        match fact {
            Fact::Arrived { logon } => {
                if self.has_heard_of(logon) {
                    let what = "arrives a second time";
                    self.violated(Property::OneOutcome, Some(logon), None, what);
                    return;
                }
                if !self.asked(Request::Connect(logon)) {
                    let what = "is said to arrive before its client connects";
                    self.as_asked(Some(logon), None, what);
                }
                self.requests.remove(&Request::Connect(logon));
                // Without a maximum nobody is refused for others, and nobody asks who they were.
                let notes_overlap = self.truth.max_connections.is_some();
                self.records.arrive(logon, notes_overlap);
            }
            Fact::Admitted { logon } => {
                if self.one_outcome(logon) {
                    self.once(
                        logon,
                        |stage| stage == Stage::Arrived,
                        "is admitted a second time",
                    );
                    self.not_against_the_rules(logon);
                    self.stage(logon, Stage::Serving);
                    self.capacity(logon);
                    self.admission_told(logon);
                }
            }
            Fact::Queued { logon } => {
                self.one_outcome(logon);
                self.permitted(logon);
                if self.records.is_waiting(logon) {
                    let what = "takes a second place in line";
                    self.violated(Property::OneOutcome, Some(logon), None, what);
                }
                self.records.join_line(logon);
            }
            Fact::Claimed { logon, claim } => {
                if self.one_outcome(logon) {
                    self.permitted(logon);
                    self.exists(logon, claim);
                }
                self.handed_in_line(logon);
                self.overtaking(logon);
                self.one_holder(logon, claim);
                self.note_holder(logon, claim);
                self.with(logon, |ghost| {
                    ghost.claim = Some(claim);
                    ghost.excuses.lost_creation = None;
                });
            }
            Fact::Attaching { logon, claim } => {
                self.held_by(logon, claim);
                self.initialized(logon, claim);
            }
            Fact::Attached { logon, claim, name } => {
                if self.one_outcome(logon) {
                    self.held_by(logon, claim);
                    self.not_served_unlicensed(logon);
                    let early = |stage| matches!(stage, Stage::Arrived | Stage::Serving);
                    self.once(logon, early, "is shown the prompt a second time");
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
                self.one_outcome(logon);
                self.arbitrated(logon, user, old);
            }
            Fact::LoggedOn { logon, claim } => self.logged_on(logon, claim),
            Fact::Refused { logon, refusal } => self.refused(logon, refusal),
            Fact::Logged { logon, event } => self.logged(logon, event),
            Fact::Abandoned { logon } => {
                if self.one_outcome(logon) {
                    self.left_by_itself(logon);
                }
                self.leave(logon, Stage::Over);
                self.records.give_up_admission(logon);
            }
            Fact::Left { logon, departure } => {
                if self.one_outcome(logon) {
                    self.departs_as_asked(logon, departure);
                }
                if let Call::Disconnect(own) | Call::LogOff(own) = call::current().call
                    && own == logon
                    && departure != Departure::Reset
                {
                    call::note_done();
                }
                self.departs(logon, departure);
                self.with(logon, |ghost| ghost.departed = Some(departure));
                self.leave(logon, Stage::Over);
            }
            Fact::Session { claim, from, to } => self.session(claim, from, to),
            Fact::Loaded { claim } => self.loaded(claim),
            Fact::Reset { by, aimed, hit } => self.reset(by, aimed, hit),
            Fact::LogonsEnabled(enabled) => {
                self.switched_by_somebody(enabled);
                self.logons_enabled = enabled;
                self.requests.remove(&Request::EnableLogons(enabled));
            }
        }
    }

    pub(super) fn with(&mut self, logon: LogonId, change: impl FnOnce(&mut GhostLogon)) {
        self.records.change_logon(logon, change);
    }

    /// S9, for what happens once in a logon's life: it must be at a stage before that.
    fn once(&mut self, logon: LogonId, before: impl Fn(Stage) -> bool, what: &'static str) {
        let stage = self.records.logon(logon).map(|ghost| ghost.stage);
        if stage.is_some_and(|stage| !before(stage)) {
            self.violated(Property::OneOutcome, Some(logon), None, what);
        }
    }

    fn stage(&mut self, logon: LogonId, stage: Stage) {
        self.with(logon, |ghost| ghost.stage = stage);
    }

    pub(super) fn leave(&mut self, logon: LogonId, stage: Stage) {
        self.records.leave_line(logon);
        self.withdraw_requests(logon);
        self.with(logon, |ghost| ghost.end(stage));
    }
}
