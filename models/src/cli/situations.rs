//! What a passing check saw, and what it never did.

use crate::outcome::{Coverage, Outcome, Verdict};
use crate::report::ReachedReport;

/// How many columns a line takes at the most.
pub(super) const WIDTH: usize = 100;

/// Which situations were reached, and which were not, each in lines of their own; nothing unless the properties held
/// and the checker notes it.
pub(super) fn lines(outcome: &Outcome) -> String {
    let Some(reached) = ReachedReport::of(outcome) else {
        return String::new();
    };
    let (some, none) = match (outcome.verdict, &outcome.coverage) {
        (Verdict::Holds, Coverage::Exhaustive(_)) => ("reached in some state", "reached in none"),
        _ => ("reached in these executions", "not reached in these"),
    };
    let mut text = paragraph(some, &reached.situations);
    text.push_str(&paragraph(none, &reached.never));
    text
}

/// The phrases behind a heading, as many in a line as there is room for.
fn paragraph(heading: &str, phrases: &[String]) -> String {
    let mut text = format!("  {heading}:");
    if phrases.is_empty() {
        text.push_str(" nothing");
    }
    let mut column = text.chars().count();
    for (index, phrase) in phrases.iter().enumerate() {
        let end = if index + 1 < phrases.len() { "," } else { "" };
        let width = phrase.chars().count() + end.len();
        if column + 1 + width > WIDTH {
            text.push_str("\n   ");
            column = 3;
        }
        text.push_str(&format!(" {phrase}{end}"));
        column += 1 + width;
    }
    text.push('\n');
    text
}
