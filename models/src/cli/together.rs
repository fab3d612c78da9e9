//! `check` without a checker: those that sample, beside the search that visits every state.

use logon_sim::counted;

use super::arguments::{CheckArguments, CheckFormat};
use super::busy::busy;
use super::check::{Found, counterexample, property, report, status, symbol};
use super::{Failure, Status, choose, cost, print};
use crate::cell::Launcher;
use crate::checker::{Checker, Effort, UNTIL_VIOLATION};
use crate::hunt::{Conclusion, PARTY, Said, conclusion, side_by_side};
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::report::{TogetherReport, to_json};
use crate::scenario::Scenario;

/// How many executions each sampler runs beside the search, if the command line does not say.
const EXECUTIONS: u64 = 1_000;

pub(super) fn run(arguments: &CheckArguments, launcher: &Launcher) -> Result<Status, Failure> {
    let variant = choose::variant(&arguments.variant)?;
    let scenario = choose::scenario(&arguments.situation)?;
    let property = property(arguments)?;
    let work: Vec<(Checker, Effort)> = PARTY
        .into_iter()
        .map(|checker| {
            let effort = Effort {
                executions: arguments.work.executions.unwrap_or(EXECUTIONS),
                property: property.clone(),
                ..choose::effort(&arguments.work, checker)
            };
            (checker, arguments.visit.applied(effort))
        })
        .collect();
    let doing = format!(
        "{} checkers check {variant} in {}",
        work.len(),
        scenario.name
    );
    let jobs = choose::jobs(arguments.jobs);
    let mut said = busy(&doing, || {
        side_by_side(launcher, variant, &scenario, &work, jobs)
    });
    let concluded = conclusion(&said).map_err(Failure::fault)?;
    let by = said.iter().find_map(|said| {
        said.outcome
            .as_ref()
            .ok()
            .filter(|_| said.checker == concluded.by)
    });
    let found = match by {
        Some(outcome) => counterexample(arguments, variant, &scenario, concluded.by, outcome)?,
        None => None,
    };
    if let Some(property) = &property {
        for outcome in said
            .iter_mut()
            .filter_map(|said| said.outcome.as_mut().ok())
        {
            outcome.coverage = outcome.coverage.of_one_property(property);
        }
    }
    match arguments.format {
        CheckFormat::Json => {
            let verdicts = outcomes(&said).map(|(checker, outcome)| {
                let found = found.as_ref().filter(|_| checker == concluded.by);
                report(arguments, variant, &scenario, checker, outcome, found)
            });
            let verdict = concluded.verdict.to_string();
            let report = TogetherReport::new(&verdict, concluded.by.name(), verdicts.collect());
            print(&to_json(&report))?;
        }
        CheckFormat::Text => {
            let about = format!("{variant} in {}", scenario.name);
            print(&text(&about, &scenario, &said, concluded, found.as_ref()))?;
        }
    }
    Ok(status(concluded.verdict))
}

fn outcomes(said: &[Said]) -> impl Iterator<Item = (Checker, &Outcome)> {
    said.iter()
        .filter_map(|said| Some((said.checker, said.outcome.as_ref().ok()?)))
}

fn text(
    about: &str,
    scenario: &Scenario,
    said: &[Said],
    concluded: Conclusion,
    found: Option<&Found>,
) -> String {
    let mut text = format!(
        "{about}: {}, idle pool {}, {}{}\n\n",
        counted(scenario.clients.len() as u64, "client"),
        scenario.server.idle_pool,
        scenario.server.max_connections.map_or(
            "any number of connections".to_owned(),
            |most| format!("at most {}", counted(most.into(), "connection"))
        ),
        match scenario.server.spurious_wakes {
            0 => String::new(),
            wakes => format!(", {}", counted(wakes.into(), "spurious wake-up")),
        },
    );
    text.push_str(&format!(
        "{:<15} {:<11} {:<21} {:>8}  {}\n",
        "checker", "verdict", "property", "CPU s", "looked at"
    ));
    for (checker, outcome) in outcomes(said) {
        let property = outcome.finding.as_ref().map_or("", |found| &found.property);
        let line = format!(
            "{:<15} {:<11} {property:<21} {:>8.3}  {}",
            checker.to_string(),
            outcome.verdict.to_string(),
            outcome.cpu_seconds,
            cost::amount(outcome),
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let Some((_, outcome)) = outcomes(said).find(|(checker, _)| *checker == concluded.by) else {
        return text;
    };
    text.push_str(&format!(
        "\n{} {about}: {} by {}, {}\n",
        symbol(concluded.verdict),
        concluded.verdict,
        concluded.by,
        outcome.coverage
    ));
    text.push_str(&cost::sentence(outcome));
    if let Some(limit) = &outcome.limit {
        text.push_str(&format!("  stopped by {limit}\n"));
    }
    if concluded.verdict == Verdict::Incomplete {
        text.push_str("  nobody found a violation, and not every state was visited\n");
    }
    if let Some(found) = found {
        let until = |by: &String| by.starts_with(UNTIL_VIOLATION);
        if matches!(&outcome.coverage, Coverage::Exhaustive(by) if by.as_ref().is_some_and(until)) {
            text.push_str("  found breadth first: no counterexample takes fewer steps\n");
        }
        text.push_str(&found.text());
    }
    text
}
