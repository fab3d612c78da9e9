//! The search: every reachable state, once.

use std::collections::{BTreeSet, VecDeque};
use std::ops::ControlFlow;

use super::canonical::Canonizer;
use super::graph::StateGraph;
use super::liveness;
use super::local::Locals;
use super::recent::Recent;
use super::seen::{Seen, StateId, Values};
use super::state::{Local, SharedState, State, Status};
use super::step::Checks;
use super::troupe::{Beginning, Troupe};
use super::verify::{self, Sides};
use super::words::mix;
use super::{
    Evidence, Orbits, Order, Planted, Progress, Search, Space, SpaceEnd, StateWatch, Violation,
};
use crate::execution::{End, Fault, FaultKind};
use crate::program::Program;
use crate::simulation::Verdict;
use crate::step::ActorId;

/// How states are told apart.
pub(crate) enum Keys {
    /// By the values of their objects.
    Values(Values),
    /// By their descriptions.
    Described(Box<Canonizer>),
}

impl Keys {
    pub(crate) fn key(
        &mut self,
        state: &State,
        locals: &Locals,
        key: &mut Vec<u8>,
    ) -> Result<(), &'static str> {
        match self {
            Self::Values(values) => {
                values.key(&state.objects, &state.actors, locals, key);
                Ok(())
            }
            Self::Described(canonizer) => canonizer.key(state, locals, key),
        }
    }
}

/// The symmetric gate: states are kept apart by their values, and the canonical form of each is noted.
pub(crate) struct Gate {
    canonizer: Canonizer,
    orbits: Seen,
    /// The descriptions as they are: as many as there are states, or a description leaves something out.
    descriptions: Seen,
}

impl Gate {
    fn note(
        &mut self,
        state: &State,
        locals: &Locals,
        key: &mut Vec<u8>,
    ) -> Result<(), &'static str> {
        let Self {
            canonizer,
            orbits,
            descriptions,
        } = self;
        canonizer.describe(state, locals)?;
        canonizer.description(key);
        descriptions.insert(key);
        canonizer.canonical(key);
        orbits.insert(key);
        Ok(())
    }
}

/// A search under way.
pub(crate) struct Walk<'p, P: Program + ?Sized> {
    pub(crate) config: Search,
    pub(crate) program: &'p P,
    pub(crate) watch: P::Watch,
    pub(crate) troupe: Troupe<'p, P>,
    pub(crate) locals: Locals,
    pub(crate) keys: Keys,
    pub(crate) seen: Seen,
    pub(crate) graph: StateGraph,
    pub(crate) initial: State,
    sides: Sides,
    recent: Recent,
    /// The states with a verdict that does not count.
    passed_over: BTreeSet<StateId>,
    description: Vec<u8>,
    gate: Option<Box<Gate>>,
    open: VecDeque<Open>,
    /// What was seen so far; the transitions include those not in the graph yet.
    progress: Progress,
    key: Vec<u8>,
}

/// How many executions at random a search makes in the end, however small it was.
const FEWEST_STROLLS: u64 = 10;

/// And however large.
const MOST_STROLLS: u64 = 1_000;

/// A state that waits to be expanded.
struct Open {
    id: StateId,
    state: State,
    /// For each actor the first one that does in this state what it does; empty if each is on its own.
    twins: Vec<u16>,
}

/// Why a search stops before it has seen everything.
pub(crate) enum Halt<V> {
    Fault(Box<Fault>),
    Limit(String),
    Found(Box<Evidence<V>>),
}

impl<V> From<Box<Fault>> for Halt<V> {
    fn from(fault: Box<Fault>) -> Self {
        Self::Fault(fault)
    }
}

/// Who is told of the progress and decides whether to go on.
pub(crate) type Monitor<'a> = &'a mut dyn FnMut(&Progress) -> ControlFlow<String>;

/// Which verdicts count.
pub(crate) type Counts<'a, V> = &'a dyn Fn(&V) -> bool;

/// Runs the search that `config` describes.
pub(crate) fn run<P: Program + ?Sized>(
    config: &Search,
    program: &P,
    counts: Counts<'_, Verdict<P>>,
    monitor: Monitor<'_>,
) -> Space<Verdict<P>>
where
    P::Watch: StateWatch,
{
    let mut locals = Locals::new(config.symmetry.clone());
    let beginning = Troupe::begin(program, config.stack_size, &mut locals);
    let Beginning {
        troupe,
        watch,
        values,
        roots,
    } = match beginning {
        Ok(beginning) => beginning,
        Err(fault) => return Space::ended(SpaceEnd::Fault(*fault)),
    };
    let canonizer = config.symmetry.as_ref().map(|symmetry| {
        let mut canonizer = Canonizer::new(symmetry.clone(), &troupe.actors);
        canonizer.plant(config.planted);
        canonizer
    });
    let (keys, gate) = match canonizer {
        Some(canonizer) if config.gate => {
            let gate = Gate {
                canonizer,
                orbits: Seen::default(),
                descriptions: Seen::default(),
            };
            (Keys::Values(Values::default()), Some(Box::new(gate)))
        }
        Some(canonizer) => (Keys::Described(Box::new(canonizer)), None),
        None => (Keys::Values(Values::default()), None),
    };
    let initial = State {
        objects: values,
        actors: roots
            .into_iter()
            .map(|id| Local {
                id,
                status: Status::Awake,
            })
            .collect(),
    };
    let mut walk = Walk {
        config: config.clone(),
        program,
        watch,
        troupe,
        locals,
        keys,
        seen: Seen::default(),
        graph: StateGraph::default(),
        initial,
        sides: Sides::default(),
        recent: Recent::default(),
        passed_over: BTreeSet::new(),
        description: Vec::new(),
        gate,
        open: VecDeque::new(),
        progress: Progress::default(),
        key: Vec::new(),
    };
    let mut halted = walk.explore(counts, monitor);
    if halted.is_ok() {
        halted = liveness::starvation(&mut walk, counts, monitor);
    }
    walk.finish(halted)
}

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    fn checks(&self) -> Checks {
        Checks {
            twice: self.config.call_twice,
            waits: self.config.check_waits,
            planted: self.config.planted,
        }
    }

    fn explore(
        &mut self,
        counts: Counts<'_, Verdict<P>>,
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        let initial = self.initial.clone();
        self.make_key(&initial)?;
        self.arrive(initial, None, counts)?;
        while let Some(open) = self.take() {
            self.within_limits(self.seen.len(), monitor)?;
            self.expand(&open, counts)?;
        }
        self.compare_sides()?;
        self.stroll(counts, monitor)
    }

    /// Looks for what a complete search has not seen: see [`verify::stroll`].
    fn stroll(
        &mut self,
        counts: Counts<'_, Verdict<P>>,
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        if self.config.check_one_in == 0 {
            return Ok(());
        }
        let share = self.seen.len() as u64 / (10 * u64::from(self.config.check_one_in));
        let strolls = share.clamp(FEWEST_STROLLS, MOST_STROLLS);
        let checks = self.checks();
        for number in 0..strolls {
            self.within_limits(self.seen.len(), monitor)?;
            verify::stroll(self, number, checks, counts)?;
        }
        self.progress.strolls = strolls;
        Ok(())
    }

    /// Whether this many states are within the limits.
    pub(crate) fn within_limits(
        &self,
        states: usize,
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        if let Some(most) = self.config.max_states
            && states as u64 > most
        {
            return Err(Halt::Limit(format!("the limit of {most} states")));
        }
        match monitor(&self.measured()) {
            ControlFlow::Break(limit) => Err(Halt::Limit(limit)),
            ControlFlow::Continue(()) => Ok(()),
        }
    }

    /// The next state to expand.
    fn take(&mut self) -> Option<Open> {
        match self.config.order {
            Order::BreadthFirst => self.open.pop_front(),
            Order::DepthFirst => self.open.pop_back(),
        }
    }

    /// Takes every step that is possible in a state. Where several actors may be exchanged for each other, what
    /// one does stands for what the others do.
    fn expand(
        &mut self,
        open: &Open,
        counts: Counts<'_, Verdict<P>>,
    ) -> Result<(), Halt<Verdict<P>>> {
        let Open { id, state, twins } = open;
        let id = *id;
        let mut enabled = self.troupe.enabled(state);
        if self.config.planted == Some(Planted::DroppedChoice) && enabled.len() > 2 {
            enabled.pop();
        }
        if enabled.is_empty() {
            self.progress.rests += 1;
            return self.judge_rest(id, counts);
        }
        let checks = self.checks();
        let mut edges: Vec<(ActorId, StateId)> = Vec::with_capacity(enabled.len());
        for actor in enabled {
            let first = twins.get(actor.index()).map(|&first| usize::from(first));
            let taken = edges.iter().find(|(other, _)| Some(other.index()) == first);
            if let Some(&(_, to)) = taken {
                self.progress.transitions += 1;
                edges.push((actor, to));
                continue;
            }
            let after = self
                .troupe
                .step(&mut self.locals, state, actor.index(), checks)?;
            self.progress.transitions += 1;
            if self.is_drawn(0) {
                self.progress.repeated += 1;
                verify::repeat(self, id, actor, &after)?;
            }
            let to = match self.recognize(&after)? {
                // Alike descriptions are no proof either: one of them may leave something out.
                Some(to) => self.merge(to, &after)?,
                None => {
                    let to = self.arrive(after, Some((id, actor)), counts)?;
                    if !self.description.is_empty() {
                        self.recent.remember(&self.description, to);
                    }
                    to
                }
            };
            edges.push((actor, to));
        }
        self.graph.add_edges(id, edges);
        Ok(())
    }

    /// Comes to a state whose key is in `self.key`.
    fn arrive(
        &mut self,
        state: State,
        from: Option<(StateId, ActorId)>,
        counts: Counts<'_, Verdict<P>>,
    ) -> Result<StateId, Halt<Verdict<P>>> {
        let (id, is_new) = self.seen.insert(&self.key);
        if !is_new {
            return self.merge(id, &state);
        }
        self.graph.add_state(from);
        if let Some(gate) = &mut self.gate {
            let noted = gate.note(&state, &self.locals, &mut self.key);
            noted.map_err(|name| general_fault(FaultKind::NotDescribed(name)))?;
        }
        let depth = from.map_or(0, |(parent, _)| self.progress.depths[parent.index()] + 1);
        self.progress.depths.push(depth);
        let shared = SharedState {
            objects: &state.objects,
        };
        match self.watch.in_state(&shared) {
            None => {
                let mut twins = Vec::new();
                if let Keys::Described(canonizer) = &mut self.keys {
                    canonizer.twins(&mut twins);
                }
                self.open.push_back(Open { id, state, twins });
            }
            Some(verdict) if counts(&verdict) => {
                let evidence = verify::execution(self, id, verdict)?;
                return Err(Halt::Found(Box::new(evidence)));
            }
            // What follows a violation means nothing, also of one that does not count.
            Some(_) => {
                self.progress.passed_over += 1;
                self.passed_over.insert(id);
            }
        }
        Ok(id)
    }

    /// Takes `state` for the state `id`, and now and then looks whether it is.
    fn merge(&mut self, id: StateId, state: &State) -> Result<StateId, Halt<Verdict<P>>> {
        if matches!(self.keys, Keys::Described(_)) && self.is_drawn(1) {
            self.look_from_the_other_side(id, state)?;
        }
        Ok(id)
    }

    /// Judges a state in which nobody can go on, from an execution that leads there: what actors outside of
    /// primitives have left behind is only there in an execution.
    fn judge_rest(
        &mut self,
        id: StateId,
        counts: Counts<'_, Verdict<P>>,
    ) -> Result<(), Halt<Verdict<P>>> {
        let evidence = verify::rest(self, id)?;
        match &evidence.execution.end {
            End::Stopped { verdict, .. } if counts(verdict) => Err(Halt::Found(Box::new(evidence))),
            End::Stopped { .. } => {
                self.progress.passed_over += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Expands a state that was merged with another one, to compare how the two go on.
    fn look_from_the_other_side(
        &mut self,
        id: StateId,
        state: &State,
    ) -> Result<(), Halt<Verdict<P>>> {
        let shared = SharedState {
            objects: &state.objects,
        };
        let is_passed_over = self.passed_over.contains(&id);
        if self.watch.in_state(&shared).is_some() != is_passed_over {
            let tell = |has: bool| format!("{} verdict", if has { "a" } else { "no" });
            return Err(general_fault(FaultKind::Asymmetric {
                kept: tell(is_passed_over),
                merged: tell(!is_passed_over),
            })
            .into());
        }
        if is_passed_over {
            return Ok(());
        }
        let checks = self.checks();
        let mut keys = Vec::new();
        for actor in self.troupe.enabled(state) {
            let after = self
                .troupe
                .step(&mut self.locals, state, actor.index(), checks)?;
            self.make_key(&after)?;
            keys.push(self.key.clone());
        }
        self.sides.note(id, keys);
        self.progress.compared += 1;
        Ok(())
    }

    fn compare_sides(&self) -> Result<(), Halt<Verdict<P>>> {
        self.sides
            .compare(&self.seen, &self.graph)
            .map_err(|kind| general_fault(kind).into())
    }

    /// The state that was reached lately and is this one; if there is none, its key is in `self.key`.
    fn recognize(&mut self, state: &State) -> Result<Option<StateId>, Box<Fault>> {
        let Keys::Described(canonizer) = &mut self.keys else {
            self.description.clear();
            return self.make_key(state).map(|()| None);
        };
        let described = canonizer.describe(state, &self.locals);
        described.map_err(|name| general_fault(FaultKind::NotDescribed(name)))?;
        canonizer.description(&mut self.description);
        let known = self.recent.find(&self.description);
        if known.is_none() {
            canonizer.canonical(&mut self.key);
        }
        Ok(known)
    }

    fn make_key(&mut self, state: &State) -> Result<(), Box<Fault>> {
        let made = self.keys.key(state, &self.locals, &mut self.key);
        made.map_err(|name| general_fault(FaultKind::NotDescribed(name)))
    }

    /// Whether this transition is one of the share that is checked.
    fn is_drawn(&self, purpose: u64) -> bool {
        let one_in = self.config.check_one_in;
        let draw = mix(mix(self.config.seed, purpose), self.progress.transitions);
        one_in != 0 && draw.is_multiple_of(u64::from(one_in))
    }

    /// The progress, with what is counted elsewhere.
    pub(crate) fn measured(&self) -> Progress {
        Progress {
            states: self.seen.len() as u64,
            open: self.open.len() as u64,
            local_states: self.locals.len() as u64,
            coroutines: self.troupe.made(),
            bytes: (self.seen.size() + self.graph.size()) as u64,
            depths: Vec::new(),
            ..self.progress
        }
    }

    fn finish(mut self, halted: Result<(), Halt<Verdict<P>>>) -> Space<Verdict<P>> {
        let end = match halted {
            Ok(()) => SpaceEnd::Complete,
            Err(Halt::Fault(fault)) => SpaceEnd::Fault(*fault),
            Err(Halt::Limit(limit)) => SpaceEnd::Limit(limit),
            Err(Halt::Found(evidence)) => SpaceEnd::Violated(evidence),
        };
        let progress = self.measured();
        let depths = std::mem::take(&mut self.progress.depths);
        Space {
            end,
            depth: depths.iter().copied().max().unwrap_or(0),
            fingerprint: self.seen.fingerprint(),
            progress,
            orbits: self.gate.map(|gate| Orbits {
                orbits: gate.orbits.len() as u64,
                fingerprint: gate.orbits.fingerprint(),
                descriptions: gate.descriptions.len() as u64,
            }),
            graph: self.graph,
            seen: self.seen,
        }
    }
}

/// A fault of nobody in particular.
pub(crate) fn general_fault(kind: FaultKind) -> Box<Fault> {
    Box::new(Fault {
        actor: "the program".into(),
        operation: None,
        kind,
    })
}

impl<V> Evidence<V> {
    /// Which way the property fell.
    pub(crate) fn new(execution: crate::execution::Execution<V>, violation: Violation) -> Self {
        Self {
            execution,
            violation,
        }
    }
}
