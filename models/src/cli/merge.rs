//! `merge`: the parts of a job put together.

use std::path::{Path, PathBuf};

use logon_sim::{counted, visible_json};
use serde::Deserialize;

use super::arguments::{CheckFormat, MergeArguments};
use super::{Failure, Status, put, put_json, swarm};
use crate::merge::{Named, matrices, swarms};
use crate::report::{MatrixReport, SwarmReport, to_json};

/// The largest part, in bytes: of a million configurations.
const LARGEST: u64 = 1 << 30;

/// What every part begins with.
#[derive(Deserialize)]
struct Format {
    format: String,
}

pub(super) fn run(arguments: &MergeArguments) -> Result<Status, Failure> {
    let files = files(&arguments.parts)?;
    let texts: Vec<Named<String>> = files
        .iter()
        .map(|file| read(file))
        .collect::<Result<_, _>>()?;
    let formats = texts.iter().map(|(name, text)| {
        let format: Format = parsed(name, text)?;
        Ok((name.as_str(), format.format))
    });
    let formats: Vec<(&str, String)> = formats.collect::<Result<_, Failure>>()?;
    let (first, format) = &formats[0];
    if let Some((name, other)) = formats.iter().find(|(_, other)| other != format) {
        return Err(Failure::usage(format!(
            "{first} is a {format}, and {name} a {other}; expected parts of one job"
        )));
    }
    match &**format {
        "logon-check/swarm" => {
            let whole = swarms(all_parsed(&texts)?).map_err(Failure::usage)?;
            of_swarm(&whole, arguments.format)
        }
        "logon-check/matrix" => {
            let whole = matrices(all_parsed(&texts)?).map_err(Failure::usage)?;
            Ok(of_matrix(&whole, arguments.format))
        }
        other => Err(Failure::usage(format!(
            "{first} is a {other}; expected parts of logon-check/swarm or of logon-check/matrix"
        ))),
    }
}

fn of_swarm(whole: &SwarmReport, format: CheckFormat) -> Result<Status, Failure> {
    match format {
        CheckFormat::Text => put(&swarm::text(whole)),
        CheckFormat::Json => put_json(to_json(whole)),
    }
    swarm::status(whole)
}

fn of_matrix(whole: &MatrixReport, format: CheckFormat) -> Status {
    match format {
        CheckFormat::Text => put(&format!(
            "{} {} as predicted{}\n",
            if whole.as_expected { "PASS" } else { "FAIL" },
            match whole.as_expected {
                true => counted(whole.cells.len() as u64, "cell"),
                false => format!("not all of {}", counted(whole.cells.len() as u64, "cell")),
            },
            match whole.proved {
                Some(true) => "; fixed is proved",
                Some(false) => "; fixed is not proved",
                None => "",
            }
        )),
        CheckFormat::Json => put_json(to_json(whole)),
    }
    match whole.as_expected {
        true => Status::Holds,
        false => Status::Violated,
    }
}

/// The files in a folder that end in .json, in their order.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let fail = |error: std::io::Error| {
        Failure::usage(format!(
            "cannot read the folder {}: {error}",
            folder.display()
        ))
    };
    let entries = std::fs::read_dir(folder).map_err(fail)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let paths: Vec<PathBuf> = paths.collect::<Result<_, _>>().map_err(fail)?;
    let is_part = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
    let mut files: Vec<PathBuf> = paths.into_iter().filter(is_part).collect();
    files.sort();
    if files.is_empty() {
        return Err(Failure::usage(format!(
            "there is no file in {} that ends in .json; expected what --partition with --format json has printed",
            folder.display()
        )));
    }
    Ok(files)
}

fn read(file: &Path) -> Result<Named<String>, Failure> {
    let text = crate::files::read_at_most(file, LARGEST);
    let text = text.map_err(|error| Failure::usage(&error))?;
    Ok((file.display().to_string(), text))
}

fn parsed<'a, T: Deserialize<'a>>(name: &str, text: &'a str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        Failure::usage(format!(
            "{name} is no part of a job: {}",
            visible_json(error.to_string())
        ))
    })
}

fn all_parsed<'a, T: Deserialize<'a>>(
    texts: &'a [Named<String>],
) -> Result<Vec<Named<T>>, Failure> {
    let parsed = texts
        .iter()
        .map(|(name, text)| Ok((name.clone(), parsed(name, text)?)));
    parsed.collect()
}
