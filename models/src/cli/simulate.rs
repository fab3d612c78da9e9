//! `simulate`: a server in virtual time.

use super::arguments::{CheckFormat, Numbers, SimulateArguments};
use super::busy::busy;
use super::{Failure, Program, Status, choose, put, put_json, written};
use crate::checker::{CpuTime, Memory};
use crate::files;
use crate::program;
use crate::render::clean_line;
use crate::report::to_json;
use crate::simulate::{Options, simulate};

pub(super) fn run(arguments: &SimulateArguments, program: &Program<'_>) -> Result<Status, Failure> {
    let subject = choose::subject(program.subjects, &arguments.variant)?;
    let scenario = choose::scenario_named(&arguments.scenario, &Numbers::default())?;
    let options = Options {
        seed: arguments.seed,
        logons: arguments.logons,
        stops: !arguments.go_on,
    };
    files::expect_writable(&arguments.out).map_err(Failure::usage)?;
    let (cpu, memory) = (CpuTime::start(), Memory::start());
    let simulated = busy("simulating", || simulate(subject, &scenario, &options));
    let simulated = simulated
        .map_err(|error| Failure::of_scenario(&error))?
        .map_err(Failure::fault)?;
    let mut report = simulated.report();
    report.cpu_seconds = Some(cpu.seconds());
    report.peak_bytes = memory.peak();
    if arguments.format == CheckFormat::Text {
        // At once: writing may wait for another process.
        let again = simulated.again(program::command(), &arguments.scenario);
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
