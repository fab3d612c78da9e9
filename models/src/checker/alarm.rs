//! An alarm of loom, looked at again on the own runtime where loom may be wrong.
//!
//! loom 0.7.3 takes `SeqCst` for acquire-release. A program whose words are all used with `SeqCst`, and whose monitors
//! are locks, has the executions of sequential consistency and no others: so a complete search of these has the last
//! word. Where weaker orders are used as well it has not, and only says whether the alarm can be had without them.

use logon_sim::{Replay, counted};

use std::sync::Arc;

use super::{Checker, Effort, Fault, exhaustive};
use crate::outcome::{Coverage, Finding, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::Subject;
use crate::trace::record;

/// How many states are visited at most to settle an alarm.
const MOST_STATES: u64 = 1_000_000;

/// How the limit begins that stopped a checker by a false alarm of its own.
const FALSE: &str = "a false alarm of its own";

/// Whether loom was stopped by an alarm that a complete search has shown to be false. Then nothing else is wrong.
pub(crate) fn is_false(outcome: &Outcome) -> bool {
    let limit = outcome.limit.as_deref();
    limit.is_some_and(|limit| limit.starts_with(FALSE))
}

/// The outcome of `checker`, whose alarm is settled as far as it can be if loom raised it in a program with words that
/// are used with `SeqCst`; any other outcome is left as it is.
///
/// # Errors
///
/// [`Fault`] when the search on the own runtime fails.
pub(crate) fn settled<S: Subject>(
    checker: Checker,
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    mut outcome: Outcome,
) -> Result<Outcome, Fault> {
    let Some(finding) = outcome.finding.clone() else {
        return Ok(outcome);
    };
    if checker != Checker::Loom || !outcome.orders.seq_cst {
        return Ok(outcome);
    }
    let property = &finding.property;
    if is_repeated(subject, scenario, &finding) {
        outcome.warnings.push(format!(
            "this alarm is none of those: the same steps break {property} under sequential consistency"
        ));
        return Ok(outcome);
    }
    let effort = Effort {
        max_states: Some(effort.max_states.unwrap_or(MOST_STATES).min(MOST_STATES)),
        ..effort.clone()
    };
    let all = exhaustive(subject, scenario, &effort)?;
    outcome.orders = outcome.orders.and(all.orders);
    let found = all.finding.as_ref();
    let only_strong = !outcome.orders.are_weak();
    let is_same = found.is_some_and(|found| found.property == *property);
    match (all.verdict, only_strong) {
        (Verdict::Violated, _) if only_strong || is_same => {
            outcome.warnings.push(format!(
                "the steps that loom found do not break {property} under sequential consistency, and so another \
                 execution is shown: the shortest that {} finds",
                Checker::Exhaustive
            ));
            outcome.finding = all.finding;
        }
        (_, true) => {
            outcome.verdict = Verdict::Incomplete;
            outcome.coverage = Coverage::Bounded(format!("until an alarm about {property}"));
            outcome.limit = Some(unconfirmed(&all, property));
            outcome.finding = None;
        }
        (_, false) => outcome.warnings.push(format!(
            "whether this alarm is one cannot be told, for weaker orders are used as well: {}",
            searched(&all, property)
        )),
    }
    Ok(outcome)
}

/// Whether the steps that were found break the property on the own runtime as well.
fn is_repeated<S: Subject>(subject: &S, scenario: &Arc<Scenario>, finding: &Finding) -> bool {
    let mut replay = Replay::new(&finding.schedule);
    let record = record(subject, scenario, &mut replay, Checker::Loom.name());
    let fell = record.trace.violation;
    fell.is_some_and(|fell| fell.property == finding.property)
}

/// The limit of a checker that has found what does not happen where every word is used with `SeqCst`.
fn unconfirmed(all: &Outcome, property: &str) -> String {
    let searched = searched(all, property);
    match all.verdict {
        Verdict::Holds => format!("{FALSE}: {searched}, and every word is used with SeqCst"),
        _ => format!("an alarm about {property} that may be false: {searched}"),
    }
}

/// What the search of sequentially consistent executions says of an alarm.
fn searched(all: &Outcome, property: &str) -> String {
    let states = counted(all.states.unwrap_or(0), "state");
    let name = Checker::Exhaustive;
    match (all.verdict, &all.finding) {
        (Verdict::Holds, _) => {
            format!("no sequentially consistent execution breaks {property} ({name}: all {states})")
        }
        (_, Some(other)) => format!(
            "what falls first under sequential consistency is {} ({name})",
            other.property
        ),
        _ => format!(
            "the search of sequentially consistent executions was stopped by {} ({name}: {states})",
            all.limit.as_deref().unwrap_or("a limit")
        ),
    }
}
