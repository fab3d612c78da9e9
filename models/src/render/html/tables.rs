//! The tables of a page: the steps, and the steps of the nearest execution that passes.

use super::super::plain::{Charset, clean, cut};
use super::super::story::{Event, NAME_COLUMNS, Story, action_of};
use super::{escaped, sentence};
use crate::trace::{Move, Near, NearStep, Trace};

/// How many columns one entry of a cell may take.
const ENTRY_COLUMNS: usize = 120;

/// The steps, a row each, with what changed and the place in the code.
pub(super) fn steps(trace: &Trace, story: &Story) -> String {
    let conflict = trace
        .explanation
        .as_ref()
        .map(|explanation| explanation.conflict.as_slice());
    let conflict = conflict.unwrap_or_default();
    let mut rows = String::new();
    for (event, traced) in story.events.iter().zip(&trace.steps) {
        let in_conflict = conflict.contains(&event.number);
        rows.push_str(&step(story, event, &traced.location, in_conflict));
    }
    if let Some(ending) = &story.ending {
        rows.push_str(&format!(
            "<tr class=\"fails\"><td class=\"number\">!</td><td></td><td></td><td></td><td>{ending}{}</td><td></td></tr>\n",
            story
                .waits
                .iter()
                .map(|wait| format!("<br>{}", entry(wait)))
                .collect::<String>()
        ));
    }
    boxed(
        "steps",
        "Step by step",
        "",
        &["step", "actor", "does", "on", "what changed", "where"],
        &rows,
    )
}

fn step(story: &Story, event: &Event, location: &str, in_conflict: bool) -> String {
    let number = event.number;
    let class = match (event.fails, in_conflict) {
        (true, _) => " class=\"fails\"",
        (false, true) => " class=\"in-conflict\"",
        (false, false) => "",
    };
    let changes: Vec<String> = event.changes.iter().map(|change| entry(change)).collect();
    format!(
        "<tr id=\"s{number}\" data-step=\"{number}\"{class}><td class=\"number\"><span class=\"mark\">{}</span><a \
         href=\"#s{number}\">{number}</a></td><td><bdi>{}</bdi></td><td>{}</td><td><bdi>{}</bdi></td><td>{}</td><td class=\"where\"><bdi>{}</bdi></td></tr>\n",
        event.mark(),
        escaped(&story.actors[event.actor]),
        entry(&event.action),
        escaped(&story.objects[event.object]),
        changes.join("<br>"),
        entry(&clean(location, Charset::Unicode)).replace('/', "/<wbr>")
    )
}

/// The nearest passing execution, if there is one: the steps it keeps by number, the others marked.
pub(super) fn neighbour(trace: &Trace) -> String {
    let near = trace
        .explanation
        .as_ref()
        .and_then(|explanation| explanation.near.as_ref());
    let Some(near) = near else {
        return String::new();
    };
    let rows: String = near
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| passing(trace, near, index, step))
        .chain([END_OF_PASSING.to_owned()])
        .collect();
    let intro = format!(
        "<p>{}. Kept steps have their numbers; the others are moved or new.</p>\n",
        sentence(near.sentence.trim_end_matches('.'))
    );
    boxed(
        "passing",
        "What would have passed",
        &intro,
        &["step", "actor", "does", "on", "what changed"],
        &rows,
    )
}

/// How an execution that passes ends.
const END_OF_PASSING: &str = "<tr class=\"passes\"><td class=\"number\">\u{2713}</td><td></td><td></td><td></td>\
    <td>nobody can go on, and every property holds</td></tr>\n";

fn passing(trace: &Trace, near: &Near, index: usize, step: &NearStep) -> String {
    let kept = step
        .kept
        .filter(|kept| (1..=trace.steps.len()).contains(kept));
    let (class, number) = match (kept, moved(trace, near, index)) {
        (Some(kept), _) => ("", format!("<a href=\"#s{kept}\">{kept}</a>")),
        (None, Some(moved)) => (
            " class=\"moved\"",
            format!("<a href=\"#s{moved}\">{moved}</a> moved"),
        ),
        (None, None) => (" class=\"new\"", "new".to_owned()),
    };
    let gist = step.gist.iter();
    let changes = gist.map(|clause| entry(&clean(clause, Charset::Unicode)));
    format!(
        "<tr{class}><td class=\"number\">{number}</td><td><bdi>{}</bdi></td><td>{}</td><td><bdi>{}</bdi></td><td>{}</td></tr>\n",
        name(&step.actor),
        entry(&clean(&action_of(step), Charset::Unicode)),
        name(&step.object),
        changes.collect::<Vec<String>>().join("<br>")
    )
}

/// Which step of the failing execution the passing one has at `index` instead of where it was: of its steps that do
/// the same and are not kept, the first one in the place that the move names.
fn moved(trace: &Trace, near: &Near, index: usize) -> Option<usize> {
    let place = |kept: Option<usize>| {
        let kept = kept?;
        near.steps.iter().position(|step| step.kept == Some(kept))
    };
    let stands = |moved: &Move| {
        let step = trace.steps.get(moved.step.checked_sub(1)?)?;
        let same = |other: &NearStep| {
            other.kept.is_none()
                && other.actor == step.actor
                && other.label == step.label
                && other.object == step.object
        };
        let from = match (moved.after, moved.before) {
            (None, None) => return None,
            (Some(after), _) => place(Some(after))?,
            (None, Some(_)) => 0,
        };
        let to = place(moved.before).unwrap_or(near.steps.len());
        let mut steps = near.steps.iter().enumerate();
        let found = steps.find(|(at, other)| (from..to).contains(at) && same(other))?;
        (found.0 == index).then_some(moved.step)
    };
    near.moves.iter().find_map(stands)
}

fn boxed(id: &str, title: &str, intro: &str, heads: &[&str], rows: &str) -> String {
    let heads: String = heads
        .iter()
        .map(|head| format!("<th scope=\"col\">{head}</th>"))
        .collect();
    format!(
        "<section>\n<h2 id=\"{id}\">{title}</h2>\n{intro}<div class=\"box\" tabindex=\"0\" role=\"region\" \
         aria-labelledby=\"{id}\">\n<table class=\"steps\">\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n\
         </section>\n"
    )
}

fn entry(words: &str) -> String {
    escaped(&cut(words, ENTRY_COLUMNS, Charset::Unicode))
}

fn name(name: &str) -> String {
    let clean = clean(name, Charset::Unicode);
    escaped(&cut(clean.trim(), NAME_COLUMNS, Charset::Unicode))
}
