//! Termination: a potential that every progress rule lowers, so that only finitely many of them can follow
//! each other.
//!
//! A state is so many bundles of each type, and an integer, the demand. The potential gives each bundle the
//! weight of its type, and adds a factor times the demand, or 0 if the demand is negative. It is never
//! negative itself, for weights and factor are not. This file alone must be right for [`check`] to be believed.

use std::fmt;

/// One kind of step: bundles of the types `before` become bundles of the types `after`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The types of the bundles that the step takes, each as often as there are such bundles.
    pub before: Vec<usize>,
    /// The types of the bundles that it leaves instead.
    pub after: Vec<usize>,
    /// By how much the demand changes.
    pub demand: i64,
    /// The demand is known to be 1 or more before the step, and the step lowers it by exactly 1. To be set
    /// only together with `demand: -1`.
    pub lowers_demand: bool,
}

/// The weights of a potential.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranking {
    /// The weight of each type of bundles.
    pub weights: Vec<u64>,
    /// What one of demand counts.
    pub demand_factor: u64,
}

/// A rule does not lower the potential, or it is not known to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotLowered {
    /// The place of the rule in the list.
    pub rule: usize,
    /// What is wrong.
    pub reason: Reason,
}

/// Why a rule is not known to lower the potential.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The potential may change by this much, which is not negative.
    MayChangeBy(i128),
    /// The type has no weight.
    NoWeight(usize),
    /// The rule is said to lower the demand by one, and to change it by this much.
    ContradictsItself(i64),
    /// A number does not fit 128 bits.
    Overflow,
}

/// The trusted check: whether each rule lowers the potential by 1 or more, whatever the state.
///
/// # Errors
///
/// The first rule that is not known to.
pub fn check(ranking: &Ranking, rules: &[Rule]) -> Result<(), NotLowered> {
    for (place, rule) in rules.iter().enumerate() {
        let reason = match most_change(ranking, rule) {
            Ok(change) if change < 0 => continue,
            Ok(change) => Reason::MayChangeBy(change),
            Err(reason) => reason,
        };
        return Err(NotLowered {
            rule: place,
            reason,
        });
    }
    Ok(())
}

/// The most by which the rule may change the potential.
fn most_change(ranking: &Ranking, rule: &Rule) -> Result<i128, Reason> {
    let weight_of = |types: &[usize]| {
        types.iter().try_fold(0_i128, |sum, &kind| {
            let weight = *ranking.weights.get(kind).ok_or(Reason::NoWeight(kind))?;
            sum.checked_add(i128::from(weight)).ok_or(Reason::Overflow)
        })
    };
    let bundles = weight_of(&rule.after)?.checked_sub(weight_of(&rule.before)?);
    let demand = i128::from(demand_change(rule).map_err(Reason::ContradictsItself)?);
    let demand = demand.checked_mul(i128::from(ranking.demand_factor));
    let change = bundles
        .zip(demand)
        .and_then(|(bundles, demand)| bundles.checked_add(demand));
    change.ok_or(Reason::Overflow)
}

/// The most by which the demand, or 0 if that is larger, may change.
pub(super) fn demand_change(rule: &Rule) -> Result<i64, i64> {
    match (rule.lowers_demand, rule.demand) {
        // It was 1 or more, so what counts falls with it.
        (true, -1) => Ok(-1),
        (true, other) => Err(other),
        // It may have been negative, so a fall need not count.
        (false, change) => Ok(change.max(0)),
    }
}

impl fmt::Display for NotLowered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "rule {} is not known to lower the potential: ",
            self.rule
        )?;
        match self.reason {
            Reason::MayChangeBy(change) => write!(f, "it may change by {change}"),
            Reason::NoWeight(kind) => write!(f, "type {kind} has no weight"),
            Reason::ContradictsItself(change) => {
                write!(
                    f,
                    "it is said to lower the demand by one, and to change it by {change}"
                )
            }
            Reason::Overflow => f.write_str("a number does not fit 128 bits"),
        }
    }
}

impl std::error::Error for NotLowered {}
