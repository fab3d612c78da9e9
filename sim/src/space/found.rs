//! What a search has found, and how far it came.

use super::graph::StateGraph;
use super::seen::Seen;
use crate::execution::{Execution, Fault};
use crate::orders::WordOrders;

/// What a search has seen so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Different states.
    pub states: u64,
    /// Steps between them.
    pub transitions: u64,
    /// States that wait to be expanded.
    pub open: u64,
    /// States in which nobody can go on.
    pub rests: u64,
    /// States with a verdict that does not count.
    pub passed_over: u64,
    /// Steps in which somebody panicked, with a verdict that does not count; they lead nowhere.
    pub panics: u64,
    /// Transitions repeated from scratch.
    pub repeated: u64,
    /// Merged states looked at from the other side.
    pub compared: u64,
    /// Executions at random that were compared with a complete search.
    pub random_executions: u64,
    /// How many executions there are, if they were few enough to run all of them in the end.
    pub all_executions: Option<u128>,
    /// Local states of actors.
    pub local_states: u64,
    /// Coroutines made.
    pub coroutines: u64,
    /// Bytes of keys and graph.
    pub bytes: u64,
    /// With which memory orderings words were used; the search is sequentially consistent whatever they are.
    pub orders: WordOrders,
    /// How far from the beginning each state was first reached.
    pub(super) depths: Vec<u32>,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpaceEnd<V> {
    /// Every reachable state was seen, but for those behind a verdict that does not count; nothing counted
    /// against any.
    Complete,
    /// A violation.
    Violated(Box<Evidence<V>>),
    /// This limit was reached, and there is more.
    Limit(String),
    /// The program broke a rule or panicked, or what was declared of it is not so.
    Fault(Fault),
}

/// An execution that shows a violation, run from scratch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence<V> {
    /// The execution; its end has the verdict.
    pub execution: Execution<V>,
    /// In which way the property fell.
    pub violation: Violation,
    /// Whether no cycle takes fewer steps to come to and to go around. It is only known where no actors are exchanged,
    /// and where the limit on the pairs of a state and the actors that have had their due was not reached. Always true
    /// of what is no cycle.
    pub is_shortest: bool,
}

/// In which way a property fell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// In the last step.
    Step,
    /// Because nobody can go on.
    Rest,
    /// Because the steps from here on, counted from 1, can be repeated for ever.
    Cycle {
        /// The first step of the loop.
        loop_from: usize,
    },
}

/// The canonical forms of states that were not merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orbits {
    /// How many there are: as many as a search that merges has states.
    pub orbits: u64,
    /// A number for the set of them: that of a search that merges.
    pub fingerprint: u64,
    /// How many different descriptions the states have: as many as there are states, unless a description
    /// leaves something out.
    pub descriptions: u64,
}

/// What a search has found.
pub struct Space<V> {
    /// How it ended.
    pub end: SpaceEnd<V>,
    /// What was seen.
    pub progress: Progress,
    /// How many steps the farthest state is away from the beginning, on the way it was first reached.
    pub depth: u32,
    /// A number for the set of states, the same for every search that finds this set by the same descriptions;
    /// it means nothing for states that do not describe themselves.
    pub fingerprint: u64,
    /// The canonical forms, if the search was asked for them.
    pub orbits: Option<Orbits>,
    /// The graph, as far as states were expanded.
    pub graph: StateGraph,
    pub(super) seen: Seen,
}

impl<V> Evidence<V> {
    /// Which way the property fell.
    pub(super) fn new(execution: Execution<V>, violation: Violation) -> Self {
        Self {
            execution,
            violation,
            is_shortest: true,
        }
    }
}

impl<V> Space<V> {
    pub(super) fn ended(end: SpaceEnd<V>) -> Self {
        Self {
            end,
            progress: Progress::default(),
            depth: 0,
            fingerprint: 0,
            orbits: None,
            graph: StateGraph::default(),
            seen: Seen::default(),
        }
    }

    /// Whether every reachable state was seen and nothing counted against any.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        matches!(self.end, SpaceEnd::Complete)
    }

    /// The keys of the states, in the order in which they were reached.
    pub fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.seen.keys()
    }
}
