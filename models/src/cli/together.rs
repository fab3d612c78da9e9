//! `check` without a checker: those that sample, beside the search that visits every state.

use super::arguments::{CheckArguments, CheckFormat};
use super::busy::busy;
use super::check::{Found, counterexample, property, report, status};
use super::{Failure, Program, Status, choose, cost, put, put_json, said as lines};
use crate::checker::{Checker, Effort, UNTIL_VIOLATION};
use crate::files;
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::portfolio::{Conclusion, PORTFOLIO, Said, conclusion, side_by_side};
use crate::report::{TogetherReport, to_json};
use crate::scenario::Scenario;
use crate::stage::AnySubject;

/// How many executions each sampler runs beside the search, if the command line does not say.
const EXECUTIONS: u64 = 1_000;

pub(super) fn run(arguments: &CheckArguments, program: &Program<'_>) -> Result<Status, Failure> {
    let variant = choose::subject(program.subjects, &arguments.variant)?;
    let scenario = choose::scenario(&arguments.situation)?;
    let property = property(arguments)?;
    let work: Vec<(Checker, Effort)> = PORTFOLIO
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
    files::expect_writable(&arguments.out).map_err(Failure::usage)?;
    let doing = format!(
        "{} checkers check {variant} in {}",
        work.len(),
        scenario.name
    );
    let jobs = choose::jobs(arguments.jobs);
    let mut said = busy(&doing, || {
        side_by_side(&program.launcher, variant, &scenario, &work, jobs)
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
            put_json(to_json(&report));
        }
        CheckFormat::Text => {
            put(&text(variant, &scenario, &said, concluded, found.as_ref()));
        }
    }
    Ok(status(concluded.verdict))
}

fn outcomes(said: &[Said]) -> impl Iterator<Item = (Checker, &Outcome)> {
    said.iter()
        .filter_map(|said| Some((said.checker, said.outcome.as_ref().ok()?)))
}

fn text(
    variant: &AnySubject,
    scenario: &Scenario,
    said: &[Said],
    concluded: Conclusion,
    found: Option<&Found>,
) -> String {
    let mut text = lines::size(variant, scenario);
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
    text.push('\n');
    text.push_str(&lines::verdict(variant, scenario, concluded.by, outcome));
    if concluded.verdict == Verdict::Incomplete {
        text.push_str("  nobody found a violation, and not every state was visited\n");
    }
    if let Some(found) = found {
        if matches!(&outcome.coverage, Coverage::Bounded(by) if by.starts_with(UNTIL_VIOLATION)) {
            text.push_str("  found breadth first: none in this scenario takes fewer steps\n");
        }
        text.push_str(&found.text());
    }
    text
}
