//! Whether a change of the program holds: a recorded execution is followed with the changed program as far as it goes, and
//! then every way on from there is looked at.
//!
//! A recorded step says whose turn it is. Where the changed program does something else in that turn, that is its turn all
//! the same, so the actors come in the recorded order also where steps have other labels or were put together. A turn of an
//! actor that cannot go on is left out. What comes after the last recorded step is open, and there every continuation is
//! looked at, in the graph of all executions.

mod ahead;

use std::ops::ControlFlow;
use std::path::Path;

use self::ahead::Ahead;
use super::chart::{Chart, actors_of};
use super::compared::unexplained;
use crate::counted::counted;
use crate::fault::{Fault, FaultKind, general_fault};
use crate::instance::Instance;
use crate::observed::explore;
use crate::schedule::{Schedule, ScheduledStep};
use crate::scheduler::{Choice, Ending, Point, RandomWalk, Replay, Scheduler};
use crate::simulation::{Limits, Verdict};
use crate::space::{Search, SpaceEnd, Violation};
use crate::step::{ActorId, Turn};
use crate::trace::{Recorded, Round, Trace, record, record_round};

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
    /// It is not known, for this reason.
    Unknown(String),
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
/// All of that is under sequential consistency. Where a weaker memory may do something else, it is not known.
///
/// # Errors
///
/// [`Fault`] when nothing falls in the trace, when the instance has another input or has not all of its actors, and when
/// the program panics or breaks a rule of the primitives.
pub fn fix<I: Instance>(trace: &Trace, instance: &I, limits: FixLimits) -> Result<Fix, Box<Fault>> {
    expect_same_input(trace, instance)?;
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
    let prefix = followed.trace.schedule();
    let fixed = match followed.trace.violation {
        Some(_) => falling(trace, instance, &prefix, None)?,
        None => onwards(trace, instance, (&turns.schedule, &prefix), limits)?,
    };
    Ok(Fix {
        followed: followed.trace.steps.len(),
        other_turns: turns.others,
        fixed,
    })
}

/// Whether nothing falls means something for what fell in `trace`.
fn expect_same_input<I: Instance>(trace: &Trace, instance: &I) -> Result<(), Box<Fault>> {
    if trace.violation.is_none() {
        return Err(general_fault(FaultKind::NoCounterexample));
    }
    let (input, recorded) = (instance.input(), &trace.scenario);
    if (&input.name, &input.document) != (&recorded.name, &recorded.toml) {
        return Err(general_fault(FaultKind::AnotherInput {
            recorded: recorded.name.clone(),
            now: input.name,
        }));
    }
    let actors = actors_of(instance)?;
    let mut acting = trace.actors.iter();
    match acting.find(|actor| !actors.contains(actor)) {
        None => Ok(()),
        // Without it nothing may fall that falls with it, and that would be no fix.
        Some(absent) => Err(general_fault(FaultKind::AbsentActor {
            absent: absent.clone(),
            actors,
        })),
    }
}

/// What comes of the recorded turns and of everything that goes on from them, when nothing falls in the `prefix`, in which
/// every new choice takes its first value.
fn onwards<I: Instance>(
    trace: &Trace,
    instance: &I,
    (turns, prefix): (&[ScheduledStep], &Schedule),
    limits: FixLimits,
) -> Result<Fixed, Box<Fault>> {
    let FixLimits { states, executions } = limits;
    if trace.needs_weak_memory {
        return Ok(Fixed::Unknown(
            "the recorded execution needs a weak memory, and ways on are looked at under sequential consistency alone; check \
             it under loom"
                .to_owned(),
        ));
    }
    let Some(chart) = Chart::exhausted(instance, states)? else {
        return match at_random(instance, prefix, executions)? {
            Some(schedule) => falling(trace, instance, &schedule, None),
            None => Ok(Fixed::Unknown(format!(
                "there are more than {}, and nothing fell in {} that go on at random",
                counted(states, "state"),
                counted(executions, "execution")
            ))),
        };
    };
    let ahead = Ahead::of(&chart, turns);
    if let Some(way) = &ahead.to_failure {
        return falling(trace, instance, &chart.schedule(way), None);
    }
    let search = Search {
        symmetry: instance.symmetry(),
        ..Search::default()
    };
    // What stands for ever shows in no execution that ends.
    let space = search.run_while(instance, &|_| true, &mut |_| ControlFlow::Continue(()));
    let orders = space.progress.orders;
    let evidence = match space.end {
        SpaceEnd::Fault(fault) => return Err(Box::new(fault)),
        _ if orders.are_weak() => {
            return Ok(Fixed::Unknown(format!(
                "words are used with orders weaker than SeqCst ({orders}), and ways on are looked at under sequential \
                 consistency alone; check it under loom"
            )));
        }
        SpaceEnd::Complete => return Ok(survives(&ahead, true)),
        SpaceEnd::Limit(limit) => {
            return Ok(Fixed::Unknown(format!(
                "the search for steps that repeat for ever was stopped by {limit}"
            )));
        }
        SpaceEnd::Violated(evidence) => evidence,
    };
    if let Violation::Cycle { loop_from } = evidence.violation {
        let schedule = Schedule::from_execution(&evidence.execution);
        let way = chart.shared_way(&schedule);
        if way.iter().any(|(node, _)| ahead.nodes.contains(node)) {
            return falling(trace, instance, &schedule, Some(loop_from));
        }
    }
    Ok(match ahead.has_cycle(&chart) {
        false => survives(&ahead, false),
        // The search ends with the first that falls.
        true => Fixed::Unknown(
            "steps may repeat for ever there, and because another execution falls nobody has looked whether somebody is \
             starved by that; mend the other one first"
                .to_owned(),
        ),
    })
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
        Fixed::Unknown(because) => {
            panic!(
                "{}: whether it holds is not known: {because}",
                file.display()
            )
        }
    }
}

fn survives(ahead: &Ahead, everywhere: bool) -> Fixed {
    Fixed::Survives {
        states: ahead.nodes.len() as u64,
        everywhere,
    }
}

/// The execution of `schedule`, written down; something falls in it, for ever from step `loop_from` on if that is given.
fn falling<I: Instance>(
    trace: &Trace,
    instance: &I,
    schedule: &Schedule,
    loop_from: Option<usize>,
) -> Result<Fixed, Box<Fault>> {
    let mut replay = Replay::new(schedule);
    let record = match loop_from {
        None => record(instance, &mut replay, &trace.checker),
        Some(from) => {
            let property = trace.violation.as_ref();
            let round = Round {
                from,
                last: schedule.steps.len(),
                property: property.map_or("", |violation| &violation.property),
            };
            record_round(instance, &mut replay, &trace.checker, &round)
        }
    };
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
