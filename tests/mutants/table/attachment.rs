//! The client is attached to its session.

use super::{Place, harmless, noticed, place};

const FILE: &str = "server/logon.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "next_name",
        "StationName(self.named + 1)",
        &[
            noticed(
                "next name: the last one again",
                "StationName(self.named)",
                "S8",
                "a logon attaches under a name that was given before",
            ),
            noticed(
                "next name: after the sessions",
                "StationName(self.created + 1)",
                "S8",
                "a logon attaches under a name that was given before",
            ),
            noticed(
                "next name: always the first",
                "StationName(1)",
                "S8",
                "a logon attaches under a name that was given before",
            ),
        ],
    ),
    place(
        FILE,
        "attach_as",
        "self.living(logon)?;",
        &[noticed(
            "attach: whether it lives is not asked",
            "",
            "S1",
            "a logon is refused for a reason that does not hold: dropped, session not \
                 found",
        )],
    ),
    place(
        FILE,
        "attach_as",
        "self.logons.get(&logon).and_then(|record| record.claim)",
        &[noticed(
            "attach: to the old session",
            "self.logons.get(&logon).and_then(|record| record.old)",
            "S1",
            "a logon is refused for a reason that does not hold: dropped, session not \
                 found",
        )],
    ),
    place(
        FILE,
        "attach_as",
        "self.tell(Fact::Attaching { logon, claim });",
        &[noticed(
            "attach: nobody is told that it begins",
            "",
            "S9",
            "what is told of a logon cannot follow what was told of it before",
        )],
    ),
    place(
        FILE,
        "attach_as",
        "!session.loaded",
        &[
            harmless(
                "attach: whether it is loaded is not asked",
                "false",
                "Every session that a logon has is loaded: it was idle or handed over.",
            ),
            noticed(
                "attach: only to one that is not loaded",
                "session.loaded",
                "S1",
                "a logon is refused for a reason that does not hold: dropped, session not \
                 ready",
            ),
        ],
    ),
    place(
        FILE,
        "attach_as",
        "session.name = Some(name);",
        &[noticed(
            "attach: the session gets no name",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "attach_as",
        "self.named = self.named.max(name.0);",
        &[
            noticed(
                "attach: the name is not counted",
                "",
                "S8",
                "a name or a session has a number above its counter",
            ),
            noticed(
                "attach: the counter falls",
                "self.named -= 1;",
                "S8",
                "a counter of names or sessions falls",
            ),
            harmless(
                "attach: the name is not compared with the counter",
                "self.named = name.0;",
                "The name is the next one, which is above the counter.",
            ),
        ],
    ),
    place(
        FILE,
        "attach_as",
        "self.advance(logon, LogonPhase::AtPrompt);",
        &[noticed(
            "attach: the phase is not noted",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "attach_as",
        "self.tell(Fact::Attached { logon, claim, name });",
        &[
            noticed(
                "attach: nobody is told",
                "",
                "S8",
                "a name or a session has a number above its counter",
            ),
            noticed(
                "attach: another name is told",
                "self.tell(Fact::Attached { logon, claim, name: \
                 StationName(name.0 + 1) });",
                "S8",
                "a name or a session has a number above its counter",
            ),
        ],
    ),
    place(
        FILE,
        "attach_as",
        "self.transition(claim, SessionState::Connected);",
        &[
            noticed(
                "attach: the state stays",
                "",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            noticed(
                "attach: active at once",
                "self.transition(claim, SessionState::Active);",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
        ],
    ),
    place(
        FILE,
        "attach_as",
        "Ok(claim)",
        &[
            noticed(
                "attach: it hears that it is gone",
                "Err(Ending::Gone)",
                "S4",
                "a call has ended and its logon stays on record",
            ),
            noticed(
                "attach: it hears of another session",
                "Ok(Claim { generation: crate::ids::Generation(0), ..claim })",
                "S9",
                "what connect returns is not what became of the logon",
            ),
        ],
    ),
];
