//! Text, Markdown and page have the same words, and all of them are explained: on the page and in `docs/reading.md`.

use logon_models::render::{TextOptions, html, markdown, text};
use logon_models::trace::Trace;
use logon_sim::render::{HELP, Word};

use crate::render_traces::html::explained;
use crate::render_traces::samples;

const FILE: &str = "x.json";

fn words() -> impl Iterator<Item = &'static Word> {
    HELP.iter().flat_map(|group| group.words)
}

/// The rows of the tables of `docs/reading.md` that explain a word, which is bold: the word and its meaning.
fn documented() -> Vec<(String, String)> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reading.md");
    let page = std::fs::read_to_string(file).expect("the page is part of the repository");
    let rows = page.lines().filter_map(|line| {
        let row = line.strip_prefix("| **")?.strip_suffix(" |")?;
        row.split_once("** | ")
    });
    let plain = |cell: &str| cell.replace('\\', "");
    rows.map(|(word, meaning)| (plain(word), plain(meaning)))
        .collect()
}

#[test]
fn the_page_about_reading_has_each_word_in_the_same_words() {
    let words = words().map(|word| (word.name.to_owned(), word.meaning.to_owned()));
    assert_eq!(documented(), words.collect::<Vec<_>>());
}

#[test]
fn no_word_is_explained_twice() {
    let mut names: Vec<&str> = words().map(|word| word.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// Traces with every line and every mark among them.
fn traces() -> Vec<Trace> {
    let mut also = explained();
    let violation = also.violation.as_mut().expect("it fails");
    violation.properties.push("one-outcome".to_owned());
    let explanation = also.explanation.as_mut().expect("explained");
    explanation.limits = vec!["near: the search was given up".to_owned()];
    let mut round = explained();
    round.violation.as_mut().expect("it fails").repeats_from = Some(2);
    let mut noted = explained();
    noted
        .notes
        .push("It is the end of a longer one.".to_owned());
    samples::all()
        .into_iter()
        .chain([explained(), also, round, noted])
        .collect()
}

/// What stands between each `from` and the next `to`.
fn all<'a>(page: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    let parts = page.split(from).skip(1);
    parts.filter_map(|part| part.split(to).next()).collect()
}

#[test]
fn text_markdown_and_page_name_the_same_lines_and_each_is_explained() {
    let lines: Vec<&str> = HELP[0].words.iter().map(|word| word.name).collect();
    let mut seen: Vec<String> = Vec::new();
    for trace in traces() {
        let options = TextOptions {
            file: Some(FILE),
            page: Some("x.html"),
            ..TextOptions::default()
        };
        let said = text(&trace, &options);
        // The heading names no line, and the table begins with no letter.
        let in_text = said.lines().skip(1).filter_map(|line| {
            let name = line.split(' ').next().filter(|name| !name.is_empty())?;
            let is_name = name.chars().all(|c| c.is_ascii_lowercase());
            (is_name && line.as_bytes().get(7) == Some(&b' ')).then_some(name)
        });
        let in_text: Vec<&str> = in_text.collect();
        let page = html(&trace, FILE);
        let shown = page
            .split("<section id=\"help\">")
            .next()
            .expect("its beginning");
        let on_page = all(shown, "<a href=\"#help-", "\"");
        let written = markdown(&trace, FILE);
        let in_markdown = all(&written, "**", "** ");
        let in_markdown: Vec<&str> = in_markdown
            .into_iter()
            .filter(|name| lines.contains(name))
            .collect();
        for name in in_text.iter().chain(&on_page) {
            assert!(lines.contains(name), "{name} is not explained");
        }
        // Those of the text alone are no lines elsewhere: the legend, the page itself and the command.
        let besides = ["mark", "page", "replay"];
        let both = |names: &[&str]| {
            let names = names.iter().filter(|name| !besides.contains(name));
            let mut names: Vec<String> = names.map(|name| (*name).to_owned()).collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        assert_eq!(both(&in_text), both(&on_page), "{}", trace.variant);
        assert_eq!(both(&in_text), both(&in_markdown), "{}", trace.variant);
        for name in lines.iter().filter(|name| on_page.contains(name)) {
            let place = format!("<div id=\"help-{name}\"><dt>{name}</dt>");
            assert_eq!(page.matches(&place).count(), 1, "{name}");
        }
        seen.extend(in_text.into_iter().map(str::to_owned));
    }
    for name in lines {
        assert!(seen.iter().any(|seen| seen == name), "{name} is never said");
    }
}

#[test]
fn each_mark_that_is_explained_occurs() {
    let traces = traces();
    let texts = traces
        .iter()
        .map(|trace| text(trace, &TextOptions::default()));
    let texts: Vec<String> = texts
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for mark in HELP[1].words {
        assert!(
            texts.iter().any(|text| text.contains(mark.name)),
            "{}",
            mark.name
        );
    }
}
