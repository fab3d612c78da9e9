//! Executions at random, beside a complete search: what was overlooked on one way shows itself on another.

use super::StateWatch;
use super::halt::{Counts, Halt, Monitor, general_fault};
use super::search::Walk;
use super::state::SharedState;
use super::step::Checks;
use super::verify::retrace;
use super::words::mix;
use crate::execution::{Fault, FaultKind};
use crate::program::Program;
use crate::simulation::Verdict;

/// How many executions at random a search makes in the end, however small it was.
const FEWEST_STROLLS: u64 = 10;

/// And however large.
const MOST_STROLLS: u64 = 1_000;

/// How many steps a stroll takes at most.
const LONGEST_STROLL: usize = 1_000;

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    /// Looks for what a complete search has not seen: see [`stroll`].
    pub(super) fn stroll(
        &mut self,
        counts: Counts<'_, Verdict<P>>,
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        if self.config.check_one_in == 0 {
            return Ok(());
        }
        let share = self.seen.len() as u64 / (10 * u64::from(self.config.check_one_in));
        let strolls = share.clamp(FEWEST_STROLLS, MOST_STROLLS);
        let checks = self.checks();
        for number in 0..strolls {
            self.within_limits(self.seen.len(), monitor)?;
            stroll(self, number, checks, counts)?;
        }
        self.progress.strolls = strolls;
        Ok(())
    }
}

/// Takes steps at random until nobody can go on, and compares each state with an execution from scratch; what
/// the search claims to be everything must contain all of them.
///
/// A search goes one way to each state. What it overlooks because two ways lead to what it takes for one state
/// shows itself on another way.
fn stroll<P: Program + ?Sized>(
    walk: &mut Walk<'_, P>,
    number: u64,
    checks: Checks,
    counts: Counts<'_, Verdict<P>>,
) -> Result<(), Box<Fault>>
where
    P::Watch: StateWatch,
{
    let mut path = Vec::new();
    let mut states = vec![walk.initial.clone()];
    let mut key = Vec::new();
    while path.len() < LONGEST_STROLL {
        let state = states.last().expect("the initial state is there");
        let enabled = walk.troupe.enabled(state);
        let shared = SharedState {
            objects: &state.objects,
        };
        let overlooked = |what: &str| {
            let state = format!("{what} after {} steps", path.len());
            Err(general_fault(FaultKind::Overlooked { state }))
        };
        match walk.watch.in_state(&shared) {
            Some(verdict) if counts(&verdict) => return overlooked("a violation"),
            Some(_) => break,
            None => {}
        }
        if enabled.is_empty() {
            break;
        }
        let draw = mix(mix(walk.config.seed, number), path.len() as u64);
        let actor = enabled[(draw % enabled.len() as u64) as usize];
        let after = walk
            .troupe
            .step(&mut walk.locals, state, actor.index(), checks)?;
        let made = walk.keys.key(&after, &walk.locals, &mut key);
        made.map_err(|name| general_fault(FaultKind::NotDescribed(name)))?;
        if walk.seen.number_of(&key).is_none() {
            return overlooked("a state one step");
        }
        path.push(actor);
        states.push(after);
    }
    retrace(walk, &path, |step| states.get(step)).map(drop)
}
