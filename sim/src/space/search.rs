//! The search: every reachable state, once.

mod arrive;
mod finish;

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Debug;

use super::erased::{Erased, ErasedWatch};
use super::graph::StateGraph;
use super::halt::{Counts, Halt, Monitor, general_fault};
use super::keys::{Gate, Keys};
use super::liveness;
use super::local::Locals;
use super::memory::Memory;
use super::merged::{MergedChecks, Merging};
use super::parked::{Beginning, ParkedCoroutines};
use super::prints::{self, Sample};
use super::recent::Recent;
use super::seen::{Seen, StateId};
use super::state::{Local, State, Status};
use super::step::Checks;
use super::verify;
use super::words::mix;
use super::{Chronicler, Order, Planted, Progress, Search, Space, SpaceEnd, StateWatch};
use crate::context;
use crate::coroutine::{HOST_STACK, StackPool, on_own_stack};
use crate::fault::{Fault, FaultKind};
use crate::panic;
use crate::program::{Actors, Program, judge_panic};
use crate::simulation::Verdict;
use crate::step::Turn;

/// A search under way.
pub(crate) struct Walk<'p, P: Program + ?Sized> {
    pub(crate) config: Search,
    pub(crate) program: &'p P,
    pub(crate) watch: P::Watch,
    pub(crate) coroutines: ParkedCoroutines<'p, P>,
    pub(crate) locals: Locals,
    pub(crate) keys: Keys,
    pub(crate) seen: Seen,
    pub(crate) graph: StateGraph,
    pub(crate) initial: State,
    pub(super) merged_checks: MergedChecks,
    pub(super) memory: Memory,
    /// Which of the states that describe themselves are compared by what they print.
    printed: Sample,
    recent: Recent,
    /// The states with a verdict that does not count.
    pub(super) passed_over: BTreeSet<StateId>,
    description: Vec<u8>,
    gate: Option<Box<Gate>>,
    open: VecDeque<Open>,
    /// What was seen so far; the transitions include those not in the graph yet.
    pub(super) progress: Progress,
    pub(super) key: Vec<u8>,
    pub(super) chronicler: Option<Chronicler<'p, Verdict<P>>>,
    /// Where the search is, for a fault to be shown with the steps that lead to it.
    pub(super) spot: Spot,
    /// Whether the watch judges states.
    pub(super) judges_states: bool,
}

/// Where a search is.
pub(super) enum Spot {
    /// In a state, or in a step from it.
    State(StateId, Option<Turn>),
    /// At the end of this path.
    Path(Vec<Turn>),
    /// With one actor by itself.
    Nowhere,
}

/// So many states that describe themselves are first compared by what they print before a share of the others is.
const FIRST_PRINTED: u64 = 300;

/// A state that waits to be expanded.
struct Open {
    id: StateId,
    state: State,
    /// For each actor the first one that does in this state what it does; empty if each is on its own.
    twins: Vec<u16>,
}

/// Runs the search that `config` describes, on a stack of its own.
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
    let start = |actors: &mut Actors<'_>| ErasedWatch(Box::new(program.start(actors)));
    let program = Erased { start: &start };
    on_a_stack(Box::new(|| {
        search(config, &program, chronicler, counts, monitor)
    }))
}

fn on_a_stack<V>(search: Box<dyn FnOnce() -> Space<V> + '_>) -> Space<V> {
    panic::install_hook();
    let search = || panic::watch_values(search);
    let mut space = match on_own_stack(&StackPool::new(HOST_STACK), search) {
        Ok(Ok(space)) => space,
        Ok(Err(fault)) => Space::ended(SpaceEnd::Fault(*fault)),
        Err(kind) => Space::ended(SpaceEnd::Fault(*general_fault(kind))),
    };
    if let Some(site) = context::take_caught()
        && matches!(space.end, SpaceEnd::Complete | SpaceEnd::Limit(_))
    {
        space.end = SpaceEnd::Fault(*general_fault(FaultKind::CaughtEnd(site)));
    }
    space
}

fn search<V: Debug>(
    config: &Search,
    program: &Erased<'_, V>,
    chronicler: Option<Chronicler<'_, V>>,
    counts: Counts<'_, V>,
    monitor: Monitor<'_>,
) -> Space<V> {
    let mut locals = Locals::of(config);
    let beginning = ParkedCoroutines::begin(program, config, &mut locals);
    let Beginning {
        coroutines,
        watch,
        values,
        roots,
    } = match beginning {
        Ok(beginning) => beginning,
        Err(fault) => return Space::ended(verify::beginning(config, program, *fault, counts)),
    };
    let (keys, gate) = Keys::of(config, &coroutines.actors);
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
        coroutines,
        locals,
        keys,
        seen: Seen::default(),
        graph: StateGraph::default(),
        initial,
        memory: Memory::start(config.max_bytes),
        printed: Sample::of(config, 5, FIRST_PRINTED),
        merged_checks: MergedChecks::default(),
        recent: Recent::default(),
        passed_over: BTreeSet::new(),
        description: Vec::new(),
        gate,
        open: VecDeque::new(),
        progress: Progress::default(),
        key: Vec::new(),
        // It lives longer than the program does here.
        chronicler: chronicler.map(|chronicler| chronicler as Chronicler<'_, V>),
        spot: Spot::State(StateId(0), None),
        judges_states: true,
    };
    let mut halted = walk.explore(counts, monitor);
    if halted.is_ok() {
        halted = liveness::starvation(&mut walk, counts, monitor);
    }
    if let Err(Halt::Fault(fault)) = &halted
        && matches!(fault.kind, FaultKind::Unrepeatable { .. })
        && let Err(Halt::Fault(told)) = walk.compare_pasts(monitor)
        && matches!(told.kind, FaultKind::Remembered { .. })
    {
        // The same, with the loop or the scope by name.
        halted = Err(Halt::Fault(told));
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
            self.expand(&open, counts, monitor)?;
        }
        self.compare_merged()?;
        self.spot = Spot::Nowhere;
        self.compare_pasts(monitor)?;
        self.look_again(counts, monitor)
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
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        let Open { id, state, twins } = open;
        let id = *id;
        let mut enabled = self.coroutines.enabled(state);
        if self.config.planted == Some(Planted::DroppedChoice) && enabled.len() > 2 {
            enabled.pop();
        }
        let checks = self.checks();
        let mut edges: Vec<(Turn, StateId)> = Vec::with_capacity(enabled.len());
        for actor in enabled {
            let first = twins.get(actor.index()).map(|&first| usize::from(first));
            let of_twin = edges
                .iter()
                .filter(|(turn, _)| Some(turn.actor.index()) == first);
            let taken: Vec<_> = of_twin.copied().collect();
            if !taken.is_empty() {
                for (other, to) in taken {
                    let turn = Turn { actor, ..other };
                    self.spot = Spot::State(id, Some(turn));
                    self.progress.transitions += 1;
                    edges.push((turn, to));
                    self.stand_in(state, turn, (id, to))?;
                }
                continue;
            }
            let mut turn = Turn::of(actor);
            loop {
                self.spot = Spot::State(id, Some(turn));
                let (taken, ways) = self.take_step(state, turn, checks)?;
                match taken {
                    Ok(after) => {
                        edges.push((turn, self.come_to(id, turn, after, counts, monitor)?));
                    }
                    Err(verdict) if counts(&verdict) => {
                        let evidence = verify::panicked(self, id, turn)?;
                        return Err(Halt::Found(Box::new(evidence)));
                    }
                    Err(_) => {
                        self.progress.passed_over += 1;
                        self.progress.panics += 1;
                    }
                }
                turn.way += 1;
                if turn.way >= ways {
                    break;
                }
            }
        }
        self.graph.add_edges(id, edges);
        Ok(())
    }

    /// Comes from `id` to the state after one of its steps.
    fn come_to(
        &mut self,
        id: StateId,
        turn: Turn,
        after: State,
        counts: Counts<'_, Verdict<P>>,
        monitor: Monitor<'_>,
    ) -> Result<StateId, Halt<Verdict<P>>> {
        self.progress.transitions += 1;
        self.within_memory()?;
        if self.is_drawn(0) {
            self.progress.repeated += 1;
            verify::repeat(self, id, turn, &after, monitor)?;
        }
        if let Some(to) = self.recognize(&after, true)? {
            // Alike descriptions are no proof either: one of them may leave something out.
            return self.merge(to, &after, Merging::Recognized);
        }
        let is_described = !self.description.is_empty();
        let print = match is_described && self.is_printed() {
            true => prints::print_of_state(&after),
            false => 0,
        };
        let way = Some((id, turn));
        let to = self.arrive(after, way, counts)?;
        if is_described {
            self.recent.remember(&self.description, to, way, print);
        }
        Ok(to)
    }

    /// The state after a step, or what the watch says of a panic in it; and in how many ways the step could go.
    #[expect(
        clippy::type_complexity,
        reason = "a state or a verdict, next to a number"
    )]
    pub(super) fn take_step(
        &mut self,
        state: &State,
        turn: Turn,
        checks: Checks,
    ) -> Result<(Result<State, Verdict<P>>, u32), Box<Fault>> {
        let (taken, ways) = self.coroutines.step(&mut self.locals, state, turn, checks);
        let taken = match taken {
            Ok(after) => Ok(after),
            Err(fault) => {
                let judged = judge_panic(&mut self.watch, &self.coroutines.actors, &fault);
                Err(judged.ok_or(fault)?)
            }
        };
        Ok((taken, ways))
    }

    /// Whether this transition is one of the share that is checked.
    pub(super) fn is_drawn(&self, purpose: u64) -> bool {
        let one_in = self.config.check_one_in;
        let draw = mix(mix(self.config.seed, purpose), self.progress.transitions);
        one_in != 0 && draw.is_multiple_of(u64::from(one_in))
    }
}
