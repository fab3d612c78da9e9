//! The obligations: what has to be shown of each rule, and at rest, each as formulas that no integers satisfy together.

mod effect;
mod rest;

use super::arithmetic::formula::Formula;
use super::arithmetic::linear::Form;
use super::bundle::Bundle;
use super::extract::Extraction;
use super::fed::Kind;
use super::invariant::{Conjunct, beginning, invariant};
use super::quantity::{CREATING, HELD, IDLE, IDLE_TARGET, LINE, MAXIMUM, MOST_CREATING};
use super::rule::{Broken, Duty};

pub(super) use effect::{Effect, known};
use rest::idle_workers;

/// What an obligation is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum About {
    /// The states in which everything begins.
    Beginning,
    /// A rule, by its number.
    Rule(usize),
    /// A state in which nobody can move.
    Rest,
}

/// Formulas that no integers must satisfy together, and what is broken if some do.
pub(super) struct Obligation {
    /// What it is about.
    pub(super) about: About,
    /// What is broken if it fails.
    pub(super) broken: Broken,
    /// The formulas.
    pub(super) formulas: Vec<Formula>,
}

/// Everything that has to be shown.
pub(super) struct Obligations<'a> {
    extraction: &'a Extraction,
    invariant: Vec<Conjunct>,
    idle_workers: Formula,
    found: Vec<Obligation>,
    faults: Vec<(Option<usize>, Broken)>,
}

/// The obligations, and what is broken whatever the numbers are, each with the rule it is about.
pub(super) fn obligations(
    extraction: &Extraction,
) -> (Vec<Obligation>, Vec<(Option<usize>, Broken)>) {
    let invariant = invariant(extraction.configuration.has_maximum);
    obligations_with(extraction, invariant)
}

/// The same, with an invariant that may be another one.
pub(super) fn obligations_with(
    extraction: &Extraction,
    invariant: Vec<Conjunct>,
) -> (Vec<Obligation>, Vec<(Option<usize>, Broken)>) {
    let mut obligations = Obligations {
        extraction,
        invariant,
        idle_workers: idle_workers(extraction),
        found: Vec::new(),
        faults: Vec::new(),
    };
    obligations.structure();
    obligations.at_the_beginning();
    for number in 0..extraction.rules.len() {
        obligations.of_a_rule(number);
    }
    obligations.at_rest();
    (obligations.found, obligations.faults)
}

/// The types at which nothing is broken, by number.
fn followed(extraction: &Extraction) -> impl Iterator<Item = (usize, &Bundle)> {
    let types = extraction.types.iter().enumerate();
    types.filter(|(kind, _)| extraction.is_followed[*kind])
}

impl Obligations<'_> {
    fn add(&mut self, about: About, broken: Broken, formulas: Vec<Formula>) {
        self.found.push(Obligation {
            about,
            broken,
            formulas,
        });
    }

    /// What the sums rest on: a bundle has no session under creation without being a worker, no place in line without
    /// a logon, and nothing twice.
    fn structure(&mut self) {
        for (_, bundle) in followed(self.extraction) {
            let [held, line, idle, creating, worker] = bundle.shares();
            if creating > worker
                || line > held
                || [held, line, idle, creating].iter().any(|share| *share > 1)
            {
                let what = format!("a party has more than its share: {bundle}");
                self.faults.push((None, Broken::new("S4", what)));
            }
        }
    }

    fn at_the_beginning(&mut self) {
        let conjuncts: Vec<(Broken, Formula)> = self.conjuncts();
        for (broken, formula) in conjuncts {
            let mut formulas = beginning();
            formulas.push(formula.negated());
            self.add(About::Beginning, broken, formulas);
        }
    }

    fn conjuncts(&self) -> Vec<(Broken, Formula)> {
        let conjuncts = self.invariant.iter();
        let pair = |conjunct: &Conjunct| {
            (
                Broken::new(
                    conjunct.property,
                    format!("no longer true: {}", conjunct.sentence),
                ),
                conjunct.formula.clone(),
            )
        };
        conjuncts.map(pair).collect()
    }

    fn of_a_rule(&mut self, number: usize) {
        let extraction = self.extraction;
        let rule = &extraction.rules[number];
        let about = About::Rule(number);
        let effect = Effect::of(rule, &extraction.types);
        let mut base = known(rule, &extraction.types);
        base.extend(
            self.invariant
                .iter()
                .map(|conjunct| conjunct.formula.clone()),
        );
        let with = |formula: Formula| {
            let mut formulas = base.clone();
            formulas.push(formula);
            formulas
        };
        let nevers: Vec<&Broken> = rule.duties.iter().filter_map(Duty::never).collect();
        if !nevers.is_empty() {
            for broken in nevers {
                self.add(about, broken.clone(), base.clone());
            }
            // What comes of it means nothing.
            return;
        }
        if rule.is_blocked {
            return;
        }
        for (broken, formula) in self.conjuncts() {
            let before = effect.before(&formula);
            if before != formula {
                self.add(about, broken, with(before.negated()));
            }
        }
        for duty in &rule.duties {
            let (broken, formula) = self.duty(duty, &effect);
            self.add(about, broken, with(formula.negated()));
        }
        if rule.kind != Kind::Update {
            self.wakes_nobody(number, &effect, &base);
        }
    }

    /// What a duty says of the state before the section.
    fn duty(&self, duty: &Duty, effect: &Effect) -> (Broken, Formula) {
        let has_maximum = self.extraction.configuration.has_maximum;
        let (held, maximum) = (Form::of(HELD), Form::of(MAXIMUM));
        match duty {
            Duty::Room => (
                Broken::new("S2", "a logon is admitted although there is no room"),
                if has_maximum {
                    Formula::less(held, maximum)
                } else {
                    Formula::always()
                },
            ),
            Duty::Full => (
                Broken::new(
                    "S1",
                    "a logon is refused with event 71 although there is room",
                ),
                if has_maximum {
                    Formula::at_least(held, maximum)
                } else {
                    Formula::never()
                },
            ),
            Duty::NoLine => (
                Broken::new("S11", "a logon is served while others wait in line"),
                Formula::at_least(Form::constant(0), Form::of(LINE)),
            ),
            Duty::NoneIdle => (
                Broken::new(
                    "S1",
                    "a logon is refused for a creation that failed, although a session is idle",
                ),
                Formula::at_least(Form::constant(0), Form::of(IDLE)),
            ),
            Duty::Wanted => (
                Broken::new("S12", "a session is created that nobody wants"),
                effect.before(&Formula::at_least(
                    Form::of(IDLE_TARGET).plus(&Form::of(LINE)),
                    Form::of(IDLE).plus(&Form::of(CREATING)),
                )),
            ),
            Duty::WithinLimit => (
                Broken::new(
                    "S12",
                    "more sessions are created at a time than there are workers",
                ),
                effect.before(&Formula::at_least(
                    Form::of(MOST_CREATING),
                    Form::of(CREATING),
                )),
            ),
            Duty::Never(broken) => (broken.clone(), Formula::never()),
        }
    }
}

impl Duty {
    fn never(&self) -> Option<&Broken> {
        match self {
            Duty::Never(broken) => Some(broken),
            _ => None,
        }
    }
}
