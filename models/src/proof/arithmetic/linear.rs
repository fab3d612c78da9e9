//! Linear forms: sums of integer multiples of variables, plus a constant.
//!
//! A count that a proof speaks of, such as "held + 2 line - 1", is a [`Form`]. All arithmetic is exact: a
//! number that does not fit `i64` ends in a panic, for a number that wraps round would prove nonsense.

use std::ops::{Add, Mul, Neg, Sub};

/// An unknown integer, known by its number alone. Whoever prints it brings the name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Variable(pub u16);

/// A sum of integer multiples of variables, plus a constant. The default is the constant 0.
///
/// Two forms are equal exactly if they have the same coefficients and the same constant: terms are kept in
/// order of their variables, each variable once, and a term with coefficient 0 is dropped.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Form {
    terms: Vec<(Variable, i64)>,
    constant: i64,
}

/// The result of an operation on `i64`, or a panic that says what happened.
fn in_range(result: Option<i64>) -> i64 {
    result.expect("a number in a linear form left the range of i64")
}

impl Form {
    /// The form without variables.
    #[must_use]
    pub fn constant(value: i64) -> Form {
        Form {
            terms: Vec::new(),
            constant: value,
        }
    }

    /// The form that is one variable alone.
    #[must_use]
    pub fn of(variable: Variable) -> Form {
        Form {
            terms: vec![(variable, 1)],
            constant: 0,
        }
    }

    /// The sum of the two forms.
    ///
    /// # Panics
    ///
    /// If a number of the result does not fit `i64`.
    #[must_use]
    pub fn plus(&self, other: &Form) -> Form {
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        let mut rest = other.terms.iter().copied().peekable();
        for &(variable, coefficient) in &self.terms {
            while let Some(smaller) = rest.next_if(|term| term.0 < variable) {
                terms.push(smaller);
            }
            let added = rest
                .next_if(|term| term.0 == variable)
                .map_or(0, |term| term.1);
            let sum = in_range(coefficient.checked_add(added));
            if sum != 0 {
                terms.push((variable, sum));
            }
        }
        terms.extend(rest);
        Form {
            terms,
            constant: in_range(self.constant.checked_add(other.constant)),
        }
    }

    /// This form without the other: their difference.
    ///
    /// # Panics
    ///
    /// If a number of the result, or of the other form with its sign changed, does not fit `i64`.
    #[must_use]
    pub fn minus(&self, other: &Form) -> Form {
        self.plus(&other.times(-1))
    }

    /// The form, `factor` times.
    ///
    /// # Panics
    ///
    /// If a number of the result does not fit `i64`.
    #[must_use]
    pub fn times(&self, factor: i64) -> Form {
        if factor == 0 {
            return Form::default();
        }
        let scale = |number: i64| in_range(number.checked_mul(factor));
        let terms = self
            .terms
            .iter()
            .map(|&(variable, number)| (variable, scale(number)));
        Form {
            terms: terms.collect(),
            constant: scale(self.constant),
        }
    }

    /// What the variable is multiplied by: 0 if it does not occur.
    #[must_use]
    pub fn coefficient(&self, variable: Variable) -> i64 {
        let found = self.terms.binary_search_by_key(&variable, |term| term.0);
        found.map_or(0, |place| self.terms[place].1)
    }

    /// The part without variables.
    #[must_use]
    pub fn constant_part(&self) -> i64 {
        self.constant
    }

    /// The variables that occur, each with its coefficient (never 0), in order of the variables.
    #[must_use]
    pub fn terms(&self) -> &[(Variable, i64)] {
        &self.terms
    }

    /// The value of the form where each variable has the value that `value` gives.
    ///
    /// # Panics
    ///
    /// If the value does not fit `i64`.
    #[must_use]
    pub fn evaluate(&self, value: &dyn Fn(Variable) -> i64) -> i64 {
        in_range(self.evaluate_in_range(value))
    }

    /// As [`evaluate`](Form::evaluate), but `None` if the value does not fit `i64`.
    #[must_use]
    pub fn evaluate_in_range(&self, value: &dyn Fn(Variable) -> i64) -> Option<i64> {
        let mut sum = i128::from(self.constant);
        for &(variable, coefficient) in &self.terms {
            // The product of two numbers of 64 bits fits 128 bits; the sum of such products may not.
            sum = sum.checked_add(i128::from(coefficient) * i128::from(value(variable)))?;
        }
        i64::try_from(sum).ok()
    }

    /// The form with each variable replaced by the form that `replacement` gives for it, all at once.
    ///
    /// # Panics
    ///
    /// If a number of the result, or of a sum on the way to it, does not fit `i64`.
    #[must_use]
    pub fn substitute(&self, replacement: &dyn Fn(Variable) -> Form) -> Form {
        let start = Form::constant(self.constant);
        self.terms
            .iter()
            .fold(start, |sum, &(variable, coefficient)| {
                sum.plus(&replacement(variable).times(coefficient))
            })
    }
}

impl From<i64> for Form {
    fn from(value: i64) -> Form {
        Form::constant(value)
    }
}

impl From<Variable> for Form {
    fn from(variable: Variable) -> Form {
        Form::of(variable)
    }
}

impl From<&Form> for Form {
    fn from(form: &Form) -> Form {
        form.clone()
    }
}

/// The operators, for a left side that is a variable, a form or a reference to one. The right side of `+` and
/// `-` may also be a number. They panic where [`Form::plus`], [`Form::minus`] and [`Form::times`] do.
macro_rules! operators {
    ($($left:ty),+) => {$(
        impl<T: Into<Form>> Add<T> for $left {
            type Output = Form;

            fn add(self, other: T) -> Form {
                Form::from(self).plus(&other.into())
            }
        }

        impl<T: Into<Form>> Sub<T> for $left {
            type Output = Form;

            fn sub(self, other: T) -> Form {
                Form::from(self).minus(&other.into())
            }
        }

        impl Mul<i64> for $left {
            type Output = Form;

            fn mul(self, factor: i64) -> Form {
                Form::from(self).times(factor)
            }
        }

        impl Neg for $left {
            type Output = Form;

            fn neg(self) -> Form {
                Form::from(self).times(-1)
            }
        }
    )+};
}

operators!(Variable, Form, &Form);

#[cfg(test)]
mod tests {
    use std::panic::{UnwindSafe, catch_unwind};

    use super::*;

    const HELD: Variable = Variable(0);
    const LINE: Variable = Variable(3);

    #[test]
    fn equal_sums_are_equal_forms() {
        let one = LINE * 2 + HELD - 1;
        let other = &(HELD + 4) + LINE - 5 + LINE;
        assert_eq!(one, other);
        assert_eq!(one.terms(), [(HELD, 1), (LINE, 2)]);
        assert_eq!(
            (one.coefficient(LINE), one.coefficient(Variable(2))),
            (2, 0)
        );
        assert_eq!(&one - &other, Form::default());
        assert_eq!(one.times(0), Form::default());
        assert_eq!(-&one, Form::constant(1) - HELD - LINE * 2);
    }

    #[test]
    fn evaluation_and_substitution_agree() {
        let form = HELD * 3 - LINE + 7;
        let value = |variable: Variable| if variable == HELD { 5 } else { -2 };
        assert_eq!(form.evaluate(&value), 24);
        // All at once: the variables change places.
        let swapped = form.substitute(&|v| Form::of(if v == HELD { LINE } else { HELD }));
        assert_eq!(swapped, LINE * 3 - HELD + 7);
        let shifted = form.substitute(&|v| v + 2);
        assert_eq!(shifted.evaluate(&value), 24 + 3 * 2 - 2);
    }

    #[test]
    fn a_value_is_in_range_even_if_a_part_of_it_is_not() {
        let form = HELD * i64::MAX - LINE * i64::MAX + 1;
        assert_eq!(form.evaluate(&|_| 2), 1);
        assert_eq!(form.evaluate_in_range(&|v| i64::from(v == HELD) * 2), None);
    }

    /// What an operation panics with.
    fn panic_of(operation: impl FnOnce() + UnwindSafe) -> String {
        let payload = catch_unwind(operation).expect_err("it leaves the range");
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()));
        text.expect("a panic has a text")
    }

    #[test]
    fn what_leaves_the_range_panics_with_that_and_its_neighbor_does_not() {
        let sum = Form::constant(i64::MAX - 1) + 1;
        assert_eq!(sum.evaluate(&|_| 0), i64::MAX);
        let multiple = HELD * (i64::MIN + 1) * -1;
        assert_eq!(multiple.evaluate(&|_| 1), i64::MAX);
        assert_eq!((HELD * 2).evaluate(&|_| i64::MAX / 2), i64::MAX - 1);
        let outside = [
            panic_of(|| drop(Form::constant(i64::MAX) + 1)),
            panic_of(|| drop(HELD * i64::MIN * -1)),
            panic_of(|| {
                let _ = (HELD * 2).evaluate(&|_| i64::MAX);
            }),
        ];
        for said in outside {
            assert!(said.contains("left the range of i64"), "{said}");
        }
    }
}
