//! Names of objects: texts that are copied freely and live as long as the process.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

/// The name of an object: a constant of the source, or a text that was put together.
///
/// Each text that was put together is kept once and for ever, so that a step can carry its object's name without
/// counting who uses it. A program creates its objects again for each execution, under the same names; one that
/// makes up new names all the time would use more and more memory.
///
/// ```
/// use logon_core::primitives::Name;
/// let fork = 3;
/// assert_eq!(Name::from(format!("fork {fork}")).text(), "fork 3");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(&'static str);

/// The texts that were put together.
static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

impl Name {
    /// The name as text.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.0
    }
}

impl From<&'static str> for Name {
    fn from(text: &'static str) -> Self {
        Name(text)
    }
}

impl From<&&'static str> for Name {
    fn from(text: &&'static str) -> Self {
        Name(text)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        // Nothing panics while the texts are changed.
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(text.as_str()) {
            return Name(known);
        }
        let text: &'static str = Box::leak(text.into_boxed_str());
        kept.insert(text);
        Name(text)
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_is_kept_once() {
        let (one, other) = (
            Name::from("fork 1".to_owned()),
            Name::from("fork 1".to_owned()),
        );
        assert!(std::ptr::eq(one.text(), other.text()));
        assert_eq!(one, Name::from("fork 1"));
        assert_ne!(one, Name::from("fork 2".to_owned()));
    }
}
