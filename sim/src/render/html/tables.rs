//! The tables of a page: the steps, and the steps of the nearest execution that passes.

use std::collections::{BTreeMap, BTreeSet};

use super::super::plain::{Charset, clean, cut};
use super::super::source::SourceBase;
use super::super::story::{Event, NAME_COLUMNS, Story, action_of};
use super::{escaped, sentence};
use crate::trace::{Move, Near, NearStep, Trace};

/// How many columns one entry of a cell may take.
const ENTRY_COLUMNS: usize = 120;

/// The steps, a row each, with what changed and the place in the code.
pub(super) fn steps(trace: &Trace, story: &Story, source: Option<&SourceBase>) -> String {
    let conflict = trace
        .explanation
        .as_ref()
        .map(|explanation| explanation.conflict.as_slice());
    let conflict: BTreeSet<usize> = conflict.unwrap_or_default().iter().copied().collect();
    let mut rows = String::new();
    for (event, traced) in story.events.iter().zip(&trace.steps) {
        let in_conflict = conflict.contains(&event.number);
        rows.push_str(&step(
            story,
            event,
            &place(&traced.location, source),
            in_conflict,
        ));
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

fn step(story: &Story, event: &Event, place: &str, in_conflict: bool) -> String {
    let number = event.number;
    let class = match (event.fails, in_conflict) {
        (true, _) => " class=\"fails\"",
        (false, true) => " class=\"in-conflict\"",
        (false, false) => "",
    };
    let changes: Vec<String> = event.changes.iter().map(|change| entry(change)).collect();
    let time = event.time.as_deref();
    let time = time.map_or_else(String::new, |time| {
        format!(" <span class=\"time\">at {}</span>", escaped(time))
    });
    format!(
        "<tr id=\"s{number}\" data-step=\"{number}\"{class}><td class=\"number\"><span class=\"mark\">{}</span><a \
         href=\"#s{number}\">{number}</a>{time}</td><td><bdi>{}</bdi></td><td>{}</td><td><bdi>{}</bdi></td><td>{}</td><td class=\"where\">{place}</td></tr>\n",
        event.mark(),
        escaped(&story.actors[event.actor]),
        entry(&event.action),
        escaped(&story.objects[event.object]),
        changes.join("<br>")
    )
}

/// A place in the source, as a link if there is a base for it.
fn place(location: &str, source: Option<&SourceBase>) -> String {
    let words = entry(&clean(location, Charset::Unicode)).replace('/', "/<wbr>");
    match source.and_then(|base| base.link(location)) {
        Some(link) => format!(
            "<a href=\"{}\" rel=\"noreferrer\"><bdi>{words}</bdi></a>",
            escaped(&link)
        ),
        None => format!("<bdi>{words}</bdi>"),
    }
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
    let moved = moved(trace, near);
    let rows: String = near
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let otherwise = near.moves.iter().find(|one| one.instead == Some(index + 1));
            passing(trace, step, moved.get(&index).copied(), otherwise)
        })
        .chain([END_OF_PASSING.to_owned()])
        .collect();
    let others = match near.moves.iter().any(|one| one.instead.is_some()) {
        true => "are moved, choose otherwise or are new",
        false => "are moved or new",
    };
    let intro = format!(
        "<p>{}. Kept steps have their numbers; the others {others}.</p>\n",
        sentence(near.sentence.trim_end_matches('.'))
    );
    boxed(
        "passing",
        "Near: an execution that passes",
        &intro,
        &["step", "actor", "does", "on", "what changed"],
        &rows,
    )
}

/// How an execution that passes ends.
const END_OF_PASSING: &str = "<tr class=\"passes\"><td class=\"number\">\u{2713}</td><td></td><td></td><td></td>\
    <td>nobody can go on, and every property holds</td></tr>\n";

/// A step of a passing execution, which may be one of the failing execution in another place or with another choice.
fn passing(
    trace: &Trace,
    step: &NearStep,
    moved: Option<usize>,
    otherwise: Option<&Move>,
) -> String {
    let kept = step
        .kept
        .filter(|kept| (1..=trace.steps.len()).contains(kept));
    let otherwise = otherwise
        .map(|other| other.step)
        .filter(|step| (1..=trace.steps.len()).contains(step));
    let (class, number) = match (kept, otherwise, moved) {
        (None, Some(step), _) => (
            " class=\"moved\"",
            format!("<a href=\"#s{step}\">{step}</a> otherwise"),
        ),
        (Some(kept), ..) => ("", format!("<a href=\"#s{kept}\">{kept}</a>")),
        (None, None, Some(moved)) => (
            " class=\"moved\"",
            format!("<a href=\"#s{moved}\">{moved}</a> moved"),
        ),
        (None, None, None) => (" class=\"new\"", "new".to_owned()),
    };
    let summary = step.summary.iter();
    let changes = summary.map(|clause| entry(&clean(clause, Charset::Unicode)));
    format!(
        "<tr{class}><td class=\"number\">{number}</td><td><bdi>{}</bdi></td><td>{}</td><td><bdi>{}</bdi></td><td>{}</td></tr>\n",
        name(&step.actor),
        entry(&clean(&action_of(step), Charset::Unicode)),
        name(&step.object),
        changes.collect::<Vec<String>>().join("<br>")
    )
}

/// Which steps of the failing execution the passing one has elsewhere, by their positions there: of its steps that do
/// the same and are not kept, the first one in the place that the move names.
fn moved(trace: &Trace, near: &Near) -> BTreeMap<usize, usize> {
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut others: BTreeMap<(&str, &str, &str), Vec<usize>> = BTreeMap::new();
    for (at, step) in near.steps.iter().enumerate() {
        match step.kept {
            Some(kept) => {
                places.entry(kept).or_insert(at);
            }
            None => {
                let same = others.entry((&step.actor, &step.label, &step.object));
                same.or_default().push(at);
            }
        }
    }
    let mut moved = BTreeMap::new();
    for one in &near.moves {
        let step = one
            .step
            .checked_sub(1)
            .and_then(|index| trace.steps.get(index));
        let from = match (one.after, one.before) {
            (None, None) => None,
            (Some(after), _) => places.get(&after).copied(),
            (None, Some(_)) => Some(0),
        };
        let (Some(step), Some(from)) = (step, from) else {
            continue;
        };
        let to = one.before.and_then(|before| places.get(&before).copied());
        let to = to.unwrap_or(near.steps.len());
        let name = (&*step.actor, &*step.label, &*step.object);
        let same = others.get(&name).map_or(&[][..], Vec::as_slice);
        let first = same.get(same.partition_point(|&at| at < from));
        if let Some(&at) = first.filter(|&&at| at < to) {
            moved.entry(at).or_insert(one.step);
        }
    }
    moved
}

/// Said before a box by the script, where it is wider than its place.
pub(super) const HINT: &str =
    "<p class=\"hint\" hidden>More of this is at the side: it scrolls.</p>\n";

fn boxed(id: &str, title: &str, intro: &str, heads: &[&str], rows: &str) -> String {
    let heads: String = heads
        .iter()
        .map(|head| format!("<th scope=\"col\">{head}</th>"))
        .collect();
    format!(
        "<section>\n<h2 id=\"{id}\">{title}</h2>\n{intro}{HINT}<div class=\"box\" tabindex=\"0\" role=\"region\" \
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
