//! The outcome of a logon: S1 and S9.

use logon_core::refusal::{DropReason, Event};
use logon_core::{LogonId, Refusal, SessionState};

use super::call::Request;
use super::ghost::{Excuses, Stage};
use super::property::Property;
use super::{Judge, Records};

impl<R: Records> Judge<R> {
    /// S1, and S1-lin for event 71.
    pub(super) fn refused(&mut self, logon: LogonId, refusal: Refusal) {
        if !self.one_outcome(logon) {
            return;
        }
        let Some(ghost) = self.records.logon(logon) else {
            return;
        };
        let (stage, old) = (ghost.stage, ghost.old);
        let excuses = self.records.excuses(logon).unwrap_or_default();
        let before_prompt = matches!(stage, Stage::Arrived | Stage::Serving);
        let excused = match refusal {
            Refusal::MaxConnections => {
                self.refusal_told(logon);
                self.truth.max_connections.is_some()
            }
            Refusal::LogonsDisabled => stage == Stage::Arrived && excuses.saw_disabled,
            Refusal::NoLicense => self.is_unlicensed(logon) && before_prompt,
            Refusal::AccessDenied => {
                self.truth.wrong_password.contains(&logon) && self.asked(Request::LogOn(logon))
            }
            Refusal::CreationFailed => {
                excuses.lost_creation.is_some() && self.count(SessionState::Idle) == 0
            }
            Refusal::SessionReset => excuses.saw_reset,
            Refusal::Dropped(_) => false,
        };
        if !excused {
            self.no_false_refusal(logon, refusal, stage, excuses);
        }
        if old.is_some() && matches!(refusal, Refusal::Dropped(_)) {
            self.reconnect(
                logon,
                "was dropped although its user had a session to go back to",
            );
        }
        if refusal != Refusal::MaxConnections {
            self.records.give_up_admission(logon);
        }
        self.leave(logon, Stage::Refused(refusal));
    }

    /// Whether the license service does not grant it a license.
    fn is_unlicensed(&self, logon: LogonId) -> bool {
        self.truth.denied.contains(&logon) || self.truth.never_answered.contains(&logon)
    }

    fn no_false_refusal(
        &mut self,
        logon: LogonId,
        refusal: Refusal,
        stage: Stage,
        excuses: Excuses,
    ) {
        let what = match refusal {
            Refusal::Dropped(DropReason::NoIdle) => "is dropped with event 22: no session was idle",
            Refusal::Dropped(DropReason::NameInUse) => {
                "is dropped with event 22: its name is in use"
            }
            Refusal::Dropped(DropReason::Busy) => "is dropped with event 22: its session is busy",
            Refusal::Dropped(DropReason::NotFound) => {
                "is dropped with event 22: its session is gone"
            }
            Refusal::Dropped(DropReason::NotReady) => {
                "is dropped with event 22: its session is not ready"
            }
            Refusal::MaxConnections => "is refused with event 71 although there is no maximum",
            Refusal::LogonsDisabled if stage == Stage::Arrived => {
                "is refused as if logons had been disabled since it arrived"
            }
            Refusal::LogonsDisabled => "is refused for disabled logons after it was admitted",
            Refusal::NoLicense => "is refused for a license that it was not denied",
            Refusal::AccessDenied => "is refused although no authentication of its user failed",
            Refusal::CreationFailed if excuses.lost_creation.is_some() => {
                "is refused for a failed creation although a session is idle"
            }
            Refusal::CreationFailed => "is refused for a failed creation that cost it nothing",
            Refusal::SessionReset => {
                "is told that its session was reset, and nobody aimed a reset at it"
            }
        };
        self.violated(Property::NoFalseRefusal, Some(logon), None, what);
    }

    /// S1, the other way round: nobody is served against a reason that holds.
    pub(super) fn not_against_the_rules(&mut self, logon: LogonId) {
        if self
            .records
            .excuses(logon)
            .is_some_and(|excuses| !excuses.saw_enabled)
        {
            let what = "is admitted although logons are disabled";
            self.violated(Property::NoFalseRefusal, Some(logon), None, what);
        }
    }

    /// S1, the other way round, for licenses.
    pub(super) fn not_served_unlicensed(&mut self, logon: LogonId) {
        if self.is_unlicensed(logon) {
            let what = "is served although it has no license";
            self.violated(Property::NoFalseRefusal, Some(logon), None, what);
        }
    }

    /// S1, the other way round, for passwords.
    pub(super) fn not_logged_on_unauthenticated(&mut self, logon: LogonId) {
        if self.truth.wrong_password.contains(&logon) {
            let what = "is logged on although its password is wrong";
            self.violated(Property::NoFalseRefusal, Some(logon), None, what);
        }
    }

    /// S1, for a logon that is given up: only its own client's leaving excuses that, and only before it is complete.
    pub(super) fn left_by_itself(&mut self, logon: LogonId) {
        if !self.asked_to_leave(logon) {
            let what = "is given up although its client has not left";
            self.violated(Property::NoFalseRefusal, Some(logon), None, what);
        }
        if self.records.logon(logon).map(|ghost| ghost.stage) == Some(Stage::LoggedOn) {
            let what = "is given up like one that never logged on";
            self.violated(Property::Identity, Some(logon), None, what);
        }
    }

    /// S1, for the excuse itself: an administrator must have asked for it.
    pub(super) fn switched_by_somebody(&mut self, enabled: bool) {
        if !self.asked(Request::EnableLogons(enabled)) {
            let what = match enabled {
                true => "enables logons although nobody asked for it",
                false => "disables logons although nobody asked for it",
            };
            self.violated(Property::NoFalseRefusal, None, None, what);
        }
    }

    /// S9, for an outcome: there must not have been one. Says whether it is so.
    pub(super) fn one_outcome(&mut self, logon: LogonId) -> bool {
        let what = match self.records.logon(logon) {
            Some(ghost) if ghost.is_over() => "is dealt with again after its outcome",
            Some(_) => return true,
            None => "is dealt with before it arrives",
        };
        self.violated(Property::OneOutcome, Some(logon), None, what);
        false
    }

    /// S9, for an event: it must go with the refusal just told.
    pub(super) fn logged(&mut self, logon: LogonId, event: Event) {
        let refusal = self
            .records
            .logon(logon)
            .map(|ghost| (ghost.stage, ghost.logged));
        let fits = match refusal {
            Some((Stage::Refused(refusal), false)) => expected_event(refusal) == Some(event),
            _ => false,
        };
        if !fits {
            let what = "has an event logged that does not go with its outcome";
            self.violated(Property::OneOutcome, Some(logon), None, what);
        }
        self.with(logon, |ghost| ghost.logged = true);
    }
}

/// The event a refusal must be logged with.
pub(super) fn expected_event(refusal: Refusal) -> Option<Event> {
    match refusal {
        Refusal::MaxConnections => Some(Event::MaximumConnectionsExceeded),
        Refusal::NoLicense => Some(Event::NoLicense),
        Refusal::Dropped(_) => Some(Event::LogonDropped),
        Refusal::LogonsDisabled
        | Refusal::AccessDenied
        | Refusal::CreationFailed
        | Refusal::SessionReset => None,
    }
}
