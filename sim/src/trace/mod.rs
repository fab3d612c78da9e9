//! Traces: one execution, step by step, as a file.
//!
//! A trace is the one source of every rendering, and it replays: it names actors, labels and objects, never
//! positions or task ids. It holds no time of day and no path of a machine, so the same execution gives the
//! same bytes everywhere.

mod contradiction;
mod explanation;
mod parts;
mod read;
mod record;
mod scan;
mod summary;
mod write;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schedule::{Chosen, Schedule, ScheduledStep};
use crate::step::OperationKind;

pub use explanation::{
    Basis, Explanation, Move, Near, NearStep, Order, OtherStep, Point, Reach, Reduction, Rule,
    Stale,
};
pub use parts::{Part, changed, parts_of};
pub use read::{LARGEST, TraceError};
pub use record::{Record, Recorded, Round, record, record_round, source_place, traced_violation};
pub use summary::Summary;

/// The format's name.
pub const FORMAT: &str = "logon-check/trace";

/// The format's version.
pub const VERSION: u32 = 4;

/// One execution.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// Always `logon-check/trace`.
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The variant that was run.
    pub variant: String,
    /// The scenario it was run on.
    pub scenario: TracedScenario,
    /// The checker that found the execution.
    pub checker: String,
    /// Whether the execution needs a weak memory model: then no sequentially consistent runtime can repeat it.
    pub needs_weak_memory: bool,
    /// What whoever reads it must know of the words it uses, in whole sentences without a full stop; not there if nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// A fingerprint of variant and scenario, to notice that a file was put together from two.
    pub fingerprint: String,
    /// The violation the execution ends with, if it ends with one.
    pub violation: Option<TracedViolation>,
    /// How many steps took the turn from an actor that could have gone on; null where the checker that
    /// found the execution cannot tell.
    pub preemptions: Option<usize>,
    /// The actors, in the order of the scenario.
    pub actors: Vec<String>,
    /// What is shared before the first step, part by part; empty if that was not written down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub start: Vec<Part>,
    /// The steps, in order.
    pub steps: Vec<TracedStep>,
    /// Who waits for what at the end, when the execution ended because nobody could go on.
    pub waiting: Vec<Waiting>,
    /// What was worked out about it, if it fails.
    pub explanation: Option<Explanation>,
}

/// The scenario of a trace.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TracedScenario {
    /// Its name.
    pub name: String,
    /// The whole document.
    pub toml: String,
}

/// The violation a trace ends with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TracedViolation {
    /// The property that fell first.
    pub property: String,
    /// What happened to whom.
    pub sentence: String,
    /// All properties that fell together, the first first.
    pub properties: Vec<String>,
    /// Whether they fell because nobody could go on, rather than in the last step.
    pub at_rest: bool,
    /// The number of the step from which on the steps repeat for ever, if they fell for that; else it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats_from: Option<usize>,
}

/// One step.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TracedStep {
    /// Who took it.
    pub actor: String,
    /// What kind of operation it was: `enter`, `update`, `wait`, `sleep`, `wake`, `load`, `store`,
    /// `compare-exchange`, `fetch-add`, `swap`, `choose`, `change` or `wait-on`.
    pub kind: String,
    /// The monitor or word.
    pub object: String,
    /// The label.
    pub label: String,
    /// Which step of this actor with this label on this object it is, from 1.
    pub nth: u32,
    /// Source file and line of the operation.
    pub location: String,
    /// The actors that could have gone on, sorted; empty where the checker cannot tell.
    pub enabled: Vec<String>,
    /// Whether the actor of the step before could have gone on.
    pub preemption: bool,
    /// Whether the actor fell asleep.
    pub asleep: bool,
    /// The actors it woke.
    pub woken: Vec<String>,
    /// What it chose, where it could have ended in several ways: the number, or the name of the actor that it woke of
    /// those asleep on a condition. Not there if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
    /// In how many ways it could have ended, where it chose one of them. Not there if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ways: Option<u32>,
    /// The value read from a word.
    pub read: Option<u64>,
    /// The value written to a word.
    pub written: Option<u64>,
    /// What became true in it, in words.
    pub facts: Vec<String>,
    /// The same in as few words as tell it, without what goes without saying.
    #[serde(rename = "gist")]
    pub summary: Vec<String>,
    /// What those are about, by name, sorted.
    pub about: Vec<String>,
    /// What its section returned, in few words; null if that says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<String>,
    /// The parts of the shared state that it changed, and what they hold after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Part>,
}

/// An actor that cannot go on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// Who.
    pub actor: String,
    /// The monitor it sleeps on.
    pub object: String,
    /// The label it sleeps at.
    pub label: String,
}

impl Trace {
    /// The choices that fix the execution.
    pub fn schedule(&self) -> Schedule {
        let step = |step: &TracedStep| ScheduledStep {
            actor: step.actor.clone(),
            label: step.label.clone(),
            object: step.object.clone(),
            kind: step
                .operation_kind()
                .expect("checked when the trace was read"),
            nth: step.nth,
            chosen: step.chosen.as_ref().map(|chosen| match chosen.parse() {
                Ok(value) if step.kind == OperationKind::Choose.name() => Chosen::Value(value),
                _ => Chosen::Woken(chosen.clone()),
            }),
            enabled: step.enabled.clone(),
        };
        Schedule {
            steps: self.steps.iter().map(step).collect(),
        }
    }

    /// Whether nobody can go on after the last step: somebody waits there, or something falls for that reason.
    pub fn ends_at_rest(&self) -> bool {
        !self.waiting.is_empty() || self.fails_at_rest()
    }

    /// Whether something falls because nobody can go on.
    pub fn fails_at_rest(&self) -> bool {
        self.violation.as_ref().is_some_and(|fell| fell.at_rest)
    }

    /// The number of the step from which on its steps repeat for ever, if something falls for that reason.
    pub fn repeats_from(&self) -> Option<usize> {
        self.violation.as_ref().and_then(|fell| fell.repeats_from)
    }

    /// The choices that fix the execution, and once more those of the steps that repeat for ever.
    pub fn schedule_with_another_round(&self) -> Schedule {
        let mut schedule = self.schedule();
        let round = self.repeats_from().map_or(&[][..], |from| {
            schedule.steps.get(from.saturating_sub(1)..).unwrap_or(&[])
        });
        let mut counts: BTreeMap<[&str; 3], u32> = BTreeMap::new();
        for step in &schedule.steps {
            let named = [&*step.actor, &*step.label, &*step.object];
            let count = counts.entry(named).or_default();
            *count = step.nth.max(*count);
        }
        let again = round.iter().map(|step| {
            let named = [&*step.actor, &*step.label, &*step.object];
            let count = counts.entry(named).or_default();
            *count = count.saturating_add(1);
            ScheduledStep {
                nth: *count,
                ..step.clone()
            }
        });
        let again: Vec<ScheduledStep> = again.collect();
        schedule.steps.extend(again);
        schedule
    }

    /// What its loads read, by step from 1, if a sequentially consistent runtime would read otherwise.
    pub fn weak_reads(&self) -> BTreeMap<usize, u64> {
        let loads = self.steps.iter().enumerate();
        let loads = loads.filter(|(_, step)| self.needs_weak_memory && step.kind == "load");
        loads
            .filter_map(|(index, step)| Some((index + 1, step.read?)))
            .collect()
    }

    /// The parts of the shared state after the step of this number, or before the first one for 0, and whether that step
    /// changed each; a part that it took away has no value. Empty if the state was not written down.
    pub fn state_after(&self, number: usize) -> Vec<(Part, bool)> {
        let mut parts: Vec<(Part, bool)> = Vec::new();
        parts.extend(self.start.iter().map(|part| (part.clone(), false)));
        for step in self.steps.iter().take(number) {
            parts.retain(|(part, _)| part.value.is_some());
            parts
                .iter_mut()
                .for_each(|(_, is_changed)| *is_changed = false);
            for changed in &step.changed {
                match parts.iter_mut().find(|(part, _)| part.name == changed.name) {
                    Some(known) => *known = (changed.clone(), true),
                    None => parts.push((changed.clone(), true)),
                }
            }
        }
        parts
    }

    /// The fingerprint that variant and scenario ought to have.
    pub fn expected_fingerprint(&self) -> String {
        fingerprint(&self.variant, &self.scenario.toml)
    }
}

impl TracedStep {
    /// The kind of operation, if its name is one.
    pub fn operation_kind(&self) -> Option<OperationKind> {
        serde_json::from_value(serde_json::Value::String(self.kind.clone())).ok()
    }

    /// What it chose, in words: `chooses 2 of 3`, where values are counted from 0, or `wakes anna`.
    #[must_use]
    pub fn choice(&self) -> Option<String> {
        let chosen = self.chosen.as_ref()?;
        if self.kind != OperationKind::Choose.name() {
            return Some(format!("wakes {chosen}"));
        }
        Some(match self.ways {
            Some(ways) => format!("chooses {chosen} of {ways}"),
            None => format!("chooses {chosen}"),
        })
    }
}

/// The JSON Schema of traces.
pub fn schema_json() -> String {
    let schema = schemars::schema_for!(Trace);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain data");
    text.push('\n');
    text
}

/// FNV-1a over variant and scenario: stable across versions of the compiler, which the hashers of the
/// standard library are not, and enough to notice a mix-up.
pub fn fingerprint(variant: &str, toml: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in variant.bytes().chain([0]).chain(toml.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{hash:016x}")
}
