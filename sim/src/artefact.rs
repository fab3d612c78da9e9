//! The files of a counterexample, and the index of all there are.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::files::{self, FileError, Patience};
use crate::render::{self, Entry, List, PageOptions, SourceBase, Vocabulary};
use crate::trace::{Summary, Trace, TracedStep, fingerprint};

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

/// [`write_with`] as much patience as is usual.
pub fn write(out: &Path, trace: &Trace, words: &dyn Vocabulary) -> Written {
    write_with(out, trace, words, None, &Patience::default())
}

/// The files of a counterexample, by name: in every rendering, with its scenario. `named` is the path of its JSON, for
/// those that say how to replay it, and `source` where the source of the program is, if it can be led to.
///
/// The JSON is the last, for what is beside it should be there when the index finds it.
pub fn rendered(
    trace: &Trace,
    words: &dyn Vocabulary,
    named: &str,
    source: Option<&SourceBase>,
) -> Vec<(&'static str, String)> {
    let options = render::TextOptions {
        file: Some(named),
        ..render::TextOptions::default()
    };
    let page = PageOptions {
        file: named,
        index: Some(INDEX),
        source,
    };
    vec![
        ("trace.txt", render::text(trace, words, &options)),
        ("trace.md", render::markdown(trace, words, named)),
        ("trace.html", render::html(trace, words, &page)),
        ("trace.perfetto.json", render::perfetto(trace, words)),
        ("scenario.toml", trace.scenario.toml.clone()),
        ("trace.json", trace.to_json()),
    ]
}

/// Where a page finds the list of those beside it, which [`write_index`] writes.
const INDEX: &str = "../index.html";

/// Writes a counterexample in every rendering, with its scenario, into a folder of its own below `out`. Each file
/// appears whole. One that cannot be written keeps none of the others back. Nobody else writes to `out` meanwhile: two
/// that found the same execution may say different things of it, and their files would be mixed. Where that cannot be
/// had within `patience`, nothing is written.
pub fn write_with(
    out: &Path,
    trace: &Trace,
    words: &dyn Vocabulary,
    source: Option<&SourceBase>,
    patience: &Patience<'_>,
) -> Written {
    let folder = folder_name(trace);
    let named = out.join(&folder).join("trace.json").display().to_string();
    let files = rendered(trace, words, &named, source);
    let (mut paths, mut failures) = write_files(out, &folder, &files, patience);
    let (page, file) = (paths.remove("trace.html"), paths.remove("trace.json"));
    if file.is_none() {
        failures.rotate_right(1);
    }
    Written {
        file,
        page,
        failures,
    }
}

/// Writes files with these names into a folder of their own below `out`, in this order: where they are, by name, and which
/// could not be written and why. Each appears whole, one that cannot be written keeps none of the others back, and nobody
/// else writes to `out` meanwhile. Where that cannot be had within `patience`, nothing is written.
pub fn write_files(
    out: &Path,
    folder: &str,
    files: &[(&'static str, String)],
    patience: &Patience<'_>,
) -> (BTreeMap<&'static str, PathBuf>, Vec<FileError>) {
    let (mut paths, mut failures) = (BTreeMap::new(), Vec::new());
    let _alone = match files::alone_in(out, patience) {
        Ok(alone) => alone,
        Err(error) => return (paths, vec![error]),
    };
    let folder = out.join(folder);
    files::sweep(&folder);
    for (name, text) in files {
        match files::write(&folder, name, text) {
            Ok(path) => drop(paths.insert(*name, path)),
            Err(error) => failures.push(error),
        }
    }
    (paths, failures)
}

/// [`write_index_with`] no other lists and as much patience as is usual.
///
/// # Errors
///
/// Which file could not be written and why.
pub fn write_index(out: &Path, words: &dyn Vocabulary) -> Result<(), FileError> {
    write_index_with(out, words, &|_| Vec::new(), &Patience::default())
}

/// Writes `index.html` and `index.md`, which list what [`found`] finds, and besides what `lists` finds in `out`. Nobody
/// else writes them meanwhile: who had looked earlier and wrote later would take an entry out. Most traces are looked at
/// before the others are kept waiting, and only what has changed by then is looked at again.
///
/// # Errors
///
/// Which file could not be written and why; also that somebody else had the folder for longer than `patience`.
pub fn write_index_with(
    out: &Path,
    words: &dyn Vocabulary,
    lists: &dyn Fn(&Path) -> Vec<List>,
    patience: &Patience<'_>,
) -> Result<(), FileError> {
    let before = summaries(out, &Summaries::new());
    let _alone = files::alone_in(out, patience)?;
    let summaries = summaries(out, &before);
    for folder in summaries.keys() {
        files::sweep(&out.join(folder));
    }
    let entries = entries(out, &summaries);
    let lists = lists(out);
    let (text, page) = (
        render::markdown_index(&entries, &lists, words),
        render::html_index(&entries, &lists, words),
    );
    files::write(out, "index.md", &text)?;
    files::write(out, "index.html", &page)?;
    Ok(())
}

/// The counterexamples in the folders of `out`, sorted by variant and scenario, and which pages they have: somebody may
/// have kept the trace alone. A folder whose `trace.json` is missing, larger than a trace may be, or not a trace of this
/// version is passed over: other things may stand there. Of a file no more is kept than the list says of it.
pub fn found(out: &Path) -> Vec<Entry> {
    entries(out, &summaries(out, &Summaries::new()))
}

fn entries(out: &Path, summaries: &Summaries) -> Vec<Entry> {
    let entry = |(name, (_, summary)): (&String, &(Stamp, Option<Summary>))| {
        let has = |file: &str| out.join(name).join(file).is_file();
        Some(Entry {
            has_page: has("trace.html"),
            has_markdown: has("trace.md"),
            ..Entry::of(name, summary.as_ref()?)
        })
    };
    let mut entries: Vec<Entry> = summaries.iter().filter_map(entry).collect();
    entries.sort();
    entries
}

/// What the trace in each folder says, if it is one, and when that was.
type Summaries = BTreeMap<String, (Stamp, Option<Summary>)>;

/// What changes when a file does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

/// What is said in the folders of `out` that have a `trace.json`; what is `known` is not read again.
fn summaries(out: &Path, known: &Summaries) -> Summaries {
    let folders = std::fs::read_dir(out).into_iter().flatten().flatten();
    let summary = |folder: std::fs::DirEntry| {
        let name = folder.file_name().into_string().ok()?;
        let file = folder.path().join("trace.json");
        // Reading anything but a file might never end.
        let metadata = file.metadata().ok().filter(Metadata::is_file)?;
        let stamp = Stamp {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
        };
        let same = known.get(&name).filter(|(known, _)| *known == stamp);
        let summary = same.map_or_else(|| Summary::load(&file), |(_, summary)| summary.clone());
        Some((name, (stamp, summary)))
    };
    folders.filter_map(summary).collect()
}
