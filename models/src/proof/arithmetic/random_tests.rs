//! Search and checker against each other, against a second checker, and against trying all values.

use super::certificate::{Certificate, check};
use super::formula::Formula;
use super::generator::Generator;
use super::linear::{Form, Variable};
use super::refute::{Unrefuted, refute};
use super::rejection::{Reason, Rejected};

/// The variables are tried from `-BOX` to `BOX`.
const BOX: i64 = 3;

/// The assumptions that each variable lies within the box.
fn box_bounds(variables: u16) -> Vec<Formula> {
    let bounds = |variable| {
        [
            Formula::at_least(variable, -BOX),
            Formula::at_least(BOX, variable),
        ]
    };
    (0..variables).map(Variable).flat_map(bounds).collect()
}

/// A solution within the box, found by trying all.
fn solution_in_box(variables: u16, assumptions: &[Formula]) -> Option<Vec<i64>> {
    let mut values = vec![-BOX; usize::from(variables)];
    loop {
        let value = |variable: Variable| values[usize::from(variable.0)];
        if assumptions.iter().all(|formula| formula.evaluate(&value)) {
            return Some(values);
        }
        let next = values.iter().position(|value| *value < BOX)?;
        values[..next].fill(-BOX);
        values[next] += 1;
    }
}

/// Random assumptions over 2 to 4 variables, half of the time with the bounds of the box.
fn random_case(generator: &mut Generator) -> (u16, bool, Vec<Formula>) {
    let variables = 2 + u16::try_from(generator.below(3)).unwrap();
    let bounded = generator.below(2) == 0;
    let mut assumptions = if bounded {
        box_bounds(variables)
    } else {
        Vec::new()
    };
    for _ in 0..=generator.below(4) {
        assumptions.push(generator.formula(variables, 2));
    }
    (variables, bounded, assumptions)
}

/// Another checker, slow and simple: it copies its lists at each node, and tells whether a sum is constant by
/// its values at a few points.
fn accepts(constraints: &[Form], alternatives: &[Vec<Formula>], certificate: &Certificate) -> bool {
    let with = |formula: &Formula, branch: &Certificate| {
        let (mut constraints, mut alternatives) = (constraints.to_vec(), alternatives.to_vec());
        flatten(formula, &mut constraints, &mut alternatives);
        accepts(&constraints, &alternatives, branch)
    };
    match certificate {
        Certificate::Split {
            alternative,
            branches,
        } => alternatives.get(*alternative).is_some_and(|parts| {
            parts.len() == branches.len()
                && parts
                    .iter()
                    .zip(branches)
                    .all(|(part, branch)| with(part, branch))
        }),
        Certificate::Cut {
            variable,
            at,
            low,
            high,
        } => {
            with(&Formula::at_least(*at, *variable), low)
                && with(&Formula::less(*at, *variable), high)
        }
        Certificate::Sum(multiples) => {
            let sum_at = |point: Option<u16>| {
                multiples.iter().try_fold(0, |sum, &(place, times)| {
                    let value = |variable: Variable| i64::from(Some(variable.0) == point);
                    let value = constraints.get(place)?.evaluate(&value);
                    Some(sum + i128::from(times) * i128::from(value))
                })
            };
            let constant = sum_at(None);
            constant.is_some_and(|constant| constant < 0)
                && (0..4).all(|variable| sum_at(Some(variable)) == constant)
        }
    }
}

fn flatten(formula: &Formula, constraints: &mut Vec<Form>, alternatives: &mut Vec<Vec<Formula>>) {
    match formula {
        Formula::AtLeastZero(form) => constraints.push(form.clone()),
        Formula::All(parts) => {
            for part in parts {
                flatten(part, constraints, alternatives);
            }
        }
        Formula::Any(parts) => alternatives.push(parts.clone()),
    }
}

/// What the second checker says.
fn second_opinion(assumptions: &[Formula], certificate: &Certificate) -> bool {
    let (mut constraints, mut alternatives) = (Vec::new(), Vec::new());
    for formula in assumptions {
        flatten(formula, &mut constraints, &mut alternatives);
    }
    accepts(&constraints, &alternatives, certificate)
}

/// Every certificate that differs from the given one in one node as `change` says, after the way to that node.
/// What `change` says about a changed node is passed on.
fn changed<T>(
    certificate: &Certificate,
    change: &dyn Fn(&Certificate) -> Vec<(Certificate, T)>,
) -> Vec<(Vec<usize>, Certificate, T)> {
    let here = change(certificate).into_iter();
    let mut all: Vec<_> = here.map(|(new, said)| (Vec::new(), new, said)).collect();
    let children: Vec<&Certificate> = match certificate {
        Certificate::Sum(_) => Vec::new(),
        Certificate::Split { branches, .. } => branches.iter().collect(),
        Certificate::Cut { low, high, .. } => vec![low, high],
    };
    for (number, child) in children.into_iter().enumerate() {
        for (mut way, new, said) in changed(child, change) {
            let mut whole = certificate.clone();
            match &mut whole {
                Certificate::Sum(_) => unreachable!("a sum has no branches"),
                Certificate::Split { branches, .. } => branches[number] = new,
                Certificate::Cut { low, high, .. } => {
                    **(if number == 0 { low } else { high }) = new;
                }
            }
            way.insert(0, number);
            all.push((way, whole, said));
        }
    }
    all
}

/// The certificates of random cases without a solution, with their assumptions.
fn certificates(seed: u64, cases: usize) -> Vec<(u16, Vec<Formula>, Certificate)> {
    let mut generator = Generator(seed);
    let mut found = Vec::new();
    for _ in 0..cases {
        let (variables, _, assumptions) = random_case(&mut generator);
        if let Ok(certificate) = refute(&assumptions) {
            found.push((variables, assumptions, certificate));
        }
    }
    found
}

#[test]
fn the_search_agrees_with_trying_all_values() {
    let mut generator = Generator(1);
    let (mut refuted, mut solved, mut gave_up) = (0, 0, 0);
    for case in 0..6_000 {
        let (variables, bounded, assumptions) = random_case(&mut generator);
        let solution = solution_in_box(variables, &assumptions);
        match refute(&assumptions) {
            Ok(certificate) => {
                refuted += 1;
                assert_eq!(check(&assumptions, &certificate), Ok(()), "case {case}");
                assert!(second_opinion(&assumptions, &certificate), "case {case}");
                assert_eq!(solution, None, "case {case}: {assumptions:?}");
            }
            Err(Unrefuted::Model(model)) => {
                solved += 1;
                let value = |variable: Variable| model[&variable];
                assert!(
                    assumptions.iter().all(|f| f.evaluate(&value)),
                    "case {case}"
                );
                assert!(
                    !bounded || solution.is_some(),
                    "case {case}: {assumptions:?}"
                );
            }
            Err(Unrefuted::GaveUp(why)) => {
                gave_up += 1;
                assert!(!bounded, "case {case}: {why}: {assumptions:?}");
            }
        }
    }
    assert!(
        refuted > 1_000 && solved > 1_000,
        "{refuted} {solved} {gave_up}"
    );
    assert!(gave_up < 60, "{refuted} {solved} {gave_up}");
}

#[test]
fn wrong_multiples_are_rejected() {
    let change = |certificate: &Certificate| {
        let Certificate::Sum(multiples) = certificate else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for (place, &(constraint, times)) in multiples.iter().enumerate() {
            let others = [0, times - 1, times + 1, 2 * times, u64::from(u32::MAX)];
            let other_times = others.map(|other| (constraint, other));
            for other in other_times.into_iter().chain([(constraint + 1, times)]) {
                let mut new = multiples.clone();
                new[place] = other;
                all.push((Certificate::Sum(new), ()));
            }
        }
        all
    };
    let (mut rejected, mut still_right) = (0, 0);
    for (_, assumptions, certificate) in certificates(2, 1_000) {
        for (way, wrong, ()) in changed(&certificate, &change) {
            let verdict = check(&assumptions, &wrong);
            assert_eq!(
                verdict.is_ok(),
                second_opinion(&assumptions, &wrong),
                "{wrong:?}"
            );
            match verdict {
                Ok(()) => still_right += 1,
                Err(error) => {
                    rejected += 1;
                    assert_eq!(error.node, way);
                }
            }
        }
    }
    // Some changes only add what does no harm, such as one more "-1 >= 0".
    assert!(
        rejected > 5_000 && rejected > 4 * still_right,
        "{rejected} {still_right}"
    );
}

#[test]
fn wrong_nodes_are_rejected() {
    const BEYOND: usize = 1_000_000;
    let change = |certificate: &Certificate| match certificate.clone() {
        Certificate::Sum(mut multiples) => {
            multiples.push((BEYOND, 1));
            vec![(
                Certificate::Sum(multiples),
                Reason::NoSuchConstraint(BEYOND),
            )]
        }
        Certificate::Split {
            alternative,
            branches,
        } => {
            let expected = branches.len();
            let elsewhere = Certificate::Split {
                alternative: BEYOND,
                branches: branches.clone(),
            };
            let mut all = vec![(elsewhere, Reason::NoSuchAlternative(BEYOND))];
            for left_out in 0..expected {
                let mut branches = branches.clone();
                branches.remove(left_out);
                let reason = Reason::WrongNumberOfBranches {
                    expected,
                    found: expected - 1,
                };
                all.push((
                    Certificate::Split {
                        alternative,
                        branches,
                    },
                    reason,
                ));
            }
            let mut branches = branches;
            branches.push(Certificate::Sum(Vec::new()));
            let reason = Reason::WrongNumberOfBranches {
                expected,
                found: expected + 1,
            };
            all.push((
                Certificate::Split {
                    alternative,
                    branches,
                },
                reason,
            ));
            all
        }
        Certificate::Cut { .. } => Vec::new(),
    };
    let mut wrong_ones = 0;
    for (_, assumptions, certificate) in certificates(3, 2_000) {
        for (node, wrong, reason) in changed(&certificate, &change) {
            wrong_ones += 1;
            assert_eq!(check(&assumptions, &wrong), Err(Rejected { node, reason }));
            assert!(!second_opinion(&assumptions, &wrong));
        }
    }
    assert!(wrong_ones > 2_000, "{wrong_ones}");
}

#[test]
fn no_certificate_is_accepted_for_what_has_a_solution() {
    let (mut kept, mut lost) = (0, 0);
    for (variables, assumptions, certificate) in certificates(4, 2_000) {
        for place in 0..assumptions.len() {
            // Without one assumption, or with its opposite, the certificate may prove nothing.
            for other in [Formula::always(), assumptions[place].negated()] {
                let mut changed = assumptions.clone();
                changed[place] = other;
                if check(&changed, &certificate).is_ok() {
                    kept += 1;
                    assert_eq!(solution_in_box(variables, &changed), None, "{changed:?}");
                } else {
                    lost += 1;
                }
            }
        }
    }
    assert!(kept > 500 && lost > 500, "{kept} {lost}");
}
