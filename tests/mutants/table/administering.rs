//! The steps of whoever resets sessions, switches logons, or closes.

use super::{Place, false_alarm, harmless, not_covered, noticed, place};

const FILE: &str = "allocator.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "reset",
        r#"self.server().update("reset", |server| server.reset(claim))"#,
        &[
            noticed(
                "reset: wakes nobody",
                r#"self.server().enter("reset", |server| server.reset(claim))"#,
                "L1",
                "it wakes nobody, and changes what one that sleeps waits for",
            ),
            noticed(
                "reset: expires",
                r#"self.server().update("reset", |server| server.expire(claim))"#,
                "S13",
                "a reset says that it missed its session, or that it hit one that it did \
                 not",
            ),
            noticed(
                "reset: whichever session has the id now",
                r#"self.server().update("reset", |server| { let hit =
                 server.claim_on(claim.session).unwrap_or(claim); server.reset(hit) })"#,
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "reset: the session alone, its logon stays",
                r#"self.server().update("reset", |server| { server.transition(claim,
                 crate::state::SessionState::Reset); true })"#,
                "S13",
                "a reset goes on that missed its session",
            ),
            false_alarm(
                "reset: asked and done in two sections",
                r#"self.server().enter("look", |server|
                 server.find(claim).is_some_and(|session| session.state.may_be_reset()))
                 && self.server().update("reset", |server| server.reset(claim))"#,
                "S13",
                "a reset goes on that missed its session",
                "The prover takes the first section for the reset, and the second for \
                 something for which nobody asked.",
            ),
            noticed(
                "reset: asked in one section and done unasked in the next",
                r#"self.server().enter("look", |server|
                 server.find(claim).is_some_and(|session| session.state.may_be_reset()))
                 && self.server().update("reset", |server|
                 server.reset_as(crate::observer::Resetter::Administrator, claim, claim))"#,
                "S13",
                "a reset goes on that missed its session",
            ),
        ],
    ),
    place(
        FILE,
        "reset",
        "self.delete_if(reset, claim)",
        &[
            noticed(
                "reset: not deleted afterwards",
                "reset",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "reset: deleted even if it was missed",
                "self.delete_if(true, claim)",
                "S13",
                "a reset goes on that missed its session",
            ),
            noticed(
                "reset: says that it missed",
                "{ self.delete_if(reset, claim); false }",
                "S13",
                "a reset returns and its session is there",
            ),
        ],
    ),
    place(
        FILE,
        "expire",
        r#"self.server().update("expire", |server| server.expire(claim))"#,
        &[
            noticed(
                "expire: wakes nobody",
                r#"self.server().enter("expire", |server| server.expire(claim))"#,
                "L1",
                "it wakes nobody, and changes what one that sleeps waits for",
            ),
            noticed(
                "expire: resets",
                r#"self.server().update("expire", |server| server.reset(claim))"#,
                "S6",
                "a reset is told in somebody else's name",
            ),
        ],
    ),
    place(
        FILE,
        "expire",
        "self.delete_if(reset, claim)",
        &[noticed(
            "expire: not deleted afterwards",
            "reset",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "delete_if",
        r#"self.server().update("delete", |server| server.delete(claim));"#,
        &[
            harmless(
                "delete: wakes nobody",
                r#"self.server().enter("delete", |server| server.delete(claim));"#,
                "A session that was reset is neither idle nor being created.",
            ),
            noticed(
                "delete: nothing happens",
                r#"self.server().update("delete", |_| ());"#,
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "delete: whatever its state",
                r#"self.server().update("delete", |server| server.delete_now(claim));"#,
                "S5",
                "a session goes from Reset to Reset, along no legal edge",
            ),
        ],
    ),
    place(
        FILE,
        "enable_logons",
        "self.server().update(label, |server| server.enable_logons(enabled));",
        &[harmless(
            "enable logons: wakes nobody",
            "self.server().enter(label, |server| server.enable_logons(enabled));",
            "Nobody sleeps until logons are enabled.",
        )],
    ),
    place(
        FILE,
        "close",
        r#"self.server().update("close", |server| server.close());"#,
        &[noticed(
            "close: wakes nobody",
            r#"self.server().enter("close", |server| server.close());"#,
            "L1",
            "it wakes nobody, and a worker that sleeps has something to do",
        )],
    ),
    place(
        FILE,
        "await_disconnected",
        "(found.is_some() || server.is_closing()).then_some(found)",
        &[
            not_covered(
                "await disconnected: never",
                "None",
                "that a timer which waits for a disconnected session hears of it",
            ),
            noticed(
                "await disconnected: what is found is deleted",
                "{ if let Some(found) = found { server.delete_now(found); } \
                 (found.is_some() || server.is_closing()).then_some(found) }",
                "S13",
                "whoever only looks changes something",
            ),
            noticed(
                "await disconnected: a permit is given back",
                "{ server.ledger_mut().release(); \
                 (found.is_some() || server.is_closing()).then_some(found) }",
                "S13",
                "whoever only looks changes something",
            ),
        ],
    ),
    place(
        FILE,
        "look_up",
        "server.first_session(wanted)",
        &[
            not_covered(
                "look up: there is none",
                "None",
                "which session an administrator recognizes",
            ),
            noticed(
                "look up: an idle session is taken",
                "{ crate::store::Queue::pop_front(server.idle_mut()); server.first_session(wanted) }",
                "S13",
                "whoever only looks changes something",
            ),
            noticed(
                "look up: logons are disabled",
                "{ server.enable_logons(false); server.first_session(wanted) }",
                "S13",
                "whoever only looks changes something",
            ),
        ],
    ),
];
