//! What the checker says about a certificate that is wrong.

use std::fmt;

use super::linear::Variable;

/// A certificate is wrong, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejected {
    /// The way to the wrong node: at each node from the root on, which branch to take, counted from 0.
    pub node: Vec<usize>,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with one node of a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// There is no constraint at this place.
    NoSuchConstraint(usize),
    /// There is no alternative at this place.
    NoSuchAlternative(usize),
    /// The alternative has another number of parts than the node has branches.
    WrongNumberOfBranches {
        /// How many parts the alternative has.
        expected: usize,
        /// How many branches the node has.
        found: usize,
    },
    /// The variable is left over in the sum.
    DoesNotCancel(Variable),
    /// The sum is this constant, which is not negative.
    NotNegative(i128),
    /// A number in the sum does not fit 128 bits.
    Overflow,
}

/// Something is wrong with the root.
impl From<Reason> for Rejected {
    fn from(reason: Reason) -> Rejected {
        Rejected {
            node: Vec::new(),
            reason,
        }
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the certificate is wrong at its root")?;
        for branch in &self.node {
            write!(f, ", branch {branch}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NoSuchConstraint(place) => write!(f, "there is no constraint {place}"),
            Reason::NoSuchAlternative(place) => write!(f, "there is no alternative {place}"),
            Reason::WrongNumberOfBranches { expected, found } => {
                write!(
                    f,
                    "the alternative has {expected} parts, the node {found} branches"
                )
            }
            Reason::DoesNotCancel(Variable(number)) => {
                write!(f, "variable {number} is left over in the sum")
            }
            Reason::NotNegative(sum) => write!(f, "the sum is {sum}, which is not negative"),
            Reason::Overflow => f.write_str("a number in the sum does not fit 128 bits"),
        }
    }
}

impl std::error::Error for Rejected {}
