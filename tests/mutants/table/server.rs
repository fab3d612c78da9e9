//! Looking up, switching, and how the server begins.

use super::{Place, harmless, noticed, outside, place};

const FILE: &str = "server/mod.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "close",
        "self.closing = true;",
        &[
            noticed(
                "close: nothing happens",
                "",
                "S13",
                "the server shuts down and nobody asked for it, or the other way round",
            ),
            noticed(
                "close: it disables logons as well",
                "self.closing = true; self.logons_enabled = false;",
                "S1",
                "a logon is refused for a reason that does not hold: logons are disabled",
            ),
        ],
    ),
    place(
        FILE,
        "enable_logons",
        "self.logons_enabled = enabled;",
        &[
            noticed(
                "enable logons: nothing happens",
                "",
                "S13",
                "logons are not enabled, or disabled, as was asked for",
            ),
            noticed(
                "enable logons: the other way round",
                "self.logons_enabled = !enabled;",
                "S13",
                "logons are not enabled, or disabled, as was asked for",
            ),
        ],
    ),
    place(
        FILE,
        "enable_logons",
        "self.tell(Fact::LogonsEnabled(enabled));",
        &[
            noticed(
                "enable logons: nobody is told",
                "",
                "S13",
                "logons are enabled or disabled, and nobody is told",
            ),
            noticed(
                "enable logons: the opposite is told",
                "self.tell(Fact::LogonsEnabled(!enabled));",
                "S13",
                "logons are enabled or disabled, and nobody asked for it",
            ),
        ],
    ),
    place(
        FILE,
        "find",
        "session.generation == claim.generation",
        &[noticed(
            "find: the generation is not compared",
            "true",
            "S13",
            "a reset goes on that missed its session",
        )],
    ),
    place(
        "store.rs",
        "first_disconnected_of",
        "session.user == Some(user) && session.state == SessionState::Disconnected",
        &[
            outside(
                "disconnected session: the state is not asked",
                "session.user == Some(user)",
                "a section looks for any record that is like somebody else's",
            ),
            outside(
                "disconnected session: the user is not asked",
                "session.state == SessionState::Disconnected",
                "a section looks for any record that is like somebody else's",
            ),
            noticed(
                "disconnected session: there never is one",
                "false",
                "S10",
                "a user is not offered its disconnected session",
            ),
            noticed(
                "disconnected session: an active one is taken for it",
                "session.user == Some(user) && session.state == SessionState::Active",
                "S10",
                "a user is not offered its disconnected session",
            ),
        ],
    ),
    place(
        FILE,
        "first_session",
        "FIRST_SESSION",
        &[harmless(
            "first session: the console counts",
            "CONSOLE",
            "The console has no user, so it is nobody's disconnected session.",
        )],
    ),
    place(
        FILE,
        "kept_in",
        "Ledger::new(settings.max_connections)",
        &[
            noticed(
                "beginning: a permit is out already",
                "{ let mut ledger = Ledger::new(settings.max_connections); \
                 ledger.set_in_use(1.into()); ledger }",
                "S4",
                "something is on record before anybody has come",
            ),
            noticed(
                "beginning: there is no maximum",
                "Ledger::new(None)",
                "S2",
                "no longer true: no more permits are out than there are",
            ),
        ],
    ),
    place(
        FILE,
        "kept_in",
        "S::Logons::default()",
        &[noticed(
            "beginning: a logon is on record",
            "{ let mut logons = S::Logons::default(); logons.insert(LogonId(1), Logon \
                 { phase: LogonPhase::Admitted, claim: None, old: None }); logons }",
            "S4",
            "something is on record before anybody has come",
        )],
    ),
    place(
        FILE,
        "kept_in",
        "settings.logons_enabled",
        &[noticed(
            "beginning: logons are enabled whatever the settings say",
            "true",
            "S13",
            "logons are not enabled, or disabled, as was asked for",
        )],
    ),
];
