//! What an unfinished logon holds goes back.

use super::{Place, harmless, noticed, place};

const FILE: &str = "server/departure.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "take_back",
        "self.logons.remove(&logon)",
        &[
            noticed(
                "take back: it stays on record",
                "self.logons.get(&logon).cloned()",
                "S9",
                "a logon that is over is on record as living, or one that lives is not on \
                 record",
            ),
            noticed(
                "take back: a permit is released whether it has one or not",
                "{ let record = self.logons.remove(&logon); if record.is_none() { \
                 self.ledger.release(); } record }",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
        ],
    ),
    place(
        FILE,
        "take_back",
        "self.ledger.release();",
        &[
            noticed(
                "take back: the permit is not released",
                "",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
            noticed(
                "take back: two permits are released",
                "self.ledger.release(); self.ledger.release();",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
        ],
    ),
    place(
        FILE,
        "take_back",
        "self.queue.take_all(&logon);",
        &[
            noticed(
                "take back: the place in line stays",
                "",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
            noticed(
                "take back: the head of the line falls out as well",
                "{ self.queue.take_all(&logon); self.queue.pop_front(); }",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
        ],
    ),
    place(
        FILE,
        "take_back",
        "self.is_held_by(old, logon)",
        &[
            harmless(
                "take back: whose the old session is is not asked",
                "true",
                "A logon that loses its old session has it noted no longer.",
            ),
            noticed(
                "take back: the old session is left as it is",
                "false",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
    place(
        FILE,
        "take_back",
        "self.leave_disconnected(old);",
        &[noticed(
            "take back: the old session is deleted",
            "self.delete_now(old);",
            "S6",
            "a session is ended by neither its logon nor a reset aimed at it",
        )],
    ),
    place(
        FILE,
        "take_back",
        "self.vacate(claim);",
        &[
            noticed(
                "take back: the session is not vacated",
                "",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "take back: the session is left disconnected",
                "self.leave_disconnected(claim);",
                "S10",
                "a disconnected session has no user",
            ),
        ],
    ),
    place(
        FILE,
        "is_held_by",
        "session.holder == Some(logon)",
        &[noticed(
            "is held by: by anybody else",
            "session.holder != Some(logon)",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "vacate",
        "state == SessionState::ConnectQuery",
        &[
            noticed(
                "vacate: passed on whatever its state",
                "true",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            harmless(
                "vacate: never passed on",
                "false",
                "The session is deleted, and another is created for the line.",
            ),
            noticed(
                "vacate: passed on when a client has seen it",
                "state == SessionState::Connected",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
        ],
    ),
    place(
        FILE,
        "vacate",
        "self.queue.pop_front()",
        &[noticed(
            "vacate: the place in line stays",
            "self.queue.front().copied()",
            "S4",
            "a logon that waits has no place in line, or one that does not wait has \
                 one",
        )],
    ),
    place(
        FILE,
        "vacate",
        "self.pass_on(claim, next)",
        &[
            noticed(
                "vacate: a place in line is lost",
                "{}",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "vacate: assigned as if it were idle",
                "self.assign(claim, next)",
                "S5",
                "a session goes from ConnectQuery to ConnectQuery, along no legal edge",
            ),
            noticed(
                "vacate: passed on and deleted",
                "{ self.pass_on(claim, next); self.delete_now(claim); }",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
        ],
    ),
    place(
        FILE,
        "vacate",
        "state.may_be_reset()",
        &[
            noticed(
                "vacate: deleted whatever its state",
                "true",
                "S5",
                "a session goes from Reset to Reset, along no legal edge",
            ),
            noticed(
                "vacate: never deleted",
                "false",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
    place(
        FILE,
        "vacate",
        "self.delete_now(claim)",
        &[
            noticed(
                "vacate: not deleted",
                "{}",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "vacate: back to the pool",
                "self.idle.push_back(claim)",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "vacate: idle again",
                "{ self.transition(claim, SessionState::Idle); \
                 self.idle.push_back(claim); }",
                "S3",
                "a session and the logon that has it on record do not agree on the holder",
            ),
        ],
    ),
];
