//! Why it fails, by which orders, from where on, and what would have passed: the lines under the heading.

use super::super::story::Story;
use super::{escaped, sentence};
use crate::trace::{Explanation, Trace};

/// What happened and why, as a paragraph and a list of the reasons there are.
pub(super) fn lines(trace: &Trace, story: &Story) -> String {
    let explanation = trace.explanation.as_ref();
    let why = match explanation {
        Some(explanation) => sentence(&explanation.why),
        None => sentence(&story.sentences.join("; ")),
    };
    let mut out = format!("<p class=\"why\">{why}</p>\n");
    let mut terms = explanation.map(reasons).unwrap_or_default();
    // The sentence of the violation is part of why; what else fell in the same step is not.
    if explanation.is_some() {
        let others = story.sentences.iter().skip(1);
        terms.extend(others.map(|words| ("also", sentence(words))));
    }
    terms.push(("size", escaped(&story.size)));
    terms.extend(story.waits.iter().map(|words| ("waits", sentence(words))));
    terms.extend(story.memory.iter().map(|words| ("memory", sentence(words))));
    out.push_str("<dl class=\"lines\">\n");
    for (term, words) in terms {
        out.push_str(&format!("<div><dt>{term}</dt><dd>{words}</dd></div>\n"));
    }
    out.push_str("</dl>\n");
    out
}

fn reasons(explanation: &Explanation) -> Vec<(&'static str, String)> {
    let mut terms = Vec::new();
    let rule = explanation.rule.iter();
    terms.extend(rule.map(|rule| ("rule", sentence(&rule.sentence))));
    let point = explanation.point.iter();
    terms.extend(point.map(|point| ("point", sentence(&point.sentence))));
    let near = explanation.near.iter();
    terms.extend(near.map(|near| ("near", sentence(&near.sentence))));
    terms.push(("smallest", sentence(&explanation.smallest)));
    if !explanation.taken.is_empty() {
        let taken = explanation.taken.join("; ");
        terms.push(("without", sentence(&taken)));
    }
    terms
}
