//! The observer of a checked server: the judge, and a journal when somebody wants to read it.

use logon_core::{Fact, Observer, symmetric};

use super::reached::Reached;
use crate::judge::{Judge, Section, Truth};

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
    /// Where it notes which situations are reached, if somebody collects them.
    pub(super) reached: Reached,
}
// What is told by section is told in the journal.
symmetric! { struct Witness { judge, journal, sections: _, told: _, reached: _ } }

impl Witness {
    /// A witness that has heard nothing; `keeps_journal` says whether it writes down what it hears.
    pub fn new(truth: Truth, keeps_journal: bool) -> Self {
        Witness {
            judge: Judge::new(truth),
            journal: keeps_journal.then(Vec::new),
            sections: Vec::new(),
            told: Vec::new(),
            reached: Reached::default(),
        }
    }
}

impl Observer for Witness {
    fn tell(&mut self, fact: Fact) {
        if let Some(journal) = &mut self.journal {
            journal.push(fact);
            self.told.push(fact);
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
    }
}
