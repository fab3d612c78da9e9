//! `check` without a checker: those that sample, beside the search that visits every state.

use super::arguments::{CheckArguments, CheckFormat};
use super::busy::busy;
use super::check::{Found, counterexample, first_line, property, report, status};
use super::{Failure, Program, Status, choose, ci, cost, put, put_json, said as lines, say};
use crate::checker::{Checker, Effort, UNTIL_VIOLATION, unseen};
use crate::files;
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::portfolio::{self, Conclusion, PORTFOLIO, Said, conclusion, side_by_side};
use crate::report::{TogetherReport, to_json};
use crate::scenario::Scenario;
use crate::stage::AnySubject;

/// How many executions each sampler runs beside the search, if the command line does not say.
const EXECUTIONS: u64 = 1_000;

pub(super) fn run(arguments: &CheckArguments, program: &Program<'_>) -> Result<Status, Failure> {
    let variant = choose::subject(program.subjects, &arguments.variant)?;
    let scenario = choose::scenario(&arguments.situation)?;
    let property = property(arguments)?;
    let (able, left_out): (Vec<Checker>, Vec<Checker>) = PORTFOLIO
        .into_iter()
        .partition(|checker| checker.can_run(&scenario));
    for checker in left_out {
        let refused = checker.expect_can_run(&scenario).err();
        refused
            .iter()
            .for_each(|refused| say(&format!("not run: {refused}")));
    }
    let work: Vec<(Checker, Effort)> = able
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
    ci::expect_writable(&arguments.reports)?;
    let doing = format!(
        "{} checkers check {variant} in {}",
        work.len(),
        scenario.name
    );
    let jobs = choose::jobs(arguments.jobs);
    let mut said = busy(&doing, || {
        side_by_side(&program.launcher, variant, &scenario, &work, jobs)
    });
    if asks_for_a_memory_model(&said, &scenario) {
        let checker = Checker::Loom;
        let mut effort = choose::effort(&arguments.work, checker);
        effort.property = property.clone();
        let doing = format!("{checker} checks {variant} in {}", scenario.name);
        let outcome = busy(&doing, || {
            program.launcher.run(variant, &scenario, checker, &effort)
        });
        said.push(Said { checker, outcome });
    }
    let looked = said.iter().map(|said| said.checker);
    if let Some(why) = unseen(portfolio::orders(&said), looked, &scenario) {
        let first = said.first_mut();
        let first = first.and_then(|first| first.outcome.as_mut().ok());
        first
            .into_iter()
            .filter(|first| first.verdict == Verdict::Holds)
            .for_each(|first| first.warnings.push(why.clone()));
    }
    let concluded = conclusion(&said).map_err(|why| {
        let cases = cases(variant, &scenario, &said, None, None);
        let about = (variant.name(), &*scenario.name);
        ci::tell_fault(&arguments.reports, about, &why, cases);
        Failure::fault(why)
    })?;
    let found = match outcome_of(&said, concluded.by) {
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
    let verdict = verdict(variant, &scenario, &said, concluded);
    let text = format!("{}{verdict}", table(variant, &scenario, &said));
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
            let found = found.as_ref().map(|found| told_of(found, &said, concluded));
            put(&format!("{text}{}", found.unwrap_or_default()));
        }
    }
    let exhibit = found
        .as_ref()
        .map(|found| found.exhibit(arguments, variant, &scenario));
    let told = ci::Told {
        kind: ci::Kind::Check,
        about: format!("check/{variant}/{}", scenario.name),
        verdict: first_line(&verdict),
        cases: cases(variant, &scenario, &said, Some(concluded), exhibit),
        text,
        status: status(concluded.verdict),
    };
    Ok(ci::tell(&arguments.reports, &told))
}

/// What each said, for a pipeline. A pass is none where all of them come to less: where a memory model was left out.
fn cases<'a>(
    variant: &'a AnySubject,
    scenario: &Scenario,
    said: &'a [Said],
    concluded: Option<Conclusion>,
    exhibit: Option<ci::Exhibit<'a>>,
) -> Vec<ci::Case<'a>> {
    let case = |Said { checker, outcome }: &'a Said| match outcome {
        Ok(outcome) => {
            let concluded = concluded.filter(|concluded| concluded.by == *checker);
            let shown = exhibit.filter(|_| concluded.is_some());
            let mut case = ci::Case::of(variant.name(), &scenario.name, *checker, outcome, shown);
            let is_incomplete = concluded.is_some_and(|it| it.verdict == Verdict::Incomplete);
            if is_incomplete && case.ending == ci::Ending::Passed {
                case.ending = ci::Ending::Incomplete;
            }
            case
        }
        Err(fault) => ci::Case::of_fault(variant.name(), &scenario.name, checker.name(), fault),
    };
    said.iter().map(case).collect()
}

/// Whether nobody found anything, words are used with orders that none of them knows, and there is a checker for that.
fn asks_for_a_memory_model(said: &[Said], scenario: &Scenario) -> bool {
    let fits = Checker::Loom.can_run(scenario);
    let holds = |(_, outcome): (Checker, &Outcome)| outcome.verdict != Verdict::Violated;
    fits && outcomes(said).count() == said.len()
        && outcomes(said).all(holds)
        && portfolio::orders(said).are_weak()
}

fn outcomes(said: &[Said]) -> impl Iterator<Item = (Checker, &Outcome)> {
    said.iter()
        .filter_map(|said| Some((said.checker, said.outcome.as_ref().ok()?)))
}

/// What each said, in a line.
fn table(variant: &AnySubject, scenario: &Scenario, said: &[Said]) -> String {
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
    text.push('\n');
    text
}

fn outcome_of(said: &[Said], checker: Checker) -> Option<&Outcome> {
    let mut found = outcomes(said).filter(|(by, _)| *by == checker);
    found.next().map(|(_, outcome)| outcome)
}

/// What they come to.
fn verdict(
    variant: &AnySubject,
    scenario: &Scenario,
    said: &[Said],
    concluded: Conclusion,
) -> String {
    let Some(outcome) = outcome_of(said, concluded.by) else {
        return String::new();
    };
    let outcome = Outcome {
        verdict: concluded.verdict,
        ..outcome.clone()
    };
    let mut text = lines::verdict(variant, scenario, concluded.by, &outcome);
    let modeled = outcomes(said).find(|(checker, _)| checker.has_memory_model());
    if let (Verdict::Holds, Some((checker, modeled))) = (concluded.verdict, modeled) {
        text.push_str(&format!(
            "  {checker} looked at that and found nothing; coverage: {}\n",
            modeled.coverage
        ));
    }
    if concluded.verdict == Verdict::Incomplete && outcome.limit.is_some() {
        text.push_str("  nobody found a violation, and not every state was visited\n");
    }
    text
}

/// The counterexample, and what is known of its length.
fn told_of(found: &Found, said: &[Said], concluded: Conclusion) -> String {
    let is_shortest = outcome_of(said, concluded.by).is_some_and(|outcome| {
        matches!(&outcome.coverage, Coverage::Bounded(by) if by.starts_with(UNTIL_VIOLATION))
    });
    let shortest = match is_shortest {
        true => "  found breadth first: none in this scenario takes fewer steps\n",
        false => "",
    };
    format!("{shortest}{}", found.text())
}
