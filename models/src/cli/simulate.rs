//! `simulate`: a server in virtual time.

use std::sync::Arc;

use super::arguments::{CheckFormat, SimulateArguments};
use super::busy::{busy, busy_at};
use super::{Failure, Program, Status, choose, put, put_json, say, swarm, written};
use crate::checker::{CpuTime, Memory};
use crate::files::{self, Patience};
use crate::program;
use crate::render::clean_line;
use crate::report::to_json;
use crate::scenario::Scenario;
use crate::simulate::{Options, Progress, simulate, window};

/// How many seconds to wait for somebody else who writes to the same folder.
const LOCKED: f64 = 60.0;

/// Refuses what is for a swarm. The parser of the command line lets it pass beside --scenario.
fn expect_no_swarm(arguments: &SimulateArguments) -> Result<(), Failure> {
    let given = [
        ("--jobs", arguments.jobs.is_some()),
        ("--time-limit", arguments.time_limit.is_some()),
        ("--partition", arguments.partition.is_some()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Failure::usage(format!(
            "{option} is for many configurations, and one scenario is one run; expected it with --swarm N alone"
        ))),
        None => Ok(()),
    }
}

pub(super) fn run(arguments: &SimulateArguments, program: &Program<'_>) -> Result<Status, Failure> {
    let Some(named) = &arguments.scenario else {
        return swarm::run(arguments, program);
    };
    expect_no_swarm(arguments)?;
    let subject = choose::subject(program.subjects, &arguments.variant)?;
    let scenario = Scenario::open(named).map_err(|error| Failure::of_scenario(&error))?;
    let progress = Arc::new(Progress::default());
    let options = Options {
        seed: arguments.seed,
        logons: arguments.logons,
        stops: !arguments.go_on,
        progress: Some(Arc::clone(&progress)),
    };
    files::expect_writable(&arguments.out).map_err(Failure::usage)?;
    let (cpu, memory) = (CpuTime::start(), Memory::start());
    let reached = || format!(": {progress}");
    let simulated = busy_at("simulating", &reached, || {
        simulate(subject, &scenario, &options)
    });
    let simulated = simulated
        .map_err(|error| Failure::of_scenario(&error))?
        .map_err(Failure::fault)?;
    let mut report = simulated.report();
    report.cpu_seconds = Some(cpu.seconds());
    report.peak_bytes = memory.peak();
    let again = simulated.again(program::command(), named);
    if let Some(fell) = &mut report.fell {
        let trace = busy("running it again up to there", || {
            window(subject, &simulated, &again)
        });
        let traces: Vec<_> = trace.map_err(Failure::fault)?.into_iter().collect();
        let patience = Patience::new(LOCKED, &say);
        let written = written::write(&arguments.out, &traces, None, &patience);
        let page = written.first().and_then(|written| written.page.as_ref());
        fell.trace = page.map(|page| page.display().to_string());
    }
    if arguments.format == CheckFormat::Text {
        // At once: writing may wait for another process.
        put(&simulated.text(&report, &again));
    }
    report.page = written::write_simulation(&arguments.out, &simulated);
    match (arguments.format, &report.page) {
        (CheckFormat::Text, Some(page)) => put(&format!("  page   {}\n", clean_line(page))),
        (CheckFormat::Text, None) => {}
        (CheckFormat::Json, _) => put_json(to_json(&report)),
    }
    Ok(match simulated.holds() {
        true => Status::Holds,
        false => Status::Violated,
    })
}
