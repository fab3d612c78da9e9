//! What a list of traces says of one, read from its file without keeping the rest of it.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::read::{LARGEST, Scanned};
use super::{FORMAT, Trace, VERSION};

/// What a list of traces says of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// The variant that was run.
    pub variant: String,
    /// The name of the scenario it was run on.
    pub scenario: String,
    /// The property that fell first, if one did.
    pub property: Option<String>,
    /// Why it fell, or else what happened to whom.
    pub why: String,
    /// How many steps there are.
    pub steps: usize,
    /// How many of them are preemptions; none if they were not counted.
    pub preemptions: Option<usize>,
    /// How many actors there are.
    pub actors: usize,
}

impl Summary {
    /// The summary of the trace in a file; none if the file holds no trace of this version. Whether it contradicts
    /// itself is not looked at. No more than the longest string of the file is in memory at a time.
    pub fn load(path: &Path) -> Option<Summary> {
        let file = File::open(path).ok()?;
        if file.metadata().ok()?.len() > LARGEST {
            return None;
        }
        Self::read(file.take(LARGEST))
    }

    /// The summary of a trace.
    pub fn of(trace: &Trace) -> Summary {
        let violation = trace.violation.as_ref();
        let sentence = violation.map(|fell| &fell.sentence);
        let why = trace.explanation.as_ref().map(|found| &found.why);
        Summary {
            variant: trace.variant.clone(),
            scenario: trace.scenario.name.clone(),
            property: violation.map(|fell| fell.property.clone()),
            why: why.or(sentence).cloned().unwrap_or_default(),
            steps: trace.steps.len(),
            preemptions: trace.preemptions,
            actors: trace.actors.len(),
        }
    }

    fn read(file: impl Read) -> Option<Summary> {
        let file = BufReader::with_capacity(64 * 1024, Scanned::new(file));
        let outline: Outline = serde_json::from_reader(file).ok()?;
        if outline.format != FORMAT || outline.version != VERSION {
            return None;
        }
        let (property, sentence) = match outline.violation {
            Some(fell) => (Some(fell.property), fell.sentence),
            None => (None, String::new()),
        };
        Some(Summary {
            variant: outline.variant,
            scenario: outline.scenario.name,
            property,
            why: outline.explanation.map_or(sentence, |found| found.why),
            steps: outline.steps.0,
            preemptions: outline.preemptions,
            actors: outline.actors.0,
        })
    }
}

/// A trace, of which nothing else is kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what is not kept must be there all the same")]
struct Outline {
    format: String,
    version: u32,
    variant: String,
    scenario: OutlinedScenario,
    checker: IgnoredAny,
    needs_weak_memory: IgnoredAny,
    #[serde(default)]
    notes: IgnoredAny,
    fingerprint: IgnoredAny,
    violation: Option<OutlinedViolation>,
    preemptions: Option<usize>,
    actors: Count,
    #[serde(default)]
    start: IgnoredAny,
    steps: Count,
    waiting: IgnoredAny,
    explanation: Option<OutlinedExplanation>,
}

#[derive(Deserialize)]
struct OutlinedScenario {
    name: String,
}

#[derive(Deserialize)]
struct OutlinedViolation {
    property: String,
    sentence: String,
}

#[derive(Deserialize)]
struct OutlinedExplanation {
    why: String,
}

/// How many entries a list has.
struct Count(usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counting;
        impl<'de> Visitor<'de> for Counting {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Count, A::Error> {
                let mut count = 0;
                while entries.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Count(count))
            }
        }
        deserializer.deserialize_seq(Counting)
    }
}
