//! Writing a trace: its keys sorted, so that the same execution gives the same bytes.

use serde::Serialize;
use serde::ser::{Error, Serializer};
use serde_json::Value;

use super::{Explanation, Part, Trace, TracedScenario, TracedStep, TracedViolation, Waiting};
use crate::hidden::visible_json;

impl Trace {
    /// The trace as JSON, ending with a newline. What steers a terminal, turns the direction of writing or hides is
    /// written by its number.
    pub fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(&Sorted::of(self)).expect("a trace is plain data");
        text.push('\n');
        visible_json(text)
    }
}

/// A trace with its keys in order.
#[derive(Serialize)]
struct Sorted<'a> {
    actors: &'a [String],
    checker: &'a str,
    explanation: Maybe<'a, Explanation>,
    fingerprint: &'a str,
    format: &'a str,
    needs_weak_memory: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    preemptions: Option<usize>,
    scenario: Value,
    #[serde(skip_serializing_if = "<[Part]>::is_empty")]
    start: &'a [Part],
    steps: EachByItself<'a, TracedStep>,
    variant: &'a str,
    version: u32,
    violation: Maybe<'a, TracedViolation>,
    waiting: EachByItself<'a, Waiting>,
}

impl<'a> Sorted<'a> {
    fn of(trace: &'a Trace) -> Self {
        let Trace {
            format,
            version,
            variant,
            scenario: TracedScenario { name, toml },
            checker,
            needs_weak_memory,
            notes,
            fingerprint,
            violation,
            preemptions,
            actors,
            start,
            steps,
            waiting,
            explanation,
        } = trace;
        Sorted {
            actors,
            checker,
            explanation: Maybe(explanation.as_ref()),
            fingerprint,
            format,
            needs_weak_memory: *needs_weak_memory,
            notes,
            preemptions: *preemptions,
            scenario: serde_json::json!({ "name": name, "toml": toml }),
            start,
            steps: EachByItself(steps),
            variant,
            version: *version,
            violation: Maybe(violation.as_ref()),
            waiting: EachByItself(waiting),
        }
    }
}

/// A value with its keys in order: by way of a document, whose keys are sorted.
fn sorted<S: Serializer>(value: &impl Serialize, serializer: S) -> Result<S::Ok, S::Error> {
    let value = serde_json::to_value(value).map_err(S::Error::custom)?;
    value.serialize(serializer)
}

/// A value that may be missing.
struct Maybe<'a, T>(Option<&'a T>);

impl<T: Serialize> Serialize for Maybe<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        sorted(&self.0, serializer)
    }
}

/// Values, one document at a time: all together would take many times the memory of their text.
struct EachByItself<'a, T>(&'a [T]);

impl<T: Serialize> Serialize for EachByItself<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Each<'a, T>(&'a T);
        impl<T: Serialize> Serialize for Each<'_, T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                sorted(self.0, serializer)
            }
        }
        serializer.collect_seq(self.0.iter().map(Each))
    }
}
