//! The text of a document: which line an offset is in, and what a reader is shown of it.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::error::{ErrorKind, Mistake, Place, Position};
use logon_sim::is_hidden;

/// How many characters of a line are shown before the place that is meant, of it, and after it.
const AROUND: usize = 60;

/// Where a document came from; turns spans into positions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    origin: &'a str,
    text: Option<&'a str>,
}

impl<'a> Source<'a> {
    /// A document that was read from a text.
    pub(super) fn written(origin: &'a str, text: &'a str) -> Self {
        Self {
            origin,
            text: Some(text),
        }
    }

    /// A document that was built, so that no line can be named.
    pub(super) fn unwritten(origin: &'a str) -> Self {
        Self { origin, text: None }
    }

    /// The line of the text in which this offset is.
    pub(super) fn line(&self, offset: usize) -> &'a str {
        let text = self.text.unwrap_or_default();
        &text[line(text, offset)]
    }

    /// A mistake that takes these bytes of the text.
    pub(super) fn mistake(&self, kind: ErrorKind, span: Range<usize>, message: String) -> Mistake {
        let mistake = Mistake::new(kind, self.origin, message);
        let Some(text) = self.text else {
            return mistake;
        };
        let position = position(text, span.start);
        let place = Place {
            position,
            excerpt: excerpt(text, position.line, &span),
        };
        mistake.at(span.start, place)
    }
}

/// The line in which this offset is, without what ends it. An offset past the end names the end.
fn line(text: &str, offset: usize) -> Range<usize> {
    let offset = text.floor_char_boundary(offset);
    let (before, after) = text.split_at(offset);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let end = after.find('\n').map_or(text.len(), |end| offset + end);
    let end = start + text[start..end].trim_end_matches('\r').len();
    start..end
}

/// The position of a byte offset. An offset past the end names the end.
fn position(text: &str, offset: usize) -> Position {
    let before = text
        .char_indices()
        .take_while(|(at, c)| at + c.len_utf8() <= offset)
        .map(|(_, c)| c)
        .skip_while(|c| *c == '\u{feff}');
    let mut position = Position { line: 1, column: 1 };
    for character in before {
        if character == '\n' {
            position = Position {
                line: position.line + 1,
                column: 1,
            };
        } else {
            position.column += 1;
        }
    }
    position
}

/// The line where `span` begins, with its number, and below it a caret under each column of it that `span` takes.
fn excerpt(text: &str, number: usize, span: &Range<usize>) -> String {
    let line = line(text, span.start);
    let start = text.floor_char_boundary(span.start);
    let start = start.clamp(line.start, line.end);
    let end = text.ceil_char_boundary(span.end).clamp(start, line.end);
    let before = text[line.start..start].trim_start_matches('\u{feff}');
    let meant = &text[start..end];
    let after = &text[end..line.end];

    let skipped = before.chars().count().saturating_sub(AROUND);
    let left = format!(
        "{}{}",
        dots(skipped > 0),
        shown(before.chars().skip(skipped))
    );
    let middle = shown(meant.chars().take(AROUND));
    let right = if is_cut(meant) {
        "…".to_owned()
    } else {
        format!(
            "{}{}",
            shown(after.chars().take(AROUND)),
            dots(is_cut(after))
        )
    };
    let margin = format!("{number:>4} | ");
    let line = format!("{margin}{left}{middle}{right}");
    let carets = "^".repeat(width(&middle).max(1));
    format!(
        "{}\n{:>blank$}{:indent$}{carets}",
        line.trim_end(),
        "| ",
        "",
        blank = margin.len(),
        indent = width(&left),
    )
}

fn is_cut(text: &str) -> bool {
    text.chars().nth(AROUND).is_some()
}

fn dots(are: bool) -> &'static str {
    if are { "…" } else { "" }
}

/// Each character as something that takes columns: a tab as a space, and what cannot be seen as `\u{fffd}`.
fn shown(characters: impl Iterator<Item = char>) -> String {
    characters
        .map(|c| match c {
            '\t' => ' ',
            c if is_hidden(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// How many columns a text takes.
fn width(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}
