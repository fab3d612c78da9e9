//! Charts at random.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::super::chart::{Actor, Chart, Edge, Fate, Node};
use super::{ACTORS, DEEDS, chart_of};

/// What each actor does at a node, and how far on that leads.
type Jumps = [Option<(u16, usize)>; ACTORS as usize];

/// What a chart is drawn from.
#[derive(Clone, Debug)]
pub(super) enum Sketch {
    /// Any graph without a cycle: for each node its jumps, and who else can go on there, as in a sample. A jump beyond
    /// the last node ends the execution.
    Graph(Vec<(Jumps, u8)>),
    /// The interleavings of some straight lines. What becomes of one depends on which of three races the first runner
    /// has won, so that some orders decide it.
    Race {
        lengths: [usize; ACTORS as usize],
        /// Each between a step of one actor and a step of another.
        races: [[(usize, usize); 2]; 3],
        /// For each outcome of the races; 0 passes.
        fates: [u32; 8],
    },
}

/// How many kinds of ends there are: one passes, two fail.
const ENDS: usize = 3;

pub(super) fn sketches() -> impl Strategy<Value = Sketch> {
    let edge = || weighted(0.6, (0..DEEDS / 2, 1..=4_usize));
    let node = ([edge(), edge(), edge()], 0..8_u8);
    let graph = vec(node, 1..=9).prop_map(Sketch::Graph);
    let runner = || (0..ACTORS as usize, 0..3_usize);
    let race = || [runner(), runner()];
    let fate = || prop_oneof![3 => Just(0), 2 => 1..ENDS as u32];
    let fates = proptest::array::uniform8(fate());
    let race = ([0..=3_usize, 1..=3, 1..=3], [race(), race(), race()], fates).prop_map(
        |(lengths, races, fates)| Sketch::Race {
            lengths,
            races,
            fates,
        },
    );
    prop_oneof![graph, race]
}

impl Sketch {
    pub(super) fn chart(&self) -> Chart {
        match self {
            Sketch::Graph(nodes) => graph(nodes),
            Sketch::Race {
                lengths,
                races,
                fates,
            } => race(lengths, races, fates),
        }
    }
}

/// The end of this number.
fn end(number: u32) -> Node {
    Node {
        fate: Some(match number.checked_sub(1) {
            None => Fate::Passes,
            Some(failure) => Fate::Fails(failure),
        }),
        ..Node::default()
    }
}

fn graph(sketch: &[(Jumps, u8)]) -> Chart {
    let drawn = sketch.iter().enumerate().map(|(at, (does, others))| {
        let edges = does.iter().zip(0..).filter_map(|(does, actor)| {
            does.map(|(deed, jump)| Edge {
                actor,
                deed,
                pick: None,
                to: match at + jump {
                    on if on < sketch.len() => on,
                    beyond => sketch.len() + beyond % ENDS,
                } as u32,
            })
        });
        let edges: Vec<Edge> = edges.collect();
        if edges.is_empty() {
            return end(u32::from(*others) % ENDS as u32);
        }
        let has_edge = |actor: Actor| edges.iter().any(|edge| edge.actor == actor);
        let enabled = (0..ACTORS).filter(|&actor| has_edge(actor) || others >> actor & 1 == 1);
        Node {
            enabled: enabled.collect(),
            edges,
            fate: None,
        }
    });
    chart_of(drawn.chain((0..ENDS as u32).map(end)).collect())
}

/// How far each actor has come, and which races are decided: for each whether its first runner has won.
type State = ([usize; ACTORS as usize], [Option<bool>; 3]);

fn race(
    lengths: &[usize; ACTORS as usize],
    races: &[[(usize, usize); 2]; 3],
    fates: &[u32; 8],
) -> Chart {
    let mut states: Vec<State> = vec![State::default()];
    let mut nodes: Vec<Node> = Vec::new();
    while let Some(&(places, races_then)) = states.get(nodes.len()) {
        let mut node = Node::default();
        for actor in (0..ACTORS).filter(|&of| places[usize::from(of)] < lengths[usize::from(of)]) {
            let (mut places, mut decided) = (places, races_then);
            let of = usize::from(actor);
            for (race, outcome) in races.iter().zip(&mut decided) {
                let runner = race.iter().position(|runner| *runner == (of, places[of]));
                *outcome = outcome.or(runner.map(|runner| runner == 0));
            }
            places[of] += 1;
            let to = (places, decided);
            let known = states.iter().position(|state| *state == to);
            node.edges.push(Edge {
                actor,
                deed: 0,
                pick: None,
                to: known.unwrap_or(states.len()) as u32,
            });
            node.enabled.push(actor);
            if known.is_none() {
                states.push(to);
            }
        }
        let outcomes = races_then.iter().enumerate();
        let number: usize = outcomes
            .map(|(at, won)| usize::from(*won == Some(true)) << at)
            .sum();
        nodes.push(match node.edges.is_empty() {
            true => end(fates[number]),
            false => node,
        });
    }
    chart_of(nodes)
}

/// Shows so many charts to `look`; the same ones in every run, and a failing one is made smaller.
pub(super) fn each_chart(cases: u32, look: impl Fn(&Chart)) {
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    };
    let looked = TestRunner::new(config).run(&sketches(), |sketch| {
        look(&sketch.chart());
        Ok(())
    });
    looked.unwrap_or_else(|error| panic!("{error}"));
}
