//! The graph of states: edges, numbers of paths, and strongly connected components.

use std::collections::BTreeMap;

use super::seen::StateId;
use crate::step::{ActorId, Turn};

/// The states that were reached and the steps between them.
#[derive(Clone, Debug, Default)]
pub struct StateGraph {
    /// For each state, where its edges begin and how many there are.
    spans: Vec<(u32, u32)>,
    targets: Vec<u32>,
    actors: Vec<u16>,
    /// From which state, by whose step, each state was first reached.
    parents: Vec<(u32, u16)>,
    /// Which way was gone, by edge and by state reached, where it was not the first: most operations have only one.
    edge_ways: BTreeMap<u32, u16>,
    parent_ways: BTreeMap<u32, u16>,
}

/// No parent: the initial state.
const ROOT: u32 = u32::MAX;

impl StateGraph {
    /// How many states there are.
    #[must_use]
    pub fn states(&self) -> usize {
        self.parents.len()
    }

    /// How many steps there are between them.
    #[must_use]
    pub fn transitions(&self) -> usize {
        self.targets.len()
    }

    /// The state everything begins in; `None` if the search ended before it.
    #[must_use]
    pub fn initial(&self) -> Option<StateId> {
        (!self.parents.is_empty()).then_some(StateId(0))
    }

    /// All states, in the order in which they were reached.
    pub fn all(&self) -> impl Iterator<Item = StateId> + use<> {
        (0..self.parents.len() as u32).map(StateId)
    }

    /// Where the steps from `state` lead, and whose they are.
    pub fn successors(&self, state: StateId) -> impl Iterator<Item = (ActorId, StateId)> {
        self.turns(state).map(|(turn, to)| (turn.actor, to))
    }

    /// Where the steps from `state` lead, whose they are, and which way each goes.
    pub fn turns(&self, state: StateId) -> impl Iterator<Item = (Turn, StateId)> {
        let (start, count) = self.spans[state.index()];
        (start..start + count).map(|edge| {
            let place = edge as usize;
            let turn = Turn {
                actor: ActorId(u32::from(self.actors[place])),
                way: way(&self.edge_ways, edge),
            };
            (turn, StateId(self.targets[place]))
        })
    }

    /// The steps that lead from the initial state to `state`, on the way it was first reached: in a
    /// search breadth first, a shortest way.
    #[must_use]
    pub fn path(&self, state: StateId) -> Vec<Turn> {
        let mut path = Vec::new();
        let mut at = state.0;
        loop {
            let (parent, actor) = self.parents[at as usize];
            if parent == ROOT {
                break;
            }
            path.push(Turn {
                actor: ActorId(u32::from(actor)),
                way: way(&self.parent_ways, at),
            });
            at = parent;
        }
        path.reverse();
        path
    }

    /// How many executions the graph stands for: its maximal paths. `None` if it has a cycle, or if there are
    /// 2^128 and more.
    #[must_use]
    pub fn maximal_paths(&self) -> Option<u128> {
        if self.parents.is_empty() {
            return Some(0);
        }
        let mut counts: Vec<u128> = vec![0; self.states()];
        let components = self.components(|_| true);
        // Components are found after everything they lead to.
        for component in components {
            let &[state] = component.as_slice() else {
                return None;
            };
            let id = StateId(state);
            let mut total: u128 = 0;
            let mut is_last = true;
            for (_, next) in self.successors(id) {
                if next == id {
                    return None;
                }
                is_last = false;
                total = total.checked_add(counts[next.index()])?;
            }
            counts[id.index()] = if is_last { 1 } else { total };
        }
        Some(counts[0])
    }

    /// The strongly connected components among the states that `include` admits, each after all that it leads
    /// to (Tarjan, SIAM Journal on Computing, 1972).
    pub(crate) fn components(&self, include: impl Fn(StateId) -> bool) -> Vec<Vec<u32>> {
        let states = self.states();
        let mut order = vec![0_u32; states];
        let mut low = vec![0_u32; states];
        let mut on_stack = vec![false; states];
        let mut stack: Vec<u32> = Vec::new();
        let mut components = Vec::new();
        let mut next_order = 1;
        let mut calls: Vec<(u32, u32)> = Vec::new();
        for root in 0..u32::try_from(states).expect("fewer than 2^32 states") {
            if order[root as usize] != 0 || !include(StateId(root)) {
                continue;
            }
            calls.push((root, 0));
            while let Some((state, edge)) = calls.pop() {
                let at = state as usize;
                if edge == 0 {
                    order[at] = next_order;
                    low[at] = next_order;
                    next_order += 1;
                    stack.push(state);
                    on_stack[at] = true;
                } else {
                    // Back from the edge before.
                    let (start, _) = self.spans[at];
                    let child = self.targets[(start + edge - 1) as usize] as usize;
                    if on_stack[child] {
                        low[at] = low[at].min(low[child]);
                    }
                }
                let (start, count) = self.spans[at];
                let mut edge = edge;
                let mut descends = false;
                while edge < count {
                    let target = self.targets[(start + edge) as usize];
                    edge += 1;
                    if order[target as usize] == 0 && include(StateId(target)) {
                        calls.push((state, edge));
                        calls.push((target, 0));
                        descends = true;
                        break;
                    }
                    if on_stack[target as usize] {
                        low[at] = low[at].min(order[target as usize]);
                    }
                }
                if !descends && low[at] == order[at] {
                    let mut component = Vec::new();
                    while let Some(member) = stack.pop() {
                        on_stack[member as usize] = false;
                        component.push(member);
                        if member == state {
                            break;
                        }
                    }
                    components.push(component);
                }
            }
        }
        components
    }

    /// Whether execution can stay in `component` for ever.
    pub(crate) fn is_cyclic(&self, component: &[u32]) -> bool {
        component.len() > 1
            || component
                .iter()
                .any(|&state| self.successors(StateId(state)).any(|(_, to)| to.0 == state))
    }

    pub(crate) fn add_state(&mut self, parent: Option<(StateId, Turn)>) {
        let state = u32::try_from(self.parents.len()).expect("fewer than 2^32 states");
        note_way(
            &mut self.parent_ways,
            state,
            parent.map_or(0, |(_, turn)| turn.way),
        );
        self.parents.push(match parent {
            Some((parent, turn)) => (parent.0, short(turn.actor)),
            None => (ROOT, 0),
        });
        self.spans.push((0, 0));
    }

    pub(crate) fn add_edges(
        &mut self,
        from: StateId,
        edges: impl IntoIterator<Item = (Turn, StateId)>,
    ) {
        let start = u32::try_from(self.targets.len()).expect("fewer than 2^32 transitions");
        for (turn, to) in edges {
            let edge = u32::try_from(self.targets.len()).expect("fewer than 2^32 transitions");
            note_way(&mut self.edge_ways, edge, turn.way);
            self.actors.push(short(turn.actor));
            self.targets.push(to.0);
        }
        let end = u32::try_from(self.targets.len()).expect("fewer than 2^32 transitions");
        self.spans[from.index()] = (start, end - start);
    }

    /// How many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.spans.capacity() * 8
            + self.targets.capacity() * 4
            + self.actors.capacity() * 2
            + self.parents.capacity() * 8
            + (self.edge_ways.len() + self.parent_ways.len()) * WAY_BYTES
    }
}

/// About how many bytes a way takes in its map.
const WAY_BYTES: usize = 12;

fn way(ways: &BTreeMap<u32, u16>, place: u32) -> u32 {
    if ways.is_empty() {
        return 0;
    }
    ways.get(&place).copied().map_or(0, u32::from)
}

fn note_way(ways: &mut BTreeMap<u32, u16>, place: u32, way: u32) {
    if way != 0 {
        ways.insert(place, u16::try_from(way).expect("at most 2^16 ways"));
    }
}

fn short(actor: ActorId) -> u16 {
    u16::try_from(actor.index()).expect("fewer than 2^16 actors")
}
