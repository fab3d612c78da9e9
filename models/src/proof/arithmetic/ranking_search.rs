//! The search for a ranking. Not trusted: what it finds is for [`check`].
//!
//! Weights that make every rule lower the potential are a solution of linear inequalities, one for each rule.

use std::collections::BTreeMap;
use std::fmt;

use super::linear::{Form, Variable};
use super::ranking::{Ranking, Rule, check, demand_change};
use super::rational::{Rational, TooLarge, scaled_to_integers};
use super::simplex::{Outcome, Simplex};

/// Why there is no ranking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unranked {
    /// The places of rules that no weights and no factor make all lower the potential. They are in order, and
    /// without any one of them the others could.
    Together(Vec<usize>),
    /// The search ended without an answer, and why.
    GaveUp(String),
}

impl From<TooLarge> for Unranked {
    fn from(_: TooLarge) -> Unranked {
        Unranked::GaveUp("a number grew too large".into())
    }
}

/// Looks for a ranking of the rules over so many types of bundles.
///
/// # Errors
///
/// [`Unranked::Together`] if there is none, or [`Unranked::GaveUp`] if there are too many types or numbers
/// grew too large.
///
/// # Panics
///
/// If a rule names a type that is not below `types`, or is said to lower the demand and changes it otherwise.
pub fn find(types: usize, rules: &[Rule]) -> Result<Ranking, Unranked> {
    // One variable for each weight, and the last for the factor.
    let last = u16::try_from(types).map_err(|_| Unranked::GaveUp("too many types".into()))?;
    let variables: Vec<Variable> = (0..=last).map(Variable).collect();
    let mut falls: BTreeMap<Form, usize> = BTreeMap::new();
    for (place, rule) in rules.iter().enumerate() {
        falls.entry(fall(rule, last)).or_insert(place);
    }
    let forms: Vec<Form> = falls.keys().cloned().collect();

    let values = match solve(&variables, &forms)? {
        Ok(values) => values,
        Err(together) => {
            let fewest = fewest_without_solution(&variables, together)?;
            let mut places: Vec<usize> = fewest.iter().map(|form| falls[form]).collect();
            places.sort_unstable();
            return Err(Unranked::Together(places));
        }
    };
    let mut weights = scaled_to_integers(&values)?;
    lower(&mut weights, &forms);
    let demand_factor = weights.pop().unwrap_or(0);
    let ranking = Ranking {
        weights,
        demand_factor,
    };
    match check(&ranking, rules) {
        Ok(()) => Ok(ranking),
        Err(_) => Err(TooLarge.into()),
    }
}

/// The form that is 0 or more exactly if the rule lowers the potential by 1 or more.
fn fall(rule: &Rule, last: u16) -> Form {
    let weight = |kind: &usize| {
        let variable = u16::try_from(*kind).ok().filter(|kind| *kind < last);
        Form::of(Variable(
            variable.expect("a rule names a type that there is"),
        ))
    };
    let before = rule
        .before
        .iter()
        .map(weight)
        .fold(Form::constant(-1), |sum, one| sum + one);
    let fall = rule
        .after
        .iter()
        .map(weight)
        .fold(before, |sum, one| sum - one);
    let demand = demand_change(rule).expect("a rule that lowers the demand changes it by -1");
    fall - Variable(last) * demand
}

/// Values of the variables, none negative, for which none of the forms is negative; or else some of the forms,
/// in order, for which there are no such values.
fn solve(
    variables: &[Variable],
    forms: &[Form],
) -> Result<Result<Vec<Rational>, Vec<Form>>, TooLarge> {
    let mut simplex = Simplex::new(variables.to_vec());
    let own = variables.iter().map(|variable| Form::of(*variable));
    let mut outcome = Outcome::Open;
    for (place, form) in forms.iter().cloned().chain(own).enumerate() {
        if outcome == Outcome::Open {
            outcome = simplex.add(&form, place)?;
        }
    }
    if outcome == Outcome::Open {
        outcome = simplex.solve()?;
    }
    Ok(match outcome {
        Outcome::Open => Ok(variables
            .iter()
            .map(|variable| simplex.value(*variable))
            .collect()),
        Outcome::Contradiction(sum) => Err(sum
            .iter()
            .filter_map(|part| forms.get(part.0).cloned())
            .collect()),
    })
}

/// Leaves out forms as long as the others still have no solution.
fn fewest_without_solution(
    variables: &[Variable],
    forms: Vec<Form>,
) -> Result<Vec<Form>, TooLarge> {
    let mut fewest = forms;
    let mut place = 0;
    while place < fewest.len() {
        let mut others = fewest.clone();
        others.remove(place);
        match solve(variables, &others)? {
            Ok(_) => place += 1,
            // Of those before the place, none can be spared, so all of them are among the remaining ones.
            Err(remaining) => fewest = remaining,
        }
    }
    Ok(fewest)
}

/// Makes the weights smaller, one after the other, as long as no form becomes negative. The weights are those
/// of the variables in order.
fn lower(weights: &mut [u64], forms: &[Form]) {
    // Each round leaves weights that will do, so it does not matter which is the last.
    for _ in 0..100 {
        let mut changed = false;
        for (kind, variable) in (0..weights.len()).zip((0..).map(Variable)) {
            let mut less = weights[kind];
            for form in forms {
                let Ok(times) = u64::try_from(form.coefficient(variable)) else {
                    continue;
                };
                // A value too large is taken for none to spare.
                let value = |v: Variable| i64::try_from(weights[usize::from(v.0)]).unwrap_or(0);
                let spare = form.evaluate_in_range(&value).unwrap_or(0);
                let most = u64::try_from(spare).unwrap_or(0).checked_div(times);
                less = less.min(most.unwrap_or(less));
            }
            weights[kind] -= less;
            changed |= less > 0;
        }
        if !changed {
            return;
        }
    }
}

impl fmt::Display for Unranked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unranked::Together(rules) => {
                write!(
                    f,
                    "no weights make all of these rules lower the potential: {rules:?}"
                )
            }
            Unranked::GaveUp(why) => write!(f, "no answer: {why}"),
        }
    }
}

impl std::error::Error for Unranked {}
