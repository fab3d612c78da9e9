//! The user goes back to the old session, or keeps the new one.

use super::{Place, harmless, noticed, place};

const FILE: &str = "server/logon.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "arbitrate",
        "self.living(logon)?;",
        &[noticed(
            "arbitrate: whether it lives is not asked",
            "",
            "S1",
            "a logon is refused for a reason that does not hold: dropped, session not \
                 found",
        )],
    ),
    place(
        FILE,
        "arbitrate",
        "self.disconnected_session_of(user)",
        &[noticed(
            "arbitrate: old sessions are not looked for",
            "None",
            "S10",
            "a user is not offered its disconnected session",
        )],
    ),
    place(
        FILE,
        "arbitrate",
        "self.tell(Fact::Arbitrated { logon, user, old });",
        &[
            noticed(
                "arbitrate: nobody is told",
                "",
                "S9",
                "what is told of a logon is not what is on record",
            ),
            noticed(
                "arbitrate: told that there is no old session",
                "self.tell(Fact::Arbitrated { logon, user, old: None });",
                "S10",
                "a user is not offered its disconnected session",
            ),
        ],
    ),
    place(
        FILE,
        "arbitrate",
        "self.note_old(logon, old);",
        &[noticed(
            "arbitrate: the old session is not noted",
            "",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "arbitrate",
        "session.holder = Some(logon);",
        &[noticed(
            "arbitrate: the old session gets no holder",
            "",
            "S3",
            "a session and the logon that has it on record do not agree on the holder",
        )],
    ),
    place(
        FILE,
        "arbitrate",
        "self.transition(old, SessionState::ConnectQuery);",
        &[noticed(
            "arbitrate: the old session stays disconnected",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "arbitrate",
        "Ok(Arbitration::Reconnect)",
        &[noticed(
            "arbitrate: it keeps its own session as well",
            "self.keep_own(logon, user).map(Arbitration::Own)",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "swap",
        "self.living(logon)?;",
        &[noticed(
            "swap: whether it lives is not asked",
            "",
            "S13",
            "a section panics",
        )],
    ),
    place(
        FILE,
        "swap",
        "self.delete_now(temporary);",
        &[
            noticed(
                "swap: the temporary session stays",
                "",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "swap: the first session that it holds is deleted",
                "if let Some(first) = self.first_session(|session| session.holder == Some(logon)) { \
             self.delete_now(first); }",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
    place(
        FILE,
        "swap",
        "session.name = name;",
        &[noticed(
            "swap: the old session gets no name",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "swap",
        "session.holder = Some(logon);",
        &[
            harmless(
                "swap: the holder is not noted again",
                "",
                "Arbitration has noted it.",
            ),
            noticed(
                "swap: another one's user is noted",
                "{ session.holder = Some(logon); session.user = Some(UserId(user.0 + 100)); }",
                "S10",
                "a session has a user who is not its client",
            ),
            noticed(
                "swap: the holder is lost",
                "session.holder = None;",
                "S3",
                "a session and the logon that has it on record do not agree on the holder",
            ),
        ],
    ),
    place(
        FILE,
        "swap",
        "record.claim = Some(old);",
        &[noticed(
            "swap: the old session is not noted as its own",
            "",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "swap",
        "record.old = None;",
        &[noticed(
            "swap: the old session stays noted",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "swap",
        "Ok(self.complete(logon, old))",
        &[
            noticed(
                "swap: not completed",
                "Ok(old)",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            noticed(
                "swap: the client keeps the temporary session",
                "Ok(temporary.unwrap_or(old))",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            noticed(
                "swap: completed on the temporary one",
                "Ok(self.complete(logon, temporary.unwrap_or(old)))",
                "S10",
                "a user keeps the new session although the old one is there",
            ),
        ],
    ),
    place(
        FILE,
        "keep_own",
        "session.user = Some(user);",
        &[
            noticed(
                "keep own: the user is not noted",
                "",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            noticed(
                "keep own: another user is noted",
                "session.user = Some(UserId(user.0 + 1));",
                "S10",
                "a session has a user who is not its client",
            ),
        ],
    ),
    place(
        FILE,
        "keep_own",
        r#"Ok(self.complete(logon, own.expect("a session was just found by this claim")))"#,
        &[
            noticed(
                "keep own: not completed",
                r#"Ok(own.expect("a session was just found by this claim"))"#,
                "S9",
                "what log on returns is not what became of the logon",
            ),
            noticed(
                "keep own: it hears that it is gone",
                r#"{ self.complete(logon,
                 own.expect("a session was just found by this claim")); Err(Ending::Gone)
                 }"#,
                "S4",
                "a call has ended and its logon stays on record",
            ),
        ],
    ),
];
