//! The judge on both kinds of records: whatever is told, the same properties fall, in the same order, of the same.
//!
//! What is judged: executions of every variant in every preset, of the liars, of scenarios in which things take time, every
//! kept counterexample, and facts that are made up.

mod admissions;
mod executions;
mod forgetting;
mod made_up;

use logon_core::primitives::Plain;
use logon_core::{Claim, Fact};
use logon_models::judge::{Indexed, Judge, Records, Rest, Section, Truth, Violation, Walking};

/// What a judge is told, from the beginning to the end.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) truth: Truth,
    pub(crate) sections: Vec<Section>,
    pub(crate) rest: Option<Rest>,
}

/// What two judges who were told the same disagree about: after which section, and what each says.
pub(crate) type Parted = (usize, String, String);

impl Told {
    /// Where the judges on both kinds of records part, if they do before the end of all or of the first section in which a
    /// property falls. Otherwise what has fallen.
    pub(crate) fn to_both(&self) -> Result<Vec<Violation>, Parted> {
        let mut walking = Judge::<Walking>::with_records(self.truth.clone());
        let mut indexed = Judge::<Indexed>::with_records(self.truth.clone());
        self.to(&mut walking, &mut indexed)
    }

    fn to<A: Records + Plain, B: Records + Plain>(
        &self,
        one: &mut Judge<A>,
        other: &mut Judge<B>,
    ) -> Result<Vec<Violation>, Parted> {
        // Whoever looks for a session may say that it has found any of these.
        let found = self.claims().into_iter().map(Some).chain([None]);
        let found: Vec<Option<Claim>> = found.collect();
        for (number, section) in self.sections.iter().enumerate() {
            let standings = (section.hear(one, &found), section.hear(other, &found));
            agree(number, one, other)?;
            if !one.violations().is_empty() {
                return Ok(one.violations().to_vec());
            }
            if standings.0 != standings.1 {
                let (one, other) = standings;
                return Err((number, format!("{one:?}"), format!("{other:?}")));
            }
        }
        if let Some(rest) = &self.rest {
            one.rest(rest);
            other.rest(rest);
            agree(self.sections.len(), one, other)?;
        }
        Ok(one.violations().to_vec())
    }

    /// The sessions that came to be.
    fn claims(&self) -> Vec<Claim> {
        let facts = self.sections.iter().flat_map(|section| &section.facts);
        let claims = facts.filter_map(|fact| match *fact {
            Fact::Session {
                claim, from: None, ..
            } => Some(claim),
            _ => None,
        });
        claims.collect()
    }
}

fn agree<A: Records, B: Records>(
    number: usize,
    one: &Judge<A>,
    other: &Judge<B>,
) -> Result<(), Parted> {
    if one.violations() == other.violations() {
        return Ok(());
    }
    let text = |violations: &[Violation]| format!("{violations:?}");
    Err((number, text(one.violations()), text(other.violations())))
}
