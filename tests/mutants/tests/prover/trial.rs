//! Every mutant, tried once in every configuration.

use std::sync::LazyLock;
use std::{panic, thread};

use logon_mutants::Variant;
use logon_mutants::mutant;
use logon_mutants::proof::{Configuration, prove};
use logon_mutants::table::{self, Mutant};

use crate::sentences::{self, Sentence};

/// What the prover says of a mutant in one configuration.
pub(crate) enum Verdict {
    /// That all is proved.
    Proved,
    /// What is not: the property's number and what is wrong, in its order.
    Unproved(Vec<(&'static str, String)>),
    /// That it cannot follow.
    Outside(String),
}

/// A mutant that was tried.
pub(crate) struct Trial {
    /// The mutant.
    pub(crate) mutant: &'static Mutant,
    /// What was found in each configuration.
    pub(crate) verdicts: Vec<Verdict>,
}

/// All trials, in the order of the table.
pub(crate) static TRIALS: LazyLock<Vec<Trial>> = LazyLock::new(|| {
    quiet();
    let mutants: Vec<(u32, &'static Mutant)> = (1..)
        .zip(table::places().flat_map(|place| place.mutants))
        .collect();
    let (first, second) = mutants.split_at(mutants.len() / 2);
    let try_all = |mutants: &[(u32, &'static Mutant)]| -> Vec<Trial> {
        mutants
            .iter()
            .map(|(number, mutant)| Trial::of(*number, mutant))
            .collect()
    };
    // Each has its own mutant under way, so two threads take half the time.
    thread::scope(|scope| {
        let second = scope.spawn(|| try_all(second));
        let mut trials = try_all(first);
        trials.extend(second.join().expect("a trial does not panic"));
        trials
    })
});

/// A mutant that panics in a section is reported by the prover. Here its panic is no news.
fn quiet() {
    let loud = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if mutant::now() == 0 {
            loud(info);
        }
    }));
}

impl Trial {
    fn of(number: u32, mutant: &'static Mutant) -> Trial {
        let verdict = |configuration| {
            let proof = mutant::with(number, || prove(Variant::Fixed, configuration));
            match proof {
                Ok(proof) if proof.unproved.is_empty() => Verdict::Proved,
                Ok(proof) => {
                    let unproved = proof.unproved.into_iter();
                    Verdict::Unproved(unproved.map(|it| (it.property, it.what)).collect())
                }
                Err(outside) => Verdict::Outside(outside.what),
            }
        };
        Trial {
            mutant,
            verdicts: Configuration::ALL.map(verdict).into(),
        }
    }

    /// What is said first, in the first configuration in which there is anything to say.
    pub(crate) fn first(&self) -> Option<&(&'static str, String)> {
        self.verdicts
            .iter()
            .find_map(|verdict| verdict.unproved().first())
    }

    /// All sentences that are said of it.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = &'static Sentence> {
        let said = self.verdicts.iter().flat_map(Verdict::unproved);
        said.map(|(_, what)| sentences::of(what))
    }
}

impl Verdict {
    pub(crate) fn is_proved(&self) -> bool {
        matches!(self, Verdict::Proved)
    }

    fn unproved(&self) -> &[(&'static str, String)] {
        match self {
            Verdict::Unproved(list) => list,
            Verdict::Proved | Verdict::Outside(_) => &[],
        }
    }

    /// It, in a line.
    pub(crate) fn gist(&self) -> String {
        match self {
            Verdict::Proved => "proved".to_owned(),
            Verdict::Unproved(list) => {
                format!("noticed: {:?} and {} more", list[0], list.len() - 1)
            }
            Verdict::Outside(what) => format!("outside: {what}"),
        }
    }
}
