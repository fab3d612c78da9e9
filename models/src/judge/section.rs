//! What a judge hears, section by section, to be heard again by another.

use logon_core::primitives::Plain;
use logon_core::{Claim, Fact, Observer};

use super::call::{Errand, Standing, current, within};
use super::{Judge, Records};

/// A section on the server that is over.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Section {
    /// On which errand it ran.
    pub errand: Errand,
    /// What was told in it.
    pub facts: Vec<Fact>,
}

impl Section {
    /// The present section, which is over and told these facts.
    pub(crate) fn over(facts: Vec<Fact>) -> Self {
        Section {
            errand: current().begun(),
            facts,
        }
    }

    /// Lets `judge` hear it. Gives how things stand then with what its call is about, for whatever of `found` the section
    /// may say that it found.
    pub fn hear<R: Records + Plain>(
        &self,
        judge: &mut Judge<R>,
        found: &[Option<Claim>],
    ) -> Vec<Standing> {
        within(self.errand, || {
            self.facts.iter().for_each(|&fact| judge.tell(fact));
            judge.after_section();
            let standing = |&found| judge.standing(self.errand.call, found);
            found.iter().map(standing).collect()
        })
    }
}
