//! Calling sections: for a step, or to see what a step would do.

use super::Engine;
use crate::execution::Site;
use crate::fault::FaultKind;
use crate::object::Object;
use crate::panic;
use crate::step::{ActorId, Operation, OperationKind, WordAccess};
use crate::value::{Value, peek_as, shown};

impl Engine {
    /// Calls the pending section of `id` on `state`, which it changes, and changes nothing else.
    ///
    /// `None` is an actor that would fall asleep.
    pub(crate) fn try_out(
        &self,
        id: ActorId,
        state: &mut dyn Value,
    ) -> Result<Option<Box<dyn Value>>, FaultKind> {
        let actor = &self.actors[id.index()];
        let (Some(task), Some(operation)) = (&actor.task, &actor.operation) else {
            panic!("the scheduler is at fault: it tried out an actor that has finished");
        };
        match operation.kind {
            OperationKind::Sleep => return Ok(None),
            OperationKind::Wake => return Ok(Some(Box::new(()))),
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
    ) -> Result<Option<Box<dyn Value>>, FaultKind> {
        let object = &self.objects[self.actors[id.index()].object];
        if self.config.check_sections_twice {
            self.check_stability(id, &**object)?;
        }
        let is_wait = operation.kind == OperationKind::Wait;
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
        let results_agree = match (&result, &other_result) {
            (Some(one), Some(other)) => one.equals(&**other),
            (None, None) => true,
            _ => false,
        };
        if results_agree && state.equals(&*other_state) {
            return Ok(());
        }
        let render = |result: Option<Box<dyn Value>>, state: Box<dyn Value>| match result {
            Some(result) => format!("{} leaving {}", shown(&*result), shown(&*state)),
            None => format!("nothing, leaving {}", shown(&*state)),
        };
        Err(FaultKind::UnstableSection {
            first: render(result, state),
            second: render(other_result, other_state),
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
            _ => None,
        }
    }
}
