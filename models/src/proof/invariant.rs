//! The invariant over the quantities: what holds in every state, with any number of clients.

use super::arithmetic::formula::Formula;
use super::arithmetic::linear::{Form, Variable};
use super::quantity::{
    CLOSING, CREATING, ENABLED, HELD, IDLE, IDLE_TARGET, LINE, MAXIMUM, MOST_CREATING, PERMITS,
    WORKERS,
};

/// A part of the invariant.
pub(super) struct Conjunct {
    /// The number of the property that rests on it.
    pub(super) property: &'static str,
    /// What it says.
    pub(super) sentence: &'static str,
    /// It.
    pub(super) formula: Formula,
}

fn of(variable: Variable) -> Form {
    Form::of(variable)
}

fn number(value: i64) -> Form {
    Form::constant(value)
}

fn is_flag(variable: Variable) -> Formula {
    Formula::All(vec![
        Formula::at_least(of(variable), number(0)),
        Formula::at_least(number(1), of(variable)),
    ])
}

fn none(variable: Variable) -> Formula {
    Formula::at_least(number(0), of(variable))
}

/// The invariant, part by part.
pub(super) fn invariant(has_maximum: bool) -> Vec<Conjunct> {
    let mut conjuncts = Vec::new();
    let mut add = |property, sentence, formula| {
        conjuncts.push(Conjunct {
            property,
            sentence,
            formula,
        });
    };
    let natural = |variable| Formula::at_least(of(variable), number(0));
    add(
        "L1",
        "there is a worker",
        Formula::at_least(of(MOST_CREATING), number(1)),
    );
    add("S13", "the server shuts down or does not", is_flag(CLOSING));
    add("S13", "logons are enabled or not", is_flag(ENABLED));
    add("S4", "the maximum is not negative", natural(MAXIMUM));
    add(
        "S4",
        "the idle target is not negative",
        natural(IDLE_TARGET),
    );
    add("S4", "no fewer than no logons are held", natural(HELD));
    add("S4", "no fewer than no logons are in line", natural(LINE));
    add("S4", "no fewer than no sessions are idle", natural(IDLE));
    add(
        "S4",
        "no fewer than no sessions are being created",
        natural(CREATING),
    );
    add(
        "S4",
        "as many permits are out as logons are held",
        Formula::equal(of(PERMITS), of(HELD)),
    );
    if has_maximum {
        add(
            "S2",
            "no more permits are out than there are",
            Formula::at_least(of(MAXIMUM), of(PERMITS)),
        );
    }
    add(
        "L2",
        "nobody is in line while a session is idle",
        Formula::Any(vec![none(LINE), none(IDLE)]),
    );
    add(
        "S12",
        "there are as many workers as sessions may be created at a time",
        Formula::equal(of(WORKERS), of(MOST_CREATING)),
    );
    conjuncts
}

/// The states in which everything begins: clients outside, and the workers.
pub(super) fn beginning() -> Vec<Formula> {
    let mut formulas: Vec<Formula> = [PERMITS, HELD, LINE, IDLE, CREATING, CLOSING]
        .map(|variable| Formula::equal(of(variable), number(0)))
        .into();
    formulas.push(Formula::equal(of(WORKERS), of(MOST_CREATING)));
    formulas.push(Formula::at_least(of(MAXIMUM), number(0)));
    formulas.push(Formula::at_least(of(IDLE_TARGET), number(0)));
    formulas.push(Formula::at_least(of(MOST_CREATING), number(1)));
    formulas.push(is_flag(ENABLED));
    formulas
}
