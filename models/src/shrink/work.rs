//! Taking one thing after the other away.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Attempt, Reduced, Reduction, Tried, reductions};
use crate::checker::{Effort, Fault, exhaustive, random};
use crate::outcome::{Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::{Subject, client_classes};

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

/// A reduction under way.
pub(super) struct Work<'a, S> {
    subject: &'a S,
    effort: &'a Effort,
    property: String,
    /// Whether to sample where not every state can be visited.
    samples: bool,
    /// How many scenarios are searched at most.
    most: usize,
    /// What came of the scenarios that were looked at.
    known: BTreeMap<Key, Tried>,
}

impl<'a, S: Subject> Work<'a, S> {
    pub(super) fn new(subject: &'a S, effort: &'a Effort, property: String) -> Self {
        Work {
            subject,
            effort,
            property,
            samples: false,
            most: usize::MAX,
            known: BTreeMap::new(),
        }
    }

    /// The same, but it samples where a search comes to no end, and before it; and it searches so many scenarios at most.
    pub(super) fn sampling(self, most: usize) -> Self {
        Work {
            samples: true,
            most,
            ..self
        }
    }

    /// Takes away what can be, one thing after the other. `on_search` is told what is searched.
    pub(super) fn reduce(
        &mut self,
        scenario: &Arc<Scenario>,
        on_search: &mut dyn FnMut(&str),
    ) -> Result<Reduced, Fault> {
        let mut reduced = Reduced {
            scenario: Arc::clone(scenario),
            taken: Vec::new(),
            attempts: Vec::new(),
            searched: 0,
            sampled: 0,
            outcome: None,
            given_up: None,
        };
        'smaller: loop {
            reduced.attempts.clear();
            let before = self.counts();
            for Reduction { what, scenario } in reductions(&reduced.scenario) {
                if self.searched() >= self.most {
                    reduced.given_up = Some(self.most);
                    break;
                }
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
            let (searched, sampled) = self.counts();
            reduced.searched = searched - before.0;
            reduced.sampled = sampled - before.1;
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
    /// which of some alike clients they have. What a stopped search and its sample came to is taken for all of them,
    /// although it depends on the order of the clients; one in which the property falls is taken at once, and never
    /// comes again.
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
        // Where nothing falls the scenario is not taken, and where something does it is executed: nobody is told that a
        // scenario passes.
        let effort = Effort {
            second_looks: false,
            ..self.effort.clone()
        };
        let first = exhaustive(self.subject, scenario, &effort)?;
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
            ..effort
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

    /// How many scenarios were searched, and in how many of them a sample took the place of a search.
    fn counts(&self) -> (usize, usize) {
        let known = self.known.values();
        let sampled = known.filter(|tried| matches!(tried, Tried::Incomplete(_)));
        (self.searched(), sampled.count())
    }

    /// How many scenarios were searched.
    pub(super) fn searched(&self) -> usize {
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
