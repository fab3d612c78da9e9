//! What ends a search, and who decides.

use std::ops::ControlFlow;

use super::search::Walk;
use super::{Evidence, Progress, StateWatch};
use crate::counted::counted;
use crate::fault::Fault;
pub(crate) use crate::fault::general_fault;
use crate::program::Program;
use crate::simulation::Verdict;

/// Why a search stops before it has seen everything.
pub(crate) enum Halt<V> {
    Fault(Box<Fault>),
    Limit(String),
    Found(Box<Evidence<V>>),
}

impl<V> From<Box<Fault>> for Halt<V> {
    fn from(fault: Box<Fault>) -> Self {
        Self::Fault(fault)
    }
}

/// Who is told of the progress and decides whether to go on.
pub(crate) type Monitor<'a> = &'a mut dyn FnMut(&Progress) -> ControlFlow<String>;

/// Which verdicts count.
pub(crate) type Counts<'a, V> = &'a dyn Fn(&V) -> bool;

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    /// Whether this many states are within the limits.
    pub(crate) fn within_limits(
        &mut self,
        states: usize,
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        self.within_states(states)?;
        self.within_memory()?;
        match monitor(&self.measured()) {
            ControlFlow::Break(limit) => Err(Halt::Limit(limit)),
            ControlFlow::Continue(()) => Ok(()),
        }
    }

    /// Whether there is no more memory than there may be; looked at now and then.
    pub(super) fn within_memory(&mut self) -> Result<(), Halt<Verdict<P>>> {
        let kept = (self.seen.size() + self.graph.size()) as u64;
        self.memory.look(kept).map_err(Halt::Limit)
    }

    /// Whether this many states are no more than were asked for.
    pub(super) fn within_states(&self, states: usize) -> Result<(), Halt<Verdict<P>>> {
        match self.config.max_states {
            Some(most) if states as u64 > most => Err(Halt::Limit(format!(
                "the limit of {}",
                counted(most, "state")
            ))),
            _ => Ok(()),
        }
    }
}
