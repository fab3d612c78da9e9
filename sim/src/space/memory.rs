//! The memory that a search takes: for its limit alone, no verdict depends on it.

use std::sync::OnceLock;

/// After how many steps the memory is looked at again at the latest. A look costs as much as a few of them.
const LONGEST_PAUSE: u64 = 64;

/// The memory limit of whoever asks for none, in bytes: 4,000 MB, or half of what the machine has if that is less.
#[must_use]
pub fn default_memory_limit() -> u64 {
    static LIMIT: OnceLock<u64> = OnceLock::new();
    *LIMIT.get_or_init(|| {
        let machine = kilobytes("/proc/meminfo", "MemTotal:");
        machine.map_or(MOST, |bytes| MOST.min(bytes / 2))
    })
}

const MOST: u64 = 4_000_000_000;

/// How much there may be, and how much there is.
pub(super) struct Memory {
    limit: Option<u64>,
    before: u64,
    last: u64,
    pause: u64,
    left: u64,
}

impl Memory {
    /// Counts from now on.
    pub(super) fn start(limit: Option<u64>) -> Self {
        let before = resident();
        Self {
            limit,
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
        let taken = resident().saturating_sub(self.before).max(kept);
        if taken > limit {
            return Err(format!("the memory limit of {} MB", limit as f64 / 1e6));
        }
        let of_a_step = taken.saturating_sub(self.last).div_ceil(self.pause);
        let room = (limit - taken) / 8;
        self.pause = room.checked_div(of_a_step).unwrap_or(LONGEST_PAUSE);
        self.pause = self.pause.clamp(1, LONGEST_PAUSE);
        (self.last, self.left) = (taken, self.pause);
        Ok(())
    }
}

/// The memory of this process, as far as the system tells; 0 if it does not.
fn resident() -> u64 {
    kilobytes("/proc/self/status", "VmRSS:").unwrap_or(0)
}

/// The bytes of a line that ends in kilobytes.
fn kilobytes(file: &str, key: &str) -> Option<u64> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    let number = line.trim().strip_suffix("kB")?.trim();
    number.parse::<u64>().ok()?.checked_mul(1024)
}
