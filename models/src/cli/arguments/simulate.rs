//! The command line of `simulate`.

use std::path::PathBuf;

use clap::Args;

use super::CheckFormat;
use crate::partition::Partition;

#[derive(Args, Debug)]
pub(in crate::cli) struct SimulateArguments {
    /// A preset (`list scenarios` names them), or the file of a scenario; it must have the table [time], and [[arrivals]]
    /// or [[at-scale]].
    #[arg(
        long,
        value_name = "NAME|FILE",
        required_unless_present = "swarm",
        conflicts_with = "swarm"
    )]
    pub(in crate::cli) scenario: Option<String>,

    /// So many short simulations instead, each of a configuration that is drawn by its seed. What is found
    /// with the fewest connections is made smaller, handed over to a search of all states, and explained.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    pub(in crate::cli) swarm: Option<u32>,

    /// The variant; `list variants` names them.
    #[arg(long, default_value = "fixed")]
    pub(in crate::cli) variant: String,

    /// The seed of every draw; by default the scenario's own. With --swarm, the seed of the first configuration; 1 by
    /// default.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) seed: Option<u32>,

    /// How many clients come for the first time: as fast as the scenario says, and for as long as that takes; a burst
    /// becomes larger. With --swarm, in each configuration; 2000 by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000_000))]
    pub(in crate::cli) logons: Option<u32>,

    /// Go on after a property has fallen: what an allocator does then is anybody's guess, and the page shows it.
    #[arg(long, conflicts_with = "swarm")]
    pub(in crate::cli) go_on: bool,

    /// With --swarm: how many run at a time; as many as there are processors by default. No line depends on it.
    #[arg(long, value_name = "N", requires = "swarm", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(in crate::cli) jobs: Option<u32>,

    /// With --swarm: after how many seconds of wall time no further configuration is begun.
    #[arg(long, value_name = "SECONDS", requires = "swarm", value_parser = super::seconds)]
    pub(in crate::cli) time_limit: Option<f64>,

    /// With --swarm: this part of the configurations alone, such as 3/8, the third of eight; or `env`, by the variables of
    /// whoever schedules the jobs. `merge` puts the parts together.
    #[arg(long, value_name = "I/N|env", requires = "swarm", value_parser = Partition::parse)]
    pub(in crate::cli) partition: Option<Partition>,

    /// How to print the result.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(in crate::cli) format: CheckFormat,

    /// Where to write the page.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(in crate::cli) out: PathBuf,
}
