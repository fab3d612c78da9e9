//! The files of a counterexample, and the index of what is in a folder, simulations as well: what [`logon_sim::artefact`] has, in the words of logons.

use std::path::Path;

use logon_sim::artefact as plain;
pub use logon_sim::artefact::{Written, folder_name, found};

use crate::files::{FileError, Patience};
use crate::render::{Logons, SourceBase};
use crate::trace::Trace;

/// [`write_with`] as much patience as is usual.
pub fn write(out: &Path, trace: &Trace) -> Written {
    plain::write(out, trace, &Logons)
}

/// The files of a counterexample, by name: see [`logon_sim::artefact::rendered`].
pub fn rendered(trace: &Trace, named: &str) -> Vec<(&'static str, String)> {
    plain::rendered(trace, &Logons, named, None)
}

/// Writes a counterexample in every rendering: see [`logon_sim::artefact::write_with`].
pub fn write_with(
    out: &Path,
    trace: &Trace,
    source: Option<&SourceBase>,
    patience: &Patience<'_>,
) -> Written {
    plain::write_with(out, trace, &Logons, source, patience)
}

/// [`write_index_with`] as much patience as is usual.
///
/// # Errors
///
/// Which file could not be written and why.
pub fn write_index(out: &Path) -> Result<(), FileError> {
    write_index_with(out, &Patience::default())
}

/// Writes the lists of what is in a folder: see [`logon_sim::artefact::write_index_with`].
///
/// # Errors
///
/// Which file could not be written and why; also that somebody else had the folder for longer than `patience`.
pub fn write_index_with(out: &Path, patience: &Patience<'_>) -> Result<(), FileError> {
    let simulations = |out: &Path| vec![crate::simulate::list(out)];
    plain::write_index_with(out, &Logons, &simulations, patience)
}
