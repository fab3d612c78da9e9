//! What is due at times that the scenario names: it never changes, and so is no part of any state.

use std::hash::{Hash, Hasher};

use crate::scenario::{Scenario, SlowTime};

/// The dates of a scenario, and how fast its set-ups are when. Times are in milliseconds after the beginning.
#[derive(Debug)]
pub(super) struct Timetable {
    /// How many processors share the set-up of sessions.
    pub(super) processors: u32,
    /// When it is slower than usual, in order and apart.
    slow: Vec<SlowTime>,
    /// When somebody begins to act, in order, each once.
    dates: Vec<u64>,
}

impl Timetable {
    /// That of a scenario with these processors.
    pub(super) fn of(scenario: &Scenario, processors: u32) -> Self {
        let arrives = scenario.clients.iter().map(|client| client.times.arrives);
        let administrators = scenario.administrators.iter();
        let administrators = administrators.flat_map(|one| one.at.iter().copied());
        let cutters = scenario.cutters.iter().filter_map(|one| one.at);
        let dates = arrives.chain(administrators).chain(cutters);
        Timetable::new(processors, &scenario.slow_disks, dates.collect())
    }

    pub(super) fn new(processors: u32, slow: &[SlowTime], mut dates: Vec<u64>) -> Self {
        dates.retain(|date| *date > 0);
        dates.sort_unstable();
        dates.dedup();
        Timetable {
            processors,
            slow: slow.to_vec(),
            dates,
        }
    }

    /// Which of the dates this is.
    pub(super) fn nth(&self, date: u64) -> usize {
        let found = self.dates.binary_search(&date);
        found.expect("the dates of a scenario are known")
    }

    /// The first date after `now`, and which it is.
    pub(super) fn next_date(&self, now: u64) -> Option<(usize, u64)> {
        let nth = self.dates.partition_point(|date| *date <= now);
        Some((nth, *self.dates.get(nth)?))
    }

    /// When set-ups become slower or faster, after `now`.
    pub(super) fn next_edge(&self, now: u64) -> Option<u64> {
        let edges = self.slow.iter().flat_map(|slow| [slow.from, slow.until]);
        edges.filter(|edge| *edge > now).min()
    }

    /// How many times slower than usual they are.
    pub(super) fn slowness(&self, now: u64) -> u32 {
        let mut slow = self.slow.iter();
        let slow = slow.find(|slow| (slow.from..slow.until).contains(&now));
        slow.map_or(1, |slow| slow.factor)
    }
}

// All clocks of one scenario have the same.

impl PartialEq for Timetable {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Timetable {}

impl Hash for Timetable {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
