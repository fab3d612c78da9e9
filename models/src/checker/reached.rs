//! Which situations a scenario reaches under the fixed algorithm: the search of every state shows them.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_core::Variant;
use logon_sim::{Search, SpaceEnd};

use super::exhaustive::Limits;
use super::play::Noted;
use super::{Effort, Fault, Play, played};
use crate::scenario::{Scenario, Situation};
use crate::stage::{Cast, Reached, symmetry};

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

/// Visits every state of the fixed algorithm in `scenario`, within the limits of `effort`, and says which situations
/// it reached. What is merged differs in names alone, and no situation depends on a name.
///
/// # Errors
///
/// [`Fault`] when the fixed algorithm panics, breaks a rule of the primitives, or violates a property: the states
/// behind that are not looked at, so nothing can be said of them.
pub fn reached(scenario: &Arc<Scenario>, effort: &Effort) -> Result<Survey, Fault> {
    let scenario = &played(scenario)?;
    let reached = Reached::collecting(scenario);
    let noted = Noted {
        play: Play::new(&Variant::Fixed, scenario),
        reached: &reached,
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
        situations: reached.collected(),
        states: space.progress.states,
        limit,
    })
}

/// What to say of a scenario of somebody's own that does not reach what it says, after a search of every state of the
/// fixed algorithm that reached `situations`. The presets are held to what they say by a test.
pub(crate) fn unreached(scenario: &Scenario, situations: &BTreeSet<Situation>) -> Option<String> {
    let missing: Vec<String> = scenario
        .reaches
        .difference(situations)
        .map(|situation| format!("{:?}", situation.words()))
        .collect();
    (!missing.is_empty()).then(|| {
        format!(
            "the scenario says that it reaches what it does not in any state: {}",
            missing.join(", ")
        )
    })
}
