//! Executions from scratch along the paths of a search: evidence, and steps repeated to see whether they come to the
//! same.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::halt::{Counts, Halt, Monitor, general_fault};
use super::next::Next;
use super::prints::{print_of, told_apart};
use super::search::Walk;
use super::seen::StateId;
use super::state::{SharedState, State, Status};
use super::{Evidence, Search, SpaceEnd, StateWatch, Violation};
use crate::context;
use crate::engine::Engine;
use crate::execution::{End, Execution};
use crate::fault::{Fault, FaultKind};
use crate::program::{Actors, Program};
use crate::scheduler::{Choice, Point, Scheduler};
use crate::simulation::{Config, Simulation, Verdict};
use crate::step::{OperationKind, Step, Turn};
use crate::value::Value;

/// Runs the actors of a path, one step each, and then stops.
struct Follow {
    path: Vec<Turn>,
    taken: usize,
    begun: bool,
    /// Whether the path could not be followed.
    lost: bool,
}

impl Scheduler for Follow {
    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.begun, true)
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        let Some(&turn) = self.path.get(self.taken) else {
            return Choice::Stop;
        };
        self.taken += 1;
        if point
            .offer(turn.actor)
            .is_none_or(|offer| turn.way >= offer.ways)
        {
            self.lost = true;
            return Choice::Stop;
        }
        Choice::RunWay(turn)
    }
}

/// An execution that leads to `id`, where the watch stops it with a verdict like this one.
pub(crate) fn execution<P: Program + ?Sized>(
    walk: &Walk<'_, P>,
    id: StateId,
    verdict: Verdict<P>,
) -> Result<Evidence<Verdict<P>>, Halt<Verdict<P>>>
where
    P::Watch: StateWatch,
{
    let path = walk.graph.path(id);
    let mut execution = follow(walk, path.clone())?;
    if matches!(execution.end, End::Stopped { .. }) {
        return Ok(Evidence::new(execution, Violation::Step));
    }
    // A watch may judge states alone, and nobody looks after a step that was not taken.
    let sees_it = |watch: &mut P::Watch, engine: &Engine| {
        let objects = engine.objects().map(|(_, object)| object.snapshot().into());
        let objects: Vec<Arc<dyn Value>> = objects.collect();
        watch.in_state(&SharedState { objects: &objects }).is_some()
    };
    if !retrace(walk, &path, |_| None, None, sees_it, &mut |_| {
        ControlFlow::Continue(())
    })? {
        return Err(general_fault(FaultKind::Unrepeatable {
            expected: "a state in which the watch sees a violation".to_owned(),
            found: "one in which it sees none".to_owned(),
        })
        .into());
    }
    execution.end = End::Stopped {
        verdict,
        rest: None,
    };
    Ok(Evidence::new(execution, Violation::Step))
}

/// An execution that comes to rest in `id`, with what the watch says of it.
pub(crate) fn rest<P: Program + ?Sized>(
    walk: &Walk<'_, P>,
    id: StateId,
) -> Result<Evidence<Verdict<P>>, Box<Fault>>
where
    P::Watch: StateWatch,
{
    let execution = follow(walk, walk.graph.path(id))?;
    match &execution.end {
        End::Rest(_) | End::Stopped { rest: Some(_), .. } => {
            Ok(Evidence::new(execution, Violation::Rest))
        }
        // None of the states on the way was objected to.
        End::Stopped {
            verdict,
            rest: None,
        } => Err(general_fault(FaultKind::JudgesStepsOtherwise {
            verdict: format!("{verdict:?}"),
        })),
        other => {
            let found = format!("an execution that goes on ({:?})", other.kind());
            Err(general_fault(FaultKind::Unrepeatable {
                expected: "a state in which nobody can go on".to_owned(),
                found,
            }))
        }
    }
}

/// An execution that leads to `id` and ends with the step `turn`, in which its actor panics.
pub(crate) fn panicked<P: Program + ?Sized>(
    walk: &Walk<'_, P>,
    id: StateId,
    turn: Turn,
) -> Result<Evidence<Verdict<P>>, Box<Fault>>
where
    P::Watch: StateWatch,
{
    let mut path = walk.graph.path(id);
    path.push(turn);
    let execution = follow(walk, path)?;
    match execution.end {
        End::Stopped { .. } => Ok(Evidence::new(execution, Violation::Step)),
        other => Err(general_fault(FaultKind::Unrepeatable {
            expected: "a panic that the watch objects to".to_owned(),
            found: format!("an execution without one ({:?})", other.kind()),
        })),
    }
}

/// The end of a search of a program in which somebody is at fault before its first operation.
pub(crate) fn beginning<P: Program + ?Sized>(
    search: &Search,
    program: &P,
    fault: Fault,
    counts: Counts<'_, Verdict<P>>,
) -> SpaceEnd<Verdict<P>> {
    if matches!(fault.kind, FaultKind::Panic { .. }) {
        let (execution, _) = run_along(search, program, Vec::new());
        if execution.verdict().is_some_and(counts) {
            let evidence = Evidence::new(execution, Violation::Step);
            return SpaceEnd::Violated(Box::new(evidence));
        }
    }
    SpaceEnd::Fault(fault)
}

/// Runs the program along `path`, as far as it goes: the execution, and where it was lost if it was.
pub(super) fn along<P: Program + ?Sized>(
    walk: &Walk<'_, P>,
    path: Vec<Turn>,
) -> (Execution<Verdict<P>>, Option<usize>) {
    run_along(&walk.config, walk.program, path)
}

fn run_along<P: Program + ?Sized>(
    search: &Search,
    program: &P,
    path: Vec<Turn>,
) -> (Execution<Verdict<P>>, Option<usize>) {
    let config = Config {
        max_steps: path.len() + 1,
        stack_size: search.stack_size,
        check_waits: search.check_waits,
        ..Config::default()
    };
    let mut scheduler = Follow {
        path,
        taken: 0,
        begun: false,
        lost: false,
    };
    let execution = Simulation::new(config).run_once(program, &mut scheduler);
    let lost = scheduler.lost.then_some(scheduler.taken);
    (execution, lost)
}

/// Runs the program along `path`.
pub(crate) fn follow<P: Program + ?Sized>(
    walk: &Walk<'_, P>,
    path: Vec<Turn>,
) -> Result<Execution<Verdict<P>>, Box<Fault>> {
    let length = path.len();
    let (execution, lost) = along(walk, path);
    match execution.end {
        End::Fault(fault) => Err(Box::new(fault)),
        _ => match lost {
            Some(taken) => Err(general_fault(FaultKind::Unrepeatable {
                expected: "an actor that can go on".to_owned(),
                found: format!("one that cannot, at step {taken} of {length}"),
            })),
            None => Ok(execution),
        },
    }
}

/// Repeats a step from the state `id`, from scratch, and compares everything with `after`.
pub(crate) fn repeat<P: Program + ?Sized>(
    walk: &mut Walk<'_, P>,
    id: StateId,
    turn: Turn,
    after: &State,
    monitor: Monitor<'_>,
) -> Result<(), Halt<Verdict<P>>>
where
    P::Watch: StateWatch,
{
    let mut path = walk.graph.path(id);
    path.push(turn);
    let state_after = |step| (step == path.len()).then_some(after);
    retrace(walk, &path, state_after, None, |_, _| (), monitor)
}

/// Who is shown the steps of an execution, together with its watch, and may find fault with them.
pub(super) type Hear<'a, P> =
    &'a mut dyn FnMut(&mut <P as Program>::Watch, &Step) -> Result<(), Box<Fault>>;

/// How many steps are taken between two questions whether to go on.
const BETWEEN_QUESTIONS: usize = 16;

/// Runs the actors of `path` from scratch, and compares what it comes to with the state after each step, if there
/// is one for it. `hear` is shown each step, if there is somebody; what `look` sees in the end is given back.
pub(super) fn retrace<'s, P: Program + ?Sized, R>(
    walk: &Walk<'_, P>,
    path: &[Turn],
    state_after: impl Fn(usize) -> Option<&'s State>,
    mut hear: Option<Hear<'_, P>>,
    look: impl FnOnce(&mut P::Watch, &Engine) -> R,
    monitor: Monitor<'_>,
) -> Result<R, Halt<Verdict<P>>>
where
    P::Watch: StateWatch,
{
    let config = Config {
        stack_size: walk.config.stack_size,
        check_waits: walk.config.check_waits,
        ..Config::default()
    };
    let _execution = context::begin_execution();
    let mut new_actors = Vec::new();
    let mut watch = {
        let _start = context::enter(context::Mode::Start);
        walk.program.start(&mut Actors::new(&mut new_actors))
    };
    let (mut engine, started) = Engine::start(config, walk.coroutines.pool(), new_actors);
    started?;
    for (taken, &turn) in path.iter().enumerate() {
        if taken % BETWEEN_QUESTIONS == BETWEEN_QUESTIONS - 1
            && let ControlFlow::Break(limit) = monitor(&walk.measured())
        {
            return Err(Halt::Limit(limit));
        }
        let info = &walk.coroutines.actors[turn.actor.index()];
        let differs = if engine.can_go_on(turn.actor) {
            // Who else could go on takes time to find out.
            let enabled = hear.as_ref().map_or_else(Vec::new, |_| engine.offers());
            let (step, settled) = engine.step(turn, None, enabled);
            settled?;
            if let Some(hear) = &mut hear {
                hear(&mut watch, &step)?;
            }
            let is_last = taken + 1 == path.len();
            let state = state_after(taken + 1);
            state.and_then(|state| first_difference(walk, &engine, state, is_last))
        } else {
            let found = "it is asleep or at its end".to_owned();
            Some((format!("{} able to go on", info.name), found))
        };
        if let Some((expected, found)) = differs {
            let kind = FaultKind::Unrepeatable { expected, found };
            return Err(Box::new(Fault::new(info.name.clone(), None, kind)).into());
        }
    }
    let seen = look(&mut watch, &engine);
    drop(engine);
    match context::take_caught() {
        Some(site) => Err(general_fault(FaultKind::CaughtEnd(site)).into()),
        None => Ok(seen),
    }
}

/// What is first found to differ between a state and an execution: what the state says, and the execution.
/// Comparing what is printed is slow.
fn first_difference<P: Program + ?Sized>(
    walk: &Walk<'_, P>,
    engine: &Engine,
    state: &State,
    compares_print: bool,
) -> Option<(String, String)> {
    let objects = engine.objects();
    if objects.len() != state.objects.len() {
        let (expected, found) = (state.objects.len(), objects.len());
        return Some((format!("{expected} objects"), found.to_string()));
    }
    for ((_, object), value) in objects.zip(&state.objects) {
        let snapshot = object.snapshot();
        // Also by what is printed: an equality coarser than the value hides what differs.
        let differs = !snapshot.equals(&**value)
            || compares_print && print_of(&*snapshot) != print_of(&**value);
        if differs {
            let (expected, found) = told_apart(&**value, &*snapshot);
            let name = object.name();
            return Some((format!("`{name}` holding {expected}"), found));
        }
    }
    for (info, local) in walk.coroutines.actors.iter().zip(&state.actors) {
        let expected = match (walk.coroutines.next(local.id), local.status) {
            (Next::Finished, _) => None,
            (Next::Operation(call), status) => {
                let mut pending = call.operation();
                if status == Status::Woken {
                    pending.kind = OperationKind::Wake;
                }
                Some((pending, status == Status::Asleep))
            }
        };
        let found = engine.standing(info.id);
        let same = match (&expected, &found) {
            (None, None) => true,
            (Some((one, one_sleeps)), Some((other, other_sleeps))) => {
                one.kind == other.kind
                    && one.object_name == other.object_name
                    && one.label == other.label
                    && one.location == other.location
                    && one.condition == other.condition
                    && one_sleeps == other_sleeps
            }
            _ => false,
        };
        if !same {
            let tell = |standing: Option<(crate::step::Operation, bool)>| match standing {
                None => format!("{} at its end", info.name),
                Some((pending, true)) => format!("{} asleep in {pending}", info.name),
                Some((pending, false)) => format!("{} before {pending}", info.name),
            };
            return Some((tell(expected), tell(found)));
        }
    }
    None
}
