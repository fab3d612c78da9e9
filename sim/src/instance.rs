//! What is searched, recorded and explained: a program, the input it runs on, and the words for what happens in it.
//!
//! The instrument explains, the subject names. How an execution is found, made small and compared with others needs
//! nothing but the program. What a state or a verdict means only its author knows, and [`Instance`] is where it is said.
//! Everything has a default that needs no more than `Debug`; [`Named`] has them all.

use std::fmt::Debug;

use crate::explain::why::{Reason, Scene};
use crate::observed::Objects;
use crate::program::{Actors, Program};
use crate::simulation::Verdict;
use crate::space::{StateWatch, Symmetry};
use crate::step::Step;
use crate::trace::{Part, Record, parts_of};
use crate::value::Value;

/// On what a program runs: a scenario, a size, or nothing in particular.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Input {
    /// Its name, as in the name of a folder.
    pub name: String,
    /// All of it, as text: two inputs with one text are one.
    pub document: String,
}

/// What fell, in words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fallen {
    /// The name of the property that fell first. A smaller execution, or one in a smaller input, must break the same.
    pub property: String,
    /// What happened to whom, as a clause without a full stop. Two failures with one property and one sentence are the
    /// same failure.
    pub sentence: String,
    /// The names of all properties that fell together, the first first, each once.
    pub properties: Vec<String>,
}

impl Fallen {
    /// One property fell, by this name, and this happened.
    pub fn new(property: impl Into<String>, sentence: impl Into<String>) -> Self {
        let property = property.into();
        Fallen {
            properties: vec![property.clone()],
            property,
            sentence: sentence.into(),
        }
    }

    /// What a verdict that prints `text` says: all of it, without the quotes of a text, under a name made of what is
    /// before its first bracket or colon. Two verdicts of one name must be failures of one kind.
    #[must_use]
    pub fn printed(text: &str) -> Self {
        let inside = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let sentence = inside.unwrap_or(text);
        let name = sentence.split(['(', '{', '[', ':', ',']).next();
        let words = name.unwrap_or_default().split_whitespace();
        let words: Vec<String> = words.map(str::to_lowercase).collect();
        let name: String = words.join("-").chars().take(LONGEST_NAME).collect();
        let name = if name.is_empty() { "violated" } else { &name };
        Fallen::new(name, sentence)
    }
}

/// The most characters of the name of a property that is made of what a verdict prints.
const LONGEST_NAME: usize = 40;

/// What became true in a step, for whoever reads about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told<F> {
    /// It, as values.
    pub facts: Vec<F>,
    /// Each of them as a clause without a full stop.
    pub words: Vec<String>,
    /// The same in as few words as tell it, without what goes without saying.
    pub summary: Vec<String>,
    /// What they are about, by name, sorted.
    pub about: Vec<String>,
}

impl<F> Default for Told<F> {
    fn default() -> Self {
        Told {
            facts: Vec::new(),
            words: Vec::new(),
            summary: Vec::new(),
            about: Vec::new(),
        }
    }
}

/// An instance with one thing less.
#[derive(Clone, Debug)]
pub struct Smaller<I> {
    /// What was taken away, as a noun: `the reader carol`.
    pub what: String,
    /// The rest, or why there is no such instance.
    pub instance: Result<I, String>,
}

/// A program with its input, and the words for what happens in it.
///
/// [`Program::start`] sets it up. Its watch judges states, wherever they are met.
pub trait Instance: Program<Watch: StateWatch> + Clone {
    /// A fact that is told in a step: `()` if none are.
    type Fact: Clone + PartialEq + Debug;

    /// The name of the code, in kebab case.
    fn name(&self) -> &str;

    /// On what it runs.
    fn input(&self) -> Input;

    /// As [`Program::start`], for an execution that is written down: the watch may keep what [`Instance::told`] asks
    /// for. What the program does must be the same.
    fn start_recorded(&self, actors: &mut Actors<'_>) -> Self::Watch {
        self.start(actors)
    }

    /// What became true in the step just taken. Asked once after each step, in order.
    fn told(&self, watch: &mut Self::Watch, step: &Step) -> Told<Self::Fact> {
        let _ = (watch, step);
        Told::default()
    }

    /// What a section returned, in few words, if that says something: by default what it prints, unless that is `()`. As
    /// a predicate: `sees fork 2 free`, `returns Some(3)`.
    fn returned(&self, result: &dyn Value) -> Option<String> {
        let text = format!("{result:?}");
        (text != "()").then(|| format!("returns {}", short(&text)))
    }

    /// The parts of the shared state, for whoever reads what it is after a step: by default the fields of what each object
    /// prints, by [`parts_of`].
    fn parts(&self, objects: &Objects) -> Vec<Part> {
        let parts = objects
            .iter()
            .map(|(name, value)| parts_of(name, &format!("{value:#?}")));
        parts.flatten().collect()
    }

    /// Whether a step in which nothing is told is said to change the parts that it changes. Whoever tells facts tells
    /// what matters.
    fn tells_changes(&self) -> bool {
        true
    }

    /// Whether the watch says after each step all that it says of the state there. Then nobody asks it about states of
    /// an execution, which takes a clone of every object.
    fn judges_each_step(&self) -> bool {
        false
    }

    /// What of it is interchangeable, if anything is. Without a symmetry, states are told apart by `Eq`.
    fn symmetry(&self) -> Option<Symmetry> {
        None
    }

    /// What a verdict says.
    fn fallen(&self, verdict: &Verdict<Self>) -> Fallen {
        Fallen::printed(&format!("{verdict:?}"))
    }

    /// Whether a property falls only when nobody can go on. Asked of an execution that cannot be repeated to its end.
    fn falls_at_rest(&self, property: &str) -> bool {
        let _ = property;
        false
    }

    /// Why a failing execution fails, if its author knows better than what can be said of any program.
    fn reason(
        &self,
        record: &Record<Verdict<Self>, Self::Fact>,
        scene: &Scene<'_>,
    ) -> Option<Reason> {
        let _ = (record, scene);
        None
    }

    /// The actor that a failing execution is about, if it is about one: by default, of one that fails because nobody can
    /// go on, the first of those that wait.
    fn victim(&self, record: &Record<Verdict<Self>, Self::Fact>) -> Option<String> {
        let mut waiting = record.trace.waiting.iter();
        waiting.next().map(|wait| wait.actor.clone())
    }

    /// What the step of this number, from 1, did, as a clause with its number; if the author knows better than its first
    /// fact and its label.
    fn clause(&self, record: &Record<Verdict<Self>, Self::Fact>, number: usize) -> Option<String> {
        let _ = (record, number);
        None
    }

    /// Every instance that is this one with one thing less; those that take away most first.
    fn smaller(&self) -> Vec<Smaller<Self>> {
        Vec::new()
    }

    /// What is the same for instances of which one tells all of the other.
    fn kind(&self) -> String {
        self.input().document
    }

    /// The same under the name of something that was made smaller.
    #[must_use]
    fn renamed_as_smaller(self) -> Self {
        self
    }
}

/// The most characters of a result that are shown.
const MOST_SHOWN: usize = 60;

/// A text that is not too long for a row.
fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
