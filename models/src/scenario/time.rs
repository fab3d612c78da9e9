//! How long things take: `[time]`.
//!
//! Times are whole milliseconds of a clock that the harness keeps, see `crate::stage::clock`. A scenario without this table
//! knows none: a time-out, for example, is an actor that may act at any moment.

use std::fmt;

use super::check::Check;
use super::error::{ErrorKind, quoted};
use super::timed_document::{HoldUpDocument, TimeDocument};
use super::value::{Text, Whole, WrittenWithin};
use super::write::unplaced;
use toml::Spanned;

/// So many processors may set up sessions.
pub const PROCESSORS: std::ops::RangeInclusive<u32> = 1..=64;

/// So many times longer than its place explains may a logon wait in line.
pub const BURST_SLACK: std::ops::RangeInclusive<u32> = 1..=10;

/// The longest time that can be written, in milliseconds: a thousand hours.
pub(super) const LONGEST: u64 = 1_000 * 60 * 60 * 1_000;

/// The units in which a time may be written, the shortest first, in milliseconds.
const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("min", 60_000), ("h", 3_600_000)];

/// How long things take, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    /// How many processors share the set-up of sessions.
    pub processors: u32,
    /// The processor time that the set-up of a session takes.
    pub set_up: Within,
    /// How long a client waits for its prompt before it hangs up.
    pub patience: u64,
    /// How many times longer than its place in line explains a logon may wait in it: property L6.
    pub burst_slack: u32,
    /// How long a user looks at the prompt before logging on, on average.
    pub think: u64,
    /// How long a user stays logged on, on average; none: for ever.
    pub session: Option<u64>,
    /// How long the license service takes to reply, on average.
    pub license: u64,
    /// After how long it is noticed that a client has vanished.
    pub keep_alive: u64,
    /// After how long a disconnected session is reset; none: never.
    pub disconnect_time_out: Option<u64>,
    /// How long a client that was turned away waits before it comes back, on average.
    pub back_off: u64,
    /// How long a creation worker stalls.
    pub stall: u64,
    /// With what the draws begin.
    pub seed: u32,
    /// How steps are held up, if they are. Only the large engine knows it: the search tries every order anyway.
    pub hold_up: Option<HoldUp>,
}

impl Default for Time {
    fn default() -> Self {
        Time {
            processors: 1,
            set_up: Within::always(3_000),
            patience: 30_000,
            burst_slack: 2,
            think: 0,
            session: None,
            license: 0,
            keep_alive: 60_000,
            disconnect_time_out: None,
            back_off: 10_000,
            stall: 20_000,
            seed: 1,
            hold_up: None,
        }
    }
}

/// A time that is drawn evenly from these and all between them, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Within {
    /// The shortest.
    pub from: u64,
    /// The longest, at least as long.
    pub to: u64,
}

impl Within {
    /// Always this time.
    #[must_use]
    pub const fn always(time: u64) -> Self {
        Within {
            from: time,
            to: time,
        }
    }

    pub(super) fn written(self) -> WrittenWithin {
        let text = |time| Text(Span(time).to_string());
        match self.from == self.to {
            true => WrittenWithin::Always(text(self.from)),
            false => WrittenWithin::Between(text(self.from), text(self.to)),
        }
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from == self.to {
            true => write!(f, "{}", Span(self.from)),
            false => write!(f, "{} to {}", Span(self.from), Span(self.to)),
        }
    }
}

/// One in so many steps is held up for up to so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HoldUp {
    /// One in so many.
    pub one_in: u32,
    /// For this long at most.
    pub up_to: u64,
}

/// One step in so many may be held up.
const ONE_IN: std::ops::RangeInclusive<u32> = 1..=1_000;

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
    /// The time that a text means, if it means one from a millisecond to a thousand hours.
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
        let span = |key, written, default| self.span(key, written, default);
        let some = |key, written: &Option<Spanned<Text>>| {
            written.is_some().then(|| self.span(key, written, 1))
        };
        let time = Time {
            processors: self.count(
                "processors",
                &written.processors,
                PROCESSORS,
                defaults.processors,
            ),
            set_up: self.within(&written.set_up, defaults.set_up),
            patience: span("patience", &written.patience, defaults.patience),
            burst_slack: self.count(
                "burst-slack",
                &written.burst_slack,
                BURST_SLACK,
                defaults.burst_slack,
            ),
            think: span("think", &written.think, defaults.think),
            session: some("session", &written.session),
            license: span("license", &written.license, defaults.license),
            keep_alive: span("keep-alive", &written.keep_alive, defaults.keep_alive),
            disconnect_time_out: some("disconnect-time-out", &written.disconnect_time_out),
            back_off: span("back-off", &written.back_off, defaults.back_off),
            stall: span("stall", &written.stall, defaults.stall),
            seed: self.count("seed", &written.seed, 0..=u32::MAX, defaults.seed),
            hold_up: written.hold_up.as_ref().map(|written| HoldUp {
                one_in: self.number(
                    "one-in",
                    written.one_in.as_ref().0,
                    written.one_in.span(),
                    ONE_IN,
                ),
                up_to: self.time_of("up-to", &written.up_to, 1),
            }),
        };
        self.nobody_acts_at_any_moment();
        self.somebody_is_drawn(written);
        Some(time)
    }

    fn within(&self, written: &Option<Spanned<WrittenWithin>>, default: Within) -> Within {
        let Some(written) = written else {
            return default;
        };
        let time = |text: &Text, default| {
            self.time_of(
                "set-up",
                &Spanned::new(written.span(), text.clone()),
                default,
            )
        };
        match written.as_ref() {
            WrittenWithin::Always(text) => Within::always(time(text, default.from)),
            WrittenWithin::Between(from, to) => {
                let within = Within {
                    from: time(from, default.from),
                    to: time(to, default.to),
                };
                if within.from > within.to {
                    let message = format!(
                        "set-up is from {} to {}; expected the shorter time first",
                        Span(within.from),
                        Span(within.to)
                    );
                    self.wrong(ErrorKind::OutOfRange, written.span(), message);
                }
                within
            }
        }
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

    /// A time that may be left out.
    pub(super) fn span(&self, key: &str, written: &Option<Spanned<Text>>, default: u64) -> u64 {
        let written = written.as_ref();
        written.map_or(default, |written| self.time_of(key, written, default))
    }

    /// A time; where it is none, the default.
    pub(super) fn time_of(&self, key: &str, written: &Spanned<Text>, default: u64) -> u64 {
        let text = &written.as_ref().0;
        if let Some(Span(time)) = Span::parse(text) {
            return time;
        }
        self.wrong(
            ErrorKind::OutOfRange,
            written.span(),
            format!(
                "{key} is {}; expected a time from \"1ms\" to \"1000h\", such as \"250ms\", \"30s\" or \"5min\"",
                quoted(text)
            ),
        );
        default
    }
}

/// The table that means this.
pub(super) fn document(time: Time) -> Spanned<TimeDocument> {
    let defaults = Time::default();
    let number =
        |number: u32, default: u32| (number != default).then(|| unplaced(Whole(number.into())));
    let text = |time: u64| unplaced(Text(Span(time).to_string()));
    let span = |time: u64, default: u64| (time != default).then(|| text(time));
    unplaced(TimeDocument {
        processors: number(time.processors, defaults.processors),
        set_up: (time.set_up != defaults.set_up).then(|| unplaced(time.set_up.written())),
        patience: span(time.patience, defaults.patience),
        burst_slack: number(time.burst_slack, defaults.burst_slack),
        think: span(time.think, defaults.think),
        session: time.session.map(text),
        license: span(time.license, defaults.license),
        keep_alive: span(time.keep_alive, defaults.keep_alive),
        disconnect_time_out: time.disconnect_time_out.map(text),
        back_off: span(time.back_off, defaults.back_off),
        stall: span(time.stall, defaults.stall),
        seed: number(time.seed, defaults.seed),
        hold_up: time.hold_up.map(|hold_up| HoldUpDocument {
            one_in: unplaced(Whole(hold_up.one_in.into())),
            up_to: text(hold_up.up_to),
        }),
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
            "1001h",
            "1d",
            "99999999999999999999h",
        ] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }
}
