//! The line, by the tickets that are drawn for its places, and until when each who waits in it may.

use std::collections::{BTreeMap, BTreeSet};

use logon_core::LogonId;

use super::by_key::ByKey;
use super::many_by_key::ManyByKey;

/// The line. A ticket is drawn for each place, and the lowest is the first.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Line {
    places: BTreeMap<u64, LogonId>,
    tickets: ManyByKey<LogonId, u64>,
    /// The places of those that no failure has cost a session.
    without_loss: BTreeSet<u64>,
    next: u64,
}

impl Line {
    /// Nobody has lost a creation before it waits.
    pub(super) fn join(&mut self, logon: LogonId) {
        let ticket = self.next;
        self.next += 1;
        self.places.insert(ticket, logon);
        self.tickets.update(None, Some((logon, ticket)));
        self.without_loss.insert(ticket);
    }

    /// Whether it had a place.
    pub(super) fn leave(&mut self, logon: LogonId) -> bool {
        let mut had = false;
        while let Some(ticket) = self.first_ticket(logon) {
            self.tickets.update(Some((logon, ticket)), None);
            self.places.remove(&ticket);
            self.without_loss.remove(&ticket);
            had = true;
        }
        had
    }

    fn first_ticket(&self, logon: LogonId) -> Option<u64> {
        self.tickets.of(logon).first().copied()
    }

    /// A logon has lost a creation to a failure, or has not any more.
    pub(super) fn note_loss(&mut self, logon: LogonId, has_lost: bool) {
        for ticket in self.tickets.of(logon) {
            match has_lost {
                true => self.without_loss.remove(ticket),
                false => self.without_loss.insert(*ticket),
            };
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = LogonId> {
        self.places.values().copied()
    }

    pub(super) fn waiting(&self) -> usize {
        self.places.len()
    }

    pub(super) fn oldest(&self) -> Option<LogonId> {
        self.places.values().next().copied()
    }

    pub(super) fn has(&self, logon: LogonId) -> bool {
        self.first_ticket(logon).is_some()
    }

    pub(super) fn oldest_without_loss(&self) -> Option<LogonId> {
        let first = self.without_loss.first()?;
        self.places.get(first).copied()
    }
}

/// Until when those in line may wait.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Bounds {
    by_logon: ByKey<LogonId, u64>,
    by_bound: BTreeSet<(u64, LogonId)>,
    /// Who has a bound, and has left the line since the last moment.
    left: Vec<LogonId>,
    /// The first ticket that was not seen at a moment yet.
    unseen: u64,
}

impl Bounds {
    pub(super) fn size(&self) -> usize {
        self.by_logon.len().max(self.left.len())
    }

    pub(super) fn note_left(&mut self, logon: LogonId) {
        if self.by_logon.get(logon).is_some() {
            self.left.push(logon);
        }
    }

    pub(super) fn late(&self, now: u64, line: &Line) -> Option<LogonId> {
        // As a rule nobody's bound has passed.
        self.by_bound.first().filter(|&&(bound, _)| bound <= now)?;
        let (first, last) = (LogonId(0), LogonId(u32::MAX));
        let passed = self.by_bound.range(..(now, first));
        let due = self.by_bound.range((now, first)..=(now, last));
        let due = due.filter(|&&(_, logon)| line.has(logon));
        passed.chain(due).map(|&(_, logon)| logon).min()
    }

    /// Whoever came since the last moment stands behind all who were there.
    pub(super) fn place(&mut self, line: &Line, bound: impl Fn(usize) -> u64) {
        for logon in self.left.drain(..) {
            if !line.has(logon)
                && let Some(bound) = self.by_logon.remove(logon)
            {
                self.by_bound.remove(&(bound, logon));
            }
        }
        if self.unseen == line.next {
            return;
        }
        let new = line.places.range(self.unseen..);
        let seen = line.waiting() - new.clone().count();
        for (place, (_, &logon)) in (seen + 1..).zip(new) {
            if self.by_logon.get(logon).is_none() {
                let bound = bound(place);
                self.by_logon.insert(logon, bound);
                self.by_bound.insert((bound, logon));
            }
        }
        self.unseen = line.next;
    }
}
