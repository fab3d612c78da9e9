//! S1-lin: admission judged as a counting try-acquire.
//!
//! An admission takes effect at one moment between a logon's first fact and its outcome, and a refusal with
//! event 71 is right if at one such moment every permit was out. A permit may be out before it is told: an
//! allocator that takes permits outside the monitor tells of an admission one section later. So the judge
//! keeps the set of all *accounts* that fit what it was told: who of those under admission holds a permit
//! already, and who has met a moment at which all were out. What is told next leaves only the accounts that
//! fit it; when none is left, no order of moments explains the history. This is the linearizability check of
//! Wing and Gong (JPDC 1993), advanced fact by fact, for one object: a semaphore that is tried and never
//! waited for.
//!
//! While nobody else is under admission there is one account, and it is empty.

use std::collections::BTreeSet;

use logon_core::{LogonId, symmetric};

use super::Judge;
use super::ghost::{Excuses, Stage};
use super::property::Property;

/// One way in which the admissions under way may have gone so far.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Account {
    /// Who holds a permit, and it was not told yet.
    acquired: BTreeSet<LogonId>,
    /// Who met a moment at which all permits were out, and it was not told yet.
    refused: BTreeSet<LogonId>,
}
symmetric! { struct Account { acquired, refused } }

impl Account {
    fn is_settled(&self, logon: LogonId) -> bool {
        self.acquired.contains(&logon) || self.refused.contains(&logon)
    }
}

impl Judge {
    /// Time passes: every logon under admission may take effect now.
    pub(super) fn let_admissions_take_effect(&mut self) {
        let Some(maximum) = self.truth.max_connections else {
            return;
        };
        let arriving = self
            .logons
            .iter()
            .filter(|(_, ghost)| ghost.stage == Stage::Arrived);
        let arriving: BTreeSet<LogonId> = arriving.map(|(&logon, _)| logon).collect();
        if arriving.is_empty() {
            return;
        }
        let told = self.occupancy_without(None) as usize;
        let mut open: Vec<Account> = self.accounts.iter().cloned().collect();
        while let Some(account) = open.pop() {
            let full = told + account.acquired.len() >= maximum as usize;
            for &logon in arriving.iter().filter(|&&logon| !account.is_settled(logon)) {
                let mut next = account.clone();
                if full {
                    next.refused.insert(logon);
                } else {
                    next.acquired.insert(logon);
                }
                if self.accounts.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
    }

    /// S1-lin. It was told that `logon` is admitted: only accounts in which it holds a permit remain. Where too
    /// many hold one, S2 says what is wrong.
    pub(super) fn admission_told(&mut self, logon: LogonId) {
        let explained = self.keep(|account| account.acquired.remove(&logon));
        if !explained && !self.is_overfull() {
            let what = "is admitted, and no order of the admissions explains it";
            self.violated(Property::AdmissionLinearizable, Some(logon), None, what);
        }
        // From here on neither event 71 nor disabled logons are ever a reason, whatever the others did.
        self.with(logon, |ghost| {
            ghost.excuses = Excuses::default();
            ghost.overlapped = false;
        });
    }

    /// S1-lin. It was told that `logon` is refused with event 71: only accounts in which it met a full moment
    /// remain. Where no other logon was under admission at the same time there is no order to blame, and S1
    /// says what is wrong.
    pub(super) fn refusal_told(&mut self, logon: LogonId) {
        if self.keep(|account| account.refused.remove(&logon)) {
            return;
        }
        let ghost = &self.logons[&logon];
        let (property, what) = if ghost.stage != Stage::Arrived {
            (
                Property::NoFalseRefusal,
                "is refused with event 71 although it was admitted",
            )
        } else if ghost.overlapped || ghost.excuses.saw_full {
            (
                Property::AdmissionLinearizable,
                "is refused with event 71, and no order of the admissions explains it",
            )
        } else {
            (
                Property::NoFalseRefusal,
                "is refused with event 71 although not all permits were out",
            )
        };
        self.violated(property, Some(logon), None, what);
    }

    /// `logon` is no longer under admission for another reason. A permit it may hold goes back.
    pub(super) fn admission_given_up(&mut self, logon: LogonId) {
        self.accounts = std::mem::take(&mut self.accounts)
            .into_iter()
            .map(|mut account| {
                account.acquired.remove(&logon);
                account.refused.remove(&logon);
                account
            })
            .collect();
    }

    /// Keeps the accounts that fit; says whether there were any.
    fn keep(&mut self, fits: impl Fn(&mut Account) -> bool) -> bool {
        if self.truth.max_connections.is_none() {
            return true;
        }
        let accounts = std::mem::take(&mut self.accounts).into_iter();
        self.accounts = accounts
            .filter_map(|mut account| fits(&mut account).then_some(account))
            .collect();
        let any = !self.accounts.is_empty();
        if !any {
            self.accounts.insert(Account::default());
        }
        any
    }
}
