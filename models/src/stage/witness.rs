//! The observer of a checked server: the judge, and a journal when somebody wants to read it.

use logon_core::{Claim, Fact, Observer, SessionState, UserId, symmetric};

use super::reached::Reached;
use crate::judge::{self, Judge, Section, Truth};

/// Hears every fact, lets the judge hear it, and writes it down if asked to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Witness {
    /// The judge.
    pub judge: Judge,
    /// Everything told, in order, if this execution is to be read.
    pub journal: Option<Vec<Fact>>,
    /// The same by section, for sections that are over.
    pub(super) sections: Vec<Section>,
    /// What was told in the present section, if there is a journal.
    told: Vec<Fact>,
    /// Whether it notes which sessions are disconnected: where those are reset after a time.
    pub(super) notes_disconnected: bool,
    /// Which are, in the order in which they came to be so, and whether one was not yet when time passed last.
    disconnected: Vec<(Claim, bool)>,
    /// Where it notes which situations are reached, if somebody collects them.
    pub(super) reached: Reached,
}
// What is told by section is told in the journal. Whether anything is noted never changes.
symmetric! {
    struct Witness {
        judge,
        journal,
        sections: _,
        told: _,
        notes_disconnected: _,
        disconnected,
        reached: _,
    }
}

impl Witness {
    /// A witness that has heard nothing; `keeps_journal` says whether it writes down what it hears.
    pub fn new(truth: Truth, keeps_journal: bool) -> Self {
        Witness {
            judge: Judge::new(truth),
            journal: keeps_journal.then(Vec::new),
            sections: Vec::new(),
            told: Vec::new(),
            notes_disconnected: false,
            disconnected: Vec::new(),
            reached: Reached::default(),
        }
    }

    /// The sessions that are disconnected, each with its user, in the order in which they came to be so; and whether it
    /// was not yet when time passed last.
    pub(super) fn disconnected(&self) -> Vec<(Claim, UserId, bool)> {
        let all = self.disconnected.iter();
        all.filter_map(|&(claim, is_new)| Some((claim, self.judge.owner(claim)?, is_new)))
            .collect()
    }
}

impl Observer for Witness {
    fn tell(&mut self, fact: Fact) {
        if let Some(journal) = &mut self.journal {
            journal.push(fact);
            self.told.push(fact);
        }
        if self.notes_disconnected
            && let Fact::Session { claim, to, .. } = fact
        {
            self.disconnected.retain(|&(other, _)| other != claim);
            if to == Some(SessionState::Disconnected) {
                self.disconnected.push((claim, true));
            }
        }
        self.reached.before(&self.judge, &fact);
        self.judge.tell(fact);
        self.reached.after(&self.judge, &fact);
    }

    fn after_section(&mut self) {
        if self.journal.is_some() {
            let told = std::mem::take(&mut self.told);
            self.sections.push(Section::over(told));
        }
        self.judge.after_section();
        if judge::is_moment() {
            // The clock has been told.
            for (_, is_new) in &mut self.disconnected {
                *is_new = false;
            }
        }
    }
}
