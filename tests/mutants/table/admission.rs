//! Arrival and admission.

use super::{Place, harmless, noticed, place};

const FILE: &str = "server/logon.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "arrive",
        "!self.logons.contains_key(&logon)",
        &[
            harmless(
                "arrive: whether it is known is not asked",
                "true",
                "It guards against an embedder that breaks its promise, and the clients \
                 of a proof do not.",
            ),
            noticed(
                "arrive: the other way round",
                "self.logons.contains_key(&logon)",
                "S13",
                "a section panics",
            ),
        ],
    ),
    place(
        FILE,
        "arrive",
        "self.tell(Fact::Arrived { logon });",
        &[
            noticed(
                "arrive: nobody is told",
                "",
                "S9",
                "something happens to a logon before it is admitted or after its outcome",
            ),
            noticed(
                "arrive: told twice",
                "self.tell(Fact::Arrived { logon }); \
                 self.tell(Fact::Arrived { logon });",
                "S9",
                "a logon arrives a second time",
            ),
            noticed(
                "arrive: another logon is told",
                "self.tell(Fact::Arrived { logon: LogonId(logon.0 + 1) });",
                "S13",
                "a logon arrives whose client does not connect",
            ),
        ],
    ),
    place(
        FILE,
        "arrive",
        "self.logons_enabled",
        &[
            noticed(
                "arrive: whether logons are enabled is not asked",
                "true",
                "S1",
                "a logon is admitted although logons are disabled",
            ),
            noticed(
                "arrive: the other way round about logons",
                "!self.logons_enabled",
                "S1",
                "a logon is refused for a reason that does not hold: logons are disabled",
            ),
            noticed(
                "arrive: not while the server shuts down",
                "self.logons_enabled && !self.closing",
                "S1",
                "a logon is refused for a reason that does not hold: logons are disabled",
            ),
            noticed(
                "arrive: never",
                "false",
                "S1",
                "a logon is refused for a reason that does not hold: logons are disabled",
            ),
        ],
    ),
    place(
        FILE,
        "arrive",
        "self.refuse(logon, Refusal::LogonsDisabled)",
        &[
            noticed(
                "arrive: refused for another reason",
                "self.refuse(logon, Refusal::AccessDenied)",
                "S1",
                "a logon is refused for a reason that does not hold: access denied",
            ),
            noticed(
                "arrive: refused and nobody told",
                "Ending::Refused(Refusal::LogonsDisabled)",
                "S9",
                "what connect returns is not what became of the logon",
            ),
            noticed(
                "arrive: refused and gone",
                "{ self.refuse(logon, Refusal::LogonsDisabled); Ending::Gone }",
                "S9",
                "what connect returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "register",
        "LogonPhase::Admitted",
        &[noticed(
            "register: as one that waits",
            "LogonPhase::Queued",
            "S4",
            "a logon that waits has no place in line, or one that does not wait has \
                 one",
        )],
    ),
    place(
        FILE,
        "register",
        "self.logons.insert(logon, record);",
        &[
            noticed(
                "register: not on record",
                "",
                "S9",
                "a logon that is over is on record as living, or one that lives is not on \
                 record",
            ),
            noticed(
                "register: as one that has a session",
                "self.logons.insert(logon, Logon { claim: Some(Claim { session: \
                 crate::ids::FIRST_SESSION, generation: crate::ids::Generation(1) }), \
                 ..record });",
                "S6",
                "the session of a logon is gone, or somebody else's",
            ),
        ],
    ),
    place(
        FILE,
        "register",
        "self.tell(Fact::Admitted { logon });",
        &[
            noticed(
                "register: nobody is told",
                "",
                "S9",
                "a logon that is over is on record as living, or one that lives is not on \
                 record",
            ),
            noticed(
                "register: told twice",
                "self.tell(Fact::Admitted { logon }); \
                 self.tell(Fact::Admitted { logon });",
                "S9",
                "something happens to a logon before it is admitted or after its outcome",
            ),
            noticed(
                "register: told that it is complete",
                "self.tell(Fact::Admitted { logon }); \
                 self.tell(Fact::LoggedOn { logon, claim: Claim { session: \
                 crate::ids::FIRST_SESSION, generation: crate::ids::Generation(1) } });",
                "S3",
                "a user logs on and has no session",
            ),
        ],
    ),
    place(
        FILE,
        "admit",
        "self.arrive(logon)?;",
        &[
            noticed(
                "admit: it does not arrive",
                "",
                "S9",
                "something happens to a logon before it is admitted or after its outcome",
            ),
            noticed(
                "admit: a permit is taken on arrival as well",
                "self.ledger.try_acquire(); self.arrive(logon)?;",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
            noticed(
                "admit: it arrives twice",
                "self.arrive(logon)?; self.arrive(logon)?;",
                "S9",
                "a logon arrives a second time",
            ),
        ],
    ),
    place(
        FILE,
        "admit",
        "!self.ledger.try_acquire()",
        &[
            noticed(
                "admit: no permit is taken",
                "false",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
            noticed(
                "admit: two permits are taken",
                "!(self.ledger.try_acquire() && self.ledger.try_acquire())",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
            noticed(
                "admit: refused with a permit",
                "self.ledger.try_acquire()",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
        ],
    ),
    place(
        FILE,
        "admit",
        "self.refuse(logon, Refusal::MaxConnections)",
        &[
            noticed(
                "admit: refused for another reason",
                "self.refuse(logon, Refusal::NoLicense)",
                "S1",
                "a logon is refused for a reason that does not hold: no license",
            ),
            noticed(
                "admit: refused and a permit released",
                "{ self.ledger.release(); self.refuse(logon, Refusal::MaxConnections) }",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
            noticed(
                "admit: refused as if no session were idle",
                "self.refuse(logon, Refusal::Dropped(DropReason::NoIdle))",
                "S1",
                "a logon is refused for a reason that does not hold: dropped, no idle \
                 session",
            ),
        ],
    ),
    place(
        FILE,
        "admit",
        "self.register(logon);",
        &[noticed(
            "admit: not on record",
            "",
            "S4",
            "no longer true: as many permits are out as logons are held",
        )],
    ),
    place(
        FILE,
        "living",
        "Err(Ending::Gone)",
        &[
            noticed(
                "living: who is gone lives",
                "Ok(LogonPhase::Admitted)",
                "S13",
                "a section panics",
            ),
            noticed(
                "living: who is gone was refused",
                "Err(Ending::Refused(Refusal::SessionReset))",
                "S9",
                "what log on returns is not what became of the logon",
            ),
        ],
    ),
    place(
        FILE,
        "living",
        "Err(Ending::Refused(refusal))",
        &[
            noticed(
                "living: who was refused is gone",
                "Err(Ending::Gone)",
                "S9",
                "what connect returns is not what became of the logon",
            ),
            noticed(
                "living: who was refused lives",
                "Ok(LogonPhase::RefusedInLine(refusal))",
                "L1",
                "a party may sleep for ever and is not in line",
            ),
        ],
    ),
];
