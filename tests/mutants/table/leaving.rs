//! The steps of whoever leaves.

use super::{Place, harmless, not_covered, noticed, outside, place};

const FILE: &str = "allocator.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "refuse",
        r#"self.server().update("refuse", |server| {
         server.living(logon).map_or_else(|gone| gone, |_| server.refuse(logon, refusal))
         })"#,
        &[
            harmless(
                "refuse: wakes nobody",
                r#"self.server().enter("refuse", |server| {
                 server.living(logon).map_or_else(|gone| gone, |_| server.refuse(logon,
                 refusal)) })"#,
                "A step refuses only at the license and at the prompt, and nobody is \
                 handed anything there.",
            ),
            noticed(
                "refuse: whether it lives is not asked",
                r#"self.server().update("refuse", |server| server.refuse(logon, refusal))"#,
                "S9",
                "something happens to a logon before it is admitted or after its outcome",
            ),
            noticed(
                "refuse: said and not done",
                r#"self.server().update("refuse", |server| {
                 server.living(logon).map_or_else(|gone| gone, |_|
                 Ending::Refused(refusal)) })"#,
                "S4",
                "a call has ended and its logon stays on record",
            ),
            noticed(
                "refuse: who is gone hears that it was refused",
                r#"self.server().update("refuse", |server| {
                 server.living(logon).map_or_else(|_| Ending::Refused(refusal), |_|
                 server.refuse(logon, refusal)) })"#,
                "S9",
                "what connect returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "hang_up",
        r#"self.server().update("hang up", |server| server.hang_up(logon));"#,
        &[
            noticed(
                "hang up: wakes nobody",
                r#"self.server().enter("hang up", |server| server.hang_up(logon));"#,
                "L1",
                "it wakes nobody, and changes what one that sleeps waits for",
            ),
            outside(
                "hang up: twice",
                r#"self.server().update("hang up", |server| server.hang_up(logon));
                 self.server().update("hang up", |server| server.hang_up(logon));"#,
                "a hang-up, a look, a switch of logons or a close takes more than one section",
            ),
            noticed(
                "hang up: logs off",
                r#"let _ = self.server().update("hang up", |server| server.log_off(logon));"#,
                "S6",
                "a logon ends in a way for which nobody asked",
            ),
            noticed(
                "hang up: only while it is not complete",
                r#"self.server().update("hang up", |server| { if server.living(logon) !=
                 Ok(crate::server::LogonPhase::LoggedOn) { server.hang_up(logon); } });"#,
                "S9",
                "what hang up returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "disconnect",
        r#"self.server().update("disconnect", |server| server.disconnect(logon))"#,
        &[
            outside(
                "disconnect: over and over",
                r#"{ P::forever(|| { let _ = self.server().update("disconnect", |server| server.disconnect(logon)); ControlFlow::Continue(()) }); Ok(()) }"#,
                "a party that is no worker goes round without end",
            ),
            not_covered(
                "disconnect: wakes nobody",
                r#"self.server().enter("disconnect", |server| server.disconnect(logon))"#,
                "that a timer which waits for a disconnected session hears of it",
            ),
        ],
    ),
    place(
        FILE,
        "log_off",
        r#"self.server().update("log off", |server| server.log_off(logon))"#,
        &[harmless(
            "log off: wakes nobody",
            r#"self.server().enter("log off", |server| server.log_off(logon))"#,
            "The permit is what others get from it, and nobody sleeps for one.",
        )],
    ),
    place(
        FILE,
        "ask",
        "line.is_up(moment)",
        &[
            noticed(
                "ask: the line is not asked",
                "true",
                "L1",
                "a logon goes on whose line was not asked after it was admitted, or is \
                 down",
            ),
            noticed(
                "ask: the other way round",
                "!line.is_up(moment)",
                "L1",
                "a logon goes on whose line was not asked after it was admitted, or is \
                 down",
            ),
            noticed(
                "ask: who is there hangs up",
                "{ line.is_up(moment); false }",
                "S9",
                "what connect returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "ask",
        "self.hang_up(logon);",
        &[noticed(
            "ask: it leaves and does not hang up",
            "",
            "S4",
            "a call has ended and its logon stays on record",
        )],
    ),
    place(
        FILE,
        "ask",
        "Err(Ending::Gone)",
        &[noticed(
            "ask: it hangs up and goes on",
            "Ok(())",
            "L1",
            "a logon goes on whose line was not asked after it was admitted, or is \
                 down",
        )],
    ),
];
