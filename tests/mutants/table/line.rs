//! A session or a place in line, and hearing of it.

use super::{Place, harmless, noticed, place};

const FILE: &str = "server/logon.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "claim_or_queue",
        "self.living(logon)?;",
        &[
            noticed(
                "claim or queue: whether it lives is not asked",
                "",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "claim or queue: refused because all permits are out, its own among them",
                "{
                     self.living(logon)?;
                     let in_use = self.ledger.in_use();
                     if self.ledger.maximum().is_some_and(|maximum| in_use >= maximum) {
                         return Err(self.refuse(logon, Refusal::MaxConnections));
                     }
                 }",
                "S1",
                "a logon is refused for a reason that does not hold: the maximum connection count was \
                 exceeded",
            ),
            noticed(
                "claim or queue: refused because logons are disabled by now",
                "{
                     self.living(logon)?;
                     if !self.logons_enabled {
                         return Err(self.refuse(logon, Refusal::LogonsDisabled));
                     }
                 }",
                "S1",
                "a logon is refused for a reason that does not hold: logons are disabled",
            ),
        ],
    ),
    place(
        FILE,
        "claim_or_queue",
        "self.idle.pop_front()",
        &[
            noticed(
                "claim or queue: always to the line",
                "None",
                "L2",
                "no longer true: nobody is in line while a session is idle",
            ),
            noticed(
                "claim or queue: the session stays idle",
                "self.idle.front().copied()",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
            noticed(
                "claim or queue: a session is lost",
                "{ self.idle.pop_front(); self.idle.pop_front() }",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
        ],
    ),
    place(
        FILE,
        "claim_or_queue",
        "self.assign(claim, logon)",
        &[
            noticed(
                "claim or queue: passed on as if it were connecting",
                "self.pass_on(claim, logon)",
                "S3",
                "an idle session has a holder, a user or a name",
            ),
            noticed(
                "claim or queue: a session is taken and not assigned",
                "{}",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
        ],
    ),
    place(
        FILE,
        "claim_or_queue",
        "self.enqueue(logon)",
        &[
            noticed(
                "claim or queue: no place in line",
                "{}",
                "L1",
                "a party may sleep for ever and is not in line",
            ),
            noticed(
                "claim or queue: two places in line",
                "{ self.enqueue(logon); self.queue.push_back(logon); }",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
            noticed(
                "claim or queue: the head of the line falls out",
                "{ self.enqueue(logon); self.queue.pop_front(); }",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
        ],
    ),
    place(
        FILE,
        "claim_or_queue",
        "Ok(claim)",
        &[
            harmless(
                "claim or queue: it does not hear of its session",
                "Ok(None)",
                "It waits for its session then, and has it already.",
            ),
            noticed(
                "claim or queue: it hears that it is gone",
                "Err(Ending::Gone)",
                "S4",
                "a call has ended and its logon stays on record",
            ),
        ],
    ),
    place(
        FILE,
        "enqueue",
        "self.queue.push_back(logon);",
        &[
            noticed(
                "enqueue: no place in line",
                "",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
            noticed(
                "enqueue: a place for another logon",
                "self.queue.push_back(LogonId(logon.0 + 1));",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
        ],
    ),
    place(
        FILE,
        "enqueue",
        "self.advance(logon, LogonPhase::Queued);",
        &[noticed(
            "enqueue: the phase is not noted",
            "",
            "S4",
            "a logon that waits has no place in line, or one that does not wait has \
                 one",
        )],
    ),
    place(
        FILE,
        "enqueue",
        "self.tell(Fact::Queued { logon });",
        &[noticed(
            "enqueue: nobody is told",
            "",
            "S9",
            "what is told of a logon is not what is on record",
        )],
    ),
    place(
        FILE,
        "assign",
        "record.claim = Some(claim);",
        &[noticed(
            "assign: the claim is not noted",
            "",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "assign",
        "record.phase = LogonPhase::Claimed;",
        &[noticed(
            "assign: the phase is not noted",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "assign",
        "session.holder = Some(logon);",
        &[
            noticed(
                "assign: the holder is not noted",
                "",
                "S3",
                "a session and the logon that has it on record do not agree on the holder",
            ),
            noticed(
                "assign: another holder is noted",
                "session.holder = Some(LogonId(logon.0 + 1));",
                "S3",
                "a session and the logon that has it on record do not agree on the holder",
            ),
        ],
    ),
    place(
        FILE,
        "assign",
        "self.tell(Fact::Claimed { logon, claim });",
        &[
            noticed(
                "assign: nobody is told",
                "",
                "S9",
                "what is told of a logon is not what is on record",
            ),
            noticed(
                "assign: another session is told",
                "self.tell(Fact::Claimed { logon, claim: Claim { generation: \
                 crate::ids::Generation(0), ..claim } });",
                "S6",
                "a logon is given a session that does not exist",
            ),
        ],
    ),
    place(
        FILE,
        "assign",
        "self.transition(claim, SessionState::ConnectQuery);",
        &[
            noticed(
                "assign: the state stays",
                "",
                "S3",
                "an idle session has a holder, a user or a name",
            ),
            noticed(
                "assign: connected at once",
                "self.transition(claim, SessionState::Connected);",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            noticed(
                "assign: told that it is deleted",
                "self.transition(claim, SessionState::ConnectQuery); \
                 self.tell(Fact::Session { claim, from: \
                 Some(SessionState::ConnectQuery), to: None });",
                "S5",
                "a session goes from ConnectQuery to nothing, along no legal edge",
            ),
        ],
    ),
    place(
        FILE,
        "heard",
        "self.logons.remove(&logon);",
        &[noticed(
            "heard: the answer stays on record",
            "",
            "S4",
            "a call has ended and its logon stays on record",
        )],
    ),
    place(
        FILE,
        "heard",
        "Some(Err(ending))",
        &[
            noticed(
                "heard: it sleeps on",
                "None",
                "L1",
                "a party may sleep for ever and is not in line",
            ),
            noticed(
                "heard: it hears that it is gone",
                "Some(Err(Ending::Gone))",
                "S9",
                "what connect returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "heard",
        "self.logons[&logon].claim.map(Ok)",
        &[
            noticed(
                "heard: it hears of no session",
                "None",
                "L1",
                "a party may sleep for ever and is not in line",
            ),
            noticed(
                "heard: a look that changes something",
                "{ let claim = self.logons[&logon].claim; if claim.is_none() { \
                 self.advance(logon, LogonPhase::Admitted); } claim.map(Ok) }",
                "L1",
                "a section that yields nothing changes something",
            ),
            noticed(
                "heard: a look that gives up the place",
                "{ let claim = self.logons[&logon].claim; if claim.is_none() { \
                 self.queue.take(&logon); } claim.map(Ok) }",
                "L1",
                "a section that yields nothing changes something",
            ),
        ],
    ),
];
