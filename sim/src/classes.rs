//! Executions up to the order of independent steps.
//!
//! Two executions are *equivalent* if one becomes the other by exchanging neighboring steps of two actors that are not
//! [dependent](crate::Operation::is_dependent_on) (Mazurkiewicz). They then have the same steps, and every two dependent
//! steps are in the same order.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashSet, FxHasher};

use crate::object::ObjectId;
use crate::schedule::Chosen;
use crate::step::{ActorId, Step};

/// Counts how many executions that are not equivalent were run.
///
/// It keeps eight bytes for each and compares fingerprints of 64 bits, so it may count one too few.
#[derive(Clone, Debug, Default)]
pub struct Classes(FxHashSet<u64>);

impl Classes {
    /// Takes note of an execution with these steps.
    pub fn note(&mut self, steps: &[Step]) {
        self.0.insert(fingerprint(steps));
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }
}

/// What has happened to an object.
#[derive(Clone, Copy, Default)]
struct History {
    /// The last step that may have changed it.
    changed: u64,
    /// The sum of all steps that have only read it since: their order does not matter.
    read: u64,
}

/// The same number for equivalent executions.
///
/// A step is known by its actor, what that did before, what it chose, and which steps came before it at its object, of
/// those on which it is dependent. Their sum does not depend on the order in which they are added.
fn fingerprint(steps: &[Step]) -> u64 {
    let mut actors: BTreeMap<ActorId, u64> = BTreeMap::new();
    let mut objects: BTreeMap<ObjectId, History> = BTreeMap::new();
    let mut sum = 0_u64;
    for step in steps {
        let before = actors.entry(step.actor).or_default();
        let object = objects.entry(step.operation.object).or_default();
        let only_reads = step.operation.kind.only_reads();
        let mut hasher = FxHasher::default();
        (step.actor, *before, object.changed).hash(&mut hasher);
        match &step.chosen {
            None => {}
            Some(Chosen::Value(value)) => value.hash(&mut hasher),
            Some(Chosen::Woken(name)) => name.hash(&mut hasher),
        }
        if !only_reads {
            object.read.hash(&mut hasher);
        }
        let this = hasher.finish();
        match only_reads {
            true => object.read = object.read.wrapping_add(this),
            false => {
                *object = History {
                    changed: this,
                    read: 0,
                }
            }
        }
        *before = this;
        sum = sum.wrapping_add(this);
    }
    sum
}
