//! The document as it is written: one structure per table, every value with its place.
//!
//! Nothing here says whether a document makes sense; [`super::check`] does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Scenario;
use super::actor::{HangUpPhase, LicenseReply, Password};
use super::administration::WrittenAdministration;
use super::broken_line::OnBrokenLine;
use super::dates::WrittenDates;
use super::script::WrittenOperation;
use super::situation::Situation;
use super::timed_document::{ArrivalsDocument, FaultsDocument, SlowDiskDocument, TimeDocument};
use super::value::{Flag, TIME, Text, Whole, WrittenLimit};

/// A situation on a terminal server, on which the allocator is run: settings of the server and
/// one script per actor.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(
    title = "A logon-check scenario",
    extend("required" = ["name", "summary", "source"]),
    extend("oneOf" = [{ "required": ["client"] }, { "required": ["arrivals"] }])
)]
pub struct Document {
    /// The scenario's name, in kebab case.
    #[schemars(
        with = "String",
        length(max = 60),
        regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")
    )]
    pub(super) name: Spanned<Text>,
    /// One sentence.
    #[schemars(with = "String", length(min = 1, max = 400))]
    pub(super) summary: Spanned<Text>,
    /// Where the situation is documented, or `reconstruction`.
    #[schemars(with = "String", length(min = 1, max = 400))]
    pub(super) source: Spanned<Text>,
    /// What happens in some execution under the fixed algorithm: the search of all states is to show each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "std::collections::BTreeSet<Situation>")]
    pub(super) reaches: Vec<Spanned<Situation>>,
    /// The server's settings.
    #[serde(default, skip_serializing_if = "ServerDocument::is_empty")]
    pub(super) server: ServerDocument,
    /// How long things take. Absent: nothing takes any time, and what may happen may happen at any moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TimeDocument")]
    pub(super) time: Option<Spanned<TimeDocument>>,
    /// When the set-up of sessions is slower than usual.
    #[serde(default, rename = "slow-disk", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<SlowDiskDocument>", length(max = 64))]
    pub(super) slow_disks: Vec<Spanned<SlowDiskDocument>>,
    /// Clients that are drawn at random, in place of `client`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<ArrivalsDocument>", length(max = 8))]
    pub(super) arrivals: Vec<Spanned<ArrivalsDocument>>,
    /// Clients that `simulate` draws in place of those of `arrivals`, which are few enough for every checker that has time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<ArrivalsDocument>", length(max = 8))]
    pub(super) at_scale: Vec<Spanned<ArrivalsDocument>>,
    /// What goes wrong, drawn at random for the clients of `arrivals`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "FaultsDocument")]
    pub(super) faults: Option<Spanned<FaultsDocument>>,
    /// The clients: at least one.
    #[serde(default, rename = "client", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<ClientDocument>", length(min = 1, max = 64))]
    pub(super) clients: Vec<Spanned<ClientDocument>>,
    /// The administrators.
    #[serde(
        default,
        rename = "administrator",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[schemars(with = "Vec<AdministratorDocument>", length(max = 8))]
    pub(super) administrators: Vec<Spanned<AdministratorDocument>>,
    /// Those who break a client's line, once, at any moment.
    #[serde(default, rename = "cutter", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<CutterDocument>", length(max = 64))]
    pub(super) cutters: Vec<Spanned<CutterDocument>>,
    /// The time-outs of disconnected sessions: each expires once, at any moment while the session
    /// is disconnected, or never.
    #[serde(default, rename = "timer", skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<TimerDocument>", length(max = 8))]
    pub(super) timers: Vec<Spanned<TimerDocument>>,
}

/// The server's settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Server")]
pub(super) struct ServerDocument {
    /// How many idle sessions the server keeps ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 8), extend("default" = 2))]
    pub(super) idle_pool: Option<Spanned<Whole>>,
    /// How many connections the server admits at a time: a number, or a relation to the number of
    /// clients. Absent: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "WrittenLimit")]
    pub(super) max_connections: Option<Spanned<WrittenLimit>>,
    /// How many sessions can be created at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 4), extend("default" = 1))]
    pub(super) creation_workers: Option<Spanned<Whole>>,
    /// Whether the id of a session that has ended is given to a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool", extend("default" = false))]
    pub(super) reuse_ids: Option<Spanned<Flag>>,
    /// What becomes of a logged-on session whose line breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "OnBrokenLine", extend("default" = "disconnect"))]
    pub(super) on_broken_line: Option<Spanned<OnBrokenLine>>,
    /// Which creations of sessions fail, counted from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        with = "std::collections::BTreeSet<i64>",
        inner(range(min = 1, max = 256))
    )]
    pub(super) failing_creations: Vec<Spanned<Whole>>,
    /// Before which creations of sessions their worker stalls, counted from 1; with `time`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        with = "std::collections::BTreeSet<i64>",
        inner(range(min = 1, max = 256))
    )]
    pub(super) stalling_creations: Vec<Spanned<Whole>>,
    /// Whether logons are enabled at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool", extend("default" = true))]
    pub(super) logons_enabled: Option<Spanned<Flag>>,
    /// How many times, at any moment, everybody who waits for the server is woken although nothing
    /// has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0, max = 4), extend("default" = 0))]
    pub(super) spurious_wakes: Option<Spanned<Whole>>,
}

impl ServerDocument {
    fn is_empty(&self) -> bool {
        self.idle_pool.is_none()
            && self.max_connections.is_none()
            && self.creation_workers.is_none()
            && self.reuse_ids.is_none()
            && self.on_broken_line.is_none()
            && self.failing_creations.is_empty()
            && self.stalling_creations.is_empty()
            && self.logons_enabled.is_none()
            && self.spurious_wakes.is_none()
    }
}

/// A client with a name, or a group of alike clients with a count.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Client", extend("oneOf" = [{ "required": ["name"] }, { "required": ["count"] }]))]
pub(super) struct ClientDocument {
    /// The client's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^[A-Za-z0-9._-]{1,40}$"))]
    pub(super) name: Option<Spanned<Text>>,
    /// How many alike clients: they are named alice, bob, carol and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 16))]
    pub(super) count: Option<Spanned<Whole>>,
    /// Who logs on. Absent: every client has a user of its own, named like the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^[A-Za-z0-9._-]{1,40}$"))]
    pub(super) user: Option<Spanned<Text>>,
    /// What the client does, as long as it is let.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        with = "Vec<WrittenOperation>",
        length(min = 1, max = 32),
        extend("default" = ["connect"])
    )]
    pub(super) script: Option<Spanned<Vec<Spanned<WrittenOperation>>>>,
    /// What the license service replies. Absent: it is not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "LicenseReply")]
    pub(super) license: Option<Spanned<LicenseReply>>,
    /// Whether the user's password is right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Password", extend("default" = "right"))]
    pub(super) password: Option<Spanned<Password>>,
    /// The phase of its first connection at which the client leaves by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "HangUpPhase")]
    pub(super) hang_up: Option<Spanned<HangUpPhase>>,
    /// When it connects for the first time; with `time`. Absent: at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) arrives: Option<Spanned<Text>>,
    /// How long it looks at each prompt before it logs on; with `time`. Absent: no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) think: Option<Spanned<Text>>,
    /// How long it stays logged on before its next operation; with `time`. Absent: no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) stays: Option<Spanned<Text>>,
    /// How long it waits for its prompt before it hangs up; with `time`. Absent: as long as `time` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) patience: Option<Spanned<Text>>,
    /// How long the license service takes to reply; with `time`. Absent: no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) license_after: Option<Spanned<Text>>,
}

/// An administrator.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Administrator")]
pub(super) struct AdministratorDocument {
    /// Its name. Absent: `admin`, then `admin-2` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^[A-Za-z0-9._-]{1,40}$"))]
    pub(super) name: Option<Spanned<Text>>,
    /// When the administrator begins, or a list of times, one for each operation; needed with `time`, and none without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "WrittenDates")]
    pub(super) at: Option<Spanned<WrittenDates>>,
    /// What the administrator does, in order.
    #[schemars(with = "Vec<WrittenAdministration>", length(min = 1, max = 32))]
    pub(super) script: Spanned<Vec<Spanned<WrittenAdministration>>>,
}

/// One who breaks a client's line.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Cutter")]
pub(super) struct CutterDocument {
    /// Its name. Absent: `cutter`, then `cutter-2` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^[A-Za-z0-9._-]{1,40}$"))]
    pub(super) name: Option<Spanned<Text>>,
    /// The client whose line breaks.
    #[schemars(with = "String")]
    pub(super) cuts: Spanned<Text>,
    /// When; needed with `time`, and none without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = TIME))]
    pub(super) at: Option<Spanned<Text>>,
}

/// The time-out of a user's disconnected session.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Timer")]
pub(super) struct TimerDocument {
    /// Its name. Absent: `timer`, then `timer-2` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^[A-Za-z0-9._-]{1,40}$"))]
    pub(super) name: Option<Spanned<Text>>,
    /// The user whose session expires.
    #[schemars(with = "String")]
    pub(super) expires: Spanned<Text>,
}

impl Document {
    /// The document as TOML.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("tables of plain values can be written as TOML")
    }
}

impl From<&Scenario> for Document {
    fn from(scenario: &Scenario) -> Self {
        super::write::document(scenario)
    }
}

/// The JSON Schema of the document, as it is published.
pub fn schema_json() -> String {
    let schema = schemars::schema_for!(Document);
    let mut text =
        serde_json::to_string_pretty(&schema).expect("a schema is JSON with string keys");
    text.push('\n');
    text
}
