//! Coming to a state: which one it is, and what is said of one that is new.

use super::{Open, Walk};
use crate::execution::End;
use crate::fault::{Fault, FaultKind};
use crate::program::Program;
use crate::silence::{self, Silence};
use crate::simulation::Verdict;
use crate::space::halt::{Counts, Halt, general_fault};
use crate::space::keys::Keys;
use crate::space::merged::Merging;
use crate::space::seen::StateId;
use crate::space::state::{SharedState, State};
use crate::space::words::HashWords;
use crate::space::{Reached, StateWatch, prints, verify};
use crate::step::Turn;

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    /// Comes to a state whose key is in `self.key`.
    pub(super) fn arrive(
        &mut self,
        state: State,
        from: Option<(StateId, Turn)>,
        counts: Counts<'_, Verdict<P>>,
    ) -> Result<StateId, Halt<Verdict<P>>> {
        let (id, is_new) = match self.within_states(self.seen.len() + 1) {
            Ok(()) => self.seen.insert(&self.key),
            Err(full) => match self.seen.number_of(&self.key) {
                Some(id) => (id, false),
                None => {
                    // The step leads to a state that is not counted, so it is not counted either.
                    self.progress.transitions -= u64::from(from.is_some());
                    return Err(full);
                }
            },
        };
        if !is_new {
            return self.merge(id, &state, Merging::ByKey);
        }
        self.graph.add_state(from);
        if let Some(gate) = &mut self.gate {
            let noted = gate.note(&state, &self.locals, &mut self.key);
            noted.map_err(|name| general_fault(FaultKind::NotDescribed(name)))?;
        }
        let depth = from.map_or(0, |(parent, _)| self.progress.depths[parent.index()] + 1);
        self.progress.depths.push(depth);
        let shared = SharedState {
            objects: &state.objects,
        };
        let (verdict, noted) = silence::heard(|| self.watch.in_state(&shared));
        self.judges_states = !noted.has(Silence::IN_STATE);
        match verdict {
            None if self.coroutines.is_at_rest(&state) => {
                self.progress.rests += 1;
                let verdict = self.judge_rest(id, counts)?;
                self.tell(id, &state, verdict.as_ref());
            }
            None => {
                self.tell(id, &state, None);
                let mut twins = Vec::new();
                if let Keys::Described(canonizer) = &mut self.keys {
                    canonizer.twins(&mut twins);
                }
                self.open.push_back(Open { id, state, twins });
            }
            Some(verdict) if counts(&verdict) => {
                let evidence = verify::execution(self, id, verdict)?;
                return Err(Halt::Found(Box::new(evidence)));
            }
            // What follows a violation means nothing, also of one that does not count.
            Some(verdict) => {
                self.progress.passed_over += 1;
                self.passed_over.insert(id);
                self.tell(id, &state, Some(&verdict));
            }
        }
        Ok(id)
    }

    /// Judges a state in which nobody can go on, from an execution that leads there: what actors outside of
    /// primitives have left behind is only there in an execution. Gives the verdict, if it does not count.
    fn judge_rest(
        &mut self,
        id: StateId,
        counts: Counts<'_, Verdict<P>>,
    ) -> Result<Option<Verdict<P>>, Halt<Verdict<P>>> {
        let evidence = verify::rest(self, id)?;
        match evidence.execution.verdict() {
            Some(verdict) if counts(verdict) => return Err(Halt::Found(Box::new(evidence))),
            Some(_) => self.progress.passed_over += 1,
            None => {}
        }
        Ok(match evidence.execution.end {
            End::Stopped { verdict, .. } => Some(verdict),
            _ => None,
        })
    }

    /// Tells of a state that was reached, if anybody listens.
    fn tell(&mut self, id: StateId, state: &State, verdict: Option<&Verdict<P>>) {
        if let Some(chronicler) = &mut self.chronicler {
            let offers = self.coroutines.offers(state);
            chronicler(&Reached {
                state: id,
                offers: &offers,
                verdict,
            });
        }
    }

    /// The state that was reached lately and is this one; if there is none, its key is in `self.key`. What the two
    /// print is compared only if this one `is_close`: printing takes longer than all the rest.
    pub(in crate::space) fn recognize(
        &mut self,
        state: &State,
        is_close: bool,
    ) -> Result<Option<StateId>, Box<Fault>> {
        let Keys::Described(canonizer) = &mut self.keys else {
            self.description.clear();
            return self.make_key(state).map(|()| None);
        };
        let described = canonizer.describe(state, &self.locals);
        described.map_err(|name| general_fault(FaultKind::NotDescribed(name)))?;
        canonizer.description(&mut self.description);
        let Some(known) = self.recent.find(&self.description) else {
            canonizer.canonical(&mut self.key);
            return Ok(None);
        };
        // One description is no proof: it may leave something out.
        if is_close && known.print != 0 && known.print != prints::print_of_state(state) {
            let way = known.way;
            return Err(self.coarse_description(way, state));
        }
        Ok(Some(known.id))
    }

    /// Whether the state that was described last is one of those that are compared by what they print.
    pub(super) fn is_printed(&mut self) -> bool {
        let one_in = u64::from(self.config.check_one_in);
        self.printed.takes_next()
            || one_in != 0 && self.description.hash_words().is_multiple_of(one_in)
    }

    pub(in crate::space) fn make_key(&mut self, state: &State) -> Result<(), Box<Fault>> {
        let made = self.keys.key(state, &self.locals, &mut self.key);
        made.map_err(general_fault)
    }
}
