//! A simulation in words.

use logon_sim::{counted, grouped};

use super::result::Simulation;
use crate::judge::Violation;
use crate::report::{LatencyReport, SimulationReport};
use crate::scenario::Span;

/// What fell, in a sentence.
pub(super) fn sentence(violation: &Violation) -> String {
    let subject = match (violation.logon, violation.session) {
        (Some(logon), _) => format!("logon {}", logon.0),
        (None, Some(claim)) => claim.to_string(),
        (None, None) => "the server".to_owned(),
    };
    format!("{subject} {}", violation.what)
}

/// A time as a person says it: with a digit after the point below a hundred seconds, and in whole minutes, hours and days
/// above.
pub(super) fn time(milliseconds: u64) -> String {
    const SECOND: u64 = 1_000;
    const MINUTE: u64 = 60 * SECOND;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    match milliseconds {
        0..SECOND => format!("{milliseconds} ms"),
        SECOND..100_000 => format!(
            "{}.{} s",
            milliseconds / SECOND,
            milliseconds % SECOND / 100
        ),
        100_000..MINUTE_LIMIT => format!("{} min", milliseconds / MINUTE),
        MINUTE_LIMIT..HOUR_LIMIT => {
            format!(
                "{}.{} h",
                milliseconds / HOUR,
                milliseconds % HOUR * 10 / HOUR
            )
        }
        _ => format!(
            "{}.{} days",
            milliseconds / DAY,
            milliseconds % DAY * 10 / DAY
        ),
    }
}

const MINUTE_LIMIT: u64 = 100 * 60 * 1_000;
const HOUR_LIMIT: u64 = 100 * 60 * 60 * 1_000;

/// What a run does not show of an allocator that uses words with orders weaker than `SeqCst`.
pub(crate) const WEAKER_ORDERS: &str = "words are used with orders weaker than SeqCst; what those allow is left out, and only loom looks for it";

impl Simulation {
    /// The verdict and what was counted, for a terminal. `again` is the command that runs it again.
    #[must_use]
    pub fn text(&self, report: &SimulationReport, again: &str) -> String {
        let mut out = format!(
            "{} in {}: {}, seed {}, {} of virtual time\n\n",
            self.variant,
            self.scenario.name,
            counted(self.logons, "client"),
            self.seed,
            time(self.length)
        );
        out.push_str(&match &report.fell {
            None => {
                "PASS no property fell in this run (sampled): one run, which says nothing about others\n"
                    .to_owned()
            }
            Some(fell) => format!(
                "FAIL {} fell at {}, after {}: {}\n",
                fell.property,
                time(fell.at_ms),
                counted(fell.arrived, "connection"),
                fell.sentence
            ),
        });
        if let Some(page) = report.fell.as_ref().and_then(|fell| fell.trace.as_ref()) {
            out.push_str(&format!("     the steps before: {page}\n"));
        }
        out.push('\n');
        let outcomes = &report.outcomes;
        let mut row = |name: &str, number: u64, what: &str| {
            out.push_str(&format!("  {name:<12} {:>13}  {what}\n", grouped(number)));
        };
        row(
            "arrived",
            outcomes.arrived,
            "connections, clients that came back included",
        );
        row(
            "served",
            outcomes.served,
            &format!("saw their prompt{}", waited(&report.latency)),
        );
        let patience = Span(self.scenario.time.map_or(0, |time| time.patience));
        let lost = format!("lost patience, after {patience} by their own clocks");
        row("timed out", outcomes.timed_out, &lost);
        for (number, what) in [
            (outcomes.refused_71, "with event 71: the server was full"),
            (outcomes.dropped_22, "with event 22: dropped"),
            (outcomes.refused_201, "with event 201: no license"),
            (outcomes.refused_otherwise, "for another reason"),
        ] {
            if number > 0 {
                row("refused", number, what);
            }
        }
        row("logged on", outcomes.logged_on, "users");
        let most = &report.most;
        row(
            "at once",
            most.clients.into(),
            &format!(
                "clients at the most; {} in line, {} under creation",
                grouped(most.in_line),
                counted(most.creating.into(), "session")
            ),
        );
        out.push_str(&self.occurred(report));
        if report.unjudged > 0 {
            out.push_str(&format!(
                "  NOTE           too many admissions overlapped to say of {} of them whether some order explains them\n",
                grouped(report.unjudged)
            ));
        }
        if report.uses_weaker_orders {
            out.push_str(&format!("  NOTE           {WEAKER_ORDERS}\n"));
        }
        out.push_str(&format!(
            "\n  digest {} of {} facts in {} steps\n  again  {again}\n",
            report.digest,
            grouped(report.facts),
            grouped(report.steps)
        ));
        out
    }

    /// What happened how often, and what was asked for and never did.
    fn occurred(&self, report: &SimulationReport) -> String {
        let (happened, never): (Vec<_>, Vec<_>) = report
            .occurrences
            .iter()
            .filter(|occurrence| occurrence.asked_for || occurrence.times > 0)
            .partition(|occurrence| occurrence.times > 0);
        let mut out = String::new();
        if !happened.is_empty() {
            out.push_str("\n  happened\n");
            for occurrence in happened {
                out.push_str(&format!(
                    "  {:>13}  times: {}\n",
                    grouped(occurrence.times),
                    occurrence.what
                ));
            }
        }
        for occurrence in never {
            out.push_str(&format!(
                "  NEVER          {}, although the scenario asks for it: this run says nothing about that\n",
                occurrence.what
            ));
        }
        out
    }
}

/// A time as [`time`] says it, or the next longer one that it says: what is within the one is within the other.
fn at_most(milliseconds: u64) -> String {
    match milliseconds {
        1_000..99_901 => time(milliseconds.next_multiple_of(100)),
        _ => time(milliseconds),
    }
}

fn waited(latency: &LatencyReport) -> String {
    let (Some(half), Some(most), Some(nearly_all)) =
        (latency.p50_ms, latency.p95_ms, latency.p99_ms)
    else {
        return String::new();
    };
    format!(
        ": half within {}, 95 % within {}, 99 % within {}, the last within {}",
        at_most(half),
        at_most(most),
        at_most(nearly_all),
        at_most(latency.longest_ms)
    )
}

#[cfg(test)]
mod tests {
    use super::{at_most, time};

    #[test]
    fn what_is_within_a_time_is_within_the_one_that_is_said() {
        for (milliseconds, said) in [
            (999, "999 ms"),
            (1_000, "1.0 s"),
            (8_191, "8.2 s"),
            (99_900, "99.9 s"),
        ] {
            assert_eq!(at_most(milliseconds), said);
        }
    }

    #[test]
    fn a_time_is_said_as_a_person_says_it() {
        for (milliseconds, said) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (2_050, "2.0 s"),
            (99_999, "99.9 s"),
            (100_000, "1 min"),
            (5_400_000, "90 min"),
            (21_600_000, "6.0 h"),
            (8_294_400_000, "96.0 days"),
        ] {
            assert_eq!(time(milliseconds), said);
        }
    }
}
