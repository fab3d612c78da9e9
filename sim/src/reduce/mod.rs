//! The smallest instance in which a property falls: one thing after the other is taken away, as long as it does.
//!
//! It ends with an instance from which nothing can be taken away. There may be a smaller one that is not reached in such
//! steps.

mod trial;

use std::collections::BTreeMap;
use std::fmt;

pub use trial::Trial;

use crate::counted::counted;
use crate::execution::Fault;
use crate::finding::Finding;
use crate::instance::{Instance, Smaller};

/// What came of an instance with one thing less.
#[derive(Clone, PartialEq, Debug)]
pub enum Tried {
    /// The property still falls.
    Falls(Box<Finding>),
    /// Nothing falls in any of so many states.
    Holds(u64),
    /// The property is the first to fall in none of so many states; this other one is. Nothing behind such a fall is
    /// looked at, since it means nothing.
    AnotherFalls(String, u64),
    /// The search was stopped by this limit.
    Incomplete(String),
    /// There is no such instance, for this reason.
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

/// What is left of an instance.
#[derive(Clone, Debug)]
pub struct Reduced<I> {
    /// It.
    pub instance: I,
    /// What was taken away, in order.
    pub taken: Vec<String>,
    /// What cannot be taken away, and why.
    pub attempts: Vec<Attempt>,
    /// How many different instances with one thing less were searched, in none of which the property was seen to fall.
    pub searched: usize,
    /// In how many of them a sample took the place of a search that came to no end.
    pub sampled: usize,
    /// How many instances were searched altogether.
    pub in_all: usize,
    /// The property falling in it; `None` if nothing was taken away.
    pub finding: Option<Finding>,
    /// After how many instances it was given up, if it was.
    pub given_up: Option<usize>,
}

/// Takes one thing after the other away from an instance in which the property of `trial` falls. `on_search` is told
/// what is to be taken away before each search.
///
/// # Errors
///
/// [`Fault`] when a search fails.
pub fn reduce<I: Instance>(
    instance: &I,
    trial: &Trial,
    on_search: &mut dyn FnMut(&str),
) -> Result<Reduced<I>, Box<Fault>> {
    let mut work = Work {
        trial,
        known: BTreeMap::new(),
    };
    let mut reduced = Reduced {
        instance: instance.clone(),
        taken: Vec::new(),
        attempts: Vec::new(),
        searched: 0,
        sampled: 0,
        in_all: 0,
        finding: None,
        given_up: None,
    };
    'smaller: loop {
        reduced.attempts.clear();
        let before = work.counts();
        for Smaller { what, instance } in reduced.instance.smaller() {
            if trial.most.is_some_and(|most| work.counts().0 >= most) {
                reduced.given_up = trial.most;
                break;
            }
            on_search(&what);
            let (instance, tried) = match instance {
                Err(reason) => (None, Tried::MakesNoSense(reason)),
                Ok(instance) => {
                    let tried = work.try_out(&instance)?;
                    (Some(instance), tried)
                }
            };
            match (instance, tried) {
                (Some(instance), Tried::Falls(finding)) => {
                    reduced.instance = instance;
                    reduced.finding = Some(*finding);
                    reduced.taken.push(what);
                    continue 'smaller;
                }
                (_, tried) => reduced.attempts.push(Attempt { what, tried }),
            }
        }
        let (searched, sampled) = work.counts();
        reduced.searched = searched - before.0;
        reduced.sampled = sampled - before.1;
        reduced.in_all = searched;
        if !reduced.taken.is_empty() {
            reduced.instance = reduced.instance.renamed_as_smaller();
        }
        return Ok(reduced);
    }
}

/// A reduction under way.
struct Work<'a> {
    trial: &'a Trial,
    /// What came of the instances that were looked at, by their kind.
    known: BTreeMap<String, Tried>,
}

impl Work<'_> {
    /// What a stopped search and its sample came to is taken for every instance of the kind, although it depends on the
    /// order of the actors; one in which the property falls is taken at once, and never comes again.
    fn try_out<I: Instance>(&mut self, instance: &I) -> Result<Tried, Box<Fault>> {
        let kind = instance.kind();
        if let Some(tried) = self.known.get(&kind) {
            return Ok(tried.clone());
        }
        let tried = self.trial.of(instance)?;
        self.known.insert(kind, tried.clone());
        Ok(tried)
    }

    /// How many instances were searched, and in how many of them a sample took the place of a search.
    fn counts(&self) -> (usize, usize) {
        let known = self.known.values();
        let sampled = known.filter(|tried| matches!(tried, Tried::Incomplete(_)));
        (self.known.len(), sampled.count())
    }
}
