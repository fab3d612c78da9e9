//! The smallest scenario that shows a defect, found exhaustively.
//!
//! One thing after the other is taken away, as long as the property still falls; [`shrink`] visits every state each
//! time. It ends with a scenario from which nothing can be taken away: in each scenario with one thing less the
//! property is never the first to fall, which an exhaustive search of it shows. There may be a smaller one that is not
//! reached in such steps.

mod reductions;

use std::sync::Arc;

pub use logon_sim::reduce::{Attempt, Tried};
use logon_sim::reduce::{Trial, reduce};
pub(crate) use reductions::named_anew;
pub use reductions::{Reduction, reductions};

use crate::checker::{Effort, Fault, Play, exhaustive, played, visiting};
use crate::outcome::Outcome;
use crate::scenario::Scenario;
use crate::stage::Subject;

/// A scenario from which nothing can be taken away.
#[derive(Clone, Debug)]
pub struct Smallest {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// The property that falls.
    pub property: String,
    /// What was taken away on the way there, in order.
    pub taken: Vec<String>,
    /// The search that found the property to fall.
    pub outcome: Outcome,
    /// What cannot be taken away, and why.
    pub attempts: Vec<Attempt>,
    /// How many scenarios were searched.
    pub searched: usize,
}

impl Smallest {
    /// Whether the search of every scenario with one thing less was exhaustive, if there is such a scenario.
    pub fn is_exhaustive(&self) -> bool {
        let mut attempts = self.attempts.iter();
        !attempts.any(|attempt| matches!(attempt.tried, Tried::Incomplete(_)))
    }
}

/// How shrinking ended.
#[derive(Clone, Debug)]
pub enum Shrunk {
    /// With a scenario from which nothing can be taken away.
    To(Box<Smallest>),
    /// At once: nothing falls in the scenario it was to begin with.
    NothingFalls(Box<Outcome>),
}

/// Takes one thing after the other away from `scenario`, as long as the property that falls first in it does,
/// or `effort.property` if that is given. `on_search` is told what is searched.
///
/// # Errors
///
/// [`Fault`] when a search fails.
pub fn shrink<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    on_search: &mut dyn FnMut(&str),
) -> Result<Shrunk, Fault> {
    let scenario = &played(scenario)?;
    on_search("the whole scenario");
    let outcome = exhaustive(subject, scenario, effort)?;
    let Some(finding) = &outcome.finding else {
        return Ok(Shrunk::NothingFalls(Box::new(outcome)));
    };
    let property = finding.property.clone();
    let trial = Trial {
        property: property.clone(),
        only: effort.property.is_some(),
        search: visiting(&Effort {
            second_looks: false,
            ..effort.clone()
        }),
        merges: effort.symmetry,
        seconds: effort.time_limit,
        sample: None,
        most: None,
    };
    let reduced = reduce(&Play::new(subject, scenario), &trial, on_search);
    let reduced = reduced.map_err(|fault| Fault::of_search(&fault))?;
    let scenario = reduced.instance.scenario;
    let outcome = match reduced.taken.is_empty() {
        true => outcome,
        // Once more, for what a search has to say besides what it found.
        false => {
            on_search("what is left");
            let only = Effort {
                property: Some(property.clone()),
                ..effort.clone()
            };
            exhaustive(subject, &scenario, &only)?
        }
    };
    Ok(Shrunk::To(Box::new(Smallest {
        scenario,
        property,
        taken: reduced.taken,
        outcome,
        attempts: reduced.attempts,
        searched: 1 + reduced.in_all,
    })))
}
