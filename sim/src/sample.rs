//! What may be said of executions that were drawn, and that showed nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::counted::grouped;
use crate::scheduler::Guarantee;

/// How sure one wants to be.
const CERTAINTY: f64 = 0.95;

/// A probability below this is printed as no more than that: it is near to the least that an `f64` can hold.
const LEAST: f64 = 1e-300;

/// Executions that a sampler drew, of which none failed in what was looked for.
///
/// Printed it is what may be concluded, a sentence a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// How many there were.
    pub executions: u64,
    /// How many of them, the first ones, measured the program for the others. The others are independent of each other.
    pub pilots: u64,
    /// How many of all differ in more than the order of steps that are not dependent.
    pub distinct: u64,
    /// How many the limit on steps cut short; whatever would have fallen later in them was not seen.
    pub cut_short: u64,
    /// The one property that counts as a failure; `None` if every one does.
    pub property: Option<String>,
    /// How many ended early because another property fell first; whatever would have fallen later in them was not seen.
    pub passed_over: u64,
    /// Whether all that had been asked for were run. If not, something else than their number ended them, and nothing
    /// follows for a probability.
    pub is_whole: bool,
    /// What each of the independent ones promises, if anything.
    pub guarantee: Option<Guarantee>,
}

impl Sample {
    /// How many are independent of each other.
    #[must_use]
    pub fn independent(&self) -> u64 {
        self.executions.saturating_sub(self.pilots)
    }

    /// The least probability of a failure in one execution that would have been seen with 95 % certainty:
    /// `1 - 0.05^(1/n)`, about `3/n`, for `n` independent executions. `None` if there is nothing to conclude from.
    #[must_use]
    pub fn would_have_been_seen(&self) -> Option<f64> {
        let independent = self.independent();
        (self.is_whole && independent > 0)
            .then(|| -f64::exp_m1(f64::ln(1.0 - CERTAINTY) / independent as f64))
    }

    /// With which certainty a fault of the depth of the guarantee would have been seen. `None` without one, if there is
    /// nothing to conclude from, and if any execution ended early: what a guarantee promises may come at its very end.
    #[must_use]
    pub fn certainty(&self) -> Option<f64> {
        let ran_to_the_end = self.cut_short == 0 && self.passed_over == 0;
        let may_conclude = self.is_whole && ran_to_the_end && self.independent() > 0;
        let guarantee = self.guarantee.filter(|_| may_conclude)?;
        let missed = f64::ln_1p(-guarantee.probability()) * self.independent() as f64;
        Some(-f64::exp_m1(missed))
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} distinct: those that differ only in the order of independent steps count as one",
            grouped(self.distinct),
            match self.executions {
                1 => "1 execution is".to_owned(),
                executions => format!("{} executions are", grouped(executions)),
            }
        )?;
        if self.cut_short > 0 {
            write!(
                f,
                "; {} cut short by the limit on steps",
                grouped(self.cut_short)
            )?;
        }
        if self.passed_over > 0 {
            write!(
                f,
                "; {} ended early, for another property fell first",
                grouped(self.passed_over)
            )?;
        }
        let Some(probability) = self.would_have_been_seen() else {
            let reason = match self.is_whole {
                true => "all of them measured the program",
                false => "not as many were run as had been asked for",
            };
            return write!(f, "\nnothing follows for a probability: {reason}");
        };
        let counting = match self.pilots {
            0 => String::new(),
            pilots => format!(
                " by the {} that came after {pilots} which measured the program",
                grouped(self.independent())
            ),
        };
        let failure = match &self.property {
            None => "a failure".to_owned(),
            Some(property) => format!("a failure of {property}"),
        };
        write!(
            f,
            "\n{failure} that one execution of this sampler shows with a probability of {} or more would have been \
             seen{counting}, with a certainty of 95 %",
            share(probability, f64::ceil)
        )?;
        match (self.guarantee, self.certainty()) {
            (Some(guarantee), Some(certainty)) => write!(
                f,
                "\na fault of depth {depth} shows in one execution with a probability of at least {least}, if no execution \
                 takes more than {steps} steps, and none of these did: it would have been seen with a certainty of {certainty}",
                depth = guarantee.depth,
                least = least(guarantee),
                steps = guarantee.steps,
                certainty = percent(certainty)
            ),
            _ => Ok(()),
        }
    }
}

/// The probability of a guarantee, and how it comes about.
fn least(guarantee: Guarantee) -> String {
    let Guarantee { actors, steps, .. } = guarantee;
    let formula = format!(
        "1 / (n k^{}), with n = {actors} and k = {steps}",
        guarantee.changes()
    );
    match guarantee.probability() {
        probability if probability < LEAST => format!("{formula}, which is less than 10^-300"),
        probability => format!("{} ({formula})", share(probability, f64::floor)),
    }
}

/// A probability, not below [`LEAST`], with two digits that matter, rounded to the side on which the sentence stays true.
fn share(probability: f64, round: fn(f64) -> f64) -> String {
    if probability >= 1.0 {
        return "1".to_owned();
    }
    let exponent = probability.log10().floor() as i32;
    if exponent < -6 {
        let digits = round(probability / 10_f64.powi(exponent) * 10.0) / 10.0;
        return format!("{digits:.1}·10^{exponent}");
    }
    let scale = 10_f64.powi(1 - exponent);
    let digits = exponent.unsigned_abs() as usize + 1;
    format!("{:.digits$}", round(probability * scale) / scale)
}

/// A certainty in percent with one digit, rounded down: so much may be claimed, and never all.
fn percent(certainty: f64) -> String {
    match certainty > 0.999 {
        true => "more than 99.9 %".to_owned(),
        false => format!("{:.1} %", (certainty * 1_000.0).floor() / 10.0),
    }
}
