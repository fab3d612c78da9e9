//! Processors that the set-ups of sessions share, for many of them at a time.
//!
//! Every set-up gets the same share of each millisecond, at most one processor's: the clock of the small engine says the
//! same (`crate::stage::Clock`), in the same whole numbers. There each set-up knows what is left of it. Here one number
//! counts what each has got since the beginning, so that a step of time costs the same however many there are.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use logon_sim::timed::Key;

use crate::stage::PARTS;

/// The set-ups under way.
pub(super) struct Processors {
    processors: u64,
    /// How many times slower than usual they are.
    slowness: u64,
    /// Who has got enough when each has got so much, the next first.
    jobs: BinaryHeap<Reverse<(u64, Key)>>,
    /// How much each has got that was there from the beginning, in parts.
    got: u64,
    /// Up to when that is counted.
    at: u64,
}

impl Processors {
    pub(super) fn new(processors: u32) -> Self {
        Processors {
            processors: processors.into(),
            slowness: 1,
            jobs: BinaryHeap::new(),
            got: 0,
            at: 0,
        }
    }

    /// A set-up begins that takes so many milliseconds of a processor.
    pub(super) fn begin(&mut self, now: u64, length: u64, key: Key) {
        self.settle(now);
        self.jobs.push(Reverse((self.got + length * PARTS, key)));
    }

    /// From now on they are so many times slower than usual.
    pub(super) fn slow_down(&mut self, now: u64, slowness: u32) {
        self.settle(now);
        self.slowness = slowness.into();
    }

    /// When the next one is done, if nothing changes until then.
    pub(super) fn next(&self) -> Option<u64> {
        let Reverse((enough, _)) = *self.jobs.peek()?;
        Some(self.at + enough.saturating_sub(self.got).div_ceil(self.share()))
    }

    /// Takes out one that is done by now.
    pub(super) fn done(&mut self, now: u64) -> Option<Key> {
        self.settle(now);
        let Reverse((enough, key)) = *self.jobs.peek()?;
        if enough > self.got {
            return None;
        }
        self.jobs.pop();
        Some(key)
    }

    /// How many parts of each millisecond a set-up gets: at least one, so that it ends.
    fn share(&self) -> u64 {
        let set_ups = self.jobs.len() as u64;
        let at_a_time = self.processors.min(set_ups);
        (PARTS * at_a_time / (set_ups * self.slowness)).max(1)
    }

    fn settle(&mut self, now: u64) {
        if !self.jobs.is_empty() {
            // What is left over of its last millisecond nobody else gets.
            self.got += (now - self.at) * self.share();
        }
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Processors};

    fn with(processors: u32, set_ups: u64, length: u64) -> Processors {
        let mut with = Processors::new(processors);
        (0..set_ups).for_each(|key| with.begin(0, length, Key(key)));
        with
    }

    #[test]
    fn set_ups_share_the_processors() {
        for (processors, set_ups, takes) in
            [(1, 1, 3_000), (1, 3, 9_000), (2, 3, 4_500), (4, 3, 3_000)]
        {
            let mut with = with(processors, set_ups, 3_000);
            assert_eq!(with.next(), Some(takes), "{set_ups} on {processors}");
            assert_eq!(with.done(takes - 1), None);
            let done = std::iter::from_fn(|| with.done(takes));
            assert_eq!(done.count() as u64, set_ups);
        }
    }

    #[test]
    fn one_that_begins_later_slows_the_other_down() {
        let mut with = with(1, 1, 3_000);
        with.begin(1_000, 3_000, Key(7));
        assert_eq!(with.next(), Some(5_000));
        assert_eq!(with.done(5_000), Some(Key(0)));
        assert_eq!(with.next(), Some(6_000));
    }

    #[test]
    fn a_slow_disk_makes_them_take_longer() {
        let mut with = with(1, 1, 3_000);
        with.slow_down(1_000, 5);
        assert_eq!(with.next(), Some(11_000));
        with.slow_down(6_000, 1);
        assert_eq!(with.next(), Some(7_000));
    }
}
