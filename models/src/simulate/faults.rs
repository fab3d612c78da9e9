//! How often each fault has happened: a run in which one never did has not shown what the server does with it.

use crate::scenario::{Faults, Time};

/// The name of one of them, for whoever asks.
pub(super) const LOSES_PATIENCE: &str = "a client loses patience";

/// How often each has happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Happened {
    pub(super) saw_prompts: u64,
    pub(super) quiet_moments: u64,
    pub(super) creations_failed: u64,
    pub(super) workers_stalled: u64,
    pub(super) disconnected: u64,
    pub(super) lines_broke: u64,
    pub(super) vanished: u64,
    pub(super) wrong_passwords: u64,
    pub(super) licenses_denied: u64,
    pub(super) licenses_never: u64,
    pub(super) came_back: u64,
    pub(super) disk_was_slow: u64,
    pub(super) resets_hit: u64,
    pub(super) logons_were_disabled: u64,
    pub(super) hung_up_at_prompt: u64,
    pub(super) lost_patience: u64,
    pub(super) came_back_to_a_session: u64,
    pub(super) timed_out_sessions: u64,
    pub(super) waited_in_line: u64,
    pub(super) hold_ups: u64,
}

impl Happened {
    /// Each with its name, whether the scenario asks for it, and how often it happened.
    pub(super) fn all(&self, time: &Time, faults: &Faults, has_flood: bool) -> Vec<Occurrence> {
        let leaves = faults.disconnect + faults.breaks + faults.vanish > 0;
        let of = |what, is_asked_for, times| Occurrence {
            what,
            is_asked_for,
            times,
        };
        vec![
            of("a client sees its prompt", true, self.saw_prompts),
            of(
                "a moment passes at which nobody is held up, so that all is judged",
                true,
                self.quiet_moments,
            ),
            of("a client waits in line", true, self.waited_in_line),
            of(
                "an operation is held up",
                time.hold_up.is_some(),
                self.hold_ups,
            ),
            of(LOSES_PATIENCE, false, self.lost_patience),
            of(
                "a creation fails",
                faults.creation_fails > 0,
                self.creations_failed,
            ),
            of(
                "a creation worker stalls",
                faults.worker_stalls > 0,
                self.workers_stalled,
            ),
            of(
                "the disk is slow",
                faults.slow_disk.is_some(),
                self.disk_was_slow,
            ),
            of(
                "a user disconnects",
                faults.disconnect > 0,
                self.disconnected,
            ),
            of("a line breaks", faults.breaks > 0, self.lines_broke),
            of("a client vanishes", faults.vanish > 0, self.vanished),
            of(
                "a user goes back to a disconnected session",
                leaves,
                self.came_back_to_a_session,
            ),
            of(
                "a disconnected session times out",
                leaves && time.disconnect_time_out.is_some(),
                self.timed_out_sessions,
            ),
            of(
                "a password is wrong",
                faults.wrong_password > 0,
                self.wrong_passwords,
            ),
            of(
                "a license is denied",
                faults.license_denied > 0,
                self.licenses_denied,
            ),
            of(
                "the license service does not reply",
                faults.license_never > 0,
                self.licenses_never,
            ),
            of("a client comes back", faults.come_back > 0, self.came_back),
            of(
                "a client hangs up at its prompt",
                has_flood,
                self.hung_up_at_prompt,
            ),
            of(
                "an administrator resets a session",
                faults.reset_every.is_some(),
                self.resets_hit,
            ),
            of(
                "an administrator disables logons",
                faults.disable_logons.is_some(),
                self.logons_were_disabled,
            ),
        ]
    }
}

/// Something that may happen in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Occurrence {
    /// A sentence.
    pub(super) what: &'static str,
    /// Whether the scenario asks for it.
    pub(super) is_asked_for: bool,
    /// How often it happened.
    pub(super) times: u64,
}
