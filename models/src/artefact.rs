//! The files of a counterexample, and the index of all there are.

use std::path::{Path, PathBuf};

use crate::files::{self, FileError};
use crate::render::{self, Entry};
use crate::trace::{Trace, TracedStep, fingerprint};

/// The name of the folder of a counterexample: variant, scenario, and eight digits of the execution.
///
/// They are made of what an execution is: the scenario, who does what and reads what in which order, and the property
/// that falls. Who found it, what it was compared with, and where in the source a step is are left out: these may be
/// others the next time the same execution is found.
pub fn folder_name(trace: &Trace) -> String {
    let step = |step: &TracedStep| {
        let TracedStep {
            actor,
            kind,
            object,
            label,
            ..
        } = step;
        serde_json::json!([actor, kind, object, label, step.nth, step.read])
    };
    let steps: Vec<serde_json::Value> = trace.steps.iter().map(step).collect();
    let property = trace.violation.as_ref().map(|fell| &fell.property);
    let execution = serde_json::json!([trace.scenario.toml, property, steps]);
    let id = fingerprint(&trace.variant, &execution.to_string());
    format!("{}-{}-{}", trace.variant, trace.scenario.name, &id[..8])
}

/// What was written of a counterexample.
#[derive(Debug)]
pub struct Written {
    /// The JSON, which replays; none if it could not be written.
    pub file: Option<PathBuf>,
    /// The page; none if it could not be written.
    pub page: Option<PathBuf>,
    /// Which files could not be written and why, the JSON first.
    pub failures: Vec<FileError>,
}

/// Writes a counterexample in every rendering, with its scenario, into a folder of its own below `out`. Each file
/// appears whole. One that cannot be written keeps none of the others back. Nobody else writes to `out` meanwhile: two
/// that found the same execution may say different things of it, and their files would be mixed.
pub fn write(out: &Path, trace: &Trace) -> Written {
    let folder = out.join(folder_name(trace));
    let named = folder.join("trace.json").display().to_string();
    let options = render::TextOptions {
        file: Some(&named),
        ..render::TextOptions::default()
    };
    let mut failures = Vec::new();
    let _alone = files::alone_in(out).map_err(|error| failures.push(error));
    let mut put = |name: &str, text: &str| {
        let written = files::write(&folder, name, text);
        written.map_err(|error| failures.push(error)).ok()
    };
    put("trace.txt", &render::text(trace, &options));
    put("trace.md", &render::markdown(trace, &named));
    let page = put("trace.html", &render::html(trace, &named));
    put("trace.perfetto.json", &render::perfetto(trace));
    put("scenario.toml", &trace.scenario.toml);
    // Last, for what is beside it should be there when the index finds it.
    let file = put("trace.json", &trace.to_json());
    if file.is_none() {
        failures.rotate_right(1);
    }
    Written {
        file,
        page,
        failures,
    }
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

/// The counterexamples in the folders of `out`, sorted by variant and scenario, and which pages they have: somebody may
/// have kept the trace alone. A folder whose `trace.json` is missing or not a trace of this version is passed over: other
/// things may stand there.
pub fn found(out: &Path) -> Vec<Entry> {
    let folders = std::fs::read_dir(out).into_iter().flatten().flatten();
    let entry = |folder: std::fs::DirEntry| {
        let name = folder.file_name().into_string().ok()?;
        // Reading anything else might never end.
        let has = |name: &str| folder.path().join(name).is_file();
        let file = folder.path().join("trace.json");
        let text = has("trace.json").then(|| files::read(&file).ok())??;
        let trace = Trace::parse(&text, &name).ok()?;
        Some(Entry {
            has_page: has("trace.html"),
            has_markdown: has("trace.md"),
            ..Entry::new(&name, &trace)
        })
    };
    let mut entries: Vec<Entry> = folders.filter_map(entry).collect();
    entries.sort();
    entries
}
