//! The steps of the picture: a numbered node each, with its words.

use super::super::plain::width;
use super::super::story::Event;
use super::escaped;
use super::lanes::{Row, length};
use super::picture::{MISSING, Page, RING};

impl Page<'_> {
    /// The nodes with their words.
    pub(super) fn nodes(&self) -> String {
        let mut out: String = self
            .story
            .events
            .iter()
            .map(|event| self.step(event))
            .collect();
        let radius = self.lanes.radius;
        if let Some(row) = self.rest() {
            let y = row.middle();
            let asleep = self
                .story
                .waiting
                .iter()
                .filter(|&&lane| lane < self.lanes.count);
            let nodes = asleep.map(|&lane| {
                let (x, half) = (self.lanes.middle(lane), radius - 4);
                let (left, top, side) = (x - half, y - half, 2 * half);
                let class = match self.story.sentences.first() {
                    Some(why) if !is_said(why, &self.story.actors[lane]) => "stuck merely",
                    _ => "stuck",
                };
                format!(
                    "<rect class=\"{class}\" x=\"{left}\" y=\"{top}\" width=\"{side}\" height=\"{side}\" rx=\"2\"/>"
                )
            });
            let nodes: String = nodes.collect();
            out.push_str(&format!(
                "<g class=\"fails\">{nodes}{}</g>\n",
                self.words(row)
            ));
        }
        for position in 0..self.marked.missing.len() {
            let (x, row) = (self.lanes.nowhere(), self.missing(position));
            out.push_str(&format!(
                "<g class=\"missing\" data-missing=\"missing-{position}\"><circle cx=\"{x}\" cy=\"{}\" r=\"{MISSING}\"/>{}</g>\n",
                row.middle(),
                self.words(row)
            ));
        }
        out
    }

    fn step(&self, event: &Event) -> String {
        let number = event.number;
        let (x, y) = self.node(number);
        let in_conflict = self.marked.collides(number);
        let mut classes = String::from("node");
        for (class, is) in [
            ("fails", event.fails),
            ("in-conflict", in_conflict),
            ("sleeps", self.trace.steps[number - 1].asleep),
        ] {
            if is {
                classes.push(' ');
                classes.push_str(class);
            }
        }
        let radius = self.lanes.radius;
        let outer = radius + RING;
        let ring = match event.fails {
            true => format!("<circle class=\"ring\" cx=\"{x}\" cy=\"{y}\" r=\"{outer}\"/>"),
            false => String::new(),
        };
        let baseline = y + 4;
        format!(
            "<g class=\"{classes}\" data-node=\"{number}\">{ring}<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/><text \
             class=\"number\" x=\"{x}\" y=\"{baseline}\">{number}</text>{}</g>\n",
            self.words(self.row(number))
        )
    }

    /// What is done in a row and what changed by it, line by line.
    fn words(&self, row: &Row) -> String {
        let action = row.action.iter().map(|line| ("action", line));
        let lines = action.chain(row.changes.iter().map(|line| ("changes", line)));
        let count = row.action.len() + row.changes.len();
        let first = row.middle() + 5 - count.saturating_sub(1) * row.leading / 2;
        let lines = lines.enumerate().map(|(index, (class, line))| {
            text(class, self.lanes.words, first + index * row.leading, line)
        });
        lines.collect()
    }

    /// The names of the actors.
    pub(super) fn heads(&self) -> String {
        let names = self.story.actors[..self.lanes.count].iter().enumerate();
        let names = names.map(|(lane, name)| text("actor", self.lanes.middle(lane), 26, name));
        let names: String = names.collect();
        format!("{names}\n")
    }
}

/// Whether a sentence is first about this actor, or says that it waits. Others may wait for want of work.
pub(super) fn is_said(sentence: &str, actor: &str) -> bool {
    let waits = format!("{actor} waits");
    let within = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = sentence.match_indices(&waits);
    sentence.starts_with(&format!("{actor} "))
        || found.any(|(at, _)| !sentence[..at].ends_with(within))
}

/// Words in the picture, no longer than reckoned.
fn text(class: &str, x: usize, y: usize, words: &str) -> String {
    if words.is_empty() {
        return String::new();
    }
    let columns = width(words);
    let size = if class == "changes" { 12 } else { 13 };
    let length = match words.is_ascii() {
        true => String::new(),
        false => format!(
            " textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"",
            length(columns, size)
        ),
    };
    format!(
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{length}>{}</text>",
        escaped(words)
    )
}
