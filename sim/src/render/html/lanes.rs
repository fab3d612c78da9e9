//! Where everything in the picture stands: a lane for each actor that acts, a row for each step.
//!
//! Lengths are whole pixels. Text is set in a monospaced face and measured in columns, with room to spare; the page
//! makes text outside ASCII exactly as long as was reckoned, whatever face the browser finds for it.

use super::super::help::ABSENT;
use super::super::plain::{Charset, width, wrap};
use super::super::story::Story;

/// The room that a column of text takes, in tenths of a pixel. The face takes about 78.
const COLUMN: usize = 86;

/// How many columns a line of words may take.
const LINE: usize = 60;

/// How many lines what is done may take.
const ACTION: usize = 2;

/// How many lines what changed by it may take.
const CHANGES: usize = 3;

/// Above the first row: the names of the actors.
pub(super) const TOP: usize = 48;

/// Between the last lane and the words.
const GUTTER: usize = 8;

/// The same where a step that does not happen stands there.
const NOWHERE: usize = 56;

/// A row: a step, or what follows the last one.
pub(super) struct Row {
    /// Where it begins.
    pub(super) top: usize,
    /// How high it is.
    pub(super) height: usize,
    /// From one line of words to the next.
    pub(super) leading: usize,
    /// What is done, in lines.
    pub(super) action: Vec<String>,
    /// What changed by it, in lines.
    pub(super) changes: Vec<String>,
}

impl Row {
    /// The height of its middle, where its node stands.
    pub(super) fn middle(&self) -> usize {
        self.top + self.height / 2
    }
}

/// The measures of a picture.
pub(super) struct Lanes {
    /// From one lane to the next.
    pub(super) pitch: usize,
    /// The radius of a node.
    pub(super) radius: usize,
    /// How many lanes there are.
    pub(super) count: usize,
    /// A row for each step; then one for the rest it ends in or for the loop, if that is the violation; then one for each step that
    /// a rule speaks of and that does not happen.
    pub(super) rows: Vec<Row>,
    /// Where the words begin.
    pub(super) words: usize,
    /// The width of the picture.
    pub(super) width: usize,
    /// The height of the picture.
    pub(super) height: usize,
}

impl Lanes {
    /// The measures of `story`; `missing` are the steps, in words, that do not happen.
    pub(super) fn of(story: &Story, missing: &[String]) -> Lanes {
        let digits = story.events.len().to_string().len();
        let radius = 13.max(4 * digits + 4);
        let names = story.actors[..story.acting].iter();
        let widest = names.map(|name| span(width(name))).max().unwrap_or(0);
        let pitch = (widest + 18).max(2 * radius + 44);
        let mut lines: Vec<(String, String)> = Vec::new();
        for event in &story.events {
            let mut action = event.mark().to_owned();
            if !action.is_empty() {
                action.push(' ');
            }
            action.push_str(&event.action);
            lines.push((action, event.changes.join("; ")));
        }
        if let Some(ending) = &story.ending {
            lines.push((format!("! {ending}"), story.waits.join("; ")));
        }
        let absent = |words: &String| (words.clone(), ABSENT.to_owned());
        lines.extend(missing.iter().map(absent));
        let mut rows: Vec<Row> = Vec::new();
        let mut top = TOP;
        for (action, changes) in lines {
            let leading = match is_plain(&action) && is_plain(&changes) {
                true => 20,
                false => 34,
            };
            let action = wrap(&action, LINE, ACTION, Charset::Unicode);
            let changes = wrap(&changes, LINE, CHANGES, Charset::Unicode);
            let text = (action.len() + changes.len()) * leading + 14;
            let row = Row {
                top,
                height: text.max(2 * radius + 12),
                leading,
                action,
                changes,
            };
            top += row.height;
            rows.push(row);
        }
        let gutter = if missing.is_empty() { GUTTER } else { NOWHERE };
        let words = pitch * story.acting + gutter;
        let lines = rows
            .iter()
            .flat_map(|row| row.action.iter().chain(&row.changes));
        let longest = lines.map(|line| span(width(line)));
        Lanes {
            pitch,
            radius,
            count: story.acting,
            words,
            width: words + longest.max().unwrap_or(0) + 16,
            height: top + 12,
            rows,
        }
    }

    /// The middle of a lane.
    pub(super) fn middle(&self, lane: usize) -> usize {
        lane * self.pitch + self.pitch / 2
    }

    /// The middle of the place of what does not happen.
    pub(super) fn nowhere(&self) -> usize {
        self.pitch * self.count + NOWHERE / 2
    }
}

/// Whether a line of this text is no higher than the face is. Letters of some scripts are.
fn is_plain(text: &str) -> bool {
    let known = |c: char| c.is_ascii() || matches!(c, '→' | '…' | char::REPLACEMENT_CHARACTER);
    text.chars().all(known)
}

/// The room that so many columns take.
fn span(columns: usize) -> usize {
    (columns * COLUMN).div_ceil(10)
}

/// How long text of so many columns is made, in a face of this size, where the browser may have to look for one: as
/// long as a monospaced face would make it, a little less than its room.
pub(super) fn length(columns: usize, size: usize) -> usize {
    columns * size * 6 / 10
}
