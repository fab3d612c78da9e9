//! All executions of a program, or a sample of them, as one graph.
//!
//! Each maximal path is an execution. Where every state was visited the paths are all executions there are, and
//! what is said of them is exact; a sample is the same thing as a tree of the executions that were run.

use std::collections::{BTreeMap, VecDeque};

use crate::execution::End;
use crate::fault::Fault;
use crate::instance::{Fallen, Instance};
use crate::observed::run_once;
use crate::schedule::{Chosen, Schedule, ScheduledStep};
use crate::scheduler::Replay;
use crate::simulation::Verdict;
use crate::space::{Reached, Search, SpaceEnd, Symmetry};
use crate::step::OperationKind;

/// An actor, by its place in the order of spawning.
pub(super) type Actor = u16;

/// What is done, whoever does it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Deed {
    pub(super) label: String,
    pub(super) object: String,
    pub(super) kind: OperationKind,
}

/// What a step chose, where it could have ended in several ways.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pick {
    /// This value.
    Value(u32),
    /// This one of several sleepers.
    Woken(Actor),
}

/// A step: who does what, and where it leads. One actor has several at a node if its step can end in several ways.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) actor: Actor,
    /// A position in [`Chart::deeds`].
    pub(super) deed: u16,
    /// What it chose; nothing if it could end in no other way.
    pub(super) pick: Option<Pick>,
    /// A position in [`Chart::nodes`].
    pub(super) to: u32,
}

impl Edge {
    /// Whether two steps that do the same have not chosen differently.
    pub(super) fn chooses_like(&self, other: &Edge) -> bool {
        self.pick == other.pick || self.pick.is_none() || other.pick.is_none()
    }
}

/// How executions end here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// Nobody can go on, and nothing has fallen.
    Passes,
    /// Something has fallen: a position in [`Chart::failures`].
    Fails(u32),
}

/// A state, or a point of an execution that was run.
#[derive(Clone, Default, Debug)]
pub(super) struct Node {
    pub(super) edges: Vec<Edge>,
    /// Who can go on; in a sample these may be more than those who did.
    pub(super) enabled: Vec<Actor>,
    pub(super) fate: Option<Fate>,
}

/// How much of all executions a chart has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Basis {
    /// All of them: every state was visited.
    Exhausted,
    /// So many that were run.
    Sampled(u64),
}

/// Executions of a program. The first node is their beginning.
pub(super) struct Chart {
    pub(super) nodes: Vec<Node>,
    pub(super) deeds: Vec<Deed>,
    pub(super) failures: Vec<Fallen>,
    pub(super) actors: Vec<String>,
    pub(super) basis: Basis,
}

/// A way through a chart from its beginning: for each step the node it starts from and its edge there.
pub(super) type Way = Vec<(u32, Edge)>;

impl Chart {
    /// Every execution of `instance`; `None` if there are more than `max_states` states.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the program faults.
    pub(super) fn exhausted<I: Instance>(
        instance: &I,
        max_states: u64,
    ) -> Result<Option<Chart>, Box<Fault>> {
        let search = Search {
            symmetry: instance.symmetry().map(Symmetry::without_exchange),
            max_states: Some(max_states),
            ..Search::with_few_looks()
        };
        let mut chart = Chart::empty(actors_of(instance)?, Basis::Exhausted);
        let mut deeds: Vec<Vec<(Actor, u16)>> = Vec::new();
        let mut known = BTreeMap::new();
        let mut note = |reached: &Reached<'_, Verdict<I>>| {
            let offers = reached.offers.iter().map(|(actor, operation)| {
                let deed = Deed {
                    label: operation.label.to_owned(),
                    object: operation.object_name.to_owned(),
                    kind: operation.kind,
                };
                (short(actor.index()), number(&mut known, deed))
            });
            let offers: Vec<(Actor, u16)> = offers.collect();
            let fate = match reached.verdict {
                Some(verdict) => {
                    chart.failures.push(instance.fallen(verdict));
                    Some(Fate::Fails(chart.failures.len() as u32 - 1))
                }
                None => offers.is_empty().then_some(Fate::Passes),
            };
            chart.nodes.push(Node {
                edges: Vec::new(),
                enabled: offers.iter().map(|(actor, _)| *actor).collect(),
                fate,
            });
            deeds.push(offers);
        };
        let space = search.chronicle(instance, &mut note);
        match space.end {
            SpaceEnd::Complete => {}
            SpaceEnd::Fault(fault) => return Err(Box::new(fault)),
            SpaceEnd::Limit(_) | SpaceEnd::Violated(_) => return Ok(None),
        }
        chart.deeds = in_order(known);
        for (index, state) in space.graph.all().enumerate() {
            let turns: Vec<_> = space.graph.turns(state).collect();
            let edges = turns.iter().map(|(turn, to)| {
                let actor = short(turn.actor.index());
                let deed = deeds[index].iter().find(|(of, _)| *of == actor);
                let (_, deed) = *deed.expect("whoever takes a step can go on");
                let own = turns.iter().filter(|(other, _)| other.actor == turn.actor);
                let pick = match chart.deeds[usize::from(deed)].kind {
                    OperationKind::Choose => Some(Pick::Value(turn.way)),
                    _ if own.count() > 1 => chart.woken(index, actor, to.index()).map(Pick::Woken),
                    _ => None,
                };
                Edge {
                    actor,
                    deed,
                    pick,
                    to: to.index() as u32,
                }
            });
            chart.nodes[index].edges = edges.collect();
        }
        Ok(Some(chart))
    }

    pub(super) fn empty(actors: Vec<String>, basis: Basis) -> Chart {
        Chart {
            nodes: Vec::new(),
            deeds: Vec::new(),
            failures: Vec::new(),
            actors,
            basis,
        }
    }

    /// Who can go on at the node `to`, and could not at `from` from where a step of `actor` leads there.
    fn woken(&self, from: usize, actor: Actor, to: usize) -> Option<Actor> {
        let asleep = |of: &&Actor| **of != actor && !self.nodes[from].enabled.contains(of);
        self.nodes[to].enabled.iter().find(asleep).copied()
    }

    /// What a step chose, by name.
    pub(super) fn chosen(&self, edge: &Edge) -> Option<Chosen> {
        edge.pick.map(|pick| match pick {
            Pick::Value(value) => Chosen::Value(value),
            Pick::Woken(actor) => Chosen::Woken(self.name(actor).to_owned()),
        })
    }

    /// The beginning of the way that a schedule describes, as far as the chart has it.
    pub(super) fn shared_way(&self, schedule: &Schedule) -> Way {
        let mut at = 0;
        let mut way = Way::new();
        for step in &schedule.steps {
            let mut edges = self.nodes[at as usize].edges.iter();
            let edge = edges.find(|edge| {
                let deed = &self.deeds[usize::from(edge.deed)];
                self.name(edge.actor) == step.actor
                    && deed.label == step.label
                    && deed.object == step.object
                    && (edge.pick.is_none() || self.chosen(edge) == step.chosen)
            });
            let Some(&edge) = edge else {
                break;
            };
            way.push((at, edge));
            at = edge.to;
        }
        way
    }

    /// The schedule of a way.
    pub(super) fn schedule(&self, way: &Way) -> Schedule {
        let mut counts: BTreeMap<(Actor, &str, &str), u32> = BTreeMap::new();
        let steps = way.iter().map(|(node, edge)| {
            let deed = &self.deeds[usize::from(edge.deed)];
            let nth = counts
                .entry((edge.actor, &deed.label, &deed.object))
                .or_insert(0);
            *nth += 1;
            let enabled = self.nodes[*node as usize].enabled.iter();
            let mut enabled: Vec<String> = enabled.map(|&of| self.name(of).to_owned()).collect();
            enabled.sort_unstable();
            ScheduledStep {
                actor: self.name(edge.actor).to_owned(),
                label: deed.label.clone(),
                object: deed.object.clone(),
                kind: deed.kind,
                nth: *nth,
                chosen: self.chosen(edge),
                enabled,
            }
        });
        Schedule {
            steps: steps.collect(),
        }
    }

    pub(super) fn name(&self, actor: Actor) -> &str {
        &self.actors[usize::from(actor)]
    }

    /// How many steps each node is away from the beginning, at least.
    pub(super) fn distances(&self) -> Vec<u32> {
        let mut distances = vec![u32::MAX; self.nodes.len()];
        let mut open = VecDeque::from([0_u32]);
        distances[0] = 0;
        while let Some(at) = open.pop_front() {
            for edge in &self.nodes[at as usize].edges {
                if distances[edge.to as usize] == u32::MAX {
                    distances[edge.to as usize] = distances[at as usize] + 1;
                    open.push_back(edge.to);
                }
            }
        }
        distances
    }
}

pub(super) fn actors_of<I: Instance>(instance: &I) -> Result<Vec<String>, Box<Fault>> {
    let mut nobody = Replay::new(&Schedule::default());
    let execution = run_once(instance, &mut nobody);
    if let End::Fault(fault) = execution.end {
        return Err(Box::new(fault));
    }
    let names = execution.actors.iter().map(|actor| actor.name.to_string());
    Ok(names.collect())
}

pub(super) fn number(known: &mut BTreeMap<Deed, u16>, deed: Deed) -> u16 {
    let next = short(known.len());
    *known.entry(deed).or_insert(next)
}

pub(super) fn in_order(known: BTreeMap<Deed, u16>) -> Vec<Deed> {
    let mut deeds: Vec<(u16, Deed)> = known.into_iter().map(|(deed, at)| (at, deed)).collect();
    deeds.sort_unstable_by_key(|(at, _)| *at);
    deeds.into_iter().map(|(_, deed)| deed).collect()
}

pub(super) fn short(number: usize) -> u16 {
    u16::try_from(number).expect("fewer than 2^16 actors and labels")
}
