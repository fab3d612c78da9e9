//! The ledger: how many connections are in use, out of how many.

use crate::store::Count;
use crate::symmetric;

/// Counts the permits that are out, in counts of the type `N`.
///
/// A disconnected session is not charged (KB Q187443): a permit goes with a client, not with a session.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ledger<N = u32> {
    in_use: N,
    maximum: Option<N>,
}
// The maximum never changes.
symmetric! { struct Ledger { in_use, maximum: _ } }

impl<N: Count> Ledger<N> {
    /// An empty ledger; `None` is unlimited.
    pub fn new(maximum: Option<N>) -> Self {
        Ledger {
            in_use: 0.into(),
            maximum,
        }
    }

    /// Takes one permit unless all are out; says whether it did.
    pub fn try_acquire(&mut self) -> bool {
        let room = self.maximum.is_none_or(|maximum| self.in_use < maximum);
        if room {
            self.in_use += 1;
        }
        room
    }

    /// Gives one permit back. Giving back more than were taken leaves the ledger at zero: which permits are
    /// owed is for whoever checks the allocator to say.
    pub fn release(&mut self) {
        if let Some(rest) = self.in_use.checked_decrement() {
            self.in_use = rest;
        }
    }

    /// How many permits are out.
    pub fn in_use(&self) -> N {
        self.in_use
    }

    /// How many permits there are; `None` is unlimited.
    pub fn maximum(&self) -> Option<N> {
        self.maximum
    }

    /// Overwrites the count. The fixed algorithm never does; an allocator that keeps its count elsewhere
    /// and writes it back does.
    pub fn set_in_use(&mut self, in_use: N) {
        self.in_use = in_use;
    }
}
