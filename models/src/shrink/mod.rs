//! The smallest scenario that shows a defect, found exhaustively.
//!
//! One thing after the other is taken away, as long as the property still falls; every state is visited each
//! time. It ends with a scenario from which nothing can be taken away: in each scenario with one thing less the
//! property is never the first to fall, which an exhaustive search of it shows. There may be a smaller one that is not
//! reached in such steps.

mod reductions;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use logon_sim::counted;
pub use reductions::{Reduction, reductions};

use crate::checker::{Effort, Fault, exhaustive, random};
use crate::outcome::{Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::{Subject, client_classes};

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
    pub fn is_proven(&self) -> bool {
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
    let mut work = Work {
        subject,
        effort,
        property: finding.property.clone(),
        samples: false,
        known: BTreeMap::new(),
    };
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

/// Takes one thing after the other away from a scenario in which `effort.property` is known to fall. Where a search is
/// stopped by its limit, `effort.executions` executions at random take its place, so that what is left need not be
/// the smallest.
///
/// # Errors
///
/// [`Fault`] when a search fails.
pub(crate) fn reduce<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
) -> Result<Reduced, Fault> {
    let mut work = Work {
        subject,
        effort,
        property: effort.property.clone().unwrap_or_default(),
        samples: true,
        known: BTreeMap::new(),
    };
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
    /// What a checker had to say of it; `None` if nothing was taken away.
    outcome: Option<Outcome>,
}

impl Reduced {
    /// How many scenarios with one thing less were searched, in none of which the property was seen to fall.
    pub(crate) fn attempts(&self) -> usize {
        let attempts = self.attempts.iter();
        let searched = attempts.filter(|attempt| !matches!(attempt.tried, Tried::MakesNoSense(_)));
        searched.count()
    }

    /// In how many of them a sample took the place of a search that came to no end.
    pub(crate) fn sampled(&self) -> usize {
        let attempts = self.attempts.iter();
        let sampled = attempts.filter(|attempt| matches!(attempt.tried, Tried::Incomplete(_)));
        sampled.count()
    }
}

/// The longest name that can be made longer.
const LONGEST: usize = 50;

/// The same under a name, a summary and a source of its own: what the old ones say may no longer be so.
fn named_anew(scenario: &Scenario) -> Scenario {
    let old = &scenario.name;
    Scenario {
        name: if old.len() <= LONGEST {
            format!("{old}-shrunk")
        } else {
            "shrunk".to_owned()
        },
        source: format!("derived from {old}"),
        summary: format!("What is left of {old} without what the violation does not need."),
        ..scenario.clone()
    }
}

/// So many executions at random come before a search of every state: what falls easily need not be searched for.
const QUICKLY: u64 = 100;

/// The classes of the clients, and the document of everything else.
type Key = (Vec<String>, String);

struct Work<'a, S> {
    subject: &'a S,
    effort: &'a Effort,
    property: String,
    /// Whether to sample where not every state can be visited.
    samples: bool,
    /// What came of the scenarios that were looked at.
    known: BTreeMap<Key, Tried>,
}

impl<S: Subject> Work<'_, S> {
    fn reduce(
        &mut self,
        scenario: &Arc<Scenario>,
        on_search: &mut dyn FnMut(&str),
    ) -> Result<Reduced, Fault> {
        let mut reduced = Reduced {
            scenario: Arc::clone(scenario),
            taken: Vec::new(),
            attempts: Vec::new(),
            outcome: None,
        };
        'smaller: loop {
            reduced.attempts.clear();
            for Reduction { what, scenario } in reductions(&reduced.scenario) {
                on_search(&what);
                let scenario = Arc::new(scenario);
                match self.try_out(&scenario)? {
                    Tried::Falls(outcome) => {
                        reduced.scenario = scenario;
                        reduced.outcome = Some(*outcome);
                        reduced.taken.push(what);
                        continue 'smaller;
                    }
                    tried => reduced.attempts.push(Attempt { what, tried }),
                }
            }
            if !reduced.taken.is_empty() {
                reduced.scenario = Arc::new(named_anew(&reduced.scenario));
            }
            return Ok(reduced);
        }
    }

    fn try_out(&mut self, scenario: &Arc<Scenario>) -> Result<Tried, Fault> {
        let key = self.key(scenario);
        if let Some(tried) = self.known.get(&key) {
            return Ok(tried.clone());
        }
        let tried = match scenario.check() {
            Err(error) => Tried::MakesNoSense(error.to_string()),
            Ok(()) => self.search(scenario)?,
        };
        self.known.insert(key, tried.clone());
        Ok(tried)
    }

    /// What is the same in scenarios of which one tells all of the other: for a symmetric subject those that differ in
    /// which of some alike clients they have.
    fn key(&self, scenario: &Scenario) -> Key {
        let mut rest = scenario.clone();
        let mut clients = Vec::new();
        if self.subject.is_symmetric() {
            clients = client_classes(scenario);
            clients.sort_unstable();
            rest.clients.clear();
        }
        (clients, rest.to_toml())
    }

    fn search(&self, scenario: &Arc<Scenario>) -> Result<Tried, Fault> {
        if self.samples
            && let Some(falls) = self.sample(scenario, QUICKLY)?
        {
            return Ok(falls);
        }
        let first = exhaustive(self.subject, scenario, self.effort)?;
        let Some(other) = first
            .finding
            .as_ref()
            .map(|finding| finding.property.clone())
            .filter(|property| *property != self.property)
        else {
            let is_stopped = self.samples && first.verdict == Verdict::Incomplete;
            let falls = match is_stopped {
                true => self.sample(scenario, self.effort.executions)?,
                false => None,
            };
            return Ok(falls.unwrap_or_else(|| tried(first)));
        };
        let effort = Effort {
            property: Some(self.property.clone()),
            ..self.effort.clone()
        };
        Ok(match tried(exhaustive(self.subject, scenario, &effort)?) {
            Tried::Holds(states) => Tried::AnotherFalls(other, states),
            tried => tried,
        })
    }

    /// Whether the property falls in so many executions at random.
    fn sample(&self, scenario: &Arc<Scenario>, executions: u64) -> Result<Option<Tried>, Fault> {
        let effort = Effort {
            executions,
            ..self.effort.clone()
        };
        let sampled = random(self.subject, scenario, &effort)?;
        let finding = sampled.finding.as_ref();
        let is_wanted = finding.is_some_and(|finding| finding.property == self.property);
        Ok(is_wanted.then(|| tried(sampled)))
    }

    fn searched(&self) -> usize {
        let known = self.known.values();
        known
            .filter(|tried| !matches!(tried, Tried::MakesNoSense(_)))
            .count()
    }
}

fn tried(outcome: Outcome) -> Tried {
    match outcome.verdict {
        Verdict::Violated => Tried::Falls(Box::new(outcome)),
        Verdict::Holds => Tried::Holds(outcome.states.unwrap_or(0)),
        Verdict::Incomplete => Tried::Incomplete(
            outcome
                .limit
                .unwrap_or_else(|| "a limit nobody named".to_owned()),
        ),
    }
}
