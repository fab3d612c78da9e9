//! Tests of the checker: single cases.

use super::certificate::{Certificate, check};
use super::formula::Formula;
use super::linear::Variable;
use super::rejection::{Reason, Rejected};

const X: Variable = Variable(0);
const Y: Variable = Variable(1);

fn sum(multiples: &[(usize, u64)]) -> Certificate {
    Certificate::Sum(multiples.to_vec())
}

fn reason(assumptions: &[Formula], certificate: &Certificate) -> Reason {
    check(assumptions, certificate).unwrap_err().reason
}

#[test]
fn a_sum_must_be_a_negative_constant() {
    // 3 x >= y and y >= 2 z + 1 and 2 z >= 3 x: in this order, and the last two within an "all".
    let z = Variable(2);
    let assumptions = [
        Formula::at_least(X * 3, Y),
        Formula::All(vec![
            Formula::at_least(Y, z * 2 + 1),
            Formula::at_least(z * 2, X * 3),
        ]),
    ];
    assert_eq!(check(&assumptions, &sum(&[(0, 2), (1, 2), (2, 2)])), Ok(()));
    // A constraint may be taken in several parts.
    assert_eq!(
        check(&assumptions, &sum(&[(0, 2), (1, 3), (2, 3), (0, 1)])),
        Ok(())
    );
    assert_eq!(
        reason(&assumptions, &sum(&[(0, 2), (1, 2), (2, 1)])),
        Reason::DoesNotCancel(X)
    );
    assert_eq!(
        reason(&assumptions, &sum(&[(3, 1)])),
        Reason::NoSuchConstraint(3)
    );
    assert_eq!(reason(&assumptions, &sum(&[])), Reason::NotNegative(0));
}

#[test]
fn a_sum_of_zero_is_no_contradiction() {
    let assumptions = [Formula::equal(X, Y)];
    assert_eq!(
        reason(&assumptions, &sum(&[(0, 7), (1, 7)])),
        Reason::NotNegative(0)
    );
    let assumptions = [Formula::at_least(X, Y), Formula::at_least(Y + 4, X)];
    assert_eq!(
        reason(&assumptions, &sum(&[(0, 2), (1, 2)])),
        Reason::NotNegative(8)
    );
}

#[test]
fn a_sum_too_large_is_rejected() {
    let most = u64::MAX;
    let constant = [Formula::at_least(i64::MIN, 0)];
    assert_eq!(check(&constant, &sum(&[(0, most)])), Ok(()));
    assert_eq!(
        reason(&constant, &sum(&[(0, most), (0, most)])),
        Reason::Overflow
    );
    // If it wrapped round, the coefficient would come out as 0 after so many times.
    let multiple = [Formula::at_least(X * i64::MIN, 1)];
    let halves = [(0, 1 << 63); 4];
    assert_eq!(reason(&multiple, &sum(&halves)), Reason::Overflow);
}

#[test]
fn a_split_needs_a_branch_for_each_part() {
    let parts = vec![Formula::at_least(X, 1), Formula::at_least(-1, X)];
    let assumptions = [Formula::equal(X, 0), Formula::Any(parts)];
    let split = |alternative, branches: &[Certificate]| Certificate::Split {
        alternative,
        branches: branches.to_vec(),
    };
    // What holds in a branch comes after the two constraints of the equation.
    let (first, second) = (sum(&[(1, 1), (2, 1)]), sum(&[(0, 1), (2, 1)]));
    assert_eq!(
        check(&assumptions, &split(0, &[first.clone(), second.clone()])),
        Ok(())
    );
    assert_eq!(
        check(&assumptions, &split(0, &[first.clone(), first.clone()])),
        Err(Rejected {
            node: vec![1],
            reason: Reason::DoesNotCancel(X)
        })
    );
    assert_eq!(
        reason(&assumptions, &split(0, std::slice::from_ref(&first))),
        Reason::WrongNumberOfBranches {
            expected: 2,
            found: 1
        }
    );
    assert_eq!(
        reason(&assumptions, &split(1, &[first, second])),
        Reason::NoSuchAlternative(1)
    );
    assert_eq!(check(&[Formula::never()], &split(0, &[])), Ok(()));
    assert_eq!(
        reason(&[Formula::always()], &split(0, &[])),
        Reason::NoSuchAlternative(0)
    );
}

#[test]
fn what_holds_in_one_branch_does_not_in_the_next() {
    let parts = vec![
        Formula::All(vec![Formula::less(X, 0), Formula::never()]),
        Formula::at_least(X, Y),
    ];
    let assumptions = [Formula::at_least(X, 0), Formula::Any(parts)];
    let inner = |alternative| Certificate::Split {
        alternative,
        branches: vec![],
    };
    let split = |second| Certificate::Split {
        alternative: 0,
        branches: vec![inner(1), second],
    };
    for second in [inner(1), sum(&[(0, 1), (1, 1), (2, 1)])] {
        assert_eq!(check(&assumptions, &split(second)).unwrap_err().node, [1]);
    }
}

#[test]
fn a_cut_leaves_out_no_integer() {
    // 2 x = 1: x is at most 0, or at least 1.
    let assumptions = [Formula::equal(X * 2, 1)];
    let cut = |at, low, high| Certificate::Cut {
        variable: X,
        at,
        low: Box::new(low),
        high: Box::new(high),
    };
    let (low, high) = (sum(&[(0, 1), (2, 2)]), sum(&[(1, 1), (2, 2)]));
    assert_eq!(
        check(&assumptions, &cut(0, low.clone(), high.clone())),
        Ok(())
    );
    assert_eq!(
        check(&assumptions, &cut(1, low.clone(), high.clone())),
        Err(Rejected {
            node: vec![0],
            reason: Reason::NotNegative(1)
        })
    );
    assert_eq!(
        check(&assumptions, &cut(-1, low, high)),
        Err(Rejected {
            node: vec![1],
            reason: Reason::NotNegative(1)
        })
    );
}

#[test]
fn a_cut_may_be_at_any_number() {
    let nothing = Box::new(sum(&[]));
    for at in [i64::MIN, i64::MAX] {
        let (low, high) = (nothing.clone(), nothing.clone());
        let certificate = Certificate::Cut {
            variable: X,
            at,
            low,
            high,
        };
        let rejected = check(&[], &certificate).unwrap_err();
        assert_eq!(
            (rejected.node, rejected.reason),
            (vec![0], Reason::NotNegative(0))
        );
    }
}

#[test]
fn a_rejection_says_where_and_why() {
    let rejected = Rejected {
        node: vec![2, 0],
        reason: Reason::NotNegative(5),
    };
    assert_eq!(
        rejected.to_string(),
        "the certificate is wrong at its root, branch 2, branch 0: the sum is 5, which is not negative"
    );
}
