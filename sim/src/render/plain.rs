//! Text that cannot do anything: cleaned, measured by the columns it takes, cut and wrapped.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::hidden::is_hidden;

/// The characters that a rendering may use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Charset {
    /// All that can be seen.
    Unicode,
    /// The printable ones of ASCII.
    Ascii,
}

impl Charset {
    /// What stands for something that was cut off.
    fn ellipsis(self) -> &'static str {
        match self {
            Charset::Unicode => "…",
            Charset::Ascii => "...",
        }
    }

    /// What stands for a character that is not shown.
    fn replacement(self) -> char {
        match self {
            Charset::Unicode => char::REPLACEMENT_CHARACTER,
            Charset::Ascii => '?',
        }
    }
}

/// How many marks a letter may carry. No script needs more, and a pile of them runs into other
/// lines.
const MARKS: usize = 2;

/// `text` on one line, without what steers a terminal, turns the direction of writing or hides:
/// each such character is replaced, so that one sees that something was there.
pub(super) fn clean(text: &str, charset: Charset) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = None;
    for c in text.chars() {
        if charset == Charset::Ascii {
            push_ascii(&mut out, c);
        } else if is_hidden(c) {
            out.push(charset.replacement());
            marks = None;
        } else if c.width() == Some(0) {
            // A mark belongs to the letter before it.
            match &mut marks {
                Some(count) if *count < MARKS => {
                    *count += 1;
                    out.push(c);
                }
                Some(_) => {}
                None => out.push(charset.replacement()),
            }
        } else {
            out.push(c);
            marks = (!c.is_whitespace()).then_some(0);
        }
    }
    out
}

fn push_ascii(out: &mut String, c: char) {
    match c {
        ' '..='~' => out.push(c),
        '→' => out.push_str("->"),
        '…' => out.push_str("..."),
        '‘' | '’' => out.push('\''),
        '“' | '”' => out.push('"'),
        '–' | '—' => out.push('-'),
        _ => out.push(Charset::Ascii.replacement()),
    }
}

/// How many columns a clean text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// `text`, or as much of it as leaves room for an ellipsis, in at most `limit` columns.
pub(super) fn cut(text: &str, limit: usize, charset: Charset) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(width(charset.ellipsis()));
    // A letter takes a column at least and has few marks, so that no more characters than these can fit.
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let ends: Vec<usize> = ends.take((MARKS + 1) * (room + 1)).collect();
    let fitting = ends.partition_point(|&end| width(&text[..end]) <= room);
    let end = fitting.checked_sub(1).map_or(0, |last| ends[last]);
    format!("{}{}", &text[..end], charset.ellipsis())
}

/// `text` in lines of at most `limit` columns, broken between words; a longer word is cut. At most
/// `most` lines, the last of which tells when there was more.
pub(super) fn wrap(text: &str, limit: usize, most: usize, charset: Charset) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let word = cut(word, limit, charset);
        if line.is_empty() {
            line = word;
        } else if width(&line) + 1 + width(&word) <= limit {
            line.push(' ');
            line.push_str(&word);
        } else if lines.len() + 1 == most {
            // Too long by construction, so this ends with an ellipsis.
            line = cut(&format!("{line} {word}"), limit, charset);
            break;
        } else {
            lines.push(std::mem::replace(&mut line, word));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The widest a column may be so that columns that would like to take `wishes` take at most `room`
/// together.
pub(super) fn fair_share(wishes: &[usize], room: usize) -> usize {
    let taken = |most: usize| wishes.iter().map(|&wish| wish.min(most)).sum::<usize>();
    (0..=room)
        .rev()
        .find(|&most| taken(most) <= room)
        .unwrap_or(0)
}
