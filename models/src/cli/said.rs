//! What an outcome says, in the lines that `check` prints whether one checker ran or several.

use logon_sim::counted;

use super::{cost, situations};
use crate::checker::{Checker, Effort, WITHOUT_BOUND};
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::AnySubject;

/// What was checked, and how large it is.
pub(super) fn size(variant: &AnySubject, scenario: &Scenario) -> String {
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
    variant: &AnySubject,
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
        Verdict::Incomplete if outcome.limit.is_none() => format!(
            "STOP {about}: incomplete: nothing fell by {checker}, and its words allow more than that sees\n  \
             coverage: {coverage}\n"
        ),
        Verdict::Incomplete => {
            let limit = outcome.limit.as_deref().unwrap_or("a limit");
            let after = cost::work(outcome).map_or(String::new(), |work| format!(" after {work}"));
            format!(
                "STOP {about}: incomplete, {checker} was stopped{after} by {limit}\n  coverage: {coverage}\n"
            )
        }
    };
    text.push_str(&notes(outcome));
    text.push_str(&cost::sentence(outcome));
    if let Some(sample) = &outcome.sample {
        sample
            .to_string()
            .lines()
            .for_each(|line| text.push_str(&folded(line)));
    }
    text.push_str(&situations::lines(outcome));
    if let (Verdict::Holds, Some(limit)) = (outcome.verdict, &outcome.limit) {
        let completed = match outcome.preemption_bound {
            Some(0) => "bound 0 completed; ".to_owned(),
            Some(bound) => format!("bounds 0 to {bound} completed; "),
            None => String::new(),
        };
        text.push_str(&format!("  {completed}stopped by {limit}\n"));
        if outcome.preemption_bound == last_bound() {
            text.push_str(&format!(
                "  that search, the last of all, has {} at the most, whatever --executions says: it ends soon, or not \
                 for a long time\n",
                counted(WITHOUT_BOUND, "execution")
            ));
        }
    }
    text
}

/// A sentence, indented, in as many lines as it needs.
fn folded(sentence: &str) -> String {
    let mut text = String::from(" ");
    let mut column = 1;
    for word in sentence.split(' ') {
        let width = word.chars().count();
        // Two columns are kept, for a sign of percent stays with its number.
        if column + 1 + width + 2 > situations::WIDTH && word != "%" {
            text.push_str("\n   ");
            column = 3;
        }
        text.push_str(&format!(" {word}"));
        column += 1 + width;
    }
    text.push('\n');
    text
}

/// The last bound on preemptions that loom completes before it searches without one.
fn last_bound() -> Option<usize> {
    Effort::default()
        .preemption_bounds
        .into_iter()
        .flatten()
        .last()
}

/// What warns of a verdict, a line each.
pub(super) fn notes(outcome: &Outcome) -> String {
    let notes = outcome.warnings.iter();
    notes.map(|warning| format!("NOTE {warning}\n")).collect()
}
