//! `compare`: the same work under every checker, in one run.

use std::collections::BTreeSet;

use logon_sim::grouped;

use super::arguments::{CompareArguments, Work};
use super::busy::busy;
use super::{Failure, Program, Status, choose, cost, put, said};
use crate::checker::{Checker, Effort};
use crate::outcome::{Coverage, Outcome, Verdict};

/// A line of the table: what it is called, who works, and how much.
struct Row {
    name: String,
    checker: Checker,
    effort: Effort,
}

pub(super) fn run(arguments: &CompareArguments, program: &Program<'_>) -> Result<Status, Failure> {
    let variant = choose::subject(program.subjects, &arguments.variant)?;
    let scenario = choose::scenario_named(&arguments.scenario, &arguments.numbers)?;
    let limit = arguments.time_limit;
    let rows = rows(arguments, limit);
    let mut text = said::size(variant, &scenario);
    text.push_str(&format!(
        "seed {}, at most {limit} s (wall time) for each of {} rows: {} s at the most\n\
         per second: states where states are visited, executions elsewhere; > means \"and more\";\n\
         coverage: of those in which nothing fell\n\n",
        arguments.seed,
        rows.len(),
        rows.len() as f64 * limit,
    ));
    text.push_str(&line(&[
        "checker",
        "verdict",
        "coverage",
        "executions",
        "states",
        "CPU s",
        "per second",
        "peak MB",
        "bytes/state",
    ]));
    put(&text);
    let mut worst = Status::Holds;
    let mut notes = BTreeSet::new();
    for row in rows {
        let Row {
            name,
            checker,
            effort,
        } = &row;
        if !checker.can_run(&scenario) {
            let reason = match checker.has_time() || scenario.time.is_none() {
                true => "it holds 4 actors at most",
                false => "it has no time",
            };
            put(&format!("{name:<26} not run: {reason}\n"));
            continue;
        }
        // Each in a process of its own, so that one does not use memory that another has left behind.
        let outcome = busy(name, || {
            program
                .launcher
                .run_apart(variant, &scenario, *checker, effort)
        });
        let outcome = outcome.map_err(Failure::fault)?;
        put(&filled(name, &outcome));
        notes.extend(outcome.warnings.iter().cloned());
        if outcome.verdict == Verdict::Violated {
            worst = Status::Violated;
        }
    }
    for note in notes {
        put(&format!("NOTE {note}\n"));
    }
    Ok(worst)
}

/// The checkers: those that visit states with symmetry and without, loom once for each bound on preemptions.
fn rows(arguments: &CompareArguments, limit: f64) -> Vec<Row> {
    let work = Work {
        seed: arguments.seed,
        executions: arguments.executions,
        time_limit: Some(limit),
        cpu_limit: None,
    };
    let mut rows = Vec::new();
    for &checker in Checker::ALL {
        let effort = Effort {
            executions: match checker {
                Checker::Loom | Checker::ShuttleDfs => u64::MAX / 4,
                _ => choose::effort(&work, checker).executions,
            },
            ..choose::effort(&work, checker)
        };
        let mut add = |name: String, effort: Effort| {
            rows.push(Row {
                name,
                checker,
                effort,
            });
        };
        if checker == Checker::Exhaustive {
            add(checker.to_string(), effort.clone());
            let symmetry = false;
            add(
                format!("{checker}, no symmetry"),
                Effort { symmetry, ..effort },
            );
        } else if checker == Checker::Loom {
            for bound in [Some(0), Some(1), Some(2), Some(3), None] {
                let what = bound.map_or("no bound".to_owned(), |bound| {
                    format!("preemptions ≤ {bound}")
                });
                let effort = Effort {
                    preemption_bounds: vec![bound],
                    ..effort.clone()
                };
                add(format!("{checker}, {what}"), effort);
            }
        } else {
            add(checker.to_string(), effort);
        }
    }
    rows
}

/// A line of the table.
fn line(cells: &[&str; 9]) -> String {
    let [
        name,
        verdict,
        coverage,
        executions,
        states,
        cpu,
        pace,
        peak,
        bytes,
    ] = cells;
    let line = format!(
        "{name:<26} {verdict:<10} {coverage:<10} {executions:>11} {states:>9} {cpu:>9} {pace:>11} {peak:>8} {bytes:>11}"
    );
    format!("{}\n", line.trim_end())
}

fn filled(name: &str, outcome: &Outcome) -> String {
    let number = |number: Option<u64>| {
        let more = if outcome.limit.is_some() { "> " } else { "" };
        number.map_or(String::new(), |number| format!("{more}{}", grouped(number)))
    };
    let coverage = match (outcome.verdict, &outcome.coverage) {
        // An execution that shows a violation needs none.
        (Verdict::Violated, _) => "",
        (_, Coverage::Exhaustive(_)) => "exhaustive",
        (_, Coverage::Bounded(_)) => "bounded",
        (_, Coverage::Sampled(_)) => "sampled",
    };
    // States where states are visited, executions elsewhere.
    let executed = outcome.executions.filter(|_| outcome.cpu_seconds > 0.0);
    let pace =
        cost::pace(outcome).or_else(|| executed.map(|number| number as f64 / outcome.cpu_seconds));
    let rounded = |number: f64| grouped(number.round() as u64);
    let peak = cost::bytes(outcome).map(cost::megabytes);
    let bytes = cost::bytes_each(outcome).map(grouped);
    line(&[
        name,
        &outcome.verdict.to_string(),
        coverage,
        &number(outcome.executions),
        &number(outcome.states),
        &format!("{:.3}", outcome.cpu_seconds),
        &pace.map(rounded).unwrap_or_default(),
        &peak.unwrap_or_default(),
        &bytes.unwrap_or_default(),
    ])
}
