//! What was worked out about an execution that fails: why, which orders are to blame, and what would have passed.

use crate::counted::counted;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was worked out about a failing execution. Steps are given by number, from 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// Why it fails: who did what in between, in one sentence.
    pub why: String,
    /// The steps that the sentence is about, in order.
    pub conflict: Vec<usize>,
    /// Those of them that collide, two by two, the earlier first.
    pub pairs: Vec<(usize, usize)>,
    /// The steps that saw what was no longer so when their actors went on, in order; left out if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<Stale>,
    /// What was looked at to work it out.
    pub basis: Basis,
    /// The orders of steps that tell failing executions from passing ones; null where there was nothing to compare.
    pub rule: Option<Rule>,
    /// The step from which every continuation fails; null where there was nothing to compare.
    pub point: Option<Point>,
    /// The nearest passing execution; null if none passes.
    pub near: Option<Near>,
    /// In which sense the execution is the smallest, in one clause.
    pub smallest: String,
    /// How the scenario was made smaller; null where there was no smaller one to try.
    pub reduction: Option<Reduction>,
    /// Which limits on work were reached besides, each in one clause that begins with the line it is about; left out if
    /// none was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
}

/// A step that changed nothing and saw what was no longer so when its actor took its next step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stale {
    /// The step that looked.
    pub step: usize,
    /// The later step of another actor by which it would have seen something else.
    pub by: usize,
}

/// What was taken away from the scenario in which an execution was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reduction {
    /// What, in order.
    pub taken: Vec<String>,
    /// How many different scenarios with one thing less than what is left were searched; the property was seen to fall in
    /// none of them.
    pub searches: usize,
    /// In how many of those not every state could be visited, so that executions at random took the place of that.
    pub sampled: usize,
    /// After how many scenarios in all it was given up to take more away; left out if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_up: Option<usize>,
}

impl std::fmt::Display for Reduction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let taken = match self.taken.as_slice() {
            [] => String::new(),
            taken => format!("without {}; ", taken.join(", ")),
        };
        let nothing = match self.taken.is_empty() {
            true => "nothing can be taken away from the scenario",
            false => "nothing more can be taken away",
        };
        let searches = format!("{} searches", self.searches);
        if let Some(scenarios) = self.given_up {
            return write!(
                f,
                "{taken}taking more away was given up after {} in all",
                counted(scenarios as u64, "scenario")
            );
        }
        match (self.searches, self.sampled) {
            (0, _) => write!(f, "{taken}{nothing}"),
            (1, 0) => write!(f, "{taken}{nothing} (1 search, exhaustive)"),
            (_, 0) => write!(f, "{taken}{nothing} ({searches}, each exhaustive)"),
            (_, sampled) => write!(
                f,
                "{taken}nothing more was found that can be taken away ({searches}, {sampled} of them only a sample)"
            ),
        }
    }
}

impl Explanation {
    /// The numbers of all steps that it speaks of.
    pub fn named_steps(&self) -> Vec<usize> {
        let mut named = self.conflict.clone();
        named.extend(self.pairs.iter().flat_map(|&(first, then)| [first, then]));
        named.extend(self.stale.iter().flat_map(|stale| [stale.step, stale.by]));
        for order in self.rule.iter().flat_map(|rule| &rule.orders) {
            named.push(order.first);
            named.extend(order.then);
        }
        // 0 is the beginning.
        named.extend(
            self.point
                .iter()
                .map(|point| point.step)
                .filter(|&step| step > 0),
        );
        if let Some(near) = &self.near {
            for moved in &near.moves {
                named.push(moved.step);
                named.extend(moved.after);
                named.extend(moved.before);
            }
            named.extend(near.steps.iter().filter_map(|step| step.kept));
        }
        named
    }
}

/// What was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Whether that is every execution there is, under sequential consistency.
    pub exhausted: bool,
    /// How many states were visited; null in a sample.
    pub states: Option<u64>,
    /// How many executions fail, in decimal digits; null if they were not counted.
    pub failing: Option<String>,
    /// How many pass.
    pub passing: Option<String>,
}

/// How far a rule goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Every execution fails.
    Always,
    /// An execution fails if and only if the orders hold.
    Exactly,
    /// An execution fails like this one if and only if they hold.
    LikeThis,
    /// An execution in which they hold fails; others may fail as well.
    Whenever,
    /// No three orders separate failing from passing executions.
    Nothing,
}

/// The fewest orders of two steps that separate failing from passing executions. An order holds in an execution in
/// which both steps happen, the first one first; with a step that this execution does not have it also holds if that
/// step never happens.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// How far it goes.
    pub reach: Reach,
    /// The orders.
    pub orders: Vec<Order>,
    /// The rule in one sentence, with what it was checked on.
    pub sentence: String,
}

/// One step before another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The number of the step that comes first.
    pub first: usize,
    /// The number of the step that comes later; null if this execution does not have it.
    pub then: Option<usize>,
    /// That step, if this execution does not have it.
    pub other: Option<OtherStep>,
}

/// A step that an execution does not have.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherStep {
    /// Who would take it.
    pub actor: String,
    /// The label.
    pub label: String,
    /// The monitor or word.
    pub object: String,
    /// Which step of this actor with this label and of its kind on this object it is, from 1.
    pub nth: u32,
}

impl std::fmt::Display for OtherStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}'s \"{}\"", self.actor, self.label)
    }
}

/// Where it is decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The first step after which every continuation fails; 0 if every execution does.
    pub step: usize,
    /// That, in one sentence.
    pub sentence: String,
}

/// The passing execution that leaves most steps as they are.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Near {
    /// The steps that it does not leave as they are.
    pub moves: Vec<Move>,
    /// What would have passed, in one sentence.
    pub sentence: String,
    /// The passing execution.
    pub steps: Vec<NearStep>,
}

/// A step of the failing execution that comes elsewhere in the passing one, or chooses otherwise there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The number of the step.
    pub step: usize,
    /// The number of the step of the failing execution after which it comes.
    pub after: Option<usize>,
    /// The number of the step before which it comes. With none of these it does not happen.
    pub before: Option<usize>,
    /// The number of the step of the passing execution that is the same but for what it chooses. Not there otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<usize>,
}

/// A step of a passing execution.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NearStep {
    /// Who takes it.
    pub actor: String,
    /// The label.
    pub label: String,
    /// The monitor or word.
    pub object: String,
    /// Which step of the failing execution it is, by number, if it is left as it is.
    pub kept: Option<usize>,
    /// What it chose, in words: `chooses 2 of 3`, or `wakes anna`. Not there if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
    /// Whether the actor fell asleep.
    pub asleep: bool,
    /// The value read from a word.
    pub read: Option<u64>,
    /// The value written to a word.
    pub written: Option<u64>,
    /// What became true in it, in as few words as tell it.
    #[serde(rename = "gist")]
    pub summary: Vec<String>,
}
