//! Whether files can be written to a folder, found out before work is done whose results belong there.

use std::ffi::OsStr;
use std::io::{Error, ErrorKind};
use std::path::{Component, Path, PathBuf};

use super::FileError;
use super::lock::expect_lockable;

/// As many bytes the name of a counterexample may have, with the longest name of a file in it.
const LONGEST_BELOW: (usize, &str) = (120, "trace.perfetto.json");

/// Makes `folder`, and makes sure that files can be written to it, before work is done whose results belong there.
///
/// # Errors
///
/// What could not be done, and to which path.
pub fn prepare(folder: &Path) -> Result<(), FileError> {
    expect_writable(folder)?;
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))
}

/// Makes sure that files can be written to `folder`, before work is done that may have results which belong there.
/// A folder that is missing is not made, only looked for where it would be made.
///
/// # Errors
///
/// What could not be done, and to which path.
pub fn expect_writable(folder: &Path) -> Result<(), FileError> {
    let fail = |error: &Error| unwritable(folder, error);
    let mut missing: Vec<&OsStr> = Vec::new();
    let mut there = Path::new(".");
    for path in folder.ancestors() {
        // The parent of a relative path of one part is the empty one, which means the current folder and does not exist.
        if path.as_os_str().is_empty() {
            break;
        }
        match std::fs::symlink_metadata(path) {
            Ok(metadata) => {
                if metadata.is_symlink()
                    && let Err(error) = std::fs::metadata(path)
                {
                    let what = format!("the link {} leads nowhere: {error}", path.display());
                    return Err(fail(&Error::other(what)));
                }
                there = path;
                break;
            }
            Err(error) if is_absence(&error) => missing.extend(path.file_name()),
            Err(error) => return Err(fail(&error)),
        }
    }
    let (name, file) = LONGEST_BELOW;
    let below = Path::new(&"x".repeat(name)).join(file);
    let whole = std::path::absolute(folder).map_err(|error| fail(&error))?;
    let parts = missing.into_iter().map(|part| there.join(part));
    for path in parts.chain([whole.join(below)]) {
        // The system says whether it would be too long.
        match std::fs::symlink_metadata(path) {
            Err(error) if !is_absence(&error) => return Err(fail(&error)),
            _ => {}
        }
    }
    tempfile::tempfile_in(there).map_err(|error| fail(&error))?;
    expect_lockable(folder)
}

/// Makes sure that a file can be written at `path`, for which `option` of a command line asks, before work is done whose
/// results belong there. Folders that are missing are made when it is written.
///
/// # Errors
///
/// What could not be done, and to which path.
pub fn expect_file(path: &Path, option: &str) -> Result<(), FileError> {
    let fail = |what: &dyn std::fmt::Display| {
        FileError(format!(
            "cannot write {}: {what}; choose another file with {option}",
            path.display()
        ))
    };
    if path.file_name().is_none() || std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(fail(&"it is a folder, or no file"));
    }
    let above = path.ancestors().skip(1);
    let mut above = above.filter(|folder| !folder.as_os_str().is_empty());
    let there = above.find(|folder| folder.symlink_metadata().is_ok());
    tempfile::tempfile_in(there.unwrap_or(Path::new("."))).map_err(|error| fail(&error))?;
    Ok(())
}

/// Where a file at `path` lies or would lie: two paths of one file have one place, whatever links and `..` are in them.
#[must_use]
pub fn place_of(path: &Path) -> PathBuf {
    if let Ok(place) = path.canonicalize() {
        return place;
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known = absolute
        .ancestors()
        .find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    let Some((folder, mut place)) = known else {
        return absolute;
    };
    // What is not there yet has no links.
    let rest = absolute.strip_prefix(folder).unwrap_or(Path::new(""));
    for part in rest.components() {
        match part {
            Component::ParentDir => drop(place.pop()),
            part => place.push(part),
        }
    }
    place
}

fn is_absence(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn unwritable(folder: &Path, error: &Error) -> FileError {
    FileError(format!(
        "cannot write to {}: {error}; choose another folder with --out",
        folder.display()
    ))
}
