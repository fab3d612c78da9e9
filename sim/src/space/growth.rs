//! Whose history grows: an actor that repeats a step in a plain loop has a state for each time.

use std::collections::BTreeMap;

use super::StateWatch;
use super::local::LocalId;
use super::search::Walk;
use crate::program::Program;
use crate::step::ActorId;

/// An actor that remembers fewer results of one operation is not named.
const FEWEST_REPEATED: usize = 64;

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    /// A limit that was reached, with the actor whose history grew most, if one operation makes up most of it.
    pub(super) fn with_growth(&self, limit: String) -> String {
        let mut deepest: BTreeMap<ActorId, (usize, LocalId)> = BTreeMap::new();
        let mut depths: Vec<usize> = Vec::with_capacity(self.locals.len());
        for id in self.locals.all() {
            let depth = self
                .locals
                .base(id)
                .map_or(0, |base| depths[base.index()] + 1);
            depths.push(depth);
            let known = deepest.entry(self.locals.actor(id)).or_insert((depth, id));
            *known = (*known).max((depth, id));
        }
        let Some((actor, (depth, id))) = deepest.into_iter().max_by_key(|(_, (depth, _))| *depth)
        else {
            return limit;
        };
        // How often each operation was performed on the way there.
        let mut repeated = BTreeMap::new();
        let mut at = id;
        while let Some(base) = self.locals.base(at) {
            if let Some(call) = self.coroutines.call_of(base) {
                let site = (call.object_name, call.label, call.location.to_string());
                *repeated.entry(site).or_insert(0_usize) += 1;
            }
            at = base;
        }
        let most = repeated.into_iter().max_by_key(|(_, times)| *times);
        match most {
            Some(((object, label, location), times))
                if times >= FEWEST_REPEATED && 4 * times >= depth =>
            {
                let name = &self.coroutines.actors[actor.index()].name;
                format!(
                    "{limit}; {name} remembers {times} results of `{label}` on `{object}` at {location}, and has a state \
                     for each: where it need not remember them, write the loop around it with `retry` or `forever`, or put \
                     it into a `scope`"
                )
            }
            _ => limit,
        }
    }
}
