//! `check`: one variant in one scenario, by one checker or by several side by side.

use std::path::Path;
use std::sync::Arc;

use super::arguments::{CheckArguments, CheckFormat};
use super::busy::busy;
use super::{
    Failure, Program, Status, choose, ci, put, put_json, said, say, shrink, together, written,
};
use crate::artefact::Written;
use crate::catalogue;
use crate::checker::{Checker, hold_back};
use crate::explain::Diligence;
use crate::explain::explain;
use crate::files::{self, Patience};
use crate::outcome::{Finding, Outcome, Verdict};
use crate::report::{Context, VerdictReport, to_json};
use crate::scenario::Scenario;
use crate::stage::AnySubject;
use crate::trace::Trace;

pub(super) fn run(arguments: &CheckArguments, program: &Program<'_>) -> Result<Status, Failure> {
    if arguments.shrink {
        return shrink::run(arguments, program);
    }
    match &arguments.checker {
        Some(name) => by_one(arguments, choose::checker(name)?, program),
        None => together::run(arguments, program),
    }
}

fn by_one(
    arguments: &CheckArguments,
    checker: Checker,
    program: &Program<'_>,
) -> Result<Status, Failure> {
    let variant = choose::subject(program.subjects, &arguments.variant)?;
    let scenario = choose::scenario(&arguments.situation)?;
    checker.expect_can_run(&scenario).map_err(Failure::usage)?;
    arguments.visit.suits(checker)?;
    let mut effort = arguments
        .visit
        .applied(choose::effort(&arguments.work, checker));
    effort.property = property(arguments)?;
    files::expect_writable(&arguments.out).map_err(Failure::usage)?;
    ci::expect_writable(&arguments.reports)?;
    let doing = format!("{checker} checks {variant} in {}", scenario.name);
    let outcome = busy(&doing, || {
        program.launcher.run(variant, &scenario, checker, &effort)
    });
    let mut outcome = outcome.map_err(|fault| {
        let case = ci::Case::of_fault(variant.name(), &scenario.name, checker.name(), &fault);
        let about = (variant.name(), &*scenario.name);
        ci::tell_fault(&arguments.reports, about, &fault, vec![case]);
        Failure::fault(fault)
    })?;
    if let Some(property) = &effort.property {
        outcome.coverage = outcome.coverage.of_one_property(property);
    }
    hold_back(&mut outcome, checker, &scenario);
    let verdict = said::verdict(variant, &scenario, checker, &outcome);
    let text = format!("{}{verdict}", said::size(variant, &scenario));
    if arguments.format == CheckFormat::Text {
        // At once: explaining may take a while, and may be interrupted.
        put(&text);
    }
    let found = counterexample(arguments, variant, &scenario, checker, &outcome)?;
    match arguments.format {
        CheckFormat::Json => {
            let report = report(
                arguments,
                variant,
                &scenario,
                checker,
                &outcome,
                found.as_ref(),
            );
            put_json(to_json(&report));
        }
        CheckFormat::Text => {
            if let Some(found) = &found {
                put(&found.text());
            }
        }
    }
    let exhibit = found
        .as_ref()
        .map(|found| found.exhibit(arguments, variant, &scenario));
    let case = ci::Case::of(variant.name(), &scenario.name, checker, &outcome, exhibit);
    let told = ci::Told {
        kind: ci::Kind::Check,
        about: format!("check/{variant}/{}/{checker}", scenario.name),
        verdict: first_line(&verdict),
        text,
        cases: vec![case],
        status: status(outcome.verdict),
    };
    Ok(ci::tell(&arguments.reports, &told))
}

/// The first line of a text that begins with the verdict.
pub(super) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// The name of the one property that counts, if not all do.
pub(super) fn property(arguments: &CheckArguments) -> Result<Option<String>, Failure> {
    let name = arguments.property.as_ref();
    name.map(|name| Ok(choose::property(name)?.name().to_owned()))
        .transpose()
}

/// A counterexample, and its files.
pub(super) struct Found {
    /// The execution.
    pub(super) trace: Trace,
    written: Written,
}

impl Found {
    /// Where it was written, if it could be.
    pub(super) fn file(&self) -> Option<&Path> {
        self.written.file.as_deref()
    }

    /// The same for a pipeline; whether it is predicted, the catalogue says, which speaks of all properties together.
    pub(super) fn exhibit(
        &self,
        arguments: &CheckArguments,
        variant: &AnySubject,
        scenario: &Scenario,
    ) -> ci::Exhibit<'_> {
        let fell = self.trace.violation.as_ref();
        let fell = fell.map(|fell| fell.property.as_str());
        let by = Checker::named(&self.trace.checker);
        let expected = by.and_then(|by| catalogue::expected_in(variant, scenario, by));
        let is_predicted =
            |expected: catalogue::Expectation| expected.is_met_by(Verdict::Violated, fell);
        ci::Exhibit {
            trace: &self.trace,
            written: &self.written,
            is_predicted: arguments.property.is_none()
                && variant.is_defect()
                && expected.is_some_and(is_predicted),
        }
    }

    /// The execution, step by step, after an empty line.
    pub(super) fn text(&self) -> String {
        format!("\n{}", written::text(&self.trace, &self.written))
    }
}

/// The counterexample of an outcome, as short as it gets, and written.
pub(super) fn counterexample(
    arguments: &CheckArguments,
    variant: &AnySubject,
    scenario: &Arc<Scenario>,
    checker: Checker,
    outcome: &Outcome,
) -> Result<Option<Found>, Failure> {
    let Some(finding) = &outcome.finding else {
        return Ok(None);
    };
    let trace = trace(variant, scenario, checker, finding)?;
    let seconds = choose::time_limit(&arguments.work);
    let patience = Patience::new(seconds, &say);
    let traces = std::slice::from_ref(&trace);
    let written = written::write(&arguments.out, traces, arguments.source.as_ref(), &patience);
    let written = written.into_iter().next().expect("one for each trace");
    Ok(Some(Found { trace, written }))
}

fn trace(
    variant: &AnySubject,
    scenario: &Arc<Scenario>,
    checker: Checker,
    finding: &Finding,
) -> Result<Trace, Failure> {
    let shorten = || explain(variant, scenario, finding, checker, Diligence::default());
    busy("looking for a short counterexample", shorten).map_err(Failure::fault)
}

/// What one checker said, as machines read it.
pub(super) fn report(
    arguments: &CheckArguments,
    variant: &AnySubject,
    scenario: &Scenario,
    checker: Checker,
    outcome: &Outcome,
    found: Option<&Found>,
) -> VerdictReport {
    // The catalogue speaks of all properties together.
    let expected = match arguments.property {
        None => catalogue::expected_in(variant, scenario, checker),
        Some(_) => None,
    };
    let context = Context {
        variant: variant.name(),
        scenario,
        checker: checker.name(),
        expected: expected.as_ref().map(catalogue::Expectation::word),
    };
    let file = found.and_then(Found::file);
    let named = file.map(|file| file.display().to_string());
    VerdictReport::new(
        &context,
        outcome,
        found.map(|found| (&found.trace, named.as_deref())),
    )
}

/// The status of a verdict.
pub(super) fn status(verdict: Verdict) -> Status {
    match verdict {
        Verdict::Holds => Status::Holds,
        Verdict::Violated => Status::Violated,
        Verdict::Incomplete => Status::Incomplete,
    }
}
