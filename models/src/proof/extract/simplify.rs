//! Rules as short as they can be.

use std::collections::BTreeSet;

use super::super::arithmetic::linear::{Form, Variable};
use super::super::quantity;
use super::super::rule::Rule;

/// Leaves out of a rule whoever took part only by an identifier and is as before. The rule has one condition less then,
/// so it says more, and still says what happens.
pub(super) fn leave_out_bystanders(rule: &mut Rule, acting: Option<usize>) {
    if rule.is_blocked {
        return;
    }
    let first = usize::from(rule.actor.is_some());
    let mut place = rule.before.len();
    while place > first {
        place -= 1;
        let kind = rule.before[place];
        let same = rule.after.iter().filter(|other| **other == kind).count();
        // The one that acts is no bystander, even where it has become what another one was.
        let spare = same - usize::from(same > 0 && acting == Some(kind) && rule.actor.is_some());
        if spare > 0 {
            rule.before.remove(place);
            let place = rule.after.iter().position(|other| *other == kind);
            rule.after.remove(place.expect("it was counted"));
        }
    }
}

/// Joins two rules that differ in nothing but whether a flag is set: what happens does not depend on it.
pub(super) fn without_needless_flags(mut rules: BTreeSet<Rule>) -> BTreeSet<Rule> {
    for flag in [quantity::CLOSING, quantity::ENABLED] {
        let (set, unset) = (is_set(flag), is_unset(flag));
        let mut joined = BTreeSet::new();
        for rule in &rules {
            let without = |rule: &Rule, condition: &Form| {
                let mut rule = rule.clone();
                rule.conditions.retain(|other| other != condition);
                rule
            };
            let with = |mut rule: Rule, condition: &Form| {
                rule.conditions.push(condition.clone());
                rule.conditions.sort();
                rule
            };
            let (own, other) = match rule.conditions.contains(&set) {
                true => (&set, &unset),
                false => (&unset, &set),
            };
            let free = without(rule, own);
            let is_both = rules.contains(&with(free.clone(), other));
            joined.insert(if is_both { free } else { rule.clone() });
        }
        rules = joined;
    }
    rules
}

fn is_set(flag: Variable) -> Form {
    Form::of(flag).minus(&Form::constant(1))
}

fn is_unset(flag: Variable) -> Form {
    Form::of(flag).times(-1)
}
