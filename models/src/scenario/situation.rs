//! What a scenario may say that it reaches.

use schemars::JsonSchema;

use super::word::{Word, words};

macro_rules! situations {
    ($($(#[$doc:meta])* $name:ident = $words:literal,)*) => {
        /// Something that happens in some execution of a scenario under the fixed algorithm.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
        pub enum Situation {
            $($(#[$doc])* #[schemars(rename = $words)] $name,)*
        }

        words! { Situation { $($name = $words,)* } }
    };
}

situations! {
    /// A client takes a session from the pool.
    TakesIdle = "a client takes an idle session",
    /// A client waits in line.
    WaitsInLine = "a client waits in line",
    /// Two clients wait in line at once.
    TwoWaitInLine = "two clients wait in line",
    /// Two sessions are under creation at once.
    TwoCreations = "two sessions are created at once",
    /// Every client of the scenario is at a prompt or logged on at once.
    AllServed = "every client is served",
    /// Another client sees its prompt while one waits for a license reply that never comes.
    ServedBesideHanging = "a client is served while another waits for its license",
    /// A client in line is woken although nothing has changed.
    WokenForNoReason = "a client in line is woken for no reason",
    /// A session goes from a client that leaves to the next in line.
    HandedOn = "a session goes on to the next in line",
    /// The id of a session that was deleted is given to a new one.
    IdUsedAgain = "an id is used again",
    /// A client leaves by itself before it arrives.
    HangsUpBeforeArrival = "a client hangs up before it arrives",
    /// A client leaves by itself with a permit and without a session.
    HangsUpAdmitted = "a client hangs up once admitted",
    /// A client leaves by itself with a session that it has not seen.
    HangsUpClaimed = "a client hangs up before its prompt",
    /// A client leaves by itself at the prompt.
    HangsUpAtPrompt = "a client hangs up at the prompt",
    /// A client leaves by itself between arbitration and swap.
    HangsUpArbitrating = "a client hangs up on its way back",
    /// A client leaves by itself when logged on.
    HangsUpLoggedOn = "a client hangs up when logged on",
    /// A client has waited for its prompt as long as it cares to.
    LosesPatience = "a client loses patience",
    /// A client is cut off with a permit, before it has or waits for a session.
    CutAdmitted = "a line is cut once admitted",
    /// A client is cut off in line.
    CutInLine = "a line is cut in line",
    /// A client is cut off with a session that it has not seen.
    CutClaimed = "a line is cut before its prompt",
    /// A client is cut off at the prompt.
    CutAtPrompt = "a line is cut at the prompt",
    /// A client is cut off between arbitration and swap.
    CutArbitrating = "a line is cut on the way back",
    /// A client is cut off when logged on.
    CutLoggedOn = "a line is cut when logged on",
    /// A broken line leaves a disconnected session.
    BreakDisconnects = "a broken line disconnects a session",
    /// A broken line ends a session.
    BreakResets = "a broken line resets a session",
    /// A client leaves its session behind.
    Disconnects = "a client disconnects",
    /// A client ends its session.
    LogsOff = "a client logs off",
    /// A client is logged on to the session at whose prompt it was.
    GetsOwn = "a client logs on to a session of its own",
    /// A client is logged on to an older session of its user.
    GoesBack = "a client goes back to an old session",
    /// The old session is reset while the client is on its way back, and it keeps its own.
    LosesOld = "an old session is lost on the way back",
    /// A user is logged on to two sessions at once.
    LoggedOnTwice = "a user is logged on twice",
    /// Two users are logged on at once.
    TwoUsers = "two users are logged on",
    /// An administrator resets a session.
    ResetHits = "a reset hits",
    /// What an administrator looked up is gone when it is to be reset.
    ResetMisses = "a reset misses",
    /// A time-out ends a session.
    TimeOutHits = "a time-out hits",
    /// The user went back before the time-out.
    TimeOutMisses = "a time-out misses",
    /// Event 71.
    RefusedFull = "a client is refused with 71",
    /// Event 201.
    RefusedLicense = "a client is refused with 201",
    /// Logons are disabled.
    RefusedDisabled = "a client is refused because logons are disabled",
    /// Logons, enabled before, are disabled.
    LogonsDisabled = "logons are disabled",
    /// Logons, disabled before, are enabled.
    LogonsEnabled = "logons are enabled",
    /// The password is wrong.
    RefusedPassword = "a client is refused because its password is wrong",
    /// The creation of a session failed.
    RefusedCreation = "a client is refused because a creation failed",
    /// A client sees its prompt after another was refused because a creation failed.
    ServedAfterFailure = "a client is served after a creation failed",
    /// An administrator reset the session of a logon that was not complete.
    RefusedReset = "a client is refused because its session was reset",
}

impl Situation {
    /// Every situation, with the words that a document has for it.
    pub fn all() -> impl Iterator<Item = (Situation, &'static str)> {
        Self::VALUES.iter().copied()
    }

    /// The words that a document has for it.
    pub fn words(self) -> &'static str {
        let found = Self::VALUES.iter().find(|(value, _)| *value == self);
        found.map_or("", |(_, words)| *words)
    }
}
