//! Which situations a scenario reaches under the fixed algorithm: the search of every state shows them.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_core::Variant;
use logon_sim::{Actors, Program, Search, Sim, SpaceEnd};

use super::exhaustive::Limits;
use super::play::Jury;
use super::{Effort, Fault};
use crate::scenario::{Scenario, Situation, presets};
use crate::stage::{Cast, Reached, Stage, symmetry};

/// What a search of the states of a scenario reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The situations.
    pub situations: BTreeSet<Situation>,
    /// How many states were visited.
    pub states: u64,
    /// What stopped the search before it had visited all of them.
    pub limit: Option<String>,
}

impl Survey {
    /// What `scenario` says that it reaches and the search did not.
    pub fn missing(&self, scenario: &Scenario) -> Vec<Situation> {
        scenario
            .reaches
            .difference(&self.situations)
            .copied()
            .collect()
    }
}

/// The fixed algorithm in a scenario, with somebody who notes what is reached.
struct Noted<'a> {
    scenario: &'a Arc<Scenario>,
    reached: Reached,
}

impl Program for Noted<'_> {
    type Watch = Jury;

    fn start(&self, actors: &mut Actors<'_>) -> Jury {
        let (stage, cast) =
            Stage::<Sim>::set_noting(&Variant::Fixed, self.scenario, false, self.reached.clone());
        for actor in cast {
            actors.spawn(actor.name, actor.class, actor.body);
        }
        Jury::new(stage)
    }
}

/// Visits every state of the fixed algorithm in `scenario`, within the limits of `effort`, and says which situations
/// it reached. What is merged differs in names alone, and no situation depends on a name.
///
/// # Errors
///
/// [`Fault`] when the fixed algorithm panics, breaks a rule of the primitives, or violates a property: the states
/// behind that are not looked at, so nothing can be said of them.
pub fn reached(scenario: &Arc<Scenario>, effort: &Effort) -> Result<Survey, Fault> {
    let noted = Noted {
        scenario,
        reached: Reached::collecting(scenario),
    };
    let search = Search {
        symmetry: Some(symmetry(
            &Variant::Fixed,
            scenario,
            &Arc::new(Cast::of(scenario)),
        )),
        max_states: effort.max_states,
        seed: effort.seed,
        ..Search::with_few_looks()
    };
    let mut limits = Limits::of(effort);
    let space = search.run_while(&noted, &|_| true, &mut |progress| {
        limits.look(progress.bytes)
    });
    let limit = match space.end {
        SpaceEnd::Complete => None,
        SpaceEnd::Limit(limit) => Some(limit),
        SpaceEnd::Fault(fault) => return Err(Fault::new(fault.to_string())),
        SpaceEnd::Violated(_) => {
            return Err(Fault::new(format!(
                "the fixed algorithm violates a property in {}, so that not all of its states were \
                 visited",
                scenario.name
            )));
        }
    };
    Ok(Survey {
        situations: noted.reached.collected(),
        states: space.progress.states,
        limit,
    })
}

/// What to say of a scenario of somebody's own that does not reach what it says, if every state could be visited. The
/// presets are held to what they say by a test.
///
/// # Errors
///
/// As [`reached`].
pub(crate) fn unreached(
    scenario: &Arc<Scenario>,
    effort: &Effort,
) -> Result<Option<String>, Fault> {
    let is_preset = || {
        presets()
            .iter()
            .any(|preset| preset.scenario() == **scenario)
    };
    if scenario.reaches.is_empty() || is_preset() {
        return Ok(None);
    }
    let survey = reached(scenario, effort)?;
    let missing = survey.missing(scenario);
    if survey.limit.is_some() || missing.is_empty() {
        return Ok(None);
    }
    let words: Vec<String> = missing
        .iter()
        .map(|situation| format!("{:?}", situation.words()))
        .collect();
    Ok(Some(format!(
        "the scenario says that it reaches what it does not in any state: {}",
        words.join(", ")
    )))
}
