//! Verdicts and matrices as machines read them.

mod proof;
mod simulated;
mod smallest;
mod swarmed;
mod together;

pub use proof::{ProofReport, proof_schema, property_name};
pub use simulated::{
    FellReport, LatencyReport, LevelsReport, OccurrenceReport, OutcomesReport, SimulationReport,
    simulation_schema,
};
pub use smallest::{AttemptReport, SmallestReport, smallest_schema};
pub(crate) use swarmed::VERSION as SWARM_VERSION;
pub use swarmed::{SwarmReport, swarm_schema};
pub use together::{TogetherReport, together_schema};

use logon_sim::Sample;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::outcome::{Coverage, Outcome, Verdict};
use crate::partition::Partition;
use crate::scenario::{Scenario, Situation};
use crate::trace::Trace;

/// What a checker said of a variant in a scenario, as JSON.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictReport {
    /// Always `logon-check/verdict`.
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The variant.
    pub variant: String,
    /// The scenario's name.
    pub scenario: String,
    /// The checker.
    pub checker: String,
    /// The size of what was checked.
    pub bounds: Bounds,
    /// `holds`, `violated` or `incomplete`.
    pub verdict: String,
    /// What the catalogue expects: `holds`, `violated`, `may be violated` or `beyond this checker`; null
    /// if the catalogue says nothing of this scenario.
    pub expected: Option<String>,
    /// How far the checker looked.
    pub coverage: CoverageReport,
    /// Executions it ran, if it runs executions.
    pub executions: Option<u64>,
    /// States it visited, if it visits states.
    pub states: Option<u64>,
    /// Steps it took, if it counts them.
    pub steps: Option<u64>,
    /// Processor time, in seconds.
    pub cpu_seconds: f64,
    /// Bytes held at the end of the states it has seen, if it visits states.
    pub bytes: Option<u64>,
    /// Bytes by which the process grew meanwhile, at the most; null where nobody tells.
    pub peak_bytes: Option<u64>,
    /// What whoever reads the verdict must know of it, a sentence each: where the checker takes the program for another
    /// one than it is, such as one in which every word is used with `SeqCst`.
    pub warnings: Vec<String>,
    /// What was seen where the properties held; null where they did not, from a
    /// checker that does not note it, and in a matrix.
    pub reached: Option<ReachedReport>,
    /// What follows from the executions; null unless a sampler of the own runtime drew them and nothing fell.
    pub sample: Option<SampleReport>,
    /// The violation, if there is one.
    pub violation: Option<ViolationReport>,
}

/// The size of what was checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Clients.
    pub clients: usize,
    /// Target of the idle pool.
    pub idle_pool: u32,
    /// Maximum of connections; null is unlimited.
    pub max_connections: Option<u32>,
    /// Bound on preemptions; null is none.
    pub preemptions: Option<usize>,
}

/// How far a checker looked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageReport {
    /// `exhaustive`, `bounded` or `sampled`.
    pub kind: String,
    /// Bounded by what, sampled how often; and which limit was reached, if one was.
    pub by: Option<String>,
}

/// The situations of a scenario's `reaches` that a passing check saw, and those that it never did: in any state, if
/// its coverage is exhaustive, otherwise in its executions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReachedReport {
    /// What was reached.
    pub situations: Vec<String>,
    /// What never was.
    pub never: Vec<String>,
}

impl ReachedReport {
    /// What an outcome has to say of it: nothing unless the properties held, and the checker notes situations.
    pub fn of(outcome: &Outcome) -> Option<Self> {
        let reached = outcome.reached.as_ref()?;
        if outcome.verdict != Verdict::Holds {
            return None;
        }
        let words = |seen: bool| {
            let some =
                Situation::all().filter(|(situation, _)| reached.contains(situation) == seen);
            some.map(|(_, words)| words.to_owned()).collect()
        };
        Some(ReachedReport {
            situations: words(true),
            never: words(false),
        })
    }
}

/// Executions that were drawn, in which nothing fell, and what follows from that.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleReport {
    /// How many there were.
    pub executions: u64,
    /// How many of them, the first ones, measured the program for the others, and are independent of nothing.
    pub pilots: u64,
    /// How many of all differ in more than the order of independent steps.
    pub distinct: u64,
    /// How many the limit on steps cut short.
    pub cut_short: u64,
    /// How many ended early because a property fell that does not count.
    pub passed_over: u64,
    /// The one property that counts as a failure; null if every one does.
    pub property: Option<String>,
    /// A failure that one execution shows with this probability or a higher one would have been seen with a certainty of
    /// 95 %; null where nothing follows.
    pub would_have_been_seen: Option<f64>,
    /// The depth of the faults for which the sampler promises something; null for one that promises nothing.
    pub depth: Option<usize>,
    /// With which certainty a fault of that depth would have been seen; null where nothing follows.
    pub certainty: Option<f64>,
}

impl SampleReport {
    fn of(sample: &Sample) -> Self {
        SampleReport {
            executions: sample.executions,
            pilots: sample.pilots,
            distinct: sample.distinct,
            cut_short: sample.cut_short,
            passed_over: sample.passed_over,
            property: sample.property.clone(),
            would_have_been_seen: sample.would_have_been_seen(),
            depth: sample.guarantee.map(|guarantee| guarantee.depth.get()),
            certainty: sample.certainty(),
        }
    }
}

/// A violation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViolationReport {
    /// The property that fell first.
    pub property: String,
    /// What happened to whom.
    pub sentence: String,
    /// Steps of the counterexample.
    pub steps: usize,
    /// Preemptions of the counterexample; null where the checker that found it cannot tell.
    pub preemptions: Option<usize>,
    /// The file with the counterexample; null if none was written.
    pub trace: Option<String>,
}

/// The matrix, as JSON.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatrixReport {
    /// Always `logon-check/matrix`.
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// Whether every cell is as the catalogue predicts, and the fixed algorithm, if it is among them, is proved.
    pub as_expected: bool,
    /// Whether the fixed algorithm is proved, for any number of clients; null if it is not among the cells.
    pub proved: Option<bool>,
    /// Which part of it this is; null if it is the whole.
    pub partition: Option<MatrixPart>,
    /// The cells.
    pub cells: Vec<VerdictReport>,
}

/// What [`MatrixReport::version`] says.
pub(crate) const MATRIX_VERSION: u32 = 7;

/// A part of a matrix.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatrixPart {
    /// Which.
    pub partition: Partition,
    /// How many cells the whole has.
    pub cells: u64,
    /// A fingerprint of what is checked where, by whom and with which seed: parts of one matrix have the same.
    pub plan: String,
}

/// Who was checked, where, and what is expected.
pub struct Context<'a> {
    /// The variant's name.
    pub variant: &'a str,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The checker's name.
    pub checker: &'a str,
    /// What the catalogue expects.
    pub expected: Option<&'a str>,
}

impl VerdictReport {
    /// The report of an outcome; `trace` is its counterexample and the file that holds it.
    pub fn new(
        context: &Context<'_>,
        outcome: &Outcome,
        trace: Option<(&Trace, Option<&str>)>,
    ) -> Self {
        let (kind, by) = match &outcome.coverage {
            Coverage::Exhaustive(by) => ("exhaustive", by.clone()),
            Coverage::Bounded(by) => ("bounded", Some(by.clone())),
            Coverage::Sampled(by) => ("sampled", Some(by.clone())),
        };
        let limit = outcome
            .limit
            .as_ref()
            .map(|limit| format!("stopped by {limit}"));
        let by = match (by, limit) {
            (Some(by), Some(limit)) => Some(format!("{by}; {limit}")),
            (by, limit) => by.or(limit),
        };
        let violation = outcome.finding.as_ref().map(|finding| ViolationReport {
            property: finding.property.clone(),
            sentence: trace
                .as_ref()
                .and_then(|(trace, _)| trace.violation.as_ref())
                .map_or_else(
                    || finding.sentence.clone(),
                    |violation| violation.sentence.clone(),
                ),
            steps: trace
                .as_ref()
                .map_or(finding.schedule.steps.len(), |(trace, _)| trace.steps.len()),
            preemptions: trace.as_ref().and_then(|(trace, _)| trace.preemptions),
            trace: trace.and_then(|(_, file)| file.map(str::to_owned)),
        });
        VerdictReport {
            format: "logon-check/verdict".to_owned(),
            version: 4,
            variant: context.variant.to_owned(),
            scenario: context.scenario.name.clone(),
            checker: context.checker.to_owned(),
            bounds: Bounds {
                clients: context.scenario.clients.len(),
                idle_pool: context.scenario.server.idle_pool,
                max_connections: context.scenario.server.max_connections,
                preemptions: outcome.preemption_bound,
            },
            verdict: outcome.verdict.to_string(),
            expected: context.expected.map(str::to_owned),
            coverage: CoverageReport {
                kind: kind.to_owned(),
                by,
            },
            executions: outcome.executions,
            states: outcome.states,
            steps: outcome.steps,
            cpu_seconds: outcome.cpu_seconds,
            bytes: outcome.bytes,
            peak_bytes: outcome.peak_bytes,
            warnings: outcome.warnings.clone(),
            reached: ReachedReport::of(outcome),
            sample: outcome.sample.as_ref().map(SampleReport::of),
            violation,
        }
    }
}

impl MatrixReport {
    /// The report of these cells.
    pub fn new(as_expected: bool, proved: Option<bool>, cells: Vec<VerdictReport>) -> Self {
        MatrixReport {
            format: "logon-check/matrix".to_owned(),
            version: MATRIX_VERSION,
            as_expected,
            proved,
            partition: None,
            cells,
        }
    }
}

/// A document as JSON, ending with a newline.
pub fn to_json(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("a report is plain data");
    text.push('\n');
    text
}

/// The JSON Schema of verdicts.
pub fn verdict_schema() -> String {
    to_json(&schemars::schema_for!(VerdictReport))
}

/// The JSON Schema of matrices.
pub fn matrix_schema() -> String {
    to_json(&schemars::schema_for!(MatrixReport))
}
