//! State that an allocator of another make keeps where the server keeps its records.

use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::primitives::Plain;
use crate::symmetry::{Shape, Symmetric};

/// A plain value of any type, or none: it is compared, hashed, cloned and printed as what it is.
#[derive(Default)]
pub(crate) struct OwnState(Option<Box<dyn AnyPlain>>);

/// What [`Plain`] asks for, of a value whose type is forgotten.
trait AnyPlain: Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn cloned(&self) -> Box<dyn AnyPlain>;
    fn equals(&self, other: &dyn Any) -> bool;
    fn hash_into(&self, hasher: &mut dyn Hasher);
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl<T: Plain> AnyPlain for T {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn cloned(&self) -> Box<dyn AnyPlain> {
        Box::new(self.clone())
    }

    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>() == Some(self)
    }

    fn hash_into(&self, mut hasher: &mut dyn Hasher) {
        self.hash(&mut hasher);
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt(f)
    }
}

impl OwnState {
    pub(crate) fn new<T: Plain>(state: T) -> Self {
        OwnState(Some(Box::new(state)))
    }

    pub(crate) fn get<T: Plain>(&self) -> Option<&T> {
        self.0.as_deref()?.as_any().downcast_ref()
    }

    pub(crate) fn get_mut<T: Plain>(&mut self) -> Option<&mut T> {
        self.0.as_deref_mut()?.as_any_mut().downcast_mut()
    }
}

impl Clone for OwnState {
    fn clone(&self) -> Self {
        OwnState(self.0.as_deref().map(AnyPlain::cloned))
    }
}

impl PartialEq for OwnState {
    fn eq(&self, other: &Self) -> bool {
        match (self.0.as_deref(), other.0.as_deref()) {
            (None, None) => true,
            (Some(one), Some(other)) => one.equals(other.as_any()),
            _ => false,
        }
    }
}

impl Eq for OwnState {}

impl Hash for OwnState {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if let Some(own) = self.0.as_deref() {
            own.hash_into(state);
        }
    }
}

impl fmt::Debug for OwnState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_deref() {
            Some(own) => own.print(f),
            None => f.write_str("none"),
        }
    }
}

impl Symmetric for OwnState {
    /// Nothing is known of the identifiers in it.
    fn describe(&self, shape: &mut dyn Shape) {
        if self.0.is_some() {
            shape.undescribed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::DefaultHasher;

    fn hash(state: &OwnState) -> u64 {
        let mut hasher = DefaultHasher::new();
        state.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn it_is_compared_and_hashed_as_the_value_that_it_is() {
        let seven = OwnState::new(7_u32);
        assert_eq!(seven, seven.clone());
        assert_eq!(hash(&seven), hash(&seven.clone()));
        let mut changed = seven.clone();
        *changed.get_mut::<u32>().expect("a number") += 1;
        assert_ne!(seven, changed);
        assert_ne!(hash(&seven), hash(&changed));
        assert_ne!(seven, OwnState::new(7_u64));
        assert_ne!(seven, OwnState::default());
        assert_eq!(format!("{seven:?} {:?}", OwnState::default()), "7 none");
        assert_eq!(changed.get::<u64>(), None);
    }
}
