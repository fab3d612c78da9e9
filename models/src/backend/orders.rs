//! The memory orderings that were asked of words, noted while an execution runs.

use std::sync::atomic::{AtomicU8, Ordering};

use logon_sim::WordOrders;

/// The orderings of an execution under way; readable at any moment.
#[derive(Debug, Default)]
pub struct NotedOrders(AtomicU8);

/// Each ordering and the bit that stands for it.
const BITS: [(Ordering, u8); 5] = [
    (Ordering::Relaxed, 1),
    (Ordering::Acquire, 2),
    (Ordering::Release, 4),
    (Ordering::AcqRel, 8),
    (Ordering::SeqCst, 16),
];

impl NotedOrders {
    /// Takes note of an operation with this ordering.
    pub(super) fn note(&self, order: Ordering) {
        let bit = BITS.iter().find(|(known, _)| *known == order);
        let bit = bit.map_or(16, |(_, bit)| *bit);
        // Nearly always it is there already.
        if self.0.load(Ordering::Relaxed) & bit == 0 {
            self.0.fetch_or(bit, Ordering::SeqCst);
        }
    }

    /// What was noted so far.
    pub fn noted(&self) -> WordOrders {
        let bits = self.0.load(Ordering::SeqCst);
        let mut orders = WordOrders::default();
        let noted = BITS.iter().filter(|(_, bit)| bits & bit != 0);
        noted.for_each(|(order, _)| orders.note(*order));
        orders
    }
}
