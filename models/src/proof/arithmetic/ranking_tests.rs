//! Tests of rankings: the check and the search.

use super::ranking::{Ranking, Reason, Rule, check};
use super::ranking_search::{Unranked, find};

fn rule(before: &[usize], after: &[usize]) -> Rule {
    Rule {
        before: before.to_vec(),
        after: after.to_vec(),
        demand: 0,
        lowers_demand: false,
    }
}

fn found(types: usize, rules: &[Rule]) -> Ranking {
    let ranking = find(types, rules).unwrap();
    assert_eq!(check(&ranking, rules), Ok(()));
    ranking
}

#[test]
fn a_chain_gets_the_smallest_weights() {
    let rules = [rule(&[0], &[1]), rule(&[1], &[2, 2]), rule(&[2], &[])];
    let ranking = found(3, &rules);
    assert_eq!((ranking.weights, ranking.demand_factor), (vec![4, 3, 1], 0));
}

#[test]
fn a_weight_is_no_larger_than_another_needs() {
    // Half a weight would do for the first type, and the second needs a whole one.
    let rules = [rule(&[0, 0], &[]), rule(&[1], &[])];
    assert_eq!(found(2, &rules).weights, [1, 1]);
}

#[test]
fn rules_that_undo_each_other_are_named() {
    let rules = [
        rule(&[0], &[1]),
        rule(&[1], &[2]),
        rule(&[3, 2], &[3, 1]),
        rule(&[2], &[3]),
    ];
    // The second and the third have opposite effects: the bystander does not count.
    assert_eq!(find(4, &rules), Err(Unranked::Together(vec![1, 2])));
    assert_eq!(
        find(1, &[rule(&[0], &[0])]),
        Err(Unranked::Together(vec![0]))
    );
    assert_eq!(
        find(1, &[rule(&[], &[0]), rule(&[0], &[])]),
        Err(Unranked::Together(vec![0]))
    );
}

#[test]
fn without_any_one_of_the_named_rules_there_is_a_ranking() {
    // A cycle of three, and rules that are no part of it.
    let rules = [
        rule(&[4], &[0]),
        rule(&[0], &[1]),
        rule(&[1], &[2, 3]),
        rule(&[3], &[]),
        rule(&[2], &[0]),
    ];
    assert_eq!(find(5, &rules), Err(Unranked::Together(vec![1, 2, 4])));
    for left_out in [1, 2, 4] {
        let mut others = rules.to_vec();
        others.remove(left_out);
        found(5, &others);
    }
}

/// A worker that creates for the demand and then is free again; a session then waits for its client,
/// whose leaving asks for the next.
fn creation() -> Vec<Rule> {
    let (free, creating, idle) = (0, 1, 2);
    let (client, served) = (3, 4);
    vec![
        Rule {
            demand: -1,
            lowers_demand: true,
            ..rule(&[free], &[creating])
        },
        rule(&[creating], &[free, idle]),
        Rule {
            demand: 1,
            ..rule(&[client, idle], &[served])
        },
    ]
}

#[test]
fn the_demand_can_pay_for_a_cycle() {
    let ranking = found(5, &creation());
    assert!(ranking.demand_factor > 0);
    // If the fall of the demand were not known to count, nothing would.
    let mut rules = creation();
    rules[0].lowers_demand = false;
    assert_eq!(find(5, &rules), Err(Unranked::Together(vec![0, 1])));
}

#[test]
fn each_weight_that_is_needed_is_checked() {
    let rules = creation();
    let right = found(5, &rules);
    // The weights are the smallest that will do, so none that counts can be less.
    for kind in 0..5 {
        if right.weights[kind] > 0 {
            let mut wrong = right.clone();
            wrong.weights[kind] -= 1;
            let error = check(&wrong, &rules).unwrap_err();
            assert!(matches!(error.reason, Reason::MayChangeBy(0..)), "{error}");
        }
    }
    let wrong = Ranking {
        demand_factor: 0,
        ..right
    };
    assert_eq!(check(&wrong, &rules).unwrap_err().rule, 0);
}

#[test]
fn what_a_rule_says_is_checked() {
    let ranking = Ranking {
        weights: vec![u64::MAX, 0],
        demand_factor: u64::MAX,
    };
    let reason = |rule: Rule| check(&ranking, &[rule]).map_err(|error| error.reason);
    assert_eq!(reason(rule(&[0], &[1])), Ok(()));
    assert_eq!(reason(rule(&[1], &[1])), Err(Reason::MayChangeBy(0)));
    assert_eq!(reason(rule(&[0], &[2])), Err(Reason::NoWeight(2)));
    let demand = |demand, lowers_demand| Rule {
        demand,
        lowers_demand,
        ..rule(&[], &[0, 0])
    };
    assert_eq!(reason(demand(i64::MAX, false)), Err(Reason::Overflow));
    assert_eq!(
        reason(demand(-1, false)),
        Err(Reason::MayChangeBy(2 * i128::from(u64::MAX)))
    );
    assert_eq!(
        reason(demand(-1, true)),
        Err(Reason::MayChangeBy(i128::from(u64::MAX)))
    );
    assert_eq!(reason(demand(-2, true)), Err(Reason::ContradictsItself(-2)));
}

#[test]
fn a_type_that_there_is_not_panics_and_the_last_one_that_there_is_does_not() {
    let _ = find(2, &[rule(&[1], &[])]);
    let payload = std::panic::catch_unwind(|| drop(find(2, &[rule(&[2], &[])])));
    let payload = payload.expect_err("there is no third type");
    let said = payload.downcast_ref::<String>().cloned();
    let said = said.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()));
    assert!(said.is_some_and(|said| said.contains("a type that there is")));
}
