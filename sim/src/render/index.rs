//! The list of what is in a folder, counterexamples first, as a page and as Markdown.

use super::html::{address, escaped, page};
use super::list::{self, List};
use super::markdown::shown;
use super::plain::{Charset, clean, cut};
use super::vocabulary::Vocabulary;
use crate::counted::counted;
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
    /// How many preemptions are among them; none if they were not counted.
    pub preemptions: Option<usize>,
    /// How many actors its scenario has.
    pub actors: usize,
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
            preemptions: summary.preemptions,
            actors: summary.actors,
            folder: folder.to_owned(),
            has_page: true,
            has_markdown: true,
        }
    }

    /// Whether what is wrong with the variant is known.
    fn is_deliberate(&self, words: &dyn Vocabulary) -> bool {
        words.defect(&self.variant).is_some()
    }

    fn preemptions(&self) -> String {
        let counted = self.preemptions.map(|preemptions| preemptions.to_string());
        counted.unwrap_or_else(|| "not counted".to_owned())
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

/// The counterexamples as a page that leads to theirs, and below them the other lists that have anything. Of the code of
/// each, `words` knows whether its defect is known.
pub fn html_index(entries: &[Entry], lists: &[List], words: &dyn Vocabulary) -> String {
    let lists: Vec<&List> = lists.iter().filter(|list| !list.rows.is_empty()).collect();
    let title = title(entries, &lists);
    let mut body = format!("<main class=\"index\">\n<h1>{title}</h1>\n");
    if are_listed(entries, &lists) {
        body.push_str(&counterexamples(entries, words));
    }
    body.extend(lists.into_iter().map(list::html));
    body.push_str("</main>\n");
    page(&title, &body, None, "")
}

/// Whether the counterexamples are listed: a folder that has something else alone says nothing of them.
fn are_listed(entries: &[Entry], lists: &[&List]) -> bool {
    !entries.is_empty() || lists.is_empty()
}

fn title(entries: &[Entry], lists: &[&List]) -> String {
    let first = are_listed(entries, lists).then_some("Counterexamples");
    let others = lists.iter().map(|list| list.title);
    let titles: Vec<&str> = first.into_iter().chain(others).collect();
    titles.join(", ")
}

fn counterexamples(entries: &[Entry], words: &dyn Vocabulary) -> String {
    let intro: String = intro(entries, words)
        .iter()
        .map(|sentence| format!("<p>{}</p>\n", escaped(sentence)))
        .collect();
    let heads = HEADS.map(|head| format!("<th scope=\"col\">{head}</th>"));
    let rows: String = entries.iter().map(|entry| row(entry, words)).collect();
    format!(
        "{intro}<section>\n<div class=\"box\" tabindex=\"0\" \
         role=\"region\" aria-label=\"counterexamples\">\n<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{rows}</tbody>\n\
         </table>\n</div>\n</section>\n",
        heads.concat()
    )
}

/// The columns of the list.
const HEADS: [&str; 7] = [
    "variant",
    "scenario",
    "property",
    "steps",
    "preemptions",
    "actors",
    "why",
];

fn row(entry: &Entry, words: &dyn Vocabulary) -> String {
    let name = |text: &str| format!("<bdi>{}</bdi>", escaped(&plain(text, NAME_COLUMNS)));
    let mark = match entry.is_deliberate(words) {
        true => " <span class=\"known\">deliberate</span>",
        false => "",
    };
    let variant = format!(
        "<a href=\"{}/{}\">{}</a>{mark}",
        address(&entry.folder),
        entry.page(),
        name(&entry.variant)
    );
    let cells = [
        variant,
        name(&entry.scenario),
        name(&entry.property),
        entry.steps.to_string(),
        entry.preemptions(),
        entry.actors.to_string(),
        escaped(&plain(&entry.why, SENTENCE_COLUMNS)),
    ];
    let cells = cells.iter().zip(HEADS).map(|(cell, head)| {
        let class = match NUMBERS.contains(&head) {
            true => " class=\"number\"",
            false => "",
        };
        format!("<td{class} data-head=\"{head}\">{cell}</td>")
    });
    format!("<tr>{}</tr>\n", cells.collect::<String>())
}

/// The columns that hold numbers.
const NUMBERS: [&str; 3] = ["steps", "preemptions", "actors"];

/// The same as Markdown.
pub fn markdown_index(entries: &[Entry], lists: &[List], words: &dyn Vocabulary) -> String {
    let lists: Vec<&List> = lists.iter().filter(|list| !list.rows.is_empty()).collect();
    let mut out = format!("# {}\n", title(entries, &lists));
    if are_listed(entries, &lists) {
        out.push_str(&markdown_counterexamples(entries, words));
    }
    out.extend(lists.into_iter().map(list::markdown));
    out
}

fn markdown_counterexamples(entries: &[Entry], words: &dyn Vocabulary) -> String {
    let cell = |text: &str, columns| shown(&clean(text, Charset::Unicode), columns);
    let mut out = "\n".to_owned();
    for sentence in intro(entries, words) {
        out.push_str(&format!("{}\n\n", cell(&sentence, SENTENCE_COLUMNS)));
    }
    let rules = HEADS.map(|head| match NUMBERS.contains(&head) {
        true => "---:",
        false => "---",
    });
    out.push_str(&format!("| {} |\n", HEADS.join(" | ")));
    out.push_str(&format!("| {} |\n", rules.join(" | ")));
    for entry in entries {
        let mark = match entry.is_deliberate(words) {
            true => " (deliberate)",
            false => "",
        };
        out.push_str(&format!(
            "| [{}]({}/{}){mark} | {} | {} | {} | {} | {} | {} |\n",
            cell(&entry.variant, NAME_COLUMNS),
            address(&entry.folder),
            entry.markdown(),
            cell(&entry.scenario, NAME_COLUMNS),
            cell(&entry.property, NAME_COLUMNS),
            entry.steps,
            entry.preemptions(),
            entry.actors,
            cell(&entry.why, SENTENCE_COLUMNS),
        ));
    }
    out
}

/// What made the list, whether what is in it was put in, and how much that is.
fn intro(entries: &[Entry], words: &dyn Vocabulary) -> Vec<String> {
    let deliberate = entries.iter().filter(|entry| entry.is_deliberate(words));
    let deliberate = match (deliberate.count(), entries.len()) {
        (0, _) => None,
        (1, 1) => {
            Some("Its defect is deliberate: it was put in, to show that it is found.".to_owned())
        }
        (some, all) if some == all => Some(
            "All of these defects are deliberate: they were put in, to show that they are found."
                .to_owned(),
        ),
        (some, all) => Some(format!(
            "Where it says deliberate, in {some} of {all}, the defect was put in, to show that it is found."
        )),
    };
    let many = counted(entries.len() as u64, "execution");
    [words.about()]
        .into_iter()
        .chain(deliberate)
        .chain([format!("{many}.")])
        .collect()
}

fn plain(text: &str, columns: usize) -> String {
    cut(&clean(text, Charset::Unicode), columns, Charset::Unicode)
}
