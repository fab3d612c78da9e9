//! Formulas in the language of SMT solvers, to ask one for a second opinion.

use super::formula::Formula;
use super::linear::{Form, Variable};

impl Formula {
    /// The formula in the language of SMT solvers (SMT-LIB 2, theory of integers), to ask one for a second
    /// opinion. Each name must be a symbol of that language and be declared there as an `Int`.
    #[must_use]
    pub fn smt(&self, name: &dyn Fn(Variable) -> String) -> String {
        let joined = |word: &str, parts: &[Formula]| {
            let texts: Vec<String> = parts.iter().map(|part| part.smt(name)).collect();
            format!("({word} {})", texts.join(" "))
        };
        match self {
            Formula::AtLeastZero(form) => format!("(>= {} 0)", form_smt(form, name)),
            Formula::All(parts) if parts.is_empty() => "true".into(),
            Formula::Any(parts) if parts.is_empty() => "false".into(),
            Formula::All(parts) => joined("and", parts),
            Formula::Any(parts) => joined("or", parts),
        }
    }
}

/// A form in the language of SMT solvers.
fn form_smt(form: &Form, name: &dyn Fn(Variable) -> String) -> String {
    let number = |value: i64| match value {
        0.. => value.to_string(),
        // The language has no negative numerals.
        _ => format!("(- {})", value.unsigned_abs()),
    };
    let constant = number(form.constant_part());
    let term =
        |&(variable, times): &(Variable, i64)| format!("(* {} {}) ", number(times), name(variable));
    let text: String = form.terms().iter().map(term).collect();
    if text.is_empty() {
        constant
    } else {
        format!("(+ {text}{constant})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD: Variable = Variable(0);
    const LINE: Variable = Variable(1);

    fn name(variable: Variable) -> String {
        let name = if variable == HELD { "held" } else { "line" };
        name.into()
    }

    fn either_or() -> Formula {
        Formula::Any(vec![
            Formula::equal(HELD * 2, LINE + 1),
            Formula::All(vec![Formula::less(LINE, HELD), Formula::at_least(LINE, -3)]),
        ])
    }

    #[test]
    fn a_solver_gets_its_own_language() {
        assert_eq!(
            either_or().smt(&name),
            "(or (and (>= (+ (* 2 held) (* (- 1) line) (- 1)) 0) (>= (+ (* (- 2) held) (* 1 line) 1) 0)) \
             (and (>= (+ (* 1 held) (* (- 1) line) (- 1)) 0) (>= (+ (* 1 line) 3) 0)))"
        );
        assert_eq!(
            Formula::at_least(i64::MIN, 0).smt(&name),
            "(>= (- 9223372036854775808) 0)"
        );
        assert_eq!(Formula::always().smt(&name), "true");
        assert_eq!(Formula::never().smt(&name), "false");
    }
}
