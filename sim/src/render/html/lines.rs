//! Why it fails, by which orders, from where on, and what would have passed: the lines under the heading.

use super::super::story::Story;
use super::sentence;

/// What happened and why, as a paragraph and a list of the reasons there are.
pub(super) fn lines(story: &Story) -> String {
    let mut sentences = story.sentences.iter();
    let why = sentences
        .next()
        .map_or_else(String::new, |words| sentence(words));
    let mut terms: Vec<(&str, String)> = Vec::new();
    terms.extend(sentences.map(|words| ("also", sentence(words))));
    terms.extend(
        story
            .lines
            .iter()
            .map(|(name, words)| (*name, sentence(words))),
    );
    terms.extend(story.waits.iter().map(|words| ("waits", sentence(words))));
    terms.extend(story.memory.iter().map(|words| ("memory", sentence(words))));
    let mut out = format!("<p class=\"why\">{why}</p>\n<dl class=\"lines\">\n");
    for (term, words) in terms {
        out.push_str(&format!("<div><dt>{term}</dt><dd>{words}</dd></div>\n"));
    }
    out.push_str("</dl>\n");
    out
}
