//! `replay`: a recorded execution, run again.

use std::path::Path;
use std::sync::Arc;

use logon_sim::Replay;

use super::arguments::{ReplayArguments, ReplayOn};
use super::{Failure, Status, choose, print};
use crate::files;
use crate::gated::{self, Tool};
use crate::render;
use crate::scenario::Scenario;
use crate::trace::{Recorded, Trace, TracedStep, record};

pub(super) fn run(arguments: &ReplayArguments) -> Result<Status, Failure> {
    let trace = read(&arguments.trace)?;
    let origin = arguments.trace.display().to_string();
    let scenario = Scenario::parse(&trace.scenario.toml, &format!("{origin}: its scenario"));
    let scenario = Arc::new(scenario.map_err(Failure::usage)?);
    let name = arguments.variant.as_ref().unwrap_or(&trace.variant);
    let variant = choose::variant(name)?;
    let recorded = Recording {
        trace: &trace,
        scenario: &scenario,
        origin: &origin,
    };
    let another = variant.name() != trace.variant;
    match arguments.on {
        ReplayOn::Sim => recorded.on_sim(variant, another),
        ReplayOn::Shuttle => recorded.on_tool(Tool::Shuttle, variant),
        ReplayOn::Loom => recorded.on_tool(Tool::Loom, variant),
        ReplayOn::Std => recorded.on_tool(Tool::Threads, variant),
    }
}

/// Reads a trace from a file.
pub(super) fn read(path: &Path) -> Result<Trace, Failure> {
    let text = files::read(path).map_err(Failure::usage)?;
    Trace::parse(&text, &path.display().to_string()).map_err(Failure::usage)
}

struct Recording<'a> {
    trace: &'a Trace,
    scenario: &'a Arc<Scenario>,
    origin: &'a str,
}

impl Recording<'_> {
    fn on_sim(&self, variant: logon_core::Variant, another: bool) -> Result<Status, Failure> {
        let mut replay = Replay::new(&self.trace.schedule()).reading(self.trace.weak_reads());
        let (again, recorded) = record(&variant, self.scenario, &mut replay, &self.trace.checker);
        let options = render::TextOptions {
            color: true,
            file: Some(self.origin),
            ..render::TextOptions::default()
        };
        match recorded {
            Recorded::Diverged(divergence) => {
                if another {
                    let same = again.steps.len();
                    let mut text = String::new();
                    for (index, step) in again.steps.iter().enumerate() {
                        text.push_str(&step_line(index, &step.actor, &step.label, step.asleep));
                    }
                    text.push_str(&format!(
                        "{variant} does the same up to step {same}, and nothing falls\n"
                    ));
                    print(&text)?;
                    return Err(Failure::diverged(format!(
                        "{} and {variant} part: {divergence}",
                        self.trace.variant
                    )));
                }
                Err(self.diverged(divergence))
            }
            Recorded::Fault(fault) => Err(Failure::fault(fault)),
            Recorded::StepLimit => Err(Failure::fault("the replay does not end")),
            Recorded::Ended | Recorded::ScheduleOver => {
                print(&render::text(&again, &options))?;
                if another {
                    return Ok(status(&again));
                }
                if let Some(number) = self.first_difference(&again) {
                    return Err(self.diverged(format!(
                        "diverged at step {number}: the step is the same, what came of it is not"
                    )));
                }
                print(&format!(
                    "replayed on the own runtime: {} steps as recorded\n",
                    again.steps.len()
                ))?;
                self.same_verdict(
                    again
                        .violation
                        .as_ref()
                        .map(|violation| violation.property.as_str()),
                )?;
                Ok(status(&again))
            }
        }
    }

    /// The first step that told something else than was recorded, from 1.
    fn first_difference(&self, again: &Trace) -> Option<usize> {
        let mut steps = self.trace.steps.iter().zip(&again.steps);
        // A step without facts may come from a checker that does not hear them.
        let heard = self.trace.steps.iter().any(|step| !step.facts.is_empty());
        let differs = |(before, now): (&TracedStep, &TracedStep)| {
            before.facts != now.facts || before.read != now.read || before.asleep != now.asleep
        };
        let first = steps
            .position(|pair| heard && differs(pair))
            .map(|index| index + 1);
        let (before, now) = (self.trace.steps.len(), again.steps.len());
        first.or((before != now).then_some(before.min(now) + 1))
    }

    fn on_tool(&self, tool: Tool, variant: logon_core::Variant) -> Result<Status, Failure> {
        if tool == Tool::Loom {
            self.scenario
                .check_fits(4, "loom")
                .map_err(Failure::usage)?;
        }
        // The tools and their hooks would write to standard error what is reported below.
        std::panic::set_hook(Box::new(|_| {}));
        let at_rest = !self.trace.waiting.is_empty();
        let replayed = gated::replay(
            tool,
            &variant,
            self.scenario,
            &self.trace.schedule(),
            at_rest,
        );
        drop(std::panic::take_hook());
        let replayed = replayed.map_err(Failure::fault)?;
        if let Some(divergence) = replayed.divergence {
            let found = divergence.found.map_or_else(
                || "nothing, for its actor had finished, slept, or never came".to_owned(),
                |found| step_text(&found),
            );
            return Err(self.diverged(format!(
                "diverged at step {}: expected {}, found {found}",
                divergence.step + 1,
                step_text(&divergence.expected),
            )));
        }
        if let Some(step) = replayed.surplus {
            return Err(self.diverged(format!(
                "diverged after step {}: expected nobody to be able to go on, found {}",
                self.trace.steps.len(),
                step_text(&step)
            )));
        }
        let mut text = String::new();
        for (index, step) in replayed.steps.iter().enumerate() {
            text.push_str(&step_line(index, &step.actor, &step.label, step.asleep));
        }
        let property = replayed
            .violations
            .first()
            .map(|violation| violation.property.name());
        let verdict =
            property.map_or_else(|| "nothing falls".to_owned(), |name| format!("FAIL {name}"));
        text.push_str(&format!(
            "replayed on {tool}: {verdict}, {} steps as recorded\n",
            replayed.steps.len()
        ));
        print(&text)?;
        if variant.name() == self.trace.variant {
            self.same_verdict(property)?;
        }
        Ok(if property.is_some() {
            Status::Violated
        } else {
            Status::Holds
        })
    }

    fn same_verdict(&self, now: Option<&str>) -> Result<(), Failure> {
        let before = self
            .trace
            .violation
            .as_ref()
            .map(|violation| violation.property.as_str());
        if before == now {
            return Ok(());
        }
        let word =
            |property: Option<&str>| property.map_or("no violation".to_owned(), str::to_owned);
        Err(self.diverged(format!(
            "diverged after step {}: the file says {}, the replay {}",
            self.trace.steps.len(),
            word(before),
            word(now)
        )))
    }

    fn diverged(&self, how: impl std::fmt::Display) -> Failure {
        let hint = if self.trace.needs_weak_memory {
            "; the execution needs a weak memory model: only the own runtime repeats it, by letting its loads \
             read what was recorded"
        } else if self.trace.fingerprint != self.trace.expected_fingerprint() {
            "; its scenario or variant is not the one it was recorded with"
        } else {
            "; the code has changed since it was recorded, so record it again with `logon-check check`"
        };
        Failure::diverged(format!("{}: {how}{hint}", self.origin))
    }
}

/// A step in one line; `index` counts from 0.
fn step_line(index: usize, actor: &str, label: &str, asleep: bool) -> String {
    let asleep = if asleep { ", falls asleep" } else { "" };
    format!("{:>4}  {actor}: {label}{asleep}\n", index + 1)
}

fn step_text(step: &crate::backend::GateStep) -> String {
    format!(
        "{}: `{}` on `{}`, time {}",
        step.actor, step.label, step.object, step.nth
    )
}

fn status(trace: &Trace) -> Status {
    if trace.violation.is_some() {
        Status::Violated
    } else {
        Status::Holds
    }
}
