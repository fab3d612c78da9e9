//! The shared state beside the steps: before the first one, and after each. The script shows one of them at a time;
//! without it the page has the first.

use super::super::plain::{Charset, clean, cut};
use super::escape::escaped;
use crate::trace::Trace;

/// How many entries of all panels together are shown.
const MOST_ENTRIES: usize = 20_000;

/// How many columns the name of a part and what it holds may take.
const NAME_COLUMNS: usize = 40;
const VALUE_COLUMNS: usize = 120;

/// The panels; nothing where the state was not written down.
pub(super) fn states(trace: &Trace) -> String {
    if trace.start.is_empty() {
        return String::new();
    }
    let entries = trace.start.len() * (trace.steps.len() + 1);
    if entries > MOST_ENTRIES {
        return format!(
            "<section class=\"states\">\n<h3>The state</h3>\n<p class=\"numbers\">Not shown: panels have at most \
             {MOST_ENTRIES} entries together, and here are {entries}. The trace has what each step changed.</p>\n\
             </section>\n"
        );
    }
    let panels: String = (0..=trace.steps.len())
        .map(|step| panel(trace, step))
        .collect();
    format!("<section class=\"states\" aria-label=\"the state\">\n{panels}</section>\n")
}

fn panel(trace: &Trace, step: usize) -> String {
    let (title, hidden) = match step {
        0 => ("The state before the first step".to_owned(), ""),
        _ => (format!("The state after step {step}"), " hidden"),
    };
    let rows: String = trace
        .state_after(step)
        .iter()
        .map(|(part, is_changed)| {
            let (class, mark) = match is_changed {
                true => (" class=\"changed\"", "*"),
                false => ("", ""),
            };
            let value = part.value.as_deref().unwrap_or("-");
            format!(
                "<tr{class}><th scope=\"row\">{mark}<bdi>{}</bdi></th><td>{}</td></tr>\n",
                shown(&part.name, NAME_COLUMNS),
                shown(value, VALUE_COLUMNS)
            )
        })
        .collect();
    format!(
        "<div data-state=\"{step}\"{hidden}>\n<h3>{title}</h3>\n<table>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}

fn shown(text: &str, columns: usize) -> String {
    let clean = clean(text, Charset::Unicode);
    escaped(&cut(&clean, columns, Charset::Unicode))
}
