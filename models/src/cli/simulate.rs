//! `simulate`: a server in virtual time.

use super::arguments::{CheckFormat, SimulateArguments};
use super::busy::busy;
use super::{Failure, Program, Status, choose, put, put_json, say, swarm, written};
use crate::checker::{CpuTime, Memory};
use crate::files::Patience;
use crate::program;
use crate::report::to_json;
use crate::scenario::Scenario;
use crate::simulate::{Options, simulate, window};

pub(super) fn run(arguments: &SimulateArguments, program: &Program<'_>) -> Result<Status, Failure> {
    let Some(named) = &arguments.scenario else {
        return swarm::run(arguments, program);
    };
    let subject = choose::subject(program.subjects, &arguments.variant)?;
    let scenario = Scenario::open(named).map_err(|error| Failure::of_scenario(&error))?;
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
        named,
        simulated.seed,
        simulated.logons
    );
    if let Some(fell) = &mut report.fell {
        let trace = busy("running it again up to there", || {
            window(subject, &simulated, &again)
        });
        let trace = trace.map_err(Failure::fault)?;
        let patience = Patience::new(60.0, &say);
        let traces: Vec<_> = trace.into_iter().collect();
        let written = written::write(&arguments.out, &traces, None, &patience);
        let page = written.first().and_then(|written| written.page.as_ref());
        fell.trace = page.map(|page| page.display().to_string());
    }
    match arguments.format {
        CheckFormat::Text => put(&simulated.text(&report, &again)),
        CheckFormat::Json => put_json(to_json(&report)),
    }
    Ok(match simulated.holds() {
        true => Status::Holds,
        false => Status::Violated,
    })
}
