//! Randomness by name: every draw is a function of the seed, of what is drawn, and for whom.
//!
//! So a draw does not depend on how many there were before it, and to take one kind of them away moves no other: what a
//! seed has found can be made smaller under the same seed. All is in whole numbers, so that a seed draws the same on
//! every machine.

/// The draws of one seed. A *stream* is what is drawn; two streams have nothing in common.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Draws(u64);

impl Draws {
    /// Those of this seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Draws(mix(seed))
    }

    /// A number of 64 bits.
    #[must_use]
    pub fn number(self, stream: u64, index: u64) -> u64 {
        mix(mix(self.0 ^ stream.wrapping_mul(GOLDEN)) ^ index)
    }

    /// One of the numbers below `end`, each as likely as the others to within `end` in 2^64.
    #[must_use]
    pub fn below(self, stream: u64, index: u64, end: u64) -> u64 {
        ((u128::from(self.number(stream, index)) * u128::from(end)) >> 64) as u64
    }

    /// A number with an exponential distribution of this mean, rounded down: how long it is until the next of many
    /// independent events. At most 23 times the mean, and what does not fit into 64 bits is the largest number of them.
    #[must_use]
    pub fn exponential(self, stream: u64, index: u64, mean: u64) -> u64 {
        let part = self.number(stream, index) >> 32;
        scaled_log(part + 1, mean)
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finalizer of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(GOLDEN);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// `mean` times the negative natural logarithm of `part` / 2^32, for a part from 1 to 2^32.
fn scaled_log(part: u64, mean: u64) -> u64 {
    // The natural logarithm of 2, in units of 2^-32.
    const LN_2: u128 = 2_977_044_472;
    // The logarithm to base 2 of 2^32 / part, in units of 2^-24.
    let log = (32 << 24) - binary_log(part);
    // The logarithms have 29 and 32 bits, so that no mean is too large to be multiplied; what comes of it may be.
    let scaled = (u128::from(log) * LN_2 * u128::from(mean)) >> 56;
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

/// The logarithm to base 2 of a number from 1 on, in units of 2^-24, rounded down: its bits one after the other, each by
/// a squaring.
fn binary_log(number: u64) -> u64 {
    let whole = number.ilog2();
    // From 1 to below 2, in units of 2^-63.
    let mut rest = number << (63 - whole);
    let mut log = u64::from(whole);
    for _ in 0..24 {
        let square = (u128::from(rest) * u128::from(rest)) >> 63;
        let is_two = square >> 64 != 0;
        log = (log << 1) | u64::from(is_two);
        rest = (square >> u32::from(is_two)) as u64;
    }
    log
}

#[cfg(test)]
mod tests {
    use super::{Draws, binary_log, scaled_log};

    #[test]
    fn the_logarithm_is_that_of_the_standard_library() {
        for number in [1_u64, 2, 3, 5, 10, 1_000, 4_294_967_295, 1 << 32, 1 << 40] {
            let exact = (number as f64).log2() * f64::from(1 << 24);
            let difference = exact - binary_log(number) as f64;
            assert!((-1.0..2.0).contains(&difference), "{number}: {difference}");
        }
        assert_eq!(scaled_log(1, u64::MAX), u64::MAX);
        for part in [1_u64, 2, 77, 1 << 20, 1 << 31, 1 << 32] {
            let exact = -(part as f64 / 2_f64.powi(32)).ln() * 1e6;
            let difference = exact - scaled_log(part, 1_000_000) as f64;
            assert!(difference.abs() < 2.0, "{part}: {difference}");
        }
    }

    #[test]
    fn a_seed_draws_the_same_on_every_machine() {
        let draws = Draws::of(1);
        let drawn = [draws.number(1, 0), draws.number(2, 0), draws.number(1, 1)];
        // By the definition of SplitMix64, computed elsewhere.
        let expected = [
            5_493_788_510_227_653_634,
            248_382_218_779_318_986,
            15_001_613_188_837_963_018,
        ];
        assert_eq!(drawn, expected);
        assert_eq!(draws.exponential(1, 0, 1_000_000), 1_211_269);
    }

    #[test]
    fn draws_are_spread_as_they_should_be() {
        let draws = Draws::of(7);
        let count = 100_000;
        let drawn = (0..count).map(|index| draws.exponential(1, index, 1_000));
        let mean = drawn.sum::<u64>() / count;
        assert!((980..1_020).contains(&mean), "{mean}");
        let mut times = [0; 3];
        for index in 0..count {
            times[draws.below(2, index, 3) as usize] += 1;
        }
        let is_even = times.iter().all(|times| (32_300..34_400).contains(times));
        assert!(is_even, "{times:?}");
    }

    #[test]
    fn streams_and_indices_have_nothing_in_common() {
        let draws = Draws::of(3);
        let equal = (0..10_000).filter(|&index| {
            let one = draws.below(1, index, 1_000);
            one == draws.below(2, index, 1_000) || one == draws.below(1, index + 1, 1_000)
        });
        assert!(equal.count() < 60);
    }
}
