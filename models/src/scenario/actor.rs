//! The actors of a scenario, as plain values.

use std::fmt;

use schemars::JsonSchema;

use super::script::ClientOperation;
use super::word::words;

/// How long a name may be.
pub const LONGEST_NAME: usize = 40;

/// Whether a text may name an actor or a user.
fn may_name(text: &str) -> bool {
    let lawful = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=LONGEST_NAME).contains(&text.len()) && text.chars().all(lawful)
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The name, unless it is empty, longer than [`LONGEST_NAME`], or has a character
            /// other than ASCII letters, digits, `-`, `_` and `.`.
            pub fn new(text: &str) -> Option<Self> {
                may_name(text).then(|| Self(text.to_owned()))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// The name of an actor: client, administrator, cutter or timer. Unique in a scenario.
    ActorName
}
name! {
    /// The name of a user. Several clients may log on as one user.
    UserName
}

/// What the license service replies to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum LicenseReply {
    /// The client may go on.
    Granted,
    /// The client is refused, lawfully, with event 201.
    Denied,
    /// The service hangs: the client waits without end, and nobody else may wait with it.
    NeverAnswered,
}

/// Whether the client knows its user's password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Password {
    /// The log-on is let through.
    #[default]
    Right,
    /// The log-on is refused, lawfully, and the connection ends.
    Wrong,
}

/// The phase of its first connection at which a client leaves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum HangUpPhase {
    /// Before the server looks at the connection.
    BeforeArrival,
    /// With a permit, before it has a session.
    Admitted,
    /// With a session that it is not yet attached to.
    Claimed,
    /// Attached, before it authenticates.
    AtPrompt,
    /// Authenticated, before it is settled which session the user gets.
    Arbitrating,
}

words! {
    LicenseReply {
        Granted = "granted",
        Denied = "denied",
        NeverAnswered = "never-answered",
    }
}

words! {
    Password {
        Right = "right",
        Wrong = "wrong",
    }
}

words! {
    HangUpPhase {
        BeforeArrival = "before-arrival",
        Admitted = "admitted",
        Claimed = "claimed",
        AtPrompt = "at-prompt",
        Arbitrating = "arbitrating",
    }
}

/// A client: one connection at a time, driven by its script.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Client {
    /// Its name.
    pub name: ActorName,
    /// Who logs on. A client that never logs on has the user named like itself.
    pub user: UserName,
    /// What it does, as long as it is let.
    pub script: Vec<ClientOperation>,
    /// The license service's reply; none: the service is not asked.
    pub license: Option<LicenseReply>,
    /// Whether the user's password is right.
    pub password: Password,
    /// Where it leaves by itself.
    pub hang_up: Option<HangUpPhase>,
    /// When it does what it does, where things take time.
    pub times: ClientTimes,
}

/// When a client does what it does, in milliseconds. By default it takes no time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ClientTimes {
    /// When it connects for the first time, after the beginning.
    pub arrives: u64,
    /// How long it looks at each prompt before it logs on.
    pub think: u64,
    /// How long it stays logged on before its next operation.
    pub stays: u64,
    /// How long it waits for its prompt before it hangs up; none: as long as every client.
    pub patience: Option<u64>,
    /// How long the license service takes to reply.
    pub license_after: u64,
}

/// Whose session an administrator resets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ResetTarget {
    /// The session this client has when the administrator looks. A name that belongs to both a
    /// client and a user means the client.
    Client(ActorName),
    /// The session this user has when the administrator looks.
    User(UserName),
}

impl ResetTarget {
    /// The name, whichever it names.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Client(name) => name.as_str(),
            Self::User(name) => name.as_str(),
        }
    }
}

/// One operation of an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AdministratorOperation {
    /// Look up a session, then reset it.
    Reset(ResetTarget),
    /// `change logon /disable`: refuse logons from now on.
    DisableLogons,
    /// `change logon /enable`.
    EnableLogons,
}

/// An administrator, who works through a script.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Administrator {
    /// Its name.
    pub name: ActorName,
    /// When it acts, in milliseconds after the beginning: one time for each operation, or one for the first, and the
    /// others follow at once; none: at any moment.
    pub at: Vec<u64>,
    /// What it does, in order.
    pub script: Vec<AdministratorOperation>,
}

impl Administrator {
    /// When the operation at this place of the script happens at the earliest, if a time is said for it.
    pub(crate) fn date_of(&self, place: usize) -> Option<u64> {
        self.at.get(place).copied()
    }

    /// Takes an operation away, and its time if it has one of its own.
    pub(crate) fn remove(&mut self, place: usize) {
        if self.at.len() == self.script.len() && self.at.len() > 1 {
            self.at.remove(place);
        }
        self.script.remove(place);
    }
}

/// Breaks a client's line once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cutter {
    /// Its name.
    pub name: ActorName,
    /// Whose line.
    pub cuts: ActorName,
    /// When, in milliseconds after the beginning; none: at any moment.
    pub at: Option<u64>,
}

/// The time-out of a user's disconnected session: expires once, at any moment while the session
/// is disconnected, or never.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Timer {
    /// Its name.
    pub name: ActorName,
    /// Whose session.
    pub expires: UserName,
}
