//! A trace as Markdown, for a pull request or the summary of a job.

use super::again::Again;
use super::diagram::diagram;
use super::plain::{Charset, cut};
use super::story::{Event, Story};
use super::vocabulary::Vocabulary;
use crate::trace::Trace;

/// How many columns one entry of a cell may take.
const ENTRY_COLUMNS: usize = 120;

/// How many columns a sentence may take.
const SENTENCE_COLUMNS: usize = 600;

/// The trace as Markdown: what happened to whom, a sequence diagram, the steps as a table, and how
/// to run it again from `file`. It uses no color, for it is read on light and dark pages alike.
pub fn markdown(trace: &Trace, words: &dyn Vocabulary, file: &str) -> String {
    let alone = markdown_alone(trace, words);
    match Again::of(trace, words, file, Charset::Unicode) {
        Again::Command(command, file) => format!("{alone}\n```sh\n{command} {file}\n```\n"),
        Again::Elsewhere(words) => {
            format!("{alone}\n**replay** {}\n", shown(&words, SENTENCE_COLUMNS))
        }
    }
}

/// The same of a trace that is in no file.
pub fn markdown_alone(trace: &Trace, words: &dyn Vocabulary) -> String {
    let story = Story::of(trace, words, Charset::Unicode);
    let (variant, scenario) = (name(&story.variant), name(&story.scenario));
    let mut out = match &story.property {
        Some(property) => format!("## FAIL {}: {variant} in {scenario}\n\n", name(property)),
        None => format!("## PASS: {variant} in {scenario}\n\n"),
    };
    if let Some(numbers) = &story.numbers {
        out.push_str(&format!("{numbers}\n\n"));
    }
    let why = story.property.as_ref().map_or("", |_| "**why** ");
    for words in story.sentences.iter().take(1) {
        out.push_str(&format!("{why}{}\n\n", shown(words, SENTENCE_COLUMNS)));
    }
    if !story.events.is_empty() {
        out.push_str(&drawn(&story));
        out.push_str(&table(&story));
    }
    let mut line = |name: &str, words: &str| {
        out.push_str(&format!(
            "- **{name}** {}\n",
            shown(words, SENTENCE_COLUMNS)
        ));
    };
    for words in story.sentences.iter().skip(1) {
        line("also", words);
    }
    for (name, words) in &story.lines {
        line(name, words);
    }
    for words in &story.waits {
        line("wait", words);
    }
    if let Some(words) = &story.memory {
        line(story.memory_label, words);
    }
    for meaning in story.legend() {
        let (mark, meaning) = meaning.split_at(1);
        out.push_str(&format!("- `{mark}`{meaning}\n"));
    }
    out
}

fn drawn(story: &Story) -> String {
    let diagram = diagram(story);
    let mut out = format!("```mermaid\n{}```\n\n", diagram.source);
    if diagram.left_out > 0 {
        out.push_str(&format!(
            "The diagram begins with step {}; the table has all {} steps.\n\n",
            diagram.left_out + 1,
            story.events.len()
        ));
    }
    out
}

fn table(story: &Story) -> String {
    let (head, rule, blank) = match story.is_timed() {
        true => ("| time ", "| --- ", "| "),
        false => ("", "", ""),
    };
    let mut out = format!("| step {head}| actor | does | on | what changed |\n");
    out.push_str(&format!("| ---: {rule}| --- | --- | --- | --- |\n"));
    for event in &story.events {
        out.push_str(&row(story, event));
    }
    if let Some(ending) = &story.ending {
        out.push_str(&format!("| ! {blank}| | | | {ending} |\n"));
    }
    out.push('\n');
    out
}

fn row(story: &Story, event: &Event) -> String {
    let changes: Vec<String> = event
        .changes
        .iter()
        .map(|change| shown(change, ENTRY_COLUMNS))
        .collect();
    let time = event.time.as_deref();
    let time = time.map_or_else(String::new, |time| format!("| {} ", escaped(time)));
    format!(
        "| {}{} {time}| {} | {} | {} | {} |\n",
        event.mark().replace('*', "\\*"),
        event.number,
        escaped(&story.actors[event.actor]),
        shown(&event.action, ENTRY_COLUMNS),
        escaped(&story.objects[event.object]),
        changes.join("<br>")
    )
}

fn name(name: &str) -> String {
    shown(name, 60)
}

/// Words of any origin as Markdown shows them literally, in a paragraph, a heading or a cell; cut where they are long.
pub fn markdown_words(words: &str) -> String {
    shown(words, SENTENCE_COLUMNS)
}

pub(super) fn shown(words: &str, columns: usize) -> String {
    escaped(&cut(words, columns, Charset::Unicode))
}

/// Clean text as Markdown shows it literally, in a paragraph or a cell, though not at the start of
/// a line. What could end a cell or begin HTML becomes the number of a character, which no dialect
/// reads as markup. An invisible space keeps names from calling people and numbers from linking to
/// issues.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let begins = |what: &str| rest.as_str().starts_with(what);
        match c {
            '\\' | '|' | '<' | '>' | '&' | '$' => out.push_str(&format!("&#{};", u32::from(c))),
            '`' | '*' | '_' | '[' | ']' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '@' | '#' => {
                out.push(c);
                out.push_str("&#8203;");
            }
            // Else a bare address becomes a link.
            ':' if begins("/") => out.push_str("&#58;"),
            'w' | 'W'
                if rest
                    .as_str()
                    .get(..3)
                    .is_some_and(|www| www.eq_ignore_ascii_case("ww.")) =>
            {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    out
}
