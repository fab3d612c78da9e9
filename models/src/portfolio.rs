//! A portfolio: several checkers side by side, those that sample and one that visits every state.
//!
//! A sampler often finds a fault at once; only the exhaustive search can say that there is none, and its
//! counterexample has the fewest steps. What each says does not depend on how many run at a time.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use logon_sim::WordOrders;

use crate::cell::Launcher;
use crate::checker::{Checker, Effort, Fault};
use crate::outcome::{Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::AnySubject;

/// The portfolio of `check`: the one that visits every state first, for it takes longest.
pub const PORTFOLIO: [Checker; 5] = [
    Checker::Exhaustive,
    Checker::Random,
    Checker::ShuttleRandom,
    Checker::ShuttlePct,
    Checker::ShuttleUrw,
];

/// A checker and what came of it.
#[derive(Clone, Debug)]
pub struct Said {
    /// The checker.
    pub checker: Checker,
    /// Its outcome, or the fault that is none.
    pub outcome: Result<Outcome, Fault>,
}

/// Runs every checker of the list, at most `jobs` at a time, and gives their outcomes in the order of the list.
pub fn side_by_side(
    launcher: &Launcher,
    subject: &AnySubject,
    scenario: &Arc<Scenario>,
    work: &[(Checker, Effort)],
    jobs: usize,
) -> Vec<Said> {
    let next = AtomicUsize::new(0);
    let said = Mutex::new(BTreeMap::new());
    let worker = || {
        loop {
            let index = next.fetch_add(1, Ordering::SeqCst);
            let Some((checker, effort)) = work.get(index) else {
                return;
            };
            let outcome = launcher.run(subject, scenario, *checker, effort);
            let result = Said {
                checker: *checker,
                outcome,
            };
            said.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(index, result);
        }
    };
    at_a_time(jobs.min(work.len()), worker);
    said.into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .into_values()
        .collect()
}

/// Runs so many workers at a time, this thread among them: fewer, where the system gives no more threads.
pub(crate) fn at_a_time(workers: usize, worker: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        for _ in 1..workers {
            if std::thread::Builder::new()
                .spawn_scoped(scope, &worker)
                .is_err()
            {
                break;
            }
        }
        worker();
    });
}

/// What all of them together come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Conclusion {
    /// The verdict.
    pub verdict: Verdict,
    /// Whose it is.
    pub by: Checker,
}

/// Why there is no conclusion.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoConclusion {
    /// This checker failed.
    Failed(Checker, Fault),
    /// This checker found what the one that saw every state says is not there: one of the two is wrong.
    Contradiction(Checker),
}

impl fmt::Display for NoConclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The fault says whose it is.
            NoConclusion::Failed(_, fault) => fault.fmt(f),
            NoConclusion::Contradiction(checker) => write!(
                f,
                "{checker} found a violation, and {} visited every state without one: one of the two is wrong",
                Checker::Exhaustive
            ),
        }
    }
}

/// With which memory orderings words were used, as far as any of them saw.
pub fn orders(said: &[Said]) -> WordOrders {
    let seen = said.iter().filter_map(|said| said.outcome.as_ref().ok());
    seen.fold(WordOrders::default(), |orders, outcome| {
        orders.and(outcome.orders)
    })
}

/// The claim of the exhaustive search, if it came to one; what a sampler found, if that did not find it; or
/// nothing but that the search is incomplete. Where words are used with orders weaker than `SeqCst`, the claim is one
/// only if a checker with a memory model looked as well and found nothing.
///
/// # Errors
///
/// [`NoConclusion`] when a checker failed, or when a sampler contradicts the complete search.
pub fn conclusion(said: &[Said]) -> Result<Conclusion, NoConclusion> {
    let mut complete = false;
    let mut sampled = None;
    let mut modeled = None;
    for Said { checker, outcome } in said {
        let outcome = outcome
            .as_ref()
            .map_err(|fault| NoConclusion::Failed(*checker, fault.clone()))?;
        if checker.has_memory_model() {
            // It may find what no sequentially consistent execution shows, and that is no contradiction.
            modeled = Some(Conclusion {
                verdict: outcome.verdict,
                by: *checker,
            });
            continue;
        }
        match (checker.visits_states(), outcome.verdict) {
            (true, Verdict::Holds) => complete = true,
            (_, Verdict::Violated) if sampled.is_none() => sampled = Some(*checker),
            _ => {}
        }
    }
    match (complete, sampled) {
        (true, Some(checker)) => Err(NoConclusion::Contradiction(checker)),
        // The exhaustive search is the first of the list, so what it found goes before what a sampler found.
        (false, Some(by)) => Ok(Conclusion {
            verdict: Verdict::Violated,
            by,
        }),
        (is_complete, None) => Ok(match modeled {
            Some(found) if found.verdict == Verdict::Violated => found,
            Some(stopped) if is_complete && stopped.verdict == Verdict::Incomplete => stopped,
            _ => Conclusion {
                verdict: match is_complete && (modeled.is_some() || !orders(said).are_weak()) {
                    true => Verdict::Holds,
                    false => Verdict::Incomplete,
                },
                by: Checker::Exhaustive,
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Coverage;

    fn said(checker: Checker, verdict: Verdict) -> Said {
        used(checker, verdict, WordOrders::default())
    }

    fn used(checker: Checker, verdict: Verdict, orders: WordOrders) -> Said {
        Said {
            checker,
            outcome: Ok(Outcome {
                verdict,
                coverage: Coverage::Exhaustive(None),
                executions: None,
                states: None,
                steps: None,
                preemption_bound: None,
                bytes: None,
                peak_bytes: None,
                cpu_seconds: 0.0,
                limit: None,
                orders,
                warnings: Vec::new(),
                reached: None,
                sample: None,
                finding: None,
            }),
        }
    }

    #[test]
    fn the_claim_is_that_of_the_complete_search_or_of_whoever_found_something() {
        use Verdict::{Holds, Incomplete, Violated};
        let cases = [
            (Holds, Holds, Ok((Holds, Checker::Exhaustive))),
            (Violated, Holds, Ok((Violated, Checker::Exhaustive))),
            (Violated, Violated, Ok((Violated, Checker::Exhaustive))),
            (Incomplete, Violated, Ok((Violated, Checker::Random))),
            (Incomplete, Holds, Ok((Incomplete, Checker::Exhaustive))),
            (
                Holds,
                Violated,
                Err(NoConclusion::Contradiction(Checker::Random)),
            ),
        ];
        for (exhaustive, random, expected) in cases {
            let all = [
                said(Checker::Exhaustive, exhaustive),
                said(Checker::Random, random),
            ];
            let found = conclusion(&all).map(|found| (found.verdict, found.by));
            assert_eq!(found, expected, "{exhaustive} {random}");
        }
    }

    #[test]
    fn with_weak_words_the_claim_needs_a_checker_with_a_memory_model() {
        use Verdict::{Holds, Incomplete, Violated};
        let weak = WordOrders {
            relaxed: true,
            ..WordOrders::default()
        };
        let exhaustive = |verdict| used(Checker::Exhaustive, verdict, weak);
        let with = |verdict, modeled| vec![exhaustive(verdict), used(Checker::Loom, modeled, weak)];
        let cases = [
            (vec![exhaustive(Holds)], (Incomplete, Checker::Exhaustive)),
            (with(Holds, Holds), (Holds, Checker::Exhaustive)),
            (with(Holds, Incomplete), (Incomplete, Checker::Loom)),
            (with(Holds, Violated), (Violated, Checker::Loom)),
            (with(Incomplete, Holds), (Incomplete, Checker::Exhaustive)),
            (with(Violated, Violated), (Violated, Checker::Exhaustive)),
        ];
        for (all, expected) in cases {
            let found = conclusion(&all).map(|found| (found.verdict, found.by));
            assert_eq!(found, Ok(expected), "{all:?}");
        }
    }

    #[test]
    fn a_checker_that_failed_leaves_no_conclusion() {
        let fault = Fault::new("it broke");
        let all = [
            said(Checker::Exhaustive, Verdict::Holds),
            Said {
                checker: Checker::ShuttlePct,
                outcome: Err(fault.clone()),
            },
        ];
        assert_eq!(
            conclusion(&all),
            Err(NoConclusion::Failed(Checker::ShuttlePct, fault))
        );
    }
}
