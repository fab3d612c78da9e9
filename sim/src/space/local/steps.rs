//! What was learned where, and where it led.

use std::sync::Arc;

use hashbrown::HashTable;

use super::super::Search;
use super::super::prints::{self, Sample};
use super::super::words::hash_value;
use super::LocalId;
use crate::fault::FaultKind;
use crate::value::Value;

/// A result that was followed from a local state, or a value that a loop or a scope returned which began there.
struct LocalStep {
    from: LocalId,
    /// 0 for a result; for a value one more than the number of loops and scopes that the actor is still in, for two that
    /// are in each other may have begun in the same local state.
    level: u32,
    result: Arc<dyn Value>,
    /// What the result printed when it was new, or 0.
    print: u64,
    to: LocalId,
}

/// So many results are first compared by what they print before a share of the others is.
const FIRST_COMPARED: u64 = 2_000;

/// One entry for each (local state, result) that was followed, and for each value that was returned.
pub(super) struct Steps {
    list: Vec<LocalStep>,
    found: HashTable<u32>,
    /// Which of the results that were taken for one another are compared by what they print.
    sample: Sample,
}

impl Steps {
    pub(super) fn of(search: &Search) -> Self {
        Self {
            list: Vec::new(),
            found: HashTable::new(),
            sample: Sample::of(search, 3, FIRST_COMPARED),
        }
    }

    /// Where `result` led from `from`, if that was learned.
    ///
    /// # Errors
    ///
    /// What is wrong with the type of the result.
    pub(super) fn find(
        &mut self,
        from: LocalId,
        level: u32,
        result: &dyn Value,
    ) -> Result<Option<LocalId>, FaultKind> {
        let same = |&place: &u32| {
            let step = &self.list[place as usize];
            step.from == from && step.level == level && step.result.equals(result)
        };
        let hash = step_hash(from, level, result);
        let Some(&place) = self.found.find(hash, same) else {
            return Ok(None);
        };
        let step = &self.list[place as usize];
        if self.sample.takes_next() {
            prints::compare(&*step.result, step.print, result)?;
        }
        Ok(Some(step.to))
    }

    /// `result` leads from `from` to `to`.
    pub(super) fn add(&mut self, from: LocalId, level: u32, result: Arc<dyn Value>, to: LocalId) {
        let place = u32::try_from(self.list.len()).expect("fewer than 2^32 local steps");
        let is_compared = u64::from(place) < FIRST_COMPARED && self.sample.is_on();
        let hash = step_hash(from, level, &*result);
        let print = match is_compared {
            true => prints::print_of(&*result),
            false => 0,
        };
        self.list.push(LocalStep {
            from,
            level,
            result,
            print,
            to,
        });
        let steps = &self.list;
        self.found.insert_unique(hash, place, |&place| {
            let step = &steps[place as usize];
            step_hash(step.from, step.level, &*step.result)
        });
    }

    /// Every result that was followed: from where, and where to.
    pub(super) fn followed(&self) -> impl Iterator<Item = (LocalId, &Arc<dyn Value>, LocalId)> {
        let results = self.list.iter().filter(|step| step.level == 0);
        results.map(|step| (step.from, &step.result, step.to))
    }
}

fn step_hash(from: LocalId, level: u32, result: &dyn Value) -> u64 {
    hash_value(u64::from(from.0) | u64::from(level) << 32, result)
}
