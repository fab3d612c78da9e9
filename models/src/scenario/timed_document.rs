//! The tables of a document for scenarios in which things take time, as they are written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::arrivals::Kind;
use super::value::{TIME, Text, Whole, WrittenWithin};

/// How long things take: in a scenario with this table time passes when nobody can act.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Time")]
pub(super) struct TimeDocument {
    /// How many processors share the set-up of sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 64), extend("default" = 1))]
    pub(super) processors: Option<Spanned<Whole>>,
    /// The processor time that the set-up of a session takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "WrittenWithin", extend("default" = "3s"))]
    pub(super) set_up: Option<Spanned<WrittenWithin>>,
    /// How long a client waits for its prompt before it hangs up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME), extend("default" = "30s"))]
    pub(super) patience: Option<Spanned<Text>>,
    /// How many times longer than its place in line explains a logon may wait in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 10), extend("default" = 2))]
    pub(super) burst_slack: Option<Spanned<Whole>>,
    /// How long a user looks at the prompt before logging on, on average. Absent: no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) think: Option<Spanned<Text>>,
    /// How long a user stays logged on, on average. Absent: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) session: Option<Spanned<Text>>,
    /// How long the license service takes to reply, on average. Absent: no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) license: Option<Spanned<Text>>,
    /// After how long it is noticed that the client of a session has vanished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME), extend("default" = "1min"))]
    pub(super) keep_alive: Option<Spanned<Text>>,
    /// After how long a disconnected session is reset. Absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) disconnect_time_out: Option<Spanned<Text>>,
    /// How long a client that was turned away waits before it comes back, on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME), extend("default" = "10s"))]
    pub(super) back_off: Option<Spanned<Text>>,
    /// How long a creation worker stalls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME), extend("default" = "20s"))]
    pub(super) stall: Option<Spanned<Text>>,
    /// With what the draws begin: the same number draws the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 4_294_967_295_u32), extend("default" = 1))]
    pub(super) seed: Option<Spanned<Whole>>,
    /// One in so many steps is held up for up to this long, so that calls overlap. Absent: none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hold_up: Option<HoldUpDocument>,
}

/// How steps are held up.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "HoldUp")]
pub(super) struct HoldUpDocument {
    /// One in so many.
    #[schemars(with = "i64", range(min = 1, max = 1000))]
    pub(super) one_in: Spanned<Whole>,
    /// For this long at most.
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) up_to: Spanned<Text>,
}

/// Clients that are drawn at random.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Arrivals")]
pub(super) struct ArrivalsDocument {
    /// How they come.
    #[schemars(with = "Kind")]
    pub(super) kind: Spanned<Kind>,
    /// How many.
    #[schemars(with = "i64", range(min = 1, max = 1_000_000_000))]
    pub(super) logons: Spanned<Whole>,
    /// When the first may come. Absent: at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) at: Option<Spanned<Text>>,
    /// Over how long they are spread; for all kinds but `burst`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) over: Option<Spanned<Text>>,
    /// How many come together at the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 1000), extend("default" = 1))]
    pub(super) together: Option<Spanned<Whole>>,
    /// Of how many users. Absent: every client has a user of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 1_000_000_000))]
    pub(super) users: Option<Spanned<Whole>>,
}

/// What goes wrong, and how often: in thousandths where nothing else is said.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Faults")]
pub(super) struct FaultsDocument {
    /// Of the creations: it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 999))]
    pub(super) creation_fails: Option<Spanned<Whole>>,
    /// Of the creations: the worker stalls first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    pub(super) worker_stalls: Option<Spanned<Whole>>,
    /// Of the sessions: the user disconnects instead of logging off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    pub(super) disconnect: Option<Spanned<Whole>>,
    /// Of the sessions: the line breaks instead.
    #[serde(default, rename = "break", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    pub(super) breaks: Option<Spanned<Whole>>,
    /// Of the sessions: the client vanishes instead, which is noticed by the keep-alive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    pub(super) vanish: Option<Spanned<Whole>>,
    /// Of the logons: the password is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    pub(super) wrong_password: Option<Spanned<Whole>>,
    /// Of the logons: the license is denied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    pub(super) license_denied: Option<Spanned<Whole>>,
    /// Of the logons: the license service never replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 1000))]
    pub(super) license_never: Option<Spanned<Whole>>,
    /// Of the clients that were turned away or lost patience: it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 999))]
    pub(super) come_back: Option<Spanned<Whole>>,
    /// By how much at most a client's clock is wrong, either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 900))]
    pub(super) clock_skew: Option<Spanned<Whole>>,
    /// The set-up of sessions slows down from time to time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) slow_disk: Option<SlowDocument>,
    /// An administrator resets the session of a user, if there is one, this often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) reset_every: Option<Spanned<Text>>,
    /// An administrator disables logons from time to time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) disable_logons: Option<PulseDocument>,
}

/// Something that is so from time to time.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Pulse")]
pub(super) struct PulseDocument {
    /// How often.
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) every: Spanned<Text>,
    /// For how long.
    #[serde(rename = "for")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) length: Spanned<Text>,
}

/// A set-up that slows down from time to time.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "SlowDisk")]
pub(super) struct SlowDocument {
    /// How often.
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) every: Spanned<Text>,
    /// For how long.
    #[serde(rename = "for")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) length: Spanned<Text>,
    /// How many times slower.
    #[schemars(with = "i64", range(min = 2, max = 100))]
    pub(super) factor: Spanned<Whole>,
}

/// A time in which the set-up of sessions is slower than usual.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "SlowDiskWindow")]
pub(super) struct SlowDiskDocument {
    /// When it begins. Absent: at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) at: Option<Spanned<Text>>,
    /// For how long.
    #[serde(rename = "for")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) length: Spanned<Text>,
    /// How many times slower.
    #[schemars(with = "i64", range(min = 2, max = 100))]
    pub(super) factor: Spanned<Whole>,
}
