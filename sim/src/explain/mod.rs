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
pub mod fix;
mod loops;
mod near;
mod orders;
mod passing;
mod rule;
mod sample;
mod since;
mod smallest;
mod stale;
mod tally;
#[cfg(test)]
mod tests;
pub mod why;
mod words;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use self::chart::{Chart, Way};
use self::compared::{beside_the_point, compared, unexplained, with_near, with_stronger_memory};
use self::near::{Neighbour, ReasonNames, Searched};
use self::smallest::{Smallest, smallest};
use self::work::Work;
use crate::counted::counted;
use crate::fault::Fault;
use crate::finding::Finding;
use crate::instance::Instance;
use crate::reduce::{Reduced, Trial, reduce};
use crate::schedule::Schedule;
use crate::scheduler::Replay;
use crate::shortest::{ShortSearch, shortest};
use crate::simulation::Verdict;
use crate::space::Search;
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
    pub search: ShortSearch,
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
            search: ShortSearch::default(),
            scenarios: 500,
            rule_work: 5_000_000,
            rules: 100,
            near_work: 1_000_000,
            loop_pairs: 200_000,
        }
    }
}

/// Who found an execution, for the trace of it.
#[derive(Clone, Copy, Debug)]
pub struct Finder<'a> {
    /// The name of the checker.
    pub name: &'a str,
    /// What it did to the program after the last step that the own runtime can repeat, as the end of a sentence: nothing
    /// if it is empty.
    pub afterwards: &'a str,
}

/// The trace of a finding: the smallest execution that shows it, in the smallest instance, with its explanation.
///
/// # Errors
///
/// [`Fault`] when the program faults.
pub fn explain<I: Instance>(
    instance: &I,
    finding: &Finding,
    finder: Finder<'_>,
    diligence: Diligence,
) -> Result<Trace, Box<Fault>> {
    let case = Case {
        instance,
        finding,
        finder,
        diligence,
    };
    let as_found = case.replayed(instance, &finding.schedule, &BTreeMap::new())?;
    if as_found.is_none() {
        if let Some(trace) = case.weak()? {
            return Ok(trace);
        }
        if let Some(trace) = case.repeating()? {
            return Ok(trace);
        }
    }
    let reduced = case.smaller()?;
    if let Some(trace) = case.exactly(&reduced)? {
        return Ok(trace);
    }
    match case.by_sample(&reduced, as_found)? {
        Some(trace) => Ok(trace),
        None => case.unrepeated(),
    }
}

/// A recorded execution of an instance.
type RecordOf<I> = Record<Verdict<I>, <I as Instance>::Fact>;

/// A finding to be explained.
struct Case<'a, I> {
    instance: &'a I,
    finding: &'a Finding,
    finder: Finder<'a>,
    diligence: Diligence,
}

impl<I: Instance> Case<'_, I> {
    /// The execution that a schedule describes, if something falls in it.
    fn replayed(
        &self,
        instance: &I,
        schedule: &Schedule,
        reads: &BTreeMap<usize, u64>,
    ) -> Result<Option<RecordOf<I>>, Box<Fault>> {
        let record = self.recorded(instance, schedule, reads)?;
        Ok(record.trace.violation.is_some().then_some(record))
    }

    /// The execution that a schedule describes.
    fn recorded(
        &self,
        instance: &I,
        schedule: &Schedule,
        reads: &BTreeMap<usize, u64>,
    ) -> Result<RecordOf<I>, Box<Fault>> {
        let mut replay = Replay::new(schedule).reading(reads.clone());
        let record = record(instance, &mut replay, self.finder.name);
        match &record.end {
            Recorded::Fault(fault) => Err(Box::new(fault.clone())),
            _ => Ok(record),
        }
    }

    /// What needs a weak memory.
    fn weak(&self) -> Result<Option<Trace>, Box<Fault>> {
        let instance = self.instance;
        let reads: BTreeMap<usize, u64> = self.finding.reads.iter().copied().collect();
        if reads.is_empty() {
            return Ok(None);
        }
        let Some(mut record) = self.replayed(instance, &self.finding.schedule, &reads)? else {
            return Ok(None);
        };
        record.trace.needs_weak_memory = true;
        let smallest = "the execution that the checker found".to_owned();
        let trace = unexplained(record, self.instance, smallest);
        let states = self.diligence.states;
        let Some(chart) = Chart::exhausted(instance, states)? else {
            return Ok(Some(trace));
        };
        let shared = chart.shared_way(&trace.schedule());
        let near = self.nearest(&chart, &shared, instance, &ReasonNames::default())?;
        Ok(Some(with_stronger_memory(trace, near, &chart, &shared)))
    }

    /// The passing execution that is nearest to `way`, given what the reason names, if that is known, and the same
    /// written down.
    fn nearest(
        &self,
        chart: &Chart,
        way: &Way,
        instance: &I,
        named: &ReasonNames,
    ) -> Result<Searched<(Neighbour, Trace)>, Box<Fault>> {
        let mut work = Work::of(self.diligence.near_work);
        Ok(match near::nearest(chart, way, named, &mut work) {
            Err(given_up) => Searched::GivenUp(given_up),
            Ok(None) => Searched::NonePasses,
            Ok(Some(near)) => {
                let schedule = chart.schedule(&near.way);
                let passing = self.recorded(instance, &schedule, &BTreeMap::new())?;
                Searched::Found((near, passing.trace))
            }
        })
    }

    /// What falls only because the last steps repeat for ever, and so in none of them.
    fn repeating(&self) -> Result<Option<Trace>, Box<Fault>> {
        let Some(from) = self.finding.repeats_from else {
            return Ok(None);
        };
        let reduced = self.smaller()?;
        let (states, property) = (self.diligence.states, &self.finding.property);
        let instance = &reduced.instance;
        let chart = Chart::exhausted(instance, states)?;
        // In what is left it may fall in another way as well, and that is easier to read.
        if let Some(chart) = &chart
            && let Some(trace) = self.smallest_of(chart, &reduced)?
        {
            return Ok(Some(trace));
        }
        let pairs = self.diligence.loop_pairs;
        let found = match loops::shortest(instance, property, states, pairs)? {
            Some(found) => found,
            None => {
                let last = reduced.finding.as_ref().unwrap_or(self.finding);
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
        let record = record_round(instance, &mut replay, self.finder.name, &round);
        match &record.end {
            Recorded::Fault(fault) => return Err(Box::new(fault.clone())),
            _ if record.trace.violation.is_none() => return Ok(None),
            _ => {}
        }
        let near = match &chart {
            None => Searched::NonePasses,
            Some(chart) => {
                let way = chart.shared_way(&found.schedule);
                self.nearest(chart, &way, instance, &ReasonNames::default())?
            }
        };
        let others = loops::Others {
            chart: chart.as_ref(),
            near,
            states,
        };
        Ok(Some(loops::explained(record, &found, others, &reduced)))
    }

    /// The execution that the own runtime can follow only so far: a harness may judge after something that is no step
    /// of an actor.
    fn unrepeated(&self) -> Result<Trace, Box<Fault>> {
        let sentence = format!("{}{}", self.finding.sentence, self.finder.afterwards);
        let smallest = "the execution that the checker found".to_owned();
        let at_rest = self.instance.falls_at_rest(&self.finding.property);
        let record = self.with_violation(sentence, at_rest)?;
        Ok(unexplained(record, self.instance, smallest))
    }

    /// The execution that was found, with a violation that no step of it shows.
    fn with_violation(&self, sentence: String, at_rest: bool) -> Result<RecordOf<I>, Box<Fault>> {
        let mut record = self.recorded(self.instance, &self.finding.schedule, &BTreeMap::new())?;
        record.trace.violation = Some(TracedViolation {
            property: self.finding.property.clone(),
            sentence,
            properties: self.finding.properties.clone(),
            at_rest,
            repeats_from: None,
        });
        Ok(record)
    }

    /// The instance without what the violation does not need.
    fn smaller(&self) -> Result<Reduced<I>, Box<Fault>> {
        let trial = Trial {
            property: self.finding.property.clone(),
            only: true,
            search: Search {
                max_states: Some(self.diligence.states / 4),
                ..Search::with_few_looks()
            },
            merges: true,
            seconds: None,
            sample: Some(self.diligence.executions),
            most: Some(self.diligence.scenarios),
        };
        reduce(self.instance, &trial, &mut |_| {})
    }

    /// The smallest execution of all, compared with all others; `None` if there are too many states.
    fn exactly(&self, reduced: &Reduced<I>) -> Result<Option<Trace>, Box<Fault>> {
        let Some(chart) = Chart::exhausted(&reduced.instance, self.diligence.states)? else {
            return Ok(None);
        };
        self.smallest_of(&chart, reduced)
    }

    /// The smallest execution of a sample, to which the short ones that can be found belong.
    fn by_sample(
        &self,
        reduced: &Reduced<I>,
        as_found: Option<RecordOf<I>>,
    ) -> Result<Option<Trace>, Box<Fault>> {
        let instance = &reduced.instance;
        let properties = BTreeSet::from([self.finding.property.clone()]);
        let short = shortest(instance, &properties, self.diligence.search);
        let last = reduced.finding.as_ref();
        let last = last.map(|finding| finding.schedule.clone());
        let as_found = as_found.filter(|_| reduced.taken.is_empty());
        let as_found = as_found.map(|record| record.trace.schedule());
        let schedules: Vec<Schedule> = short.into_iter().chain(last).chain(as_found).collect();
        let executions = self.diligence.executions;
        let chart = Chart::sampled(instance, executions, &schedules)?;
        self.smallest_of(&chart, reduced)
    }

    /// The smallest execution of `chart` that fails by the property that was found to fall, compared with all of the
    /// chart.
    fn smallest_of(
        &self,
        chart: &Chart,
        reduced: &Reduced<I>,
    ) -> Result<Option<Trace>, Box<Fault>> {
        let falls = |number: u32| chart.failures[number as usize].property == self.finding.property;
        let Some(smallest) = smallest(chart, &falls) else {
            return Ok(None);
        };
        let schedule = chart.schedule(&smallest.way);
        let record = self.replayed(&reduced.instance, &schedule, &BTreeMap::new())?;
        record
            .map(|record| self.explained(record, chart, &smallest, reduced))
            .transpose()
    }

    /// The trace with everything that comparing it with the executions of `chart` tells.
    fn explained(
        &self,
        record: RecordOf<I>,
        chart: &Chart,
        smallest: &Smallest,
        reduced: &Reduced<I>,
    ) -> Result<Trace, Box<Fault>> {
        let (way, instance) = (&smallest.way, &reduced.instance);
        let near = self.nearest(chart, way, instance, &ReasonNames::default())?;
        let trace = compared(record, near, chart, smallest, reduced, &self.diligence);
        let Some(named) = beside_the_point(&trace, chart) else {
            return Ok(trace);
        };
        let near = self.nearest(chart, way, instance, &named)?;
        Ok(with_near(trace, near, chart, way))
    }
}
