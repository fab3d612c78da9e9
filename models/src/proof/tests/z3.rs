//! A second opinion: the solver z3 is asked about every obligation, and about every rule whether it may happen.
//!
//! Nothing rests on it. Where there is no z3, this says so and shows nothing.

use std::process::Command;

use logon_core::Variant;

use super::skipped;
use crate::proof::arithmetic::formula::Formula;
use crate::proof::arithmetic::refute::refute;
use crate::proof::extract::extract;
use crate::proof::invariant::invariant;
use crate::proof::obligations::{known, obligations};
use crate::proof::quantity::{ALL, name};
use crate::proof::{Configuration, build};

/// Asks whether the formulas of each question have a common solution.
fn ask(questions: &[Vec<Formula>]) -> std::io::Result<Vec<String>> {
    let symbol = |variable| name(variable).replace(' ', "-");
    let mut script = String::from("(set-logic QF_LIA)\n");
    for (variable, _) in ALL {
        script += &format!("(declare-const {} Int)\n", symbol(variable));
    }
    for question in questions {
        script += "(push)\n";
        for formula in question {
            script += &format!("(assert {})\n", formula.smt(&symbol));
        }
        script += "(check-sat)\n(pop)\n";
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("obligations.smt2");
    std::fs::write(&file, script)?;
    let output = Command::new("z3").arg(file).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().map(str::to_owned).collect())
}

#[test]
fn a_solver_agrees_on_every_obligation() {
    for configuration in Configuration::ALL {
        let allocator = build(Variant::Fixed, configuration);
        let extraction = extract(&allocator, configuration).expect("it can be followed");
        let (obligations, faults) = obligations(&extraction);
        assert_eq!(faults, []);
        let mut questions: Vec<Vec<Formula>> = obligations
            .into_iter()
            .map(|obligation| obligation.formulas)
            .collect();
        let owed = questions.len();
        // That a rule may happen has an answer of the other kind, for most.
        let conjuncts = invariant(configuration.has_maximum);
        questions.extend(extraction.rules.iter().map(|rule| {
            let mut formulas = known(rule, &extraction.types);
            formulas.extend(conjuncts.iter().map(|conjunct| conjunct.formula.clone()));
            formulas
        }));
        let answers = match ask(&questions) {
            Ok(answers) => answers,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return skipped("z3 is not installed, and nobody else is asked");
            }
            Err(error) => panic!("z3 cannot be asked: {error}"),
        };
        assert_eq!(answers.len(), questions.len());
        let mut possible = 0;
        for (number, (question, answer)) in questions.iter().zip(&answers).enumerate() {
            let is_refuted = refute(question).is_ok();
            assert!(is_refuted || number >= owed, "{configuration:?}");
            let expected = if is_refuted { "unsat" } else { "sat" };
            assert_eq!(answer, expected, "{configuration:?}: {question:?}");
            possible += usize::from(!is_refuted);
        }
        println!(
            "{configuration:?}: z3 agrees on {owed} obligations, and that {possible} of {} rules may happen",
            questions.len() - owed
        );
        assert!(possible > 0);
    }
}
