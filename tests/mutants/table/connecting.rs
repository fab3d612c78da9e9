//! The steps of a client that connects.

use super::{Place, harmless, noticed, outside, place};

const FILE: &str = "allocator.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "connect",
        "self.ask(logon, line, Moment::BeforeArrival)?;",
        &[harmless(
            "connect: the line is not asked before arrival",
            "",
            "It is asked after admission.",
        )],
    ),
    place(
        FILE,
        "connect",
        "self.admit(logon)?;",
        &[
            noticed(
                "connect: it is not admitted",
                "",
                "S9",
                "what connect returns is not what became of the logon",
            ),
            noticed(
                "connect: who was refused goes on",
                "let _ = self.admit(logon);",
                "S9",
                "what connect returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "connect",
        "self.place(logon, line, licenses)",
        &[noticed(
            "connect: hangs up without being asked",
            "{ self.hang_up(logon); Err(Ending::Gone) }",
            "S6",
            "a logon is given up whose client has not left",
        )],
    ),
    place(
        FILE,
        "admit",
        r#"self.server().update("admit", |server| server.admit(logon))"#,
        &[harmless(
            "admit: wakes nobody",
            r#"self.server().enter("admit", |server| server.admit(logon))"#,
            "Nobody sleeps until a logon is admitted or refused.",
        )],
    ),
    place(
        FILE,
        "place",
        "self.ask(logon, line, Moment::Admitted)?;",
        &[noticed(
            "place: the line is not asked after admission",
            "",
            "L1",
            "a logon goes on whose line was not asked after it was admitted, or is \
                 down",
        )],
    ),
    place(
        FILE,
        "place",
        "self.license(logon, licenses)?;",
        &[
            noticed(
                "place: no license is asked for",
                "",
                "S1",
                "a logon is served whose license was not granted",
            ),
            noticed(
                "place: who has no license goes on",
                "let _ = self.license(logon, licenses);",
                "S9",
                "what connect returns is not what became of the logon",
            ),
            noticed(
                "place: the license is asked for after the session",
                "self.claim_or_queue(logon)?; self.license(logon, licenses)?;",
                "S11",
                "a logon that waits in line goes to its end once more",
            ),
        ],
    ),
    place(
        FILE,
        "place",
        "self.claim_or_queue(logon)?.is_none()",
        &[
            noticed(
                "place: waits when it has a session",
                "self.claim_or_queue(logon)?.is_some()",
                "S1",
                "a logon is refused for a reason that does not hold: dropped, session not \
                 found",
            ),
            harmless(
                "place: waits whether it has a session or not",
                "{ self.claim_or_queue(logon)?; true }",
                "Who has its session is told at once.",
            ),
            noticed(
                "place: never waits",
                "{ self.claim_or_queue(logon)?; false }",
                "S1",
                "a logon is refused for a reason that does not hold: dropped, session not \
                 found",
            ),
        ],
    ),
    place(
        FILE,
        "place",
        "self.ask(logon, line, Moment::Claimed)?;",
        &[harmless(
            "place: the line is not asked after the wait",
            "",
            "Whoever cuts a line now hangs up, and finds the logon on record.",
        )],
    ),
    place(
        FILE,
        "place",
        "self.attach(logon)",
        &[
            noticed(
                "place: attached twice",
                "{ self.attach(logon)?; self.attach(logon) }",
                "S5",
                "a session goes from Connected to Connected, along no legal edge",
            ),
            noticed(
                "place: the license is asked for last",
                "{ let claim = self.attach(logon)?; self.license(logon, licenses)?; \
                 Ok(claim) }",
                "S9",
                "what connect returns is not what became of the logon",
            ),
            noticed(
                "place: not attached",
                "self.await_session(logon)",
                "S9",
                "what connect returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "license",
        "licenses.grant(logon)",
        &[
            noticed(
                "license: granted whatever the service says",
                "{ licenses.grant(logon); true }",
                "S1",
                "a logon is served whose license was not granted",
            ),
            noticed(
                "license: the other way round",
                "!licenses.grant(logon)",
                "S1",
                "a logon is served whose license was not granted",
            ),
            noticed(
                "license: asked for somebody else",
                "licenses.grant(LogonId(0))",
                "L5",
                "a license is asked for another logon",
            ),
            noticed(
                "license: not asked for",
                "true",
                "S1",
                "a logon is served whose license was not granted",
            ),
            harmless(
                "license: asked for twice",
                "licenses.grant(logon) && licenses.grant(logon)",
                "It is served if both answers are yes, and refused for the one that is \
                 no.",
            ),
        ],
    ),
    place(
        FILE,
        "license",
        "Err(self.refuse(logon, Refusal::NoLicense))",
        &[
            noticed(
                "license: refused for another reason",
                "Err(self.refuse(logon, Refusal::AccessDenied))",
                "S1",
                "a logon is refused for a reason that does not hold: access denied",
            ),
            noticed(
                "license: denied and not refused",
                "Err(Ending::Refused(Refusal::NoLicense))",
                "S4",
                "a call has ended and its logon stays on record",
            ),
            noticed(
                "license: denied and hung up",
                "{ self.hang_up(logon); Err(Ending::Gone) }",
                "S6",
                "a logon is given up whose client has not left",
            ),
        ],
    ),
    place(
        FILE,
        "claim_or_queue",
        r#"self.server().update("claim or queue", |server| server.claim_or_queue(logon))"#,
        &[noticed(
            "claim or queue: wakes nobody",
            r#"self.server().enter("claim or queue", |server|
                 server.claim_or_queue(logon))"#,
            "L1",
            "it wakes nobody, and a worker that sleeps has something to do",
        )],
    ),
    place(
        FILE,
        "await_session",
        r#"self.server().wait_about("await hand-off", logon, |server| server.heard(logon))"#,
        &[
            noticed(
                "await hand-off: a look and no more",
                r#"self.server().enter("await hand-off", |server|
                 server.heard(logon)).unwrap_or(Err(Ending::Gone))"#,
                "S4",
                "a call has ended and its logon stays on record",
            ),
            outside(
                "await hand-off: asks over and over",
                r#"loop { if let Some(heard) = self.server().enter("await hand-off",
                 |server| server.heard(logon)) { break heard; } }"#,
                "its parties come to stand in more than 300 different ways",
            ),
            noticed(
                "await hand-off: sleeps without a look",
                r#"{ self.server().sleep("await hand-off");
                 self.server().wait_for("await hand-off", |server| server.heard(logon)) }"#,
                "L1",
                "it sleeps without looking in the same step, so a wake-up may come before",
            ),
        ],
    ),
    place(
        FILE,
        "attach",
        r#"self.server().update("attach", |server| server.attach(logon))"#,
        &[harmless(
            "attach: wakes nobody",
            r#"self.server().enter("attach", |server| server.attach(logon))"#,
            "Nobody sleeps until a logon attaches.",
        )],
    ),
];
