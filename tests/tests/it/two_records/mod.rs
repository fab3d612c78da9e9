//! The judge on both kinds of records: whatever is told, the same properties fall, in the same order, of the same.
//!
//! What is judged: executions of every variant in every preset, of the liars, of scenarios in which things take time, every
//! kept counterexample, and facts that are made up.

mod admissions;
mod by_hand;
mod executions;
mod forgetting;
mod made_up;

use logon_core::{Claim, Generation, SessionId};
use logon_models::judge::{Indexed, Judge, Rest, Section, Truth, Violation, Walking};

/// What a judge is told, from the beginning to the end.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) truth: Truth,
    pub(crate) sections: Vec<Section>,
    pub(crate) rest: Option<Rest>,
}

/// What two judges who were told the same disagree about: what each says.
pub(crate) type Parted = (String, String);

/// The judges on both kinds of records.
#[derive(Clone, Debug)]
pub(crate) struct Both {
    walking: Judge<Walking>,
    indexed: Judge<Indexed>,
}

impl Both {
    pub(crate) fn of(truth: &Truth) -> Self {
        Both {
            walking: Judge::with_records(truth.clone()),
            indexed: Judge::with_records(truth.clone()),
        }
    }

    /// Tells both this section. Says whether they accept it, if they say the same.
    pub(crate) fn hear(&mut self, section: &Section) -> Result<bool, Parted> {
        let standing = section.hear(&mut self.walking, &found());
        let other = section.hear(&mut self.indexed, &found());
        self.agree()?;
        if !self.walking.violations().is_empty() {
            return Ok(false);
        }
        match standing == other {
            true => Ok(true),
            false => Err((format!("{standing:?}"), format!("{other:?}"))),
        }
    }

    pub(crate) fn rest(&mut self, rest: &Rest) -> Result<(), Parted> {
        self.walking.rest(rest);
        self.indexed.rest(rest);
        self.agree()
    }

    fn agree(&self) -> Result<(), Parted> {
        let (one, other) = (self.walking.violations(), self.indexed.violations());
        match one == other {
            true => Ok(()),
            false => Err((format!("{one:?}"), format!("{other:?}"))),
        }
    }
}

/// What an administrator or a timer may say that it has found.
fn found() -> Vec<Option<Claim>> {
    let claims = (2..5).flat_map(|session| {
        (1..4).map(move |generation| Claim {
            session: SessionId(session),
            generation: Generation(generation),
        })
    });
    claims.map(Some).chain([None]).collect()
}

impl Told {
    /// What has fallen by the end of all, or of the first section in which something falls; or after which section the
    /// judges on both kinds of records part.
    pub(crate) fn to_both(&self) -> Result<Vec<Violation>, (usize, Parted)> {
        let mut both = Both::of(&self.truth);
        for (number, section) in self.sections.iter().enumerate() {
            if !both.hear(section).map_err(|parted| (number, parted))? {
                return Ok(both.walking.violations().to_vec());
            }
        }
        if let Some(rest) = &self.rest {
            both.rest(rest)
                .map_err(|parted| (self.sections.len(), parted))?;
        }
        Ok(both.walking.violations().to_vec())
    }
}
