//! Exact fractions that notice when a number grows too large.

/// A number no longer fits, so there is no exact result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TooLarge;

/// A fraction in lowest terms. Numerator and denominator have to fit 128 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Rational {
    numerator: i128,
    /// Never below 1.
    denominator: i128,
}

/// The greatest common divisor; 0 only if both numbers are 0.
fn greatest_common_divisor(one: u128, other: u128) -> u128 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        // Division of 128 bits is slow, and hardly ever needed.
        if let (Ok(a), Ok(b)) = (u64::try_from(one), u64::try_from(other)) {
            let (mut a, mut b) = (a, b);
            while b != 0 {
                (a, b) = (b, a % b);
            }
            return u128::from(a);
        }
        (one, other) = (other, one % other);
    }
    one
}

/// The greatest common divisor of two numbers of which `positive` is above 0.
fn common_factor(number: i128, positive: i128) -> Result<i128, TooLarge> {
    if positive == 1 {
        return Ok(1);
    }
    let factor = greatest_common_divisor(number.unsigned_abs(), positive.unsigned_abs());
    i128::try_from(factor).map_err(|_| TooLarge)
}

fn product(one: i128, other: i128) -> Result<i128, TooLarge> {
    // As above: the usual numbers need no slow multiplication.
    match (i64::try_from(one), i64::try_from(other)) {
        (Ok(one), Ok(other)) => Ok(i128::from(one) * i128::from(other)),
        _ => one.checked_mul(other).ok_or(TooLarge),
    }
}

fn sum(one: i128, other: i128) -> Result<i128, TooLarge> {
    one.checked_add(other).ok_or(TooLarge)
}

impl Rational {
    pub(super) const ZERO: Rational = Rational::whole(0);
    pub(super) const ONE: Rational = Rational::whole(1);

    const fn whole(numerator: i128) -> Rational {
        Rational {
            numerator,
            denominator: 1,
        }
    }

    pub(super) fn is_zero(self) -> bool {
        self.numerator == 0
    }

    pub(super) fn is_negative(self) -> bool {
        self.numerator < 0
    }

    pub(super) fn is_whole(self) -> bool {
        self.denominator == 1
    }

    /// The largest integer that is not larger.
    pub(super) fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    pub(super) fn plus(self, other: Rational) -> Result<Rational, TooLarge> {
        if self.denominator == 1 && other.denominator == 1 {
            return Ok(Rational::whole(sum(self.numerator, other.numerator)?));
        }
        let shared = common_factor(self.denominator, other.denominator)?;
        let (this, that) = (self.denominator / shared, other.denominator / shared);
        let numerator = sum(
            product(self.numerator, that)?,
            product(other.numerator, this)?,
        )?;
        // Only what the denominators share can be in the sum as well.
        let common = common_factor(numerator, shared)?;
        let denominator = product(product(this, that)?, shared / common)?;
        let numerator = numerator / common;
        Ok(Rational {
            numerator,
            denominator,
        })
    }

    pub(super) fn minus(self, other: Rational) -> Result<Rational, TooLarge> {
        self.plus(other.negative()?)
    }

    pub(super) fn negative(self) -> Result<Rational, TooLarge> {
        let numerator = self.numerator.checked_neg().ok_or(TooLarge)?;
        Ok(Rational { numerator, ..self })
    }

    pub(super) fn times(self, other: Rational) -> Result<Rational, TooLarge> {
        let one = common_factor(self.numerator, other.denominator)?;
        let two = common_factor(other.numerator, self.denominator)?;
        Ok(Rational {
            numerator: product(self.numerator / one, other.numerator / two)?,
            denominator: product(self.denominator / two, other.denominator / one)?,
        })
    }

    /// 1 divided by the fraction.
    ///
    /// # Panics
    ///
    /// If the fraction is 0.
    pub(super) fn inverse(self) -> Result<Rational, TooLarge> {
        assert!(!self.is_zero(), "0 has no inverse");
        let denominator = self.numerator.checked_abs().ok_or(TooLarge)?;
        let numerator = self.numerator.signum() * self.denominator;
        Ok(Rational {
            numerator,
            denominator,
        })
    }

    pub(super) fn is_less_than(self, other: Rational) -> Result<bool, TooLarge> {
        if self.denominator == other.denominator {
            return Ok(self.numerator < other.numerator);
        }
        let left = product(self.numerator, other.denominator)?;
        Ok(left < product(other.numerator, self.denominator)?)
    }
}

impl From<i64> for Rational {
    fn from(value: i64) -> Rational {
        Rational::whole(i128::from(value))
    }
}

/// The fractions, none of them negative, times the smallest number that makes all of them integers.
pub(super) fn scaled_to_integers(fractions: &[Rational]) -> Result<Vec<u64>, TooLarge> {
    let mut common = 1;
    for fraction in fractions {
        let shared = common_factor(common, fraction.denominator)?;
        common = product(common, fraction.denominator / shared)?;
    }
    let scale = |fraction: &Rational| {
        let scaled = product(fraction.numerator, common / fraction.denominator)?;
        u64::try_from(scaled).map_err(|_| TooLarge)
    };
    fractions.iter().map(scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i64, denominator: i64) -> Rational {
        let inverse = Rational::from(denominator).inverse().unwrap();
        Rational::from(numerator).times(inverse).unwrap()
    }

    #[test]
    fn operations_agree_with_integers_over_a_common_denominator() {
        let small = || (-7..=7).flat_map(|n| [1, 2, 3, 4, 6, 12].map(|d| (n, d)));
        for (n, d) in small() {
            let one = fraction(n, d);
            assert_eq!(one.floor(), i128::from(n.div_euclid(d)));
            for (m, e) in small() {
                let other = fraction(m, e);
                assert_eq!(one.plus(other), Ok(fraction(n * e + m * d, d * e)));
                assert_eq!(one.minus(other), Ok(fraction(n * e - m * d, d * e)));
                assert_eq!(one.times(other), Ok(fraction(n * m, d * e)));
                assert_eq!(one.is_less_than(other), Ok(n * e < m * d));
                assert_eq!(one == other, n * e == m * d);
                if m != 0 {
                    let quotient = one.times(other.inverse().unwrap());
                    assert_eq!(quotient.unwrap().times(other), Ok(one));
                }
            }
        }
    }

    #[test]
    fn fractions_are_in_lowest_terms() {
        let half = fraction(-3, -6);
        assert_eq!((half.numerator, half.denominator), (1, 2));
        let sum = fraction(1, 6).plus(fraction(1, 10)).unwrap();
        assert_eq!((sum.numerator, sum.denominator), (4, 15));
        assert_eq!(fraction(0, -5), Rational::ZERO);
    }

    #[test]
    fn a_number_too_large_is_none() {
        let large = Rational::whole(i128::MAX);
        assert_eq!(large.plus(Rational::ONE), Err(TooLarge));
        assert_eq!(large.times(fraction(2, 1)), Err(TooLarge));
        assert_eq!(
            large.times(fraction(1, 2)).unwrap().times(fraction(2, 1)),
            Ok(large)
        );
        assert_eq!(large.is_less_than(fraction(1, 2)), Err(TooLarge));
        let smallest = Rational::whole(i128::MIN);
        assert_eq!(
            (smallest.negative(), smallest.inverse()),
            (Err(TooLarge), Err(TooLarge))
        );
        assert_eq!(large.inverse().unwrap().plus(fraction(1, 2)), Err(TooLarge));
    }

    #[test]
    fn scaling_is_no_larger_than_needed() {
        let parts = [
            fraction(1, 4),
            fraction(5, 6),
            fraction(2, 1),
            Rational::ZERO,
        ];
        assert_eq!(scaled_to_integers(&parts), Ok(vec![3, 10, 24, 0]));
        assert_eq!(scaled_to_integers(&[fraction(-1, 2)]), Err(TooLarge));
        assert_eq!(scaled_to_integers(&[]), Ok(vec![]));
        let prime = |n: i64| fraction(1, n);
        let large = [i64::MAX, i64::MAX - 1, i64::MAX - 2].map(prime);
        assert_eq!(scaled_to_integers(&large), Err(TooLarge));
    }
}
