//! Forms and formulas as text.

use std::fmt;

use super::formula::Formula;
use super::linear::{Form, Variable};

impl Form {
    /// The form as text, such as `held + 2 line - 1`, with the names that `name` gives.
    #[must_use]
    pub fn display<'a>(&'a self, name: &'a dyn Fn(Variable) -> String) -> impl fmt::Display + 'a {
        FormText { form: self, name }
    }
}

impl Formula {
    /// The formula as text, such as `(0 >= line or held + 1 = permits)`, with the names that `name` gives.
    /// What is subtracted in a form stands on the other side of the comparison.
    #[must_use]
    pub fn display<'a>(&'a self, name: &'a dyn Fn(Variable) -> String) -> impl fmt::Display + 'a {
        FormulaText {
            formula: self,
            name,
        }
    }
}

/// A form and the names of its variables, to be printed.
struct FormText<'a> {
    form: &'a Form,
    name: &'a dyn Fn(Variable) -> String,
}

impl fmt::Display for FormText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for &(variable, coefficient) in self.form.terms() {
            write_sign(f, coefficient, first)?;
            if coefficient.unsigned_abs() != 1 {
                write!(f, "{} ", coefficient.unsigned_abs())?;
            }
            f.write_str(&(self.name)(variable))?;
            first = false;
        }
        let constant = self.form.constant_part();
        if first || constant != 0 {
            write_sign(f, constant, first)?;
            write!(f, "{}", constant.unsigned_abs())?;
        }
        Ok(())
    }
}

/// Writes what stands between a number without its sign and what precedes it.
fn write_sign(f: &mut fmt::Formatter<'_>, number: i64, first: bool) -> fmt::Result {
    f.write_str(match (first, number < 0) {
        (true, true) => "-",
        (true, false) => "",
        (false, true) => " - ",
        (false, false) => " + ",
    })
}

/// A formula and the names of its variables, to be printed.
struct FormulaText<'a> {
    formula: &'a Formula,
    name: &'a dyn Fn(Variable) -> String,
}

impl FormulaText<'_> {
    /// Writes that `form` compares to 0 as `relation` says, without a minus sign.
    fn comparison(&self, f: &mut fmt::Formatter<'_>, form: &Form, relation: &str) -> fmt::Result {
        self.side(f, form, |number| number > 0)?;
        write!(f, " {relation} ")?;
        self.side(f, form, |number| number < 0)
    }

    /// Writes the sum of those parts of the form that `belongs` picks, each without its sign.
    fn side(
        &self,
        f: &mut fmt::Formatter<'_>,
        form: &Form,
        belongs: fn(i64) -> bool,
    ) -> fmt::Result {
        let mut parts = Vec::new();
        for &(variable, coefficient) in form.terms() {
            match coefficient.unsigned_abs() {
                _ if !belongs(coefficient) => {}
                1 => parts.push((self.name)(variable)),
                size => parts.push(format!("{size} {}", (self.name)(variable))),
            }
        }
        if belongs(form.constant_part()) || parts.is_empty() {
            let here = if belongs(form.constant_part()) {
                form.constant_part()
            } else {
                0
            };
            parts.push(here.unsigned_abs().to_string());
        }
        f.write_str(&parts.join(" + "))
    }
}

impl fmt::Display for FormulaText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, empty, word) = match self.formula {
            Formula::AtLeastZero(form) => return self.comparison(f, form, ">="),
            Formula::All(parts) => (parts.as_slice(), "always", " and "),
            Formula::Any(parts) => (parts.as_slice(), "never", " or "),
        };
        match (self.formula, parts) {
            (_, []) => f.write_str(empty),
            (_, [part]) => part.display(self.name).fmt(f),
            (Formula::All(_), [Formula::AtLeastZero(one), Formula::AtLeastZero(other)])
                if are_opposite(one, other) =>
            {
                self.comparison(f, one, "=")
            }
            (_, [first, rest @ ..]) => {
                write!(f, "({}", first.display(self.name))?;
                for part in rest {
                    write!(f, "{word}{}", part.display(self.name))?;
                }
                f.write_str(")")
            }
        }
    }
}

/// Whether the forms add up to 0.
fn are_opposite(one: &Form, other: &Form) -> bool {
    let opposite = |a: i64, b: i64| a.checked_neg() == Some(b);
    one.terms().len() == other.terms().len()
        && opposite(one.constant_part(), other.constant_part())
        && one
            .terms()
            .iter()
            .zip(other.terms())
            .all(|(a, b)| a.0 == b.0 && opposite(a.1, b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD: Variable = Variable(0);
    const LINE: Variable = Variable(1);

    fn name(variable: Variable) -> String {
        if variable == HELD {
            "held".into()
        } else {
            "line".into()
        }
    }

    fn either_or() -> Formula {
        Formula::Any(vec![
            Formula::equal(HELD * 2, LINE + 1),
            Formula::All(vec![Formula::less(LINE, HELD), Formula::at_least(LINE, -3)]),
        ])
    }

    #[test]
    fn a_form_reads_as_one_would_write_it() {
        let text = |form: Form| form.display(&name).to_string();
        assert_eq!(text(HELD + LINE * 2 - 1), "held + 2 line - 1");
        assert_eq!(text(LINE * -1 + 3), "-line + 3");
        assert_eq!(text(HELD - LINE * 4), "held - 4 line");
        assert_eq!(text(Form::constant(-7)), "-7");
        assert_eq!(text(Form::default()), "0");
        assert_eq!(text(Form::constant(i64::MIN)), "-9223372036854775808");
    }

    #[test]
    fn a_reader_sees_comparisons_without_minus_signs() {
        let text = |formula: &Formula| formula.display(&name).to_string();
        assert_eq!(
            text(&either_or()),
            "(2 held = line + 1 or (held >= line + 1 and line + 3 >= 0))"
        );
        assert_eq!(text(&Formula::at_least(0, LINE)), "0 >= line");
        assert_eq!(text(&Formula::at_least(LINE, 4)), "line >= 4");
        assert_eq!(text(&Formula::at_least(-2, 0)), "0 >= 2");
        assert_eq!(
            text(&Formula::at_least(LINE * i64::MIN, 0)),
            "0 >= 9223372036854775808 line"
        );
        assert_eq!(text(&Formula::All(vec![Formula::never()])), "never");
        assert_eq!(text(&Formula::always()), "always");
    }
}
