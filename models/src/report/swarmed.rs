//! What a swarm came to, as machines read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::to_json;
use crate::partition::Partition;
use crate::simulate::swarm::{Line, Swarm, kinds};

/// A swarm of simulations, as JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwarmReport {
    /// Always `logon-check/swarm`.
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The variant.
    pub variant: String,
    /// The seed of the first configuration.
    pub first: u32,
    /// How many configurations were asked for: those of the seeds from the first on.
    pub count: u32,
    /// How many clients come in each, for the first time.
    pub logons: u32,
    /// Which part of it this is; null if it is the whole.
    pub partition: Option<Partition>,
    /// A digest of all lines, in 16 hexadecimal digits.
    pub digest: String,
    /// What may happen and did in no configuration, a sentence each.
    pub never: Vec<String>,
    /// A line for each configuration, in order of the seeds.
    pub lines: Vec<Line>,
}

/// What [`SwarmReport::version`] says.
pub(crate) const VERSION: u32 = 1;

impl SwarmReport {
    /// The report of these lines, which are in order of their seeds.
    #[must_use]
    pub fn new(
        variant: &str,
        swarm: &Swarm,
        partition: Option<Partition>,
        lines: Vec<Line>,
    ) -> Self {
        let happened = |what: &str| lines.iter().any(|line| line.happened.contains_key(what));
        SwarmReport {
            format: "logon-check/swarm".to_owned(),
            version: VERSION,
            variant: variant.to_owned(),
            first: swarm.first,
            count: swarm.count,
            logons: swarm.logons,
            partition,
            digest: crate::simulate::swarm::digest(&lines),
            never: kinds()
                .filter(|what| !happened(what))
                .map(str::to_owned)
                .collect(),
            lines,
        }
    }

    /// How many configurations there are in it, if it is whole.
    #[must_use]
    pub fn asked_for(&self) -> u64 {
        let all = self.count.into();
        self.partition.map_or(all, |part| part.share(all))
    }

    /// Whether none was left out.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.lines.len() as u64 == self.asked_for()
    }
}

/// The schema of [`SwarmReport`], as it is published.
pub fn swarm_schema() -> String {
    to_json(&schemars::schema_for!(SwarmReport))
}
