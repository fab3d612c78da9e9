//! What was worked out about an execution, line by line.

use std::collections::BTreeMap;

use super::vocabulary::Vocabulary;
use crate::trace::{Reach, Trace};

/// What was worked out about a failing execution, line by line; without that its size.
pub(super) fn lines(trace: &Trace, words: &dyn Vocabulary) -> Vec<(&'static str, String)> {
    let Some(found) = &trace.explanation else {
        return vec![("size", size(trace))];
    };
    let mut lines = Vec::new();
    let defect = words.defect(&trace.variant);
    lines.extend(defect.map(|sentence| ("defect", sentence)));
    let fell = trace.violation.as_ref();
    let property = fell.and_then(|fell| words.property(&fell.property));
    lines.extend(property.map(|sentence| ("broken", sentence)));
    lines.extend(
        found
            .rule
            .iter()
            .map(|rule| ("rule", rule.sentence.clone())),
    );
    lines.extend(
        found
            .point
            .iter()
            .map(|point| ("point", point.sentence.clone())),
    );
    lines.extend(match (&found.near, &found.rule) {
        (Some(near), _) => Some(("near", near.sentence.clone())),
        (None, Some(rule)) if rule.reach != Reach::Always || !found.limits.is_empty() => None,
        (None, Some(_)) => Some(match found.basis.exhausted {
            true => ("near", "no execution passes".to_owned()),
            false => ("near", "no execution of the sample passes".to_owned()),
        }),
        (None, None) => {
            let words = "not worked out, for it was compared with no other execution";
            Some(("rule", words.to_owned()))
        }
    });
    lines.push(("min", found.smallest.clone()));
    lines.extend(
        found
            .reduction
            .iter()
            .map(|reduction| ("less", reduction.to_string())),
    );
    lines.extend(found.limits.iter().map(|limit| ("limit", limit.clone())));
    lines
}

fn size(trace: &Trace) -> String {
    let count = |number: usize, noun: &str| match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    };
    let steps = count(trace.steps.len(), "step");
    let unknown = || "preemptions not counted".to_owned();
    let preemptions = trace
        .preemptions
        .map_or_else(unknown, |n| count(n, "preemption"));
    format!("{steps}, {preemptions}, found by checker {}", trace.checker)
}

/// What sequential consistency cannot explain, if the execution needs a weak memory model, and what there is to know of
/// the words that it uses; `None` if nothing.
pub(super) fn memory(trace: &Trace) -> Option<String> {
    let stale = trace.needs_weak_memory.then(|| stale_read(trace));
    let said: Vec<String> = stale
        .into_iter()
        .chain(trace.notes.iter().cloned())
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// What sequential consistency cannot explain: the first read whose value is not the one last seen in its
/// word.
fn stale_read(trace: &Trace) -> String {
    let mut words: BTreeMap<&str, u64> = BTreeMap::new();
    for (index, step) in trace.steps.iter().enumerate() {
        let latest = words.get(step.object.as_str()).copied();
        if let (Some(read), Some(latest)) = (step.read, latest)
            && read != latest
        {
            return format!(
                "needs a weak memory model: step {} reads {read} where {latest} is the latest value; a \
                 replay lets it read that",
                index + 1
            );
        }
        if let Some(value) = step.written.or(step.read) {
            words.insert(&step.object, value);
        }
    }
    "needs a weak memory model: it reads an old value; a replay lets it read that".to_owned()
}
