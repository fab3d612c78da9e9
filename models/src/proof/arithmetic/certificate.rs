//! The trusted checker: whether a certificate shows that formulas have no common integer solution.
//!
//! Whatever claims a proof hands over a [`Certificate`]. This file, [`Form`] and [`Formula`] are all that must
//! be right for [`check`] to be believed; who found the certificate, and how, does not matter.
//!
//! A certificate is a tree. Each leaf adds up inequalities "form >= 0" that hold there, each as often as it
//! says, and gets "a negative number >= 0". Each inner node tells cases apart of which one must hold, and has
//! a certificate for each of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::formula::Formula;
use super::linear::{Form, Variable};
use super::rejection::{Reason, Rejected};

/// Why formulas have no common integer solution.
///
/// It speaks of two lists. The *constraints* are the forms known to be 0 or more, and the *alternatives* are
/// the [`Formula::Any`] known to hold. Both are filled from the assumptions from left to right: a comparison
/// becomes a constraint, the parts of an [`Formula::All`] are taken one by one, and a [`Formula::Any`] becomes
/// an alternative as it is. What an inner node adds for one of its branches comes after what was there, and
/// nothing is ever taken away within a branch; so a place in a list, counted from 0, means the same from the
/// node that added it down to the leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Certificate {
    /// Places of constraints, and how often to take each of them. Their sum is a negative constant.
    Sum(Vec<(usize, u64)>),
    /// One of the parts of an alternative holds.
    Split {
        /// The place of the alternative.
        alternative: usize,
        /// For each part of the alternative, in order, why it cannot be that part.
        branches: Vec<Certificate>,
    },
    /// An integer is either at most `at`, or at least `at + 1`.
    Cut {
        /// The integer.
        variable: Variable,
        /// The last value of the lower half.
        at: i64,
        /// Why it cannot be in the lower half, given the new constraint `at - variable >= 0`.
        low: Box<Certificate>,
        /// Why it cannot be in the upper half, given the new constraint `variable - at - 1 >= 0`.
        high: Box<Certificate>,
    },
}

/// Checks that the certificate shows that no integers satisfy all the assumptions.
///
/// The check calls itself once for each level of the certificate, and of an assumption.
///
/// # Errors
///
/// The first wrong node, depth first. It says nothing about whether there is a solution.
pub fn check(assumptions: &[Formula], certificate: &Certificate) -> Result<(), Rejected> {
    let mut known = Known::default();
    for formula in assumptions {
        known.add(formula);
    }
    known.contradicted_by(certificate)
}

/// What is known to hold at one node.
#[derive(Default)]
struct Known<'a> {
    constraints: Vec<Cow<'a, Form>>,
    alternatives: Vec<&'a [Formula]>,
}

impl<'a> Known<'a> {
    fn add(&mut self, formula: &'a Formula) {
        match formula {
            Formula::AtLeastZero(form) => self.constraints.push(Cow::Borrowed(form)),
            Formula::All(parts) => parts.iter().for_each(|part| self.add(part)),
            Formula::Any(parts) => self.alternatives.push(parts),
        }
    }

    fn contradicted_by(&mut self, certificate: &Certificate) -> Result<(), Rejected> {
        match certificate {
            Certificate::Sum(multiples) => Ok(self.add_up(multiples)?),
            Certificate::Split {
                alternative,
                branches,
            } => {
                let parts = self.alternatives.get(*alternative);
                let parts = *parts.ok_or(Reason::NoSuchAlternative(*alternative))?;
                let (expected, found) = (parts.len(), branches.len());
                if expected != found {
                    Err(Reason::WrongNumberOfBranches { expected, found })?;
                }
                for (number, (part, branch)) in parts.iter().zip(branches).enumerate() {
                    self.branch(number, branch, |known| known.add(part))?;
                }
                Ok(())
            }
            Certificate::Cut {
                variable,
                at,
                low,
                high,
            } => {
                let lower = Form::constant(*at) - *variable;
                // For every `at`, this number fits: -1 - at has all bits of `at` the other way.
                let upper = *variable + (-1 - *at);
                self.branch(0, low, |known| known.constraints.push(Cow::Owned(lower)))?;
                self.branch(1, high, |known| known.constraints.push(Cow::Owned(upper)))
            }
        }
    }

    /// Checks one branch of a node, in which `add` says what is known besides.
    fn branch(
        &mut self,
        number: usize,
        certificate: &Certificate,
        add: impl FnOnce(&mut Self),
    ) -> Result<(), Rejected> {
        let (constraints, alternatives) = (self.constraints.len(), self.alternatives.len());
        add(self);
        let result = self.contradicted_by(certificate);
        self.constraints.truncate(constraints);
        self.alternatives.truncate(alternatives);
        result.map_err(|mut rejected| {
            rejected.node.insert(0, number);
            rejected
        })
    }

    /// Adds up multiples of constraints, and asks for a negative constant.
    fn add_up(&self, multiples: &[(usize, u64)]) -> Result<(), Reason> {
        let mut coefficients: BTreeMap<Variable, i128> = BTreeMap::new();
        let mut constant = 0;
        for &(place, times) in multiples {
            let form = self.constraints.get(place);
            let form = form.ok_or(Reason::NoSuchConstraint(place))?;
            for &(variable, coefficient) in form.terms() {
                let sum = coefficients.entry(variable).or_default();
                add_multiple(sum, times, coefficient)?;
            }
            add_multiple(&mut constant, times, form.constant_part())?;
        }
        let left_over = coefficients.into_iter().find(|(_, sum)| *sum != 0);
        match left_over {
            Some((variable, _)) => Err(Reason::DoesNotCancel(variable)),
            None if constant >= 0 => Err(Reason::NotNegative(constant)),
            None => Ok(()),
        }
    }
}

/// Adds `times` times `number` to the sum.
fn add_multiple(sum: &mut i128, times: u64, number: i64) -> Result<(), Reason> {
    let product = i128::from(times).checked_mul(i128::from(number));
    let new = product.and_then(|product| sum.checked_add(product));
    *sum = new.ok_or(Reason::Overflow)?;
    Ok(())
}
