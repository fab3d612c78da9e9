//! Whether a change of the program holds: a recorded execution is followed with the changed program as far as it goes, and
//! then every way on from there is looked at.
//!
//! A recorded step says whose turn it is. Where the changed program does something else in that turn, that is its turn all
//! the same, so the actors come in the recorded order also where steps have other labels or were put together. A turn of an
//! actor that cannot go on is left out. What comes after the last recorded step is open, and there every continuation is
//! looked at, in the graph of all executions.

use std::collections::{BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::path::Path;

use super::chart::{Chart, Edge, Fate, Way, actors_of};
use super::compared::unexplained;
use crate::fault::{Fault, FaultKind, general_fault};
use crate::instance::Instance;
use crate::observed::explore;
use crate::schedule::{Schedule, ScheduledStep};
use crate::scheduler::{Choice, Ending, Point, RandomWalk, Replay, Scheduler};
use crate::simulation::{Limits, Verdict};
use crate::space::{Search, SpaceEnd, Violation};
use crate::step::{ActorId, Turn};
use crate::trace::{Recorded, Trace, record};

/// How far a change is looked at.
#[derive(Clone, Copy, Debug)]
pub struct FixLimits {
    /// How many states are visited at most, nothing exchanged.
    pub states: u64,
    /// How many executions go on at random from where the recorded one ends, if there are more states.
    pub executions: u64,
}

impl Default for FixLimits {
    fn default() -> Self {
        FixLimits {
            states: 100_000,
            executions: 1_000,
        }
    }
}

/// A turn of the recorded execution in which the changed program does something else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OtherTurn {
    /// The number of the recorded step, from 1.
    pub recorded: usize,
    /// What its actor does there now; `None` if it cannot go on, and the turn is left out.
    pub now: Option<String>,
}

/// What is known of a change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fixed {
    /// Nothing falls in what could be followed, nor in any execution that goes on from there, which takes no more than so
    /// many states.
    Survives {
        /// How many states follow.
        states: u64,
        /// Whether nothing falls in any other execution of the same input either.
        everywhere: bool,
    },
    /// It falls in this execution: the recorded one as far as it could be followed, and the fewest steps on.
    Falls(Box<Trace>),
    /// There are too many states, and nothing fell in so many executions at random that go on from there.
    Unknown {
        /// The limit on states.
        states: u64,
        /// How many executions.
        executions: u64,
    },
}

/// A change, tried on a recorded execution.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// How many turns were followed, and the steps taken in them.
    pub followed: usize,
    /// The turns in which the changed program does something else.
    pub other_turns: Vec<OtherTurn>,
    /// What is known.
    pub fixed: Fixed,
}

/// Follows `trace` with `instance`, which is the program it is of, changed, and looks at every way on.
///
/// # Errors
///
/// [`Fault`] when the program panics or breaks a rule of the primitives, or has not all actors that take a step in the
/// trace.
pub fn fix<I: Instance>(trace: &Trace, instance: &I, limits: FixLimits) -> Result<Fix, Box<Fault>> {
    let actors = actors_of(instance)?;
    let mut acting = trace.steps.iter().map(|step| &step.actor);
    if let Some(absent) = acting.find(|actor| !actors.contains(actor)) {
        // Without it nothing may fall that falls with it, and that would be no fix.
        return Err(general_fault(FaultKind::AbsentActor(absent.clone())));
    }
    let mut turns = Turns::of(trace);
    let followed = record(instance, &mut turns, &trace.checker);
    if let Recorded::Fault(fault) = followed.end {
        return Err(Box::new(fault));
    }
    if followed.trace.violation.is_none() {
        // Nobody can go on: what is left of the turns is nobody's.
        let left = turns.next + 1..=turns.schedule.len();
        turns.others.extend(left.map(|recorded| OtherTurn {
            recorded,
            now: None,
        }));
    }
    let (other_turns, taken) = (turns.others, followed.trace.steps.len());
    let done = |fixed: Fixed| Fix {
        followed: taken,
        other_turns: other_turns.clone(),
        fixed,
    };
    let prefix = followed.trace.schedule();
    if followed.trace.violation.is_some() {
        return falling(trace, instance, &prefix).map(done);
    }
    let Some(chart) = Chart::exhausted(instance, limits.states)? else {
        let found = at_random(instance, &prefix, limits.executions)?;
        return match found {
            Some(schedule) => falling(trace, instance, &schedule).map(done),
            None => Ok(done(Fixed::Unknown {
                states: limits.states,
                executions: limits.executions,
            })),
        };
    };
    let way = chart.shared_way(&prefix);
    let from = way.last().map_or(0, |(_, edge)| edge.to);
    let ahead = Ahead::of(&chart, from);
    if let Some(on) = ahead.to_failure {
        let whole: Way = way.into_iter().chain(on).collect();
        return falling(trace, instance, &chart.schedule(&whole)).map(done);
    }
    let search = Search {
        symmetry: instance.symmetry(),
        ..Search::default()
    };
    // What stands for ever shows in no execution that ends.
    let space = search.run_while(instance, &|_| true, &mut |_| ControlFlow::Continue(()));
    match space.end {
        SpaceEnd::Fault(fault) => Err(Box::new(fault)),
        SpaceEnd::Violated(evidence) => {
            let Violation::Cycle { .. } = evidence.violation else {
                return Ok(done(survives(&ahead, false)));
            };
            let schedule = Schedule::from_execution(&evidence.execution);
            let way = chart.shared_way(&schedule);
            let goes_there = way.iter().any(|(node, _)| ahead.nodes.contains(node));
            match goes_there {
                true => falling(trace, instance, &schedule).map(done),
                false => Ok(done(survives(&ahead, false))),
            }
        }
        SpaceEnd::Complete => Ok(done(survives(&ahead, true))),
        SpaceEnd::Limit(_) => Ok(done(survives(&ahead, false))),
    }
}

/// Follows the counterexample in a file with `instance` and panics unless nothing falls in it nor in anything that goes on
/// from it: a regression test in one line.
///
/// # Panics
///
/// If the file is no trace, if the program faults, if something falls, or if that is not known.
pub fn assert_fixed<I: Instance>(instance: &I, file: impl AsRef<Path>) {
    let file = file.as_ref();
    let trace = Trace::load(file).unwrap_or_else(|error| panic!("{error}"));
    let fix = fix(&trace, instance, FixLimits::default());
    let fix = fix.unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
    match fix.fixed {
        Fixed::Survives { .. } => {}
        Fixed::Falls(trace) => {
            let text = crate::render::text(&trace, &(), &crate::render::TextOptions::default());
            panic!("{}: it still falls\n\n{text}", file.display())
        }
        Fixed::Unknown { states, executions } => panic!(
            "{}: more than {states} states follow, and nothing fell in {executions} executions at random: not known",
            file.display()
        ),
    }
}

fn survives(ahead: &Ahead, everywhere: bool) -> Fixed {
    Fixed::Survives {
        states: ahead.nodes.len() as u64,
        everywhere,
    }
}

/// The execution of `schedule`, written down; something falls in it.
fn falling<I: Instance>(
    trace: &Trace,
    instance: &I,
    schedule: &Schedule,
) -> Result<Fixed, Box<Fault>> {
    let record = record(instance, &mut Replay::new(schedule), &trace.checker);
    match &record.end {
        Recorded::Fault(fault) => Err(Box::new(fault.clone())),
        Recorded::StepLimit => Err(general_fault(FaultKind::Endless)),
        _ => {
            let smallest = "the recorded turns, and the fewest steps that lead on to it".to_owned();
            Ok(Fixed::Falls(Box::new(unexplained(
                record, instance, smallest,
            ))))
        }
    }
}

/// What lies ahead of a node.
struct Ahead {
    nodes: BTreeSet<u32>,
    /// The fewest steps from there to a failure, if there is one.
    to_failure: Option<Way>,
}

impl Ahead {
    fn of(chart: &Chart, from: u32) -> Ahead {
        let mut came: Vec<Option<(u32, Edge)>> = vec![None; chart.nodes.len()];
        let mut nodes = BTreeSet::from([from]);
        let mut open = VecDeque::from([from]);
        while let Some(at) = open.pop_front() {
            let node = &chart.nodes[at as usize];
            if matches!(node.fate, Some(Fate::Fails(_))) {
                let mut way = Way::new();
                let mut back = at;
                while let Some((node, edge)) = came[back as usize] {
                    way.push((node, edge));
                    back = node;
                }
                way.reverse();
                return Ahead {
                    nodes,
                    to_failure: Some(way),
                };
            }
            for &edge in &node.edges {
                if nodes.insert(edge.to) {
                    came[edge.to as usize] = Some((at, edge));
                    open.push_back(edge.to);
                }
            }
        }
        Ahead {
            nodes,
            to_failure: None,
        }
    }
}

/// The seed of what goes on at random: fixed, so that the same change gives the same answer.
const SEED: u64 = 1;

/// An execution that goes on from `prefix` and in which something falls, if one of so many is one.
fn at_random<I: Instance>(
    instance: &I,
    prefix: &Schedule,
    executions: u64,
) -> Result<Option<Schedule>, Box<Fault>> {
    let mut onwards = Onwards {
        prefix: &prefix.steps,
        taken: 0,
        walk: RandomWalk::new(SEED),
    };
    let mut found = Ok(None);
    explore(
        instance,
        &mut onwards,
        Limits::executions(executions),
        |execution| {
            let verdict: Option<&Verdict<I>> = execution.verdict();
            if verdict.is_some() {
                found = Ok(Some(Schedule::from_execution(execution)));
            }
            if let crate::execution::End::Fault(fault) = &execution.end {
                found = Err(Box::new(fault.clone()));
            }
            match &found {
                Ok(None) => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        },
    );
    found
}

/// A random walk from the end of some steps.
struct Onwards<'a> {
    prefix: &'a [ScheduledStep],
    taken: usize,
    walk: RandomWalk,
}

impl Scheduler for Onwards<'_> {
    fn begin(&mut self) -> bool {
        self.taken = 0;
        self.walk.begin()
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        let next = self.prefix.get(self.taken);
        self.taken += 1;
        let own = next.and_then(|step| Some((offer_of(point, &step.actor)?, step)));
        match own {
            Some((actor, step)) => Choice::RunWay(Turn {
                actor,
                way: way_of(point, actor, step).unwrap_or(0),
            }),
            None => self.walk.choose(point),
        }
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<crate::Divergence> {
        self.walk.end(ending)
    }
}

fn offer_of(point: &Point<'_>, actor: &str) -> Option<ActorId> {
    let mut offers = point.enabled.iter();
    let own = offers.find(|offer| &*offer.name == actor)?;
    Some(own.actor)
}

/// The way in which `actor` chooses what it chose in `step`; `None` if it cannot.
fn way_of(point: &Point<'_>, actor: ActorId, step: &ScheduledStep) -> Option<u32> {
    let chosen = step.chosen.as_ref();
    chosen.map_or(Some(0), |chosen| point.way_of(actor, chosen))
}

/// Gives the actors their turns in the recorded order, and lets them choose what they chose where they can.
struct Turns {
    schedule: Vec<ScheduledStep>,
    next: usize,
    has_begun: bool,
    others: Vec<OtherTurn>,
}

impl Turns {
    fn of(trace: &Trace) -> Turns {
        Turns {
            schedule: trace.schedule().steps,
            next: 0,
            has_begun: false,
            others: Vec::new(),
        }
    }
}

impl Scheduler for Turns {
    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.has_begun, true)
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        while let Some(step) = self.schedule.get(self.next) {
            self.next += 1;
            let mut offers = point.enabled.iter();
            let offer = offers.find(|offer| *offer.name == *step.actor);
            let does = |offer: &crate::Offer| {
                let operation = &offer.operation;
                operation.label == step.label && operation.object_name == step.object
            };
            let way = offer.and_then(|offer| way_of(point, offer.actor, step));
            if way.is_none() || !offer.is_some_and(does) {
                self.others.push(OtherTurn {
                    recorded: self.next,
                    now: offer.map(|offer| offer.operation.to_string()),
                });
            }
            if let Some(offer) = offer {
                return Choice::RunWay(Turn {
                    actor: offer.actor,
                    way: way.unwrap_or(0),
                });
            }
        }
        Choice::Stop
    }
}
