//! Which situations are reached, collected over all executions or states of a search.
//!
//! Sections are only ever called in states that can be reached, and roles only ever hear results that they can hear.
//! So whatever either of them notes is reached. The collection is the harness's alone: no actor reads it, and it is
//! no part of any state.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use logon_core::ids::FIRST_SESSION;
use logon_core::observer::{Departure, Resetter};
use logon_core::{Fact, LogonId, Moment, Refusal, SessionState};

use super::cast::Cast;
use crate::judge::{Judge, Whereabouts};
use crate::scenario::{OnBrokenLine, Scenario, Situation};

/// Collects the situations that are reached, or nothing.
#[derive(Clone, Default)]
pub struct Reached(Option<Arc<Collection>>);

struct Collection {
    /// A bit for each situation.
    found: AtomicU64,
    /// How many clients there are.
    clients: usize,
    /// The logons whose line somebody cuts.
    cut: BTreeSet<LogonId>,
    on_broken_line: OnBrokenLine,
}

impl Reached {
    /// A collection that is empty, for executions of `scenario`.
    pub fn collecting(scenario: &Scenario) -> Self {
        let cast = Cast::of(scenario);
        let is_cut = |index: &usize| {
            let name = &scenario.clients[*index].name;
            scenario.cutters.iter().any(|cutter| cutter.cuts == *name)
        };
        let cut = (0..scenario.clients.len()).filter(is_cut);
        Reached(Some(Arc::new(Collection {
            found: AtomicU64::default(),
            clients: scenario.clients.len(),
            cut: cut.flat_map(|index| cast.logons_of(index)).collect(),
            on_broken_line: scenario.server.on_broken_line,
        })))
    }

    /// What was reached so far.
    pub fn collected(&self) -> BTreeSet<Situation> {
        let found = self.0.as_ref();
        let found = found.map_or(0, |collection| collection.found.load(Ordering::SeqCst));
        Situation::all()
            .map(|(situation, _)| situation)
            .filter(|situation| found & bit(*situation) != 0)
            .collect()
    }

    /// Takes note of a situation.
    pub(super) fn note(&self, situation: Situation) {
        if let Some(collection) = &self.0 {
            collection.note(situation);
        }
    }

    /// A client leaves by itself.
    pub(super) fn hangs_up(&self, moment: Moment) {
        self.note(match moment {
            Moment::BeforeArrival => Situation::HangsUpBeforeArrival,
            Moment::Admitted => Situation::HangsUpAdmitted,
            Moment::Claimed => Situation::HangsUpClaimed,
            Moment::AtPrompt => Situation::HangsUpAtPrompt,
            Moment::Arbitrating => Situation::HangsUpArbitrating,
        });
    }

    /// A client that is logged on breaks its line as its script says.
    pub(super) fn breaks_logged_on(&self) {
        if let Some(collection) = &self.0 {
            collection.note(Situation::HangsUpLoggedOn);
            collection.breaks();
        }
    }

    /// A fact, before the judge hears it.
    pub(super) fn before(&self, judge: &Judge, fact: &Fact) {
        if let Some(collection) = &self.0 {
            collection.before(judge, fact);
        }
    }

    /// A fact, when the judge has heard it.
    pub(super) fn after(&self, judge: &Judge, fact: &Fact) {
        if let Some(collection) = &self.0 {
            collection.after(judge, fact);
        }
    }
}

impl Collection {
    fn note(&self, situation: Situation) {
        self.found.fetch_or(bit(situation), Ordering::SeqCst);
    }

    fn breaks(&self) {
        self.note(match self.on_broken_line {
            OnBrokenLine::Disconnect => Situation::BreakDisconnects,
            OnBrokenLine::Reset => Situation::BreakResets,
        });
    }

    fn before(&self, judge: &Judge, fact: &Fact) {
        match *fact {
            Fact::Claimed { logon, claim } => match judge.state_of(claim) {
                Some(SessionState::ConnectQuery) => self.note(Situation::HandedOn),
                Some(SessionState::Idle)
                    if judge.whereabouts(logon) == Some(Whereabouts::Admitted) =>
                {
                    self.note(Situation::TakesIdle);
                }
                _ => {}
            },
            // A cutter may act at any moment. So whether it was the cutter or the client itself that ended the
            // logon here, it may have been the cutter.
            Fact::Abandoned { logon } if self.cut.contains(&logon) => {
                match judge.whereabouts(logon) {
                    Some(Whereabouts::Admitted) => self.note(Situation::CutAdmitted),
                    Some(Whereabouts::InLine) => self.note(Situation::CutInLine),
                    Some(Whereabouts::Claimed) => self.note(Situation::CutClaimed),
                    Some(Whereabouts::AtPrompt) => self.note(Situation::CutAtPrompt),
                    Some(Whereabouts::Returning(_)) => self.note(Situation::CutArbitrating),
                    Some(Whereabouts::LoggedOn) | None => {}
                }
            }
            Fact::Left { logon, departure }
                if departure != Departure::Reset && self.cut.contains(&logon) =>
            {
                self.note(Situation::CutLoggedOn);
                self.breaks();
            }
            Fact::LoggedOn { logon, claim } => self.note(match judge.whereabouts(logon) {
                Some(Whereabouts::Returning(old)) if old == claim => Situation::GoesBack,
                Some(Whereabouts::Returning(_)) => Situation::LosesOld,
                _ => Situation::GetsOwn,
            }),
            Fact::LogonsEnabled(enabled) if enabled != judge.enables_logons() => {
                self.note(if enabled {
                    Situation::LogonsEnabled
                } else {
                    Situation::LogonsDisabled
                });
            }
            Fact::Reset { by, .. } => self.note(match by {
                Resetter::Administrator => Situation::ResetHits,
                Resetter::Timer => Situation::TimeOutHits,
            }),
            Fact::Refused { refusal, .. } => match refusal {
                Refusal::MaxConnections => self.note(Situation::RefusedFull),
                Refusal::LogonsDisabled => self.note(Situation::RefusedDisabled),
                Refusal::NoLicense => self.note(Situation::RefusedLicense),
                Refusal::AccessDenied => self.note(Situation::RefusedPassword),
                Refusal::CreationFailed => self.note(Situation::RefusedCreation),
                Refusal::SessionReset => self.note(Situation::RefusedReset),
                Refusal::Dropped(_) => {}
            },
            _ => {}
        }
    }

    fn after(&self, judge: &Judge, fact: &Fact) {
        match *fact {
            Fact::Queued { .. } => {
                self.note(Situation::WaitsInLine);
                if judge.waiting() > 1 {
                    self.note(Situation::TwoWaitInLine);
                }
            }
            Fact::Session {
                claim, from: None, ..
            } => {
                if judge.creating() > 1 {
                    self.note(Situation::TwoCreations);
                }
                let first_of_its_id = claim.session.0 + 1 == FIRST_SESSION.0 + claim.generation.0;
                if !first_of_its_id {
                    self.note(Situation::IdUsedAgain);
                }
            }
            Fact::Attached { .. } => {
                if judge.served() == self.clients {
                    self.note(Situation::AllServed);
                }
                if judge.waits_for_a_license() {
                    self.note(Situation::ServedBesideHanging);
                }
                if judge.has_refused(Refusal::CreationFailed) {
                    self.note(Situation::ServedAfterFailure);
                }
            }
            Fact::LoggedOn { .. } => {
                let users = judge.users();
                let different = users.iter().collect::<BTreeSet<_>>().len();
                if different < users.len() {
                    self.note(Situation::LoggedOnTwice);
                }
                if different > 1 {
                    self.note(Situation::TwoUsers);
                }
            }
            _ => {}
        }
    }
}

fn bit(situation: Situation) -> u64 {
    1 << situation as u32
}

// It is no part of the state that a witness is.

impl PartialEq for Reached {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Reached {}

impl Hash for Reached {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reached")
    }
}
