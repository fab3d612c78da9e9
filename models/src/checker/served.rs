//! How many clients come to their prompt, counted in whole executions: also in those in which a property falls, for there
//! is no judge.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::Fact;
use logon_sim::{
    Actors, Config, End, Limits, Program, Rest, Sampler, Sim, Simulation, Step, Watch,
};

use super::{Fault, Play};
use crate::scenario::Scenario;
use crate::stage::{Stage, Subject};

/// How many clients came to their prompt, in the executions of a sample.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Served {
    /// In the execution with the fewest.
    pub fewest: usize,
    /// In the execution with the most.
    pub most: usize,
}

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fewest == self.most {
            true => write!(f, "{}", self.most),
            false => write!(f, "{}–{}", self.fewest, self.most),
        }
    }
}

/// Counts in so many executions at random, which `seed` draws.
///
/// # Errors
///
/// [`Fault`] when an execution does not come to rest: the subject panics, breaks a rule of the primitives, or goes on for
/// more steps than an execution may have.
///
/// # Panics
///
/// If `executions` is 0: then there is nothing to count.
pub fn served<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    executions: u64,
    seed: u64,
) -> Result<Served, Fault> {
    let program = Counted(Play::new(subject, scenario));
    let mut counts = BTreeSet::new();
    let mut fault = None;
    Simulation::new(Config::default()).explore(
        &program,
        &mut Sampler::Random.start(seed),
        Limits::executions(executions),
        |execution| {
            match &execution.end {
                End::Stopped { verdict, .. } => {
                    counts.insert(*verdict);
                    return ControlFlow::Continue(());
                }
                End::Fault(broken) => fault = Some(broken.to_string()),
                other => {
                    let how = other.kind();
                    fault = Some(format!("an execution does not come to rest: {how:?}"));
                }
            }
            ControlFlow::Break(())
        },
    );
    match fault {
        Some(fault) => Err(Fault::new(fault)),
        None => Ok(Served {
            fewest: *counts.first().expect("an execution was counted"),
            most: *counts.last().expect("an execution was counted"),
        }),
    }
}

/// A scenario whose executions are counted.
struct Counted<'a, S>(Play<'a, S>);

/// Counts when nobody can go on.
struct Count(Stage<Sim>);

impl<S: Subject> Program for Counted<'_, S> {
    type Watch = Count;

    fn start(&self, actors: &mut Actors<'_>) -> Count {
        Count(self.0.stage(actors))
    }
}

impl Watch for Count {
    type Verdict = usize;

    fn after_step(&mut self, _: &Step) -> Option<usize> {
        None
    }

    fn at_rest(&mut self, _: &Rest) -> Option<usize> {
        let facts = self.0.journal().into_iter();
        let at_their_prompt = facts.filter_map(|fact| match fact {
            Fact::Attached { logon, .. } => Some(logon),
            _ => None,
        });
        Some(at_their_prompt.collect::<BTreeSet<_>>().len())
    }
}
