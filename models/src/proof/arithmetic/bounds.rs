//! Unknowns of the simplex, and the bounds that inequalities are for them.

use super::rational::{Rational, TooLarge, scaled_to_integers};

/// Which end of the range of an unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    Low,
    High,
}

impl End {
    pub(super) fn other(self) -> End {
        match self {
            End::Low => End::High,
            End::High => End::Low,
        }
    }

    /// Whether `one` lies further towards this end than `two`.
    pub(super) fn is_beyond(self, one: Rational, two: Rational) -> Result<bool, TooLarge> {
        match self {
            End::Low => one.is_less_than(two),
            End::High => two.is_less_than(one),
        }
    }
}

/// An inequality as a bound of one unknown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) at: Rational,
    /// The place of the inequality in the list of whoever gave it.
    pub(super) place: usize,
    /// The form of the inequality is this many times the distance of the unknown from the bound.
    pub(super) scale: Rational,
}

/// Where an unknown stands in the equations.
#[derive(Clone, Copy, Debug)]
pub(super) enum Position {
    /// The equation of this row says what it is.
    Row(usize),
    /// It is free to take a value; this column says how it counts in each equation.
    Column(usize),
}

/// A variable, or a sum of variables.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) value: Rational,
    pub(super) position: Position,
    low: Option<Bound>,
    high: Option<Bound>,
}

impl Unknown {
    /// An unknown without bounds.
    pub(super) fn new(value: Rational, position: Position) -> Unknown {
        Unknown {
            value,
            position,
            low: None,
            high: None,
        }
    }

    pub(super) fn bound(&self, end: End) -> Option<Bound> {
        match end {
            End::Low => self.low,
            End::High => self.high,
        }
    }

    pub(super) fn set_bound(&mut self, end: End, bound: Option<Bound>) {
        match end {
            End::Low => self.low = bound,
            End::High => self.high = bound,
        }
    }

    /// The bound at this end, if the value is beyond it.
    pub(super) fn overstepped(&self, end: End) -> Result<Option<Bound>, TooLarge> {
        match self.bound(end) {
            Some(bound) if end.is_beyond(self.value, bound.at)? => Ok(Some(bound)),
            _ => Ok(None),
        }
    }

    /// Whether the value may move towards this end.
    pub(super) fn has_room(&self, end: End) -> Result<bool, TooLarge> {
        self.bound(end)
            .map_or(Ok(true), |bound| end.is_beyond(bound.at, self.value))
    }
}

/// The inequalities behind the bounds, each as often as is needed for this sum of distances from the bounds:
/// places, and integer multiples in the same proportion.
pub(super) fn multiples(parts: &[(Bound, Rational)]) -> Result<Vec<(usize, u64)>, TooLarge> {
    let share = |(bound, times): &(Bound, Rational)| times.times(bound.scale.inverse()?);
    let shares: Vec<Rational> = parts.iter().map(share).collect::<Result<_, _>>()?;
    let places = parts.iter().map(|(bound, _)| bound.place);
    Ok(places.zip(scaled_to_integers(&shares)?).collect())
}
