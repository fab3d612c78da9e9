//! The check of merged states: what was merged must go on like what it was merged with.

use super::StateWatch;
use super::graph::StateGraph;
use super::halt::{Halt, general_fault};
use super::keys::Keys;
use super::search::Walk;
use super::seen::{Seen, StateId};
use super::state::{SharedState, State};
use crate::execution::{Fault, FaultKind};
use crate::program::Program;
use crate::simulation::Verdict;

/// States that were merged with others, and the keys of the states they lead to.
#[derive(Default)]
pub(crate) struct MergedChecks {
    notes: Vec<(StateId, Vec<Vec<u8>>)>,
}

impl MergedChecks {
    /// Compares them with the states they were merged with, when all of those have been expanded.
    pub(crate) fn compare(&self, seen: &Seen, graph: &StateGraph) -> Result<(), Box<Fault>> {
        self.notes.iter().try_for_each(|(id, keys)| {
            let found = keys.iter().map(|key| seen.number_of(key));
            lead_alike(graph, *id, found.collect())
        })
    }
}

/// Whether a state that was merged with `id` leads to the same states; `None` is one that was never reached.
///
/// # Errors
///
/// A fault if it does not.
pub(super) fn lead_alike(
    graph: &StateGraph,
    id: StateId,
    mut merged: Vec<Option<StateId>>,
) -> Result<(), Box<Fault>> {
    let mut kept: Vec<_> = graph.successors(id).map(|(_, to)| Some(to)).collect();
    kept.sort_unstable();
    merged.sort_unstable();
    if kept == merged {
        return Ok(());
    }
    let tell = |states: &[Option<StateId>]| {
        let states = states.iter().map(|state| match state {
            Some(state) => format!("state {}", state.index()),
            None => "a state never reached".to_owned(),
        });
        states.collect::<Vec<_>>().join(", ")
    };
    Err(general_fault(FaultKind::Asymmetric {
        kept: tell(&kept),
        merged: tell(&merged),
    }))
}

/// Whether two states that were merged either both have a verdict or both have none.
///
/// # Errors
///
/// A fault if they differ.
pub(super) fn judged_alike(kept: bool, merged: bool) -> Result<(), Box<Fault>> {
    if kept == merged {
        return Ok(());
    }
    let tell = |has: bool| format!("{} verdict", if has { "a" } else { "no" });
    Err(general_fault(FaultKind::Asymmetric {
        kept: tell(kept),
        merged: tell(merged),
    }))
}

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    /// Takes `state` for the state `id`, and now and then looks whether it is.
    pub(super) fn merge(
        &mut self,
        id: StateId,
        state: &State,
    ) -> Result<StateId, Halt<Verdict<P>>> {
        if matches!(self.keys, Keys::Described(_)) && self.is_drawn(1) {
            self.expand_merged(id, state)?;
        }
        Ok(id)
    }

    /// Expands a state that was merged with another one, to compare how the two go on.
    fn expand_merged(&mut self, id: StateId, state: &State) -> Result<(), Halt<Verdict<P>>> {
        let shared = SharedState {
            objects: &state.objects,
        };
        let is_passed_over = self.passed_over.contains(&id);
        judged_alike(is_passed_over, self.watch.in_state(&shared).is_some())?;
        if is_passed_over {
            return Ok(());
        }
        let checks = self.checks();
        let mut keys = Vec::new();
        for actor in self.coroutines.enabled(state) {
            let steps = self
                .coroutines
                .steps(&mut self.locals, state, actor, checks)?;
            for (_, after) in steps {
                self.make_key(&after)?;
                keys.push(self.key.clone());
            }
        }
        self.merged_checks.notes.push((id, keys));
        self.progress.compared += 1;
        Ok(())
    }
}
