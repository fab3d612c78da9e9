//! Who hears what the server tells in a long run: the judge, and whoever drains the facts after each section.

use std::cell::RefCell;

use logon_core::{Fact, Observer};

use super::LongJudge;
use crate::judge::MomentOver;

thread_local! {
    /// What was heard in the run that is under way on this thread, if one is. A run stays on its thread, as its engine does,
    /// so no lock is needed; locks took a tenth of its time.
    static HEARD: RefCell<Option<Heard>> = const { RefCell::new(None) };
}

/// The observer of a server under [the large engine](logon_sim::timed). What it hears it passes on after each section, so
/// between two sections it is the same as any other.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Ear {
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

/// As long as this lives, a judge hears what is told on this thread.
pub(super) struct Hearing(());

impl Hearing {
    /// Begins one.
    ///
    /// # Panics
    ///
    /// If one is under way on this thread.
    pub(super) fn begin(judge: LongJudge) -> Self {
        let is_other = HEARD.with_borrow(Option::is_some);
        assert!(!is_other, "one run at a time: the tool is at fault");
        let facts = Vec::new();
        HEARD.set(Some(Heard { judge, facts }));
        Hearing(())
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        HEARD.take();
    }
}

/// Asks, or changes, what was heard in the run under way.
///
/// # Panics
///
/// If none is, or if `ask` comes here again.
pub(crate) fn heard<R>(ask: impl FnOnce(&mut Heard) -> R) -> R {
    HEARD.with_borrow_mut(|heard| ask(heard.as_mut().expect("a run is under way")))
}

impl Heard {
    /// Has a moment judged, if nothing has fallen. Says whether something fell.
    pub(crate) fn moment_is_over(&mut self, over: MomentOver) -> bool {
        if !self.has_fallen() {
            self.judge.moment(over);
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
        heard(|heard| heard.hear(&mut self.told));
    }
}
