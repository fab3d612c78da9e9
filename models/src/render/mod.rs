//! Renderings of a trace, for people.
//!
//! Each is a pure function of the trace: the same bytes every time, wherever it runs. A trace is
//! untrusted text, for it may come from anywhere as a file. So its strings pass through one place,
//! `plain::clean`, before any rendering sees them, and each rendering then escapes what its own
//! format gives a meaning to.

mod account;
mod diagram;
mod fit;
mod flows;
mod grid;
mod html;
mod index;
mod markdown;
pub mod matrix;
mod perfetto;
mod plain;
mod story;
mod text;

pub use html::html;
pub use index::{Entry, html_index, markdown_index};
pub use markdown::{markdown, markdown_alone};
pub use perfetto::perfetto;
pub use text::{COLUMNS, TextOptions, table, text};

/// A message without what steers a terminal, turns the direction of writing or hides: each such character is
/// replaced. Names in messages come from files.
pub fn clean(message: &str) -> String {
    let lines: Vec<String> = message
        .lines()
        .map(|line| plain::clean(line, plain::Charset::Unicode))
        .collect();
    lines.join("\n")
}
