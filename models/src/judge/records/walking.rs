//! Records that are walked: maps and lists, and nothing beside them.

use std::collections::{BTreeMap, BTreeSet};

use logon_core::{Claim, LogonId, symmetric};

use super::Records;
use super::accounts::Account;
use crate::judge::ghost::{GhostLogon, GhostSession, Stage};

/// Records that are walked. It is a plain value, and two are equal if the judge believes the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Walking {
    logons: BTreeMap<LogonId, GhostLogon>,
    sessions: BTreeMap<Claim, GhostSession>,
    /// Who waits in line, the oldest first.
    line: Vec<LogonId>,
    /// Until when each of those who wait in line may, in milliseconds after the beginning.
    bounds: BTreeMap<LogonId, u64>,
    /// How the admissions under way may have gone; see `accounts`.
    accounts: BTreeSet<Account>,
}
symmetric! { struct Walking { logons, sessions, line, bounds, accounts } }

impl Default for Walking {
    fn default() -> Self {
        Walking {
            logons: BTreeMap::new(),
            sessions: BTreeMap::new(),
            line: Vec::new(),
            bounds: BTreeMap::new(),
            accounts: BTreeSet::from([Account::default()]),
        }
    }
}

impl Records for Walking {
    fn logon(&self, logon: LogonId) -> Option<&GhostLogon> {
        self.logons.get(&logon)
    }

    fn logons(&self) -> impl Iterator<Item = (LogonId, &GhostLogon)> {
        self.logons.iter().map(|(&logon, ghost)| (logon, ghost))
    }

    fn arrive(&mut self, logon: LogonId, notes_overlap: bool) {
        let mut overlapped = false;
        if notes_overlap {
            let others = self.logons.values_mut();
            for other in others.filter(|ghost| ghost.stage == Stage::Arrived) {
                other.overlapped = true;
                overlapped = true;
            }
        }
        self.logons.insert(logon, GhostLogon::new(overlapped));
    }

    fn change_logon<T>(
        &mut self,
        logon: LogonId,
        change: impl FnOnce(&mut GhostLogon) -> T,
    ) -> Option<T> {
        self.logons.get_mut(&logon).map(change)
    }

    fn session(&self, claim: Claim) -> Option<&GhostSession> {
        self.sessions.get(&claim)
    }

    fn sessions(&self) -> impl Iterator<Item = (Claim, &GhostSession)> {
        self.sessions
            .iter()
            .map(|(&claim, session)| (claim, session))
    }

    fn insert_session(&mut self, claim: Claim, session: GhostSession) {
        self.sessions.insert(claim, session);
    }

    fn change_session<T>(
        &mut self,
        claim: Claim,
        change: impl FnOnce(&mut GhostSession) -> T,
    ) -> Option<T> {
        self.sessions.get_mut(&claim).map(change)
    }

    fn remove_session(&mut self, claim: Claim) {
        self.sessions.remove(&claim);
    }

    fn line(&self) -> impl Iterator<Item = LogonId> {
        self.line.iter().copied()
    }

    fn join_line(&mut self, logon: LogonId) {
        self.line.push(logon);
    }

    fn leave_line(&mut self, logon: LogonId) {
        self.line.retain(|&waiting| waiting != logon);
    }

    fn note_excuses(&mut self, logons_enabled: bool, most: Option<u32>) {
        let full = most.is_some_and(|most| self.held() >= most);
        let ghosts = self.logons.values_mut();
        for ghost in ghosts.filter(|ghost| ghost.stage == Stage::Arrived) {
            ghost.excuses.saw_disabled |= !logons_enabled;
            ghost.excuses.saw_enabled |= logons_enabled;
            ghost.excuses.saw_full |= full;
        }
    }

    fn let_admissions_take_effect(&mut self, most: u32) {
        let arriving = self
            .logons
            .iter()
            .filter(|(_, ghost)| ghost.stage == Stage::Arrived);
        let arriving: BTreeSet<LogonId> = arriving.map(|(&logon, _)| logon).collect();
        if arriving.is_empty() {
            return;
        }
        let free = most as usize - (self.held() as usize).min(most as usize);
        Account::let_take_effect(&mut self.accounts, &arriving, free);
    }

    fn is_admission_explained(&mut self, logon: LogonId, _most: u32) -> bool {
        Account::keep(&mut self.accounts, |account| account.admit(logon))
    }

    fn is_refusal_explained(&mut self, logon: LogonId) -> bool {
        Account::keep(&mut self.accounts, |account| account.refuse(logon))
    }

    fn give_up_admission(&mut self, logon: LogonId) {
        Account::give_up(&mut self.accounts, logon);
    }

    fn late(&self, now: u64) -> Option<LogonId> {
        let is_late = |waits: bool, bound: u64| bound < now || waits && bound == now;
        let mut bounds = self.bounds.iter();
        let late = bounds.find(|(logon, bound)| is_late(self.line.contains(logon), **bound));
        late.map(|(&logon, _)| logon)
    }

    fn forget_bounds(&mut self) {
        self.bounds.clear();
    }

    fn place_bounds(&mut self, bound: impl Fn(usize) -> u64) {
        self.bounds.retain(|logon, _| self.line.contains(logon));
        for (place, &logon) in (1..).zip(&self.line) {
            self.bounds.entry(logon).or_insert_with(|| bound(place));
        }
    }
}
