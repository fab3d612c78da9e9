//! The states of a program that another tool runs: the same local states, the same keys.
//!
//! The search of this crate suspends its own coroutines in every local state. A tool with threads of its own
//! cannot do that, but it can run the program again and again and say, whenever nobody is in the middle of a
//! step, what the objects hold and what each actor has observed. That is a state, and here it gets the number
//! it would have in a [`Search`](super::Search) with the same [`Symmetry`].
//!
//! What a tool runs is repeated from the start each time. So whatever is remembered besides shared state and
//! results shows itself sooner or later, and is a [`Fault`]: an actor that goes on differently after the same
//! results, or a section that does two things in the same place ([`HostedStates::performed`]).

use std::fmt;
use std::sync::Arc;

use hashbrown::HashMap;

use super::Search;
use super::canonical::Canonizer;
use super::graph::StateGraph;
use super::halt::general_fault;
use super::local::{Arrival, LocalId, Locals};
use super::merged::{judged_alike, lead_alike};
use super::parked::differs;
use super::prints::{print_of, print_of_state};
use super::recent::Recent;
use super::seen::{Seen, StateId};
use super::standing::Standing;
use super::state::{Local, State, Status};
use super::symmetry::Symmetry;
use super::words::{HashWords, hash_value, mix};
use crate::fault::{Fault, FaultKind};
use crate::mark::Mark;
use crate::step::{ActorId, ActorInfo, Operation, Turn};
use crate::value::{Value, shown};

/// The states of a program that another tool runs.
pub struct HostedStates {
    actors: Vec<ActorInfo>,
    locals: Locals,
    canonizer: Canonizer,
    seen: Seen,
    graph: StateGraph,
    transitions: u64,
    /// The beginnings of the actors that have begun.
    roots: Vec<Option<LocalId>>,
    /// What is done in each local state; the inner `None` is the end of the actor.
    pending: Vec<Option<Option<Operation>>>,
    /// The states reached lately, with what they print.
    recent: Recent,
    /// What came of a section in a local state, on a value; and what that printed, or 0.
    outcomes: HashMap<(LocalId, bool, u64), (u64, u64), rustc_hash::FxBuildHasher>,
    description: Vec<u8>,
    key: Vec<u8>,
}

/// So many states and outcomes are first compared by what they print before one in [`PRINTED_ONE_IN`] is.
const FIRST_PRINTED: usize = 300;

const PRINTED_ONE_IN: u64 = 100;

impl fmt::Debug for HostedStates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostedStates")
            .field("states", &self.seen.len())
            .finish_non_exhaustive()
    }
}

impl HostedStates {
    /// No states yet. The actors are given by name and class, in the order of spawning.
    #[must_use]
    pub fn new(symmetry: Symmetry, actors: impl IntoIterator<Item = (String, String)>) -> Self {
        let actors: Vec<ActorInfo> = (0_u32..)
            .zip(actors)
            .map(|(place, (name, class))| ActorInfo {
                is_idle: false,
                id: ActorId(place),
                name: name.into(),
                class: class.into(),
            })
            .collect();
        Self {
            locals: Locals::of(&Search {
                symmetry: Some(symmetry.clone()),
                ..Search::default()
            }),
            canonizer: Canonizer::new(symmetry, &actors),
            seen: Seen::default(),
            graph: StateGraph::default(),
            transitions: 0,
            roots: vec![None; actors.len()],
            pending: Vec::new(),
            outcomes: HashMap::default(),
            recent: Recent::default(),
            description: Vec::new(),
            key: Vec::new(),
            actors,
        }
    }

    /// An actor has come to these marks, and then to its first operation or to its end.
    ///
    /// # Errors
    ///
    /// A fault if that is not what it did when it began before.
    pub fn begin(
        &mut self,
        actor: usize,
        marks: &[Mark],
        next: Option<Operation>,
    ) -> Result<Standing, Box<Fault>> {
        let known = self.roots[actor];
        let root = known.unwrap_or_else(|| self.locals.root(self.actors[actor].id, marks));
        self.roots[actor] = Some(root);
        self.arrived(Arrival::by_the_way(root), next)
    }

    /// An actor has observed `result` and come to these marks, and then to its next operation or to its end.
    ///
    /// # Errors
    ///
    /// A fault if that is not what it did after the same results before, or if the result does not describe
    /// itself.
    pub fn learn(
        &mut self,
        from: Standing,
        result: &dyn Value,
        marks: &[Mark],
        next: Option<Operation>,
    ) -> Result<Standing, Box<Fault>> {
        let learned = self.locals.learn(from.0.id, result, marks);
        let arrival = learned.map_err(|kind| self.fault(from.0.id, kind))?;
        self.arrived(arrival, next)
    }

    /// Takes note of what is done in a local state, which must be what was done there before.
    fn arrived(
        &mut self,
        Arrival { id, forgot }: Arrival,
        next: Option<Operation>,
    ) -> Result<Standing, Box<Fault>> {
        if self.pending.len() < self.locals.len() {
            self.pending.resize(self.locals.len(), None);
        }
        let known = *self.pending[id.index()].get_or_insert(next);
        if known != next {
            let tell = |operation: Option<Operation>| match operation {
                None => "the end of the actor".to_owned(),
                Some(operation) => format!("{operation} at {}", operation.location),
            };
            let kind = differs(forgot, tell(known), tell(next));
            return Err(self.fault(id, kind));
        }
        Ok(Standing(Local {
            id,
            status: Status::Awake,
        }))
    }

    /// An actor has taken its step on an object that held `before` and holds `after`; without a result it fell
    /// asleep.
    ///
    /// # Errors
    ///
    /// A fault if something else came of it when it stood there on the same value before, or if it fell asleep
    /// and changed the object.
    pub fn performed(
        &mut self,
        from: Standing,
        before: &dyn Value,
        result: Option<&dyn Value>,
        after: &dyn Value,
    ) -> Result<(), Box<Fault>> {
        if result.is_none() && !before.equals(after) {
            let kind = FaultKind::MutatingWait {
                before: shown(before),
                after: shown(after),
            };
            return Err(self.fault(from.0.id, kind));
        }
        let learned = result.map_or(0, |result| hash_value(1, result));
        let outcome = hash_value(learned, after);
        let place = (
            from.0.id,
            from.0.status == Status::Woken,
            hash_value(0, before),
        );
        let is_printed =
            self.outcomes.len() < FIRST_PRINTED || place.2.is_multiple_of(PRINTED_ONE_IN);
        let printed = || mix(print_of(after), result.map_or(0, print_of)).max(1);
        let (known, known_print) = *self
            .outcomes
            .entry(place)
            .or_insert_with(|| (outcome, if is_printed { printed() } else { 0 }));
        // Also by what is printed: an equality coarser than the value hides what differs.
        if known != outcome || known_print != 0 && known_print != printed() {
            let found = match result {
                Some(result) => format!("{} leaving {}", shown(result), shown(after)),
                None => "falling asleep".to_owned(),
            };
            let kind = FaultKind::Unrepeatable {
                expected: format!("what came of the same section on {} before", shown(before)),
                found,
            };
            return Err(self.fault(from.0.id, kind));
        }
        Ok(())
    }

    /// Comes to a state by the step of an actor, or begins with it: its number, and whether it is new.
    ///
    /// # Errors
    ///
    /// A fault if something in it does not describe itself.
    pub fn reach(
        &mut self,
        objects: Vec<Arc<dyn Value>>,
        actors: &[Standing],
        from: Option<(StateId, usize)>,
    ) -> Result<(StateId, bool), Box<Fault>> {
        self.transitions += u64::from(from.is_some());
        let state = self.make_key(objects, actors)?;
        let (id, is_new) = self.seen.insert(&self.key);
        let way = from.map(|(parent, place)| (parent, Turn::of(self.actors[place].id)));
        if is_new {
            self.graph.add_state(way);
        }
        let is_printed = self.seen.len() <= FIRST_PRINTED
            || self.description.hash_words().is_multiple_of(PRINTED_ONE_IN);
        match self.recent.find(&self.description) {
            None => {
                let print = if is_printed {
                    print_of_state(&state)
                } else {
                    0
                };
                self.recent.remember(&self.description, id, way, print);
            }
            Some(known) if known.print == 0 || known.print == print_of_state(&state) => {}
            Some(_) => {
                return Err(general_fault(FaultKind::CoarseDescription {
                    what: "what an object holds or an actor learned".to_owned(),
                    kept: "one thing".to_owned(),
                    merged: "another one".to_owned(),
                }));
            }
        }
        Ok((id, is_new))
    }

    fn make_key(
        &mut self,
        objects: Vec<Arc<dyn Value>>,
        actors: &[Standing],
    ) -> Result<State, Box<Fault>> {
        let state = State {
            objects,
            actors: actors.iter().map(|standing| standing.0).collect(),
        };
        let described = self.canonizer.describe(&state, &self.locals);
        described.map_err(|type_name| general_fault(FaultKind::NotDescribed(type_name)))?;
        self.canonizer.description(&mut self.description);
        self.canonizer.canonical(&mut self.key);
        Ok(state)
    }

    /// The number of a state, if it was reached.
    ///
    /// # Errors
    ///
    /// A fault if something in it does not describe itself.
    pub fn number_of(
        &mut self,
        objects: Vec<Arc<dyn Value>>,
        actors: &[Standing],
    ) -> Result<Option<StateId>, Box<Fault>> {
        self.make_key(objects, actors)?;
        Ok(self.seen.number_of(&self.key))
    }

    /// Whether the step taken last is one of the share that is checked: one in so many, or none for 0.
    #[must_use]
    pub fn is_drawn(&self, seed: u64, one_in: u32) -> bool {
        let draw = mix(mix(seed, 1), self.transitions);
        one_in != 0 && draw.is_multiple_of(u64::from(one_in))
    }

    /// All steps from `id` have been taken, and this is where they led: each actor's place and the state.
    pub fn expanded(&mut self, id: StateId, steps: &[(usize, StateId)]) {
        let steps = steps.iter();
        let steps = steps.map(|&(place, to)| (Turn::of(self.actors[place].id), to));
        self.graph.add_edges(id, steps);
    }

    /// The actors' places on the way on which `id` was first reached.
    #[must_use]
    pub fn path(&self, id: StateId) -> Vec<usize> {
        let path = self.graph.path(id);
        path.into_iter().map(|turn| turn.actor.index()).collect()
    }

    /// How many different states were reached.
    #[must_use]
    pub fn states(&self) -> u64 {
        self.seen.len() as u64
    }

    /// How many steps were taken between them.
    #[must_use]
    pub fn transitions(&self) -> u64 {
        self.transitions
    }

    /// A number for the set of states: [`Space::fingerprint`](super::Space::fingerprint) of a search that finds
    /// the same set.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.seen.fingerprint()
    }

    /// Bytes of keys and graph.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        (self.seen.size() + self.graph.size()) as u64
    }

    /// Compares a state that was merged with `id` with it, when both have been expanded: they must lead to the
    /// same states. `found` is where the merged one leads; `None` is a state that was never reached.
    ///
    /// # Errors
    ///
    /// A fault if they do not.
    pub fn compare(&self, id: StateId, found: &[Option<StateId>]) -> Result<(), Box<Fault>> {
        lead_alike(&self.graph, id, found.to_vec())
    }

    /// Compares the verdicts on a state and on one that was merged with it: whether each has one.
    ///
    /// # Errors
    ///
    /// A fault if only one of them has.
    pub fn compare_verdicts(&self, kept: bool, merged: bool) -> Result<(), Box<Fault>> {
        judged_alike(kept, merged)
    }

    /// Whether an execution could go round for ever: whether the states lie on a cycle.
    #[must_use]
    pub fn have_a_cycle(&self) -> bool {
        let components = self.graph.components(|_| true);
        let mut components = components.iter();
        components.any(|component| self.graph.is_cyclic(component))
    }

    /// How many actors there are.
    #[must_use]
    pub fn actors(&self) -> usize {
        self.actors.len()
    }

    /// The name of the actor at this place in the order of spawning.
    #[must_use]
    pub fn name(&self, place: usize) -> &str {
        &self.actors[place].name
    }

    fn fault(&self, id: LocalId, kind: FaultKind) -> Box<Fault> {
        let pending = self.pending.get(id.index()).copied();
        let name = Arc::clone(&self.actors[self.locals.actor(id).index()].name);
        Box::new(Fault::new(name, pending.flatten().flatten(), kind))
    }
}
