//! Memory, for reports and for limits alone: no verdict depends on it.

/// The resident memory of this process since a moment, as far as the system tells.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    before: Option<Resident>,
    most: u64,
}

/// What the system says, in bytes.
#[derive(Clone, Copy, Debug)]
struct Resident {
    now: u64,
    /// The most since the process began.
    most: u64,
}

impl Memory {
    /// Starts to measure.
    pub fn start() -> Self {
        let before = resident();
        Memory {
            before,
            most: before.map_or(0, |resident| resident.now),
        }
    }

    /// How many bytes more there are now than at the start.
    pub fn growth(&mut self) -> Option<u64> {
        let before = self.before?;
        let resident = resident()?;
        self.most = self.most.max(resident.now);
        if resident.most > before.most {
            self.most = self.most.max(resident.most);
        }
        Some(resident.now.saturating_sub(before.now))
    }

    /// How many bytes more than at the start there were at the most.
    pub fn peak(mut self) -> Option<u64> {
        self.growth()?;
        Some(self.most.saturating_sub(self.before?.now))
    }
}

#[cfg(target_os = "linux")]
fn resident() -> Option<Resident> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        let number = line.trim().strip_suffix("kB")?.trim();
        number.parse::<u64>().ok()?.checked_mul(1024)
    };
    Some(Resident {
        now: kilobytes("VmRSS:")?,
        most: kilobytes("VmHWM:")?,
    })
}

#[cfg(not(target_os = "linux"))]
fn resident() -> Option<Resident> {
    None
}
