//! Liveness: fair cycles in which something that should happen never does.
//!
//! An execution that never ends stays, from some point on, in one strongly connected component of the graph.
//! Fairness is *weak*: whoever could go on without interruption does so in the end. So an execution that stays
//! in a component for ever is fair if each actor takes a step in it, or cannot go on in one of its states. An
//! obligation is *starved* if some component, of the graph cut down to the states in which the obligation
//! stands, is fair. (Without cycles nothing can be starved but where nobody can go on, and that is judged as
//! rest.)
//!
//! In a graph of merged states an actor does not keep its name along a path. So a component there is only a
//! suspicion: it is unrolled, with every actor told apart and only identifiers exchanged, and judged there.
//!
//! Of all such cycles the one is shown that takes the fewest steps to come to and to go around, see `lasso`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;

use super::canonical::Canonizer;
use super::graph::StateGraph;
use super::halt::{Counts, Halt, Monitor, general_fault};
use super::keys::Keys;
use super::lasso::{Allowance, Component, Lasso};
use super::next::Next;
use super::search::{Spot, Walk};
use super::seen::{Seen, StateId, Values};
use super::state::{SharedState, State};
use super::step::Checks;
use super::{Cycle, Evidence, Obligation, StateWatch, Violation, verify};
use crate::engine::Engine;
use crate::execution::End;
use crate::fault::{Fault, FaultKind};
use crate::mark::Body;
use crate::panic;
use crate::program::{Program, Watch};
use crate::silence::{self, Silence};
use crate::simulation::Verdict;
use crate::step::{ActorId, Turn};

/// A component, unrolled: every actor has a name.
struct Unrolled {
    graph: StateGraph,
    states: Vec<State>,
    /// What each state is merged into.
    merged: Vec<StateId>,
    /// The actors that can go on in each state.
    enabled: Vec<Vec<ActorId>>,
    /// What stands in each state, one bit each: first the obligations, then the actors not at their end.
    standing: Vec<Vec<Obligation>>,
}

/// What was found so far.
struct Found<V> {
    lasso: Lasso,
    verdict: V,
}

/// Somebody goes round for ever, and the watch was not asked about it: it says nothing of cycles, or it allows this one,
/// judges at rest, and no rest follows. The steps that lead there and around, and the fault.
type Unjudged = (Vec<Turn>, Box<Fault>);

/// The kind of the fault of an actor that goes round in this loop, if it is known in which.
type Kind = fn(Option<Body>) -> FaultKind;

/// Halts with the shortest fair cycle in which an obligation is starved and counts, if there is one.
pub(crate) fn starvation<P: Program + ?Sized>(
    walk: &mut Walk<'_, P>,
    counts: Counts<'_, Verdict<P>>,
    monitor: Monitor<'_>,
) -> Result<(), Halt<Verdict<P>>>
where
    P::Watch: StateWatch,
{
    let components = walk.graph.components(|_| true);
    let cyclic = components
        .into_iter()
        .filter(|component| walk.graph.is_cyclic(component));
    let mut cyclic: Vec<Vec<u32>> = cyclic.collect();
    // Those reached first have the shortest ways to them.
    cyclic.sort_by_key(|component| component.iter().copied().min());
    let mut best: Option<Found<Verdict<P>>> = None;
    let mut unjudged: Option<Unjudged> = None;
    let mut allowance = Allowance(walk.config.max_loop_pairs);
    // Where actors of one class are exchanged, a shortest way to a state may lead to another one that was merged with
    // it, in which the round would be another.
    let keeps_names = match &walk.config.symmetry {
        None => true,
        Some(symmetry) => !symmetry.exchanges(),
    };
    let mut is_shortest = keeps_names;
    for component in cyclic {
        let first = StateId(component.iter().copied().min().unwrap_or_default());
        let known = best.as_ref().map(|best| best.lasso.len());
        if known.is_some_and(|known| walk.graph.path(first).len() + 1 >= known) {
            continue;
        }
        let members: BTreeSet<u32> = component.into_iter().collect();
        let unrolled = match unroll(walk, first, &members, monitor) {
            Ok(unrolled) => unrolled,
            Err(Halt::Limit(_)) if best.is_some() => {
                is_shortest = false;
                break;
            }
            Err(halt) => return Err(halt),
        };
        let way_to = |walk: &Walk<'_, P>, state: u32| match keeps_names {
            true => walk.graph.path(unrolled.merged[state as usize]),
            false => {
                let mut way = walk.graph.path(first);
                way.extend(unrolled.graph.path(StateId(state)));
                way
            }
        };
        let seen = (&mut best, &mut unjudged, &mut allowance);
        is_shortest &= judge(walk, &unrolled, counts, &way_to, seen, monitor)?;
    }
    let Some(Found { lasso, verdict }) = best else {
        return unjudged.map_or(Ok(()), |unjudged| never_rests(walk, unjudged));
    };
    let loop_from = lasso.way.len() + 1;
    let mut execution = verify::follow(walk, [lasso.way, lasso.round].concat())?;
    execution.end = End::Stopped {
        verdict,
        rest: None,
    };
    let mut evidence = Evidence::new(execution, Violation::Cycle { loop_from });
    evidence.is_shortest = is_shortest;
    Err(Halt::Found(Box::new(evidence)))
}

/// The state in which the path to `id` ends, and where its actors stand.
pub(super) fn revisit<P: Program + ?Sized>(
    walk: &mut Walk<'_, P>,
    id: StateId,
    checks: Checks,
) -> Result<State, Box<Fault>> {
    let mut state = walk.initial.clone();
    for turn in walk.graph.path(id) {
        let (after, _) = walk.coroutines.step(&mut walk.locals, &state, turn, checks);
        state = after?;
    }
    Ok(state)
}

fn unroll<P: Program + ?Sized>(
    walk: &mut Walk<'_, P>,
    first: StateId,
    members: &BTreeSet<u32>,
    monitor: Monitor<'_>,
) -> Result<Unrolled, Halt<Verdict<P>>>
where
    P::Watch: StateWatch,
{
    let checks = Checks {
        twice: false,
        waits: walk.config.check_waits,
        planted: walk.config.planted,
    };
    let mut keys = match &walk.config.symmetry {
        None => Keys::Values(Values::of(&walk.config)),
        Some(symmetry) => Keys::Described(Box::new(Canonizer::with_fixed_actors(
            symmetry.clone(),
            &walk.coroutines.actors,
        ))),
    };
    let mut seen = Seen::default();
    let mut unrolled = Unrolled {
        graph: StateGraph::default(),
        states: Vec::new(),
        merged: vec![first],
        enabled: Vec::new(),
        standing: Vec::new(),
    };
    let mut key = Vec::new();
    let start = revisit(walk, first, checks)?;
    let describe = |keys: &mut Keys, walk: &Walk<'_, P>, state: &State, key: &mut Vec<u8>| {
        keys.key(state, &walk.locals, key).map_err(general_fault)
    };
    describe(&mut keys, walk, &start, &mut key)?;
    seen.insert(&key);
    unrolled.graph.add_state(None);
    unrolled.states.push(start);
    let mut at = 0;
    while at < unrolled.states.len() {
        walk.within_limits(unrolled.states.len(), monitor)?;
        let state = unrolled.states[at].clone();
        let from = StateId(u32::try_from(at).expect("fewer than 2^32 states"));
        let enabled = walk.coroutines.enabled(&state);
        let mut edges = Vec::new();
        let mut steps = Vec::new();
        for &actor in &enabled {
            let mut turn = Turn::of(actor);
            loop {
                let (taken, ways) = walk.take_step(&state, turn, checks)?;
                steps.extend(taken.ok().map(|after| (turn, after)));
                turn.way += 1;
                if turn.way >= ways {
                    break;
                }
            }
        }
        for (turn, after) in steps {
            let Walk {
                keys: all,
                locals,
                seen: known,
                ..
            } = walk;
            all.key(&after, locals, &mut key).map_err(general_fault)?;
            let merged = known.number_of(&key);
            let Some(merged) = merged.filter(|id| members.contains(&id.0)) else {
                continue;
            };
            describe(&mut keys, walk, &after, &mut key)?;
            let (to, is_new) = seen.insert(&key);
            if is_new {
                unrolled.graph.add_state(Some((from, turn)));
                unrolled.states.push(after);
                unrolled.merged.push(merged);
            }
            edges.push((turn, to));
        }
        unrolled.graph.add_edges(from, edges);
        unrolled.standing.push(obligations(walk, &state));
        unrolled.enabled.push(enabled);
        at += 1;
    }
    Ok(unrolled)
}

/// What stands in `state`.
fn obligations<P: Program + ?Sized>(walk: &mut Walk<'_, P>, state: &State) -> Vec<Obligation>
where
    P::Watch: StateWatch,
{
    let shared = SharedState {
        objects: &state.objects,
    };
    let told = walk.watch.obligations(&shared).into_iter();
    let mut standing: Vec<Obligation> = told.map(Obligation::Stated).collect();
    for (info, local) in walk.coroutines.actors.iter().zip(&state.actors) {
        if matches!(walk.coroutines.next(local.id), Next::Operation(_)) {
            standing.push(Obligation::End(info.id));
        }
    }
    standing
}

/// Looks for a fair cycle within `unrolled` for each obligation, and keeps the shortest that counts; says whether no
/// shorter one can have been missed.
fn judge<P: Program + ?Sized>(
    walk: &mut Walk<'_, P>,
    unrolled: &Unrolled,
    counts: Counts<'_, Verdict<P>>,
    way_to: &dyn Fn(&Walk<'_, P>, u32) -> Vec<Turn>,
    (best, unjudged, allowance): (
        &mut Option<Found<Verdict<P>>>,
        &mut Option<Unjudged>,
        &mut Allowance,
    ),
    monitor: Monitor<'_>,
) -> Result<bool, Halt<Verdict<P>>>
where
    P::Watch: StateWatch,
{
    let actors = walk.coroutines.actors.len();
    let mut is_shortest = true;
    let all: BTreeSet<Obligation> = unrolled.standing.iter().flatten().copied().collect();
    for obligation in all {
        let stands = |state: StateId| unrolled.standing[state.index()].contains(&obligation);
        for component in unrolled.graph.components(stands) {
            if let Err(halt) = walk.within_limits(unrolled.states.len(), monitor) {
                // What was found is shown, although there may be a shorter one.
                return if best.is_some() { Ok(false) } else { Err(halt) };
            }
            if !unrolled.graph.is_cyclic(&component) || !is_fair(walk, unrolled, &component) {
                continue;
            }
            let any = any_round(unrolled, &component, actors);
            let moving: BTreeSet<ActorId> = any.1.iter().map(|turn| turn.actor).collect();
            let cycle = Cycle {
                obligation,
                actors: &walk.coroutines.actors,
                moving: moving.into_iter().collect(),
                state: SharedState {
                    objects: &unrolled.states[component[0] as usize].objects,
                },
            };
            let (verdict, noted) = silence::heard(|| walk.watch.starves(&cycle));
            let (start, round) = any;
            let is_allowed = noted.has(Silence::ALLOWED) && walk.progress.rests == 0
                || noted.has(Silence::ALLOWED_TO_SERVERS)
                    && !may_rest(walk, unrolled.merged[component[0] as usize]);
            let kind: Option<Kind> = match noted.has(Silence::STARVES) {
                true => Some(|body| FaultKind::NeverRests { body }),
                false if is_allowed && !walk.judges_states => {
                    Some(|body| FaultKind::NothingRests { body })
                }
                false => None,
            };
            if let Some(kind) = kind.filter(|_| unjudged.is_none()) {
                let fault = goes_round(walk, unrolled, &component, obligation, kind);
                *unjudged =
                    fault.map(|fault| ([way_to(walk, start), round.clone()].concat(), fault));
            }
            let Some(verdict) = verdict.filter(|verdict| counts(verdict)) else {
                continue;
            };
            let any = Lasso {
                way: way_to(walk, start),
                round,
            };
            let known = best.as_ref().map(|best| best.lasso.len());
            let bound = known.map_or(any.len(), |known| known.min(any.len()));
            let within = Component {
                graph: &unrolled.graph,
                enabled: &unrolled.enabled,
                members: component.iter().copied().collect(),
                actors,
            };
            let (shorter, is_certain) =
                within.shortest(&|state| way_to(walk, state), bound, allowance);
            is_shortest &= is_certain;
            let lasso = shorter.unwrap_or(any);
            if known.is_none_or(|known| lasso.len() < known) {
                *best = Some(Found { lasso, verdict });
            }
        }
    }
    Ok(is_shortest)
}

/// Whether a rest follows a state: one in which nobody can go on, and that is no violation that was passed over.
fn may_rest<P: Program + ?Sized>(walk: &Walk<'_, P>, from: StateId) -> bool
where
    P::Watch: StateWatch,
{
    let (mut seen, mut open) = (BTreeSet::from([from]), vec![from]);
    while let Some(state) = open.pop() {
        let mut is_end = true;
        for (_, to) in walk.graph.successors(state) {
            is_end = false;
            if seen.insert(to) {
                open.push(to);
            }
        }
        if is_end && !walk.passed_over.contains(&state) {
            return true;
        }
    }
    false
}

/// The fault of an actor that takes steps in `component` and does not come to its end.
fn goes_round<P: Program + ?Sized>(
    walk: &Walk<'_, P>,
    unrolled: &Unrolled,
    component: &[u32],
    obligation: Obligation,
    kind: Kind,
) -> Option<Box<Fault>> {
    let Obligation::End(actor) = obligation else {
        return None;
    };
    let state = component.iter().copied().find(|&state| {
        let mut steps = unrolled.graph.successors(StateId(state));
        steps.any(|(mover, to)| mover == actor && component.contains(&to.0))
    })?;
    let local = unrolled.states[state as usize].actors[actor.index()].id;
    let body = walk.locals.innermost_loop(local);
    let call = walk.coroutines.call_of(local);
    Some(walk.coroutines.fault(actor, call, kind(body)))
}

/// Ends the search if the watch judges at rest: of an execution that never comes to rest it has said nothing.
fn never_rests<P: Program + ?Sized>(
    walk: &mut Walk<'_, P>,
    (path, fault): Unjudged,
) -> Result<(), Halt<Verdict<P>>>
where
    P::Watch: StateWatch,
{
    // Whose verdict can be none judges nothing.
    if size_of::<Option<Verdict<P>>>() == 0 {
        return Ok(());
    }
    let asked = |watch: &mut P::Watch, engine: &Engine| {
        // It is no rest, so a watch may well be surprised; what it says is not listened to.
        let asked = || panic::ask(|| drop(watch.at_rest(&engine.rest())));
        silence::heard(asked).1.has(Silence::AT_REST)
    };
    let says_nothing = verify::retrace(walk, &path, |_| None, None, asked, &mut |_| {
        ControlFlow::Continue(())
    })?;
    if says_nothing {
        return Ok(());
    }
    walk.spot = Spot::Path(path);
    Err(fault.into())
}

/// Whether each actor takes a step in `component`, or cannot go on in one of its states.
fn is_fair<P: Program + ?Sized>(
    walk: &Walk<'_, P>,
    unrolled: &Unrolled,
    component: &[u32],
) -> bool {
    let members: BTreeSet<u32> = component.iter().copied().collect();
    walk.coroutines.actors.iter().all(|info| {
        component.iter().any(|&state| {
            let steps = unrolled.graph.successors(StateId(state));
            let mut inside = steps.filter(|(_, to)| members.contains(&to.0));
            !unrolled.enabled[state as usize].contains(&info.id)
                || inside.any(|(actor, _)| actor == info.id)
        })
    })
}

/// A state of `component` and a round through it that is fair, if not the shortest: each actor either moves or cannot go
/// on at some point.
fn any_round(unrolled: &Unrolled, component: &[u32], actors: usize) -> (u32, Vec<Turn>) {
    let members: BTreeSet<u32> = component.iter().copied().collect();
    let start = component.iter().copied().min().unwrap_or_default();
    let mut round = Vec::new();
    let mut at = start;
    for actor in (0..u32::try_from(actors).expect("fewer than 2^32 actors")).map(ActorId) {
        let rests = |state: u32| !unrolled.enabled[state as usize].contains(&actor);
        let moves = |state: u32| {
            let mut steps = unrolled.graph.turns(StateId(state));
            steps.find(|(mover, to)| mover.actor == actor && members.contains(&to.0))
        };
        let Some(steps) = walk_to(unrolled, &members, at, |state| {
            rests(state) || moves(state).is_some()
        }) else {
            continue;
        };
        for (mover, to) in steps {
            round.push(mover);
            at = to;
        }
        if !rests(at)
            && let Some((mover, to)) = moves(at)
        {
            round.push(mover);
            at = to.0;
        }
    }
    // A round has at least one step.
    if round.is_empty() {
        let mut steps = unrolled.graph.turns(StateId(at));
        if let Some((mover, to)) = steps.find(|(_, to)| members.contains(&to.0)) {
            round.push(mover);
            at = to.0;
        }
    }
    let back = walk_to(unrolled, &members, at, |state| state == start)
        .expect("a component is strongly connected");
    round.extend(back.into_iter().map(|(mover, _)| mover));
    (start, round)
}

/// The shortest way within `members` from `start` to a state that is `wanted`.
fn walk_to(
    unrolled: &Unrolled,
    members: &BTreeSet<u32>,
    start: u32,
    wanted: impl Fn(u32) -> bool,
) -> Option<Vec<(Turn, u32)>> {
    let mut came: BTreeMap<u32, Option<(u32, Turn)>> = BTreeMap::from([(start, None)]);
    let mut open = VecDeque::from([start]);
    while let Some(state) = open.pop_front() {
        if wanted(state) {
            let mut way = Vec::new();
            let mut at = state;
            while let Some(&Some((from, turn))) = came.get(&at) {
                way.push((turn, at));
                at = from;
            }
            way.reverse();
            return Some(way);
        }
        for (turn, to) in unrolled.graph.turns(StateId(state)) {
            if members.contains(&to.0) && !came.contains_key(&to.0) {
                came.insert(to.0, Some((state, turn)));
                open.push_back(to.0);
            }
        }
    }
    None
}
