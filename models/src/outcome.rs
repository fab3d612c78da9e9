//! What a checker has to say: a verdict, how far it looked, what it cost, and what it found.

use std::collections::BTreeSet;
use std::fmt;

pub use logon_sim::Finding;
use logon_sim::{Sample, WordOrders, counted, grouped};
use serde::{Deserialize, Serialize};

use crate::scenario::Situation;

/// Whether the properties held where the checker looked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every property held, within the stated coverage.
    Holds,
    /// A property was violated.
    Violated,
    /// A limit was reached before the checker had done what its coverage says; or what words with orders weaker than
    /// `SeqCst` allow was left out, for no checker with a memory model looked.
    Incomplete,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Holds => "holds",
            Verdict::Violated => "violated",
            Verdict::Incomplete => "incomplete",
        })
    }
}

/// How far a checker looks.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "by", rename_all = "kebab-case")]
pub enum Coverage {
    /// Everything, within the bounds of the scenario.
    Exhaustive(Option<String>),
    /// Everything within a further bound, which is named.
    Bounded(String),
    /// So many executions under a scheduler, which is named.
    Sampled(String),
}

impl Coverage {
    /// The same, when only one property counted.
    pub fn of_one_property(&self, property: &str) -> Self {
        let only = |by: &String| format!("{by}; only {property} counted");
        match self {
            Coverage::Exhaustive(by) => Coverage::Exhaustive(Some(
                by.as_ref().map_or(format!("only {property} counted"), only),
            )),
            Coverage::Bounded(by) => Coverage::Bounded(only(by)),
            Coverage::Sampled(by) => Coverage::Sampled(only(by)),
        }
    }

    /// So many executions were run, of so many asked for, under a scheduler that `how` describes.
    pub fn sampled(run: u64, asked: u64, found: bool, how: &str) -> Self {
        let executions = counted(run, "execution");
        Coverage::Sampled(if found {
            format!("{executions} until the violation, {how}")
        } else if run < asked {
            format!("{} of {}, {how}", grouped(run), counted(asked, "execution"))
        } else {
            format!("{executions}, {how}")
        })
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Coverage::Exhaustive(None) => f.write_str("exhaustive"),
            Coverage::Exhaustive(Some(by)) => write!(f, "exhaustive ({by})"),
            Coverage::Bounded(by) => write!(f, "bounded ({by})"),
            Coverage::Sampled(by) => write!(f, "sampled ({by})"),
        }
    }
}

/// What a checker has to say of one variant in one scenario.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Whether the properties held.
    pub verdict: Verdict,
    /// How far it looked; where a violation or a limit ended it, until then.
    pub coverage: Coverage,
    /// How many executions it ran, if it runs executions.
    pub executions: Option<u64>,
    /// How many states it visited, if it visits states.
    pub states: Option<u64>,
    /// How many steps those took, if it counts them.
    pub steps: Option<u64>,
    /// The bound on preemptions that it stayed within, if it had one.
    pub preemption_bound: Option<usize>,
    /// How many bytes it holds at the end of what it has seen, if it keeps what it has seen.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// How far the process' memory grew meanwhile, in bytes, where the system tells.
    #[serde(default)]
    pub peak_bytes: Option<u64>,
    /// The processor time it took, in seconds.
    pub cpu_seconds: f64,
    /// Which limit was reached, if one was.
    pub limit: Option<String>,
    /// With which memory orderings words were used in the run.
    #[serde(default)]
    pub orders: WordOrders,
    /// What whoever reads the verdict must know of it, in whole sentences without a full stop: where the checker takes
    /// the program for another one than it is.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The situations that were seen, in its states or its executions; `None` if it does not note them.
    #[serde(default)]
    pub reached: Option<BTreeSet<Situation>>,
    /// What follows from the executions, if a sampler of the own runtime drew them and nothing fell.
    #[serde(default)]
    pub sample: Option<Sample>,
    /// The violation, if there is one.
    pub finding: Option<Finding>,
}
