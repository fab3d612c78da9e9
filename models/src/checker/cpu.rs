//! Processor time, for reports alone: nothing is decided by it.

use std::time::Duration;

/// The processor time the running thread has used since a moment. Where the system does not tell, it is
/// the time that has passed.
#[derive(Clone, Copy, Debug)]
pub struct CpuTime(Duration);

impl CpuTime {
    /// Starts to measure.
    pub fn start() -> Self {
        CpuTime(thread_time())
    }

    /// The seconds used since.
    pub fn seconds(self) -> f64 {
        thread_time().saturating_sub(self.0).as_secs_f64()
    }

    /// The seconds all threads of this process have used since it began.
    pub fn of_process() -> f64 {
        process_time().as_secs_f64()
    }
}

#[cfg(unix)]
fn thread_time() -> Duration {
    read(rustix::time::ClockId::ThreadCPUTime)
}

#[cfg(unix)]
fn process_time() -> Duration {
    read(rustix::time::ClockId::ProcessCPUTime)
}

#[cfg(unix)]
fn read(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

#[cfg(not(unix))]
fn thread_time() -> Duration {
    process_time()
}

#[cfg(not(unix))]
fn process_time() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    #[expect(
        clippy::disallowed_methods,
        reason = "reports how long a checker took; nothing is decided by it"
    )]
    let now = Instant::now();
    now.duration_since(*START.get_or_init(|| now))
}
