//! What the search of all states finds in a program.

use std::fmt;

use logon_sim::{Execution, Fault, Instance, Search, SpaceEnd, counted};

use crate::entry::{Entry, Expected};

/// What it found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Searched {
    /// How many states were visited.
    pub states: u64,
    /// What came of it; or the limit that stopped it.
    pub found: Result<Expected, String>,
}

/// The most states that are visited.
const MOST_STATES: u64 = 10_000_000;

impl Entry {
    /// Visits all states, breadth first, until something falls.
    ///
    /// # Errors
    ///
    /// [`Fault`] if the program breaks a rule of the primitives.
    pub fn search(&self) -> Result<Searched, Box<Fault>> {
        let named = self.named();
        let search = Search {
            symmetry: named.symmetry(),
            max_states: Some(MOST_STATES),
            ..Search::default()
        };
        let space = search.run(&named);
        let states = space.progress.states;
        let found = match space.end {
            SpaceEnd::Complete => Ok(Expected::Holds { states }),
            SpaceEnd::Limit(limit) => Err(limit),
            SpaceEnd::Fault(fault) => return Err(Box::new(fault)),
            SpaceEnd::Violated(evidence) => Ok(falls(&named, &evidence.execution)),
        };
        Ok(Searched { states, found })
    }
}

/// What fell in an execution.
fn falls<I: Instance>(named: &I, execution: &Execution<logon_sim::Verdict<I>>) -> Expected {
    let verdict = execution.verdict();
    let verdict = verdict.expect("the execution of a violation ends with it");
    Expected::Falls {
        property: named.fallen(verdict).property,
        steps: execution.steps.len(),
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Holds { states } => write!(f, "holds in all {}", counted(*states, "state")),
            Expected::Falls { property, steps } => {
                write!(f, "`{property}` in {}", counted(*steps as u64, "step"))
            }
        }
    }
}
