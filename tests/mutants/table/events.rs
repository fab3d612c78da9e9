//! Which event goes with a refusal, which is specification as well.

use super::{Place, not_covered, place};

const FILE: &str = "refusal.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "event",
        "Some(Event::NoLicense)",
        &[not_covered(
            "events: a license that is denied has none",
            "None",
            "which event goes with a refusal, which the proof takes as it is",
        )],
    ),
    place(
        FILE,
        "event",
        "Some(Event::MaximumConnectionsExceeded)",
        &[not_covered(
            "events: that of a dropped logon for a full server",
            "Some(Event::LogonDropped)",
            "which event goes with a refusal, which the proof takes as it is",
        )],
    ),
];
