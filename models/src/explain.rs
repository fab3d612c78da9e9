//! From a finding in a scenario to a counterexample that explains itself: see [`logon_sim::explain`].

use std::sync::Arc;

pub use logon_sim::explain::Diligence;
use logon_sim::explain::Finder;

use crate::checker::{Checker, Fault, Play, played};
use crate::outcome::Finding;
use crate::scenario::Scenario;
use crate::stage::Subject;
use crate::trace::Trace;

/// The trace of a finding: the smallest execution that shows it, in the smallest scenario, with its explanation.
///
/// # Errors
///
/// [`Fault`] when the subject faults.
pub fn explain<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    finding: &Finding,
    checker: Checker,
    diligence: Diligence,
) -> Result<Trace, Fault> {
    let scenario = &played(scenario)?;
    let finder = Finder {
        name: checker.name(),
        // loom judges after the harness has closed the server, and the closing is no step of an actor.
        afterwards: match checker {
            Checker::Loom => ", once the server was closed",
            _ => "",
        },
    };
    let trace =
        logon_sim::explain::explain(&Play::new(subject, scenario), finding, finder, diligence);
    trace.map_err(|fault| Fault::of_search(&fault))
}
