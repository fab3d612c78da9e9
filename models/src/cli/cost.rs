//! What a run took, in plain sentences.

use logon_sim::counted;

use crate::outcome::{Outcome, Verdict};

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
    match (outcome.states, outcome.executions) {
        (Some(states), _) => states_seen(outcome, states),
        (None, Some(number)) => counted(number, "execution"),
        (None, None) => String::new(),
    }
}

/// States per second of processor time, if it visits states and took long enough to tell.
pub(super) fn pace(outcome: &Outcome) -> Option<f64> {
    let states = outcome.states?;
    (outcome.cpu_seconds > 0.0).then(|| states as f64 / outcome.cpu_seconds)
}

/// Bytes for each state, at the peak and, where nobody tells that, in keys and graph.
pub(super) fn bytes_each(outcome: &Outcome) -> Option<u64> {
    let bytes = outcome.peak_bytes.or(outcome.bytes)?;
    bytes.checked_div(outcome.states?)
}

fn states_seen(outcome: &Outcome, states: u64) -> String {
    match outcome.verdict {
        Verdict::Holds => format!("{states} of {}", counted(states, "state")),
        Verdict::Violated => format!("{} until the violation", counted(states, "state")),
        Verdict::Incomplete => format!("{}, and there are more", counted(states, "state")),
    }
}

fn visit(outcome: &Outcome, states: u64) -> String {
    let mut text = format!("visited {}", states_seen(outcome, states));
    if let Some(steps) = outcome.steps {
        text.push_str(&format!("; {}", counted(steps, "transition")));
    }
    text.push_str(&format!("; {:.3} s of processor time", outcome.cpu_seconds));
    if let Some(pace) = pace(outcome) {
        text.push_str(&format!(", {pace:.0} states per second"));
    }
    let each = |bytes: Option<u64>| bytes?.checked_div(states);
    match (each(outcome.peak_bytes), each(outcome.bytes)) {
        (Some(peak), Some(kept)) => text.push_str(&format!(
            "; {peak} bytes of memory for each state at the peak, {kept} of them to keep it"
        )),
        (None, Some(kept)) => text.push_str(&format!("; {kept} bytes to keep each state")),
        _ => {}
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
