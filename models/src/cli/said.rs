//! What an outcome says, in the lines that `check` prints whether one checker ran or several.

use logon_core::Variant;
use logon_sim::counted;

use super::cost;
use crate::catalogue::{self, Expectation};
use crate::checker::Checker;
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::scenario::Scenario;

/// What was checked, and how large it is.
pub(super) fn size(variant: Variant, scenario: &Scenario) -> String {
    let server = &scenario.server;
    format!(
        "{variant} in {}: {}, idle pool {}, {}{}\n\n",
        scenario.name,
        counted(scenario.clients.len() as u64, "client"),
        server.idle_pool,
        server
            .max_connections
            .map_or("any number of connections".to_owned(), |most| format!(
                "at most {}",
                counted(most.into(), "connection")
            )),
        match server.spurious_wakes {
            0 => String::new(),
            wakes => format!(", {}", counted(wakes.into(), "spurious wake-up")),
        },
    )
}

/// The verdict, what it is worth, and what it took.
pub(super) fn verdict(
    variant: Variant,
    scenario: &Scenario,
    checker: Checker,
    outcome: &Outcome,
) -> String {
    let about = format!("{variant} in {}", scenario.name);
    let coverage = &outcome.coverage;
    let mut text = match outcome.verdict {
        Verdict::Holds => format!("PASS {about}: holds by {checker}; coverage: {coverage}\n"),
        Verdict::Violated => {
            let how = match coverage {
                Coverage::Exhaustive(by) => by.as_deref().unwrap_or("in every state"),
                Coverage::Bounded(by) | Coverage::Sampled(by) => by,
            };
            format!("FAIL {about}: violated, found by {checker} ({how})\n")
        }
        Verdict::Incomplete => {
            let limit = outcome.limit.as_deref().unwrap_or("a limit");
            let after = cost::work(outcome).map_or(String::new(), |work| format!(" after {work}"));
            format!(
                "STOP {about}: incomplete, {checker} was stopped{after} by {limit}\n  coverage: {coverage}\n"
            )
        }
    };
    if outcome.verdict == Verdict::Holds && is_beyond(variant, scenario, checker) {
        let unseen = unseen(variant, scenario, checker);
        text.push_str(&format!(
            "NOTE this verdict says nothing of the defect: {unseen}\n"
        ));
    }
    text.push_str(&cost::sentence(outcome));
    if let (Verdict::Holds, Some(limit)) = (outcome.verdict, &outcome.limit) {
        let completed = match outcome.preemption_bound {
            Some(0) => "bound 0 completed; ".to_owned(),
            Some(bound) => format!("bounds 0 to {bound} completed; "),
            None => String::new(),
        };
        text.push_str(&format!("  {completed}stopped by {limit}\n"));
    }
    text
}

/// Whether the defect is there and the checker cannot see it: in this scenario, or, if the catalogue does not know
/// it, in the smallest one that shows the defect.
fn is_beyond(variant: Variant, scenario: &Scenario, checker: Checker) -> bool {
    let expected = catalogue::expected_in(variant, scenario, checker).or_else(|| {
        let smallest = catalogue::smallest(variant)?;
        Some(catalogue::expected(variant, &smallest, checker))
    });
    expected == Some(Expectation::Beyond)
}

/// Why a defect that is there is not seen in `scenario`, and who would see it.
pub(super) fn unseen(variant: Variant, scenario: &Scenario, checker: Checker) -> String {
    let sees = match checker.visits_states() {
        true => "visits the states of sequential consistency",
        false => "runs executions under sequential consistency",
    };
    let loom = Checker::Loom;
    let most = loom.most_actors();
    let too_many = most.filter(|&most| scenario.actor_count() > most);
    let fewer = too_many.map_or(String::new(), |most| {
        let actors = scenario.actor_count();
        format!(" in a smaller scenario: it holds {most} actors, and here are {actors}")
    });
    format!(
        "{checker} {sees}, and {variant} shows only under a weak memory model; use --checker {loom}{fewer}"
    )
}
