//! Lists: a few visible entries, and how long they are.

use std::collections::VecDeque;

use logon_core::primitives::Plain;
use logon_core::store::Queue;
use logon_core::{Claim, LogonId, SessionId};

use super::super::path::{self, Asked, BrokenOff, List, assume, break_off, choose};
use super::Number;

/// An entry of a list, or the key of a record.
pub(in crate::proof) trait Named: Plain + Ord {
    /// The list in which there may be such entries.
    const LIST: List;

    /// What it means to ask for it.
    fn asked(&self) -> Asked;
}

impl Named for LogonId {
    const LIST: List = List::Line;

    fn asked(&self) -> Asked {
        Asked::Logon(self.0)
    }
}

impl Named for Claim {
    const LIST: List = List::Pool;

    fn asked(&self) -> Asked {
        Asked::Session(self.session.0)
    }
}

impl Named for SessionId {
    const LIST: List = List::Pool;

    fn asked(&self) -> Asked {
        Asked::Session(self.0)
    }
}

/// A list: its visible entries, and how long it is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(in crate::proof) struct Listed<T> {
    /// Visible entries, at any place.
    pub(in crate::proof) visible: VecDeque<T>,
    /// Entries that were made visible for a section that takes hidden ones from the front: they are the first of those
    /// that were hidden, in this order. Visible ones may stand before and between them.
    pub(in crate::proof) shown: VecDeque<T>,
    /// Entries that were added at the back.
    pub(in crate::proof) added: Vec<T>,
    /// Its length, visible entries included; `None` before it is known, which is only while a server is built.
    pub(in crate::proof) length: Option<Number>,
    /// What the section has taken from the front.
    pub(in crate::proof) taken: Vec<T>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed {
            visible: VecDeque::new(),
            shown: VecDeque::new(),
            added: Vec::new(),
            length: None,
            taken: Vec::new(),
        }
    }
}

/// Where the front of a list is.
enum Front {
    Nowhere,
    Visible(usize),
    Shown,
}

impl<T: Named> Listed<T> {
    /// Every entry that can be seen.
    pub(in crate::proof) fn entries(&self) -> impl Iterator<Item = &T> {
        self.visible.iter().chain(&self.shown)
    }

    fn in_sight(&self) -> usize {
        self.visible.len() + self.shown.len()
    }

    /// Its length.
    fn length(&self) -> Number {
        let length = self.length;
        length.unwrap_or_else(|| u32::try_from(self.in_sight()).expect("few entries").into())
    }

    fn grow(&mut self) {
        self.length = Some(self.length() + 1.into());
    }

    fn shrink(&mut self) {
        self.length = Some(self.length().less(1));
    }

    fn find_front(&self) -> Front {
        let visible = self.visible.len();
        if !self.shown.is_empty() {
            // A visible one may stand before them: then the section takes it first.
            let way = choose(visible + 1);
            if way < visible {
                return Front::Visible(way);
            }
            path::use_shown();
            return Front::Shown;
        }
        let way = choose(visible.max(1) + 1);
        if way < visible {
            return Front::Visible(way);
        }
        if visible == 0 && way == 0 {
            assume(self.length().form().times(-1));
            return Front::Nowhere;
        }
        break_off(BrokenOff::NeedsOneOf(T::LIST))
    }
}

impl<T: Named> Queue<T, Number> for Listed<T> {
    fn len(&self) -> Number {
        self.length()
    }

    fn is_empty(&self) -> bool {
        self.in_sight() == 0 && !self.length().is_at_least(1.into())
    }

    fn front(&self) -> Option<&T> {
        match self.find_front() {
            Front::Nowhere => None,
            Front::Visible(place) => self.visible.get(place),
            Front::Shown => self.shown.front(),
        }
    }

    fn push_back(&mut self, entry: T) {
        self.grow();
        self.added.push(entry.clone());
        self.visible.push_back(entry);
    }

    fn pop_front(&mut self) -> Option<T> {
        let front = match self.find_front() {
            Front::Nowhere => return None,
            Front::Visible(place) => self.visible.remove(place),
            Front::Shown => self.shown.pop_front(),
        };
        self.shrink();
        self.taken.extend(front.clone());
        front
    }

    fn take(&mut self, entry: &T) -> bool {
        let taken = [&mut self.visible, &mut self.shown]
            .into_iter()
            .any(|entries| {
                let place = entries.iter().position(|other| other == entry);
                place.and_then(|place| entries.remove(place)).is_some()
            });
        if taken {
            self.shrink();
        } else {
            path::ask(entry.asked());
        }
        taken
    }

    fn take_all(&mut self, entry: &T) {
        while self.entries().any(|other| other == entry) {
            self.take(entry);
        }
        path::ask(entry.asked());
    }
}
