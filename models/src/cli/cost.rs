//! What a run took, in plain sentences.

use logon_sim::{counted, grouped};

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
    match outcome.verdict {
        Verdict::Holds => format!("{} of {}", grouped(states), counted(states, "state")),
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
    if let Some(peak) = outcome.peak_bytes {
        text.push_str(&memory(peak, "of memory at the peak"));
    }
    if let Some(kept) = outcome
        .bytes
        .filter(|_| states >= MANY || outcome.peak_bytes.is_none())
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
