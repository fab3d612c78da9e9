//! A session comes to be.

use super::{Place, harmless, noticed, place};

const FILE: &str = "server/creation.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "begin_creation",
        "self.created += 1;",
        &[
            noticed(
                "begin creation: not counted",
                "",
                "S8",
                "a new session has an id or a generation that was given before",
            ),
            noticed(
                "begin creation: the counter falls",
                "self.created -= 1;",
                "S8",
                "a counter of names or sessions falls",
            ),
            harmless(
                "begin creation: a number is left out",
                "self.created += 2;",
                "Numbers are not given twice, and nothing says that they have no gaps.",
            ),
        ],
    ),
    place(
        FILE,
        "begin_creation",
        "Generation(self.created)",
        &[
            noticed(
                "begin creation: the generation of the one before",
                "Generation(self.created - 1)",
                "S8",
                "a new session has an id or a generation that was given before",
            ),
            noticed(
                "begin creation: the generation of the next",
                "Generation(self.created + 1)",
                "S8",
                "a name or a session has a number above its counter",
            ),
        ],
    ),
    place(
        FILE,
        "begin_creation",
        "false",
        &[noticed(
            "begin creation: loaded already",
            "self.created > 0",
            "S5",
            "what is told of a session is not what is on record",
        )],
    ),
    place(
        FILE,
        "begin_creation",
        "self.sessions.insert(claim.session, session);",
        &[
            noticed(
                "begin creation: told and not on record",
                "",
                "S5",
                "what is told of a session is not what is on record",
            ),
            noticed(
                "begin creation: idle at once",
                "self.sessions.insert(claim.session, Session { state: SessionState::Idle, \
                 ..session });",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
            noticed(
                "begin creation: another generation on record",
                "self.sessions.insert(claim.session, Session { generation: Generation(0), \
                 ..session });",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "begin creation: with a name",
                "{ self.named += 1; let name = Some(crate::ids::StationName(self.named)); \
                 self.sessions.insert(claim.session, Session { name, ..session }); }",
                "S3",
                "a session that is being created has a holder, a user or a name",
            ),
        ],
    ),
    place(
        FILE,
        "begin_creation",
        "self.tell(Fact::Session { claim, from: None, to: \
         Some(SessionState::Init), });",
        &[noticed(
            "begin creation: nobody is told",
            "",
            "S5",
            "what is told of a session is not what is on record",
        )],
    ),
    place(
        FILE,
        "free_id",
        "!self.settings.reuse_ids",
        &[noticed(
            "free id: reused against the settings",
            "self.settings.reuse_ids",
            "S6",
            "Session(2) is looked up, which no party has seen",
        )],
    ),
    place(
        FILE,
        "free_id",
        "SessionId(FIRST_SESSION.0 + self.created - 1)",
        &[
            noticed(
                "free id: that of the next",
                "SessionId(FIRST_SESSION.0 + self.created)",
                "S8",
                "a name or a session has a number above its counter",
            ),
            noticed(
                "free id: that of the one before",
                "SessionId(FIRST_SESSION.0 + self.created - 2)",
                "S8",
                "a new session has an id or a generation that was given before",
            ),
            noticed(
                "free id: after the names",
                "SessionId(FIRST_SESSION.0 + self.named)",
                "S8",
                "a name or a session has a number above its counter",
            ),
            noticed(
                "free id: always the first",
                "FIRST_SESSION",
                "S8",
                "a new session has an id or a generation that was given before",
            ),
        ],
    ),
];
