//! The line, by the tickets that are drawn for its places, and until when each who waits in it may.

use std::collections::{BTreeMap, BTreeSet};

use logon_core::LogonId;

/// The line. A ticket is drawn for each place, and the lowest is the first.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Line {
    places: BTreeMap<u64, LogonId>,
    tickets: BTreeSet<(LogonId, u64)>,
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
        self.tickets.insert((logon, ticket));
        self.without_loss.insert(ticket);
    }

    /// Whether it had a place.
    pub(super) fn leave(&mut self, logon: LogonId) -> bool {
        let mut had = false;
        while let Some(ticket) = self.first_ticket(logon) {
            self.tickets.remove(&(logon, ticket));
            self.places.remove(&ticket);
            self.without_loss.remove(&ticket);
            had = true;
        }
        had
    }

    fn first_ticket(&self, logon: LogonId) -> Option<u64> {
        self.tickets_of(logon).next()
    }

    fn tickets_of(&self, logon: LogonId) -> impl Iterator<Item = u64> {
        let own = self.tickets.range((logon, 0)..=(logon, u64::MAX));
        own.map(|&(_, ticket)| ticket)
    }

    /// A logon has lost a creation to a failure, or has not any more.
    pub(super) fn note_loss(&mut self, logon: LogonId, has_lost: bool) {
        let tickets: Vec<u64> = self.tickets_of(logon).collect();
        for ticket in tickets {
            match has_lost {
                true => self.without_loss.remove(&ticket),
                false => self.without_loss.insert(ticket),
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
    by_logon: BTreeMap<LogonId, u64>,
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
        if self.by_logon.contains_key(&logon) {
            self.left.push(logon);
        }
    }

    pub(super) fn late(&self, now: u64, line: &Line) -> Option<LogonId> {
        let (first, last) = (LogonId(0), LogonId(u32::MAX));
        let passed = self.by_bound.range(..(now, first));
        let due = self.by_bound.range((now, first)..=(now, last));
        let due = due.filter(|&&(_, logon)| line.has(logon));
        passed.chain(due).map(|&(_, logon)| logon).min()
    }

    /// Whoever came since the last moment stands behind all who were there.
    pub(super) fn place(&mut self, line: &Line, bound: impl Fn(usize) -> u64) {
        for logon in std::mem::take(&mut self.left) {
            if !line.has(logon)
                && let Some(bound) = self.by_logon.remove(&logon)
            {
                self.by_bound.remove(&(bound, logon));
            }
        }
        let new: Vec<LogonId> = line
            .places
            .range(self.unseen..)
            .map(|(_, &logon)| logon)
            .collect();
        let seen = line.waiting() - new.len();
        for (place, logon) in (seen + 1..).zip(new) {
            let by_bound = &mut self.by_bound;
            self.by_logon.entry(logon).or_insert_with(|| {
                let bound = bound(place);
                by_bound.insert((bound, logon));
                bound
            });
        }
        self.unseen = line.next;
    }
}
