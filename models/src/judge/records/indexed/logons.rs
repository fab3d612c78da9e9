//! The logons, and beside them what the rules ask of all.

use std::collections::BTreeSet;

use logon_core::{Claim, Generation, LogonId};

use super::by_key::ByKey;
use super::forgotten::Forgotten;
use super::many_by_key::ManyByKey;
use crate::judge::ghost::{Excuses, GhostLogon, Stage};
use crate::judge::outcome::expected_event;

/// The logons.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Logons {
    records: ByKey<LogonId, Record>,
    /// How many are held.
    held: u32,
    holders: ManyByKey<Claim, LogonId>,
    returning: ManyByKey<Claim, LogonId>,
    lost: BTreeSet<(Generation, LogonId)>,
    /// How many are under admission.
    arriving: u32,
    epochs: Epochs,
    /// Those that may be forgotten, and are not yet.
    done: Vec<LogonId>,
    forgotten: Forgotten,
    /// What is believed of those that were forgotten.
    over: GhostLogon,
}

/// How many facts were heard, and the number of the last one after which something was so; 0: none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
struct Epochs {
    now: u64,
    full: u64,
    enabled: u64,
    disabled: u64,
    /// The number before that of the fact of the last arrival.
    arrival: u64,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Record {
    ghost: GhostLogon,
    /// How many facts were heard before its first.
    arrived: u64,
    /// Whether its client makes no further call.
    is_last: bool,
}

impl Record {
    /// What may excuse its refusal: what was noted while it was under admission, and what would have been noted since.
    fn excuses(&self, epochs: Epochs) -> Excuses {
        let noted = self.ghost.excuses;
        let since = |epoch: u64| self.ghost.stage == Stage::Arrived && epoch > self.arrived;
        Excuses {
            saw_full: noted.saw_full || since(epochs.full),
            saw_enabled: noted.saw_enabled || since(epochs.enabled),
            saw_disabled: noted.saw_disabled || since(epochs.disabled),
            ..noted
        }
    }

    fn has_overlapped(&self, epochs: Epochs) -> bool {
        let since = self.ghost.stage == Stage::Arrived && epochs.arrival > self.arrived;
        self.ghost.overlapped || since
    }

    /// Whether nothing is to come of it.
    fn is_done(&self) -> bool {
        let is_told = match self.ghost.stage {
            Stage::Over => true,
            Stage::Refused(refusal) => self.ghost.logged || expected_event(refusal).is_none(),
            _ => false,
        };
        self.is_last && is_told
    }
}

/// What is kept beside a logon.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Kept {
    is_arriving: bool,
    is_held: bool,
    claim: Option<Claim>,
    old: Option<Claim>,
    lost: Option<Generation>,
}

impl Kept {
    fn of(ghost: &GhostLogon) -> Self {
        let is_held = ghost.is_held();
        Kept {
            is_arriving: ghost.stage == Stage::Arrived,
            is_held,
            claim: ghost.claim.filter(|_| is_held),
            old: ghost.old_claim().filter(|_| is_held),
            lost: ghost.excuses.lost_creation,
        }
    }
}

impl Default for Logons {
    fn default() -> Self {
        let mut over = GhostLogon::new(false);
        over.end(Stage::Over);
        Logons {
            records: ByKey::default(),
            held: 0,
            holders: ManyByKey::default(),
            returning: ManyByKey::default(),
            lost: BTreeSet::new(),
            arriving: 0,
            epochs: Epochs::default(),
            done: Vec::new(),
            forgotten: Forgotten::default(),
            over,
        }
    }
}

impl Logons {
    pub(super) fn get(&self, logon: LogonId) -> Option<&GhostLogon> {
        let record = self.records.get(logon).map(|record| &record.ghost);
        record.or_else(|| self.forgotten.contains(logon).then_some(&self.over))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (LogonId, &GhostLogon)> {
        let all = self.records.all();
        all.map(|(logon, record)| (logon, &record.ghost))
    }

    /// The most of anything that is kept: records, or runs of those that were forgotten.
    pub(super) fn size(&self) -> usize {
        let records = self.records.len().max(self.done.len());
        records.max(self.forgotten.runs())
    }

    /// How many facts were heard.
    pub(super) fn now(&self) -> u64 {
        self.epochs.now
    }

    pub(super) fn arrive(&mut self, logon: LogonId, notes_overlap: bool) {
        let ghost = GhostLogon::new(notes_overlap && self.arriving > 0);
        if notes_overlap {
            self.epochs.arrival = self.epochs.now;
        }
        let now = Kept::of(&ghost);
        let record = Record {
            ghost,
            arrived: self.epochs.now,
            is_last: false,
        };
        self.records.insert(logon, record);
        self.keep(logon, Kept::default(), now);
    }

    /// Changes a record. Says whether the logon has lost a creation now, if that has changed.
    pub(super) fn change<T>(
        &mut self,
        logon: LogonId,
        change: impl FnOnce(&mut GhostLogon) -> T,
    ) -> Option<(T, Option<bool>)> {
        let record = self.records.get_mut(logon)?;
        let before = Kept::of(&record.ghost);
        if before.is_arriving {
            // It may be under admission no longer, and then notes nothing more.
            record.ghost.excuses = record.excuses(self.epochs);
        }
        let result = change(&mut record.ghost);
        let now = Kept::of(&record.ghost);
        if record.is_done() {
            self.done.push(logon);
        }
        self.keep(logon, before, now);
        let (had_lost, has_lost) = (before.lost.is_some(), now.lost.is_some());
        Some((result, Some(has_lost).filter(|_| had_lost != has_lost)))
    }

    fn keep(&mut self, logon: LogonId, before: Kept, now: Kept) {
        if before == now {
            return;
        }
        self.arriving -= u32::from(before.is_arriving);
        self.arriving += u32::from(now.is_arriving);
        let with = |claim: Option<Claim>| claim.map(|claim| (claim, logon));
        let lost = |kept: Kept| kept.lost.map(|generation| (generation, logon));
        self.held -= u32::from(before.is_held);
        self.held += u32::from(now.is_held);
        self.holders.update(with(before.claim), with(now.claim));
        self.returning.update(with(before.old), with(now.old));
        update(&mut self.lost, lost(before), lost(now));
    }

    pub(super) fn note_excuses(&mut self, logons_enabled: bool, most: Option<u32>) {
        let full = most.is_some_and(|most| self.held() >= most);
        let epochs = &mut self.epochs;
        epochs.now += 1;
        if full {
            epochs.full = epochs.now;
        }
        match logons_enabled {
            true => epochs.enabled = epochs.now,
            false => epochs.disabled = epochs.now,
        }
    }

    pub(super) fn excuses(&self, logon: LogonId) -> Option<Excuses> {
        match self.records.get(logon) {
            Some(record) => Some(record.excuses(self.epochs)),
            None => self.get(logon).map(|ghost| ghost.excuses),
        }
    }

    pub(super) fn has_overlapped(&self, logon: LogonId) -> bool {
        let record = self.records.get(logon);
        record.is_some_and(|record| record.has_overlapped(self.epochs))
    }

    pub(super) fn make_last(&mut self, logon: LogonId) {
        match self.records.get_mut(logon) {
            Some(record) => {
                record.is_last = true;
                if record.is_done() {
                    self.done.push(logon);
                }
            }
            // It never comes.
            None => self.done.push(logon),
        }
    }

    pub(super) fn forget_one(&mut self) -> Option<LogonId> {
        loop {
            let logon = self.done.pop()?;
            if self.forgotten.contains(logon) {
                continue;
            }
            if let Some(record) = self.records.remove(logon) {
                self.keep(logon, Kept::of(&record.ghost), Kept::default());
            }
            self.forgotten.insert(logon);
            return Some(logon);
        }
    }

    pub(super) fn held(&self) -> u32 {
        self.held
    }

    pub(super) fn holders(&self, claim: Claim) -> impl Iterator<Item = LogonId> {
        self.holders.of(claim).iter().copied()
    }

    pub(super) fn returning_to(&self, claim: Claim) -> impl Iterator<Item = LogonId> {
        self.returning.of(claim).iter().copied()
    }

    pub(super) fn lost_before(&self, generation: Generation) -> Vec<LogonId> {
        let before = self.lost.range(..(generation, LogonId(0)));
        before.map(|&(_, logon)| logon).collect()
    }
}

/// In a set, replaces one entry by another.
pub(super) fn update<T: Ord>(set: &mut BTreeSet<T>, before: Option<T>, now: Option<T>) {
    if before == now {
        return;
    }
    if let Some(before) = before {
        set.remove(&before);
    }
    if let Some(now) = now {
        set.insert(now);
    }
}
