//! Whether a change of an allocator holds where a recorded execution fell: see [`logon_sim::explain::fix`].

use std::path::Path;
use std::sync::Arc;

use logon_sim::explain::fix as plain;
pub use logon_sim::explain::fix::{Fix, FixLimits, Fixed, OtherTurn};

use crate::checker::{Fault, Play};
use crate::render::{TextOptions, text};
use crate::scenario::Scenario;
use crate::stage::Subject;
use crate::trace::Trace;

/// Follows `trace` with `subject`, which has changed since or is another one, and looks at every way on.
///
/// # Errors
///
/// [`Fault`] when the subject panics or breaks a rule of the primitives.
pub fn fix<S: Subject>(
    trace: &Trace,
    subject: &S,
    scenario: &Arc<Scenario>,
    limits: FixLimits,
) -> Result<Fix, Fault> {
    let fix = plain::fix(trace, &Play::new(subject, scenario), limits);
    fix.map_err(|fault| Fault::of_search(&fault))
}

/// Follows the counterexample in a file with `subject` and panics unless nothing falls in it nor in anything that goes on
/// from it: a regression test in one line.
///
/// ```no_run
/// logon_models::replay::assert_fixed(&logon_core::Variant::Fixed, "tests/counterexamples/two-claimants.json");
/// ```
///
/// # Panics
///
/// If the file is no trace of a scenario, if the subject faults, if something falls, or if that is not known.
pub fn assert_fixed<S: Subject>(subject: &S, file: impl AsRef<Path>) {
    let file = file.as_ref();
    let shown = file.display();
    let trace = Trace::load(file).unwrap_or_else(|error| panic!("{error}"));
    let scenario = Scenario::parse(&trace.scenario.toml, &format!("{shown}: its scenario"));
    let scenario = Arc::new(scenario.unwrap_or_else(|error| panic!("{error}")));
    let fix = fix(&trace, subject, &scenario, FixLimits::default());
    let fix = fix.unwrap_or_else(|fault| panic!("{shown}: {fault}"));
    match fix.fixed {
        Fixed::Survives { .. } => {}
        Fixed::Falls(trace) => panic!(
            "{shown}: {} still falls\n\n{}",
            subject.name(),
            text(&trace, &TextOptions::default())
        ),
        Fixed::Unknown(because) => panic!(
            "{shown}: whether {} holds is not known: {because}",
            subject.name()
        ),
    }
}
