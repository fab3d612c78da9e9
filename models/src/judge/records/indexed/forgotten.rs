//! The logons that were forgotten, as runs of their numbers: where few live at a time, the runs are few.

use std::collections::BTreeMap;

use logon_core::LogonId;

/// A set of logons, as runs of numbers: the last of each by its first.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Forgotten(BTreeMap<u32, u32>);

impl Forgotten {
    /// Whether this logon was forgotten.
    pub(super) fn contains(&self, logon: LogonId) -> bool {
        let run = self.0.range(..=logon.0).next_back();
        run.is_some_and(|(_, &last)| logon.0 <= last)
    }

    /// Puts in a logon that is not in it.
    pub(super) fn insert(&mut self, logon: LogonId) {
        let number = logon.0;
        let before = self.0.range(..number).next_back();
        let before = before.filter(|&(_, &last)| last + 1 == number);
        let first = before.map_or(number, |(&first, _)| first);
        let after = number.checked_add(1).and_then(|next| self.0.remove(&next));
        self.0.insert(first, after.unwrap_or(number));
    }

    /// How many runs there are.
    pub(super) fn runs(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn in_whatever_order_logons_are_forgotten_those_are_and_no_others() {
        let mut forgotten = Forgotten::default();
        let mut expected = BTreeSet::new();
        for step in 0..101_u32 {
            let number = step * 37 % 101;
            forgotten.insert(LogonId(number));
            expected.insert(number);
            for other in 0..103 {
                assert_eq!(
                    forgotten.contains(LogonId(other)),
                    expected.contains(&other),
                    "{other} after {number}"
                );
            }
        }
        assert_eq!(forgotten.runs(), 1);
        forgotten.insert(LogonId(u32::MAX));
        assert!(
            forgotten.contains(LogonId(u32::MAX)) && !forgotten.contains(LogonId(u32::MAX - 1))
        );
    }
}
