//! How long things take: `[time]`.
//!
//! Times are whole milliseconds of a clock that the harness keeps, see `crate::stage::clock`. A scenario without this table
//! knows none: a time-out, for example, is an actor that may act at any moment.

use std::fmt;

use super::check::Check;
use super::document::TimeDocument;
use super::error::{ErrorKind, quoted};
use super::value::{Text, Whole};
use super::write::unplaced;
use toml::Spanned;

/// So many processors may set up sessions.
pub const PROCESSORS: std::ops::RangeInclusive<u32> = 1..=64;

/// So many times longer than its place explains may a logon wait in line.
pub const BURST_SLACK: std::ops::RangeInclusive<u32> = 1..=10;

/// The longest time that can be written, in milliseconds: a day.
const LONGEST: u64 = 24 * 60 * 60 * 1_000;

/// The units in which a time may be written, the shortest first, in milliseconds.
const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("min", 60_000), ("h", 3_600_000)];

/// How long things take, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    /// How many processors share the set-up of sessions.
    pub processors: u32,
    /// The processor time that the set-up of a session takes.
    pub set_up: u64,
    /// How long a client waits for its prompt before it hangs up.
    pub patience: u64,
    /// How many times longer than its place in line explains a logon may wait in it: property L6.
    pub burst_slack: u32,
}

impl Default for Time {
    fn default() -> Self {
        Time {
            processors: 1,
            set_up: 3_000,
            patience: 30_000,
            burst_slack: 2,
        }
    }
}

/// A time as it is written: a whole number of the longest unit in which it is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span(pub u64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut units = UNITS.into_iter().rev();
        let whole = units.find(|(_, length)| self.0.is_multiple_of(*length));
        let (unit, length) = whole.unwrap_or(UNITS[0]);
        write!(f, "{}{unit}", self.0 / length)
    }
}

impl Span {
    /// The time that a text means, if it means one from a millisecond to a day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Span> {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = text.split_at(digits);
        let (_, length) = UNITS.into_iter().find(|(known, _)| *known == unit)?;
        let time = number.parse::<u64>().ok()?.checked_mul(length)?;
        (1..=LONGEST).contains(&time).then_some(Span(time))
    }
}

impl Check<'_> {
    /// How long things take, if the document says so.
    pub(super) fn time(&self) -> Option<Time> {
        let written = self.document.time.as_ref()?.as_ref();
        let defaults = Time::default();
        let time = Time {
            processors: self.count(
                "processors",
                &written.processors,
                PROCESSORS,
                defaults.processors,
            ),
            set_up: self.span("set-up", &written.set_up, defaults.set_up),
            patience: self.span("patience", &written.patience, defaults.patience),
            burst_slack: self.count(
                "burst-slack",
                &written.burst_slack,
                BURST_SLACK,
                defaults.burst_slack,
            ),
        };
        self.nobody_acts_at_any_moment();
        Some(time)
    }

    fn count(
        &self,
        key: &str,
        written: &Option<Spanned<Whole>>,
        range: std::ops::RangeInclusive<u32>,
        default: u32,
    ) -> u32 {
        written.as_ref().map_or(default, |number| {
            self.number(key, number.as_ref().0, number.span(), range)
        })
    }

    fn span(&self, key: &str, written: &Option<Spanned<Text>>, default: u64) -> u64 {
        let Some(written) = written else {
            return default;
        };
        let text = &written.as_ref().0;
        if let Some(Span(time)) = Span::parse(text) {
            return time;
        }
        self.wrong(
            ErrorKind::OutOfRange,
            written.span(),
            format!(
                "{key} is {}; expected a time from \"1ms\" to \"24h\", such as \"250ms\", \"30s\" or \"5min\"",
                quoted(text)
            ),
        );
        default
    }

    /// Time passes when nobody else can act, so whoever may act at any moment would act at the first.
    fn nobody_acts_at_any_moment(&self) {
        let document = self.document;
        let first = [
            (
                "administrator",
                document.administrators.first().map(Spanned::span),
            ),
            ("cutter", document.cutters.first().map(Spanned::span)),
            ("timer", document.timers.first().map(Spanned::span)),
        ];
        for (part, span) in first {
            if let Some(span) = span {
                self.wrong(
                    ErrorKind::Contradiction,
                    span,
                    format!(
                        "a {part} acts at any moment, and with [time] it would act at the first; expected no [[{part}]] \
                         beside [time]"
                    ),
                );
            }
        }
        let wakes = document.server.spurious_wakes.as_ref();
        if let Some(wakes) = wakes.filter(|wakes| wakes.as_ref().0 != 0) {
            self.wrong(
                ErrorKind::Contradiction,
                wakes.span(),
                "spurious-wakes come at any moment, and with [time] they would come at the first; expected none beside \
                 [time]"
                    .to_owned(),
            );
        }
    }
}

/// The table that means this.
pub(super) fn document(time: Time) -> Spanned<TimeDocument> {
    let defaults = Time::default();
    let number =
        |number: u32, default: u32| (number != default).then(|| unplaced(Whole(number.into())));
    let span =
        |time: u64, default: u64| (time != default).then(|| unplaced(Text(Span(time).to_string())));
    unplaced(TimeDocument {
        processors: number(time.processors, defaults.processors),
        set_up: span(time.set_up, defaults.set_up),
        patience: span(time.patience, defaults.patience),
        burst_slack: number(time.burst_slack, defaults.burst_slack),
    })
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Span};

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for time in [1, 999, 1_000, 1_500, 60_000, 90_000, 3_600_000, LONGEST] {
            assert_eq!(Span::parse(&Span(time).to_string()), Some(Span(time)));
        }
        assert_eq!(Span::parse("90s"), Some(Span(90_000)));
        assert_eq!(Span(90_000).to_string(), "90s");
        assert_eq!(Span(120_000).to_string(), "2min");
        assert_eq!(Span(0).to_string(), "0s");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "s",
            "0s",
            "1",
            "1 s",
            "-1s",
            "1.5s",
            "1S",
            "25h",
            "1d",
            "99999999999999999999h",
        ] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }
}
