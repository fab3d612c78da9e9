//! The types and rules as a page that a reviewer can read: what the sections do to what is on record.
//!
//! Where a party stands and what it has seen is left out of the rules: many differ in nothing else. So a change of the
//! core shows as a change of a few lines.

use std::collections::{BTreeMap, BTreeSet};

use super::arithmetic::formula::Formula;
use super::bundle::{Bundle, session_text};
use super::extract::Extraction;
use super::quantity;
use super::rule::Rule;

/// All types of parties, one a line, those that read alike once, with how many there are.
pub(super) fn types(extraction: &Extraction) -> String {
    let mut texts: BTreeMap<String, usize> = BTreeMap::new();
    for bundle in &extraction.types {
        *texts.entry(bundle.to_string()).or_default() += 1;
    }
    let line = |(text, number): (&String, &usize)| match number {
        1 => format!("- {text}\n"),
        _ => format!("- {text} ({number} types, which have seen different things)\n"),
    };
    texts.iter().map(line).collect()
}

/// All rules by what they do to what is on record, one a line.
pub(super) fn rules(extraction: &Extraction) -> BTreeSet<String> {
    let rules = extraction.rules.iter();
    rules.map(|rule| text(rule, &extraction.types)).collect()
}

fn text(rule: &Rule, types: &[Bundle]) -> String {
    let on_record = |kinds: &[usize]| -> Vec<String> {
        kinds
            .iter()
            .flat_map(|kind| pieces(&types[*kind]))
            .collect()
    };
    let (mut before, mut after) = (on_record(&rule.before), on_record(&rule.after));
    before.retain(|piece| {
        let same = after.iter().position(|other| other == piece);
        same.map(|place| after.remove(place)).is_none()
    });
    let list = |mut pieces: Vec<String>| {
        pieces.sort();
        if pieces.is_empty() {
            "nothing".to_owned()
        } else {
            pieces.join(" and ")
        }
    };
    let mut out = format!("*{}*", rule.label);
    if rule.is_blocked {
        out.push_str(" waits");
    } else if before.is_empty() && after.is_empty() {
        out.push_str(" changes no record");
    } else {
        out.push_str(&format!(": {} → {}", list(before), list(after)));
    }
    let name = |variable| quantity::name(variable);
    let conditions = rule.conditions.iter().cloned().map(Formula::AtLeastZero);
    let conditions: Vec<String> = conditions
        .map(|formula| formula.display(&name).to_string())
        .collect();
    if !conditions.is_empty() {
        out.push_str(&format!("; if {}", conditions.join(", ")));
    }
    if rule.permits != 0 {
        out.push_str(&format!("; permits {:+}", rule.permits));
    }
    for (flag, value) in &rule.flags {
        out.push_str(&format!("; {} := {value}", quantity::name(*flag)));
    }
    for duty in &rule.duties {
        out.push_str(&format!("; owes {duty}"));
    }
    out
}

/// What of a bundle is on record: its logon with what it holds, and each other session.
fn pieces(bundle: &Bundle) -> Vec<String> {
    let mut sessions = bundle.sessions.iter().collect::<Vec<_>>();
    let mut pieces = Vec::new();
    if let Some(record) = &bundle.logon {
        let mut text = format!("[{}", super::bundle::phase(record.phase));
        if bundle.places > 0 {
            text.push_str(", in line");
        }
        for claim in [record.claim, record.old].into_iter().flatten() {
            if let Some(place) = sessions.iter().position(|owned| owned.claim == claim) {
                text.push_str(&format!(", {}", session_text(sessions.remove(place))));
            }
        }
        pieces.push(text + "]");
    }
    pieces.extend(
        sessions
            .into_iter()
            .map(|owned| format!("[{}]", session_text(owned))),
    );
    pieces
}
