//! A trace as a page: one file, without a network, that can be read without a script and on paper.
//!
//! What the script adds is stepping. Whatever comes from the trace is text: it is cleaned, cut and escaped before it
//! stands in the page, and the page's policy lets no script run but our own.

mod escape;
mod help;
mod lanes;
mod legend;
mod lines;
mod marked;
mod nodes;
mod picture;
mod policy;
mod routes;
mod state;
mod tables;

use super::again::Again;
use super::plain::{Charset, clean, cut};
use super::source::SourceBase;
use super::story::Story;
use super::vocabulary::Vocabulary;
use crate::trace::Trace;
pub(super) use escape::{address, escaped};
pub(super) use policy::page;

/// How many columns a name in a heading may take.
const NAME_COLUMNS: usize = 60;

/// How many columns a sentence may take.
const SENTENCE_COLUMNS: usize = 600;

/// What a page leads to.
#[derive(Clone, Copy, Default, Debug)]
pub struct PageOptions<'a> {
    /// The file that holds the trace, for the command that replays it.
    pub file: &'a str,
    /// The address of the page that lists this one beside others, relative to it; without one, no link.
    pub index: Option<&'a str>,
    /// Where the source of the program is; without it, the places in it are text.
    pub source: Option<&'a SourceBase>,
}

/// The trace as a page: what happened to whom and why, the steps as a picture and as a table, the nearest passing
/// execution, how to run it again, the scenario, what the words mean, and the trace itself as JSON.
pub fn html(trace: &Trace, words: &dyn Vocabulary, options: &PageOptions<'_>) -> String {
    let story = Story::of(trace, words, Charset::Unicode);
    let mut body = String::from("<main>\n");
    body.push_str(&head(&story, options.index));
    body.push_str(&lines::why(&story));
    if story.events.is_empty() {
        body.push_str(&lines::lines(&story));
    } else {
        body.push_str("<div class=\"walk\">\n<h2 id=\"drawn\">What happened</h2>\n");
        body.push_str(PLAYER);
        body.push_str("<div class=\"beside\">\n");
        body.push_str(&picture::picture(trace, &story));
        body.push_str(&format!(
            "<div class=\"told\">\n{}{}</div>\n</div>\n",
            lines::lines(&story),
            state::states(trace)
        ));
        body.push_str(&tables::steps(trace, &story, options.source));
        body.push_str("</div>\n");
    }
    body.push_str(&tables::neighbour(trace));
    body.push_str(&again(trace, words, options.file));
    add_sources(trace, &mut body);
    body.push_str(&help::section());
    add_trace(trace, &mut body);
    body.push_str("</main>\n");
    let (verdict, property) = verdict(&story);
    let title = format!("{verdict} {property}{}", place(&story));
    page(&title, &body, Some(policy::SCRIPT), "")
}

/// The buttons and the line that tells where one is. The script shows them.
const PLAYER: &str = "<div class=\"player\" id=\"player\" role=\"group\" aria-label=\"stepping\" hidden>\n\
    <div class=\"buttons\"><button type=\"button\" data-go=\"first\">first</button>\
    <button type=\"button\" data-go=\"back\">back</button>\
    <button type=\"button\" data-go=\"next\">next</button>\
    <button type=\"button\" data-go=\"last\">last</button>\
    <button type=\"button\" data-go=\"failure\">failure</button></div>\n\
    <p id=\"now\" role=\"status\" aria-live=\"polite\" tabindex=\"0\"><kbd>j</kbd> and <kbd>k</kbd> or arrows step, \
    <kbd>Home</kbd> and <kbd>End</kbd> jump, <kbd>f</kbd> goes to the failure, <kbd>Esc</kbd> leaves the step.</p>\n\
    <label><input type=\"checkbox\" id=\"keys\" checked> keyboard shortcuts</label>\n</div>\n";

fn verdict(story: &Story) -> (&'static str, String) {
    match &story.property {
        Some(property) => ("FAIL", name(property)),
        None => ("PASS", String::new()),
    }
}

fn place(story: &Story) -> String {
    let separator = if story.property.is_some() { ": " } else { "" };
    format!(
        "{separator}{} in {}",
        name(&story.variant),
        name(&story.scenario)
    )
}

fn head(story: &Story, index: Option<&str>) -> String {
    let (verdict, property) = verdict(story);
    let separator = if story.property.is_some() { ": " } else { "" };
    let index = index.map_or_else(String::new, |index| {
        let index = escaped(index);
        format!("<nav><a href=\"{index}\">All counterexamples of this folder</a></nav>\n")
    });
    let mut out = format!(
        "<header>\n{index}<h1><span class=\"verdict {}\">{verdict}</span> <bdi class=\"property\">{property}</bdi><span \
         class=\"unseen\">{separator}</span><span class=\"place\"><bdi>{}</bdi> in <bdi>{}</bdi></span></h1>\n",
        verdict.to_lowercase(),
        name(&story.variant),
        name(&story.scenario),
    );
    if let Some(numbers) = &story.numbers {
        out.push_str(&format!("<p class=\"numbers\">{}</p>\n", escaped(numbers)));
    }
    out.push_str("</header>\n");
    out
}

fn again(trace: &Trace, words: &dyn Vocabulary, file: &str) -> String {
    let how = match Again::of(trace, words, file, Charset::Unicode) {
        Again::Command(command, file) => format!(
            "<pre tabindex=\"0\" aria-label=\"command\"><code>{} {}</code></pre>",
            escaped(&command),
            escaped(&file)
        ),
        Again::Elsewhere(words) => format!("<p>{}</p>", sentence(&words)),
    };
    format!("<section>\n<h2>Replay</h2>\n{how}\n</section>\n")
}

/// Adds the scenario, and room for the trace.
fn add_sources(trace: &Trace, out: &mut String) {
    // Line by line: the document is shown as it is, and a line is cleaned like any other text.
    let toml: Vec<String> = trace
        .scenario
        .toml
        .lines()
        .map(|line| escaped(&clean(line, Charset::Unicode)))
        .collect();
    out.push_str(&format!(
        "<section>\n<h2>Sources</h2>\n<details open><summary>The scenario</summary>\n\
         <pre tabindex=\"0\" aria-label=\"scenario\"><code>{}</code></pre></details>\n\
         <details id=\"source\" hidden><summary>The trace</summary>\n\
         <pre tabindex=\"0\" aria-label=\"trace\"><code></code></pre></details>\n</section>\n",
        toml.join("\n")
    ));
}

/// Adds the trace for machines, the longest part of a page.
fn add_trace(trace: &Trace, out: &mut String) {
    out.push_str("<script type=\"application/json\" id=\"trace\">\n");
    out.push_str(&escape::embedded(&trace.to_json()));
    out.push_str("</script>\n");
}

fn name(name: &str) -> String {
    escaped(&cut(name, NAME_COLUMNS, Charset::Unicode))
}

/// A sentence that comes from a trace, cleaned, cut and escaped.
fn sentence(words: &str) -> String {
    let words = clean(words, Charset::Unicode);
    escaped(&cut(&words, SENTENCE_COLUMNS, Charset::Unicode))
}
