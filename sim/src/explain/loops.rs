//! What falls only because steps repeat for ever: the shortest way into the loop and around it, and what can be said of
//! an execution that never ends.
//!
//! An order of two steps tells executions apart by how they end, so there is no rule for one that does not. Whether it
//! can still come to an end that passes is a question about states, and so is the nearest execution that does.

use std::ops::ControlFlow;

use super::chart::Chart;
use super::compared::{limits, reduction};
use super::near::{Neighbour, Searched};
use super::tally;
use super::why;
use super::words::Words;
use crate::counted::counted;
use crate::fault::Fault;
use crate::instance::Instance;
use crate::reduce::Reduced;
use crate::schedule::Schedule;
use crate::simulation::Verdict;
use crate::space::{Search, SpaceEnd, Symmetry, Violation};
use crate::trace::{self, Basis, Explanation, Reach, Record, Trace};

/// Steps that repeat for ever, and those that lead to them.
pub(super) struct Loop {
    pub(super) schedule: Schedule,
    /// The number of the first step that repeats.
    pub(super) from: usize,
    /// Why it is not known to be the shortest, unless it is.
    pub(super) not_shortest: Option<String>,
}

/// The shortest loop because of which `property` falls, in a search that exchanges nothing; `None` if there are more than
/// `states` states. At most `pairs` pairs of a state and the actors that have had their due are looked at.
pub(super) fn shortest<I: Instance>(
    instance: &I,
    property: &str,
    states: u64,
    pairs: usize,
) -> Result<Option<Loop>, Box<Fault>> {
    let search = Search {
        symmetry: instance.symmetry().map(Symmetry::without_exchange),
        max_states: Some(states),
        max_loop_pairs: pairs,
        ..Search::default()
    };
    let counts = |verdict: &Verdict<I>| instance.fallen(verdict).property == property;
    let space = search.run_while(instance, &counts, &mut |_| ControlFlow::Continue(()));
    let evidence = match space.end {
        SpaceEnd::Violated(evidence) => evidence,
        SpaceEnd::Fault(fault) => return Err(Box::new(fault)),
        SpaceEnd::Complete | SpaceEnd::Limit(_) => return Ok(None),
    };
    let Violation::Cycle { loop_from } = evidence.violation else {
        return Ok(None);
    };
    let limit = format!(
        "the search for a shorter one was given up after {} of a state and the actors that have had their due",
        counted(pairs as u64, "pair")
    );
    Ok(Some(Loop {
        schedule: Schedule::from_execution(&evidence.execution),
        from: loop_from,
        not_shortest: (!evidence.is_shortest).then_some(limit),
    }))
}

/// What an execution that goes round is compared with.
pub(super) struct Others<'a> {
    /// All executions, if every state could be visited.
    pub(super) chart: Option<&'a Chart>,
    /// The nearest that comes to an end and passes.
    pub(super) near: Searched<(Neighbour, Trace)>,
    /// How many states were visited at most.
    pub(super) states: u64,
}

/// The trace of an execution that goes round, with what can be said of it.
pub(super) fn explained<I: Instance>(
    record: Record<Verdict<I>, I::Fact>,
    found: &Loop,
    others: Others<'_>,
    reduced: &Reduced<I>,
) -> Trace {
    let (from, last) = (found.from, record.trace.steps.len());
    let round = match last - from {
        0 => format!("step {from} repeats"),
        1 => format!("steps {from} and {last} repeat"),
        _ => format!("steps {from} to {last} repeat"),
    };
    let none = format!(
        "none: {round} for ever, and orders of two steps only tell executions apart that come to an end"
    );
    let way = others
        .chart
        .map(|chart| chart.shared_way(&record.trace.schedule()));
    let compared = others.chart.zip(way.as_ref());
    let compared = compared.filter(|(_, way)| way.len() == last);
    let (point, left) = match compared {
        None => (
            None,
            format!(
                "; compared with no other execution, for there are more than {} where nothing is exchanged",
                counted(others.states, "state")
            ),
        ),
        Some((chart, way)) => {
            let all = format!(
                "; looked at all {}",
                counted(chart.nodes.len() as u64, "state")
            );
            match tally::end_missed(chart, way) {
                Some(step) => {
                    let begins = match step {
                        0 => "the beginning".to_owned(),
                        _ => format!("step {step}"),
                    };
                    let sentence = format!(
                        "{begins}: from here no continuation comes to an end at which every property holds"
                    );
                    (Some(trace::Point { step, sentence }), all)
                }
                None => (
                    None,
                    format!(
                        "; the loop can be left after every round, and it fails only if it never is{all}"
                    ),
                ),
            }
        }
    };
    let limits = limits(&others.near);
    let words = compared.map(|(chart, failing)| Words {
        trace: &record.trace,
        chart,
        failing,
        tally: None,
    });
    let near = match (words, others.near) {
        (Some(words), Searched::Found((near, passing))) => Some(words.near(&near, &passing)),
        _ => None,
    };
    let why = why::why(&record, &reduced.instance, why::Compared::default());
    let explanation = Explanation {
        why: why.sentence,
        conflict: why.steps,
        pairs: why.pairs,
        stale: Vec::new(),
        basis: Basis {
            exhausted: compared.is_some(),
            states: compared.map(|(chart, _)| chart.nodes.len() as u64),
            failing: None,
            passing: None,
        },
        rule: Some(trace::Rule {
            reach: Reach::Nothing,
            orders: Vec::new(),
            sentence: format!("{none}{left}"),
        }),
        point,
        near,
        smallest: smallest(&record.trace, found),
        reduction: reduction(reduced),
        limits,
    };
    Trace {
        explanation: Some(explanation),
        ..record.trace
    }
}

fn smallest(trace: &Trace, found: &Loop) -> String {
    let before = found.from - 1;
    let round = trace.steps.len() - before;
    let size = format!(
        "{}, {}: {before} to come to the loop and {round} around it",
        counted(trace.steps.len() as u64, "step"),
        counted(trace.preemptions.unwrap_or(0) as u64, "preemption"),
    );
    match &found.not_shortest {
        None => format!("{size}, the fewest there are"),
        Some(reason) => format!("{size}, not known to be the fewest: {reason}"),
    }
}
