//! Why it fails, by which orders, from where on, and what would have passed: the lines of a page.

use super::super::story::Story;
use super::help::term;
use super::sentence;

/// What happened and why, as a paragraph.
pub(super) fn why(story: &Story) -> String {
    let term = match story.property {
        Some(_) => format!("<span class=\"term\">{}</span> ", term("why")),
        None => String::new(),
    };
    let why = story.sentences.first();
    let why = why.map_or_else(String::new, |words| sentence(words));
    format!("<p class=\"why\">{term}{why}</p>\n")
}

/// The other lines there are, as a list.
pub(super) fn lines(story: &Story) -> String {
    let also = story.sentences.iter().skip(1).map(|words| ("also", words));
    let lines = story.lines.iter().map(|(name, words)| (*name, words));
    let waits = story.waits.iter().map(|words| ("wait", words));
    let memory = story.memory.iter().map(|words| (story.memory_label, words));
    let lines = also.chain(lines).chain(waits).chain(memory);
    let lines = lines.map(|(name, words)| {
        format!(
            "<div><dt>{}</dt><dd>{}</dd></div>\n",
            term(name),
            sentence(words)
        )
    });
    format!("<dl class=\"lines\">\n{}</dl>\n", lines.collect::<String>())
}
