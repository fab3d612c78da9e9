//! What a trace tells, in clean words: the content that every rendering shares.

use std::collections::{BTreeMap, BTreeSet};

use super::account;
use super::help;
use super::plain::{Charset, clean, cut, width};
use super::vocabulary::Vocabulary;
use crate::trace::{NearStep, Part, Trace, TracedStep};

/// How many columns the name of an actor or object may take.
pub(super) const NAME_COLUMNS: usize = 24;

/// How many columns a sentence may take; each rendering shows less.
const SENTENCE_COLUMNS: usize = 2_000;

/// How many changes of one step are told, and how many of those it wakes are named.
const MOST_TOLD: usize = 40;

/// A trace in clean words.
pub(super) struct Story {
    /// The property that fell, if one did.
    pub(super) property: Option<String>,
    /// What happened, and why if that was worked out; then what else is broken, if anything is.
    pub(super) sentences: Vec<String>,
    /// What was worked out besides, each line under its name.
    pub(super) lines: Vec<(&'static str, String)>,
    /// The variant.
    pub(super) variant: String,
    /// The scenario.
    pub(super) scenario: String,
    /// The numbers of the scenario, if its document makes sense.
    pub(super) numbers: Option<String>,
    /// The names of the actors, those that take a step first; no two are alike.
    pub(super) actors: Vec<String>,
    /// How many actors take a step.
    pub(super) acting: usize,
    /// The names of the monitors and words; no two are alike.
    pub(super) objects: Vec<String>,
    /// The steps.
    pub(super) events: Vec<Event>,
    /// Whether the violation is that it ended like this: no step breaks the property, coming to
    /// rest does.
    pub(super) fails_at_rest: bool,
    /// What is said after the last step, where it is not a step that breaks the property: that nobody can go on, or that
    /// the steps repeat for ever.
    pub(super) ending: Option<String>,
    /// The number of the step from which on the steps repeat for ever, if they do.
    pub(super) repeats_from: Option<usize>,
    /// The actors that wait at the end of an execution that fails at rest.
    pub(super) waiting: Vec<usize>,
    /// Who waits for what there, in words.
    pub(super) waits: Vec<String>,
    /// What sequential consistency cannot explain, and what there is to know of the words that are used.
    pub(super) memory: Option<String>,
    /// What that is called: what it says of memory, or of something else.
    pub(super) memory_label: &'static str,
}

/// One step in clean words.
pub(super) struct Event {
    /// Its number, from 1.
    pub(super) number: usize,
    /// Who takes it: a position in [`Story::actors`].
    pub(super) actor: usize,
    /// The monitor or word: a position in [`Story::objects`].
    pub(super) object: usize,
    /// What time it is after it, if steps have times.
    pub(super) time: Option<String>,
    /// What it does.
    pub(super) action: String,
    /// What changes by it, one clause each.
    pub(super) changes: Vec<String>,
    /// Whom it wakes.
    pub(super) woken: Vec<usize>,
    /// Whether the sentence that says why is about it.
    pub(super) blamed: bool,
    /// Whether it breaks the property.
    pub(super) fails: bool,
    /// Whether it is the first of the steps that repeat for ever.
    pub(super) begins_loop: bool,
    /// Whether it is the last of them.
    pub(super) ends_loop: bool,
}

impl Event {
    /// `!` for the violation, else `(` and `)` for the first and the last step of a loop, else `*` for a step that is to
    /// blame.
    pub(super) fn mark(&self) -> &'static str {
        match (self.fails, self.begins_loop, self.ends_loop, self.blamed) {
            (true, ..) => "!",
            (_, true, true, _) => "()",
            (_, true, false, _) => "(",
            (_, false, true, _) => ")",
            (.., true) => "*",
            (.., false) => "",
        }
    }
}

impl Story {
    /// What `trace` tells.
    pub(super) fn of(trace: &Trace, words: &dyn Vocabulary, charset: Charset) -> Story {
        let acting: BTreeSet<&str> = trace.steps.iter().map(|step| step.actor.as_str()).collect();
        let mut actors = Names::new(charset);
        for name in trace
            .actors
            .iter()
            .filter(|name| acting.contains(name.as_str()))
        {
            actors.position(name);
        }
        for step in &trace.steps {
            actors.position(&step.actor);
        }
        let mut objects = Names::new(charset);
        let fails_at_rest = trace.fails_at_rest();
        let failing = trace.steps.len().checked_sub(1);
        let repeats_from = trace.repeats_from();
        let in_a_step = !fails_at_rest && repeats_from.is_none();
        let failing = failing.filter(|_| trace.violation.is_some() && in_a_step);
        let mut blamed = vec![false; trace.steps.len()];
        for number in trace.explanation.iter().flat_map(|found| &found.conflict) {
            let step = number
                .checked_sub(1)
                .and_then(|index| blamed.get_mut(index));
            step.into_iter().for_each(|blamed| *blamed = true);
        }
        let stale = trace.explanation.iter().flat_map(|found| &found.stale);
        let stale: BTreeMap<usize, usize> = stale.map(|stale| (stale.step, stale.by)).collect();
        let times = times(trace, words);
        let mut event = |(index, step): (usize, &TracedStep)| Event {
            number: index + 1,
            time: times
                .get(index)
                .map(|time| cut(&clean(time, charset), NAME_COLUMNS, charset)),
            actor: actors.position(&step.actor),
            object: objects.position(&step.object),
            action: clean(&action(step, stale.get(&(index + 1)).copied()), charset),
            changes: told(step.summary.iter().map(|fact| clean(fact, charset))),
            woken: step
                .woken
                .iter()
                .map(|name| actors.position(name))
                .collect(),
            blamed: blamed[index],
            fails: failing == Some(index),
            begins_loop: repeats_from == Some(index + 1),
            ends_loop: repeats_from.is_some() && index + 1 == trace.steps.len(),
        };
        let mut events: Vec<Event> = trace.steps.iter().enumerate().map(&mut event).collect();
        let mut waiting = Vec::new();
        let mut waits = Vec::new();
        for wait in trace.waiting.iter().filter(|_| fails_at_rest) {
            let actor = actors.position(&wait.actor);
            let object = objects.position(&wait.object);
            waiting.push(actor);
            let label = clean(&wait.label, charset);
            let (actor, object) = (&actors.shown[actor], &objects.shown[object]);
            waits.push(format!("{actor} waits for {object}, at \"{label}\""));
        }
        for event in events.iter_mut().filter(|event| !event.woken.is_empty()) {
            let names = told(event.woken.iter().map(|&i| actors.shown[i].clone()));
            event.changes.push(format!("wakes {}", names.join(", ")));
        }
        Story {
            property: trace
                .violation
                .as_ref()
                .map(|fell| clean(&fell.property, charset)),
            sentences: sentences(trace)
                .iter()
                .map(|words| sentence(words, charset))
                .collect(),
            lines: account::lines(trace, words)
                .into_iter()
                .map(|(name, words)| (name, sentence(&words, charset)))
                .collect(),
            variant: clean(&trace.variant, charset),
            scenario: clean(&trace.scenario.name, charset),
            numbers: words
                .size(&trace.scenario.toml)
                .map(|size| sentence(&size, charset)),
            actors: actors.shown,
            acting: acting.len(),
            objects: objects.shown,
            events,
            fails_at_rest,
            ending: match (fails_at_rest, repeats_from) {
                (true, _) => Some("nobody can go on".to_owned()),
                (false, Some(from)) => Some(format!("on with step {from}, and so for ever")),
                (false, None) => None,
            },
            repeats_from,
            waiting,
            waits,
            memory: account::memory(trace).map(|words| clean(&words, charset)),
            memory_label: match trace.needs_weak_memory {
                true => "memory",
                false => "note",
            },
        }
    }

    /// Whether steps have times.
    pub(super) fn is_timed(&self) -> bool {
        self.events.iter().any(|event| event.time.is_some())
    }

    /// What the marks that occur mean.
    pub(super) fn legend(&self) -> Vec<&'static str> {
        let mut meanings = Vec::new();
        if self.events.iter().any(|event| event.mark() == "*") {
            meanings.push(help::BLAMED);
        }
        if self.repeats_from.is_some() {
            meanings.push(help::LOOP_BEGINS);
            meanings.push(help::LOOP_ENDS);
            meanings.push(help::FOR_EVER);
            return meanings;
        }
        if self.fails_at_rest {
            meanings.push(help::AT_REST);
        } else if self.property.is_some() {
            meanings.push(help::BREAKS);
        }
        meanings
    }
}

/// What time it is after each step; nothing where steps have none, or where it was not written down.
fn times(trace: &Trace, words: &dyn Vocabulary) -> Vec<String> {
    let Some(clock) = words.clock(&trace.scenario.toml) else {
        return Vec::new();
    };
    let told = |parts: &[Part]| {
        let part = parts.iter().find(|part| part.name == clock)?;
        part.value.clone()
    };
    let Some(mut now) = told(&trace.start) else {
        return Vec::new();
    };
    let steps = trace.steps.iter();
    let after = steps.map(|step| {
        now = told(&step.changed).unwrap_or_else(|| now.clone());
        now.clone()
    });
    after.collect()
}

fn sentence(words: &str, charset: Charset) -> String {
    cut(&clean(words, charset), SENTENCE_COLUMNS, charset)
}

/// As many as are told, and how many more there are.
fn told(mut all: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let mut told: Vec<String> = all.by_ref().take(MOST_TOLD).collect();
    match all.len() {
        0 => {}
        more => told.push(format!("and {more} more")),
    }
    told
}

/// Names as they are shown: clean, not too long, and no two alike even where cleaning made them so.
struct Names {
    charset: Charset,
    positions: BTreeMap<String, usize>,
    shown: Vec<String>,
    /// What is shown already, and the number last given to another name that would look like it.
    taken: BTreeMap<String, usize>,
}

impl Names {
    fn new(charset: Charset) -> Self {
        Names {
            charset,
            positions: BTreeMap::new(),
            shown: Vec::new(),
            taken: BTreeMap::new(),
        }
    }

    /// The position of `name` among the shown ones.
    fn position(&mut self, name: &str) -> usize {
        if let Some(&position) = self.positions.get(name) {
            return position;
        }
        let clean = clean(name, self.charset);
        let clean = if clean.trim().is_empty() {
            "(no name)"
        } else {
            clean.trim()
        };
        let look = cut(clean, NAME_COLUMNS, self.charset);
        let mut shown = look.clone();
        let mut count = self.taken.get(&look).copied().unwrap_or(1);
        while self.taken.contains_key(&shown) {
            count += 1;
            let suffix = format!("~{count}");
            let stem = cut(clean, NAME_COLUMNS - width(&suffix), self.charset);
            shown = format!("{stem}{suffix}");
        }
        self.taken.insert(look, count);
        self.taken.entry(shown.clone()).or_insert(1);
        let position = self.shown.len();
        self.shown.push(shown);
        self.positions.insert(name.to_owned(), position);
        position
    }
}

fn sentences(trace: &Trace) -> Vec<String> {
    let Some(violation) = &trace.violation else {
        return vec!["no property falls in this execution".to_owned()];
    };
    let explained = trace.explanation.as_ref();
    let first = explained.map_or(&violation.sentence, |found| &found.why);
    let mut sentences = vec![first.clone()];
    let others = violation
        .properties
        .iter()
        .filter(|name| **name != violation.property);
    let others: Vec<&str> = others.map(String::as_str).collect();
    if !others.is_empty() {
        sentences.push(format!("breaks {}", others.join(", ")));
    }
    sentences
}

fn action(step: &TracedStep, stale_by: Option<usize>) -> String {
    let in_vain = step.kind == "compare-exchange" && step.written.is_none();
    let word = in_vain.then(|| "wrote nothing".to_owned());
    // What it saw matters where nothing else is told of it, and where it is no longer so when its actor goes on.
    let matters = step.summary.is_empty() || stale_by.is_some();
    let saw = step.returned.clone().filter(|_| matters);
    let stale = stale_by.map(|by| format!("stale by step {by}"));
    let notes = word.into_iter().chain(step.choice());
    let notes = notes.chain(saw).chain(stale);
    done(&step.label, step.read, step.written, notes, step.asleep)
}

/// What a step of a passing execution does.
pub(super) fn action_of(step: &NearStep) -> String {
    let chosen = step.chosen.clone();
    done(&step.label, step.read, step.written, chosen, step.asleep)
}

fn done(
    label: &str,
    read: Option<u64>,
    written: Option<u64>,
    more: impl IntoIterator<Item = String>,
    asleep: bool,
) -> String {
    let mut notes = Vec::new();
    notes.extend(read.map(|value| format!("read {value}")));
    notes.extend(written.map(|value| format!("wrote {value}")));
    notes.extend(more);
    notes.extend(asleep.then(|| "asleep".to_owned()));
    match notes.is_empty() {
        true => label.to_owned(),
        false => format!("{label}: {}", notes.join(", ")),
    }
}
