//! What a pipeline is told, by the program as it is run there: summary, annotations, reports, status.

mod limits;
mod page;
mod reports;
mod summary;
mod weak_words;

use std::path::Path;
use std::process::{Command, Output};

/// A run of the program in `folder` as a step of a job of GitHub, with its summary in `summary.md` there.
fn in_a_job(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
    command
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .env("GITHUB_WORKSPACE", folder)
        .output()
        .expect("the program starts")
}

/// What stands in a file that a run wrote.
#[track_caller]
fn read(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
