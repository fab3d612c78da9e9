//! The memory that a search takes: for its limit alone, no verdict depends on it.

use std::sync::OnceLock;

use resident::Resident;

/// After how many steps the memory is looked at again at the latest. A look costs less than one of them.
const LONGEST_PAUSE: u64 = 16;

/// The memory limit of whoever asks for none, in bytes: 4,000 MB, or half of what the machine has if that is less.
#[must_use]
pub fn default_memory_limit() -> u64 {
    static LIMIT: OnceLock<u64> = OnceLock::new();
    *LIMIT.get_or_init(|| of_the_machine().map_or(MOST, |bytes| MOST.min(bytes / 2)))
}

const MOST: u64 = 4_000_000_000;

/// How much there may be, and how much there is.
pub(super) struct Memory {
    limit: Option<u64>,
    resident: Resident,
    before: u64,
    last: u64,
    pause: u64,
    left: u64,
}

impl Memory {
    /// Counts from now on.
    pub(super) fn start(limit: Option<u64>) -> Self {
        let resident = Resident::open();
        let before = resident.bytes();
        Self {
            limit,
            resident,
            before,
            last: 0,
            pause: 1,
            left: 1,
        }
    }

    /// A step was taken, and what is kept of all of them takes so many bytes at least.
    ///
    /// # Errors
    ///
    /// The limit, in words, if there is more than it allows. The faster the memory grows the more often it
    /// is looked at.
    pub(super) fn look(&mut self, kept: u64) -> Result<(), String> {
        let Some(limit) = self.limit else {
            return Ok(());
        };
        self.left -= 1;
        if self.left > 0 {
            return Ok(());
        }
        let taken = self.resident.bytes().saturating_sub(self.before).max(kept);
        if taken > limit {
            return Err(format!("the memory limit of {} MB", limit as f64 / 1e6));
        }
        let of_a_step = taken.saturating_sub(self.last).div_ceil(self.pause);
        let room = (limit - taken) / 8;
        let until_it_is_near = room.checked_div(of_a_step).unwrap_or(LONGEST_PAUSE);
        // What has been quiet may grow from now on, so a pause is at most twice the one before.
        let longest = LONGEST_PAUSE.min(2 * self.pause);
        self.pause = until_it_is_near.clamp(1, longest);
        (self.last, self.left) = (taken, self.pause);
        Ok(())
    }
}

/// The memory that the machine has, in bytes, as far as the system tells.
fn of_the_machine() -> Option<u64> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let mut lines = text.lines();
    let line = lines.find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes = line.trim().strip_suffix("kB")?.trim();
    kilobytes.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(target_os = "linux")]
mod resident {
    //! The memory that this process has in use, from a file that stays open and has one short line.

    use std::fs::File;
    use std::os::unix::fs::FileExt;

    use nix::unistd::{SysconfVar, sysconf};

    pub(super) struct Resident {
        file: Option<File>,
        page: u64,
    }

    impl Resident {
        pub(super) fn open() -> Self {
            let page = sysconf(SysconfVar::PAGE_SIZE).ok().flatten();
            Self {
                file: File::open("/proc/self/statm").ok(),
                page: page.and_then(|bytes| bytes.try_into().ok()).unwrap_or(4096),
            }
        }

        /// The bytes in use; 0 if the system does not tell.
        pub(super) fn bytes(&self) -> u64 {
            self.pages().unwrap_or(0).saturating_mul(self.page)
        }

        /// The second number of the line.
        fn pages(&self) -> Option<u64> {
            let mut line = [0; 128];
            let length = self.file.as_ref()?.read_at(&mut line, 0).ok()?;
            let line = str::from_utf8(&line[..length]).ok()?;
            line.split(' ').nth(1)?.parse().ok()
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod resident {
    //! Elsewhere only what the search counts itself is known.

    pub(super) struct Resident;

    impl Resident {
        pub(super) fn open() -> Self {
            Self
        }

        pub(super) fn bytes(&self) -> u64 {
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_at_most_twice_the_one_before_and_has_an_end() {
        let mut memory = Memory::start(Some(u64::MAX / 2));
        let mut pauses = Vec::new();
        for _ in 0..100 {
            memory.look(0).expect("there is room");
            if memory.left == memory.pause {
                pauses.push(memory.pause);
            }
        }
        assert_eq!(pauses[..5], [2, 4, 8, 16, 16]);
    }
}
