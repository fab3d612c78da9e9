//! The states reached lately, by their descriptions as they are.
//!
//! Most steps lead to a state that was reached a moment ago by the same steps in another order, with the very
//! same numbers. That needs no canonical form to be seen: three of four steps that are taken are recognized here.
//! The descriptions are compared whole; what has been forgotten again costs time and nothing else.

use super::seen::StateId;
use super::words::HashWords;
use crate::step::Turn;

/// How many are remembered: more than there are between two levels of a search of this size, and a few megabytes.
const ROOM: usize = 1 << 15;

/// The states reached lately.
#[derive(Default)]
pub(crate) struct Recent {
    slots: Vec<Slot>,
}

/// A state as it was reached.
#[derive(Clone)]
pub(crate) struct Slot {
    description: Vec<u8>,
    pub(crate) id: StateId,
    /// By whose step from which state it was reached; for the beginning, by none.
    pub(crate) way: Option<(StateId, Turn)>,
    /// What it printed; 0 if that was not looked at.
    pub(crate) print: u64,
}

impl Recent {
    /// The state with this description, if it was reached lately.
    pub(crate) fn find(&self, description: &[u8]) -> Option<&Slot> {
        let slot = self.slots.get(place(description))?;
        (slot.description == description).then_some(slot)
    }

    /// Remembers a state, and forgets another one for it.
    pub(crate) fn remember(
        &mut self,
        description: &[u8],
        id: StateId,
        way: Option<(StateId, Turn)>,
        print: u64,
    ) {
        if self.slots.is_empty() {
            let slot = Slot {
                description: Vec::new(),
                id,
                way,
                print,
            };
            self.slots.resize(ROOM, slot);
        }
        let slot = &mut self.slots[place(description)];
        slot.description.clear();
        slot.description.extend_from_slice(description);
        (slot.id, slot.way, slot.print) = (id, way, print);
    }
}

fn place(description: &[u8]) -> usize {
    (description.hash_words() >> 32) as usize % ROOM
}
