//! Tests of the search: single cases.

use std::collections::BTreeMap;

use super::certificate::{Certificate, check};
use super::formula::Formula;
use super::linear::Variable;
use super::refute::{Unrefuted, refute};

const X: Variable = Variable(40);
const Y: Variable = Variable(7);

/// Why the search gave up, if it did.
fn gave_up(assumptions: &[Formula]) -> Option<String> {
    match refute(assumptions) {
        Err(Unrefuted::GaveUp(why)) => Some(why),
        _ => None,
    }
}

fn refuted(assumptions: &[Formula]) -> Certificate {
    let certificate = refute(assumptions).unwrap();
    assert_eq!(check(assumptions, &certificate), Ok(()));
    certificate
}

#[test]
fn nothing_assumed_has_a_solution() {
    assert_eq!(refute(&[]), Err(Unrefuted::Model(BTreeMap::new())));
    assert_eq!(
        refute(&[Formula::always()]),
        Err(Unrefuted::Model(BTreeMap::new()))
    );
    refuted(&[Formula::never()]);
    refuted(&[Formula::at_least(0, 1)]);
    refuted(&[Formula::at_least(X, Y), Formula::less(X, Y)]);
}

#[test]
fn a_solution_names_every_variable() {
    let either = Formula::Any(vec![Formula::equal(X, 9), Formula::less(Y, 0)]);
    let Err(Unrefuted::Model(model)) = refute(&[either, Formula::at_least(Y, 0)]) else {
        panic!("there is a solution")
    };
    assert_eq!(model, BTreeMap::from([(X, 9), (Y, 0)]));
}

#[test]
fn an_alternative_that_holds_anyway_is_not_split() {
    let either = Formula::Any(vec![Formula::at_least(Y, 0), Formula::less(Y, 0)]);
    // Between 1/3 and 2/3 there is no integer, whatever Y is.
    let certificate = refuted(&[
        either,
        Formula::at_least(X * 3, 1),
        Formula::at_least(2, X * 3),
    ]);
    assert!(
        matches!(
            certificate,
            Certificate::Cut {
                variable: X,
                at: 0,
                ..
            }
        ),
        "{certificate:?}"
    );
}

#[test]
fn integers_are_told_from_fractions() {
    // Between 1/3 and 2/3 there is no integer.
    refuted(&[Formula::at_least(X * 3, 1), Formula::at_least(2, X * 3)]);
    // 5 x + 3 y = 1 has solutions, none of them near 0.
    let equation = Formula::equal(X * 5 + Y * 3, 1);
    assert!(matches!(refute(&[equation]), Err(Unrefuted::Model(_))));
}

#[test]
fn the_search_gives_up_rather_than_cut_for_ever() {
    let why = gave_up(&[Formula::equal(X * 2, Y * 2 + 1)]).unwrap();
    assert!(why.ends_with("32 cuts did not decide on integers"), "{why}");
}

#[test]
fn the_search_gives_up_rather_than_overflow() {
    let most = i64::MAX;
    let too_large = Some("a number grew too large".to_string());
    // The only solution does not fit.
    let beyond = [Formula::equal(X, Y * most), Formula::equal(Y, most)];
    assert_eq!(gave_up(&beyond), too_large);
    // The solution fits, but not the value of the form.
    assert_eq!(
        gave_up(&[Formula::at_least(X * most, 0), Formula::at_least(X, 3)]),
        too_large
    );
    // Each step multiplies the numbers in the equations.
    let chain = |step: u16| Variable(step) * (most - i64::from(step)) - Variable(step + 1) * 3;
    let equations = (0..40).map(|step| Formula::equal(chain(step), 1));
    let last = Formula::at_least(Variable(40), 1);
    assert_eq!(
        gave_up(&equations.chain([last]).collect::<Vec<_>>()),
        too_large
    );
}

#[test]
fn the_search_gives_up_rather_than_go_too_deep() {
    // One level for each alternative: the stack of a test is enough for all that are allowed.
    let positive = |number| Formula::at_least(Variable(number), 1);
    let alternatives = |count| -> Vec<Formula> {
        let either = |number| Formula::Any(vec![positive(number), positive(number)]);
        (0..count).map(either).collect()
    };
    assert!(matches!(
        refute(&alternatives(390)),
        Err(Unrefuted::Model(_))
    ));
    let why = gave_up(&alternatives(410)).unwrap();
    assert_eq!(why, "no certificate within 10000 nodes in 400 levels");
}

#[test]
fn bounds_of_one_branch_do_not_hold_in_the_next() {
    // Each part is possible alone only with values the other part forbids.
    let parts = vec![
        Formula::All(vec![Formula::less(X, Y), Formula::less(Y, X)]),
        Formula::All(vec![Formula::at_least(X, Y + 5), Formula::at_least(Y, 2)]),
    ];
    let assumptions = [Formula::Any(parts), Formula::at_least(X + Y, 8)];
    assert!(matches!(refute(&assumptions), Err(Unrefuted::Model(_))));
}
