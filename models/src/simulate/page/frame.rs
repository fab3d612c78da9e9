//! What the pictures of a page have in common: the axis of time, the mark where a property fell, and what was wrong with
//! the environment meanwhile.

use super::axis::{time_label, time_step};
use crate::scenario::Plan;
use crate::simulate::words;

/// How many steps the axis of time has at the most.
const TIME_STEPS: u64 = 8;

/// The shortest part of the picture that is shaded; what is shorter would not be seen.
const SHORTEST_SHADE: u64 = 400;

/// The axis of time: so many pieces of equal length.
pub(super) struct Frame {
    /// How long a piece is, in milliseconds.
    pub(super) length: u64,
    /// How many there are, at least one.
    pub(super) count: u64,
    /// Where a property fell first, and what is written there.
    pub(super) mark: Option<(u64, String)>,
    pub(super) shades: Vec<Shade>,
}

/// A part of the time that is shaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shade {
    pub(super) kind: ShadeKind,
    pub(super) from: u64,
    pub(super) until: u64,
}

/// What it is shaded for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum ShadeKind {
    SlowDisk,
    LogonsDisabled,
}

impl ShadeKind {
    pub(super) const ALL: [ShadeKind; 2] = [ShadeKind::SlowDisk, ShadeKind::LogonsDisabled];

    /// As it is written in the legend.
    pub(super) fn name(self) -> &'static str {
        match self {
            ShadeKind::SlowDisk => "slow disk",
            ShadeKind::LogonsDisabled => "logons disabled",
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            ShadeKind::SlowDisk => "slow",
            ShadeKind::LogonsDisabled => "disabled",
        }
    }
}

impl Frame {
    pub(super) fn new(length: u64, count: usize) -> Self {
        Frame {
            length,
            count: count.max(1) as u64,
            mark: None,
            shades: Vec::new(),
        }
    }

    /// The time at the right end.
    pub(super) fn end(&self) -> u64 {
        self.length * self.count
    }

    /// Where a time is drawn, in percent of the width, to a thousandth.
    pub(super) fn place(&self, time: u64) -> String {
        let end = self.end();
        let thousandths = u128::from(time.min(end)) * 100_000 / u128::from(end);
        format!("{}.{:03}%", thousandths / 1_000, thousandths % 1_000)
    }

    /// The times at which a line is drawn, and what stands below it.
    pub(super) fn ticks(&self) -> Vec<(u64, String)> {
        let step = time_step(self.end(), TIME_STEPS);
        let ticks = (0..=self.end() / step).map(|nth| nth * step);
        ticks.map(|tick| (tick, time_label(tick, step))).collect()
    }

    /// On which side of a time a text has room: the value of `text-anchor`.
    pub(super) fn anchor(&self, time: u64) -> &'static str {
        let end = self.end();
        match time {
            _ if time <= end / 20 => "start",
            _ if time >= end - end / 20 => "end",
            _ => "middle",
        }
    }

    /// Marks where a property of this name fell.
    pub(super) fn mark(&mut self, property: &str, at: u64) {
        self.mark = Some((at, format!("{property} fell at {}", words::time(at))));
    }

    /// Shades when the disk was slow and logons were disabled, each kind if it can be seen.
    pub(super) fn shade(&mut self, plan: &Plan) {
        let end = self.end();
        for kind in ShadeKind::ALL {
            let window = |nth| match kind {
                ShadeKind::SlowDisk => plan.slow(nth).map(|(from, until, _)| (from, until)),
                ShadeKind::LogonsDisabled => plan.disabled(nth),
            };
            let visible = |(from, until): (u64, u64)| (until - from) * SHORTEST_SHADE >= end;
            if !window(0).is_some_and(visible) {
                continue;
            }
            let windows = (0..).map_while(window);
            let windows = windows.take_while(|(from, _)| *from < end);
            self.shades.extend(windows.map(|(from, until)| Shade {
                kind,
                from,
                until: until.min(end),
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Frame;

    #[test]
    fn a_time_is_drawn_at_its_part_of_the_width() {
        let frame = Frame::new(250, 140);
        let places = [0, 17_500, 11_667, 35_000, 99_000].map(|time| frame.place(time));
        assert_eq!(
            places,
            ["0.000%", "50.000%", "33.334%", "100.000%", "100.000%"]
        );
        let anchors = [0, 17_500, 35_000].map(|time| frame.anchor(time));
        assert_eq!(anchors, ["start", "middle", "end"]);
    }

    #[test]
    fn the_axis_has_at_most_nine_ticks_from_a_piece_to_years() {
        for bits in 0..45 {
            let frame = Frame::new(250 << bits, 129);
            let ticks = frame.ticks();
            assert!((3..=9).contains(&ticks.len()), "{bits}: {ticks:?}");
            assert!(ticks.iter().all(|(tick, _)| *tick <= frame.end()), "{bits}");
        }
        let labels = |frame: Frame| {
            let labels: Vec<String> = frame.ticks().into_iter().map(|(_, label)| label).collect();
            labels.join(" ")
        };
        assert_eq!(
            labels(Frame::new(250, 140)),
            "0 5 s 10 s 15 s 20 s 25 s 30 s 35 s"
        );
        assert_eq!(
            labels(Frame::new(32_768_000, 254)),
            "0 20 days 40 days 60 days 80 days"
        );
        assert_eq!(
            labels(Frame::new(250, 0)),
            "0 50 ms 100 ms 150 ms 200 ms 250 ms"
        );
    }
}
