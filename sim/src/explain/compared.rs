//! What is told of a failing execution: compared with others, or by itself.

use std::collections::BTreeSet;

use super::chart::{self, Chart, Fate, Way};
use super::near::{Neighbour, Place, ReasonNames, Searched};
use super::smallest::Smallest;
use super::why::choice::Decides;
use super::{Diligence, rule, since, stale, tally, why, words};
use crate::counted::counted;
use crate::instance::{Fallen, Instance};
use crate::orders::WordOrders;
use crate::reduce::Reduced;
use crate::simulation::Verdict;
use crate::trace::{Basis, Explanation, Record, Reduction, Trace, TracedStep};

/// The trace with everything that comparing it with the executions of `chart` tells. `near` is the nearest one that
/// passes, written down as well.
pub(super) fn compared<I: Instance>(
    record: Record<Verdict<I>, I::Fact>,
    near: Searched<(Neighbour, Trace)>,
    chart: &Chart,
    smallest: &Smallest,
    reduced: &Reduced<I>,
    diligence: &Diligence,
) -> Trace {
    let way = &smallest.way;
    let tally = tally::tally(chart);
    let end = way.last().map_or(0, |(_, edge)| edge.to);
    let fallen = |number: u32| &chart.failures[number as usize];
    let own = match chart.nodes[end as usize].fate {
        Some(Fate::Fails(number)) => Some(fallen(number)),
        _ => None,
    };
    let is_alike = |number: u32| own.is_some_and(|own| is_same(own, fallen(number)));
    let limits = limits(&near);
    let near = near.found();
    let passing = near.as_ref().map(|(near, _)| &near.way);
    let most = rule::Limits {
        work: diligence.rule_work,
        rules: diligence.rules,
    };
    let known = rule::rule(chart, way, passing, &is_alike, most);
    // Who reads a rule looks for its steps in this execution. One that names another step only helps to say why.
    let of_own_steps = match known.rule.names_another_step() {
        true => Some(rule::rule(chart, way, None, &is_alike, most)),
        false => None,
    };
    let alike = tally::tally_of(chart, &is_alike).map(|tally| tally.failing);
    let point = tally::point(chart, way);
    let decision = point.checked_sub(1).map_or(0, |step| way[step].1.to);
    let continuations = match chart.basis {
        chart::Basis::Exhausted => 0,
        chart::Basis::Sampled(_) => tally::ends_below(chart, decision),
    };
    // Those in which the same property is the first to fall.
    let is_likewise = |number| own.is_some_and(|own| own.property == fallen(number).property);
    let likewise = tally::tally_of(chart, &is_likewise).map(|tally| tally.failing);
    let words = words::Words {
        trace: &record.trace,
        chart,
        failing: way,
        tally,
    };
    let found = known;
    let known = words.rule(&found, diligence.rules);
    let rule = match &of_own_steps {
        Some(own) => words.rule(own, diligence.rules),
        None => known.clone(),
    };
    let rule = words.unless_it_covers_little(
        rule,
        of_own_steps.as_ref().unwrap_or(&found),
        diligence.rules,
        alike,
    );
    let stale = stale::stale(&reduced.instance, &record.trace);
    let since = match record.trace.fails_at_rest() {
        true => since::since(&reduced.instance, &record.trace),
        false => None,
    };
    let decides = near
        .as_ref()
        .and_then(|(near, passing)| decides(near, passing));
    let seen = why::Compared {
        rule: Some(&known),
        stale: &stale,
        since,
        decides: decides.as_ref(),
    };
    let why = why::why(&record, &reduced.instance, seen);
    let explanation = Explanation {
        why: why.sentence,
        conflict: why.steps,
        pairs: why.pairs,
        stale,
        basis: basis(chart, tally),
        point: Some(words.point(point, continuations)),
        near: near.map(|(near, passing)| words.near(&near, &passing)),
        smallest: words.smallest(likewise, smallest.longer),
        rule: Some(rule),
        reduction: reduction(reduced),
        limits,
    };
    Trace {
        explanation: Some(explanation),
        notes: notes(&record),
        ..record.trace
    }
}

/// What the reason names, if the passing execution beside the trace moves a step of a bystander, or moves a step to one
/// of a bystander.
pub(super) fn beside_the_point(trace: &Trace, chart: &Chart) -> Option<ReasonNames> {
    let explanation = trace.explanation.as_ref()?;
    let actor = |step: usize| trace.steps[step - 1].actor.as_str();
    let named = explanation.conflict.iter().map(|&step| actor(step));
    let named: BTreeSet<&str> = named.collect();
    let mut moves = explanation.near.as_ref()?.moves.iter();
    let is_beside = moves.any(|moved| {
        let steps = [Some(moved.step), moved.after, moved.before];
        let mut steps = steps.into_iter().flatten();
        steps.any(|step| !named.contains(actor(step)))
    });
    let others = chart.actors.iter().enumerate();
    let others = others.filter(|(_, name)| !named.contains(name.as_str()));
    let pairs = explanation.pairs.iter();
    (is_beside && !named.is_empty()).then(|| ReasonNames {
        bystanders: others.map(|(number, _)| chart::short(number)).collect(),
        pairs: pairs.map(|(first, then)| (first - 1, then - 1)).collect(),
    })
}

/// An actor of whose steps the reason names none, and of which the passing execution beside the trace moves one all the
/// same: nothing passes that leaves it alone.
fn moved_bystander(trace: &Trace) -> Option<String> {
    let explanation = trace.explanation.as_ref()?;
    let actor = |step: usize| trace.steps[step - 1].actor.as_str();
    let is_named = |name: &str| explanation.conflict.iter().any(|&step| actor(step) == name);
    let moves = explanation.near.as_ref()?.moves.iter();
    let mut actors = moves.map(|moved| actor(moved.step));
    actors.find(|name| !is_named(name)).map(str::to_owned)
}

/// The trace with another passing execution beside it, if that was found.
pub(super) fn with_near(
    mut trace: Trace,
    near: Searched<(Neighbour, Trace)>,
    chart: &Chart,
    failing: &Way,
) -> Trace {
    let limits = limits(&near);
    let words = words::Words {
        trace: &trace,
        chart,
        failing,
        tally: None,
    };
    let near = near
        .found()
        .map(|(near, passing)| words.near(&near, &passing));
    if let Some(explanation) = &mut trace.explanation {
        explanation.near = near.or(explanation.near.take());
        explanation.limits.extend(limits);
    }
    let bystander = moved_bystander(&trace);
    let explanation = trace.explanation.as_mut();
    if let Some(near) = explanation.and_then(|explanation| explanation.near.as_mut())
        && let Some(bystander) = bystander
    {
        near.sentence = format!("{}; why names no step of {bystander}", near.sentence);
    }
    trace
}

/// The step of the failing execution that chooses otherwise in this passing one, if no step moves in it.
fn decides(near: &Neighbour, passing: &Trace) -> Option<Decides> {
    let mut decides = None;
    for moved in &near.moved {
        match moved.to {
            Place::After(_) | Place::Before(_) => return None,
            Place::Nowhere => {}
            Place::Otherwise(_) if decides.is_some() => return None,
            Place::Otherwise(place) => {
                decides = Some(Decides {
                    step: moved.step + 1,
                    instead: passing.steps.get(place).and_then(TracedStep::choice),
                });
            }
        }
    }
    decides
}

/// Whether two failures are the same one.
fn is_same(one: &Fallen, other: &Fallen) -> bool {
    one.property == other.property && one.sentence == other.sentence
}

/// What was taken away from the instance; `None` for one that does not say what could be.
pub(super) fn reduction<I>(reduced: &Reduced<I>) -> Option<Reduction> {
    let has_smaller =
        !reduced.taken.is_empty() || !reduced.attempts.is_empty() || reduced.given_up.is_some();
    has_smaller.then(|| Reduction {
        taken: reduced.taken.clone(),
        searches: reduced.searched,
        sampled: reduced.sampled,
        given_up: reduced.given_up,
    })
}

/// The limit on work that was reached on the way to a passing execution, if it was.
pub(super) fn limits<T>(near: &Searched<T>) -> Vec<String> {
    let near = match near {
        Searched::GivenUp(given_up) => Some(format!(
            "near: the search for a passing execution was given up after {} of work",
            counted(given_up.after, "piece")
        )),
        Searched::Found(_) | Searched::NonePasses => None,
    };
    near.into_iter().collect()
}

/// What whoever reads an explanation must know of the words that are used.
fn notes<V, F>(record: &Record<V, F>) -> Vec<String> {
    let mut orders = WordOrders::default();
    let used = record.orders.iter().flatten();
    used.for_each(|&order| orders.note(order));
    let weak = WordOrders {
        seq_cst: false,
        ..orders
    };
    let note = match record.trace.needs_weak_memory {
        true => orders.seq_cst.then(|| {
            "words are used with SeqCst, which loom 0.7.3 takes for acquire-release: it may be a false alarm"
                .to_owned()
        }),
        false => weak.are_weak().then(|| {
            format!(
                "words are used with orders weaker than SeqCst ({weak}), and this was compared with executions under \
                 sequential consistency alone"
            )
        }),
    };
    note.into_iter().collect()
}

/// The trace of an execution that needs a weak memory, with what comparing it with all that do not tells. `near` is the
/// one that has most of its steps and passes.
pub(super) fn with_stronger_memory(
    mut trace: Trace,
    near: Searched<(Neighbour, Trace)>,
    chart: &Chart,
    shared: &Way,
) -> Trace {
    let Some(mut explanation) = trace.explanation.take() else {
        return trace;
    };
    let tally = tally::tally(chart);
    let words = words::Words {
        trace: &trace,
        chart,
        failing: shared,
        tally,
    };
    // If some fail like this without a weak memory, the order of steps matters as well.
    let none_fails = tally.is_some_and(|tally| tally.failing == 0);
    if let Some(&stale) = explanation.conflict.last()
        && none_fails
    {
        explanation.basis = basis(chart, tally);
        explanation.rule = Some(words.no_order(stale));
        explanation.near = near
            .found()
            .filter(|(near, _)| near.moved.is_empty() && near.kept.contains(&Some(stale - 1)))
            .map(|(near, passing)| words.otherwise_read(&near, &passing, stale));
    }
    trace.explanation = Some(explanation);
    trace
}

fn basis(chart: &Chart, tally: Option<tally::Tally>) -> Basis {
    let is_exhausted = chart.basis == chart::Basis::Exhausted;
    Basis {
        exhausted: is_exhausted,
        states: is_exhausted.then_some(chart.nodes.len() as u64),
        failing: tally.map(|tally| tally.failing.to_string()),
        passing: tally.map(|tally| tally.passing.to_string()),
    }
}

/// The trace with what it tells by itself.
pub(super) fn unexplained<I: Instance>(
    record: Record<Verdict<I>, I::Fact>,
    instance: &I,
    smallest: String,
) -> Trace {
    let why = why::why(&record, instance, why::Compared::default());
    let explanation = Explanation {
        why: why.sentence,
        conflict: why.steps,
        pairs: why.pairs,
        stale: Vec::new(),
        basis: Basis {
            exhausted: false,
            states: None,
            failing: None,
            passing: None,
        },
        rule: None,
        point: None,
        near: None,
        smallest,
        reduction: None,
        limits: Vec::new(),
    };
    Trace {
        explanation: Some(explanation),
        notes: notes(&record),
        ..record.trace
    }
}
