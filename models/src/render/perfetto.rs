//! A trace as trace events, for viewers such as Perfetto: a track for each actor, logical time.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::flows::{Flow, flows};
use super::plain::Charset;
use super::story::Story;
use crate::trace::Trace;

/// How long a step is shown to take, in the format's microseconds. Steps have no length; time is their number.
const STEP: usize = 1_000;

/// One event, its keys sorted.
type Event = BTreeMap<&'static str, Value>;

/// The trace in Chrome's JSON: each step as a slice in the track of its actor, each sleep as another, what orders the
/// steps of two actors as flows, and the beginning and the end of a loop and the violation as instants. Step n begins at n milliseconds.
pub fn perfetto(trace: &Trace) -> String {
    let story = Story::of(trace, Charset::Unicode);
    let mut events = names(&story);
    for (index, (event, step)) in story.events.iter().zip(&trace.steps).enumerate() {
        let begin = event.number * STEP;
        let mut arguments = json!({
            "changes": event.changes,
            "kind": step.kind,
            "number": event.number,
            "object": story.objects[event.object],
        });
        if step.preemption {
            arguments["preemption"] = Value::Bool(true);
        }
        let mut slice = record("X", &event.action, event.actor, begin);
        slice.insert("args", arguments);
        slice.insert("cat", json!("step"));
        slice.insert("dur", json!(STEP));
        events.push(slice);
        if step.asleep {
            events.push(sleep(&story, index));
        }
    }
    for (flow, id) in flows(trace, &story).iter().zip(1..) {
        events.extend(flow.events(&story, id));
    }
    let begins = story.events.iter().find(|event| event.begins_loop);
    if let (Some(first), Some(last)) = (begins, story.events.last()) {
        let (from, to) = (first.number, last.number);
        let words = format!("the loop begins: steps {from} to {to} repeat for ever");
        let mut begins = record("i", &words, first.actor, from * STEP);
        begins.insert("args", json!({ "from": from, "to": to }));
        begins.insert("cat", json!("loop"));
        begins.insert("s", json!("p"));
        events.push(begins);
        let words = format!("the loop ends: on with step {from}, and so for ever");
        let mut ends = record("i", &words, last.actor, (to + 1) * STEP - 1);
        ends.insert("args", json!({ "from": from, "to": to }));
        ends.insert("cat", json!("loop"));
        ends.insert("s", json!("p"));
        events.push(ends);
    }
    if let (Some(property), Some(last)) = (&story.property, story.events.last()) {
        let end = (last.number + 1) * STEP - 1;
        let mut fell = record("i", &format!("violates {property}"), last.actor, end);
        fell.insert("args", json!({ "sentences": story.sentences }));
        fell.insert("cat", json!("violation"));
        fell.insert("s", json!("p"));
        events.push(fell);
    }
    let document = BTreeMap::from([
        ("displayTimeUnit", json!("ms")),
        ("traceEvents", json!(events)),
    ]);
    let mut text = serde_json::to_string_pretty(&document).expect("events are plain data");
    text.push('\n');
    text
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
fn names(story: &Story) -> Vec<Event> {
    let process = format!("{} in {}", story.variant, story.scenario);
    let mut whole = record("M", "process_name", 0, 0);
    whole.insert("args", json!({ "name": process }));
    let mut events = vec![whole];
    for (track, name) in story.actors.iter().enumerate() {
        let mut named = record("M", "thread_name", track, 0);
        named.insert("args", json!({ "name": name }));
        events.push(named);
        let mut sorted = record("M", "thread_sort_index", track, 0);
        sorted.insert("args", json!({ "sort_index": track }));
        events.push(sorted);
    }
    events
}

/// The sleep that the step at `index` falls into: until its actor is woken or takes another step, or for good.
fn sleep(story: &Story, index: usize) -> Event {
    let actor = story.events[index].actor;
    let mut later = story.events[index + 1..].iter();
    let until = later.find(|event| event.actor == actor || event.woken.contains(&actor));
    let until = until.map_or(story.events.len() + 2, |event| event.number);
    let begin = (index + 2) * STEP;
    let mut slice = record("X", "asleep", actor, begin);
    slice.insert("cat", json!("sleep"));
    slice.insert("dur", json!((until * STEP).saturating_sub(begin)));
    slice
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
