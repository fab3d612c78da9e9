//! When an administrator acts: a time, or one for each operation.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::check::Check;
use super::error::ErrorKind;
use super::time::Span;
use super::value::{TIME, Text};
use super::write::unplaced;

/// The times as written.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum WrittenDates {
    /// When the first operation happens; the others follow at once.
    First(Text),
    /// When each operation happens.
    Each(Vec<Spanned<Text>>),
}

struct DatesVisitor;

impl<'de> Visitor<'de> for DatesVisitor {
    type Value = WrittenDates;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time such as \"5min\", or a list of times, one for each operation")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<WrittenDates, E> {
        Ok(WrittenDates::First(Text(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<WrittenDates, A::Error> {
        let mut times = Vec::new();
        while let Some(time) = list.next_element()? {
            times.push(time);
        }
        Ok(WrittenDates::Each(times))
    }
}

impl<'de> Deserialize<'de> for WrittenDates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DatesVisitor)
    }
}

impl JsonSchema for WrittenDates {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Dates".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let time = json_schema!({ "type": "string", "pattern": TIME });
        json_schema!({
            "oneOf": [
                time,
                { "type": "array", "items": time, "minItems": 1, "maxItems": 32 },
            ]
        })
    }
}

impl Check<'_> {
    /// When the operations of a script of this length happen: none, one, or one time for each.
    pub(super) fn dates(&self, written: &Spanned<WrittenDates>, length: usize) -> Vec<u64> {
        if self.document.time.is_none() {
            self.needs_time("at", written.span());
        }
        let times = match written.as_ref() {
            WrittenDates::First(text) => {
                let text = Spanned::new(written.span(), text.clone());
                return vec![self.time_of("at", &text, 1)];
            }
            WrittenDates::Each(times) => times,
        };
        let dates: Vec<u64> = times
            .iter()
            .map(|time| self.time_of("at", time, 1))
            .collect();
        if dates.len() != length {
            let message = format!(
                "there are {} times for a script of {length}; expected one time for each operation, or one in all",
                dates.len()
            );
            self.wrong(ErrorKind::Contradiction, written.span(), message);
        }
        let later = |pair: &[u64]| pair[0] > pair[1];
        if let Some(place) = dates.windows(2).position(later) {
            let message = format!(
                "an operation at {} comes after one at {}; expected the times in order",
                Span(dates[place + 1]),
                Span(dates[place])
            );
            self.wrong(ErrorKind::Contradiction, times[place + 1].span(), message);
        }
        dates
    }
}

/// The times that mean these.
pub(super) fn document(dates: &[u64]) -> Option<Spanned<WrittenDates>> {
    let text = |date: &u64| Text(Span(*date).to_string());
    match dates {
        [] => None,
        [first] => Some(unplaced(WrittenDates::First(text(first)))),
        each => {
            let each = each.iter().map(|date| unplaced(text(date)));
            Some(unplaced(WrittenDates::Each(each.collect())))
        }
    }
}
