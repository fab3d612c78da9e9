//! Temporary.
use super::{Judge, Pace};
use logon_core::{Generation, LogonId, UserId};
use std::sync::Arc;

/// What is true of a logon.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its user.
    pub user: UserId,
    /// License denied.
    pub is_denied: bool,
    /// License never.
    pub is_never_answered: bool,
    /// Wrong password.
    pub has_wrong_password: bool,
}

/// What the server says it has at a quiet moment.
#[derive(Clone, Copy, Debug)]
pub struct Quiet {
    /// Permits.
    pub permits_in_use: u32,
    /// Idle list.
    pub idle: u32,
    /// Line.
    pub in_line: u32,
}

impl Pace {
    pub(crate) fn of(time: &crate::scenario::Time, workers: u32) -> Self {
        let hold_up = time.hold_up.map_or(0, |h| h.up_to);
        Pace {
            processors: time.processors,
            workers,
            set_up: time.set_up.to + 3 * hold_up,
            slack: time.burst_slack,
        }
    }
}

impl Judge {
    pub(crate) fn learn(&mut self, logon: LogonId, about: About) {
        let truth = Arc::make_mut(&mut self.truth);
        truth.users.insert(logon, about.user);
        if about.is_denied {
            truth.denied.insert(logon);
        }
        if about.is_never_answered {
            truth.never_answered.insert(logon);
        }
        if about.has_wrong_password {
            truth.wrong_password.insert(logon);
        }
    }
    pub(crate) fn creation_will_fail(&mut self, generation: Generation) {
        let truth = Arc::make_mut(&mut self.truth);
        truth
            .failing_creations
            .get_or_insert_default()
            .insert(generation.0);
    }
    pub(crate) fn last_call(&mut self, logon: LogonId) {
        let truth = Arc::make_mut(&mut self.truth);
        truth.users.remove(&logon);
        truth.denied.remove(&logon);
        truth.never_answered.remove(&logon);
        truth.wrong_password.remove(&logon);
        if self.logons.get(&logon).is_some_and(|g| g.is_over()) {
            self.logons.remove(&logon);
        }
    }
    pub(crate) fn would_fall(&self, _: u64, _: Option<Quiet>) -> bool {
        false
    }
    pub(crate) fn long_moment(&mut self, now: u64, quiet: Option<Quiet>) {
        if quiet.is_some() {
            self.moment(now);
        }
    }
}
