//! The shortest way into a fair cycle and around it.
//!
//! A round is fair if each actor takes a step in it or cannot go on in one of its states. So a search breadth first over
//! pairs of a state and the actors that have had their due finds a shortest round through a state. The states are tried
//! one after the other, those nearest to the beginning first, as long as they can beat what is known.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::graph::StateGraph;
use super::seen::StateId;
use crate::step::{ActorId, Turn};

/// The most actors that a set can hold.
const MOST_ACTORS: usize = 64;

/// A way into a cycle, and a fair round in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lasso {
    /// The steps that lead into the cycle.
    pub(super) way: Vec<Turn>,
    /// Those that lead around it; at least one.
    pub(super) round: Vec<Turn>,
}

impl Lasso {
    /// How many steps it has.
    pub(super) fn len(&self) -> usize {
        self.way.len() + self.round.len()
    }
}

/// The states of a fair component, in a graph in which every actor has a name.
pub(super) struct Component<'a> {
    pub(super) graph: &'a StateGraph,
    /// The actors that can go on in each state of the graph.
    pub(super) enabled: &'a [Vec<ActorId>],
    /// The states of the component.
    pub(super) members: BTreeSet<u32>,
    /// How many actors there are.
    pub(super) actors: usize,
}

/// How many pairs of a state and a set of actors a search may still look at.
#[derive(Debug)]
pub(super) struct Allowance(pub(super) usize);

/// A state, and who has had its due, one bit each.
type Pair = (u32, u64);

impl Component<'_> {
    /// The shortest lasso of fewer than `bound` steps, given how to come to a state; whether it is certain that no other
    /// one is shorter.
    pub(super) fn shortest(
        &self,
        way_to: &dyn Fn(u32) -> Vec<Turn>,
        bound: usize,
        allowance: &mut Allowance,
    ) -> (Option<Lasso>, bool) {
        if self.actors > MOST_ACTORS {
            return (None, false);
        }
        let ways = self.members.iter().map(|&state| (way_to(state), state));
        let mut ways: Vec<(Vec<Turn>, u32)> = ways.collect();
        ways.sort_by_key(|(way, state)| (way.len(), *state));
        let (mut best, mut bound) = (None, bound);
        for (way, state) in ways {
            // A round takes a step.
            let Some(room) = bound.checked_sub(way.len() + 1).filter(|&room| room > 0) else {
                break;
            };
            match self.round(state, room, allowance) {
                Some(Some(round)) => {
                    bound = way.len() + round.len();
                    best = Some(Lasso { way, round });
                }
                Some(None) => {}
                None => return (best, false),
            }
        }
        (best, true)
    }

    /// A shortest fair round through `start` of at most `room` steps, if there is one; `None` if that was not found out.
    fn round(
        &self,
        start: u32,
        room: usize,
        allowance: &mut Allowance,
    ) -> Option<Option<Vec<Turn>>> {
        let all = u64::MAX >> (MOST_ACTORS - self.actors);
        let begin: Pair = (start, self.resting(start));
        let mut came: BTreeMap<Pair, Option<(Pair, Turn)>> = BTreeMap::from([(begin, None)]);
        let mut open = VecDeque::from([(begin, 0_usize)]);
        while let Some((pair, taken)) = open.pop_front() {
            allowance.0 = allowance.0.checked_sub(1)?;
            if taken == room {
                continue;
            }
            let (state, served) = pair;
            for (turn, to) in self.graph.turns(StateId(state)) {
                if !self.members.contains(&to.0) {
                    continue;
                }
                let next = (to.0, served | bit(turn.actor) | self.resting(to.0));
                if next == (start, all) {
                    let mut round = vec![turn];
                    let mut at = pair;
                    while let Some(&Some((before, turn))) = came.get(&at) {
                        round.push(turn);
                        at = before;
                    }
                    round.reverse();
                    return Some(Some(round));
                }
                if let std::collections::btree_map::Entry::Vacant(new) = came.entry(next) {
                    new.insert(Some((pair, turn)));
                    open.push_back((next, taken + 1));
                }
            }
        }
        Some(None)
    }

    /// Who cannot go on in a state.
    fn resting(&self, state: u32) -> u64 {
        let all = u64::MAX >> (MOST_ACTORS - self.actors);
        let enabled = self.enabled[state as usize].iter();
        all & !enabled.fold(0, |bits, &actor| bits | bit(actor))
    }
}

fn bit(actor: ActorId) -> u64 {
    1 << actor.index()
}
