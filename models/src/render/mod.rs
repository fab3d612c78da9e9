//! Renderings of the traces of scenarios: what [`logon_sim::render`] has, in the words of logons.

pub mod matrix;

use logon_sim::render as plain;
pub use logon_sim::render::{
    COLUMNS, Entry, Head, List, PageOptions, Row, SourceBase, TextOptions, Vocabulary, brief,
    clean, clean_line, markdown_words, path_address, shell_word,
};

use crate::judge::Property;
use crate::panel;
use crate::program;
use crate::scenario::Scenario;
use crate::simulate::BY_SIMULATION;
use crate::trace::Trace;

/// What is known of variants, properties and scenarios.
#[derive(Clone, Copy, Debug)]
pub struct Logons;

impl Vocabulary for Logons {
    fn about(&self) -> String {
        "logon-check runs the code that hands out sessions to clients which log on at the same time, one step at a time, \
         in one order of steps after the other, and keeps executions that break a property."
            .to_owned()
    }

    fn defect(&self, code: &str) -> Option<String> {
        program::defect(code)
    }

    fn property(&self, name: &str) -> Option<String> {
        Property::named(name).map(|property| property.sentence().to_owned())
    }

    fn size(&self, document: &str) -> Option<String> {
        numbers(document)
    }

    fn clock(&self, document: &str) -> Option<String> {
        let scenario = Scenario::parse(document, "trace").ok()?;
        scenario.time.map(|_| panel::TIME.to_owned())
    }

    fn replay(&self, code: &str) -> Option<String> {
        program::knows(code).then(|| format!("{} replay", program::command()))
    }

    fn is_not_replayed(&self, checker: &str) -> Option<String> {
        (checker == BY_SIMULATION).then(|| {
            "it is the end of a simulation, and only the whole of that is run again: see the note"
                .to_owned()
        })
    }

    fn elsewhere(&self) -> String {
        "the allocator is no variant of logon-check; a program that has it replays this trace with \
         logon_models::replay"
            .to_owned()
    }
}

/// The trace as text: see [`logon_sim::render::text`].
pub fn text(trace: &Trace, options: &TextOptions<'_>) -> String {
    plain::text(trace, &Logons, options)
}

/// The table of [`text`] alone; `None` where there is no step.
pub fn table(trace: &Trace, options: &TextOptions<'_>) -> Option<String> {
    plain::table(trace, &Logons, options)
}

/// The trace as Markdown: see [`logon_sim::render::markdown`].
pub fn markdown(trace: &Trace, file: &str) -> String {
    plain::markdown(trace, &Logons, file)
}

/// The same of a trace that is in no file.
pub fn markdown_alone(trace: &Trace) -> String {
    plain::markdown_alone(trace, &Logons)
}

/// The trace, which is in `file`, as a page that leads nowhere else.
pub fn html(trace: &Trace, file: &str) -> String {
    let options = PageOptions {
        file,
        ..PageOptions::default()
    };
    html_with(trace, &options)
}

/// The trace as a page: see [`logon_sim::render::html`].
pub fn html_with(trace: &Trace, options: &PageOptions<'_>) -> String {
    plain::html(trace, &Logons, options)
}

/// The counterexamples of a folder as a page: see [`logon_sim::render::html_index`].
pub fn html_index(entries: &[Entry]) -> String {
    plain::html_index(entries, &[], &Logons)
}

/// The same as Markdown.
pub fn markdown_index(entries: &[Entry]) -> String {
    plain::markdown_index(entries, &[], &Logons)
}

/// The trace as events for Perfetto: see [`logon_sim::render::perfetto`].
pub fn perfetto(trace: &Trace) -> String {
    plain::perfetto(trace, &Logons)
}

/// The numbers that the command line may have replaced.
fn numbers(document: &str) -> Option<String> {
    let scenario = Scenario::parse(document, "trace").ok()?;
    let drawn = scenario.arrivals.iter().map(|table| table.logons as usize);
    let clients = scenario.clients.len() + drawn.sum::<usize>();
    let s = if clients == 1 { "" } else { "s" };
    let most = scenario.server.max_connections;
    let most = most.map_or_else(String::new, |most| format!(", at most {} connected", most));
    let wakes = match scenario.server.spurious_wakes {
        0 => String::new(),
        1 => ", 1 spurious wake-up".to_owned(),
        wakes => format!(", {wakes} spurious wake-ups"),
    };
    Some(format!(
        "{clients} client{s}, idle pool {}{most}{wakes}",
        scenario.server.idle_pool
    ))
}
