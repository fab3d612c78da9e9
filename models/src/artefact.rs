//! The files of a counterexample: what [`logon_sim::artefact`] has, in the words of logons.

use std::path::Path;

use logon_sim::artefact as plain;
pub use logon_sim::artefact::{Written, folder_name, found, write_index, write_index_with};

use crate::files::Patience;
use crate::render::Logons;
use crate::trace::Trace;

/// [`write_with`] as much patience as is usual.
pub fn write(out: &Path, trace: &Trace) -> Written {
    plain::write(out, trace, &Logons)
}

/// The files of a counterexample, by name: see [`logon_sim::artefact::rendered`].
pub fn rendered(trace: &Trace, named: &str) -> Vec<(&'static str, String)> {
    plain::rendered(trace, &Logons, named)
}

/// Writes a counterexample in every rendering: see [`logon_sim::artefact::write_with`].
pub fn write_with(out: &Path, trace: &Trace, patience: &Patience<'_>) -> Written {
    plain::write_with(out, trace, &Logons, patience)
}
