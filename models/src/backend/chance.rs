//! Choices on every tool that explores them, or draws them and repeats what it drew.

use std::marker::PhantomData;
use std::panic::{Location, resume_unwind};
use std::sync::Arc;

use logon_core::primitives::{Chance, MOST_WAYS, Name};
use logon_sim::{Chosen, OperationKind};

use super::admission::{Pending, Stopped};
use super::recorder::Recorder;
use super::step::Operation;
use super::tool::Tool;

/// Where choices are made with the numbers of a tool.
pub struct ToolChance<T: Tool> {
    name: &'static str,
    recorder: Option<Arc<Recorder>>,
    tool: PhantomData<fn() -> T>,
}

impl<T: Tool> Chance for ToolChance<T> {
    #[track_caller]
    fn new(name: impl Into<Name>) -> Self {
        let name = name.into().text();
        Self {
            name,
            recorder: Recorder::of_object(name, Location::caller()),
            tool: PhantomData,
        }
    }

    #[track_caller]
    fn choose(&self, label: &'static str, of: u32) -> u32 {
        assert!(
            (1..=MOST_WAYS).contains(&of),
            "the program is at fault: `{label}` chooses one of {of} values; expected 1 to {MOST_WAYS}"
        );
        let operation = Operation {
            kind: OperationKind::Choose,
            object: self.name,
            label,
            condition: None,
            place: Location::caller(),
        };
        let arrived = self.recorder.as_deref().and_then(|recorder| {
            let pending = recorder.arrive(T::key()?, operation, T::pause())?;
            Some((recorder, pending))
        });
        let Some((recorder, mut pending)) = arrived else {
            panic!(
                "the harness is at fault: `{label}` on `{}` is chosen by nobody who plays an actor of a recorder",
                self.name
            );
        };
        assert!(
            recorder.published.is_none(),
            "a search of states on another tool does not look at the values of a choice (`{label}` on `{}`); \
             search with `exhaustive`",
            self.name
        );
        let chosen =
            scheduled(recorder, &pending, of).or_else(|| T::draw(recorder, pending.actor, of));
        let chosen = chosen.expect("a tool that offers choices draws them");
        pending.choose(Chosen::Value(chosen));
        recorder.done(Some(pending), None, None);
        if recorder.ends_here(T::key()) {
            resume_unwind(Box::new(Stopped));
        }
        chosen
    }
}

/// What the schedule says; the replay diverges if that is none of the values.
fn scheduled(recorder: &Recorder, pending: &Pending, of: u32) -> Option<u32> {
    match pending.scheduled.as_ref()? {
        Chosen::Value(value) if *value < of => Some(*value),
        _ => {
            recorder.cannot_choose(pending);
            None
        }
    }
}

/// Makes a tool one that offers choices.
macro_rules! choosing {
    ($tool:ty) => {
        impl logon_core::primitives::Choosing for $tool {
            type Chance = $crate::backend::ToolChance<Self>;
        }
    };
}

pub(super) use choosing;
