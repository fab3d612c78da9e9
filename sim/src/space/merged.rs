//! The check of merged states: what was merged must go on like what it was merged with.

use super::StateWatch;
use super::graph::StateGraph;
use super::halt::{Halt, general_fault};
use super::keys::Keys;
use super::search::{Spot, Walk};
use super::seen::StateId;
use super::state::{SharedState, State};
use super::words::mix;
use crate::fault::{Fault, FaultKind};
use crate::program::Program;
use crate::simulation::Verdict;
use crate::step::Turn;

/// How a state is found to be one that was reached before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Merging {
    /// By its description as it is: nothing was exchanged.
    Recognized,
    /// By its key.
    ByKey,
}

/// So many states that are merged under other names, and so many steps for which another actor stands in, are looked at
/// all if there are no more.
const ALL_OF: u64 = 1_000;

/// So many steps for which another actor stands in are looked at in any case, and then one in so many as of the others
/// times this one.
const FIRST_STOOD_IN: u64 = 50;
const STOOD_IN_SELDOMER: u32 = 10;

/// States that were merged with others, and the keys of the states they lead to.
#[derive(Default)]
pub(crate) struct MergedChecks {
    notes: Vec<(StateId, Vec<Vec<u8>>)>,
    /// Merged under other names and not looked at yet: what with, and the state.
    renamed: Waiting<(StateId, State)>,
    /// Not taken, because another actor does the same: from where and which, and where that leads.
    stood_in: Waiting<(State, Turn, (StateId, StateId))>,
}

/// Things that are looked at in the end, if they are few.
struct Waiting<T> {
    first: Vec<T>,
    all: u64,
}

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self {
            first: Vec::new(),
            all: 0,
        }
    }
}

impl<T> Waiting<T> {
    /// Keeps the thing, as long as there are few; then none is kept.
    fn add(&mut self, thing: impl FnOnce() -> T) {
        self.all += 1;
        if self.all <= ALL_OF {
            self.first.push(thing());
        } else if !self.first.is_empty() {
            self.first = Vec::new();
        }
    }

    /// All of them, or none if they are not few.
    fn take(&mut self) -> Vec<T> {
        std::mem::take(&mut self.first)
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
        merging: Merging,
    ) -> Result<StateId, Halt<Verdict<P>>> {
        if !matches!(self.keys, Keys::Described(_)) {
            return Ok(id);
        }
        if self.is_drawn(1) {
            self.expand_merged(id, state)?;
        } else if merging == Merging::ByKey {
            let renamed = &mut self.merged_checks.renamed;
            renamed.add(|| (id, state.clone()));
        }
        Ok(id)
    }

    /// Takes no step `turn` from `state`, because another actor's leads `to` where it would; and now and then looks
    /// whether it would.
    pub(super) fn stand_in(
        &mut self,
        state: &State,
        turn: Turn,
        (from, to): (StateId, StateId),
    ) -> Result<(), Box<Fault>> {
        let stood_in = &mut self.merged_checks.stood_in;
        let one_in = u64::from(self.config.check_one_in.saturating_mul(STOOD_IN_SELDOMER));
        let is_looked_at = stood_in.all < FIRST_STOOD_IN
            || mix(self.config.seed, stood_in.all).is_multiple_of(one_in.max(1));
        stood_in.add(|| (state.clone(), turn, (from, to)));
        if one_in == 0 || !is_looked_at {
            return Ok(());
        }
        self.compare_stood_in(state, turn, to)
    }

    fn compare_stood_in(
        &mut self,
        state: &State,
        turn: Turn,
        to: StateId,
    ) -> Result<(), Box<Fault>> {
        let (taken, _) = self.take_step(state, turn, self.checks())?;
        let found = match taken {
            Ok(after) => {
                self.make_key(&after)?;
                self.seen.number_of(&self.key)
            }
            Err(_) => None,
        };
        if found == Some(to) {
            return Ok(());
        }
        let info = &self.coroutines.actors[turn.actor.index()];
        let kind = FaultKind::Asymmetric {
            kept: format!("state {} by an actor of class `{}`", to.index(), info.class),
            merged: match found {
                Some(other) => format!("state {} by {}", other.index(), info.name),
                None => format!("another state by {}, of the same class", info.name),
            },
        };
        Err(self.coroutines.fault(turn.actor, None, kind))
    }

    /// Compares merged states with those they were merged with, when all of those have been expanded: a share of them,
    /// and all if they are few.
    pub(super) fn compare_merged(&mut self) -> Result<(), Halt<Verdict<P>>> {
        if self.config.check_one_in > 0 {
            for (state, turn, (from, to)) in self.merged_checks.stood_in.take() {
                self.spot = Spot::State(from, Some(turn));
                self.compare_stood_in(&state, turn, to)?;
            }
            for (id, state) in self.merged_checks.renamed.take() {
                self.spot = Spot::State(id, None);
                self.expand_merged(id, &state)?;
            }
        }
        for (id, keys) in std::mem::take(&mut self.merged_checks.notes) {
            self.spot = Spot::State(id, None);
            let found = keys.iter().map(|key| self.seen.number_of(key));
            lead_alike(&self.graph, id, found.collect())?;
        }
        Ok(())
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
            let mut turn = Turn::of(actor);
            loop {
                let (taken, ways) = self.take_step(state, turn, checks)?;
                // A panic with a verdict that does not count leads nowhere from either of them.
                if let Ok(after) = taken {
                    self.make_key(&after)?;
                    keys.push(self.key.clone());
                }
                turn.way += 1;
                if turn.way >= ways {
                    break;
                }
            }
        }
        self.merged_checks.notes.push((id, keys));
        self.progress.compared += 1;
        Ok(())
    }
}
