//! The files of a run: its page, what machines read of it, and its scenario; and the list of all runs in a folder.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use logon_sim::artefact::write_files;
use logon_sim::grouped;

use super::page::SCENARIO;
use super::result::Simulation;
use super::words::time;
use crate::files::{self, FileError, Patience};
use crate::render::{Head, List, Row};
use crate::report::{SimulationReport, to_json};
use crate::trace::fingerprint;

/// The page in the folder of a run.
const PAGE: &str = "simulation.html";

/// What machines read of it.
const REPORT: &str = "simulation.json";

/// The largest report that is listed, in bytes: a run's own is much smaller.
const LARGEST: u64 = 1 << 20;

/// What was written of a run.
#[derive(Debug)]
pub struct Written {
    /// The page; none if it could not be written.
    pub page: Option<PathBuf>,
    /// Which files could not be written and why.
    pub failures: Vec<FileError>,
}

impl Simulation {
    /// The name of the folder of a run: variant, scenario, and eight digits of what was asked for. The same run has the same
    /// folder, whatever it comes to.
    #[must_use]
    pub fn folder_name(&self) -> String {
        let toml = self.scenario.to_toml();
        let asked = serde_json::json!([toml, self.seed, self.logons, self.stops]);
        let id = fingerprint(&self.variant, &asked.to_string());
        format!(
            "simulate-{}-{}-{}",
            self.variant,
            self.scenario.name,
            &id[..8]
        )
    }

    /// The files of a run, by name. They are the same for the same run, wherever and whenever it ran.
    #[must_use]
    pub fn rendered(&self) -> Vec<(&'static str, String)> {
        let report = self.report();
        vec![
            (SCENARIO, report.toml.clone()),
            (PAGE, self.page(Some("../index.html"))),
            (REPORT, to_json(&report)),
        ]
    }

    /// Writes them into a folder of their own below `out`: see [`logon_sim::artefact::write_files`]. The index is another
    /// matter: see [`crate::artefact::write_index_with`].
    pub fn write(&self, out: &Path, patience: &Patience<'_>) -> Written {
        let (mut paths, failures) =
            write_files(out, &self.folder_name(), &self.rendered(), patience);
        Written {
            page: paths.remove(PAGE),
            failures,
        }
    }
}

/// The runs in the folders of `out`, sorted by variant and scenario. A folder whose report is missing, larger than 1 MiB or
/// not one of this version is passed over.
pub(crate) fn list(out: &Path) -> List {
    let folders = std::fs::read_dir(out).into_iter().flatten().flatten();
    let rows = folders.filter_map(|folder| {
        let name = folder.file_name().into_string().ok()?;
        let file = folder.path().join(REPORT);
        // Reading anything but a file might never end.
        file.metadata().ok().filter(Metadata::is_file)?;
        let text = files::read_at_most(&file, LARGEST).ok()?;
        let report: SimulationReport = serde_json::from_str(&text).ok()?;
        let has_page = folder.path().join(PAGE).is_file();
        report.is_known().then(|| row(name, has_page, report))
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.sort();
    List {
        title: "Simulations",
        sentence: "Each is one run in virtual time, with clients and faults that were drawn; a pass says nothing \
                   about other runs."
            .to_owned(),
        heads: &HEADS,
        rows,
    }
}

const HEADS: [Head; 7] = [
    Head::text("variant"),
    Head::text("scenario"),
    Head::number("clients"),
    Head::number("seed"),
    Head::number("virtual time"),
    Head::text("verdict"),
    Head::text("why"),
];

fn row(folder: String, has_page: bool, report: SimulationReport) -> Row {
    let (verdict, why) = match report.fell {
        None => ("PASS".to_owned(), String::new()),
        Some(fell) => (format!("FAIL {}", fell.property), fell.sentence),
    };
    Row {
        cells: vec![
            report.variant,
            report.scenario,
            grouped(report.logons),
            report.seed.to_string(),
            time(report.length_ms),
            verdict,
            why,
        ],
        folder,
        file: if has_page { PAGE } else { REPORT },
    }
}
