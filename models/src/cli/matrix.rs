//! `matrix`: the main job.

use indicatif::{ProgressBar, ProgressStyle};
use logon_core::Variant;
use logon_sim::{counted, grouped};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Mutex;

use super::arguments::{MatrixArguments, MatrixFormat};
use super::{Failure, Program, Status, burst, choose, ci, prove, put, put_json, say, written};
use crate::artefact::Written;
use crate::catalogue;
use crate::cell::Launcher;
use crate::explain::{Diligence, explain};
use crate::files::{self, Patience};
use crate::matrix::{Done, Plan};
use crate::partition::Partition;
use crate::program;
use crate::render::{self, matrix as pages};
use crate::report::{Context, MatrixPart, MatrixReport, VerdictReport, to_json};
use crate::scenario::Scenario;
use crate::stage::Subjects;
use crate::trace::{Trace, fingerprint};

/// The variant whose counterexample is shown in full: of the reconstructions of KB Q238186, the one whose
/// symptom is the article's, a logon dropped on a server that has room because another came at the same time.
const SHOWN: &str = "two-claimants";

/// How many seconds to wait for somebody else who writes to the same folder.
const LOCKED: f64 = 60.0;

pub(super) fn run(arguments: &MatrixArguments, program: &Program<'_>) -> Result<Status, Failure> {
    ci::expect_writable(&arguments.reports)?;
    files::prepare(&arguments.out).map_err(Failure::usage)?;
    let mut plan = plan(arguments, program.subjects)?;
    let part = arguments
        .partition
        .map(|partition| part_of(&mut plan, partition));
    let done = with_progress(&plan, &program.launcher);
    let traces = counterexamples(&done)?;
    let source = arguments.source.as_ref();
    let written = written::write(
        &arguments.out,
        &traces,
        source,
        &Patience::new(LOCKED, &say),
    );
    // The fixed algorithm is expected to be proved, as its cells are expected to hold.
    let fixed = plan
        .cells
        .iter()
        .find(|cell| cell.variant() == Some(Variant::Fixed));
    let is_proved = fixed.map(|cell| prove::verdict_of(&cell.subject) == prove::PROVED);
    let as_expected = is_proved != Some(false) && done.iter().all(Done::is_as_expected);
    match arguments.format {
        MatrixFormat::Json => {
            let cells = done
                .iter()
                .filter_map(|done| report(done, &traces, &written))
                .collect();
            put_json(to_json(&MatrixReport {
                partition: part,
                ..MatrixReport::new(as_expected, is_proved, cells)
            }));
        }
        MatrixFormat::Markdown => {
            put(&pages::markdown(&done, &prove::verdict_of));
        }
        MatrixFormat::Text => {
            let mut text = pages::text(&done, is_proved, arguments.seed);
            let shown = traces
                .iter()
                .zip(&written)
                .find(|(trace, _)| trace.variant == SHOWN);
            if let Some((trace, written)) = shown {
                text.push_str("\nA reconstruction of KB Q238186, step by step:\n\n");
                text.push_str(&written::text(trace, written));
            }
            let page = traces
                .iter()
                .zip(&written)
                .find(|(trace, _)| trace.variant == Variant::SetupStampede.name());
            let page = page.and_then(|(_, written)| written.page.as_ref());
            let page = page.map(|page| render::clean_line(&page.display().to_string()));
            text.push_str(&burst::text(&done, arguments.seed, page.as_deref())?);
            text.push_str(&where_they_are(&written, &arguments.out));
            put(&text);
        }
    }
    let status = status(&done, &written, as_expected);
    let told = ci::Told {
        kind: ci::Kind::Matrix,
        about: "matrix".to_owned(),
        verdict: verdict(&done, is_proved, status),
        text: pages::summary(&done, is_proved, arguments.seed),
        cases: cases(&done, &traces, &written),
        status,
    };
    let status = ci::tell(&arguments.reports, &told);
    let faults: Vec<&Done> = done.iter().filter(|done| done.outcome.is_err()).collect();
    if let Some(Done {
        outcome: Err(fault),
        ..
    }) = faults.first()
    {
        return Err(Failure::fault(format!(
            "{} of {} cells failed; the first: {fault}",
            faults.len(),
            done.len()
        )));
    }
    if is_proved == Some(false) {
        say(&format!(
            "not as predicted: fixed is not proved; {} prove says where",
            program::command()
        ));
    }
    for done in done.iter().filter(|done| !done.is_as_expected()) {
        say(&format!("not as predicted: {}", pages::surprise(done)));
    }
    Ok(status)
}

/// What the program ends with.
fn status(done: &[Done], written: &[Written], as_expected: bool) -> Status {
    let unfinished = done.iter().any(is_unfinished);
    let is_written = written.iter().all(|written| written.file.is_some());
    match (as_expected, unfinished) {
        _ if done.iter().any(|done| done.outcome.is_err()) => Status::Fault,
        (false, _) => Status::Violated,
        (true, true) => Status::Incomplete,
        // The counterexamples were asked for as well.
        (true, false) if !is_written => Status::Usage,
        (true, false) => Status::Holds,
    }
}

/// Whether nothing is claimed of who is not wrong on purpose.
fn is_unfinished(done: &Done) -> bool {
    !done.cell.subject.is_defect() && done.is_incomplete()
}

/// The verdict in one line.
fn verdict(done: &[Done], is_proved: Option<bool>, status: Status) -> String {
    let all = counted(done.len() as u64, "cell");
    let count = |is: &dyn Fn(&Done) -> bool| {
        let cells = done.iter().filter(|done| is(done));
        grouped(cells.count() as u64)
    };
    match status {
        Status::Fault => format!(
            "ERROR matrix: {} of {all} failed, which is no verdict",
            count(&|done| done.outcome.is_err())
        ),
        Status::Violated if done.iter().all(Done::is_as_expected) && is_proved == Some(false) => {
            format!("FAIL matrix: {all} as predicted, but fixed is not proved")
        }
        Status::Violated => format!(
            "FAIL matrix: {} of {all} not as predicted",
            count(&|done| !done.is_as_expected())
        ),
        Status::Incomplete => format!(
            "STOP matrix: {} of {all} incomplete, the others as predicted",
            count(&is_unfinished)
        ),
        _ => format!("PASS matrix: {all} as predicted"),
    }
}

/// The cells for a pipeline. The counterexample of a variant goes with the first cell that shows it: one that is not as
/// predicted, if there is any.
fn cases<'a>(done: &'a [Done], traces: &'a [Trace], written: &'a [Written]) -> Vec<ci::Case<'a>> {
    let shown_by = |trace: &Trace| {
        let of_it = |done: &&Done| done.cell.subject.name() == trace.variant && done.is_violated();
        let wrong = done
            .iter()
            .filter(of_it)
            .find(|done| !done.is_as_expected());
        wrong.or_else(|| done.iter().find(of_it))
    };
    let shown = traces.iter().zip(written);
    let shown: Vec<(&Done, &Trace, &Written)> = shown
        .filter_map(|(trace, written)| Some((shown_by(trace)?, trace, written)))
        .collect();
    let case = |done: &'a Done| {
        let cell = &done.cell;
        let (variant, place) = (cell.subject.name(), cell.place.to_string());
        let outcome = match &done.outcome {
            Ok(outcome) => outcome,
            Err(fault) => return ci::Case::of_fault(variant, &place, cell.checker.name(), fault),
        };
        let exhibit = shown.iter().find(|(by, _, _)| std::ptr::eq(*by, done));
        let exhibit = exhibit.map(|&(_, trace, written)| ci::Exhibit {
            trace,
            written,
            is_predicted: cell.subject.is_defect() && done.is_as_expected(),
        });
        let case = ci::Case::of(variant, &place, cell.checker, outcome, exhibit);
        let (ending, sentence) = match done.is_as_expected() {
            false => (ci::Ending::Failed, pages::surprise(done)),
            true if is_unfinished(done) => (ci::Ending::Incomplete, case.sentence),
            true if done.is_incomplete() => (ci::Ending::Skipped, case.sentence),
            true => (ci::Ending::Passed, case.sentence),
        };
        ci::Case {
            ending,
            sentence,
            ..case
        }
    };
    done.iter().map(case).collect()
}

/// The cells that the command line asks for.
fn plan(arguments: &MatrixArguments, subjects: &Subjects) -> Result<Plan, Failure> {
    for name in &arguments.variant {
        choose::subject(subjects, name)?;
    }
    for name in &arguments.scenario {
        Scenario::preset(name).map_err(Failure::usage)?;
    }
    let mut plan = Plan::of(subjects, arguments.full, arguments.seed);
    plan.jobs = choose::jobs(arguments.jobs);
    let asks_for =
        |names: &[String], name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
    plan.cells.retain(|cell| {
        asks_for(&arguments.variant, cell.subject.name())
            && asks_for(&arguments.scenario, &cell.place.scenario)
    });
    match plan.cells.is_empty() {
        true => Err(Failure::usage(
            "the matrix has no cell of that variant in that scenario; expected others, or --full, which has every \
             variant in every scenario",
        )),
        false => Ok(plan),
    }
}

/// Leaves this part of the plan.
fn part_of(plan: &mut Plan, partition: Partition) -> MatrixPart {
    let named = plan
        .cells
        .iter()
        .map(|cell| format!("{} {} {}\n", cell.subject, cell.place, cell.checker));
    let named: String = named.collect();
    let part = MatrixPart {
        partition,
        cells: plan.cells.len() as u64,
        plan: fingerprint(&named, &plan.seed.to_string()),
    };
    let mut numbers = 0..;
    plan.cells
        .retain(|_| numbers.next().is_some_and(|number| partition.has(number)));
    part
}

/// Of how many defects there is a counterexample in `out`.
fn where_they_are(written: &[Written], out: &Path) -> String {
    let files = written.iter().filter_map(|written| written.file.as_ref());
    let (files, all) = (files.count(), written.len());
    let each = match files == all {
        true => format!("each of the {all}"),
        false => format!("{files} of the {all}"),
    };
    let called = program::place().map_or(String::new(), |place| {
        format!(
            "Where these lines say {}, type {place}.\n",
            program::command()
        )
    });
    match all {
        0 => format!("\n{called}"),
        _ => format!(
            "\nA counterexample of {each} defects that were found is in {}; its index.html leads to them.\n{called}",
            render::clean_line(&out.display().to_string())
        ),
    }
}

/// Runs the plan and says how far it is: a bar on a terminal, a plain line now and then elsewhere.
pub(super) fn with_progress(plan: &Plan, launcher: &Launcher) -> Vec<Done> {
    let total = plan.cells.len();
    let bar = if std::io::stderr().is_terminal() {
        let style =
            ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").expect("a fixed template");
        ProgressBar::new(total as u64).with_style(style)
    } else {
        ProgressBar::hidden()
    };
    if bar.is_hidden() {
        say(&format!("{total} cells"));
    }
    let count = Mutex::new(0_usize);
    let done = plan.run(launcher, |done| {
        let mut count = count
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *count += 1;
        bar.inc(1);
        bar.set_message(format!("{} {}", done.cell.subject, done.cell.place));
        if bar.is_hidden() && ((*count).is_multiple_of(100) || *count == total) {
            say(&format!("{count} of {total} cells"));
        }
    });
    bar.finish_and_clear();
    done
}

/// For every defect that was found, its counterexample from the smallest scenario in which it was: that of
/// the search of all states, as it is; otherwise the shortest that a further search comes upon.
pub(super) fn counterexamples(done: &[Done]) -> Result<Vec<Trace>, Failure> {
    let mut traces: Vec<Trace> = Vec::new();
    let found = done.iter().filter(|done| done.is_violated());
    let mut found: Vec<&Done> = found.collect();
    found.sort_by_key(|done| {
        let cell = &done.cell;
        let elsewhere = cell.variant().and_then(catalogue::smallest).as_ref() != Some(&cell.place);
        (elsewhere, !cell.checker.visits_states())
    });
    for done in found {
        let cell = &done.cell;
        if traces
            .iter()
            .any(|trace| trace.variant == cell.subject.name())
        {
            continue;
        }
        let Ok(outcome) = &done.outcome else { continue };
        let Some(finding) = &outcome.finding else {
            continue;
        };
        let trace = explain(
            &cell.subject,
            &cell.scenario,
            finding,
            cell.checker,
            Diligence::default(),
        );
        traces.push(trace.map_err(Failure::fault)?);
    }
    let order = |trace: &Trace| {
        done.iter()
            .position(|done| done.cell.subject.name() == trace.variant)
    };
    traces.sort_by_key(order);
    Ok(traces)
}

fn report(done: &Done, traces: &[Trace], written: &[Written]) -> Option<VerdictReport> {
    let cell = &done.cell;
    let outcome = done.outcome.as_ref().ok()?;
    let context = Context {
        variant: cell.subject.name(),
        scenario: &cell.scenario,
        checker: cell.checker.name(),
        expected: Some(cell.expectation.word()),
    };
    let mut report = VerdictReport::new(&context, outcome, None);
    // Of each scenario it would be the same, over and over.
    report.reached = None;
    let toml = cell.scenario.to_toml();
    let mut traces = traces.iter().zip(written);
    let trace =
        traces.find(|(trace, _)| trace.variant == context.variant && trace.scenario.toml == toml);
    if let (Some(violation), Some((_, written))) = (&mut report.violation, trace) {
        let file = written.file.as_ref();
        violation.trace = file.map(|file| file.display().to_string());
    }
    Some(report)
}
