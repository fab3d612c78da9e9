//! What the lines and nodes of the picture mean: of each that occurs, a small one and its meaning.

use super::super::help;
use super::super::story::Story;
use super::marked::{MOST_PAIRS, Marked};
use super::nodes::is_said;
use crate::trace::Trace;

/// The legend of the picture, as a list.
pub(super) fn legend(trace: &Trace, story: &Story, marked: &Marked) -> String {
    let steps = &trace.steps;
    let too = match (marked.shared.len(), marked.pairs.len()) {
        (0, _) => "",
        (shared, all) if shared < all => "; some are orders of the rule, too",
        _ => "; an order of the rule, too",
    };
    let drawn = match marked.left_out {
        0 => String::new(),
        more => {
            let all = marked.pairs.len() + more;
            format!("; the first {MOST_PAIRS} of {all} pairs, for more cannot be told apart")
        }
    };
    let conflict = &format!("{}{too}{drawn}", help::CONFLICT);
    let why = story.sentences.first();
    let waits = |said: bool| {
        let lanes = story.waiting.iter().filter(|&&lane| lane < story.acting);
        let mut actors = lanes.map(|&lane| &story.actors[lane]);
        actors.any(|actor| why.is_none_or(|why| is_said(why, actor)) == said)
    };
    let basis = trace.explanation.as_ref().map(|found| &found.basis);
    let decided = match basis.is_some_and(|basis| basis.exhausted) {
        _ if story.repeats_from.is_some() => "no continuation comes to an end that passes",
        true => "every continuation fails",
        false => "every continuation in the sample fails",
    };
    let decided = &format!("{}: {decided}", help::DECIDED);
    let entries = [
        (true, line("lane order"), help::ORDER),
        (
            steps.iter().any(|step| step.asleep),
            line("lane asleep"),
            help::ASLEEP,
        ),
        (
            steps.iter().any(|step| !step.woken.is_empty()),
            line("edge wake"),
            help::WAKES,
        ),
        (!marked.orders.is_empty(), line("edge rule"), help::RULE),
        (
            !marked.missing.is_empty(),
            round("missing", 6),
            help::ABSENT,
        ),
        (!marked.pairs.is_empty(), line("edge conflict"), conflict),
        (
            !marked.pairs.is_empty(),
            round("node in-conflict", 7),
            help::IN_CONFLICT,
        ),
        (waits(true), square("stuck"), help::WAITS),
        (waits(false), square("stuck merely"), help::WAITS_TOO),
        (marked.point.is_some(), block(), decided),
    ];
    let shown = entries.into_iter().filter(|(occurs, _, _)| *occurs);
    let mut items: Vec<String> = shown
        .map(|(_, sample, meaning)| {
            format!(
                "<li><svg class=\"sample\" width=\"34\" height=\"16\" viewBox=\"0 0 34 16\" aria-hidden=\"true\">\
                 {sample}</svg> {meaning}</li>"
            )
        })
        .collect();
    items.extend(marks(story));
    list(&items)
}

/// The legend of the marks in the table, for a page without a picture.
pub(super) fn legend_of_marks(story: &Story) -> String {
    match marks(story) {
        marks if marks.is_empty() => String::new(),
        marks => list(&marks),
    }
}

fn marks(story: &Story) -> Vec<String> {
    let marks = story.legend().into_iter().map(|meaning| {
        let (mark, meaning) = meaning.split_at(1);
        format!("<li><b class=\"mark\">{mark}</b>{meaning}</li>")
    });
    marks.collect()
}

fn list(items: &[String]) -> String {
    format!("<ul class=\"legend\">\n{}\n</ul>\n", items.join("\n"))
}

fn line(class: &str) -> String {
    format!("<path class=\"{class}\" d=\"M2 8H32\"/>")
}

fn round(class: &str, radius: usize) -> String {
    format!("<g class=\"{class}\"><circle cx=\"17\" cy=\"8\" r=\"{radius}\"/></g>")
}

fn square(class: &str) -> String {
    format!("<rect class=\"{class}\" x=\"11\" y=\"2\" width=\"12\" height=\"12\" rx=\"2\"/>")
}

fn block() -> String {
    "<rect class=\"decided\" x=\"0\" y=\"1\" width=\"34\" height=\"15\"/><path class=\"bar\" d=\"M3 1V16\"/>\
     <path class=\"decided\" d=\"M0 1H34\"/>"
        .to_owned()
}
