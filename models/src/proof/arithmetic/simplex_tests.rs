//! Tests of the simplex with random inequalities.

use super::generator::Generator;
use super::linear::{Form, Variable};
use super::rational::Rational;
use super::simplex::{Outcome, Simplex};

const VARIABLES: u16 = 6;

fn random_forms(generator: &mut Generator, count: usize) -> Vec<Form> {
    (0..count)
        .map(|_| generator.form(VARIABLES, 4, 5))
        .collect()
}

/// Adds the forms from this place on, and solves.
fn add_and_solve(simplex: &mut Simplex, forms: &[Form], first: usize) -> Outcome {
    for (place, form) in forms.iter().enumerate().skip(first) {
        let outcome = simplex.add(form, place).unwrap();
        if outcome != Outcome::Open {
            return outcome;
        }
    }
    simplex.solve().unwrap()
}

/// Whether the outcome is what it says it is.
fn is_true(simplex: &Simplex, forms: &[Form], outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Open => forms.iter().all(|form| {
            let start = Rational::from(form.constant_part());
            let sum = form.terms().iter().fold(start, |sum, &(variable, times)| {
                let term = simplex
                    .value(variable)
                    .times(Rational::from(times))
                    .unwrap();
                sum.plus(term).unwrap()
            });
            !sum.is_negative()
        }),
        Outcome::Contradiction(parts) => {
            let sum = parts.iter().fold(Form::default(), |sum, &(place, times)| {
                sum + &forms[place] * times.cast_signed()
            });
            sum.terms().is_empty() && sum.constant_part() < 0
        }
    }
}

#[test]
fn a_solution_or_a_contradiction_is_found() {
    let mut generator = Generator(5);
    let mut open = 0;
    for _ in 0..2_000 {
        let count = 4 + usize::try_from(generator.below(12)).unwrap();
        let forms = random_forms(&mut generator, count);
        let mut simplex = Simplex::new((0..VARIABLES).map(Variable).collect());
        let outcome = add_and_solve(&mut simplex, &forms, 0);
        assert!(
            is_true(&simplex, &forms, &outcome),
            "{forms:?}: {outcome:?}"
        );
        open += usize::from(outcome == Outcome::Open);
    }
    assert!((500..1_500).contains(&open), "{open}");
}

#[test]
fn what_is_taken_back_counts_no_more() {
    let mut generator = Generator(6);
    let mut changed = 0;
    for _ in 0..1_500 {
        let mut simplex = Simplex::new((0..VARIABLES).map(Variable).collect());
        let common = random_forms(&mut generator, 5);
        if add_and_solve(&mut simplex, &common, 0) != Outcome::Open {
            continue;
        }
        let mark = simplex.mark();
        for _ in 0..3 {
            let mut forms = common.clone();
            forms.extend(random_forms(&mut generator, 6));
            let within = add_and_solve(&mut simplex, &forms, common.len());
            assert!(is_true(&simplex, &forms, &within));
            simplex.take_back(mark);
            assert_eq!(simplex.solve(), Ok(Outcome::Open));
            assert!(is_true(&simplex, &common, &Outcome::Open));
            changed += usize::from(within != Outcome::Open);
        }
    }
    assert!(changed > 500, "{changed}");
}
