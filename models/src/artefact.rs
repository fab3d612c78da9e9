//! The files of a counterexample, and the index of all there are.

use std::path::{Path, PathBuf};

use crate::files::{self, FileError};
use crate::render::{self, Entry};
use crate::trace::{Trace, fingerprint};

/// The name of the folder of a counterexample: variant, scenario, and eight digits of its content.
pub fn folder_name(trace: &Trace) -> String {
    let id = fingerprint("", &trace.to_json());
    format!("{}-{}-{}", trace.variant, trace.scenario.name, &id[..8])
}

/// The page beside a written trace.
pub fn page_of(file: &Path) -> PathBuf {
    file.with_file_name(PAGE)
}

const PAGE: &str = "trace.html";

/// Writes a counterexample in every rendering, with its scenario, into a folder of its own below `out`, renews the
/// index of `out`, and gives the path of the JSON. Each file appears whole.
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
    files::write(&folder, PAGE, &render::html(trace, &named))?;
    files::write(&folder, "trace.perfetto.json", &render::perfetto(trace))?;
    files::write(&folder, "scenario.toml", &trace.scenario.toml)?;
    let file = files::write(&folder, "trace.json", &trace.to_json())?;
    write_index(out)?;
    Ok(file)
}

/// Writes `index.html` and `index.md`, which list what [`found`] finds. Nobody else writes them meanwhile: who had
/// looked earlier and wrote later would take an entry out.
///
/// # Errors
///
/// Which file could not be written and why.
pub fn write_index(out: &Path) -> Result<(), FileError> {
    let _alone = files::alone_in(out)?;
    let entries = found(out);
    files::write(out, "index.md", &render::markdown_index(&entries))?;
    files::write(out, "index.html", &render::html_index(&entries))?;
    Ok(())
}

/// The counterexamples in the folders of `out`, sorted by variant and scenario. A folder whose `trace.json` is
/// missing or not a trace of this version is passed over: other things may stand there.
pub fn found(out: &Path) -> Vec<Entry> {
    let folders = std::fs::read_dir(out).into_iter().flatten().flatten();
    let entry = |folder: std::fs::DirEntry| {
        let name = folder.file_name().into_string().ok()?;
        let file = folder.path().join("trace.json");
        // Reading anything else might never end.
        let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
        let text = is_file.then(|| files::read(&file).ok())??;
        let trace = Trace::parse(&text, &name).ok()?;
        Some(Entry::new(&name, &trace))
    };
    let mut entries: Vec<Entry> = folders.filter_map(entry).collect();
    entries.sort();
    entries
}
