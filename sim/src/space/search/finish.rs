//! The end of a search: what was seen, and where it came to that.

use super::{Spot, Walk};
use crate::program::Program;
use crate::simulation::Verdict;
use crate::space::halt::Halt;
use crate::space::{Progress, Space, SpaceEnd, StateWatch, verify};
use crate::step::Step;

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    /// The steps that lead to where the search is, as far as they can be taken.
    fn steps_to_spot(&self) -> Vec<Step> {
        let path = match &self.spot {
            Spot::State(id, _) if id.index() >= self.graph.states() => return Vec::new(),
            Spot::State(id, turn) => {
                let mut path = self.graph.path(*id);
                path.extend(*turn);
                path
            }
            Spot::Path(path) => path.clone(),
            Spot::Nowhere => return Vec::new(),
        };
        verify::along(self, path).0.steps
    }

    /// The progress, with what is counted elsewhere.
    pub(crate) fn measured(&self) -> Progress {
        Progress {
            states: self.seen.len() as u64,
            open: self.open.len() as u64,
            local_states: self.locals.len() as u64,
            coroutines: self.coroutines.made(),
            orders: self.coroutines.orders,
            bytes: (self.seen.size() + self.graph.size()) as u64,
            depths: Vec::new(),
            ..self.progress
        }
    }

    pub(super) fn finish(mut self, halted: Result<(), Halt<Verdict<P>>>) -> Space<Verdict<P>> {
        let end = match halted {
            Ok(()) => SpaceEnd::Complete,
            Err(Halt::Fault(mut fault)) => {
                if fault.steps.is_empty() {
                    fault.steps = self.steps_to_spot();
                }
                SpaceEnd::Fault(*fault)
            }
            Err(Halt::Limit(limit)) => SpaceEnd::Limit(self.with_growth(limit)),
            Err(Halt::Found(evidence)) => SpaceEnd::Violated(evidence),
        };
        let progress = self.measured();
        let depths = std::mem::take(&mut self.progress.depths);
        Space {
            end,
            depth: depths.iter().copied().max().unwrap_or(0),
            fingerprint: self.seen.fingerprint(),
            progress,
            orbits: self.gate.map(|gate| gate.orbits()),
            graph: self.graph,
            seen: self.seen,
        }
    }
}
