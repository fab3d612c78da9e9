//! When the set-up of sessions is slower than usual: `[[slow-disk]]`.

use toml::Spanned;

use super::check::Check;
use super::error::ErrorKind;
use super::faults::FACTOR;
use super::time::{Span, Time};
use super::timed_document::SlowDiskDocument;
use super::value::{Text, Whole};
use super::write::unplaced;

/// How many such times a scenario may have.
pub(super) const SLOW_TIMES: usize = 64;

/// A time in which the set-up of sessions is slower than usual, in milliseconds after the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlowTime {
    /// When it begins.
    pub from: u64,
    /// When it is over.
    pub until: u64,
    /// How many times slower.
    pub factor: u32,
}

impl Check<'_> {
    /// The times, in order and apart.
    pub(super) fn slow_disks(&self, time: Option<&Time>) -> Vec<SlowTime> {
        let written = &self.document.slow_disks;
        if let Some(last) = written.last() {
            self.length(
                "tables of slow disks",
                written.len(),
                0..=SLOW_TIMES,
                last.span(),
            );
            self.expect_time("[[slow-disk]]", last.span(), time);
            self.expect_no_arrivals("slow-disk in [faults]", "[[slow-disk]]", last.span());
        }
        let mut times: Vec<SlowTime> = Vec::new();
        for table in written {
            let document = table.as_ref();
            let from = self.span("at", &document.at, 0);
            let length = self.time_of("for", &document.length, 1);
            let factor = &document.factor;
            let one = SlowTime {
                from,
                until: from + length,
                factor: self.number("factor", factor.as_ref().0, factor.span(), FACTOR),
            };
            if let Some(before) = times.last()
                && before.until >= one.from
            {
                let message = format!(
                    "this slow disk begins at {}, and the one before is over at {}; expected them in order, with a \
                     time between them",
                    Span(one.from),
                    Span(before.until)
                );
                self.wrong(ErrorKind::Contradiction, table.span(), message);
            }
            times.push(one);
        }
        times
    }
}

/// The table that means this.
pub(super) fn document(slow: &SlowTime) -> Spanned<SlowDiskDocument> {
    let time = |time: u64| unplaced(Text(Span(time).to_string()));
    unplaced(SlowDiskDocument {
        at: (slow.from != 0).then(|| time(slow.from)),
        length: time(slow.until - slow.from),
        factor: unplaced(Whole(slow.factor.into())),
    })
}
