//! The steps of a user who logs on.

use super::{Place, harmless, not_covered, noticed, place};

const FILE: &str = "allocator.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "log_on",
        "self.ask(logon, line, Moment::AtPrompt)?;",
        &[
            not_covered(
                "log on: the line is not asked at the prompt",
                "",
                "at which moments a client's line is asked",
            ),
            not_covered(
                "log on: the line is asked about another moment",
                "self.ask(logon, line, Moment::Admitted)?;",
                "at which moments a client's line is asked",
            ),
        ],
    ),
    place(
        FILE,
        "log_on",
        "return Err(self.refuse(logon, Refusal::AccessDenied));",
        &[
            noticed(
                "log on: refused for another reason",
                "return Err(self.refuse(logon, Refusal::NoLicense));",
                "S1",
                "a logon is refused for a reason that does not hold: no license",
            ),
            noticed(
                "log on: not refused",
                "return Err(Ending::Refused(Refusal::AccessDenied));",
                "S4",
                "a call has ended and its logon stays on record",
            ),
            noticed(
                "log on: with a wrong password",
                "return match self.arbitrate(logon, UserId(logon.0))? { \
                 Arbitration::Own(claim) => Ok(claim), Arbitration::Reconnect => \
                 self.swap(logon, UserId(logon.0)) };",
                "S1",
                "a user is identified by a wrong password",
            ),
            noticed(
                "log on: with a wrong password, and not arbitrated",
                "return self.swap(logon, UserId(logon.0));",
                "S1",
                "a user logs on with a wrong password",
            ),
        ],
    ),
    place(
        FILE,
        "log_on",
        "self.arbitrate(logon, user)?",
        &[
            noticed(
                "log on: asks twice",
                "{ self.arbitrate(logon, user)?; self.arbitrate(logon, user)? }",
                "S5",
                "a session goes from Active to Active, along no legal edge",
            ),
            noticed(
                "log on: asks for another user",
                "self.arbitrate(logon, UserId(user.0 + 1))?",
                "S10",
                "a logon is taken for another user's",
            ),
        ],
    ),
    place(
        FILE,
        "log_on",
        "Ok(claim)",
        &[noticed(
            "log on: it hears that it is gone",
            "Err(Ending::Gone)",
            "S4",
            "a call has ended and its logon stays on record",
        )],
    ),
    place(
        FILE,
        "log_on",
        "self.ask(logon, line, Moment::Arbitrating)?;",
        &[harmless(
            "log on: the line is not asked before the swap",
            "",
            "Whoever cuts a line now hangs up, and finds the logon on record.",
        )],
    ),
    place(
        FILE,
        "log_on",
        "self.swap(logon, user)",
        &[noticed(
            "log on: the swap is left out",
            "Err(Ending::Gone)",
            "S4",
            "a call has ended and its logon stays on record",
        )],
    ),
    place(
        FILE,
        "arbitrate",
        r#"self.server().update("arbitrate", |server| server.arbitrate(logon, user))"#,
        &[harmless(
            "arbitrate: wakes nobody",
            r#"self.server().enter("arbitrate", |server| server.arbitrate(logon, user))"#,
            "Nobody sleeps until a session connects again.",
        )],
    ),
    place(
        FILE,
        "swap",
        r#"self.server().update("swap", |server| server.swap(logon, user))"#,
        &[harmless(
            "swap: wakes nobody",
            r#"self.server().enter("swap", |server| server.swap(logon, user))"#,
            "Nobody sleeps until a temporary session is deleted: it is neither idle \
                 nor being created.",
        )],
    ),
];
