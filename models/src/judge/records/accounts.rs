//! The accounts of the admissions under way: all ways in which they may have gone, each by itself.
//!
//! See `admission` for what they are for. While nobody else is under admission there is one account, and it is empty.

use std::collections::BTreeSet;

use logon_core::{LogonId, symmetric};

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

    /// It is told that `logon` is admitted; says whether it holds a permit here.
    pub(super) fn admit(&mut self, logon: LogonId) -> bool {
        self.acquired.remove(&logon)
    }

    /// It is told that `logon` is refused; says whether it has met a full moment here.
    pub(super) fn refuse(&mut self, logon: LogonId) -> bool {
        self.refused.remove(&logon)
    }

    /// Every logon of `arriving` may take effect now, where `free` permits are not told to be out.
    pub(super) fn let_take_effect(
        accounts: &mut BTreeSet<Account>,
        arriving: &BTreeSet<LogonId>,
        free: usize,
    ) {
        let mut open: Vec<Account> = accounts.iter().cloned().collect();
        while let Some(account) = open.pop() {
            let full = account.acquired.len() >= free;
            for &logon in arriving.iter().filter(|&&logon| !account.is_settled(logon)) {
                let mut next = account.clone();
                if full {
                    next.refused.insert(logon);
                } else {
                    next.acquired.insert(logon);
                }
                if accounts.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
    }

    /// Keeps the accounts that fit; says whether there were any. If not, they begin anew.
    pub(super) fn keep(
        accounts: &mut BTreeSet<Account>,
        fits: impl Fn(&mut Account) -> bool,
    ) -> bool {
        let fitting = std::mem::take(accounts).into_iter();
        *accounts = fitting
            .filter_map(|mut account| fits(&mut account).then_some(account))
            .collect();
        let any = !accounts.is_empty();
        if !any {
            accounts.insert(Account::default());
        }
        any
    }

    /// `logon` is no longer under admission for another reason.
    pub(super) fn give_up(accounts: &mut BTreeSet<Account>, logon: LogonId) {
        *accounts = std::mem::take(accounts)
            .into_iter()
            .map(|mut account| {
                account.acquired.remove(&logon);
                account.refused.remove(&logon);
                account
            })
            .collect();
    }
}
