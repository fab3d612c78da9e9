//! What a rule changes, and what is known where it happens.

use super::super::arithmetic::formula::Formula;
use super::super::arithmetic::linear::{Form, Variable};
use super::super::bundle::Bundle;
use super::super::quantity::{CREATING, HELD, LINE, PERMITS, SUMS, WORKERS};
use super::super::rule::Rule;

/// What a rule does to the quantities.
pub(in crate::proof) struct Effect {
    changes: Vec<(Variable, i64)>,
    sets: Vec<(Variable, i64)>,
}

impl Effect {
    /// Of a rule between these types.
    pub(in crate::proof) fn of(rule: &Rule, types: &[Bundle]) -> Effect {
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
    pub(in crate::proof) fn change(&self, variable: Variable) -> i64 {
        let change = self.changes.iter().find(|change| change.0 == variable);
        change.map_or(0, |change| change.1)
    }

    /// What a formula about the state afterwards says about the state before.
    pub(in crate::proof) fn before(&self, formula: &Formula) -> Formula {
        formula.substitute(
            &|variable| match self.sets.iter().find(|set| set.0 == variable) {
                Some((_, value)) => Form::constant(*value),
                None => Form::of(variable).plus(&Form::constant(self.change(variable))),
            },
        )
    }
}

/// What is known where a rule happens, besides the invariant: its conditions, and that those who take part are there.
pub(in crate::proof) fn known(rule: &Rule, types: &[Bundle]) -> Vec<Formula> {
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
