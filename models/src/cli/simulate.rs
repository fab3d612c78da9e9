//! `simulate`: a server in virtual time.

use super::arguments::{CheckFormat, Numbers, SimulateArguments};
use super::busy::busy;
use super::{Failure, Program, Status, choose, put, put_json};
use crate::checker::{CpuTime, Memory};
use crate::program;
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
    let (cpu, memory) = (CpuTime::start(), Memory::start());
    let simulated = busy("simulating", || simulate(subject, &scenario, &options));
    let simulated = simulated
        .map_err(|error| Failure::of_scenario(&error))?
        .map_err(Failure::fault)?;
    let mut report = simulated.report();
    report.cpu_seconds = cpu.seconds();
    report.peak_bytes = memory.peak();
    let again = format!(
        "{} simulate --scenario {} --variant {subject} --seed {} --logons {}",
        program::command(),
        arguments.scenario,
        simulated.seed,
        simulated.logons
    );
    match arguments.format {
        CheckFormat::Text => put(&simulated.text(&report, &again)),
        CheckFormat::Json => put_json(to_json(&report)),
    }
    Ok(match simulated.holds() {
        true => Status::Holds,
        false => Status::Violated,
    })
}
