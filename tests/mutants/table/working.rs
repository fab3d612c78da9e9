//! The steps of a creation worker.

use super::{Place, false_alarm, harmless, not_covered, noticed, outside, place};

const FILE: &str = "allocator.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "serve",
        "P::forever(|| self.replenish(manager));",
        &[
            noticed(
                "serve: only one round",
                "let _ = self.replenish(manager);",
                "L1",
                "a worker stops although the server does not shut down",
            ),
            noticed(
                "serve: no round",
                "{}",
                "L1",
                "a party in a call neither goes on nor waits: worker",
            ),
            noticed(
                "serve: asks over and over",
                r#"P::forever(|| { if let Demand::Create(claim) =
                 self.server().update("begin creation", |server|
                 server.demand().unwrap_or(Demand::Stop)) { if manager.load(claim) {
                 self.publish(claim); } else { self.fail_creation(claim); } }
                 ControlFlow::Continue(()) });"#,
                "L1",
                "it takes a section that leaves everything as it is, over and over",
            ),
        ],
    ),
    place(
        FILE,
        "replenish",
        "ControlFlow::Break(())",
        &[not_covered(
            "replenish: a worker that is to stop goes on",
            "ControlFlow::Continue(())",
            "what happens after the server was closed",
        )],
    ),
    place(
        FILE,
        "replenish",
        "ControlFlow::Continue(())",
        &[noticed(
            "replenish: a worker stops after one session",
            "ControlFlow::Break(())",
            "L1",
            "a worker stops although the server does not shut down",
        )],
    ),
    place(
        FILE,
        "replenish",
        "manager.load(claim)",
        &[
            outside(
                "replenish: it loads until it is loaded",
                "{ while !manager.load(claim) {} true }",
                "it asks the world more than 12 times between two sections",
            ),
            noticed(
                "replenish: another session is loaded",
                "manager.load(Claim { session: crate::ids::CONSOLE, generation: \
                 crate::ids::Generation(0) })",
                "L5",
                "a session is loaded that its worker does not create",
            ),
            noticed(
                "replenish: whether it was loaded is not asked",
                "{ manager.load(claim); true }",
                "S7",
                "a session is said to be loaded that its worker has not loaded",
            ),
            noticed(
                "replenish: the other way round",
                "!manager.load(claim)",
                "S1",
                "a logon is refused for a reason that does not hold: the session could \
                 not be created",
            ),
            harmless(
                "replenish: loaded twice",
                "manager.load(claim) && manager.load(claim)",
                "It is published if it was loaded both times, and given up if not.",
            ),
            noticed(
                "replenish: two creations are begun and one is ended",
                "{ self.await_demand(); manager.load(claim) }",
                "S4",
                "a party has more than its share",
            ),
            noticed(
                "replenish: another creation is begun unasked",
                r#"{ let other = self.server().update("begin another creation", |server|
                 Demand::Create(server.begin_creation())); let loaded =
                 manager.load(claim); if let Demand::Create(other) = other {
                 self.publish(other); } loaded }"#,
                "S4",
                "a party has more than its share",
            ),
            noticed(
                "replenish: not loaded",
                "true",
                "S7",
                "a session is said to be loaded that its worker has not loaded",
            ),
        ],
    ),
    place(
        FILE,
        "replenish",
        "self.publish(claim);",
        &[
            noticed(
                "replenish: not published",
                "",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "replenish: published twice",
                "{ self.publish(claim); self.publish(claim); }",
                "S6",
                "a session is ended by neither its logon nor a reset aimed at it",
            ),
        ],
    ),
    place(
        FILE,
        "replenish",
        "self.fail_creation(claim);",
        &[
            noticed(
                "replenish: a creation that failed is left",
                "",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "replenish: a creation that failed is published",
                "self.publish(claim);",
                "S7",
                "a session is said to be loaded that its worker has not loaded",
            ),
        ],
    ),
    place(
        FILE,
        "publish",
        r#"self.server().update("publish", |server| server.publish(claim));"#,
        &[noticed(
            "publish: wakes nobody",
            r#"self.server().enter("publish", |server| server.publish(claim));"#,
            "L1",
            "it wakes nobody, and changes what one that sleeps waits for",
        )],
    ),
    place(
        FILE,
        "fail_creation",
        r#"self.server().update("fail creation", |server| { server.fail_creation(claim);
         server.clear_down(claim); });"#,
        &[
            noticed(
                "fail creation: wakes nobody",
                r#"self.server().enter("fail creation", |server| {
                 server.fail_creation(claim); server.clear_down(claim); });"#,
                "L1",
                "it wakes nobody, and changes what one that sleeps waits for",
            ),
            noticed(
                "fail creation: the session stays down",
                r#"self.server().update("fail creation", |server|
                 server.fail_creation(claim));"#,
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "fail creation: nobody hears of it",
                r#"self.server().update("fail creation", |server|
                 server.clear_down(claim));"#,
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "fail creation: cleared before it is down",
                r#"self.server().update("fail creation", |server| {
                 server.clear_down(claim); server.fail_creation(claim); });"#,
                "L4",
                "nobody will ever deal with a session",
            ),
            false_alarm(
                "fail creation: in two sections",
                r#"{ self.server().update("fail creation", |server|
                 server.fail_creation(claim)); self.server().update("clear down",
                 |server| server.clear_down(claim)); }"#,
                "S6",
                "a session is ended by neither its logon nor a reset aimed at it",
                "The session may have been reset between the two, and the prover takes \
                 what the worker remembers for anybody's session then, one that is \
                 another worker's among them.",
            ),
        ],
    ),
    place(
        FILE,
        "await_demand",
        r#"self.server().wait_for("begin creation", |server| server.demand())"#,
        &[
            outside(
                "await demand: asks over and over",
                r#"loop { if let Some(demand) = self.server().enter("begin creation",
                 |server| server.demand()) { break demand; } }"#,
                "it carries what \"begin creation\" returns to the next section, a value \
                 that is neither an answer nor an identifier",
            ),
            outside(
                "await demand: wakes nobody and sleeps",
                r#"loop { if let Some(demand) = self.server().enter("begin creation",
                 |server| server.demand()) { break demand; }
                 self.server().sleep("begin creation"); }"#,
                "it carries what \"begin creation\" returns to the next section, a value \
                 that is neither an answer nor an identifier",
            ),
        ],
    ),
];
