//! From a finding to a counterexample that explains itself.
//!
//! First the scenario is made as small as it gets, then the execution: see `smallest`. Then what separates it from
//! the executions that pass is worked out, on all of them where every state can be visited, else on a sample; the
//! trace says which.
//!
//! An execution that was found under a weak memory is repeated on the own runtime by letting its loads read what they
//! read when it was found. It is not made smaller, and compared with those under sequential consistency alone.

mod chart;
mod compared;
mod loops;
mod near;
mod orders;
mod passing;
mod rule;
mod sample;
mod smallest;
mod tally;
#[cfg(test)]
mod tests;
mod why;
mod words;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use logon_sim::{Replay, Schedule, counted};

use self::chart::{Chart, Way};
use self::compared::{compared, unexplained, with_stronger_memory};
use self::near::{Neighbour, Searched};
use self::work::Work;
use crate::checker::{Checker, Effort, Fault};
use crate::judge::{Kind, Property};
use crate::outcome::Finding;
use crate::scenario::Scenario;
use crate::shortest::{Search, shortest};
use crate::shrink::{Reduced, reduce};
use crate::stage::Subject;
use crate::trace::{Record, Recorded, Round, Trace, TracedViolation, record, record_round};

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
    /// How many scenarios are searched at most on the way to a smaller one.
    pub scenarios: usize,
    /// How much work is done for a rule that tells failing from passing executions exactly, and again for one that covers
    /// some of those that fail: a state together with how far the orders of a rule have come is one piece, and a set of
    /// orders is.
    pub rule_work: u64,
    /// How many rules of the same size are compared.
    pub rules: usize,
    /// How much work is done for the nearest passing execution: a state together with how much of the failing one is left
    /// as it is is one piece.
    pub near_work: u64,
    /// How many pairs of a state and the actors that have had their due are looked at to find the shortest loop.
    pub loop_pairs: usize,
}

impl Default for Diligence {
    fn default() -> Self {
        Diligence {
            states: 20_000,
            executions: 2_000,
            search: Search::default(),
            scenarios: 500,
            rule_work: 5_000_000,
            rules: 100,
            near_work: 1_000_000,
            loop_pairs: 200_000,
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
        if let Some(trace) = case.repeating(scenario)? {
            return Ok(trace);
        }
    }
    let reduced = case.smaller(scenario)?;
    if let Some(trace) = case.exactly(&reduced)? {
        return Ok(trace);
    }
    match case.by_sample(&reduced, as_found)? {
        Some(trace) => Ok(trace),
        None => case.unrepeated(scenario),
    }
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
    ) -> Result<Option<Record>, Fault> {
        let record = self.recorded(scenario, schedule, reads)?;
        Ok(record.trace.violation.is_some().then_some(record))
    }

    /// The execution that a schedule describes.
    fn recorded(
        &self,
        scenario: &Arc<Scenario>,
        schedule: &Schedule,
        reads: &BTreeMap<usize, u64>,
    ) -> Result<Record, Fault> {
        let mut replay = Replay::new(schedule).reading(reads.clone());
        let record = record(self.subject, scenario, &mut replay, self.checker.name());
        match &record.end {
            Recorded::Fault(fault) => Err(Fault::new(fault.to_string())),
            _ => Ok(record),
        }
    }

    /// What needs a weak memory.
    fn weak(&self, scenario: &Arc<Scenario>) -> Result<Option<Trace>, Fault> {
        let reads: BTreeMap<usize, u64> = self.finding.reads.iter().copied().collect();
        if reads.is_empty() {
            return Ok(None);
        }
        let Some(mut record) = self.replayed(scenario, &self.finding.schedule, &reads)? else {
            return Ok(None);
        };
        record.trace.needs_weak_memory = true;
        let smallest = "the execution that the checker found".to_owned();
        let trace = unexplained(record, scenario, smallest);
        let states = self.diligence.states;
        let Some(chart) = Chart::exhausted(self.subject, scenario, states)? else {
            return Ok(Some(trace));
        };
        let shared = chart.shared_way(&trace.schedule());
        let near = self.nearest(&chart, &shared, scenario)?;
        Ok(Some(with_stronger_memory(trace, near, &chart, &shared)))
    }

    /// The passing execution that is nearest to `way`, and the same written down.
    fn nearest(
        &self,
        chart: &Chart,
        way: &Way,
        scenario: &Arc<Scenario>,
    ) -> Result<Searched<(Neighbour, Trace)>, Fault> {
        let mut work = Work::of(self.diligence.near_work);
        Ok(match near::nearest(chart, way, &mut work) {
            Err(given_up) => Searched::GivenUp(given_up),
            Ok(None) => Searched::NonePasses,
            Ok(Some(near)) => {
                let schedule = chart.schedule(&near.way);
                let passing = self.recorded(scenario, &schedule, &BTreeMap::new())?;
                Searched::Found((near, passing.trace))
            }
        })
    }

    /// What falls only because the last steps repeat for ever, and so in none of them.
    fn repeating(&self, scenario: &Arc<Scenario>) -> Result<Option<Trace>, Fault> {
        let Some(from) = self.finding.repeats_from else {
            return Ok(None);
        };
        let reduced = self.smaller(scenario)?;
        let (states, property) = (self.diligence.states, &self.finding.property);
        let chart = Chart::exhausted(self.subject, &reduced.scenario, states)?;
        // In what is left it may fall in another way as well, and that is easier to read.
        if let Some(chart) = &chart
            && let Some(trace) = self.smallest_of(chart, &reduced)?
        {
            return Ok(Some(trace));
        }
        let scenario = &reduced.scenario;
        let pairs = self.diligence.loop_pairs;
        let found = match loops::shortest(self.subject, scenario, property, states, pairs)? {
            Some(found) => found,
            None => {
                let outcome = reduced.outcome.as_ref();
                let last = outcome.and_then(|outcome| outcome.finding.as_ref());
                let last = last.unwrap_or(self.finding);
                loops::Loop {
                    schedule: last.schedule.clone(),
                    from: last.repeats_from.unwrap_or(from),
                    not_shortest: Some(format!(
                        "there are more than {} where nothing is exchanged",
                        counted(states, "state")
                    )),
                }
            }
        };
        let round = Round {
            from: found.from,
            last: found.schedule.steps.len(),
            property,
        };
        let mut replay = Replay::new(&found.schedule);
        let record = record_round(
            self.subject,
            scenario,
            &mut replay,
            self.checker.name(),
            &round,
        );
        match &record.end {
            Recorded::Fault(fault) => return Err(Fault::new(fault.to_string())),
            _ if record.trace.violation.is_none() => return Ok(None),
            _ => {}
        }
        let near = match &chart {
            None => Searched::NonePasses,
            Some(chart) => {
                let way = chart.shared_way(&found.schedule);
                self.nearest(chart, &way, scenario)?
            }
        };
        let others = loops::Others {
            chart: chart.as_ref(),
            near,
            states,
        };
        Ok(Some(loops::explained(record, &found, others, &reduced)))
    }

    /// The execution that the own runtime can follow only so far: loom judges after the harness has closed the server,
    /// and the closing is no step of an actor.
    fn unrepeated(&self, scenario: &Arc<Scenario>) -> Result<Trace, Fault> {
        let closed = match self.checker {
            Checker::Loom => ", once the server was closed",
            _ => "",
        };
        let sentence = format!("{}{closed}", self.finding.sentence);
        let smallest = "the execution that the checker found".to_owned();
        let property = Property::named(&self.finding.property);
        let at_rest = property.is_some_and(|property| property.kind() == Kind::Rest);
        let record = self.with_violation(scenario, sentence, at_rest)?;
        Ok(unexplained(record, scenario, smallest))
    }

    /// The execution that was found, with a violation that no step of it shows.
    fn with_violation(
        &self,
        scenario: &Arc<Scenario>,
        sentence: String,
        at_rest: bool,
    ) -> Result<Record, Fault> {
        let mut record = self.recorded(scenario, &self.finding.schedule, &BTreeMap::new())?;
        record.trace.violation = Some(TracedViolation {
            property: self.finding.property.clone(),
            sentence,
            properties: self.finding.properties.clone(),
            at_rest,
            repeats_from: None,
        });
        Ok(record)
    }

    /// The scenario without what the violation does not need.
    fn smaller(&self, scenario: &Arc<Scenario>) -> Result<Reduced, Fault> {
        let effort = Effort {
            property: Some(self.finding.property.clone()),
            max_states: Some(self.diligence.states / 4),
            executions: self.diligence.executions,
            ..Effort::default()
        };
        reduce(self.subject, scenario, &effort, self.diligence.scenarios)
    }

    /// The smallest execution of all, compared with all others; `None` if there are too many states.
    fn exactly(&self, reduced: &Reduced) -> Result<Option<Trace>, Fault> {
        let (scenario, states) = (&reduced.scenario, self.diligence.states);
        let Some(chart) = Chart::exhausted(self.subject, scenario, states)? else {
            return Ok(None);
        };
        self.smallest_of(&chart, reduced)
    }

    /// The smallest execution of a sample, to which the short ones that can be found belong.
    fn by_sample(
        &self,
        reduced: &Reduced,
        as_found: Option<Record>,
    ) -> Result<Option<Trace>, Fault> {
        let scenario = &reduced.scenario;
        let properties = BTreeSet::from([self.finding.property.clone()]);
        let short = shortest(self.subject, scenario, &properties, self.diligence.search);
        let last = reduced.outcome.as_ref();
        let last = last.and_then(|outcome| outcome.finding.as_ref());
        let last = last.map(|finding| finding.schedule.clone());
        let as_found = as_found.filter(|_| reduced.taken.is_empty());
        let as_found = as_found.map(|record| record.trace.schedule());
        let schedules: Vec<Schedule> = short.into_iter().chain(last).chain(as_found).collect();
        let executions = self.diligence.executions;
        let chart = Chart::sampled(self.subject, scenario, executions, &schedules)?;
        self.smallest_of(&chart, reduced)
    }

    /// The smallest execution of `chart` that fails by the property that was found to fall, compared with all of the
    /// chart.
    fn smallest_of(&self, chart: &Chart, reduced: &Reduced) -> Result<Option<Trace>, Fault> {
        let falls = |number: u32| {
            let first = chart.failures[number as usize].first();
            first.is_some_and(|first| first.property.name() == self.finding.property)
        };
        let Some(way) = smallest::smallest(chart, &falls) else {
            return Ok(None);
        };
        let schedule = chart.schedule(&way);
        let record = self.replayed(&reduced.scenario, &schedule, &BTreeMap::new())?;
        record
            .map(|record| self.explained(record, chart, &way, reduced))
            .transpose()
    }

    /// The trace with everything that comparing it with the executions of `chart` tells.
    fn explained(
        &self,
        record: Record,
        chart: &Chart,
        way: &Way,
        reduced: &Reduced,
    ) -> Result<Trace, Fault> {
        let near = self.nearest(chart, way, &reduced.scenario)?;
        let diligence = &self.diligence;
        Ok(compared(record, near, chart, way, reduced, diligence))
    }
}
