//! Sessions are reset.

use super::{Place, harmless, noticed, place};

const FILE: &str = "server/departure.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "reset",
        "session.state.may_be_reset()",
        &[
            noticed(
                "reset: the state is not asked",
                "true",
                "S3",
                "one session belongs to two parties",
            ),
            noticed(
                "reset: not one that is connecting",
                "session.state.may_be_reset() && session.state != \
                 SessionState::ConnectQuery",
                "S13",
                "a reset says that it missed its session, or that it hit one that it did \
                 not",
            ),
        ],
    ),
    place(
        FILE,
        "reset",
        "self.reset_as(Resetter::Administrator, claim, claim)",
        &[
            noticed(
                "reset: in the name of a timer",
                "self.reset_as(Resetter::Timer, claim, claim)",
                "S6",
                "a reset is told in somebody else's name",
            ),
            noticed(
                "reset: nothing happens",
                "false",
                "S13",
                "a reset says that it missed its session, or that it hit one that it did \
                 not",
            ),
            noticed(
                "reset: said and not done",
                "true",
                "S13",
                "a reset goes on that missed its session",
            ),
        ],
    ),
    place(
        FILE,
        "expire",
        "session.state == SessionState::Disconnected",
        &[
            noticed(
                "expire: the state is not asked",
                "true",
                "S3",
                "one session belongs to two parties",
            ),
            noticed(
                "expire: the other way round",
                "session.state != SessionState::Disconnected",
                "S13",
                "a reset says that it missed its session, or that it hit one that it did \
                 not",
            ),
            noticed(
                "expire: one that is active as well",
                "session.state == SessionState::Disconnected || session.state == \
                 SessionState::Active",
                "S6",
                "a session is ended by neither its logon nor a reset aimed at it",
            ),
        ],
    ),
    place(
        FILE,
        "expire",
        "self.reset_as(Resetter::Timer, claim, claim)",
        &[
            noticed(
                "expire: in the name of an administrator",
                "self.reset_as(Resetter::Administrator, claim, claim)",
                "S6",
                "a reset is told in somebody else's name",
            ),
            noticed(
                "expire: aimed at the session before",
                "self.reset_as(Resetter::Timer, Claim { generation: \
                 crate::ids::Generation(0), ..claim }, claim)",
                "S6",
                "a reset hits a session at which nobody aimed",
            ),
        ],
    ),
    place(
        FILE,
        "reset_as",
        "return false;",
        &[harmless(
            "reset as: says that it hit a session that is gone",
            "return true;",
            "Both who call it have found the session in the same section.",
        )],
    ),
    place(
        FILE,
        "reset_as",
        "self.tell(Fact::Reset { by, aimed, hit });",
        &[
            noticed(
                "reset as: nobody is told who did it",
                "",
                "S6",
                "a session is reset, and nobody is told by whom",
            ),
            noticed(
                "reset as: told and not done",
                "self.tell(Fact::Reset { by, aimed, hit }); if hit == aimed { return \
                 false; }",
                "S13",
                "a reset says that it missed its session, or that it hit one that it did not",
            ),
        ],
    ),
    place(
        FILE,
        "reset_as",
        "self.transition(hit, SessionState::Reset);",
        &[
            noticed(
                "reset as: the state stays",
                "",
                "S13",
                "a reset goes on that missed its session",
            ),
            harmless(
                "reset as: deleted at once",
                "self.delete_now(hit);",
                "That the processes of a session take their time is nothing that the \
                 server knows.",
            ),
        ],
    ),
    place(
        FILE,
        "reset_as",
        "session.holder = None;",
        &[noticed(
            "reset as: the holder stays",
            "",
            "S3",
            "a session and the logon that has it on record do not agree on the holder",
        )],
    ),
    place(
        FILE,
        "reset_as",
        "self.lose_session(logon, hit);",
        &[noticed(
            "reset as: the holder is not told",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "lose_session",
        "self.depart(logon, Departure::Reset)",
        &[
            noticed(
                "lose session: a complete logon stays",
                "{}",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            noticed(
                "lose session: as if it had logged off",
                "self.depart(logon, Departure::LoggedOff)",
                "S5",
                "a session goes from Reset to Reset, along no legal edge",
            ),
            noticed(
                "lose session: a complete logon is refused",
                "{ self.refuse(logon, Refusal::SessionReset); }",
                "S9",
                "what is told of a logon cannot follow what was told of it before",
            ),
        ],
    ),
    place(
        FILE,
        "lose_session",
        "record.old = None",
        &[noticed(
            "lose session: the old session stays noted",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "lose_session",
        "record.old == Some(claim)",
        &[
            noticed(
                "lose session: its own is taken for the old one",
                "true",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "lose session: the old one is taken for its own",
                "false",
                "S1",
                "a logon is refused for a reason that does not hold: the session was \
                 reset",
            ),
        ],
    ),
    place(
        FILE,
        "lose_session",
        "self.refuse(logon, Refusal::SessionReset);",
        &[
            noticed(
                "lose session: the logon stays",
                "",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            noticed(
                "lose session: refused for another reason",
                "self.refuse(logon, Refusal::CreationFailed);",
                "S1",
                "a logon is refused for a reason that does not hold: the session could \
                 not be created",
            ),
            noticed(
                "lose session: taken back and not refused",
                "self.take_back(logon);",
                "S9",
                "a logon that is over is on record as living, or one that lives is not on \
                 record",
            ),
            noticed(
                "lose session: given up",
                "{ self.tell(Fact::Abandoned { logon }); self.take_back(logon); \
                 }",
                "S6",
                "a logon is given up whose client has not left",
            ),
        ],
    ),
];
