//! Scales from nothing upwards, in steps that a person would choose, and what stands beside their ticks.

use logon_sim::grouped;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How many steps a scale of values has at the most.
const VALUE_STEPS: u64 = 4;

/// The highest point of a scale as it is drawn: heights are counted in thousandths.
pub(super) const FULL: u64 = 1_000;

/// What a scale measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// Things that are counted.
    Things,
    /// Milliseconds.
    Times,
}

/// A scale of values, drawn upwards from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Scale {
    unit: Unit,
    step: u64,
    /// The value at the upper end, a multiple of the step.
    pub(super) top: u64,
}

impl Scale {
    /// The scale for values up to `most`.
    pub(super) fn up_to(most: u64, unit: Unit) -> Self {
        let step = match unit {
            Unit::Things => decimal_step(most, VALUE_STEPS),
            Unit::Times => time_step(most, VALUE_STEPS),
        };
        let top = most.div_ceil(step).max(1).saturating_mul(step);
        Scale { unit, step, top }
    }

    /// The values at which a line is drawn.
    pub(super) fn ticks(self) -> impl Iterator<Item = u64> {
        (0..=self.top / self.step).map(move |nth| nth * self.step)
    }

    /// What stands beside a tick.
    pub(super) fn label(self, tick: u64) -> String {
        match self.unit {
            Unit::Things => grouped(tick),
            Unit::Times => time_label(tick, self.step),
        }
    }

    /// How far below the upper end a value is drawn, in thousandths of the height.
    pub(super) fn depth(self, value: u64) -> u64 {
        let height = u128::from(value.min(self.top)) * u128::from(FULL) / u128::from(self.top);
        FULL - height as u64
    }
}

/// The smallest of 1, 2, 5, 10, 20, 50, … of which so many reach `most`.
fn decimal_step(most: u64, steps: u64) -> u64 {
    let powers = (0..20).map(|exponent| 10_u64.pow(exponent));
    let mut candidates = powers.flat_map(|power| [1, 2, 5].map(|n: u64| n.saturating_mul(power)));
    let reaches = |step: &u64| step.saturating_mul(steps) >= most;
    candidates.find(reaches).unwrap_or(u64::MAX / steps)
}

/// The smallest step of time of which so many reach `most`.
pub(super) fn time_step(most: u64, steps: u64) -> u64 {
    let seconds = [1, 2, 5, 10, 15, 30].map(|n| n * SECOND);
    let minutes = [1, 2, 5, 10, 15, 30].map(|n| n * MINUTE);
    let hours = [1, 2, 3, 6, 12].map(|n| n * HOUR);
    let reaches = |step: &u64| step.saturating_mul(steps) >= most;
    if most <= 500 * steps {
        return decimal_step(most, steps);
    }
    let mut natural = seconds.into_iter().chain(minutes).chain(hours);
    natural
        .find(reaches)
        .unwrap_or_else(|| DAY.saturating_mul(decimal_step(most.div_ceil(DAY), steps)))
}

/// A tick in the unit of its step, so that the labels of one axis agree.
pub(super) fn time_label(tick: u64, step: u64) -> String {
    match step {
        _ if tick == 0 => "0".to_owned(),
        ..SECOND => format!("{} ms", grouped(tick)),
        ..MINUTE => format!("{} s", grouped(tick / SECOND)),
        ..HOUR => format!("{} min", grouped(tick / MINUTE)),
        ..DAY => format!("{} h", grouped(tick / HOUR)),
        _ if tick == DAY => "1 day".to_owned(),
        _ => format!("{} days", grouped(tick / DAY)),
    }
}

/// A time to the millisecond, in all units that it takes.
pub(super) fn exact(time: u64) -> String {
    let parts = [
        (time / DAY, "d"),
        (time % DAY / HOUR, "h"),
        (time % HOUR / MINUTE, "min"),
        (time % MINUTE / SECOND, "s"),
        (time % SECOND, "ms"),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, unit)| format!("{} {unit}", grouped(number)))
        .collect();
    match parts.is_empty() {
        true => "0".to_owned(),
        false => parts.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, FULL, HOUR, MINUTE, SECOND, Scale, Unit, exact};

    fn labels(most: u64, unit: Unit) -> String {
        let scale = Scale::up_to(most, unit);
        let labels: Vec<String> = scale.ticks().map(|tick| scale.label(tick)).collect();
        labels.join(", ")
    }

    #[test]
    fn values_have_few_round_ticks_whatever_the_most_is() {
        for (most, expected) in [
            (0, "0, 1"),
            (1, "0, 1"),
            (3, "0, 1, 2, 3"),
            (11, "0, 5, 10, 15"),
            (407, "0, 200, 400, 600"),
            (40_596, "0, 20,000, 40,000, 60,000"),
        ] {
            assert_eq!(labels(most, Unit::Things), expected);
        }
        for most in (0..64).map(|bits| u64::MAX >> bits) {
            for unit in [Unit::Things, Unit::Times] {
                let scale = Scale::up_to(most, unit);
                assert!(scale.ticks().count() <= 5, "{most} {unit:?}");
                assert!(
                    scale.top >= most || scale.top > u64::MAX / 2,
                    "{most} {unit:?}"
                );
            }
        }
    }

    #[test]
    fn times_have_the_ticks_of_clocks_and_calendars() {
        for (most, expected) in [
            (0, "0, 1 ms"),
            (800, "0, 200 ms, 400 ms, 600 ms, 800 ms"),
            (1_999, "0, 500 ms, 1,000 ms, 1,500 ms, 2,000 ms"),
            (30 * SECOND, "0, 10 s, 20 s, 30 s"),
            (100 * SECOND, "0, 30 s, 60 s, 90 s, 120 s"),
            (7 * MINUTE, "0, 2 min, 4 min, 6 min, 8 min"),
            (23 * HOUR, "0, 6 h, 12 h, 18 h, 24 h"),
            (3 * DAY, "0, 1 day, 2 days, 3 days"),
            (96 * DAY, "0, 50 days, 100 days"),
        ] {
            assert_eq!(labels(most, Unit::Times), expected);
        }
    }

    #[test]
    fn the_greatest_value_is_at_the_upper_end_and_nothing_at_the_lower() {
        let scale = Scale::up_to(11, Unit::Things);
        assert_eq!(
            (scale.depth(0), scale.depth(15), scale.depth(5)),
            (FULL, 0, 667)
        );
    }

    #[test]
    fn an_exact_time_leaves_nothing_out() {
        for (time, said) in [
            (0, "0"),
            (250, "250 ms"),
            (512 * SECOND, "8 min 32 s"),
            (DAY + 2 * HOUR + 1, "1 d 2 h 1 ms"),
        ] {
            assert_eq!(exact(time), said);
        }
    }
}
