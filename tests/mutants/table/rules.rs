//! What the proof takes from the core as its specification: legal edges, and events.

use super::{Place, not_covered, noticed, place};

const FILE: &str = "state.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "may_become",
        "matches!(next, ConnectQuery)",
        &[
            not_covered(
                "edges: an idle session may become active",
                "matches!(next, ConnectQuery | Active)",
                "the table of legal edges, which the proof takes as it is",
            ),
            noticed(
                "edges: an idle session stays idle",
                "false",
                "S5",
                "a session goes from Idle to ConnectQuery, along no legal edge",
            ),
        ],
    ),
    place(
        FILE,
        "may_become",
        "matches!(next, Connected | Active | Disconnected | Reset)",
        &[noticed(
            "edges: whoever connects never goes back",
            "matches!(next, Connected | Active | Reset)",
            "S5",
            "a session goes from ConnectQuery to Disconnected, along no legal edge",
        )],
    ),
    place(
        FILE,
        "may_be_reset",
        "self.may_become(SessionState::Reset)",
        &[
            not_covered(
                "edges: only a session with a client may be reset",
                "self.has_client()",
                "the table of legal edges, which the proof takes as it is",
            ),
            noticed(
                "edges: only a disconnected session may be reset",
                "self == SessionState::Disconnected",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
];
