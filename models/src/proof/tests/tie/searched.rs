//! Every step of every execution of a scenario, held against the rules.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use logon_core::Variant;
use logon_sim::{ActorId, Actors, Search, SharedState, Sim, SpaceEnd, StateWatch, Watch};

use super::projected::{Rules, Section, section};
use super::view::View;
use crate::scenario::Scenario;
use crate::stage::{Cast, Stage, symmetry};

/// No scenario that is searched here has as many states.
const MOST_STATES: u64 = 500_000;

/// How many differences are told.
const MOST_TOLD: usize = 5;

/// A scenario, and whether somebody shuts the server down at any moment, of which no scenario knows.
pub(in super::super) struct Play {
    pub(in super::super) scenario: Arc<Scenario>,
    pub(in super::super) closes: bool,
}

impl Play {
    /// The scenario as it is; with the clients that its seed draws, if they are drawn.
    pub(in super::super) fn of(scenario: &Arc<Scenario>) -> Play {
        let played = scenario.as_played();
        Play {
            scenario: played.expect("those who are drawn are few"),
            closes: false,
        }
    }
}

/// What was compared, and what was found.
pub(in super::super) struct Tally {
    pub(in super::super) states: usize,
    pub(in super::super) transitions: usize,
    /// The first ones that are no rule's.
    pub(in super::super) unmatched: Vec<String>,
}

/// Looks at each state, and lets the search go on.
struct Eye {
    stage: Rc<Stage<Sim>>,
    seen: Rc<RefCell<Option<View>>>,
}

impl Watch for Eye {
    type Verdict = String;
}

impl StateWatch for Eye {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<String> {
        let view = View::of(state.monitor(self.stage.server()));
        *self.seen.borrow_mut() = Some(view);
        None
    }
}

/// All states of a scenario, and the steps between them.
pub(in super::super) struct Explored {
    views: Vec<View>,
    /// From where to where, and what is done.
    steps: Vec<(usize, Section, usize)>,
}

/// Searches all states.
pub(in super::super) fn explore(play: &Play) -> Explored {
    let explored = explore_a(Variant::Fixed, play, MOST_STATES);
    explored.unwrap_or_else(|end| panic!("{}: {end}", play.scenario.name))
}

/// Searches all states of a variant, if there are no more than `most`.
///
/// # Errors
///
/// How the search ended before it had seen all.
pub(super) fn explore_a(variant: Variant, play: &Play, most: u64) -> Result<Explored, String> {
    let seen: Rc<RefCell<Option<View>>> = Rc::default();
    let program = |actors: &mut Actors<'_>| {
        let (stage, cast) = Stage::<Sim>::set(&variant, &play.scenario, false);
        for actor in cast {
            match actor.is_idle {
                true => actors.spawn_idle(actor.name, actor.class, actor.body),
                false => actors.spawn(actor.name, actor.class, actor.body),
            };
        }
        let stage = Rc::new(stage);
        if play.closes {
            let stage = Rc::clone(&stage);
            actors.spawn("closer", "closer", move || stage.close());
        }
        Eye {
            stage,
            seen: Rc::clone(&seen),
        }
    };
    let cast = Arc::new(Cast::of(&play.scenario));
    let search = Search {
        symmetry: Some(symmetry(&variant, &play.scenario, &cast)),
        // What it checks of itself besides is checked elsewhere.
        check_one_in: 0,
        max_steps_of_all: 0,
        max_steps_of_rounds: 0,
        max_states: Some(most),
        ..Search::default()
    };
    let mut views = Vec::new();
    let mut offers: Vec<Vec<(ActorId, Section)>> = Vec::new();
    let space = search.chronicle(&program, &mut |reached| {
        views.push(seen.borrow_mut().take().expect("each state is looked at"));
        let sections = reached.offers.iter();
        offers.push(
            sections
                .map(|(actor, operation)| (*actor, section(operation)))
                .collect(),
        );
    });
    if !matches!(space.end, SpaceEnd::Complete) {
        return Err(format!("{:?}", space.end));
    }
    let mut steps = Vec::new();
    for state in space.graph.all() {
        for (actor, next) in space.graph.successors(state) {
            let mut offers = offers[state.index()].iter();
            let offer = offers.find(|offer| offer.0 == actor);
            let (_, section) = offer.expect("whoever takes a step could");
            steps.push((state.index(), *section, next.index()));
        }
    }
    Ok(Explored { views, steps })
}

impl Explored {
    /// A step that is no rule's, among those before which nothing but lawful ones were taken: if the wrong ones that
    /// are known are all, there is none.
    pub(super) fn missed(&self, lawful: &Rules, all: &Rules) -> Option<String> {
        let mut next: BTreeMap<usize, Vec<(Section, usize)>> = BTreeMap::new();
        for &(from, section, to) in &self.steps {
            next.entry(from).or_default().push((section, to));
        }
        let mut open = vec![0];
        let mut reached = BTreeSet::from([0]);
        while let Some(from) = open.pop() {
            for &(section, to) in next.get(&from).into_iter().flatten() {
                let wrong =
                    |rules: &Rules| rules.wrong_step(section, &self.views[from], &self.views[to]);
                if wrong(lawful).is_none() {
                    if reached.insert(to) {
                        open.push(to);
                    }
                } else if self.views[to].is_shared && all.may_share(section) {
                    // Whose it is then means nothing.
                } else if let Some(missed) = wrong(all) {
                    return Some(missed);
                }
            }
        }
        None
    }

    /// Holds each state and each step against the rules.
    pub(in super::super) fn compare(&self, rules: &Rules) -> Tally {
        let states = self.views.iter();
        let states = states.filter_map(|view| rules.wrong_state(view));
        let steps = self.steps.iter();
        let steps = steps.filter_map(|&(from, section, to)| {
            rules.wrong_step(section, &self.views[from], &self.views[to])
        });
        let mut unmatched: Vec<String> = states.chain(steps).collect();
        unmatched.sort();
        unmatched.dedup();
        unmatched.truncate(MOST_TOLD);
        Tally {
            states: self.views.len(),
            transitions: self.steps.len(),
            unmatched,
        }
    }
}
