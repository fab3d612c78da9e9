//! Who sleeps, and what is so when nobody can move.

use super::super::arithmetic::formula::Formula;
use super::super::arithmetic::linear::Form;
use super::super::extract::Extraction;
use super::super::parties::Role;
use super::super::quantity::{CLOSING, CREATING, IDLE, IDLE_TARGET, LINE};
use super::super::rule::{Broken, Rule};
use super::effect::Effect;
use super::{About, Obligations, followed};

/// When no worker that waits for demand has anything to do.
pub(super) fn idle_workers(extraction: &Extraction) -> Formula {
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
    /// A section that wakes nobody must give nobody who sleeps a reason to wake up.
    pub(super) fn wakes_nobody(&mut self, number: usize, effect: &Effect, base: &[Formula]) {
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
    pub(super) fn at_rest(&mut self) {
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
