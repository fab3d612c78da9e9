//! The judge: an automaton that is fed what the server tells and says which property falls.
//!
//! It keeps its own account of what it is told (*ghost* state): who is held, who waits, which session is in which
//! state. It never reads the allocator's counters while the server works, shares no code with the allocator, and
//! decides nothing about it. Its state is a plain value, so an explorer of states carries it along as part of the
//! state.
//!
//! What is told is believed, for it has to agree with everything else that is told, and in the end with what the
//! clients' calls returned. *Why* it came about is not: causes, users and targets are the harness's to know. Each
//! section runs on behalf of a [`Call`], an end must have been asked for in one, and when a call has returned, what
//! it asked for must be done.
//!
//! Only a first violation is meaningful: what an allocator does after it broke a property is anybody's guess.
//! Violations of the same section are kept together, in the order in which they were noticed.

mod admission;
mod call;
mod demands;
mod facts;
mod ghost;
mod learn;
mod logon;
mod moment;
mod outcome;
mod property;
mod records;
mod rest;
mod section;
mod session;
mod standing;
mod whereabouts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use logon_core::primitives::Plain;
use logon_core::{
    Claim, Fact, Generation, LogonId, Moment, Observer, OnBrokenLine, UserId, symmetric,
};

use call::Request;
pub(crate) use call::is_moment;
pub use call::{Call, Course, Errand, Line, Standing, Wanted, within};
use ghost::GhostLogon;
pub use learn::{LogonTruth, Reply};
pub use moment::{MomentOver, Pace, Totals};
pub use property::{Kind, Property};
pub use records::{Indexed, Records, Walking};
pub use rest::{Answer, Inventory, Rest};
pub use section::Section;
pub(crate) use whereabouts::Whereabouts;

/// What is true of the situation, whatever the allocator does: the settings and the script.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Truth {
    /// The maximum of connections, if there is one.
    pub max_connections: Option<u32>,
    /// The target of the idle pool.
    pub idle_pool: u32,
    /// How many sessions may be created at a time.
    pub creation_workers: u32,
    /// Whether clients may log on at first.
    pub logons_enabled: bool,
    /// The logons that are denied a license.
    pub denied: BTreeSet<LogonId>,
    /// The logons whose license reply never comes.
    pub never_answered: BTreeSet<LogonId>,
    /// The logons whose user cannot be authenticated.
    pub wrong_password: BTreeSet<LogonId>,
    /// The logons whose client leaves by itself, and when.
    pub leaves: BTreeMap<LogonId, Moment>,
    /// Which creations fail, counted from 1; `None`: any may.
    pub failing_creations: Option<BTreeSet<u32>>,
    /// What is to become of the session of a client whose line breaks.
    pub on_broken_line: OnBrokenLine,
    /// Whose logon is whose; a logon that is not here is whose the allocator says.
    pub users: BTreeMap<LogonId, UserId>,
    /// The logons of clients that an administrator is after.
    pub aimed_at: BTreeSet<LogonId>,
    /// How fast sessions can be set up, if anything takes time.
    pub pace: Option<Pace>,
    /// Whether each section runs on behalf of a [`Call`]. If not, nothing is said about causes.
    pub calls: bool,
}

/// A property that fell.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Violation {
    /// Which.
    pub property: Property,
    /// The logon it is about, if it is about one.
    pub logon: Option<LogonId>,
    /// The session it is about, if it is about one.
    pub session: Option<Claim>,
    /// What happened to it: a predicate whose subject is the logon, the session, or "the server".
    pub what: &'static str,
}
symmetric! { struct Violation { property, logon, session, what } }

/// The judge. Its rules are the same whatever it keeps its records in.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Judge<R = Walking> {
    /// Shared, because the judge is cloned with every state.
    truth: Arc<Truth>,
    records: R,
    logons_enabled: bool,
    /// What was asked for and is not done.
    requests: BTreeSet<Request>,
    /// The creations of which it was said on the way that they fail.
    failing: BTreeSet<Generation>,
    violations: Vec<Violation>,
}
// What is true never changes.
symmetric! {
    struct Judge<R> { truth: _, records, logons_enabled, requests, failing, violations }
}

impl Judge {
    /// A judge of this situation who has heard nothing yet, for a state that is cloned.
    pub fn new(truth: Truth) -> Self {
        Judge::with_records(truth)
    }
}

impl<R: Records> Judge<R> {
    /// A judge of this situation who has heard nothing yet.
    pub fn with_records(truth: Truth) -> Self {
        Judge {
            logons_enabled: truth.logons_enabled,
            truth: Arc::new(truth),
            records: R::default(),
            requests: BTreeSet::new(),
            failing: BTreeSet::new(),
            violations: Vec::new(),
        }
    }

    /// What is true of the situation, as far as it is known.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// The properties that fell, the first first; empty as long as all hold.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Somebody looked late through no fault of the allocator: how long those in line have waited until now is not held against
    /// it.
    pub(crate) fn forgive_waiting(&mut self) {
        self.records.forget_bounds();
    }

    /// Whether it has said that this property fell.
    pub(crate) fn accuses_of(&self, property: Property) -> bool {
        self.violations
            .iter()
            .any(|violation| violation.property == property)
    }

    /// Takes back what it said, where whoever feeds it finds that the moment was not over after all.
    pub(crate) fn take_back(&mut self) {
        self.violations.clear();
    }

    /// Whether `logon` was admitted and is not over.
    pub fn is_living(&self, logon: LogonId) -> bool {
        self.records.logon(logon).is_some_and(GhostLogon::is_held)
    }

    /// Whether anything was told of `logon`.
    pub fn has_heard_of(&self, logon: LogonId) -> bool {
        self.records.logon(logon).is_some()
    }

    fn violated(
        &mut self,
        property: Property,
        logon: Option<LogonId>,
        session: Option<Claim>,
        what: &'static str,
    ) {
        self.violations.push(Violation {
            property,
            logon,
            session,
            what,
        });
    }

    /// Whether more logons are held than the maximum.
    fn is_overfull(&self) -> bool {
        let maximum = self.truth.max_connections;
        maximum.is_some_and(|most| self.records.held() > most)
    }

    /// Whether a living logon other than `except` holds `claim`.
    fn is_held_by_another(&self, claim: Claim, except: LogonId) -> bool {
        let mut holders = self.records.holders(claim);
        holders.any(|holder| holder != except)
    }
}

impl<R: Records + Plain> Observer for Judge<R> {
    fn tell(&mut self, fact: Fact) {
        self.hear(fact);
        let most = self.truth.max_connections;
        self.records.note_excuses(self.logons_enabled, most);
        if let Some(most) = most {
            self.records.let_admissions_take_effect(most);
        }
        self.forget();
    }

    fn after_section(&mut self) {
        self.section_is_over();
    }
}
