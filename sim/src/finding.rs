//! A violation, and the execution that shows it.

use serde::{Deserialize, Serialize};

use crate::instance::Fallen;
use crate::schedule::Schedule;

/// A violation, and the execution that shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The property that fell first.
    pub property: String,
    /// What happened to whom, in one sentence.
    pub sentence: String,
    /// All properties that fell in that step, the first first.
    pub properties: Vec<String>,
    /// The execution, to be replayed. Where a checker with a weak memory model found it, a sequentially
    /// consistent runtime cannot follow it to the end.
    pub schedule: Schedule,
    /// The values the execution read from words, by step: what a weak memory model is needed for.
    pub reads: Vec<(usize, u64)>,
    /// The number of the step, from 1, from which on the steps repeat for ever, if it is for that that it falls.
    #[serde(default)]
    pub repeats_from: Option<usize>,
}

impl Finding {
    /// This fell in the execution that `schedule` describes.
    #[must_use]
    pub fn new(fallen: Fallen, schedule: Schedule) -> Self {
        Finding {
            property: fallen.property,
            sentence: fallen.sentence,
            properties: fallen.properties,
            schedule,
            reads: Vec::new(),
            repeats_from: None,
        }
    }
}
