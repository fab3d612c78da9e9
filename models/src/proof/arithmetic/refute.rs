//! The search for a certificate, or for a solution if there is one. Not trusted: certificates are for
//! [`check`](super::certificate::check), and solutions are put into the formulas before they are returned.
//!
//! An attempt at a solution in fractions comes from the simplex. If it contradicts an alternative, each part
//! of that alternative is tried in turn; if it is no integer somewhere, both sides of that fraction are.

use std::collections::BTreeMap;
use std::fmt;

use super::certificate::Certificate;
use super::formula::Formula;
use super::linear::{Form, Variable};
use super::rational::{Rational, TooLarge};
use super::simplex::{Outcome, Simplex};

/// How many cuts may lie above a leaf. Without a limit, "2 x = 2 y + 1" would be cut for ever.
const MOST_CUTS: usize = 32;

/// How many nodes may lie above a leaf: each takes its share of the stack, here and in the checker.
const MOST_LEVELS: usize = 400;

/// How many nodes a certificate may have. The obligations that this was written for need a few.
const MOST_NODES: usize = 10_000;

/// Why there is no certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unrefuted {
    /// The formulas have this common solution. It has a value for each variable that occurs in them.
    Model(BTreeMap<Variable, i64>),
    /// The search ended without an answer, and why.
    GaveUp(String),
}

/// Looks for a certificate that no integers satisfy all the assumptions.
///
/// # Errors
///
/// [`Unrefuted::Model`] with integers that do satisfy them, or [`Unrefuted::GaveUp`] if numbers grew too large
/// or a limit of the search was reached.
pub fn refute(assumptions: &[Formula]) -> Result<Certificate, Unrefuted> {
    let mut variables = Vec::new();
    for formula in assumptions {
        formula.for_each_form(&mut |form| {
            variables.extend(form.terms().iter().map(|&(variable, _)| variable));
        });
    }
    let mut search = Search {
        simplex: Simplex::new(variables),
        constraints: 0,
        alternatives: Vec::new(),
        cuts: 0,
        levels: 0,
        nodes: 0,
    };
    match search.branch(|search| search.add_all(assumptions)) {
        Err(Unrefuted::Model(model)) => Err(confirmed(assumptions, model)),
        other => other,
    }
}

/// The model, if it does satisfy the assumptions.
fn confirmed(assumptions: &[Formula], model: BTreeMap<Variable, i64>) -> Unrefuted {
    let value = |variable| model[&variable];
    let verdict = |formula: &Formula| formula.evaluate_in_range(&value);
    match assumptions
        .iter()
        .map(verdict)
        .find(|verdict| *verdict != Some(true))
    {
        None => Unrefuted::Model(model),
        Some(None) => TooLarge.into(),
        Some(Some(_)) => {
            Unrefuted::GaveUp("the search is wrong: what it found is no solution".into())
        }
    }
}

/// Formulas of which one holds.
struct Alternative<'a> {
    parts: &'a [Formula],
    /// A node above has told its parts apart, so it need not be looked at. The part in question may be an
    /// alternative itself, and still be open.
    is_split: bool,
}

/// What is known at the node that is being worked on. Constraints and alternatives are counted as the checker
/// counts them: see [`Certificate`].
struct Search<'a> {
    simplex: Simplex,
    constraints: usize,
    alternatives: Vec<Alternative<'a>>,
    /// How many cuts lie above.
    cuts: usize,
    /// How many nodes lie above, with this one.
    levels: usize,
    /// How many nodes were made so far.
    nodes: usize,
}

impl From<TooLarge> for Unrefuted {
    fn from(_: TooLarge) -> Unrefuted {
        Unrefuted::GaveUp("a number grew too large".into())
    }
}

impl<'a> Search<'a> {
    /// Adds formulas to what is known, until they contradict it.
    fn add_all(&mut self, formulas: &'a [Formula]) -> Result<Outcome, Unrefuted> {
        for formula in formulas {
            let outcome = match formula {
                Formula::AtLeastZero(form) => self.add(form)?,
                Formula::All(parts) => self.add_all(parts)?,
                Formula::Any(parts) => {
                    self.alternatives.push(Alternative {
                        parts,
                        is_split: false,
                    });
                    Outcome::Open
                }
            };
            if outcome != Outcome::Open {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Open)
    }

    /// Adds a constraint to what is known.
    fn add(&mut self, form: &Form) -> Result<Outcome, Unrefuted> {
        self.constraints += 1;
        Ok(self.simplex.add(form, self.constraints - 1)?)
    }

    /// The certificate for what is known together with what `add` adds. If there is none, the search is over,
    /// and what it knows is of no more use.
    fn branch(
        &mut self,
        add: impl FnOnce(&mut Self) -> Result<Outcome, Unrefuted>,
    ) -> Result<Certificate, Unrefuted> {
        self.nodes += 1;
        self.levels += 1;
        if self.nodes > MOST_NODES || self.levels > MOST_LEVELS {
            return Err(Unrefuted::GaveUp(format!(
                "no certificate within {MOST_NODES} nodes in {MOST_LEVELS} levels"
            )));
        }
        let (constraints, alternatives) = (self.constraints, self.alternatives.len());
        let mark = self.simplex.mark();
        let certificate = match add(self)? {
            Outcome::Contradiction(sum) => Certificate::Sum(sum),
            Outcome::Open => self.node()?,
        };
        self.simplex.take_back(mark);
        self.alternatives.truncate(alternatives);
        self.constraints = constraints;
        self.levels -= 1;
        Ok(certificate)
    }

    /// The certificate for what is known.
    fn node(&mut self) -> Result<Certificate, Unrefuted> {
        if let Outcome::Contradiction(sum) = self.simplex.solve()? {
            return Ok(Certificate::Sum(sum));
        }
        if let Some(alternative) = self.contradicted_alternative()? {
            return self.split(alternative);
        }
        let mut model = BTreeMap::new();
        for &variable in self.simplex.variables() {
            let value = self.simplex.value(variable);
            let floor = i64::try_from(value.floor()).map_err(|_| TooLarge)?;
            if !value.is_whole() {
                return self.cut(variable, floor);
            }
            model.insert(variable, floor);
        }
        Err(Unrefuted::Model(model))
    }

    /// The certificate that tells the parts of the alternative apart.
    fn split(&mut self, alternative: usize) -> Result<Certificate, Unrefuted> {
        self.alternatives[alternative].is_split = true;
        let mut branches = Vec::new();
        for part in self.alternatives[alternative].parts {
            branches.push(self.branch(|search| search.add_all(std::slice::from_ref(part)))?);
        }
        self.alternatives[alternative].is_split = false;
        Ok(Certificate::Split {
            alternative,
            branches,
        })
    }

    /// The certificate that tells apart whether the variable is at most `at`.
    fn cut(&mut self, variable: Variable, at: i64) -> Result<Certificate, Unrefuted> {
        if self.cuts == MOST_CUTS {
            return Err(Unrefuted::GaveUp(format!(
                "there are solutions in fractions, and {MOST_CUTS} cuts did not decide on integers"
            )));
        }
        self.cuts += 1;
        let lower = Form::constant(at) - variable;
        let upper = variable + (-1 - at);
        // First the side of 0: the other may have no end.
        let (first, second) = if at < 0 {
            (&upper, &lower)
        } else {
            (&lower, &upper)
        };
        let first = Box::new(self.branch(|search| search.add(first))?);
        let second = Box::new(self.branch(|search| search.add(second))?);
        let (low, high) = if at < 0 {
            (second, first)
        } else {
            (first, second)
        };
        self.cuts -= 1;
        Ok(Certificate::Cut {
            variable,
            at,
            low,
            high,
        })
    }

    /// The alternative without a part that holds in the present attempt; of several, one with the fewest parts.
    fn contradicted_alternative(&self) -> Result<Option<usize>, TooLarge> {
        let mut fewest: Option<usize> = None;
        for (place, Alternative { parts, is_split }) in self.alternatives.iter().enumerate() {
            if !is_split
                && fewest.is_none_or(|other| parts.len() < self.alternatives[other].parts.len())
                && !self.any_holds(parts)?
            {
                fewest = Some(place);
            }
        }
        Ok(fewest)
    }

    /// Whether one of the formulas holds in the present attempt.
    fn any_holds(&self, formulas: &[Formula]) -> Result<bool, TooLarge> {
        for formula in formulas {
            if self.holds(formula)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the formula holds in the present attempt.
    fn holds(&self, formula: &Formula) -> Result<bool, TooLarge> {
        match formula {
            Formula::AtLeastZero(form) => {
                let mut sum = Rational::from(form.constant_part());
                for &(variable, coefficient) in form.terms() {
                    let term = self
                        .simplex
                        .value(variable)
                        .times(Rational::from(coefficient))?;
                    sum = sum.plus(term)?;
                }
                Ok(!sum.is_negative())
            }
            Formula::All(parts) => {
                for part in parts {
                    if !self.holds(part)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Formula::Any(parts) => self.any_holds(parts),
        }
    }
}

impl fmt::Display for Unrefuted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unrefuted::GaveUp(why) => write!(f, "no answer: {why}"),
            Unrefuted::Model(values) => {
                f.write_str("a solution:")?;
                for (Variable(number), value) in values {
                    write!(f, " v{number} = {value}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Unrefuted {}
