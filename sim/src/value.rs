//! Plain values without their type: what the engine keeps, clones, compares and hands over.

use std::any::{Any, type_name};
use std::fmt::Debug;
use std::hash::Hasher;

use logon_core::primitives::{Plain, Wake};

use crate::context::in_foreign;

/// A [`Plain`] value whose type has been forgotten: the state of an object or the result of a section.
///
/// Implemented for every plain value and for nothing else.
pub trait Value: Any + Debug + Send + Sync {
    /// A clone on the heap.
    fn boxed_clone(&self) -> Box<dyn Value>;

    /// Whether `other` has the same type and is equal.
    fn equals(&self, other: &dyn Value) -> bool;

    /// Feeds the value to `hasher`.
    fn hash_into(&self, hasher: &mut dyn Hasher);

    /// The name of its type, for messages.
    fn type_name(&self) -> &'static str;
}

impl<T: Plain> Value for T {
    fn boxed_clone(&self) -> Box<dyn Value> {
        in_foreign("Clone", type_name::<T>(), || Box::new(self.clone()))
    }

    fn equals(&self, other: &dyn Value) -> bool {
        let other: &dyn Any = other;
        other
            .downcast_ref::<T>()
            .is_some_and(|other| in_foreign("Eq", type_name::<T>(), || self == other))
    }

    fn hash_into(&self, mut hasher: &mut dyn Hasher) {
        in_foreign("Hash", type_name::<T>(), || self.hash(&mut hasher));
    }

    fn type_name(&self) -> &'static str {
        type_name::<T>()
    }
}

/// What a section yields.
pub(crate) struct Yielded {
    /// What the actor learns.
    pub(crate) result: Box<dyn Value>,
    /// Who is woken.
    pub(crate) wake: Wake,
}

impl Yielded {
    /// This result, and nobody is woken.
    pub(crate) fn quietly(result: impl Plain) -> Self {
        Self {
            result: Box::new(result),
            wake: Wake::Nobody,
        }
    }

    /// Whether two calls of a section have come to the same.
    pub(crate) fn agree(one: Option<&Self>, other: Option<&Self>) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => one.result.equals(&*other.result) && one.wake == other.wake,
            (None, None) => true,
            _ => false,
        }
    }
}

/// How many characters of a value are shown in a fault.
const MOST_SHOWN: usize = 2_000;

/// What a value prints, for a fault: its beginning, if it is long.
pub(crate) fn shown(value: &dyn Value) -> String {
    let mut text = in_foreign("Debug", value.type_name(), || format!("{value:?}"));
    if let Some((end, _)) = text.char_indices().nth(MOST_SHOWN) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The state as the type its monitor gave it.
pub(crate) fn state_as<S: Plain>(state: &mut dyn Value) -> &mut S {
    let state: &mut dyn Any = state;
    state
        .downcast_mut()
        .expect("the tool is at fault: a section was given the state of an object of another type")
}

/// The result as the type its section gave it.
pub(crate) fn result_as<R: Plain>(result: Box<dyn Value>) -> R {
    let result: Box<dyn Any> = result;
    *result
        .downcast()
        .expect("the tool is at fault: an actor was fed the result of a section of another type")
}

/// The result of a word's operation, looked at without taking it.
pub(crate) fn peek_as<R: Plain>(result: &dyn Value) -> Option<&R> {
    let result: &dyn Any = result;
    result.downcast_ref()
}
