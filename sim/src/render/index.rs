//! The list of the counterexamples in a folder, as a page and as Markdown.

use super::html::{address, escaped, page};
use super::markdown::shown;
use super::plain::{Charset, clean, cut};
use crate::trace::{Summary, Trace};

/// How many columns a sentence may take.
const SENTENCE_COLUMNS: usize = 300;

/// How many columns a name may take.
const NAME_COLUMNS: usize = 60;

/// A counterexample that was found in a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    /// The variant.
    pub variant: String,
    /// The scenario.
    pub scenario: String,
    /// The property that falls; empty if none does.
    pub property: String,
    /// Why, in one sentence.
    pub why: String,
    /// How many steps it takes.
    pub steps: usize,
    /// The name of its folder.
    pub folder: String,
    /// Whether its page is there.
    pub has_page: bool,
    /// Whether its Markdown is.
    pub has_markdown: bool,
}

impl Entry {
    /// The entry of a trace in a folder that has all its renderings.
    pub fn new(folder: &str, trace: &Trace) -> Self {
        Self::of(folder, &Summary::of(trace))
    }

    /// The entry of a trace of which no more is known than its summary. Its texts are as long as they are shown.
    pub fn of(folder: &str, summary: &Summary) -> Self {
        let property = summary.property.as_deref().unwrap_or_default();
        Entry {
            variant: plain(&summary.variant, NAME_COLUMNS),
            scenario: plain(&summary.scenario, NAME_COLUMNS),
            property: plain(property, NAME_COLUMNS),
            why: plain(&summary.why, SENTENCE_COLUMNS),
            steps: summary.steps,
            folder: folder.to_owned(),
            has_page: true,
            has_markdown: true,
        }
    }

    /// Where a page leads to: without a page of its own to the trace, which every entry has.
    fn page(&self) -> &'static str {
        match self.has_page {
            true => "trace.html",
            false => "trace.json",
        }
    }

    /// Where Markdown leads to.
    fn markdown(&self) -> &'static str {
        match self.has_markdown {
            true => "trace.md",
            false => "trace.json",
        }
    }
}

/// The counterexamples as a page that leads to theirs.
pub fn html_index(entries: &[Entry]) -> String {
    let rows: String = entries
        .iter()
        .map(|entry| {
            format!(
                "<tr><td><a href=\"{}/{}\"><bdi>{}</bdi></a></td><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td>\
                 <td class=\"number\">{}</td><td>{}</td></tr>\n",
                address(&entry.folder),
                entry.page(),
                escaped(&plain(&entry.variant, NAME_COLUMNS)),
                escaped(&plain(&entry.scenario, NAME_COLUMNS)),
                escaped(&plain(&entry.property, NAME_COLUMNS)),
                entry.steps,
                escaped(&plain(&entry.why, SENTENCE_COLUMNS)),
            )
        })
        .collect();
    let body = format!(
        "<main class=\"index\">\n<h1>Counterexamples</h1>\n<p class=\"numbers\">{}</p>\n<section>\n<div class=\"box\" \
         tabindex=\"0\" role=\"region\" aria-label=\"counterexamples\">\n<table>\n<thead><tr><th \
         scope=\"col\">variant</th><th scope=\"col\">scenario</th><th scope=\"col\">property</th><th \
         scope=\"col\">steps</th><th scope=\"col\">why</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n\
         </section>\n</main>\n",
        many(entries.len())
    );
    page("Counterexamples", &body, None)
}

/// The same as Markdown.
pub fn markdown_index(entries: &[Entry]) -> String {
    let mut out = format!("# Counterexamples\n\n{}\n\n", many(entries.len()));
    out.push_str(
        "| variant | scenario | property | steps | why |\n| --- | --- | --- | ---: | --- |\n",
    );
    for entry in entries {
        let cell = |text: &str, columns| shown(&clean(text, Charset::Unicode), columns);
        out.push_str(&format!(
            "| [{}]({}/{}) | {} | {} | {} | {} |\n",
            cell(&entry.variant, NAME_COLUMNS),
            address(&entry.folder),
            entry.markdown(),
            cell(&entry.scenario, NAME_COLUMNS),
            cell(&entry.property, NAME_COLUMNS),
            entry.steps,
            cell(&entry.why, SENTENCE_COLUMNS),
        ));
    }
    out
}

fn many(count: usize) -> String {
    match count {
        1 => "1 execution".to_owned(),
        _ => format!("{count} executions"),
    }
}

fn plain(text: &str, columns: usize) -> String {
    cut(&clean(text, Charset::Unicode), columns, Charset::Unicode)
}
