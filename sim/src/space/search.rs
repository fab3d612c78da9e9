//! The search: every reachable state, once.

use std::collections::{BTreeSet, VecDeque};

use super::graph::StateGraph;
use super::halt::{Counts, Halt, Monitor, general_fault};
use super::keys::{Gate, Keys};
use super::liveness;
use super::local::Locals;
use super::recent::Recent;
use super::seen::{Seen, StateId};
use super::sides::Sides;
use super::state::{Local, SharedState, State, Status};
use super::step::Checks;
use super::troupe::{Beginning, Troupe};
use super::verify;
use super::words::mix;
use super::{Chronicler, Order, Planted, Progress, Reached, Search, Space, SpaceEnd, StateWatch};
use crate::execution::{End, Fault, FaultKind};
use crate::program::Program;
use crate::simulation::Verdict;
use crate::step::ActorId;

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
    pub(super) sides: Sides,
    recent: Recent,
    /// The states with a verdict that does not count.
    pub(super) passed_over: BTreeSet<StateId>,
    description: Vec<u8>,
    gate: Option<Box<Gate>>,
    open: VecDeque<Open>,
    /// What was seen so far; the transitions include those not in the graph yet.
    pub(super) progress: Progress,
    pub(super) key: Vec<u8>,
    chronicler: Option<Chronicler<'p, Verdict<P>>>,
}

/// A state that waits to be expanded.
struct Open {
    id: StateId,
    state: State,
    /// For each actor the first one that does in this state what it does; empty if each is on its own.
    twins: Vec<u16>,
}

/// Runs the search that `config` describes.
pub(crate) fn run<'p, P: Program + ?Sized>(
    config: &Search,
    program: &'p P,
    chronicler: Option<Chronicler<'p, Verdict<P>>>,
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
    let (keys, gate) = Keys::of(config, &troupe.actors);
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
        chronicler,
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
    pub(super) fn checks(&self) -> Checks {
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
        self.sides.compare(&self.seen, &self.graph)?;
        self.stroll(counts, monitor)
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
        let (id, is_new) = match self.within_states(self.seen.len() + 1) {
            Ok(()) => self.seen.insert(&self.key),
            Err(full) => match self.seen.number_of(&self.key) {
                Some(id) => (id, false),
                None => {
                    // The step leads to a state that is not counted, so it is not counted either.
                    self.progress.transitions -= u64::from(from.is_some());
                    return Err(full);
                }
            },
        };
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
            None if self.troupe.is_at_rest(&state) => {
                self.progress.rests += 1;
                let verdict = self.judge_rest(id, counts)?;
                self.tell(id, &state, verdict.as_ref());
            }
            None => {
                self.tell(id, &state, None);
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
            Some(verdict) => {
                self.progress.passed_over += 1;
                self.passed_over.insert(id);
                self.tell(id, &state, Some(&verdict));
            }
        }
        Ok(id)
    }

    /// Judges a state in which nobody can go on, from an execution that leads there: what actors outside of
    /// primitives have left behind is only there in an execution. Gives the verdict, if it does not count.
    fn judge_rest(
        &mut self,
        id: StateId,
        counts: Counts<'_, Verdict<P>>,
    ) -> Result<Option<Verdict<P>>, Halt<Verdict<P>>> {
        let evidence = verify::rest(self, id)?;
        match evidence.execution.verdict() {
            Some(verdict) if counts(verdict) => return Err(Halt::Found(Box::new(evidence))),
            Some(_) => self.progress.passed_over += 1,
            None => {}
        }
        Ok(match evidence.execution.end {
            End::Stopped { verdict, .. } => Some(verdict),
            _ => None,
        })
    }

    /// Tells of a state that was reached, if anybody listens.
    fn tell(&mut self, id: StateId, state: &State, verdict: Option<&Verdict<P>>) {
        if let Some(chronicler) = &mut self.chronicler {
            let offers = self.troupe.offers(state);
            chronicler(&Reached {
                state: id,
                offers: &offers,
                verdict,
            });
        }
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

    pub(super) fn make_key(&mut self, state: &State) -> Result<(), Box<Fault>> {
        let made = self.keys.key(state, &self.locals, &mut self.key);
        made.map_err(|name| general_fault(FaultKind::NotDescribed(name)))
    }

    /// Whether this transition is one of the share that is checked.
    pub(super) fn is_drawn(&self, purpose: u64) -> bool {
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
            orders: self.troupe.orders,
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
            orbits: self.gate.map(|gate| gate.orbits()),
            graph: self.graph,
            seen: self.seen,
        }
    }
}
