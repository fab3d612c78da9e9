//! Files: written whole or not at all.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held while a file is being written; an interrupt waits for it.
static WRITING: Mutex<()> = Mutex::new(());

/// Why a file could not be written or read.
#[derive(Debug)]
pub struct FileError(String);

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FileError {}

/// Waits until no file is being written, and keeps it so until the guard is dropped.
pub fn no_more_writing() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes `folder`, and makes sure that files can be written to it, before work is done whose results belong there.
///
/// # Errors
///
/// What could not be done, and to which path.
pub fn prepare(folder: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    expect_writable(folder)
}

/// Makes sure that files can be written to `folder`, before work is done that may have results which belong there.
/// A folder that is missing is not made, only looked for where it would be made.
///
/// # Errors
///
/// What could not be done, and to which path.
pub fn expect_writable(folder: &Path) -> Result<(), FileError> {
    let mut there = folder.ancestors().filter(|path| path.exists());
    // The parent of a relative path of one part is the empty one, which means the current folder and does not exist.
    let there = there.next().unwrap_or(Path::new("."));
    tempfile::Builder::new()
        .prefix(".logon-check-")
        .tempfile_in(there)
        .map(drop)
        .map_err(|error| unwritable(folder, &error))
}

fn unwritable(folder: &Path, error: &std::io::Error) -> FileError {
    FileError(format!(
        "cannot write to {}: {error}; choose another folder with --out",
        folder.display()
    ))
}

/// The file that is locked by whoever changes a folder. It stays, for who deletes it would let two have a lock each.
const LOCK: &str = ".logon-check-lock";

/// Held while no other process, and no other thread of this one, changes a folder.
#[derive(Debug)]
pub struct Alone {
    /// Closing it ends the lock, and the system closes it when the process is killed.
    _locked: File,
}

/// Waits until nobody else changes `folder`, and keeps it so until what it gives is dropped. Who has it must not ask
/// again.
///
/// # Errors
///
/// What could not be done, and to which path.
pub fn alone_in(folder: &Path) -> Result<Alone, FileError> {
    let path = folder.join(LOCK);
    let fail = |error: std::io::Error| {
        FileError(format!(
            "cannot lock {}: {error}; choose another folder with --out",
            path.display()
        ))
    };
    std::fs::create_dir_all(folder).map_err(fail)?;
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        // Opening a pipe might never end.
        return Err(fail(ErrorKind::InvalidInput.into()));
    }
    let file = File::options().create(true).append(true).open(&path);
    let file = file.map_err(fail)?;
    match file.lock() {
        // There are file systems without locks; on those, writing at the same time is left to chance.
        Err(error) if error.kind() == ErrorKind::Unsupported => {}
        locked => locked.map_err(fail)?,
    }
    Ok(Alone { _locked: file })
}

/// Writes `text` to `folder/name`, making the folder if it is missing. The file appears whole: it is
/// written beside its place and then renamed.
///
/// # Errors
///
/// What could not be done, and to which path.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, FileError> {
    let _writing = no_more_writing();
    let path = folder.join(name);
    let fail = |what: &str, error: &dyn fmt::Display| {
        FileError(format!(
            "cannot write {}: {what}: {error}; choose another folder with --out",
            path.display()
        ))
    };
    std::fs::create_dir_all(folder).map_err(|error| fail("the folder cannot be made", &error))?;
    let mut file = tempfile::Builder::new()
        .prefix(".logon-check-")
        .tempfile_in(folder)
        .map_err(|error| fail("the folder cannot be written to", &error))?;
    file.write_all(text.as_bytes())
        .map_err(|error| fail("writing failed", &error))?;
    make_readable(&file).map_err(|error| fail("its permissions cannot be set", &error))?;
    file.persist(&path)
        .map_err(|error| fail("it cannot be put in its place", &error.error))?;
    Ok(path)
}

/// Temporary files are private; a report is not.
#[cfg(unix)]
fn make_readable(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file()
        .set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &tempfile::NamedTempFile) -> std::io::Result<()> {
    Ok(())
}

/// The largest file that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Reads a text file.
///
/// # Errors
///
/// One sentence: it is missing, a folder, too large, or not UTF-8.
pub fn read(path: &Path) -> Result<String, FileError> {
    let fail = |what: String| FileError(format!("{}: {what}", path.display()));
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => fail("there is no such file; check the path".to_owned()),
        _ => fail(format!("cannot be read: {error}")),
    })?;
    if metadata.is_dir() {
        return Err(fail("is a folder; name a file in it".to_owned()));
    }
    let unreadable = |error: std::io::Error| fail(format!("cannot be read: {error}"));
    let mut bytes = Vec::new();
    // The length is counted while reading: a device tells none.
    let mut file = File::open(path).map_err(unreadable)?.take(LARGEST + 1);
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(fail(format!(
            "is larger than {} MiB",
            LARGEST / 1024 / 1024
        )));
    }
    String::from_utf8(bytes).map_err(|_| fail("is not UTF-8 text".to_owned()))
}
