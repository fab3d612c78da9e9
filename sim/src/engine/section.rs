//! Calling sections: for a step, or to see what a step would do.

use logon_core::primitives::Wake;

use super::Engine;
use crate::execution::Site;
use crate::fault::FaultKind;
use crate::object::Object;
use crate::panic;
use crate::step::{ActorId, Operation, OperationKind, WordAccess};
use crate::value::{Value, Yielded, peek_as, shown};

impl Engine {
    /// Calls the pending section of `id` on `state`, which it changes, and changes nothing else.
    ///
    /// `None` is an actor that would fall asleep.
    pub(crate) fn try_out(
        &self,
        id: ActorId,
        state: &mut dyn Value,
    ) -> Result<Option<Yielded>, FaultKind> {
        let actor = &self.actors[id.index()];
        let (Some(task), Some(operation)) = (&actor.task, &actor.operation) else {
            panic!("the scheduler is at fault: it tried out an actor that has finished");
        };
        match operation.kind {
            OperationKind::Sleep => return Ok(None),
            OperationKind::Wake => return Ok(Some(Yielded::quietly(()))),
            _ => {}
        }
        let site = Site {
            label: operation.label,
            location: operation.location,
        };
        panic::call_section(site, || task.apply(state))
    }

    /// The effect of the pending operation of `id` on its object; `None` if the actor falls asleep.
    pub(super) fn perform(
        &self,
        id: ActorId,
        operation: Operation,
        way: u32,
    ) -> Result<Option<Yielded>, FaultKind> {
        if operation.kind == OperationKind::Choose {
            return Ok(Some(Yielded::quietly(way)));
        }
        let object = &self.objects[self.actors[id.index()].object];
        if self.config.check_sections_twice {
            self.check_stability(id, &**object)?;
        }
        let is_wait = operation.kind.is_wait();
        let before = (is_wait && self.config.check_waits).then(|| object.snapshot());
        let mut result = Ok(None);
        object.with_state(&mut |state| result = self.try_out(id, state));
        let result = result?;
        if let (None, Some(before)) = (&result, before) {
            let after = object.snapshot();
            if !after.equals(&*before) {
                return Err(FaultKind::MutatingWait {
                    before: shown(&*before),
                    after: shown(&*after),
                });
            }
        }
        Ok(result)
    }

    /// Calls the pending section on two clones of the state and compares.
    fn check_stability(&self, id: ActorId, object: &dyn Object) -> Result<(), FaultKind> {
        let (mut state, mut other_state) = (object.snapshot(), object.snapshot());
        let result = self.try_out(id, &mut *state)?;
        let other_result = self.try_out(id, &mut *other_state)?;
        if Yielded::agree(result.as_ref(), other_result.as_ref()) && state.equals(&*other_state) {
            return Ok(());
        }
        Err(FaultKind::UnstableSection {
            first: outcome(result.as_ref(), &*state),
            second: outcome(other_result.as_ref(), &*other_state),
        })
    }

    /// What a step on a word, which has just been performed, read and wrote.
    pub(super) fn word_access(
        &self,
        kind: OperationKind,
        object: usize,
        result: Option<&dyn Value>,
    ) -> Option<WordAccess> {
        let result = result?;
        let now = || self.objects[object].snapshot();
        match kind {
            OperationKind::Load => Some(WordAccess {
                read: peek_as::<u64>(result).copied(),
                written: None,
            }),
            OperationKind::Store => Some(WordAccess {
                read: None,
                written: peek_as::<u64>(&*now()).copied(),
            }),
            OperationKind::CompareExchange => match peek_as::<Result<u64, u64>>(result)? {
                Ok(read) => Some(WordAccess {
                    read: Some(*read),
                    written: peek_as::<u64>(&*now()).copied(),
                }),
                Err(read) => Some(WordAccess {
                    read: Some(*read),
                    written: None,
                }),
            },
            OperationKind::FetchAdd | OperationKind::Swap => Some(WordAccess {
                read: peek_as::<u64>(result).copied(),
                written: peek_as::<u64>(&*now()).copied(),
            }),
            _ => None,
        }
    }
}

/// What a section has yielded and left, in words.
pub(crate) fn outcome(yielded: Option<&Yielded>, state: &dyn Value) -> String {
    match yielded {
        Some(Yielded {
            result,
            wake: Wake::Nobody | Wake::Everybody,
        }) => format!("{} leaving {}", shown(&**result), shown(state)),
        Some(Yielded { result, wake }) => {
            format!(
                "{} leaving {} and waking {wake:?}",
                shown(&**result),
                shown(state)
            )
        }
        None => format!("nothing, leaving {}", shown(state)),
    }
}
