//! A trace as a sequence diagram, in the language of Mermaid.

use std::collections::BTreeSet;

use super::plain::{Charset, cut};
use super::story::{Event, Story};

/// A diagram has at most this many arrows.
const ARROWS: usize = 30;

/// A diagram has at most this many characters.
const CHARACTERS: usize = 4_000;

/// A step that wakes more actors than this says so in words.
const MOST_WOKEN: usize = 5;

/// How many columns the words at an arrow may take.
const WORDS: usize = 40;

const HEADER: &str = "sequenceDiagram\n";

/// Before the steps that repeat for ever.
const LOOP: &str = "    loop for ever\n";

/// After them.
const LOOP_ENDS: &str = "    end\n";

/// A diagram of the end of an execution: its last steps, as many as fit, for it is there that it
/// fails.
pub(super) struct Diagram {
    /// The diagram in Mermaid's language; every line ends with a newline.
    pub(super) source: String,
    /// How many steps at the beginning are left out.
    pub(super) left_out: usize,
}

/// A line of life in the diagram. Actors stand to the left of objects.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    Actor(usize),
    Object(usize),
}

impl Lane {
    fn id(self) -> String {
        match self {
            Lane::Actor(index) => format!("A{}", index + 1),
            Lane::Object(index) => format!("O{}", index + 1),
        }
    }

    fn declaration(self, story: &Story) -> String {
        let name = match self {
            Lane::Actor(index) => &story.actors[index],
            Lane::Object(index) => &story.objects[index],
        };
        format!("    participant {} as {}\n", self.id(), escaped(name))
    }
}

/// The diagram of an execution.
pub(super) fn diagram(story: &Story) -> Diagram {
    let mut lanes: BTreeSet<Lane> = BTreeSet::new();
    let mut drawn: Vec<String> = Vec::new();
    let mut arrows = 0;
    // The lines around a loop may come without its first step.
    let around = match story.repeats_from {
        Some(_) => LOOP.len() + LOOP_ENDS.len(),
        None => 0,
    };
    let mut characters = HEADER.len() + around;
    for event in story.events.iter().rev() {
        let (lines, touched) = arrows_of(event);
        let new: Vec<Lane> = touched
            .into_iter()
            .filter(|lane| !lanes.contains(lane))
            .collect();
        let declarations: usize = new
            .iter()
            .map(|lane| lane.declaration(story).chars().count())
            .sum();
        let text = lines.concat();
        let grown = characters + declarations + text.chars().count();
        if arrows + lines.len() > ARROWS || grown > CHARACTERS {
            break;
        }
        characters = grown;
        arrows += lines.len();
        lanes.extend(new);
        drawn.push(text);
    }
    let declarations = lanes.iter().map(|lane| lane.declaration(story));
    let left_out = story.events.len() - drawn.len();
    if story.repeats_from.is_some() && !drawn.is_empty() {
        let begins = story.events.iter().position(|event| event.begins_loop);
        let place = story.events.len() - begins.unwrap_or(0).max(left_out);
        drawn.insert(place, LOOP.to_owned());
        drawn.insert(0, LOOP_ENDS.to_owned());
    }
    let arrows = drawn.into_iter().rev();
    let source = [HEADER.to_owned()]
        .into_iter()
        .chain(declarations)
        .chain(arrows)
        .collect();
    Diagram { source, left_out }
}

/// The arrows of a step, a line each, and the lanes they touch.
fn arrows_of(event: &Event) -> (Vec<String>, BTreeSet<Lane>) {
    let (actor, object) = (Lane::Actor(event.actor), Lane::Object(event.object));
    let arrow = if event.fails { "-x" } else { "->>" };
    let words = escaped(&cut(&event.action, WORDS, Charset::Unicode));
    let step = format!("{}{} {words}", event.mark(), event.number);
    let step = format!(
        "    {}{arrow}{}: {}",
        actor.id(),
        object.id(),
        step.trim_end()
    );
    let mut lanes = BTreeSet::from([actor, object]);
    if event.woken.len() > MOST_WOKEN {
        return (
            vec![format!("{step}, wakes {} actors\n", event.woken.len())],
            lanes,
        );
    }
    let mut lines = vec![format!("{step}\n")];
    for &woken in &event.woken {
        let woken = Lane::Actor(woken);
        lines.push(format!("    {}-->>{}: wakes\n", object.id(), woken.id()));
        lanes.insert(woken);
    }
    (lines, lanes)
}

/// Clean text as Mermaid shows it literally. Whatever has a meaning to Mermaid, or to the HTML that
/// it makes, becomes the number of a character; so does a letter of `end`, which closes a block.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut word_starts = true;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let literal = match c {
            'e' | 'E' => !(word_starts && is_end(rest.as_str())),
            ' ' | '.' | ',' | '-' | '_' | '(' | ')' | '/' | '=' | '+' | '!' | '?' => true,
            // The two with which Mermaid marks, for itself, where such a number begins and ends.
            '\u{fb02}' | '¶' => false,
            _ => c.is_ascii_alphanumeric() || !c.is_ascii(),
        };
        if literal {
            out.push(c);
        } else {
            out.push_str(&format!("#{};", u32::from(c)));
        }
        word_starts = !c.is_alphanumeric();
    }
    out
}

/// Whether what follows an `e` makes it the word `end`.
fn is_end(rest: &str) -> bool {
    let mut rest = rest.chars();
    let mut is = |letter: char| rest.next().is_some_and(|c| c.eq_ignore_ascii_case(&letter));
    is('n') && is('d') && !rest.next().is_some_and(char::is_alphanumeric)
}
