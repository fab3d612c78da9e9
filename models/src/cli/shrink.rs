//! `check --shrink`: a scenario that shows a defect and from which nothing more can be taken.

use std::cell::RefCell;
use std::path::Path;

use logon_sim::counted;

use super::arguments::{CheckArguments, CheckFormat};
use super::busy::busy;
use super::check::{Found, counterexample, property, report};
use super::{Failure, Program, Status, choose, cost, put, put_json, said, say, written};
use crate::catalogue::{self, Place};
use crate::checker::Checker;
use crate::files::{self, Patience};
use crate::outcome::{Outcome, Verdict};
use crate::render;
use crate::report::{SmallestReport, to_json};
use crate::scenario::Scenario;
use crate::shrink::{Shrunk, Smallest, Tried, shrink};
use crate::stage::AnySubject;

pub(super) fn run(arguments: &CheckArguments, program: &Program<'_>) -> Result<Status, Failure> {
    let checker = match &arguments.checker {
        Some(name) => choose::checker(name)?,
        None => Checker::Exhaustive,
    };
    if checker != Checker::Exhaustive {
        return Err(Failure::usage(format!(
            "--shrink visits every state on the own runtime, not by {checker}; expected --checker {}, or none",
            Checker::Exhaustive
        )));
    }
    let variant = choose::subject(program.subjects, &arguments.variant)?;
    let from = match arguments.situation.scenario {
        Some(_) => choose::scenario(&arguments.situation)?,
        None => choose::scenario_at(&arguments.situation, &beginning(variant)?)?,
    };
    files::prepare(&arguments.out).map_err(Failure::usage)?;
    let mut effort = arguments
        .visit
        .applied(choose::effort(&arguments.work, Checker::Exhaustive));
    effort.property = property(arguments)?;
    let doing = format!(
        "taking away from {} what {variant} does not need",
        from.name
    );
    let last = RefCell::new(String::new());
    let shrunk = busy(&doing, || {
        shrink(variant, &from, &effort, &mut |what| {
            last.replace(what.to_owned());
        })
    });
    let shrunk = shrunk.map_err(|fault| {
        Failure::fault(format!("{} without {}: {fault}", from.name, last.borrow()))
    })?;
    match shrunk {
        Shrunk::NothingFalls(outcome) => nothing_falls(variant, &from, &outcome),
        Shrunk::To(smallest) => show(arguments, variant, &from, &smallest),
    }
}

/// Where to begin if the command line does not say: the smallest place that the catalogue knows for the defect.
fn beginning(variant: &AnySubject) -> Result<Place, Failure> {
    let Some(known) = variant.variant() else {
        return Err(Failure::usage(format!(
            "the catalogue does not say where {variant} falls; expected --scenario with --shrink"
        )));
    };
    catalogue::smallest(known).ok_or_else(|| {
        Failure::usage(format!(
            "{variant} has no defect to shrink a scenario for; expected a defect, or --scenario"
        ))
    })
}

fn nothing_falls(
    variant: &AnySubject,
    scenario: &Scenario,
    outcome: &Outcome,
) -> Result<Status, Failure> {
    if outcome.verdict == Verdict::Incomplete {
        let limit = outcome.limit.as_deref().unwrap_or("a limit");
        put(&format!(
            "STOP {variant} in {}: no violation to shrink was found; stopped by {limit}\n{}",
            scenario.name,
            said::notes(outcome)
        ));
        return Ok(Status::Incomplete);
    }
    put(&format!(
        "PASS {variant} in {}: there is no violation to shrink\n{}{}",
        scenario.name,
        said::notes(outcome),
        cost::sentence(outcome)
    ));
    Ok(Status::Holds)
}

fn show(
    arguments: &CheckArguments,
    variant: &AnySubject,
    from: &Scenario,
    smallest: &Smallest,
) -> Result<Status, Failure> {
    let (scenario, outcome) = (&smallest.scenario, &smallest.outcome);
    let found = counterexample(arguments, variant, scenario, Checker::Exhaustive, outcome)?;
    let folder = found.as_ref().and_then(Found::file).and_then(Path::parent);
    let folder = folder.unwrap_or(&arguments.out);
    let patience = Patience::new(choose::time_limit(&arguments.work), &say);
    let file = files::alone_in(&arguments.out, &patience)
        .and_then(|_alone| files::write(folder, "scenario.toml", &scenario.to_toml()));
    written::tell(file.as_ref().err().into_iter());
    let file = file.ok().map(|file| file.display().to_string());
    match arguments.format {
        CheckFormat::Json => {
            let checker = Checker::Exhaustive;
            let verdict = report(
                arguments,
                variant,
                scenario,
                checker,
                outcome,
                found.as_ref(),
            );
            put_json(to_json(&SmallestReport::new(
                &from.name,
                smallest,
                file.as_deref(),
                verdict,
            )));
        }
        CheckFormat::Text => {
            let mut text = text(arguments, variant, from, smallest, file.as_deref());
            text.extend(found.as_ref().map(Found::text));
            put(&text);
        }
    }
    Ok(Status::Violated)
}

fn text(
    arguments: &CheckArguments,
    variant: &AnySubject,
    from: &Scenario,
    smallest: &Smallest,
    file: Option<&str>,
) -> String {
    let property = &smallest.property;
    let mut text = said::size(variant, from);
    text.push_str(&format!(
        "FAIL {variant} in {}: {property} falls\n  the scenario: {}\n  the property: {}\n\n",
        from.name,
        match arguments.situation.scenario {
            Some(_) => "as asked for with --scenario",
            None => "the smallest the catalogue knows for this defect, as --scenario names none",
        },
        match arguments.property {
            Some(_) => "as asked for with --property",
            None => "the first that falls there, breadth first, as --property names none",
        },
    ));
    for (number, what) in smallest.taken.iter().enumerate() {
        text.push_str(&format!("{:>3}. without {what}: violated\n", number + 1));
    }
    if smallest.taken.is_empty() {
        text.push_str("Nothing can be taken away.\n");
    }
    text.push_str(&attempts(smallest));
    let nothing_more = match smallest.is_exhaustive() {
        true => {
            "Nothing more can be taken from this scenario, in the order above; in another order less may be left"
        }
        false => "Nothing more was found that can be taken from this scenario, in the order above",
    };
    let where_it_is = file.map_or("It is".to_owned(), |file| {
        format!("It is in {}", render::clean_line(file))
    });
    text.push_str(&format!(
        "{nothing_more}.\n{where_it_is}:\n\n{}\n\n{}{}",
        render::clean(&smallest.scenario.to_toml()),
        said::notes(&smallest.outcome),
        cost::sentence(&smallest.outcome)
    ));
    text
}

/// What came of taking one thing more.
fn attempts(smallest: &Smallest) -> String {
    let senseless = |tried: &Tried| matches!(tried, Tried::MakesNoSense(_));
    let (nonsense, sensible): (Vec<_>, Vec<_>) = smallest
        .attempts
        .iter()
        .partition(|attempt| senseless(&attempt.tried));
    let mut text = String::from("\n");
    if !sensible.is_empty() {
        text.push_str("With one thing less it is not violated:\n");
    }
    for attempt in sensible {
        text.push_str(&format!(
            "   - without {}: {}\n",
            attempt.what, attempt.tried
        ));
    }
    if !nonsense.is_empty() {
        text.push_str("Without one of these there is no scenario that makes sense:\n");
    }
    for attempt in nonsense {
        text.push_str(&format!("   - {}\n", attempt.what));
    }
    text.push_str(&format!(
        "{}, {} searched.\n\n",
        if smallest.is_exhaustive() {
            "Every one of these searches is complete"
        } else {
            "Some of these searches are incomplete, so there may be a smaller one"
        },
        counted(smallest.searched as u64, "scenario"),
    ));
    text
}
