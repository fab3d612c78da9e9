//! Counterexamples and simulations as files, written once the verdict is known. What cannot be written is said, and changes no verdict:
//! whoever reads only the status must not take a violation for a mistake on the command line.

use std::path::{Path, PathBuf};

use super::say;
use crate::artefact::{self, Written};
use crate::files::{FileError, Patience};
use crate::render::{self, SourceBase};
use crate::simulate::Simulation;
use crate::trace::Trace;

/// Writes the counterexamples and renews the index of `out`, if nobody else writes there for longer than `patience`.
pub(super) fn write(
    out: &Path,
    traces: &[Trace],
    source: Option<&SourceBase>,
    patience: &Patience<'_>,
) -> Vec<Written> {
    let written: Vec<Written> = traces
        .iter()
        .map(|trace| artefact::write_with(out, trace, source, patience))
        .collect();
    let index = (!traces.is_empty()).then(|| artefact::write_index_with(out, patience));
    let index = index.and_then(Result::err);
    let failures = written.iter().flat_map(|written| &written.failures);
    tell(failures.chain(&index));
    written
}

/// Writes a simulation and renews the index of `out`, if nobody else writes there for longer than is usual. Gives the file
/// of its page.
pub(super) fn write_simulation(out: &Path, simulation: &Simulation) -> Option<String> {
    let patience = Patience::telling(&say);
    let written = simulation.write(out, &patience);
    let index = artefact::write_index_with(out, &patience).err();
    tell(written.failures.iter().chain(&index));
    written.page.map(|page| page.display().to_string())
}

/// A counterexample, step by step, and where to find it.
pub(super) fn text(trace: &Trace, written: &Written) -> String {
    let named = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let (file, page) = (named(&written.file), named(&written.page));
    let options = render::TextOptions {
        color: true,
        file: file.as_deref(),
        page: page.as_deref(),
        ..render::TextOptions::default()
    };
    render::text(trace, &options)
}

/// Says the first failure, and how many there are besides: where one file cannot be written, the reason is mostly the
/// same for all.
pub(super) fn tell<'a>(failures: impl Iterator<Item = &'a FileError>) {
    let failures: Vec<&FileError> = failures.collect();
    let Some((first, others)) = failures.split_first() else {
        return;
    };
    let more = match others.len() {
        0 => String::new(),
        1 => "; and 1 file more cannot be written".to_owned(),
        count => format!("; and {count} files more cannot be written"),
    };
    say(&format!("{first}{more}"));
}
