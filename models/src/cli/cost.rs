//! What a run took, in plain sentences.

use logon_sim::{counted, grouped};

use crate::outcome::{Coverage, Outcome, Verdict};

/// What it took, on a line of its own.
pub(super) fn sentence(outcome: &Outcome) -> String {
    let text = match outcome.states {
        Some(states) => visit(outcome, states),
        None => executions(outcome),
    };
    format!("  {text}\n")
}

/// How far it looked, in a few words.
pub(super) fn amount(outcome: &Outcome) -> String {
    match outcome.states {
        Some(states) => states_seen(outcome, states),
        None => work(outcome).unwrap_or_default(),
    }
}

/// How many states it visited or how many executions it ran, if it says so.
pub(super) fn work(outcome: &Outcome) -> Option<String> {
    let states = outcome.states.map(|number| counted(number, "state"));
    let executions = || {
        outcome
            .executions
            .map(|number| counted(number, "execution"))
    };
    states.or_else(executions)
}

/// States per second of processor time, if it visits states and took long enough to tell.
pub(super) fn pace(outcome: &Outcome) -> Option<f64> {
    let states = outcome.states?;
    (outcome.cpu_seconds > 0.0).then(|| states as f64 / outcome.cpu_seconds)
}

/// From how many states on a number of bytes for each means anything: below, it is what any program takes.
const MANY: u64 = 1_000;

/// From how many bytes on [`megabytes`] shows any. A process that has searched before may have grown already, and then
/// hardly grows by what a search takes.
const LEAST_SHOWN: u64 = 50_000;

/// Bytes of memory, at the peak and, where nobody tells that, in keys and graph.
pub(super) fn bytes(outcome: &Outcome) -> Option<u64> {
    outcome.states?;
    outcome.peak_bytes.or(outcome.bytes)
}

/// The same for each state, where there are many.
pub(super) fn bytes_each(outcome: &Outcome) -> Option<u64> {
    each(bytes(outcome)?, outcome.states?)
}

fn each(bytes: u64, states: u64) -> Option<u64> {
    (states >= MANY).then(|| bytes / states)
}

/// Bytes in millions.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

fn states_seen(outcome: &Outcome, states: u64) -> String {
    let is_complete =
        outcome.verdict != Verdict::Violated && matches!(outcome.coverage, Coverage::Exhaustive(_));
    match outcome.verdict {
        _ if is_complete => format!("{} of {}", grouped(states), counted(states, "state")),
        Verdict::Violated => format!("{} until the violation", counted(states, "state")),
        Verdict::Holds | Verdict::Incomplete => {
            format!("{}, and there are more", counted(states, "state"))
        }
    }
}

fn visit(outcome: &Outcome, states: u64) -> String {
    let mut text = format!("visited {}", states_seen(outcome, states));
    if let Some(steps) = outcome.steps {
        text.push_str(&format!("; {}", counted(steps, "transition")));
    }
    text.push_str(&format!("; {:.3} s of processor time", outcome.cpu_seconds));
    if let Some(pace) = pace(outcome) {
        text.push_str(&format!(
            ", {} states per second",
            grouped(pace.round() as u64)
        ));
    }
    let memory = |bytes: u64, what: &str| {
        let each = each(bytes, states);
        let each = each.map_or(String::new(), |each| {
            format!(", {} for each state", counted(each, "byte"))
        });
        format!("; {} MB {what}{each}", megabytes(bytes))
    };
    let shows = |bytes: &u64| *bytes >= LEAST_SHOWN;
    let peak = outcome.peak_bytes.filter(shows);
    if let Some(peak) = peak {
        text.push_str(&memory(peak, "of memory at the peak"));
    }
    if let Some(kept) = outcome
        .bytes
        .filter(|bytes| shows(bytes) && (states >= MANY || peak.is_none()))
    {
        text.push_str(&memory(kept, "allocated for keys and graph"));
    }
    text
}

fn executions(outcome: &Outcome) -> String {
    let parts = [
        outcome
            .executions
            .map(|number| counted(number, "execution")),
        outcome.steps.map(|number| counted(number, "step")),
        Some(format!("{:.3} s of processor time", outcome.cpu_seconds)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::{Effort, exhaustive};
    use crate::scenario::Scenario;
    use std::sync::Arc;

    #[test]
    fn memory_that_would_be_shown_as_none_is_left_out() {
        let scenario = Scenario::preset("q245221").expect("built in");
        let fixed = &logon_core::Variant::Fixed;
        let found = exhaustive(fixed, &Arc::new(scenario), &Effort::default()).expect("no fault");
        let said = |peak, kept| {
            sentence(&Outcome {
                peak_bytes: peak,
                bytes: kept,
                ..found.clone()
            })
        };
        assert!(said(Some(50_000), Some(900)).contains("; 0.1 MB of memory at the peak\n"));
        for (peak, kept) in [
            (Some(0), Some(900)),
            (Some(49_999), None),
            (None, Some(49_999)),
        ] {
            assert!(!said(peak, kept).contains("MB"), "{peak:?} {kept:?}");
        }
        let kept = said(Some(0), Some(100_000));
        assert!(
            kept.ends_with("; 0.1 MB allocated for keys and graph\n"),
            "{kept}"
        );
    }
}
