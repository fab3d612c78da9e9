//! The smallest scenario that shows a defect, found exhaustively.
//!
//! One thing after the other is taken away, as long as the property still falls; [`shrink`] visits every state each
//! time. It ends with a scenario from which nothing can be taken away: in each scenario with one thing less the
//! property is never the first to fall, which an exhaustive search of it shows. There may be a smaller one that is not
//! reached in such steps.

mod reductions;
mod work;

use std::fmt;
use std::sync::Arc;

use logon_sim::counted;
pub use reductions::{Reduction, reductions};

use crate::checker::{Effort, Fault, exhaustive};
use crate::outcome::Outcome;
use crate::scenario::Scenario;
use crate::stage::Subject;
use work::Work;

/// What came of a scenario with one thing less.
#[derive(Clone, PartialEq, Debug)]
pub enum Tried {
    /// The property still falls.
    Falls(Box<Outcome>),
    /// Nothing falls in any of so many states.
    Holds(u64),
    /// The property is the first to fall in none of so many states; this other one is. Nothing behind such a fall is
    /// looked at, since it means nothing.
    AnotherFalls(String, u64),
    /// The search was stopped by this limit.
    Incomplete(String),
    /// There is no such scenario, for this reason.
    MakesNoSense(String),
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tried::Falls(_) => f.write_str("violated"),
            Tried::Holds(states) => write!(f, "holds in all {}", counted(*states, "state")),
            Tried::AnotherFalls(property, states) => write!(
                f,
                "holds in all {}, but for {property}",
                counted(*states, "state")
            ),
            Tried::Incomplete(limit) => write!(f, "incomplete: stopped by {limit}"),
            Tried::MakesNoSense(_) => f.write_str("makes no sense"),
        }
    }
}

/// One attempt to take something away.
#[derive(Clone, PartialEq, Debug)]
pub struct Attempt {
    /// What was to be taken away.
    pub what: String,
    /// What came of it.
    pub tried: Tried,
}

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
    on_search("the whole scenario");
    let outcome = exhaustive(subject, scenario, effort)?;
    let Some(finding) = &outcome.finding else {
        return Ok(Shrunk::NothingFalls(Box::new(outcome)));
    };
    let mut work = Work::new(subject, effort, finding.property.clone());
    let reduced = work.reduce(scenario, on_search)?;
    Ok(Shrunk::To(Box::new(Smallest {
        scenario: reduced.scenario,
        property: finding.property.clone(),
        taken: reduced.taken,
        outcome: reduced.outcome.unwrap_or(outcome),
        attempts: reduced.attempts,
        searched: 1 + work.searched(),
    })))
}

/// Takes one thing after the other away from a scenario in which `effort.property` is known to fall. Before each search
/// come some executions at random, which may show as much. Where a search is stopped by its limit,
/// `effort.executions` executions at random take its place, so that what is left need not be the smallest. After so many
/// `scenarios` it is left as it is then.
///
/// # Errors
///
/// [`Fault`] when a search fails.
pub(crate) fn reduce<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    scenarios: usize,
) -> Result<Reduced, Fault> {
    let property = effort.property.clone().unwrap_or_default();
    let mut work = Work::new(subject, effort, property).sampling(scenarios);
    work.reduce(scenario, &mut |_| {})
}

/// What is left of a scenario.
pub(crate) struct Reduced {
    /// It.
    pub(crate) scenario: Arc<Scenario>,
    /// What was taken away, in order.
    pub(crate) taken: Vec<String>,
    /// What cannot be taken away.
    attempts: Vec<Attempt>,
    /// How many different scenarios with one thing less were searched, in none of which the property was seen to fall.
    pub(crate) searched: usize,
    /// In how many of them a sample took the place of a search that came to no end.
    pub(crate) sampled: usize,
    /// What a checker had to say of it; `None` if nothing was taken away.
    pub(crate) outcome: Option<Outcome>,
    /// After how many scenarios it was given up, if it was.
    pub(crate) given_up: Option<usize>,
}
