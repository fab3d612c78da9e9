//! `compare`: the same work under every checker, in one run.

use super::arguments::CompareArguments;
use super::busy::busy;
use super::{Failure, Status, choose, print};
use crate::cell::Launcher;
use crate::checker::{Checker, Effort};
use crate::outcome::{Outcome, Verdict};

pub(super) fn run(arguments: &CompareArguments, launcher: &Launcher) -> Result<Status, Failure> {
    let variant = choose::variant(&arguments.variant)?;
    let scenario = choose::scenario(&arguments.situation)?;
    let limit = arguments.work.time_limit.unwrap_or(10.0);
    let mut text = format!(
        "{variant} in {}: {} client(s), idle pool {}, at most {limit} s each, seed {}\n\n",
        scenario.name,
        scenario.clients.len(),
        scenario.server.idle_pool,
        arguments.work.seed
    );
    text.push_str(&format!(
        "{:<28} {:<11} {:>11} {:>10} {:>11}  looked\n",
        "checker", "verdict", "executions", "CPU s", "µs/exec."
    ));
    print(&text)?;
    let mut worst = Status::Holds;
    for (name, checker, effort) in rows(arguments, limit) {
        let fits = checker
            .most_actors()
            .is_none_or(|most| scenario.actor_count() <= most);
        if !fits {
            print(&format!("{name:<28} not run: it holds 4 actors at most\n"))?;
            continue;
        }
        let outcome = busy(&name, || launcher.run(variant, &scenario, checker, &effort));
        let outcome = outcome.map_err(Failure::fault)?;
        print(&row(&name, &outcome))?;
        if outcome.verdict == Verdict::Violated {
            worst = Status::Violated;
        }
    }
    Ok(worst)
}

/// The checkers, loom once for each bound on preemptions.
fn rows(arguments: &CompareArguments, limit: f64) -> Vec<(String, Checker, Effort)> {
    let mut rows = Vec::new();
    for &checker in Checker::ALL {
        let effort = Effort {
            executions: match checker {
                Checker::Loom | Checker::ShuttleDfs => u64::MAX / 4,
                _ => choose::effort(&arguments.work, checker).executions,
            },
            time_limit: Some(limit),
            ..choose::effort(&arguments.work, checker)
        };
        if checker != Checker::Loom {
            rows.push((checker.name().to_owned(), checker, effort));
            continue;
        }
        for bound in [Some(0), Some(1), Some(2), Some(3), None] {
            let what = bound.map_or("no bound".to_owned(), |bound| {
                format!("preemptions ≤ {bound}")
            });
            let effort = Effort {
                preemption_bounds: vec![bound],
                ..effort.clone()
            };
            rows.push((format!("loom, {what}"), checker, effort));
        }
    }
    rows
}

fn row(name: &str, outcome: &Outcome) -> String {
    let executions = outcome.executions.unwrap_or(0);
    let more = if outcome.limit.is_some() { ">" } else { "" };
    let each = outcome.cpu_seconds * 1e6 / executions.max(1) as f64;
    let looked = outcome.limit.as_ref().map_or_else(
        || outcome.coverage.to_string(),
        |limit| format!("unfinished: {limit}"),
    );
    format!(
        "{name:<28} {:<11} {:>11} {:>10.3} {each:>11.1}  {looked}\n",
        outcome.verdict.to_string(),
        format!("{more}{executions}"),
        outcome.cpu_seconds,
    )
}
