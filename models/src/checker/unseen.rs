//! What nobody has looked at: executions of a weak memory, where only checkers looked that have none.
//!
//! Such a check has found nothing and is no pass: a program whose words are used with orders weaker than `SeqCst` may do
//! what no sequentially consistent checker ever shows. A check that ends so is incomplete.

use logon_sim::WordOrders;

use super::Checker;
#[cfg(feature = "cli")]
use crate::outcome::{Outcome, Verdict};
use crate::scenario::Scenario;

/// Why checkers that found nothing are no pass, if they are none: words were used with weaker orders, and none of those
/// that looked has a memory model. A sentence without a full stop.
pub(crate) fn unseen(
    orders: WordOrders,
    looked: impl IntoIterator<Item = Checker>,
    scenario: &Scenario,
) -> Option<String> {
    let is_seen = looked.into_iter().any(Checker::has_memory_model);
    if is_seen || !orders.are_weak() {
        return None;
    }
    let loom = Checker::Loom;
    let actors = scenario.actor_count();
    let advice = match loom.most_actors().filter(|&most| actors > most) {
        Some(most) => format!(
            "{loom}, the checker with a memory model, was left out, for it holds {most} actors, and here are {actors}; \
             check a smaller scenario with --checker {loom}"
        ),
        None => format!(
            "{loom}, the checker with a memory model, was left out; add it: the same check with --checker {loom}, or \
             without --checker; in a test, `under` with `Checker::Loom`"
        ),
    };
    Some(format!("this is incomplete and no pass: {advice}"))
}

/// Makes an outcome of `checker` alone incomplete, and says why, if it holds and that is no pass.
#[cfg(feature = "cli")]
pub(crate) fn hold_back(outcome: &mut Outcome, checker: Checker, scenario: &Scenario) {
    if outcome.verdict != Verdict::Holds {
        return;
    }
    if let Some(why) = unseen(outcome.orders, [checker], scenario) {
        outcome.verdict = Verdict::Incomplete;
        outcome.warnings.push(why);
    }
}
