//! The files of a counterexample.

use std::path::{Path, PathBuf};

use crate::files::{self, FileError};
use crate::render;
use crate::trace::{Trace, fingerprint};

/// The name of the folder of a counterexample: variant, scenario, and eight digits of its content.
pub fn folder_name(trace: &Trace) -> String {
    let id = fingerprint("", &trace.to_json());
    format!("{}-{}-{}", trace.variant, trace.scenario.name, &id[..8])
}

/// Writes a counterexample as JSON, text and Markdown into a folder of its own below `out`, and gives the
/// path of the JSON.
///
/// # Errors
///
/// Which file could not be written and why.
pub fn write(out: &Path, trace: &Trace) -> Result<PathBuf, FileError> {
    let folder = out.join(folder_name(trace));
    let named = folder.join("trace.json").display().to_string();
    let options = render::TextOptions {
        file: Some(&named),
        ..render::TextOptions::default()
    };
    files::write(&folder, "trace.txt", &render::text(trace, &options))?;
    files::write(&folder, "trace.md", &render::markdown(trace, &named))?;
    files::write(&folder, "trace.json", &trace.to_json())
}
