//! What becomes known of a situation as it goes on, where not all of it is known before.
//!
//! A scenario says at the beginning what is true of each logon. A long simulation decides it when a logon comes, and
//! forgets it when nothing can come of that logon any more.

use std::sync::Arc;

use logon_core::{Generation, LogonId, Moment, UserId};

use super::call::Request;
use super::{Judge, Records, Truth};

/// How the license service replies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Reply {
    /// It grants a license.
    #[default]
    Granted,
    /// It denies one.
    Denied,
    /// It never replies.
    Never,
}

/// What is true of one logon, whatever the allocator does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct LogonTruth {
    /// Whose logon it is; `None`: whose the allocator says.
    pub user: Option<UserId>,
    /// What becomes of its license.
    pub license: Reply,
    /// Whether its user cannot be authenticated.
    pub wrong_password: bool,
    /// When its client leaves by itself, if it does.
    pub leaves: Option<Moment>,
    /// Whether an administrator is after its client.
    pub is_aimed_at: bool,
}

impl<R: Records> Judge<R> {
    /// From now on this is true of `logon`. To be said before anything is told of it.
    pub fn learn(&mut self, logon: LogonId, truth: LogonTruth) {
        let all = Arc::make_mut(&mut self.truth);
        all.forget(logon);
        if let Some(user) = truth.user {
            all.users.insert(logon, user);
        }
        match truth.license {
            Reply::Granted => false,
            Reply::Denied => all.denied.insert(logon),
            Reply::Never => all.never_answered.insert(logon),
        };
        if truth.wrong_password {
            all.wrong_password.insert(logon);
        }
        if let Some(moment) = truth.leaves {
            all.leaves.insert(logon, moment);
        }
        if truth.is_aimed_at {
            all.aimed_at.insert(logon);
        }
    }

    /// The creation of this generation fails. To be said before the judge is told that it failed. It is forgotten when the
    /// session is deleted.
    pub fn creation_fails(&mut self, generation: Generation) {
        self.failing.insert(generation);
    }

    /// The last call of the client of `logon` has returned, and nobody calls on its behalf any more. Records that may forget
    /// do so as soon as it is over and its event logged; one that has not arrived is taken for one that never comes. What
    /// is forgotten counts as over from then on.
    pub fn last_call(&mut self, logon: LogonId) {
        self.records.make_last(logon);
        self.forget();
    }

    /// Forgets whoever may be forgotten.
    pub(super) fn forget(&mut self) {
        while let Some(logon) = self.records.forget_one() {
            Arc::make_mut(&mut self.truth).forget(logon);
            self.withdraw_requests(logon);
        }
    }

    /// What was asked for on behalf of `logon` is void.
    pub(super) fn withdraw_requests(&mut self, logon: LogonId) {
        if self.requests.is_empty() {
            return;
        }
        for request in Request::of(logon) {
            self.requests.remove(&request);
        }
    }

    /// How many admissions and refusals with event 71 S1-lin has not decided: so many admissions overlapped that there were too
    /// many ways in which they may have gone, and the judge only asked whether others could have had all permits. 0 on
    /// records that are walked.
    pub fn unjudged(&self) -> u64 {
        self.records.unjudged()
    }

    /// How much is on record or remembered: the most of anything of which there is one for each logon or session.
    pub fn size(&self) -> usize {
        let truth = &self.truth;
        let of_logons = [
            truth.users.len(),
            truth.denied.len(),
            truth.never_answered.len(),
            truth.wrong_password.len(),
            truth.leaves.len(),
            truth.aimed_at.len(),
        ];
        let others = [self.requests.len(), self.failing.len(), self.records.size()];
        of_logons
            .into_iter()
            .chain(others)
            .max()
            .unwrap_or_default()
    }
}

impl Truth {
    /// Nothing is known of `logon` any more.
    fn forget(&mut self, logon: LogonId) {
        self.users.remove(&logon);
        self.denied.remove(&logon);
        self.never_answered.remove(&logon);
        self.wrong_password.remove(&logon);
        self.leaves.remove(&logon);
        self.aimed_at.remove(&logon);
    }
}
