//! The lock of a folder: one at a time changes it, and nobody waits for that in silence or without end.

use std::cell::Cell;
use std::fmt;
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::FileError;
use crate::deadline::Deadline;

/// The file that is locked by whoever changes a folder. It stays, for who deletes it would let two have a lock each.
pub(super) const LOCK: &str = ".logon-check-lock";

/// How long to wait for a lock if nobody says, in seconds.
const SECONDS: f64 = 60.0;

/// How long until a lock that somebody else has is tried again.
const PAUSE: Duration = Duration::from_millis(5);

/// How long to wait, altogether, until others are done with a folder, and who hears that there is waiting.
pub struct Patience<'a> {
    seconds: f64,
    tell: &'a dyn Fn(&str),
    /// Until when, once the waiting has begun.
    until: Cell<Option<Deadline>>,
}

impl<'a> Patience<'a> {
    /// Waits for so many seconds of wall time at the most, and tells a sentence when it begins to.
    pub fn new(seconds: f64, tell: &'a dyn Fn(&str)) -> Self {
        Patience {
            seconds,
            tell,
            until: Cell::new(None),
        }
    }

    /// Waits for a minute of wall time at the most, and tells a sentence when it begins to.
    pub fn telling(tell: &'a dyn Fn(&str)) -> Self {
        Patience::new(SECONDS, tell)
    }

    /// Waits a little for the lock at `path`; says whether there is still time.
    fn wait(&self, path: &Path) -> bool {
        let deadline = self.until.get().unwrap_or_else(|| {
            (self.tell)(&format!(
                "waiting for the lock {}, which another process holds",
                path.display()
            ));
            Deadline::after(Some(self.seconds))
        });
        self.until.set(Some(deadline));
        pause();
        !deadline.has_passed()
    }
}

impl Default for Patience<'_> {
    /// A minute, in silence.
    fn default() -> Self {
        Patience::new(SECONDS, &|_| {})
    }
}

impl fmt::Debug for Patience<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience")
            .field("seconds", &self.seconds)
            .finish_non_exhaustive()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "no event tells that another process has given a lock back"
)]
fn pause() {
    std::thread::sleep(PAUSE);
}

/// Held while no other process, and no other thread of this one, changes a folder.
#[derive(Debug)]
pub struct Alone {
    /// Closing it ends the lock, and the system closes it when the process is killed.
    _locked: File,
}

/// Waits until nobody else changes `folder`, and keeps it so until what it gives is dropped. Who has it must not ask
/// again. What a process that was killed has left half written in the folder is removed.
///
/// # Errors
///
/// What could not be done, and to which path; also that somebody else still has the lock.
pub fn alone_in(folder: &Path, patience: &Patience<'_>) -> Result<Alone, FileError> {
    let path = folder.join(LOCK);
    std::fs::create_dir_all(folder).map_err(|error| failed(&path, &error))?;
    let file = open(&path)?;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if patience.wait(&path) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(FileError(format!(
                    "another process still holds the lock {} after {} s; let it end, or choose another folder with \
                     --out",
                    path.display(),
                    patience.seconds
                )));
            }
            // There are file systems without locks; on those, writing at the same time is left to chance.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => break,
            Err(TryLockError::Error(error)) => return Err(failed(&path, &error)),
        }
    }
    super::sweep(folder);
    Ok(Alone { _locked: file })
}

/// Makes sure that the lock of a folder, if it is there, is one.
pub(super) fn expect_lockable(folder: &Path) -> Result<(), FileError> {
    let path = folder.join(LOCK);
    match std::fs::symlink_metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        _ => open(&path).map(drop),
    }
}

fn open(path: &PathBuf) -> Result<File, FileError> {
    // Opening a pipe might never end, and a link might lead anywhere.
    if std::fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(FileError(format!(
            "cannot lock {}: it is not a plain file; remove it, or choose another folder with --out",
            path.display()
        )));
    }
    let file = File::options().create(true).append(true).open(path);
    file.map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> FileError {
    FileError(format!(
        "cannot lock {}: {error}; choose another folder with --out",
        path.display()
    ))
}
