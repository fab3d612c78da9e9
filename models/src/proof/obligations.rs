//! The obligations: what has to be shown of each rule, and at rest, each as formulas that no integers satisfy together.

use super::arithmetic::formula::Formula;
use super::arithmetic::linear::{Form, Variable};
use super::bundle::Bundle;
use super::extract::Extraction;
use super::fed::Kind;
use super::invariant::{Conjunct, beginning, invariant};
use super::parties::Role;
use super::quantity::{
    CLOSING, CREATING, HELD, IDLE, IDLE_TARGET, LINE, MAXIMUM, MOST_CREATING, PERMITS, SUMS,
    WORKERS,
};
use super::rule::{Broken, Duty, Rule};

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

/// What a rule does to the quantities.
pub(super) struct Effect {
    changes: Vec<(Variable, i64)>,
    sets: Vec<(Variable, i64)>,
}

impl Effect {
    /// Of a rule between these types.
    pub(super) fn of(rule: &Rule, types: &[Bundle]) -> Effect {
        let sum = |kinds: &[usize]| {
            let shares = kinds.iter().map(|kind| types[*kind].shares());
            shares.fold([0; 5], |sum, share| {
                std::array::from_fn(|place| sum[place] + share[place])
            })
        };
        let (before, after) = (sum(&rule.before), sum(&rule.after));
        let changes = SUMS
            .iter()
            .enumerate()
            .map(|(place, sum)| (*sum, after[place] - before[place]));
        Effect {
            changes: changes
                .chain([(PERMITS, rule.permits)])
                .filter(|change| change.1 != 0)
                .collect(),
            sets: rule.flags.clone(),
        }
    }

    /// By how much a quantity changes.
    pub(super) fn change(&self, variable: Variable) -> i64 {
        let change = self.changes.iter().find(|change| change.0 == variable);
        change.map_or(0, |change| change.1)
    }

    /// What a formula about the state afterwards says about the state before.
    pub(super) fn before(&self, formula: &Formula) -> Formula {
        formula.substitute(
            &|variable| match self.sets.iter().find(|set| set.0 == variable) {
                Some((_, value)) => Form::constant(*value),
                None => Form::of(variable).plus(&Form::constant(self.change(variable))),
            },
        )
    }
}

/// What is known where a rule happens, besides the invariant: its conditions, and that those who take part are there.
pub(super) fn known(rule: &Rule, types: &[Bundle]) -> Vec<Formula> {
    let conditions = rule.conditions.iter().cloned().map(Formula::AtLeastZero);
    let visible = |share: &dyn Fn([i64; 5]) -> i64| {
        let sum = rule
            .before
            .iter()
            .map(|kind| share(types[*kind].shares()))
            .sum();
        Form::constant(sum)
    };
    let sums = SUMS.iter().enumerate();
    let there =
        sums.map(|(place, sum)| Formula::at_least(Form::of(*sum), visible(&|share| share[place])));
    // Each session that is being created has its worker, and each place in line its logon: for every type of bundles,
    // and so for the sums over those who do not take part.
    let [held, line, _, creating, workers] = [0, 1, 2, 3, 4];
    let rest = [
        Formula::at_least(
            Form::of(WORKERS).minus(&Form::of(CREATING)),
            visible(&|share| share[workers] - share[creating]),
        ),
        Formula::at_least(
            Form::of(HELD).minus(&Form::of(LINE)),
            visible(&|share| share[held] - share[line]),
        ),
    ];
    conditions.chain(there).chain(rest).collect()
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

/// When no worker that waits for demand has anything to do.
fn idle_workers(extraction: &Extraction) -> Formula {
    let waits = |rule: &&Rule| {
        rule.is_blocked
            && rule
                .actor
                .is_some_and(|actor| extraction.types[actor].role == Role::Worker)
    };
    let conditions = |rule: &Rule| {
        Formula::All(
            rule.conditions
                .iter()
                .cloned()
                .map(Formula::AtLeastZero)
                .collect(),
        )
    };
    Formula::Any(
        extraction
            .rules
            .iter()
            .filter(waits)
            .map(conditions)
            .collect(),
    )
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

    /// A section that wakes nobody must give nobody who sleeps a reason to wake up.
    fn wakes_nobody(&mut self, number: usize, effect: &Effect, base: &[Formula]) {
        let rule = &self.extraction.rules[number];
        let mut formulas = base.to_vec();
        formulas.push(self.idle_workers.clone());
        formulas.push(effect.before(&self.idle_workers).negated());
        let broken = Broken::new(
            "L1",
            "it wakes nobody, and a worker that sleeps has something to do",
        );
        self.add(About::Rule(number), broken, formulas);
        let mut others = rule.before.clone();
        if let Some(place) = rule
            .actor
            .and_then(|actor| others.iter().position(|kind| *kind == actor))
        {
            others.remove(place);
        }
        // What the party itself becomes is not what another one was.
        let mut left = rule.after.clone();
        if let Some(place) = rule
            .actor_after
            .and_then(|actor| left.iter().position(|kind| *kind == actor))
        {
            left.remove(place);
        }
        let types = &self.extraction.types;
        let mut is_changed = |kind: usize| {
            let same = left.iter().position(|other| *other == kind);
            let is_there = same.map(|place| left.remove(place)).is_some();
            types[kind].may_sleep() && !is_there
        };
        if others.into_iter().any(&mut is_changed) {
            let broken = Broken::new(
                "L1",
                "it wakes nobody, and changes what one that sleeps waits for",
            );
            self.faults.push((Some(number), broken));
        }
    }

    /// Where nobody can move and the server does not shut down, nobody is in line and the pool is full.
    fn at_rest(&mut self) {
        let extraction = self.extraction;
        let mut creations_go_on = true;
        for (kind, bundle) in followed(extraction) {
            let leftover = |state| bundle.sessions_in(state) > 0;
            use logon_core::SessionState::{Down, Init, Reset};
            if bundle.may_stay() {
                if [Reset, Down, Init].into_iter().any(leftover) {
                    let what = format!("a session stays as it is for ever: {bundle}");
                    self.faults.push((None, Broken::new("L4", what)));
                }
                continue;
            }
            if !extraction.rules.iter().any(|rule| rule.actor == Some(kind)) {
                let what = format!("a party in a call neither goes on nor waits: {bundle}");
                self.faults.push((None, Broken::new("L1", what)));
            }
            let can_block = extraction
                .rules
                .iter()
                .any(|rule| rule.is_blocked && rule.actor == Some(kind));
            if !can_block {
                continue;
            }
            match bundle.role {
                Role::Worker => creations_go_on &= !leftover(Init),
                Role::Client if bundle.places == 1 => {}
                _ => {
                    let what = format!("a party may sleep for ever and is not in line: {bundle}");
                    self.faults.push((None, Broken::new("L1", what)));
                }
            }
        }
        let mut base: Vec<Formula> = self
            .invariant
            .iter()
            .map(|conjunct| conjunct.formula.clone())
            .collect();
        base.push(Formula::equal(Form::of(CLOSING), Form::constant(0)));
        base.push(self.idle_workers.clone());
        if creations_go_on {
            base.push(Formula::equal(Form::of(CREATING), Form::constant(0)));
        }
        let mut waits = base.clone();
        waits.push(Formula::at_least(Form::of(LINE), Form::constant(1)));
        self.add(
            About::Rest,
            Broken::new("L2", "at rest a logon waits in line"),
            waits,
        );
        base.push(Formula::less(Form::of(IDLE), Form::of(IDLE_TARGET)));
        self.add(
            About::Rest,
            Broken::new("L3", "at rest the idle pool is not full"),
            base,
        );
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
