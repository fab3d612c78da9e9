//! Who hears what the server tells in a long run: the judge, and whoever drains the facts after each section.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use logon_core::{Fact, Observer};

use super::LongJudge;
use crate::judge::{Errand, MomentOver, within};

/// The observer of a server under [the large engine](logon_sim::timed). It is a handle: the engine never clones a state,
/// so what it leads to is no part of one.
#[derive(Clone)]
pub(crate) struct Ear {
    heard: Arc<Mutex<Heard>>,
    /// What was told in the present section. The judge hears it when that is over.
    told: Vec<Fact>,
}

/// What was heard.
pub(crate) struct Heard {
    /// The judge, until it has said that something fell: what an allocator does afterwards is anybody's guess.
    pub(crate) judge: LongJudge,
    /// What was told since it was drained.
    pub(crate) facts: Vec<Fact>,
}

impl Ear {
    pub(crate) fn new(judge: LongJudge) -> Self {
        let facts = Vec::new();
        Ear {
            heard: Arc::new(Mutex::new(Heard { judge, facts })),
            told: Vec::new(),
        }
    }

    /// What was heard. Nobody else has it while the guard lives.
    pub(crate) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heard {
    /// Has a moment judged, if nothing has fallen. Says whether something fell.
    pub(crate) fn moment_is_over(&mut self, over: MomentOver) -> bool {
        if !self.has_fallen() {
            within(Errand::moment(over), || self.judge.after_section());
        }
        self.has_fallen()
    }

    /// A section is over that told this, which is taken.
    fn hear(&mut self, told: &mut Vec<Fact>) {
        for fact in told.drain(..) {
            self.facts.push(fact);
            if !self.has_fallen() {
                self.judge.tell(fact);
            }
        }
        if !self.has_fallen() {
            self.judge.after_section();
        }
    }

    /// Whether something has fallen.
    pub(crate) fn has_fallen(&self) -> bool {
        !self.judge.violations().is_empty()
    }
}

impl Observer for Ear {
    fn tell(&mut self, fact: Fact) {
        self.told.push(fact);
    }

    fn after_section(&mut self) {
        let heard = self.heard.lock();
        heard
            .unwrap_or_else(PoisonError::into_inner)
            .hear(&mut self.told);
    }
}

impl PartialEq for Ear {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.heard, &other.heard)
    }
}

impl Eq for Ear {}

impl Hash for Ear {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl std::fmt::Debug for Ear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ear")
    }
}
