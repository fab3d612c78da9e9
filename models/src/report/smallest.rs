//! The smallest scenario that shows a defect, as machines read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{VerdictReport, to_json};
use crate::shrink::{Smallest, Tried};

/// A scenario from which nothing can be taken away without the violation, as JSON.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmallestReport {
    /// Always `logon-check/smallest`.
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The variant.
    pub variant: String,
    /// The name of the scenario it began with.
    pub scenario: String,
    /// The property that falls in it, and in the smallest one.
    pub property: String,
    /// What was taken away, in order.
    pub taken: Vec<String>,
    /// Whether the search of every scenario with one thing less was exhaustive (sequential consistency), so that
    /// nothing more can be taken away; `false` if one was stopped by a limit.
    pub exhaustive: bool,
    /// What cannot be taken away.
    pub attempts: Vec<AttemptReport>,
    /// The smallest scenario, as a document.
    pub toml: String,
    /// The file with it; null if it could not be written.
    pub file: Option<String>,
    /// What the search of it said.
    pub verdict: VerdictReport,
}

/// One thing that cannot be taken away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptReport {
    /// What was to be taken away.
    pub what: String,
    /// `holds`, `another` if only another property falls, `incomplete`, or `senseless`.
    pub result: String,
    /// In how many states it holds, if every state was visited.
    pub states: Option<u64>,
    /// The other property, the limit, or why there is no such scenario.
    pub detail: Option<String>,
}

impl SmallestReport {
    /// The report of a smallest scenario, and of the file to which it was written.
    pub fn new(
        from: &str,
        smallest: &Smallest,
        file: Option<&str>,
        verdict: VerdictReport,
    ) -> Self {
        let attempts = smallest.attempts.iter().map(|attempt| {
            let (result, states, detail) = match &attempt.tried {
                Tried::Falls(_) => ("violated", None, None),
                Tried::Holds(states) => ("holds", Some(*states), None),
                Tried::AnotherFalls(other, states) => {
                    ("another", Some(*states), Some(other.clone()))
                }
                Tried::Incomplete(limit) => ("incomplete", None, Some(limit.clone())),
                Tried::MakesNoSense(why) => ("senseless", None, Some(why.clone())),
            };
            AttemptReport {
                what: attempt.what.clone(),
                result: result.to_owned(),
                states,
                detail,
            }
        });
        SmallestReport {
            format: "logon-check/smallest".to_owned(),
            version: 4,
            variant: verdict.variant.clone(),
            scenario: from.to_owned(),
            property: smallest.property.clone(),
            taken: smallest.taken.clone(),
            exhaustive: smallest.is_exhaustive(),
            attempts: attempts.collect(),
            toml: smallest.scenario.to_toml(),
            file: file.map(str::to_owned),
            verdict,
        }
    }
}

/// The JSON Schema of smallest scenarios.
pub fn smallest_schema() -> String {
    to_json(&schemars::schema_for!(SmallestReport))
}
