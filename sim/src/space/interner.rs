//! Numbers for values that do not describe themselves.
//!
//! Where nothing is interchangeable, nobody need know where the identifiers of a value are: it is enough that
//! equal values have one number and others another one.

use hashbrown::{HashSet, HashTable};
use rustc_hash::FxBuildHasher;

use super::words::{hash_value, mix};
use crate::value::Value;

/// Gives each value a number. Equality decides, and never the hash alone.
///
/// The number is the value's hash, unless another value has taken that; so two searches agree on the numbers in
/// whatever order they come upon the values.
#[derive(Default)]
pub(super) struct Interner {
    values: Vec<(u64, Box<dyn Value>)>,
    /// The values by their hash.
    table: HashTable<u32>,
    taken: HashSet<u64, FxBuildHasher>,
}

impl Interner {
    /// The number of `value`: that of every value which is equal to it, and of no other one.
    pub(super) fn number(&mut self, value: &dyn Value) -> u64 {
        let hash = hash_value(0, value);
        let same = |&place: &u32| self.values[place as usize].1.equals(value);
        if let Some(&place) = self.table.find(hash, same) {
            return self.values[place as usize].0;
        }
        let mut number = hash;
        while !self.taken.insert(number) {
            number = mix(number, 1);
        }
        let place = u32::try_from(self.values.len()).expect("fewer than 2^32 values");
        self.values.push((number, value.boxed_clone()));
        let values = &self.values;
        self.table.insert_unique(hash, place, |&place| {
            hash_value(0, &*values[place as usize].1)
        });
        number
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{Hash, Hasher};

    use super::*;

    /// Every two of them have one hash.
    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Alike(u32);

    impl Hash for Alike {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }

    #[test]
    fn values_of_one_hash_have_a_number_each_and_equal_ones_the_same() {
        let mut interner = Interner::default();
        let mut numbers = |range: std::ops::Range<u32>| -> Vec<u64> {
            range.map(|value| interner.number(&Alike(value))).collect()
        };
        let first = numbers(0..50);
        assert_eq!(first, numbers(0..50));
        let different: HashSet<u64, FxBuildHasher> = first.into_iter().collect();
        assert_eq!(different.len(), 50);
    }

    #[test]
    fn values_of_two_types_are_never_the_same() {
        let mut interner = Interner::default();
        assert_ne!(interner.number(&Some(1_u32)), interner.number(&Alike(1)));
        assert_ne!(interner.number(&()), interner.number(&Alike(1)));
    }
}
