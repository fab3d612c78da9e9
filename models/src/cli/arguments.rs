//! The command line.

mod compare;
mod simulate;

use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub(super) use compare::CompareArguments;
pub(super) use simulate::SimulateArguments;

use crate::partition::Partition;
use crate::program;
use crate::render::SourceBase;

/// Deterministic simulation and model checking of the code that hands out sessions to clients which log on
/// at the same time (KB Q238186).
///
/// Without a command it runs the verdict matrix.
///
/// Exit status: 0 holds as claimed (matrix: every cell is as predicted; prove: proved), 1 internal fault, 2 a
/// property was violated (matrix: some cell is not as predicted; prove: not proved), 3 incomplete or interrupted
/// (prove: outside the method), 4 a replay diverged, 64 usage.
#[derive(Parser, Debug)]
#[command(name = "logon-check", version, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    /// Those of `matrix`, which is what runs without a command.
    #[command(flatten)]
    pub(super) matrix: MatrixArguments,

    /// When to color the output; NO_COLOR is respected.
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto)]
    pub(super) color: ColorWhen,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Every variant where it matters, under every checker.
    Matrix(MatrixArguments),
    /// One variant in one scenario.
    Check(CheckArguments),
    /// Run a recorded execution again, step by step.
    Replay(ReplayArguments),
    /// Show a recorded execution.
    Render(RenderArguments),
    /// What there is to choose from.
    List(ListArguments),
    /// The same work under every checker, one after the other: executions, states, time and memory side by side.
    Compare(CompareArguments),
    /// Run a server in virtual time: clients that are drawn at random, faults, as many logons as you like.
    Simulate(SimulateArguments),
    /// Put together what the parts of a matrix or of a swarm have come to, each on a machine of its own.
    Merge(MergeArguments),
    /// Show of a variant's code that it is right with any number of clients.
    Prove(ProveArguments),
    /// Write the generated pages of the documentation.
    Docs(DocsArguments),
    /// Write the completions for a shell to standard output.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write a manual page to standard output.
    Man {
        /// The command it is about; without one, the program.
        command: Option<String>,
    },
}

#[derive(Args, Debug)]
pub(super) struct MatrixArguments {
    /// Every variant in every scenario, and every state of the fixed algorithm with as many clients as a minute
    /// of processor time allows; takes long.
    #[arg(long)]
    pub(super) full: bool,

    /// The seed of every random choice.
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,

    /// This variant alone; `list variants` names them. It can be given more than once.
    #[arg(long, value_name = "NAME")]
    pub(super) variant: Vec<String>,

    /// This scenario alone, with the numbers of the catalogue; `list scenarios` names them. It can be given more than
    /// once.
    #[arg(long, value_name = "NAME")]
    pub(super) scenario: Vec<String>,

    /// How many cells run at a time; as many as there are processors by default. No verdict depends on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(super) jobs: Option<u32>,

    /// This part of the cells alone, such as 3/8, the third of eight; or `env`, by the variables of whoever schedules the
    /// jobs. With `--format json`, `merge` puts the parts together.
    #[arg(long, value_name = "I/N|env", value_parser = Partition::parse)]
    pub(super) partition: Option<Partition>,

    /// How to print the matrix.
    #[arg(long, value_enum, default_value_t = MatrixFormat::Text)]
    pub(super) format: MatrixFormat,

    /// Where to write the counterexamples.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(super) out: PathBuf,

    /// The address of the program's source at its commit, such as https://github.com/OWNER/REPOSITORY/blob/COMMIT: on a
    /// page the place of each step then leads there.
    #[arg(long, value_name = "URL", value_parser = SourceBase::parse)]
    pub(super) source: Option<SourceBase>,

    #[command(flatten)]
    pub(super) reports: Reports,
}

/// The reports that services read.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Reports {
    /// Besides, write JUnit XML to this file: a test case for each checker in a scenario.
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,

    /// Besides, write SARIF 2.1.0 to this file: what is wrong, at the line of the step that is at fault.
    #[arg(long, value_name = "FILE")]
    pub(super) sarif: Option<PathBuf>,
}

impl Reports {
    pub(super) const JUNIT: &str = "--junit";
    pub(super) const SARIF: &str = "--sarif";

    /// The files that are asked for, each with its option.
    pub(super) fn each(&self) -> impl Iterator<Item = (&Path, &'static str)> {
        let junit = self.junit.iter().map(|path| (path.as_path(), Self::JUNIT));
        let sarif = self.sarif.iter().map(|path| (path.as_path(), Self::SARIF));
        junit.chain(sarif)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum MatrixFormat {
    #[default]
    Text,
    Json,
    Markdown,
}

impl Arguments {
    /// The command line of the program that is running, by its name.
    pub(super) fn program() -> clap::Command {
        Arguments::command().name(program::name())
    }

    /// The command line, and which option of `matrix` stands before another command, if one does.
    pub(super) fn read<I, T>(line: I) -> Result<(Self, Option<&'static str>), clap::Error>
    where
        I: IntoIterator<Item = T>,
        T: Into<std::ffi::OsString> + Clone,
    {
        let mut matches = Arguments::program().try_get_matches_from(line)?;
        let is_given =
            |option: &&str| matches.value_source(option) == Some(ValueSource::CommandLine);
        let misplaced = [
            "full",
            "seed",
            "variant",
            "scenario",
            "jobs",
            "partition",
            "format",
            "out",
            "source",
            "junit",
            "sarif",
        ]
        .into_iter()
        .find(is_given);
        let arguments = Arguments::from_arg_matches_mut(&mut matches)?;
        let misplaced = misplaced.filter(|_| arguments.command.is_some());
        Ok((arguments, misplaced))
    }
}

/// Where something is checked.
#[derive(Args, Clone, Debug)]
pub(super) struct Situation {
    /// A preset (`list scenarios` names them), or the file of a scenario; needed unless --shrink knows one for the
    /// defect.
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) scenario: Option<String>,

    #[command(flatten)]
    pub(super) numbers: Numbers,
}

/// The numbers of a scenario that the command line may replace.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Numbers {
    /// How many clients.
    #[arg(long, value_name = "N")]
    pub(super) clients: Option<u32>,

    /// The target of the idle pool.
    #[arg(long, value_name = "P")]
    pub(super) idle_pool: Option<u32>,

    /// The maximum of connections.
    #[arg(long, value_name = "C")]
    pub(super) max_connections: Option<u32>,

    /// How many sessions may be created at a time.
    #[arg(long, value_name = "W")]
    pub(super) creation_workers: Option<u32>,

    /// How many times those who wait are woken for no reason.
    #[arg(long, value_name = "K")]
    pub(super) spurious_wakes: Option<u32>,
}

/// The work a checker may do.
#[derive(Args, Clone, Debug)]
pub(super) struct Work {
    /// The seed of every random choice.
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,

    /// How many executions, at the most; 10000 by default, 1000 on real threads and for those that sample
    /// beside others, 1000000 for loom, whose last search, without a bound on preemptions, has 1000 of them.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) executions: Option<u64>,

    /// After how many seconds of wall time, not of processor time, to stop and report what was done; 60 by
    /// default. With --shrink each scenario has so much. What a busy machine does in that time nobody knows: in a
    /// pipeline, limit the work (--max-states, --executions) and let this be large.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) time_limit: Option<f64>,

    /// After how many seconds of processor time of its own each checker stops, as incomplete. Other jobs of the machine
    /// do not count, but another machine needs another time: where it can be said in states or executions, say it so.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, conflicts_with = "shrink")]
    pub(super) cpu_limit: Option<f64>,
}

/// Limits and manners of the checkers that visit states.
#[derive(Args, Clone, Debug)]
pub(super) struct Visit {
    /// Visiting states: tell states apart that differ in nothing but names.
    #[arg(long)]
    pub(super) no_symmetry: bool,

    /// Visiting states: after how many to stop, as incomplete. The same on every machine.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_states: Option<u64>,

    /// Visiting states: with how much memory, in millions of bytes, to stop, as incomplete; 4000 by default, or half
    /// of what the machine has if that is less.
    #[arg(long, value_name = "MEGABYTES", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(super) memory_limit: Option<u64>,
}

fn seconds(text: &str) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| "not a number; expected seconds, such as 2 or 0.5".to_owned())?;
    if number.is_finite() && (0.001..=1_000_000.0).contains(&number) {
        Ok(number)
    } else {
        Err("out of range; expected 0.001 to 1000000 seconds".to_owned())
    }
}

#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// The variant; `list variants` names them.
    #[arg(long)]
    pub(super) variant: String,

    #[command(flatten)]
    pub(super) situation: Situation,

    /// The checker; `list checkers` names them. Without one, several run side by side: exhaustive visits
    /// every state, and random, shuttle-random, shuttle-pct and shuttle-urw sample.
    #[arg(long)]
    pub(super) checker: Option<String>,

    /// Count only this property; `list properties` names them.
    #[arg(long)]
    pub(super) property: Option<String>,

    #[command(flatten)]
    pub(super) work: Work,

    #[command(flatten)]
    pub(super) visit: Visit,

    /// Make the scenario smaller: take one thing away after the other, as long as the variant still violates the
    /// same property, and visit every state of what is left.
    #[arg(long, conflicts_with = "jobs")]
    pub(super) shrink: bool,

    /// How many checkers run at a time, without --checker; as many as there are processors by default. No
    /// verdict and no counterexample depends on it.
    #[arg(long, value_name = "N", conflicts_with = "checker",
        value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(super) jobs: Option<u32>,

    /// How to print the verdict.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(super) format: CheckFormat,

    /// Where to write the counterexample.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(super) out: PathBuf,

    /// The address of the program's source at its commit, such as https://github.com/OWNER/REPOSITORY/blob/COMMIT: on a
    /// page the place of each step then leads there.
    #[arg(long, value_name = "URL", value_parser = SourceBase::parse)]
    pub(super) source: Option<SourceBase>,

    #[command(flatten)]
    pub(super) reports: Reports,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum CheckFormat {
    Text,
    Json,
}

#[derive(Args, Debug)]
pub(super) struct ReplayArguments {
    /// The trace.
    #[arg(value_name = "TRACE.json")]
    pub(super) trace: PathBuf,

    /// On which tool.
    #[arg(long, value_enum, default_value_t = ReplayOn::Sim)]
    pub(super) on: ReplayOn,

    /// Another variant: shows the step where the two part.
    #[arg(long)]
    pub(super) variant: Option<String>,

    /// Walk through the execution, one step after the other.
    #[arg(long)]
    pub(super) step: bool,

    /// With --on std: stop before this step in the thread that takes it, for a debugger.
    #[arg(long = "break", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) break_at: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ReplayOn {
    /// The own runtime.
    Sim,
    /// shuttle.
    Shuttle,
    /// loom.
    Loom,
    /// Real threads.
    Std,
}

#[derive(Args, Debug)]
pub(super) struct RenderArguments {
    /// The trace.
    #[arg(value_name = "TRACE.json")]
    pub(super) trace: PathBuf,

    /// As what.
    #[arg(long, value_enum, default_value_t = RenderFormat::Text)]
    pub(super) format: RenderFormat,

    /// Plain ASCII, for text.
    #[arg(long)]
    pub(super) ascii: bool,

    /// The address of the program's source at its commit, such as https://github.com/OWNER/REPOSITORY/blob/COMMIT: on a
    /// page the place of each step then leads there.
    #[arg(long, value_name = "URL", value_parser = SourceBase::parse)]
    pub(super) source: Option<SourceBase>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum RenderFormat {
    Text,
    Markdown,
    Html,
    Perfetto,
    Json,
}

#[derive(Args, Debug)]
pub(super) struct ListArguments {
    /// Of what.
    #[arg(value_enum)]
    pub(super) what: Listed,

    /// With `variants`: the defects that show in this scenario, a built-in one or a file, with the property that falls
    /// and the number of steps.
    #[arg(long, value_name = "SCENARIO")]
    pub(super) catches: Option<String>,

    /// With `--catches`: after how many states to stop with each variant.
    #[arg(
        long,
        value_name = "N",
        requires = "catches",
        default_value_t = 200_000
    )]
    pub(super) max_states: u64,

    /// How to print the list.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(super) format: CheckFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Listed {
    Variants,
    Scenarios,
    Checkers,
    Properties,
}

#[derive(Args, Debug)]
pub(super) struct MergeArguments {
    /// The folder with the parts: what `--partition` with `--format json` has printed, each in a file that ends in .json.
    #[arg(value_name = "DIR")]
    pub(super) parts: PathBuf,

    /// How to print the whole.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(super) format: CheckFormat,
}

#[derive(Args, Debug)]
pub(super) struct ProveArguments {
    /// The variant; `list variants` names them.
    #[arg(long, default_value = "fixed")]
    pub(super) variant: String,

    /// How to print what is proved and what is not.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(super) format: CheckFormat,
}

#[derive(Args, Debug)]
pub(super) struct DocsArguments {
    /// The folder of the documentation.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,

    /// Write nothing; fail if a generated page is not as it would be written.
    #[arg(long)]
    pub(super) check: bool,
}
