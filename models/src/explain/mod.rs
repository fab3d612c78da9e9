//! From a finding to a counterexample that explains itself.
//!
//! First the scenario is made as small as it gets, then the execution: see `smallest`. Then what separates it from
//! the executions that pass is worked out, on all of them where every state can be visited, else on a sample; the
//! trace says which.
//!
//! An execution that was found under a weak memory is repeated on the own runtime by letting its loads read what they
//! read when it was found; it is neither made smaller nor compared with others.

mod chart;
mod near;
mod orders;
mod rule;
mod smallest;
mod tally;
mod why;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use logon_sim::{Replay, Schedule};

use self::chart::{Chart, Fate, Way};
use crate::checker::{Checker, Effort, Fault};
use crate::outcome::Finding;
use crate::scenario::Scenario;
use crate::shortest::{Search, shortest};
use crate::shrink::{Reduced, reduce};
use crate::stage::Subject;
use crate::trace::{Basis, Explanation, Recorded, Trace, TracedViolation, record};

/// How much is done to explain a finding.
#[derive(Clone, Copy, Debug)]
pub struct Diligence {
    /// How many states are visited at most, without symmetry, to compare the execution with all others; for each
    /// attempt to make the scenario smaller a quarter of them.
    pub states: u64,
    /// How many executions a sample has where those are not all states.
    pub executions: u64,
    /// How far a short execution is looked for there.
    pub search: Search,
}

impl Default for Diligence {
    fn default() -> Self {
        Diligence {
            states: 20_000,
            executions: 2_000,
            search: Search::default(),
        }
    }
}

/// The trace of a finding: the smallest execution that shows it, in the smallest scenario, with its explanation.
///
/// # Errors
///
/// [`Fault`] when the subject faults.
pub fn explain<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    finding: &Finding,
    checker: Checker,
    diligence: Diligence,
) -> Result<Trace, Fault> {
    let case = Case {
        subject,
        finding,
        checker,
        diligence,
    };
    let as_found = case.replayed(scenario, &finding.schedule, &BTreeMap::new())?;
    if as_found.is_none() {
        if let Some(trace) = case.weak(scenario)? {
            return Ok(trace);
        }
        if let Some(trace) = case.repeating(scenario) {
            return Ok(trace);
        }
    }
    let Reduced {
        scenario, taken, ..
    } = case.smaller(scenario)?;
    if let Some(trace) = case.exactly(&scenario, &taken)? {
        return Ok(trace);
    }
    case.by_sample(&scenario, &taken, as_found)
}

/// A finding to be explained.
struct Case<'a, S> {
    subject: &'a S,
    finding: &'a Finding,
    checker: Checker,
    diligence: Diligence,
}

impl<S: Subject> Case<'_, S> {
    /// The execution that a schedule describes, if something falls in it.
    fn replayed(
        &self,
        scenario: &Arc<Scenario>,
        schedule: &Schedule,
        reads: &BTreeMap<usize, u64>,
    ) -> Result<Option<Trace>, Fault> {
        let mut replay = Replay::new(schedule).reading(reads.clone());
        let (trace, recorded) = record(self.subject, scenario, &mut replay, self.checker.name());
        match recorded {
            Recorded::Fault(fault) => Err(Fault::new(fault.to_string())),
            _ => Ok(trace.violation.is_some().then_some(trace)),
        }
    }

    /// What needs a weak memory.
    fn weak(&self, scenario: &Arc<Scenario>) -> Result<Option<Trace>, Fault> {
        let reads: BTreeMap<usize, u64> = self.finding.reads.iter().copied().collect();
        if reads.is_empty() {
            return Ok(None);
        }
        let trace = self.replayed(scenario, &self.finding.schedule, &reads)?;
        Ok(trace.map(|trace| {
            let trace = Trace {
                needs_weak_memory: true,
                ..trace
            };
            let smallest = "the execution that the checker found".to_owned();
            unexplained(trace, smallest)
        }))
    }

    /// What falls only if the last steps are repeated for ever, and so in none of them.
    fn repeating(&self, scenario: &Arc<Scenario>) -> Option<Trace> {
        let goes_round = self.checker.visits_states();
        goes_round.then(|| {
            let sentence = self.finding.sentence.clone();
            let smallest = "the execution that the checker found; its last steps repeat for ever";
            unexplained(self.with_violation(scenario, sentence), smallest.to_owned())
        })
    }

    /// The execution that the own runtime can follow only so far: loom judges after the harness has closed the server,
    /// and the closing is no step of an actor.
    fn unrepeated(&self, scenario: &Arc<Scenario>) -> Trace {
        let sentence = format!("{}, once the server was closed", self.finding.sentence);
        let smallest = "the execution that the checker found".to_owned();
        unexplained(self.with_violation(scenario, sentence), smallest)
    }

    fn with_violation(&self, scenario: &Arc<Scenario>, sentence: String) -> Trace {
        let mut replay = Replay::new(&self.finding.schedule);
        let (trace, _) = record(self.subject, scenario, &mut replay, self.checker.name());
        let violation = TracedViolation {
            property: self.finding.property.clone(),
            sentence,
            properties: self.finding.properties.clone(),
        };
        Trace {
            violation: Some(violation),
            ..trace
        }
    }

    /// The scenario without what the violation does not need.
    fn smaller(&self, scenario: &Arc<Scenario>) -> Result<Reduced, Fault> {
        let effort = Effort {
            property: Some(self.finding.property.clone()),
            max_states: Some(self.diligence.states / 4),
            executions: self.diligence.executions,
            ..Effort::default()
        };
        reduce(self.subject, scenario, &effort)
    }

    /// The smallest execution of all, compared with all others; `None` if there are too many states.
    fn exactly(&self, scenario: &Arc<Scenario>, taken: &[String]) -> Result<Option<Trace>, Fault> {
        let states = self.diligence.states;
        let Some(chart) = Chart::exhausted(self.subject, scenario, states)? else {
            return Ok(None);
        };
        let falls = |number: u32| {
            let first = chart.failures[number as usize].first();
            first.is_some_and(|first| first.property.name() == self.finding.property)
        };
        let Some(way) = smallest::smallest(&chart, &falls) else {
            return Ok(None);
        };
        let trace = self.replayed(scenario, &chart.schedule(&way), &BTreeMap::new())?;
        Ok(trace.map(|trace| explained(trace, &chart, &way, taken)))
    }

    /// A short execution, compared with a sample of others.
    fn by_sample(
        &self,
        scenario: &Arc<Scenario>,
        taken: &[String],
        as_found: Option<Trace>,
    ) -> Result<Trace, Fault> {
        let properties = BTreeSet::from([self.finding.property.clone()]);
        let short = match shortest(self.subject, scenario, &properties, self.diligence.search) {
            Some(schedule) => self.replayed(scenario, &schedule, &BTreeMap::new())?,
            None => None,
        };
        let size = |trace: &Trace| (trace.preemptions, trace.steps.len());
        let as_found = as_found.filter(|trace| trace.scenario.toml == scenario.to_toml());
        let trace = match (short, as_found) {
            (Some(short), Some(as_found)) if size(&short) > size(&as_found) => as_found,
            (Some(trace), _) | (None, Some(trace)) => trace,
            (None, None) => return Ok(self.unrepeated(scenario)),
        };
        let (schedule, executions) = (trace.schedule(), self.diligence.executions);
        let chart = Chart::sampled(self.subject, scenario, executions, &[&schedule])?;
        Ok(match chart.way(&schedule) {
            Some(way) => explained(trace, &chart, &way, taken),
            None => unexplained(
                trace,
                "the shortest of those that were looked at".to_owned(),
            ),
        })
    }
}

/// The trace with everything that comparing it with other executions tells.
fn explained(mut trace: Trace, chart: &Chart, way: &Way, taken: &[String]) -> Trace {
    let tally = tally::tally(chart);
    let end = way.last().map_or(0, |(_, edge)| edge.to);
    let first_of = |number: u32| chart.failures[number as usize].first();
    let own = match chart.nodes[end as usize].fate {
        Some(Fate::Fails(number)) => first_of(number),
        _ => None,
    };
    let near = near::nearest(chart, way);
    let passing = near.as_ref().map(|near| &near.way);
    let rule = rule::rule(chart, way, passing, &|number| first_of(number) == own);
    let may_pass = tally::may_pass(chart);
    let decided = way.iter().position(|(_, edge)| !may_pass[edge.to as usize]);
    let point = match may_pass[0] {
        false => 0,
        true => decided.map_or(way.len(), |index| index + 1),
    };
    let decision = point.checked_sub(1).map_or(0, |step| way[step].1.to);
    let continuations = match chart.basis {
        chart::Basis::Exhausted => 0,
        chart::Basis::Sampled(_) => tally::ends_below(chart, decision),
    };
    let words = words::Words {
        trace: &trace,
        chart,
        tally,
    };
    let rule = words.rule(&rule);
    let (why, conflict) = why::why(&trace, &rule.orders);
    let explanation = Explanation {
        why,
        conflict,
        basis: Basis {
            exhausted: chart.basis == chart::Basis::Exhausted,
            states: (chart.basis == chart::Basis::Exhausted).then_some(chart.nodes.len() as u64),
            failing: tally.map(|tally| tally.failing.to_string()),
            passing: tally.map(|tally| tally.passing.to_string()),
        },
        point: Some(words.point(point, continuations)),
        near: near.map(|near| words.near(&near)),
        smallest: words.smallest(),
        rule: Some(rule),
        taken: taken.to_vec(),
    };
    trace.explanation = Some(explanation);
    trace
}

/// The trace with what it tells by itself.
fn unexplained(mut trace: Trace, smallest: String) -> Trace {
    let (why, conflict) = why::why(&trace, &[]);
    trace.explanation = Some(Explanation {
        why,
        conflict,
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
        taken: Vec::new(),
    });
    trace
}
