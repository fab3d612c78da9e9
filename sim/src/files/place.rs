//! Whether files can be written to a folder, found out before work is done whose results belong there.

use std::ffi::OsStr;
use std::io::{Error, ErrorKind};
use std::path::Path;

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

fn is_absence(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn unwritable(folder: &Path, error: &Error) -> FileError {
    FileError(format!(
        "cannot write to {}: {error}; choose another folder with --out",
        folder.display()
    ))
}
