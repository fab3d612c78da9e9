//! A trace as trace events, for viewers such as Perfetto: a track for each actor, logical time.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::flows::{Flow, flows};
use super::plain::Charset;
use super::story::Story;
use super::vocabulary::Vocabulary;
use crate::trace::Trace;

/// How long a step is shown to take, in the format's microseconds. Steps have no length; time is their number.
const STEP: usize = 1_000;

/// One event, its keys sorted.
type Event = BTreeMap<&'static str, Value>;

/// The trace in Chrome's JSON: each step as a slice in the track of its actor, each sleep as another, what orders the
/// steps of two actors as flows, and the beginning and the end of a loop and the violation as instants. Step n begins at n milliseconds.
pub fn perfetto(trace: &Trace, words: &dyn Vocabulary) -> String {
    let story = Story::of(trace, words, Charset::Unicode);
    let events = Events {
        flows: flows(trace, &story),
        ends: ends_of_sleeps(trace, &story),
        trace,
        story: &story,
    };
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::pretty(&mut text);
    let mut write = || {
        let mut document = serializer.serialize_map(Some(2))?;
        document.serialize_entry("displayTimeUnit", "ms")?;
        document.serialize_entry("traceEvents", &events)?;
        document.end()
    };
    write().expect("events are plain data");
    let mut text = String::from_utf8(text).expect("JSON is UTF-8");
    text.push('\n');
    text
}

/// The events of a trace. They are made one by one as they are written, for together they take many times as much
/// memory as their text.
struct Events<'a> {
    trace: &'a Trace,
    story: &'a Story,
    flows: Vec<Flow>,
    /// For each step that falls asleep, the number of the step that ends the sleep.
    ends: Vec<Option<usize>>,
}

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let steps = (0..self.story.events.len()).flat_map(|index| self.step(index));
        let flows = self.flows.iter().zip(1..);
        let flows = flows.flat_map(|(flow, id)| flow.events(self.story, id));
        serializer.collect_seq(
            names(self.story)
                .chain(steps)
                .chain(flows)
                .chain(self.loops())
                .chain(self.fall()),
        )
    }
}

impl Events<'_> {
    /// A step, and the sleep that it falls into.
    fn step(&self, index: usize) -> impl Iterator<Item = Event> {
        let (event, step) = (&self.story.events[index], &self.trace.steps[index]);
        let begin = event.number * STEP;
        let mut arguments = json!({
            "changes": event.changes,
            "kind": step.kind,
            "number": event.number,
            "object": self.story.objects[event.object],
        });
        if step.preemption {
            arguments["preemption"] = Value::Bool(true);
        }
        let mut slice = record("X", &event.action, event.actor, begin);
        slice.insert("args", arguments);
        slice.insert("cat", json!("step"));
        slice.insert("dur", json!(STEP));
        let sleep = step.asleep.then(|| self.sleep(index));
        [slice].into_iter().chain(sleep)
    }

    /// The sleep that the step at `index` falls into: until its actor is woken or takes another step, or for good.
    fn sleep(&self, index: usize) -> Event {
        let until = self.ends[index].unwrap_or(self.story.events.len() + 2);
        let begin = (index + 2) * STEP;
        let mut slice = record("X", "asleep", self.story.events[index].actor, begin);
        slice.insert("cat", json!("sleep"));
        slice.insert("dur", json!((until * STEP).saturating_sub(begin)));
        slice
    }

    /// Where a loop begins and where it ends, if the execution goes round for ever.
    fn loops(&self) -> impl Iterator<Item = Event> {
        let story = self.story;
        let begins = story.events.iter().find(|event| event.begins_loop);
        let ends = begins.zip(story.events.last()).map(|(first, last)| {
            let (from, to) = (first.number, last.number);
            let mark = |words: String, actor: usize, at: usize| {
                let mut mark = record("i", &words, actor, at);
                mark.insert("args", json!({ "from": from, "to": to }));
                mark.insert("cat", json!("loop"));
                mark.insert("s", json!("p"));
                mark
            };
            let begins = format!("the loop begins: steps {from} to {to} repeat for ever");
            let ends = format!("the loop ends: on with step {from}, and so for ever");
            [
                mark(begins, first.actor, from * STEP),
                mark(ends, last.actor, (to + 1) * STEP - 1),
            ]
        });
        ends.into_iter().flatten()
    }

    /// The violation, if there is one.
    fn fall(&self) -> Option<Event> {
        let story = self.story;
        let (property, last) = (story.property.as_ref()?, story.events.last()?);
        let end = (last.number + 1) * STEP - 1;
        let mut fell = record("i", &format!("violates {property}"), last.actor, end);
        fell.insert("args", json!({ "sentences": story.sentences }));
        fell.insert("cat", json!("violation"));
        fell.insert("s", json!("p"));
        Some(fell)
    }
}

/// For each step that falls asleep, the number of the first one after it in which its actor is woken or acts.
fn ends_of_sleeps(trace: &Trace, story: &Story) -> Vec<Option<usize>> {
    let mut ends = vec![None; story.events.len()];
    // Backward, so that the next stir of each actor is known.
    let mut next: Vec<Option<usize>> = vec![None; story.actors.len()];
    for (index, event) in story.events.iter().enumerate().rev() {
        if trace.steps[index].asleep {
            ends[index] = next[event.actor];
        }
        for &actor in event.woken.iter().chain([&event.actor]) {
            next[actor] = Some(event.number);
        }
    }
    ends
}

impl Flow {
    /// The flow from the middle of one slice to the beginning of another. Viewers tell flows apart by `id`.
    fn events(&self, story: &Story, id: usize) -> [Event; 2] {
        let (from, to) = (&story.events[self.from], &story.events[self.to]);
        let event = |phase, actor, at| {
            let mut event = record(phase, self.link.verb(), actor, at);
            event.insert("cat", json!(self.link.category()));
            event.insert("id", json!(id));
            event
        };
        let begins = event("s", from.actor, from.number * STEP + STEP / 2);
        let mut ends = event("f", to.actor, to.number * STEP);
        ends.insert("bp", json!("e"));
        [begins, ends]
    }
}

/// The names of the execution and of the tracks, in the order of the story.
fn names(story: &Story) -> impl Iterator<Item = Event> {
    let process = format!("{} in {}", story.variant, story.scenario);
    let mut whole = record("M", "process_name", 0, 0);
    whole.insert("args", json!({ "name": process }));
    let tracks = story.actors.iter().enumerate().flat_map(|(track, name)| {
        let mut named = record("M", "thread_name", track, 0);
        named.insert("args", json!({ "name": name }));
        let mut sorted = record("M", "thread_sort_index", track, 0);
        sorted.insert("args", json!({ "sort_index": track }));
        [named, sorted]
    });
    [whole].into_iter().chain(tracks)
}

/// What every event has: a phase, a name, a track and a time.
fn record(phase: &str, name: &str, track: usize, at: usize) -> Event {
    BTreeMap::from([
        ("name", json!(name)),
        ("ph", json!(phase)),
        ("pid", json!(1)),
        ("tid", json!(track + 1)),
        ("ts", json!(at)),
    ])
}
