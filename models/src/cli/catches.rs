//! `list variants --catches`: which defects a scenario shows.

use std::sync::Arc;

use logon_sim::counted;
use serde_json::json;

use super::arguments::{CheckFormat, ListArguments, Listed};
use super::busy::busy;
use super::{Failure, Program, Status, choose, print, print_json};
use crate::checker::{Checker, Effort};
use crate::outcome::{Finding, Outcome, Verdict};
use crate::report::to_json;
use crate::scenario::Scenario;
use crate::stage::AnySubject;

/// What a scenario shows of one defect.
struct Catch {
    variant: AnySubject,
    checker: Checker,
    outcome: Outcome,
}

/// Lists the defects that the scenario `named` shows.
///
/// The status says whether the list is whole, not whether it is empty.
pub(super) fn run(
    named: &str,
    arguments: &ListArguments,
    program: &Program<'_>,
) -> Result<Status, Failure> {
    if arguments.what != Listed::Variants {
        return Err(Failure::usage(
            "--catches is about variants; expected list variants --catches SCENARIO",
        ));
    }
    let scenario = choose::scenario_named(named, &Default::default())?;
    let defects = program
        .subjects
        .iter()
        .filter(|subject| subject.is_defect());
    let catches: Result<Vec<Catch>, Failure> = defects
        .map(|defect| catch(defect, &scenario, arguments.max_states, program))
        .collect();
    let catches = catches?;
    match arguments.format {
        CheckFormat::Json => print_json(to_json(&json(&catches)))?,
        CheckFormat::Text => print(&text(&scenario, &catches))?,
    };
    let is_whole = catches.iter().all(|catch| !catch.is_unknown());
    Ok(if is_whole {
        Status::Holds
    } else {
        Status::Incomplete
    })
}

/// Visits every state of a defect in the scenario; where nothing falls and words are used with weak orders, loom looks
/// at what a weak memory allows besides.
fn catch(
    variant: &AnySubject,
    scenario: &Arc<Scenario>,
    max_states: u64,
    program: &Program<'_>,
) -> Result<Catch, Failure> {
    let run = |checker: Checker, effort: &Effort| {
        let doing = format!("{checker} checks {} in {}", variant.name(), scenario.name);
        let outcome = busy(&doing, || {
            program.launcher.run(variant, scenario, checker, effort)
        });
        outcome.map_err(Failure::fault).map(|outcome| Catch {
            variant: variant.clone(),
            checker,
            outcome,
        })
    };
    let effort = Effort {
        max_states: Some(max_states),
        second_looks: false,
        ..Effort::usual(Checker::Exhaustive)
    };
    let visited = run(Checker::Exhaustive, &effort)?;
    let fits = Checker::Loom.can_run(scenario);
    let asks_loom =
        visited.outcome.verdict != Verdict::Violated && visited.outcome.orders.are_weak() && fits;
    if !asks_loom {
        return Ok(visited);
    }
    let weak = run(Checker::Loom, &Effort::usual(Checker::Loom))?;
    Ok(match (weak.outcome.verdict, visited.outcome.verdict) {
        // loom may miss what the states show, and not the other way around.
        (Verdict::Holds, Verdict::Incomplete) => visited,
        _ => weak,
    })
}

impl Catch {
    fn finding(&self) -> Option<&Finding> {
        self.outcome.finding.as_ref()
    }

    /// Whether the scenario may show it all the same: a limit stopped the checker, or a weak memory was not looked at.
    fn is_unknown(&self) -> bool {
        let is_cut = self.outcome.verdict == Verdict::Incomplete || self.outcome.limit.is_some();
        self.finding().is_none() && (is_cut || self.leaves_out_weak_memory())
    }

    fn leaves_out_weak_memory(&self) -> bool {
        self.checker != Checker::Loom && self.outcome.orders.are_weak()
    }

    /// What is to be said of it besides its name.
    fn sentence(&self) -> String {
        let checker = self.checker;
        match (self.finding(), &self.outcome.limit) {
            (Some(finding), _) => {
                let steps = counted(finding.schedule.steps.len() as u64, "step");
                format!("{} falls in {steps} (by {checker})", finding.property)
            }
            (None, Some(limit)) => format!("not known: {checker} was stopped by {limit}"),
            (None, None) if self.leaves_out_weak_memory() => {
                "not known: there are too many actors for loom, which alone looks at a weak memory"
                    .to_owned()
            }
            (None, None) => format!("does not show ({})", self.outcome.coverage),
        }
    }
}

fn text(scenario: &Scenario, catches: &[Catch]) -> String {
    let width = catches.iter().map(|catch| catch.variant.name().len()).max();
    let width = width.unwrap_or(0);
    let mut text = String::new();
    for catch in catches {
        text.push_str(&format!(
            "{:<width$}  {}\n",
            catch.variant.name(),
            catch.sentence()
        ));
    }
    let shown = catches.iter().filter(|catch| catch.finding().is_some());
    let unknown = catches.iter().filter(|catch| catch.is_unknown()).count();
    let unknown = match unknown {
        0 => String::new(),
        some => format!("; of {some} it is not known"),
    };
    text.push_str(&format!(
        "\n{} shows {} of {}{unknown}\n",
        scenario.name,
        shown.count(),
        counted(catches.len() as u64, "defect"),
    ));
    text
}

fn json(catches: &[Catch]) -> Vec<serde_json::Value> {
    let row = |catch: &Catch| {
        let shows = match catch.finding() {
            Some(_) => Some(true),
            None if catch.is_unknown() => None,
            None => Some(false),
        };
        json!({
            "name": catch.variant.name(),
            "shows": shows,
            "property": catch.finding().map(|finding| &finding.property),
            "steps": catch.finding().map(|finding| finding.schedule.steps.len()),
            "checker": catch.checker.name(),
            "coverage": catch.outcome.coverage.to_string(),
            "limit": catch.outcome.limit,
        })
    };
    catches.iter().map(row).collect()
}
