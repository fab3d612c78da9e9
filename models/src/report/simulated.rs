//! What a long simulation came to, as machines read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::to_json;

/// A long simulation, as JSON. Times are in milliseconds of virtual time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulationReport {
    /// Always `logon-check/simulation`.
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The variant.
    pub variant: String,
    /// The scenario's name.
    pub scenario: String,
    /// The seed of every draw.
    pub seed: u32,
    /// How many clients came for the first time.
    pub logons: u64,
    /// Whether it went on after a property had fallen.
    pub goes_on: bool,
    /// The scenario that was run, as a document.
    pub toml: String,
    /// `holds` or `violated`.
    pub verdict: String,
    /// What fell first, if anything did.
    pub fell: Option<FellReport>,
    /// How long it was.
    pub length_ms: u64,
    /// What became of the connections.
    pub outcomes: OutcomesReport,
    /// How long clients waited for their prompt.
    pub latency: LatencyReport,
    /// The most there was of everything at once.
    pub most: LevelsReport,
    /// What may happen in such a run, and how often it did.
    pub occurrences: Vec<OccurrenceReport>,
    /// How many facts the server told.
    pub facts: u64,
    /// How many steps were taken.
    pub steps: u64,
    /// How many admissions and refusals S1-lin was not decided for, because too many overlapped.
    pub unjudged: u64,
    /// Whether words were used with orders weaker than `SeqCst`: what those allow beyond sequential consistency is left out.
    pub uses_weaker_orders: bool,
    /// A digest of all facts and their times, in 16 hexadecimal digits: the same on every machine.
    pub digest: String,
    /// Processor time, in seconds; null in the file beside a page, which is the same whenever it is written.
    pub cpu_seconds: Option<f64>,
    /// Bytes by which the process grew meanwhile, at the most; null where nobody tells, and beside a page.
    pub peak_bytes: Option<u64>,
    /// The file of the page; null if none was written, and beside a page.
    pub page: Option<String>,
}

/// What [`SimulationReport::format`] says, and the version.
const FORMAT: (&str, u32) = ("logon-check/simulation", 1);

impl SimulationReport {
    /// The format, and the version of what this program writes.
    pub(crate) fn format() -> (String, u32) {
        (FORMAT.0.to_owned(), FORMAT.1)
    }

    /// Whether it is of the format and the version that this program writes.
    pub(crate) fn is_known(&self) -> bool {
        (&*self.format, self.version) == FORMAT
    }
}

/// A property that fell in a simulation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FellReport {
    /// When.
    pub at_ms: u64,
    /// How many connections there had been.
    pub arrived: u64,
    /// The property that fell first.
    pub property: String,
    /// What happened to whom.
    pub sentence: String,
    /// The folder with the steps before it; null if none was written.
    pub trace: Option<String>,
}

/// What became of the connections of a simulation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomesReport {
    /// Connections, those of clients that came back included.
    pub arrived: u64,
    /// Clients that saw their prompt in time.
    pub served: u64,
    /// Users that were logged on.
    pub logged_on: u64,
    /// Clients that lost patience.
    pub timed_out: u64,
    /// Refused with event 71, since the server was full.
    pub refused_71: u64,
    /// Dropped with event 22.
    pub dropped_22: u64,
    /// Refused with event 201, for want of a license.
    pub refused_201: u64,
    /// Refused for another reason.
    pub refused_otherwise: u64,
}

/// How long clients waited for their prompt, in milliseconds: so many of a hundred at most so long. Null if nobody saw one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LatencyReport {
    /// 50 of 100.
    pub p50_ms: Option<u64>,
    /// 95 of 100.
    pub p95_ms: Option<u64>,
    /// 99 of 100.
    pub p99_ms: Option<u64>,
    /// 999 of 1,000.
    pub p999_ms: Option<u64>,
    /// All of them.
    pub longest_ms: u64,
}

/// How much there was of what comes and goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelsReport {
    /// Clients that are there in any way.
    pub clients: u32,
    /// Logons that are held.
    pub connected: u32,
    /// Logons in line.
    pub in_line: u32,
    /// Sessions under creation.
    pub creating: u32,
}

/// Something that may happen in a simulation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OccurrenceReport {
    /// What, in a sentence.
    pub what: String,
    /// Whether the scenario asks for it.
    pub asked_for: bool,
    /// How often it happened.
    pub times: u64,
}

/// The schema of [`SimulationReport`], as it is published.
pub fn simulation_schema() -> String {
    to_json(&schemars::schema_for!(SimulationReport))
}
