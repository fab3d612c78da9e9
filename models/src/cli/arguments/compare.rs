//! The command line of `compare`.

use clap::Args;

use super::{Numbers, seconds};

#[derive(Args, Debug)]
pub(in crate::cli) struct CompareArguments {
    /// The variant; `list variants` names them.
    #[arg(long, default_value = "fixed")]
    pub(in crate::cli) variant: String,

    /// A preset (`list scenarios` names them), or the file of a scenario.
    #[arg(long, value_name = "NAME|FILE")]
    pub(in crate::cli) scenario: String,

    #[command(flatten)]
    pub(in crate::cli) numbers: Numbers,

    /// The seed of every random choice.
    #[arg(long, default_value_t = 1)]
    pub(in crate::cli) seed: u64,

    /// How many executions each checker that samples runs at the most; 10000 by default, 1000 on real threads.
    /// Those that enumerate go on until they have seen all, or until the time limit.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) executions: Option<u64>,

    /// After how many seconds of wall time each row stops; all of them together take so much times the number of
    /// rows, at the most.
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
    pub(in crate::cli) time_limit: f64,
}
