//! `check`: one variant in one scenario.

use super::arguments::{CheckArguments, CheckFormat};
use super::busy::busy;
use super::{Failure, Status, choose, print};
use crate::artefact;
use crate::catalogue;
use crate::cell::Launcher;
use crate::explain::explain;
use crate::outcome::Verdict;
use crate::render;
use crate::report::{Context, VerdictReport, to_json};
use crate::shortest::Search;

pub(super) fn run(arguments: &CheckArguments, launcher: &Launcher) -> Result<Status, Failure> {
    let variant = choose::variant(&arguments.variant)?;
    let checker = choose::checker(&arguments.checker)?;
    let scenario = choose::scenario(&arguments.situation)?;
    if let Some(most) = checker.most_actors() {
        scenario
            .check_fits(most, checker.name())
            .map_err(Failure::usage)?;
    }
    let mut effort = choose::effort(&arguments.work, checker);
    effort.property = match &arguments.property {
        None => None,
        Some(name) => Some(choose::property(name)?.name().to_owned()),
    };
    let doing = format!("{checker} checks {variant} in {}", scenario.name);
    let outcome = busy(&doing, || {
        launcher.run(variant, &scenario, checker, &effort)
    });
    let mut outcome = outcome.map_err(Failure::fault)?;
    let trace = match &outcome.finding {
        None => None,
        Some(finding) => {
            let shorten = || explain(&variant, &scenario, finding, checker, Search::default());
            Some(busy("looking for a short counterexample", shorten).map_err(Failure::fault)?)
        }
    };
    let file = match &trace {
        None => None,
        Some(trace) => Some(artefact::write(&arguments.out, trace).map_err(Failure::usage)?),
    };
    if let Some(property) = &effort.property {
        outcome.coverage = outcome.coverage.of_one_property(property);
    }
    // The catalogue speaks of all properties together.
    let expected = match effort.property {
        None => catalogue::expected_in(variant, &scenario, checker),
        Some(_) => None,
    };
    match arguments.format {
        CheckFormat::Json => {
            let context = Context {
                variant: variant.name(),
                scenario: &scenario,
                checker: checker.name(),
                expected: expected.as_ref().map(catalogue::Expectation::word),
            };
            let named = file.as_ref().map(|file| file.display().to_string());
            let report = VerdictReport::new(
                &context,
                &outcome,
                trace.as_ref().map(|trace| (trace, named.as_deref())),
            );
            print(&to_json(&report))?;
        }
        CheckFormat::Text => {
            let mut text = format!(
                "{} {variant} in {}: {} by {checker}, {}\n",
                symbol(outcome.verdict),
                scenario.name,
                outcome.verdict,
                outcome.coverage,
            );
            text.push_str(&cost(&outcome));
            if let Some(limit) = &outcome.limit {
                text.push_str(&format!("  stopped by {limit}\n"));
            }
            if let (Some(trace), Some(file)) = (&trace, &file) {
                let named = file.display().to_string();
                let options = render::TextOptions {
                    color: true,
                    file: Some(&named),
                    ..render::TextOptions::default()
                };
                text.push('\n');
                text.push_str(&render::text(trace, &options));
            }
            print(&text)?;
        }
    }
    Ok(match outcome.verdict {
        Verdict::Holds => Status::Holds,
        Verdict::Violated => Status::Violated,
        Verdict::Incomplete => Status::Incomplete,
    })
}

fn symbol(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "PASS",
        Verdict::Violated => "FAIL",
        Verdict::Incomplete => "STOP",
    }
}

fn cost(outcome: &crate::outcome::Outcome) -> String {
    let count = |number: Option<u64>, what: &str| {
        number.map(|number| format!("{number} {what}{}", if number == 1 { "" } else { "s" }))
    };
    let parts = [
        count(outcome.executions, "execution"),
        count(outcome.states, "state"),
        count(outcome.steps, "step"),
        Some(format!("{:.3} s of processor time", outcome.cpu_seconds)),
    ];
    format!(
        "  {}\n",
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    )
}
