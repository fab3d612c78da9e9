//! How long something took, counted in classes that are at most 3 % wide.

/// Times in milliseconds, by class: 32 of them for each doubling.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Histogram {
    /// How many there are in each class.
    counts: Vec<u64>,
    longest: u64,
}

/// How many classes a doubling has, and its logarithm.
const CLASSES: u64 = 1 << BITS;
const BITS: u32 = 5;

fn class(time: u64) -> usize {
    let class = match time < CLASSES {
        true => time,
        false => {
            let doublings = time.ilog2() - BITS;
            u64::from(doublings) * CLASSES + (time >> doublings)
        }
    };
    class as usize
}

/// The shortest time of a class.
fn shortest(class: usize) -> u64 {
    let class = class as u64;
    if class < 2 * CLASSES {
        return class;
    }
    let doublings = class / CLASSES - 1;
    (CLASSES + class % CLASSES) << doublings
}

impl Histogram {
    pub(super) fn add(&mut self, time: u64) {
        let class = class(time);
        if self.counts.len() <= class {
            self.counts.resize(class + 1, 0);
        }
        self.counts[class] += 1;
        self.longest = self.longest.max(time);
    }

    pub(super) fn merge(&mut self, other: &Histogram) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.longest = self.longest.max(other.longest);
    }

    /// The longest.
    pub(super) fn longest(&self) -> u64 {
        self.longest
    }

    /// A time at or below which so many of ten thousand are, at most 3 % above the shortest such; `None` if there are no times.
    pub(super) fn quantile(&self, of_ten_thousand: u64) -> Option<u64> {
        let all: u64 = self.counts.iter().sum();
        let wanted = (all * of_ten_thousand).div_ceil(10_000).max(1);
        let mut sum = 0;
        let class = self.counts.iter().position(|count| {
            sum += count;
            sum >= wanted
        });
        class.map(|class| (shortest(class + 1) - 1).min(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::{Histogram, class, shortest};

    #[test]
    fn a_class_is_narrow_and_none_is_left_out() {
        let mut last = 0;
        for time in 0..100_000 {
            let class = class(time);
            assert!(class == last || class == last + 1, "{time}");
            last = class;
            let shortest = shortest(class);
            assert!(shortest <= time && time - shortest <= time / 32, "{time}");
        }
        assert_eq!(shortest(class(u64::MAX)).leading_zeros(), 0);
    }

    #[test]
    fn quantiles_are_those_of_the_times() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.quantile(5_000), None);
        (1..=100).for_each(|time| histogram.add(time * 10));
        assert_eq!(histogram.quantile(5_000), Some(503));
        assert_eq!(histogram.quantile(9_900), Some(991));
        assert_eq!(histogram.quantile(10_000), Some(1_000));
        assert_eq!(histogram.longest(), 1_000);
        let mut twice = histogram.clone();
        twice.merge(&histogram);
        assert_eq!(twice.quantile(5_000), Some(503));
    }
}
