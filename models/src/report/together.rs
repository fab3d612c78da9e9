//! What several checkers said side by side, as machines read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{VerdictReport, to_json};

/// What several checkers said of a variant in a scenario, and what it comes to, as JSON.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TogetherReport {
    /// Always `logon-check/together`.
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The variant.
    pub variant: String,
    /// The scenario's name.
    pub scenario: String,
    /// `holds`, if every state was visited and nothing fell; `violated`; or `incomplete`.
    pub verdict: String,
    /// Whose verdict that is: one of the checkers of the list.
    pub by: String,
    /// What each said. The file with the counterexample is named in the verdict of the checker it is from.
    pub verdicts: Vec<VerdictReport>,
}

impl TogetherReport {
    /// The report of these verdicts, at least one.
    pub fn new(verdict: &str, by: &str, verdicts: Vec<VerdictReport>) -> Self {
        let first = verdicts.first();
        let of = |read: fn(&VerdictReport) -> &String| first.map(read).cloned().unwrap_or_default();
        TogetherReport {
            format: "logon-check/together".to_owned(),
            version: 3,
            variant: of(|report| &report.variant),
            scenario: of(|report| &report.scenario),
            verdict: verdict.to_owned(),
            by: by.to_owned(),
            verdicts,
        }
    }
}

/// The JSON Schema of what several checkers said.
pub fn together_schema() -> String {
    to_json(&schemars::schema_for!(TogetherReport))
}
