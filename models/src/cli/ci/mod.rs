//! What a pipeline is told: the summary of a job and its annotations, where the service asks for them, and reports as
//! JUnit XML and SARIF, where the command line does. All of it says the same: what was checked, and how that ended.

mod annotations;
mod junit;
mod place;
mod sarif;
mod summary;

use std::path::Path;

use super::arguments::Reports;
use super::{Failure, Status, say};
use crate::artefact::Written;
use crate::checker::{Checker, Fault};
use crate::files;
use crate::outcome::{Outcome, Verdict};
use crate::trace::Trace;

/// Which command found something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// One subject in one scenario: whoever looks at it, what falls is one thing.
    Check,
    /// Many cells, each compared with the catalogue.
    Matrix,
}

/// What a command found.
pub(super) struct Told<'a> {
    pub(super) kind: Kind,
    /// What was run, in words that stay the same from run to run: a command, and of whom in what.
    pub(super) about: String,
    /// The verdict in one line; it begins with `PASS`, `FAIL`, `STOP` or `ERROR`.
    pub(super) verdict: String,
    /// What there is to say of it, in lines as they are printed.
    pub(super) text: String,
    /// Everything that was run, in order.
    pub(super) cases: Vec<Case<'a>>,
    /// What the program ends with.
    pub(super) status: Status,
}

/// A subject in a scenario under a checker, and how that ended.
pub(super) struct Case<'a> {
    pub(super) variant: &'a str,
    /// The scenario, with the numbers in which it differs from the preset.
    pub(super) scenario: String,
    pub(super) checker: &'a str,
    pub(super) ending: Ending,
    /// Which limit stopped it, if one did.
    pub(super) limit: Option<String>,
    /// What it looked at or what fell, in one sentence.
    pub(super) sentence: String,
    /// The property that fell first, if one did.
    pub(super) property: Option<String>,
    /// The processor time it took.
    pub(super) cpu_seconds: f64,
    /// The counterexample, where there is one and it is told with this case.
    pub(super) exhibit: Option<Exhibit<'a>>,
}

/// How a case ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    /// Nothing fell, or what was predicted.
    Passed,
    /// Something fell that nobody predicted, or did not that was predicted.
    Failed,
    /// A limit stopped it, or a memory model was left out.
    Incomplete,
    /// A limit stopped it, and nothing was claimed: a further look at a defect.
    Skipped,
    /// A fault, which is no verdict.
    Fault,
}

/// A counterexample and its files.
#[derive(Clone, Copy)]
pub(super) struct Exhibit<'a> {
    pub(super) trace: &'a Trace,
    pub(super) written: &'a Written,
    /// Whether it is that of a deliberate defect, and as the catalogue predicts.
    pub(super) is_predicted: bool,
}

impl Exhibit<'_> {
    /// The step that is at fault: the last of those that collide, and the last of all where nothing is known of that.
    fn failing_step(&self) -> Option<usize> {
        let steps = self.trace.steps.len();
        let explanation = self.trace.explanation.as_ref();
        let last = explanation.and_then(|explanation| explanation.conflict.last());
        let step = last.copied().filter(|step| (1..=steps).contains(step));
        step.or(Some(steps).filter(|steps| *steps > 0))
    }

    /// What fell.
    fn property(&self) -> &str {
        let violation = self.trace.violation.as_ref();
        violation.map_or("counterexample", |violation| &violation.property)
    }

    /// Why, in one sentence.
    fn why(&self) -> &str {
        let explanation = self.trace.explanation.as_ref();
        let violation = self.trace.violation.as_ref();
        explanation
            .map(|explanation| explanation.why.as_str())
            .or(violation.map(|violation| violation.sentence.as_str()))
            .unwrap_or_default()
    }

    fn file(&self) -> Option<&Path> {
        self.written.file.as_deref()
    }
}

impl<'a> Case<'a> {
    /// What `checker` said of a variant in a scenario; `exhibit` is the counterexample, if this is whose it is.
    pub(super) fn of(
        variant: &'a str,
        scenario: &str,
        checker: Checker,
        outcome: &Outcome,
        exhibit: Option<Exhibit<'a>>,
    ) -> Self {
        let fell = outcome.finding.as_ref();
        // The counterexample may be of a smaller scenario, in which somebody else is the victim.
        let shown = exhibit.and_then(|exhibit| exhibit.trace.violation.as_ref());
        let sentence = match (fell, &outcome.limit) {
            (Some(fell), _) => {
                let sentence = shown.map_or(&fell.sentence, |shown| &shown.sentence);
                format!("{}: {sentence}", fell.property)
            }
            (None, Some(limit)) if outcome.verdict == Verdict::Incomplete => {
                format!("stopped by {limit}; coverage: {}", outcome.coverage)
            }
            (None, _) => format!("coverage: {}", outcome.coverage),
        };
        let notes = outcome.warnings.iter();
        let notes: String = notes.map(|note| format!("; {note}")).collect();
        Case {
            variant,
            scenario: scenario.to_owned(),
            checker: checker.name(),
            ending: match outcome.verdict {
                Verdict::Holds => Ending::Passed,
                Verdict::Violated => Ending::Failed,
                Verdict::Incomplete => Ending::Incomplete,
            },
            limit: outcome.limit.clone(),
            sentence: sentence + &notes,
            property: fell.map(|fell| fell.property.clone()),
            cpu_seconds: outcome.cpu_seconds,
            exhibit,
        }
    }

    /// The same of a checker that failed.
    pub(super) fn of_fault(
        variant: &'a str,
        scenario: &str,
        checker: &'a str,
        fault: &Fault,
    ) -> Self {
        Case {
            variant,
            scenario: scenario.to_owned(),
            checker,
            ending: Ending::Fault,
            limit: None,
            sentence: fault.to_string(),
            property: None,
            cpu_seconds: 0.0,
            exhibit: None,
        }
    }
}

/// Makes sure, before anything runs, that the reports can be written for which the command line asks.
pub(super) fn expect_writable(reports: &Reports) -> Result<(), Failure> {
    let mut places = Vec::new();
    for (path, option) in reports.each() {
        files::expect_file(path, option).map_err(Failure::usage)?;
        let place = files::place_of(path);
        if let Some((_, other)) = places.iter().find(|(known, _)| *known == place) {
            return Err(Failure::usage(format!(
                "{option}: {} is the file of {other} as well, and one report would overwrite the other; name another file",
                crate::render::clean_line(&path.display().to_string())
            )));
        }
        places.push((place, option));
    }
    Ok(())
}

/// Tells the service that runs this, if there is one, and writes the reports. Gives the status that the program ends
/// with: that of the verdict, but 64 instead of 0 if a report is missing. That something cannot be written is said.
pub(super) fn tell(reports: &Reports, told: &Told<'_>) -> Status {
    summary::tell(told);
    annotations::tell(told);
    let mut is_written = true;
    for (path, option) in reports.each() {
        let text = match option {
            Reports::JUNIT => junit::document(told),
            _ => sarif::document(told),
        };
        if let Err(error) = files::write_file(path, &text, option) {
            say(&error.to_string());
            is_written = false;
        }
    }
    match told.status {
        Status::Holds if !is_written => Status::Usage,
        status => status,
    }
}

/// Tells of a check that a fault ended, and of what is known of it.
pub(super) fn tell_fault(
    reports: &Reports,
    (variant, scenario): (&str, &str),
    fault: &dyn std::fmt::Display,
    cases: Vec<Case<'_>>,
) {
    let told = Told {
        kind: Kind::Check,
        about: format!("check/{variant}/{scenario}"),
        verdict: format!("ERROR {variant} in {scenario}: a fault, which is no verdict"),
        text: fault.to_string(),
        cases,
        status: Status::Fault,
    };
    // The status is that of the fault.
    let _ = tell(reports, &told);
}
