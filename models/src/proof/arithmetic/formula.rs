//! Formulas over integers: comparisons of linear forms, joined by "and" and "or".

use super::linear::{Form, Variable};

/// A statement about integers. There is no "not": [`negated`](Formula::negated) pushes it inwards to the
/// comparisons, where it is another comparison.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Formula {
    /// The form is 0 or more.
    AtLeastZero(Form),
    /// Each of them holds; true if there is none.
    All(Vec<Formula>),
    /// At least one of them holds; false if there is none.
    Any(Vec<Formula>),
}

impl Formula {
    /// `left >= right`.
    ///
    /// # Panics
    ///
    /// If a number of the difference does not fit `i64`.
    #[must_use]
    pub fn at_least(left: impl Into<Form>, right: impl Into<Form>) -> Formula {
        Formula::AtLeastZero(left.into() - right.into())
    }

    /// `left < right`, which over the integers is `right >= left + 1`.
    ///
    /// # Panics
    ///
    /// If a number of the difference does not fit `i64`.
    #[must_use]
    pub fn less(left: impl Into<Form>, right: impl Into<Form>) -> Formula {
        Formula::AtLeastZero(right.into() - left.into() - 1)
    }

    /// `left = right`, as two comparisons.
    ///
    /// # Panics
    ///
    /// If a number of the difference does not fit `i64`.
    #[must_use]
    pub fn equal(left: impl Into<Form>, right: impl Into<Form>) -> Formula {
        let difference = left.into() - right.into();
        let other_way = -&difference;
        Formula::All(vec![
            Formula::AtLeastZero(difference),
            Formula::AtLeastZero(other_way),
        ])
    }

    /// The formula that is true whatever the variables are.
    #[must_use]
    pub fn always() -> Formula {
        Formula::All(Vec::new())
    }

    /// The formula that is false whatever the variables are.
    #[must_use]
    pub fn never() -> Formula {
        Formula::Any(Vec::new())
    }

    /// The formula that holds exactly where this one does not. It relies on the variables being integers:
    /// "not f >= 0" is "f <= -1", hence "-f - 1 >= 0".
    ///
    /// # Panics
    ///
    /// If a number of the result, or of a sum on the way to it, does not fit `i64`.
    #[must_use]
    pub fn negated(&self) -> Formula {
        let each = |parts: &[Formula]| parts.iter().map(Formula::negated).collect();
        match self {
            Formula::AtLeastZero(form) => Formula::AtLeastZero(-(form + 1)),
            Formula::All(parts) => Formula::Any(each(parts)),
            Formula::Any(parts) => Formula::All(each(parts)),
        }
    }

    /// Whether the formula holds where each variable has the value that `value` gives.
    ///
    /// # Panics
    ///
    /// If the value of a form that is looked at does not fit `i64`.
    #[cfg(test)]
    #[must_use]
    pub fn evaluate(&self, value: &dyn Fn(Variable) -> i64) -> bool {
        self.evaluate_in_range(value)
            .expect("the value of a linear form left the range of i64")
    }

    /// Whether the formula holds where each variable has the value that `value` gives; `None` if the value of a form
    /// that is looked at does not fit `i64`.
    #[must_use]
    pub fn evaluate_in_range(&self, value: &dyn Fn(Variable) -> i64) -> Option<bool> {
        // The first part that decides ends the search.
        let (parts, deciding) = match self {
            Formula::AtLeastZero(form) => return Some(form.evaluate_in_range(value)? >= 0),
            Formula::All(parts) => (parts, false),
            Formula::Any(parts) => (parts, true),
        };
        for part in parts {
            if part.evaluate_in_range(value)? == deciding {
                return Some(deciding);
            }
        }
        Some(!deciding)
    }

    /// The formula with each variable replaced by the form that `replacement` gives for it, all at once.
    ///
    /// # Panics
    ///
    /// If a number of the result, or of a sum on the way to it, does not fit `i64`.
    #[must_use]
    pub fn substitute(&self, replacement: &dyn Fn(Variable) -> Form) -> Formula {
        let each = |parts: &[Formula]| parts.iter().map(|p| p.substitute(replacement)).collect();
        match self {
            Formula::AtLeastZero(form) => Formula::AtLeastZero(form.substitute(replacement)),
            Formula::All(parts) => Formula::All(each(parts)),
            Formula::Any(parts) => Formula::Any(each(parts)),
        }
    }

    /// Calls `visit` with each form that is compared, from left to right.
    pub fn for_each_form<'a>(&'a self, visit: &mut dyn FnMut(&'a Form)) {
        match self {
            Formula::AtLeastZero(form) => visit(form),
            Formula::All(parts) | Formula::Any(parts) => {
                for part in parts {
                    part.for_each_form(visit);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD: Variable = Variable(0);
    const LINE: Variable = Variable(1);

    /// Each pair of values from -4 to 4.
    fn pairs() -> impl Iterator<Item = (i64, i64)> {
        (-4..=4).flat_map(|held| (-4..=4).map(move |line| (held, line)))
    }

    fn holds(formula: &Formula, (held, line): (i64, i64)) -> bool {
        formula.evaluate(&|variable| if variable == HELD { held } else { line })
    }

    #[test]
    fn constructors_mean_what_they_say() {
        for pair @ (held, line) in pairs() {
            assert_eq!(holds(&Formula::at_least(HELD, LINE + 1), pair), held > line);
            assert_eq!(holds(&Formula::less(HELD, LINE + 1), pair), held <= line);
            assert_eq!(
                holds(&Formula::equal(HELD * 2, LINE), pair),
                2 * held == line
            );
            assert!(holds(&Formula::always(), pair));
            assert!(!holds(&Formula::never(), pair));
        }
    }

    #[test]
    fn the_negation_holds_exactly_where_the_formula_does_not() {
        let formula = Formula::Any(vec![
            Formula::All(vec![Formula::less(HELD, 0), Formula::equal(HELD + LINE, 1)]),
            Formula::at_least(LINE, HELD * 3),
        ]);
        for pair in pairs() {
            assert_ne!(holds(&formula, pair), holds(&formula.negated(), pair));
            assert_eq!(
                holds(&formula, pair),
                holds(&formula.negated().negated(), pair)
            );
        }
    }

    #[test]
    fn a_replaced_variable_has_the_value_of_its_replacement() {
        let formula = Formula::All(vec![
            Formula::at_least(HELD, LINE),
            Formula::Any(vec![Formula::less(LINE, 2), Formula::equal(HELD, 3)]),
        ]);
        let after = formula.substitute(&|v| if v == HELD { HELD + LINE } else { LINE - 1 });
        for (held, line) in pairs() {
            assert_eq!(
                holds(&after, (held, line)),
                holds(&formula, (held + line, line - 1))
            );
        }
    }

    #[test]
    fn every_form_is_visited_once_and_in_order() {
        let formula = Formula::Any(vec![
            Formula::equal(HELD, 1),
            Formula::All(vec![Formula::never(), Formula::at_least(LINE, 2)]),
        ]);
        let mut seen = Vec::new();
        formula.for_each_form(&mut |form| seen.push(form.clone()));
        assert_eq!(seen, [HELD - 1, -HELD + 1, LINE - 2]);
    }
}
