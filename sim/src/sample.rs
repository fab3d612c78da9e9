//! What may be said of executions that were drawn, and that showed nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::counted::grouped;
use crate::scheduler::Guarantee;

/// How sure one wants to be.
const CERTAINTY: f64 = 0.95;

/// Executions that a sampler drew, of which none failed.
///
/// Printed it is what may be concluded, a sentence a line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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

    /// With which certainty a fault of the depth of the guarantee would have been seen. `None` without one.
    #[must_use]
    pub fn certainty(&self) -> Option<f64> {
        let guarantee = self.guarantee.filter(|_| self.is_whole)?;
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
        write!(
            f,
            "\na failure that one execution of this sampler shows with a probability of {} or more would have been \
             seen{counting}, with a certainty of 95 %",
            share(probability, f64::ceil)
        )?;
        match (self.guarantee, self.certainty()) {
            (Some(guarantee), Some(certainty)) => {
                let Guarantee {
                    actors,
                    steps,
                    depth,
                } = guarantee;
                write!(
                    f,
                    "\na fault of depth {depth} shows in one execution with a probability of at least {} (1 / (n k^{}), with n = \
                     {actors} and k = {steps}), if no execution takes more than {steps} steps, and none of these did: it would \
                     have been seen with a certainty of {}",
                    share(guarantee.probability(), f64::floor),
                    depth - 1,
                    percent(certainty)
                )
            }
            _ => Ok(()),
        }
    }
}

/// A probability with two digits that matter, rounded to the side on which the sentence stays true.
fn share(probability: f64, round: fn(f64) -> f64) -> String {
    if probability >= 1.0 {
        return "1".to_owned();
    }
    let digits = usize::try_from(1 - probability.log10().floor() as i32).unwrap_or(2);
    let scale = 10_f64.powi(i32::try_from(digits).unwrap_or(2));
    format!("{:.digits$}", round(probability * scale) / scale)
}

/// A certainty in percent with one digit, rounded down: so much may be claimed, and never all.
fn percent(certainty: f64) -> String {
    match certainty > 0.999 {
        true => "more than 99.9 %".to_owned(),
        false => format!("{:.1} %", (certainty * 1_000.0).floor() / 10.0),
    }
}
