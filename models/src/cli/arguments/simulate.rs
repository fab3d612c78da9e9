//! The command line of `simulate`.

use std::path::PathBuf;

use clap::Args;

use super::CheckFormat;

#[derive(Args, Debug)]
pub(in crate::cli) struct SimulateArguments {
    /// A preset (`list scenarios` names them), or the file of a scenario; it must have the tables [time] and [[arrivals]].
    #[arg(long, value_name = "NAME|FILE")]
    pub(in crate::cli) scenario: String,

    /// The variant; `list variants` names them.
    #[arg(long, default_value = "fixed")]
    pub(in crate::cli) variant: String,

    /// The seed of every draw; by default the scenario's own.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) seed: Option<u32>,

    /// How many clients come for the first time: as fast as the scenario says, and for as long as that takes; a burst
    /// becomes larger.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000_000))]
    pub(in crate::cli) logons: Option<u32>,

    /// Go on after a property has fallen: what an allocator does then is anybody's guess, and the page shows it.
    #[arg(long)]
    pub(in crate::cli) go_on: bool,

    /// How to print the result.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(in crate::cli) format: CheckFormat,

    /// Where to write the page.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(in crate::cli) out: PathBuf,
}
