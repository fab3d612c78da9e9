//! Files: written whole or not at all, and read with a limit.

mod lock;
mod place;

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use lock::{Alone, Patience, alone_in};
pub use place::{expect_file, expect_writable, place_of, prepare};

/// What the name of a file begins with while it is being written. Six letters and digits follow.
const UNFINISHED: &str = ".logon-check-";

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

/// Writes `text` to `folder/name`, making the folder if it is missing. The file appears whole: it is
/// written beside its place and then renamed.
///
/// # Errors
///
/// What could not be done, and to which path.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, FileError> {
    put(folder, &folder.join(name), text, "folder with --out")
}

/// Writes `text` to the file at `path`, for which `option` of a command line asks, as [`write()`] does.
///
/// # Errors
///
/// What could not be done, and to which path.
pub fn write_file(path: &Path, text: &str, option: &str) -> Result<PathBuf, FileError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    put(folder, path, text, &format!("file with {option}"))
}

/// Writes `text` to `path`, which is in `folder`; who fails is told to choose `another`.
fn put(folder: &Path, path: &Path, text: &str, another: &str) -> Result<PathBuf, FileError> {
    let _writing = no_more_writing();
    let fail = |what: &str, error: &dyn fmt::Display| {
        FileError(format!(
            "cannot write {}: {what}: {error}; choose another {another}",
            path.display()
        ))
    };
    std::fs::create_dir_all(folder).map_err(|error| fail("the folder cannot be made", &error))?;
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder)
        .map_err(|error| fail("the folder cannot be written to", &error))?;
    file.write_all(text.as_bytes())
        .map_err(|error| fail("writing failed", &error))?;
    make_readable(&file).map_err(|error| fail("its permissions cannot be set", &error))?;
    file.persist(path)
        .map_err(|error| fail("it cannot be put in its place", &error.error))?;
    Ok(path.to_owned())
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

/// Removes what a process that was killed has left half written in `folder`. Nobody else writes there meanwhile.
pub(crate) fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED));
        let is_unfinished = rest.is_some_and(|rest| {
            rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if is_unfinished && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            // What cannot be removed harms nobody.
            drop(std::fs::remove_file(entry.path()));
        }
    }
}

/// The largest file that is read where nothing else is said.
const LARGEST: u64 = 64 * 1024 * 1024;

/// How many bytes are read at a time.
const CHUNK: usize = 64 * 1024;

/// Reads a text file.
///
/// # Errors
///
/// One sentence: it is missing, a folder, a pipe, too large, or not UTF-8.
pub fn read(path: &Path) -> Result<String, FileError> {
    read_checked(path, LARGEST, &mut |_| Ok(()))
}

/// Reads a text file of at most `largest` bytes.
///
/// # Errors
///
/// As [`read`].
pub fn read_at_most(path: &Path, largest: u64) -> Result<String, FileError> {
    read_checked(path, largest, &mut |_| Ok(()))
}

/// Reads a text file of at most `largest` bytes. `look` sees the bytes as they come; once it says what is wrong with
/// them, nothing more is read.
///
/// # Errors
///
/// As [`read`], and what `look` says.
pub(crate) fn read_checked(
    path: &Path,
    largest: u64,
    look: &mut dyn FnMut(&[u8]) -> Result<(), String>,
) -> Result<String, FileError> {
    let fail = |what: &str| FileError(format!("{}: {what}", path.display()));
    let unreadable = |error: &std::io::Error| fail(&format!("cannot be read: {error}"));
    let too_large = || fail(&format!("is larger than {} MiB", largest / 1024 / 1024));
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => fail("there is no such file; check the path"),
        _ => unreadable(&error),
    })?;
    if metadata.is_dir() {
        return Err(fail("is a folder; name a file in it"));
    }
    if is_idle_pipe(path) {
        return Err(fail(
            "is a pipe, from which nothing may ever come; name a file, or /dev/stdin",
        ));
    }
    if metadata.len() > largest {
        return Err(too_large());
    }
    let mut file = File::open(path).map_err(|error| unreadable(&error))?;
    // A device tells no length, and a file may grow.
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(&error)),
        };
        look(&chunk[..read]).map_err(|what| fail(&crate::render::brief(&what)))?;
        bytes.extend_from_slice(&chunk[..read]);
        if bytes.len() as u64 > largest {
            return Err(too_large());
        }
    }
    String::from_utf8(bytes).map_err(|_| fail("is not UTF-8 text"))
}

/// Whether opening this path might wait for ever: it is a pipe in a folder, for which somebody else must come. A pipe
/// that this process was given, such as `/dev/stdin`, is open at its other end.
#[cfg(unix)]
#[must_use]
pub fn is_idle_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let given = ["/dev/stdin", "/dev/fd", "/proc/self/fd"];
    let is_given = given.iter().any(|given| path.starts_with(given));
    !is_given && std::fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

/// Whether opening this path might wait for ever; no other system has such pipes.
#[cfg(not(unix))]
#[must_use]
pub fn is_idle_pipe(_: &Path) -> bool {
    false
}
