//! Logons end, by refusal or by choice.

use super::{Place, noticed, place};

const FILE: &str = "server/departure.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "refuse",
        "self.tell(Fact::Refused { logon, refusal });",
        &[
            noticed(
                "refuse: nobody is told",
                "",
                "S9",
                "an event is logged that does not go with the outcome",
            ),
            noticed(
                "refuse: told twice",
                "self.tell(Fact::Refused { logon, refusal }); \
                 self.tell(Fact::Refused { logon, refusal });",
                "S9",
                "something happens to a logon before it is admitted or after its outcome",
            ),
        ],
    ),
    place(
        FILE,
        "refuse",
        "self.tell(Fact::Logged { logon, event });",
        &[
            noticed(
                "refuse: the event is not logged",
                "",
                "S9",
                "a logon is refused without its event",
            ),
            noticed(
                "refuse: the event is logged twice",
                "self.tell(Fact::Logged { logon, event }); \
                 self.tell(Fact::Logged { logon, event });",
                "S9",
                "a logon has more than one event",
            ),
            noticed(
                "refuse: another event is logged",
                "{ self.tell(Fact::Logged { logon, event }); \
                 self.tell(Fact::Logged { logon, event: \
                 crate::refusal::Event::LogonDropped }); }",
                "S9",
                "a logon has more than one event",
            ),
        ],
    ),
    place(
        FILE,
        "refuse",
        "self.take_back(logon);",
        &[noticed(
            "refuse: nothing is taken back",
            "",
            "S4",
            "no longer true: as many permits are out as logons are held",
        )],
    ),
    place(
        FILE,
        "refuse",
        "Ending::Refused(refusal)",
        &[
            noticed(
                "refuse: it hears that it is gone",
                "Ending::Gone",
                "S9",
                "what connect returns is not what became of the logon",
            ),
            noticed(
                "refuse: it hears another reason",
                "Ending::Refused(Refusal::SessionReset)",
                "S9",
                "what connect returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "hang_up",
        "Departure::Disconnected",
        &[noticed(
            "hang up: logged off, against the settings",
            "Departure::LoggedOff",
            "S6",
            "a logon ends in a way for which nobody asked",
        )],
    ),
    place(
        FILE,
        "hang_up",
        "Departure::LoggedOff",
        &[noticed(
            "hang up: disconnected, against the settings",
            "Departure::Disconnected",
            "S6",
            "a logon ends in a way for which nobody asked",
        )],
    ),
    place(
        FILE,
        "hang_up",
        "let _ = self.end(logon, departure);",
        &[
            noticed(
                "hang up: nothing happens",
                "",
                "S9",
                "what hang up returns is not what became of the logon",
            ),
            noticed(
                "hang up: as if its session were reset",
                "let _ = self.end(logon, Departure::Reset);",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
    place(
        FILE,
        "disconnect",
        "self.end(logon, Departure::Disconnected)",
        &[
            noticed(
                "disconnect: says gone",
                "{
                     self.end(logon, Departure::Disconnected)?;
                     Err(Ending::Gone)
                 }",
                "S9",
                "what disconnect returns is not what became of the logon",
            ),
            noticed(
                "disconnect: logs off",
                "self.end(logon, Departure::LoggedOff)",
                "S6",
                "a logon ends in a way for which nobody asked",
            ),
            noticed(
                "disconnect: nothing happens",
                "self.living(logon).map(|_| ())",
                "S9",
                "what disconnect returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "log_off",
        "self.end(logon, Departure::LoggedOff)",
        &[noticed(
            "log off: disconnects",
            "self.end(logon, Departure::Disconnected)",
            "S6",
            "a logon ends in a way for which nobody asked",
        )],
    ),
    place(
        FILE,
        "end",
        "self.living(logon)?",
        &[noticed(
            "end: whether it lives is not asked",
            "self.living(logon).unwrap_or(LogonPhase::Admitted)",
            "S6",
            "a logon is given up whose client has not left",
        )],
    ),
    place(
        FILE,
        "end",
        "self.depart(logon, departure)",
        &[
            noticed(
                "end: a complete logon stays",
                "{}",
                "S9",
                "what disconnect returns is not what became of the logon",
            ),
            noticed(
                "end: a complete logon is given up",
                "{ self.tell(Fact::Abandoned { logon }); self.take_back(logon); \
                 }",
                "S6",
                "a logon is given up whose client has not left",
            ),
        ],
    ),
    place(
        FILE,
        "end",
        "self.tell(Fact::Abandoned { logon });",
        &[noticed(
            "end: given up and nobody told",
            "",
            "S9",
            "a logon that is over is on record as living, or one that lives is not on \
                 record",
        )],
    ),
    place(
        FILE,
        "end",
        "self.take_back(logon);",
        &[noticed(
            "end: given up and nothing taken back",
            "",
            "S9",
            "a logon that is over is on record as living, or one that lives is not on \
                 record",
        )],
    ),
    place(
        FILE,
        "depart",
        "self.logons.remove(&logon)",
        &[noticed(
            "depart: it stays on record",
            "self.logons.get(&logon).cloned()",
            "S3",
            "a session and the logon that has it on record do not agree on the holder",
        )],
    ),
    place(
        FILE,
        "depart",
        "self.ledger.release();",
        &[
            noticed(
                "depart: the permit is not released",
                "",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
            noticed(
                "depart: two permits are released",
                "self.ledger.release(); self.ledger.release();",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
        ],
    ),
    place(
        FILE,
        "depart",
        "self.tell(Fact::Left { logon, departure });",
        &[
            noticed(
                "depart: nobody is told",
                "",
                "S9",
                "a logon that is over is on record as living, or one that lives is not on \
                 record",
            ),
            noticed(
                "depart: told as given up",
                "self.tell(Fact::Abandoned { logon });",
                "S6",
                "a logon is given up whose client has not left",
            ),
        ],
    ),
    place(
        FILE,
        "depart",
        "self.leave_disconnected(claim)",
        &[
            noticed(
                "depart: the session stays as it is",
                "{}",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "depart: the session is deleted",
                "self.delete_now(claim)",
                "S10",
                "a user disconnects and its session does not stay",
            ),
        ],
    ),
    place(
        FILE,
        "depart",
        "self.delete_now(claim)",
        &[
            noticed(
                "depart: the session is not deleted",
                "{}",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "depart: the session is left disconnected",
                "self.leave_disconnected(claim)",
                "S13",
                "a user logs off and its session stays",
            ),
            noticed(
                "depart: the session is reset and left",
                "self.transition(claim, SessionState::Reset)",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
    place(
        FILE,
        "leave_disconnected",
        "session.holder = None;",
        &[noticed(
            "leave disconnected: the holder stays",
            "",
            "S3",
            "a session and the logon that has it on record do not agree on the holder",
        )],
    ),
    place(
        FILE,
        "leave_disconnected",
        "session.name = None;",
        &[
            noticed(
                "leave disconnected: the name stays",
                "",
                "S8",
                "a disconnected session keeps its name",
            ),
            noticed(
                "leave disconnected: the user is lost",
                "{ session.name = None; session.user = None; }",
                "S10",
                "a disconnected session has no user",
            ),
        ],
    ),
    place(
        FILE,
        "leave_disconnected",
        "self.transition(claim, SessionState::Disconnected);",
        &[noticed(
            "leave disconnected: the state stays",
            "",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
];
