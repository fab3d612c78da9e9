//! Scenarios: situations as data, on which the real allocator is run.
//!
//! A scenario is a small TOML document: the server's settings and one script per actor. The same
//! document drives every checker. [`Scenario::parse`], [`Scenario::load`] and
//! [`Scenario::preset`] read one; what they return has everything filled in and makes sense, and
//! what does not make sense is refused before anything runs: every mistake is told, with its line. The format
//! is described in `docs/scenarios.md`.
//!
//! ```
//! use logon_models::scenario::{Overrides, Scenario};
//!
//! let scenario = Scenario::preset("q192165-full")?;
//! assert_eq!(scenario.server.max_connections, Some(1));
//!
//! let larger = scenario.with(&Overrides { clients: Some(3), ..Overrides::default() })?;
//! assert_eq!(larger.server.max_connections, Some(2));
//! assert_eq!(Scenario::parse(&larger.to_toml(), "copy")?, larger);
//! # Ok::<(), logon_models::scenario::ScenarioError>(())
//! ```
//!
//! A scenario knows no time unless it has a table for it: a time-out is an actor that may act at any moment. Nothing here
//! knows how a step of a script is carried out.

mod actor;
mod administration;
mod arrivals;
mod arriving;
mod beside_time;
mod broken_line;
mod check;
mod client;
mod course;
mod crowd;
mod dates;
mod diagnosis;
mod document;
mod draw;
mod drawn;
mod error;
mod faults;
mod fit;
mod idle;
mod interference;
mod overrides;
mod place;
mod plan;
mod presets;
mod read;
mod repair;
mod script;
mod situation;
mod slow_disk;
mod source;
mod time;
mod timed_document;
mod value;
mod word;
mod write;

use std::collections::BTreeSet;

use time::LONGEST;

pub use actor::{
    ActorName, Administrator, AdministratorOperation, Client, ClientTimes, Cutter, HangUpPhase,
    LONGEST_NAME, LicenseReply, Password, ResetTarget, Timer, UserName,
};
pub use arrivals::{Arrivals, Kind as ArrivalKind, LOGONS, TOGETHER};
pub use arriving::{Arrival, PlannedArrivals};
pub use broken_line::OnBrokenLine;
pub use check::{CREATION_WORKERS, GROUP, IDLE_POOL, MAX_CONNECTIONS, SPURIOUS_WAKES};
pub use document::{Document, schema_json};
pub use draw::{Draws, Stream};
pub use error::{ErrorKind, Mistake, Position, ScenarioError};
pub use faults::{Faults, Pulse, SlowDisk};
pub use overrides::Overrides;
pub(crate) use plan::set_up;
pub use plan::{End, Plan};
pub use presets::{Preset, presets};
pub use script::ClientOperation;
pub use situation::Situation;
pub use slow_disk::SlowTime;
pub use time::{BURST_SLACK, HoldUp, PROCESSORS, Span, Time, Within};

/// A situation on which the allocator is run, with everything filled in.
///
/// The fields are open so that generators can build and shrink scenarios; [`Scenario::check`]
/// says whether the result makes sense.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scenario {
    /// Its name, in kebab case.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Where the situation is documented, or `reconstruction`.
    pub source: String,
    /// What happens in some execution under the fixed algorithm, as its author says; no execution depends on
    /// it, and [`crate::checker::reached`] says whether it is so.
    pub reaches: BTreeSet<Situation>,
    /// The server's settings.
    pub server: ServerSettings,
    /// How long things take, if they take any time.
    pub time: Option<Time>,
    /// When the set-up of sessions is slower than usual, in order and apart.
    pub slow_disks: Vec<SlowTime>,
    /// Clients that are drawn at random, in place of `clients`.
    pub arrivals: Vec<Arrivals>,
    /// Those that `simulate` draws in place of these; none: it draws these.
    pub at_scale: Vec<Arrivals>,
    /// What goes wrong with those.
    pub faults: Faults,
    /// The clients, at least one unless they are drawn.
    pub clients: Vec<Client>,
    /// The administrators.
    pub administrators: Vec<Administrator>,
    /// Those who break a client's line.
    pub cutters: Vec<Cutter>,
    /// The time-outs of disconnected sessions.
    pub timers: Vec<Timer>,
    /// How the scenario grows; no execution depends on it.
    pub scaling: Scaling,
}

/// The server's settings. The defaults are those of the format.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServerSettings {
    /// How many idle sessions the server keeps ready.
    pub idle_pool: u32,
    /// How many connections it admits at a time; none: any number.
    pub max_connections: Option<u32>,
    /// How many sessions can be created at a time.
    pub creation_workers: u32,
    /// Whether the id of a session that has ended is given to a new one.
    pub reuse_ids: bool,
    /// What becomes of a logged-on session whose line breaks.
    pub on_broken_line: OnBrokenLine,
    /// Which creations fail, counted from 1.
    pub failing_creations: BTreeSet<u32>,
    /// Before which creations their worker stalls, counted from 1.
    pub stalling_creations: BTreeSet<u32>,
    /// Whether logons are enabled at the start.
    pub logons_enabled: bool,
    /// How many times, at any moment, everybody who waits for the server is woken although nothing has
    /// changed.
    pub spurious_wakes: u32,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            idle_pool: 2,
            max_connections: None,
            creation_workers: 1,
            reuse_ids: false,
            on_broken_line: OnBrokenLine::Disconnect,
            failing_creations: BTreeSet::new(),
            stalling_creations: BTreeSet::new(),
            logons_enabled: true,
            spurious_wakes: 0,
        }
    }
}

/// What `--clients` needs to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scaling {
    /// The group of alike clients, when the document has exactly one.
    pub group: Option<ClientGroup>,
    /// How the limit on connections follows the number of clients.
    pub limit: LimitRelation,
}

/// Consecutive clients of a scenario that differ in nothing but their names, and in their users
/// when each has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientGroup {
    /// The index of the first one.
    pub first: usize,
    /// How many.
    pub count: usize,
}

/// How the limit on connections follows the number of clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LimitRelation {
    /// Not at all.
    #[default]
    Independent,
    /// As many connections as clients.
    Clients,
    /// One connection fewer than clients.
    ClientsExceptOne,
}

impl Client {
    /// Whether its script has a log-on that can succeed.
    pub fn logs_on(&self) -> bool {
        self.password == Password::Right && self.script.contains(&ClientOperation::LogOn)
    }
}

impl Scenario {
    /// The document that means this scenario; reading it gives an equal one.
    pub fn to_toml(&self) -> String {
        Document::from(self).to_toml()
    }

    /// The scenario as `simulate` runs it: with the clients that are drawn at scale, if there are any.
    #[must_use]
    pub fn as_simulated(&self) -> Scenario {
        let mut scenario = self.clone();
        if !self.at_scale.is_empty() {
            scenario.arrivals = std::mem::take(&mut scenario.at_scale);
            scenario.clients.clear();
            scenario.scaling = Scaling::default();
        }
        scenario
    }

    /// The scenario without what acts in no order of events, and would be refused.
    pub fn without_idle(self) -> Self {
        idle::without_idle(self)
    }

    /// Whether a scenario that was built, not read, makes sense.
    pub fn check(&self) -> Result<(), ScenarioError> {
        let read = Document::from(self).resolve(&source::Source::unwritten(&self.name))?;
        if read == *self {
            return Ok(());
        }
        Err(ScenarioError::new(
            ErrorKind::Contradiction,
            &self.name,
            "the scaling does not describe the clients or the limit on connections; expected a \
             group of alike consecutive clients, or none"
                .to_owned(),
        ))
    }
}
