//! Single changes of a logon or a session.

use super::{Place, harmless, noticed, place};

const FILE: &str = "server/parts.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "find_mut",
        "session.generation == claim.generation",
        &[harmless(
            "find to change: the generation is not compared",
            "true",
            "Whoever changes a session has found it in the same section, or has it on \
                 record.",
        )],
    ),
    place(
        FILE,
        "advance",
        "record.phase = phase;",
        &[noticed(
            "advance: the phase is not noted",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "note_old",
        "record.old = Some(old);",
        &[noticed(
            "note old: the old session is not noted",
            "",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "note_old",
        "record.phase = LogonPhase::Swapping;",
        &[noticed(
            "note old: the phase is not noted",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "transition",
        "std::mem::replace(&mut session.state, state)",
        &[noticed(
            "transition: told and not done",
            "session.state",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "transition",
        "self.tell(Fact::Session { claim, from, to: Some(state), });",
        &[
            noticed(
                "transition: done and not told",
                "",
                "S5",
                "a session goes from Reset to nothing, along no legal edge",
            ),
            noticed(
                "transition: another state is told",
                "self.tell(Fact::Session { claim, from, to: \
                 Some(SessionState::Reset) });",
                "S5",
                "a session goes from Down to Reset, along no legal edge",
            ),
            noticed(
                "transition: told twice",
                "self.tell(Fact::Session { claim, from, to: Some(state) }); \
                 self.tell(Fact::Session { claim, from, to: Some(state) });",
                "S5",
                "a session goes from Down to Reset, along no legal edge",
            ),
        ],
    ),
    place(
        FILE,
        "delete",
        "session.state == SessionState::Reset",
        &[
            harmless(
                "delete: the state is not asked",
                "true",
                "Whoever deletes a session has reset it, and nobody else touches it after \
                 that.",
            ),
            noticed(
                "delete: never",
                "false",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
    place(
        FILE,
        "delete",
        "self.sessions.remove(&claim.session);",
        &[noticed(
            "delete: told and not done",
            "",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "delete",
        "self.tell(Fact::Session { claim, from: Some(SessionState::Reset), to: \
         None, });",
        &[noticed(
            "delete: done and not told",
            "",
            "S5",
            "what is told of a session is not what is on record",
        )],
    ),
    place(
        FILE,
        "delete_now",
        "self.transition(claim, SessionState::Reset); self.delete(claim);",
        &[
            noticed(
                "delete now: not deleted",
                "self.transition(claim, SessionState::Reset);",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "delete now: not reset first",
                "self.delete(claim);",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "delete now: taken out as it is",
                "self.sessions.remove(&claim.session);",
                "S5",
                "what is told of a session is not what is on record",
            ),
        ],
    ),
    place(
        FILE,
        "pass_on",
        "record.claim = Some(claim);",
        &[noticed(
            "pass on: the claim is not noted",
            "",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "pass_on",
        "record.phase = LogonPhase::Claimed;",
        &[
            noticed(
                "pass on: the phase is not noted",
                "",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            noticed(
                "pass on: the prompt is noted",
                "record.phase = LogonPhase::AtPrompt;",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
        ],
    ),
    place(
        FILE,
        "pass_on",
        "session.holder = Some(logon);",
        &[noticed(
            "pass on: the holder is not noted",
            "",
            "L4",
            "nobody will ever deal with a session",
        )],
    ),
    place(
        FILE,
        "pass_on",
        "self.tell(Fact::Claimed { logon, claim });",
        &[noticed(
            "pass on: nobody is told",
            "",
            "S9",
            "what is told of a logon is not what is on record",
        )],
    ),
    place(
        FILE,
        "complete",
        "self.advance(logon, LogonPhase::LoggedOn);",
        &[noticed(
            "complete: the phase is not noted",
            "",
            "S4",
            "how far a logon is on record to have come does not fit its sessions",
        )],
    ),
    place(
        FILE,
        "complete",
        "self.tell(Fact::LoggedOn { logon, claim });",
        &[
            noticed(
                "complete: nobody is told",
                "",
                "S9",
                "what is told of a logon is not what is on record",
            ),
            noticed(
                "complete: another session is told",
                "self.tell(Fact::LoggedOn { logon, claim: Claim { generation: \
                 crate::ids::Generation(0), ..claim } });",
                "S3",
                "a user logs on to a session that is not its own",
            ),
            noticed(
                "complete: told twice",
                "self.tell(Fact::LoggedOn { logon, claim }); \
                 self.tell(Fact::LoggedOn { logon, claim });",
                "S9",
                "what is told of a logon cannot follow what was told of it before",
            ),
        ],
    ),
    place(
        FILE,
        "complete",
        "self.transition(claim, SessionState::Active);",
        &[
            noticed(
                "complete: the state stays",
                "",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
            noticed(
                "complete: the session is shadowed",
                "self.transition(claim, SessionState::Active); self.transition(claim, \
                 SessionState::Shadow);",
                "S4",
                "how far a logon is on record to have come does not fit its sessions",
            ),
        ],
    ),
    place(
        FILE,
        "refuse_in_line",
        "self.logons.insert(logon, record);",
        &[
            noticed(
                "refuse in line: the answer is not kept",
                "",
                "S9",
                "what connect returns is not what became of the logon",
            ),
            noticed(
                "refuse in line: another answer is kept",
                "self.logons.insert(logon, Logon { phase: \
                 LogonPhase::RefusedInLine(Refusal::SessionReset), ..record });",
                "S9",
                "the answer that is kept for a logon is not what became of it",
            ),
            noticed(
                "refuse in line: the logon is kept as one that waits",
                "self.logons.insert(logon, Logon { phase: LogonPhase::Queued, ..record \
                 });",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
        ],
    ),
    place(
        FILE,
        "refuse_in_line",
        "self.refuse(logon, refusal)",
        &[noticed(
            "refuse in line: only the answer is kept",
            "Ending::Refused(refusal)",
            "S9",
            "a logon that is over is on record as living, or one that lives is not on \
                 record",
        )],
    ),
];
