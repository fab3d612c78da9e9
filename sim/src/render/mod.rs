//! Renderings of a trace, for people.
//!
//! Each is a pure function of the trace, and of what is known of the names in it ([`Vocabulary`]): the same bytes every
//! time, wherever it runs. A trace is
//! untrusted text, for it may come from anywhere as a file. So its strings pass through one place,
//! `plain::clean`, before any rendering sees them, and each rendering then escapes what its own
//! format gives a meaning to.

mod account;
mod again;
mod diagram;
mod fit;
mod flows;
mod grid;
mod help;
mod html;
mod index;
mod list;
mod markdown;
mod perfetto;
mod plain;
mod source;
mod story;
mod text;
mod vocabulary;

pub use again::shell_word;
pub use help::{Group, HELP, Word};
pub use html::{PageOptions, html};
pub use index::{Entry, html_index, markdown_index};
pub use list::{Head, List, Row};
pub use markdown::{markdown, markdown_alone, markdown_words};
pub use perfetto::perfetto;
pub use source::SourceBase;
pub use text::{COLUMNS, TextOptions, table, text};
pub use vocabulary::Vocabulary;

/// A message of several lines without what steers a terminal, turns the direction of writing or hides: each such
/// character is replaced. Names in messages come from files.
pub fn clean(message: &str) -> String {
    let lines: Vec<String> = message.lines().map(clean_line).collect();
    lines.join("\n")
}

/// A path as a relative address: what an address may not have is written by number. One that is absolute stays so.
pub fn path_address(path: &str) -> String {
    let parts = path.split(['/', '\\']).map(html::address);
    parts.collect::<Vec<String>>().join("/")
}

/// The same of a message of one line: whoever names a file cannot begin another.
pub fn clean_line(message: &str) -> String {
    plain::clean(message, plain::Charset::Unicode)
}

/// Text from anywhere as markup that shows it and does nothing: cleaned as [`clean_line`] does, cut to so many columns, and
/// escaped, for between tags and for a quoted attribute.
#[must_use]
pub fn markup(text: &str, columns: usize) -> String {
    html::escaped(&plain::cut(
        &clean_line(text),
        columns,
        plain::Charset::Unicode,
    ))
}

/// A page of another kind than that of a trace, in the style of all pages and under the same policy: it runs no script and
/// loads nothing. `title` is text that [`markup`] has made harmless, `body` is markup, and `style` adds to the style; it is
/// the program's own.
#[must_use]
pub fn page(title: &str, body: &str, style: &str) -> String {
    html::page(title, body, None, style)
}

/// How many characters of a long message are left at its beginning and at its end.
const KEPT: (usize, usize) = (600, 300);

/// A message that is not too long to be read: of a longer one the beginning, which says where, and the end, which says
/// the way out.
pub fn brief(message: &str) -> String {
    let (first, last) = KEPT;
    let Some((from, _)) = message.char_indices().nth(first) else {
        return message.to_owned();
    };
    match message[from..].char_indices().nth_back(last) {
        Some((skipped, _)) => format!("{} … {}", &message[..from], &message[from + skipped..]),
        None => message.to_owned(),
    }
}
