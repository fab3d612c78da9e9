//! The judge: an automaton that is fed what the server tells and says which property falls.
//!
//! It believes only what it is told and keeps its own account of it (*ghost* state): who is held, who waits,
//! which session is in which state. It never reads the allocator's counters while the server works, shares no
//! code with the allocator, and decides nothing about it. Its state is a plain value, so an explorer of states
//! carries it along as part of the state.
//!
//! Only a first violation is meaningful: what an allocator does after it broke a property is anybody's guess.
//! Violations of the same section are kept together, in the order in which they were noticed.

mod admission;
mod facts;
mod ghost;
mod logon;
mod outcome;
mod property;
mod rest;
mod session;
mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use logon_core::observer::Resetter;
use logon_core::{Claim, Fact, LogonId, Moment, Observer, symmetric};

use admission::Account;
use ghost::{GhostLogon, GhostSession};
pub use property::{Kind, Property};
pub use rest::{Answer, Inventory, Rest};

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
    /// The logons whose client may leave or be cut off; `None`: any.
    pub may_leave: Option<BTreeSet<LogonId>>,
    /// The logons whose client leaves by itself, and when.
    pub leaves: BTreeMap<LogonId, Moment>,
    /// Which creations fail, counted from 1; `None`: any may.
    pub failing_creations: Option<BTreeSet<u32>>,
    /// Who may reset a session; `None`: anybody.
    pub resetters: Option<BTreeSet<Resetter>>,
    /// Whether somebody may disable logons.
    pub may_disable: Option<bool>,
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

/// The judge.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Judge {
    /// Shared, because the judge is cloned with every state.
    truth: Arc<Truth>,
    logons: BTreeMap<LogonId, GhostLogon>,
    sessions: BTreeMap<Claim, GhostSession>,
    /// Who waits in line, the oldest first.
    line: Vec<LogonId>,
    logons_enabled: bool,
    /// Failed creations for which no logon was refused yet.
    failures: u32,
    /// How the admissions under way may have gone; see `admission`.
    accounts: BTreeSet<Account>,
    violations: Vec<Violation>,
}
// What is true never changes.
symmetric! {
    struct Judge { truth: _, logons, sessions, line, logons_enabled, failures, accounts, violations }
}

impl Judge {
    /// A judge of this situation who has heard nothing yet.
    pub fn new(truth: Truth) -> Self {
        Judge {
            logons_enabled: truth.logons_enabled,
            truth: Arc::new(truth),
            failures: 0,
            logons: BTreeMap::new(),
            sessions: BTreeMap::new(),
            line: Vec::new(),
            accounts: BTreeSet::from([Account::default()]),
            violations: Vec::new(),
        }
    }

    /// The properties that fell, the first first; empty as long as all hold.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Whether anything was told of `logon`.
    pub fn has_heard_of(&self, logon: LogonId) -> bool {
        self.logons.contains_key(&logon)
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
        maximum.is_some_and(|most| self.occupancy_without(None) > most)
    }

    /// How many logons are held, not counting `except`.
    fn occupancy_without(&self, except: Option<LogonId>) -> u32 {
        let held = self
            .logons
            .iter()
            .filter(|(id, ghost)| Some(**id) != except && ghost.is_held());
        held.count() as u32
    }

    /// Whether a living logon other than `except` holds `claim`.
    fn is_held_by_another(&self, claim: Claim, except: LogonId) -> bool {
        self.logons
            .iter()
            .any(|(&id, ghost)| id != except && ghost.is_held() && ghost.claim == Some(claim))
    }
}

impl Observer for Judge {
    fn tell(&mut self, fact: Fact) {
        self.hear(fact);
        self.note_excuses();
        self.let_admissions_take_effect();
    }
}
