//! What a client may do after what: the operations of a script and their legal order.

use schemars::JsonSchema;

use super::word::{Word, words};

/// One operation of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientOperation {
    /// Open a connection, and be given a session with a logon prompt.
    Connect,
    /// Authenticate at the prompt, and be given the user's session.
    LogOn,
    /// Leave the session behind, disconnected.
    Disconnect,
    /// End the session.
    LogOff,
    /// The line breaks here.
    HangUp,
}

/// An operation as a document writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(super) enum WrittenOperation {
    /// Open a connection, and be given a session with a logon prompt.
    Connect,
    /// Authenticate at the prompt, and be given the user's session.
    LogOn,
    /// Leave the session behind, disconnected.
    Disconnect,
    /// End the session.
    LogOff,
    /// The line breaks here.
    HangUp,
    /// Short for `connect`, `log-on`.
    Reconnect,
}

impl WrittenOperation {
    /// The operations it stands for.
    pub(super) fn expanded(self) -> &'static [ClientOperation] {
        match self {
            Self::Connect => &[ClientOperation::Connect],
            Self::LogOn => &[ClientOperation::LogOn],
            Self::Disconnect => &[ClientOperation::Disconnect],
            Self::LogOff => &[ClientOperation::LogOff],
            Self::HangUp => &[ClientOperation::HangUp],
            Self::Reconnect => &[ClientOperation::Connect, ClientOperation::LogOn],
        }
    }

    /// The word in the document.
    pub(super) fn word(self) -> &'static str {
        let found = Self::VALUES.iter().find(|(value, _)| *value == self);
        found.map_or("", |(_, word)| *word)
    }
}

words! {
    WrittenOperation {
        Connect = "connect",
        LogOn = "log-on",
        Disconnect = "disconnect",
        LogOff = "log-off",
        HangUp = "hang-up",
        Reconnect = "reconnect",
    }
}

impl From<ClientOperation> for WrittenOperation {
    fn from(operation: ClientOperation) -> Self {
        match operation {
            ClientOperation::Connect => Self::Connect,
            ClientOperation::LogOn => Self::LogOn,
            ClientOperation::Disconnect => Self::Disconnect,
            ClientOperation::LogOff => Self::LogOff,
            ClientOperation::HangUp => Self::HangUp,
        }
    }
}

/// Where a client stands between two operations of its script, if all of them succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Standing {
    /// Without a connection.
    Away,
    /// At the logon prompt.
    Connected,
    /// In its user's session.
    LoggedOn,
}

impl Standing {
    /// Where the client stands afterwards; none if the operation cannot happen here.
    pub(super) fn after(self, operation: ClientOperation) -> Option<Self> {
        match (self, operation) {
            (Self::Away, ClientOperation::Connect) => Some(Self::Connected),
            (Self::Connected, ClientOperation::LogOn) => Some(Self::LoggedOn),
            (Self::LoggedOn, ClientOperation::Disconnect | ClientOperation::LogOff) => {
                Some(Self::Away)
            }
            (Self::Connected | Self::LoggedOn, ClientOperation::HangUp) => Some(Self::Away),
            (Self::Away, _)
            | (Self::Connected, _)
            | (Self::LoggedOn, ClientOperation::Connect | ClientOperation::LogOn) => None,
        }
    }

    /// What may stand here, as a phrase.
    pub(super) fn may_follow(self) -> &'static str {
        match self {
            Self::Away => "\"connect\" or \"reconnect\"",
            Self::Connected => "\"log-on\" or \"hang-up\"",
            Self::LoggedOn => "\"disconnect\", \"log-off\" or \"hang-up\"",
        }
    }

    /// The place as a phrase.
    pub(super) fn described(self) -> &'static str {
        match self {
            Self::Away => "not connected",
            Self::Connected => "connected but not logged on",
            Self::LoggedOn => "logged on",
        }
    }
}
