//! A map that is looked up far more often than it is walked.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;

/// A hash map whose hasher draws nothing, so that a run is the same each time. Walking it sorts the keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ByKey<K: Hash + Eq, V>(FxHashMap<K, V>);

impl<K: Hash + Eq, V> Default for ByKey<K, V> {
    fn default() -> Self {
        ByKey(FxHashMap::default())
    }
}

impl<K: Copy + Ord + Hash, V> ByKey<K, V> {
    pub(super) fn get(&self, key: K) -> Option<&V> {
        self.0.get(&key)
    }

    pub(super) fn get_mut(&mut self, key: K) -> Option<&mut V> {
        self.0.get_mut(&key)
    }

    /// Puts in a value, and gives the one that was there.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.0.insert(key, value)
    }

    pub(super) fn remove(&mut self, key: K) -> Option<V> {
        self.0.remove(&key)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them, in the order of the keys: for a state at rest.
    pub(super) fn all(&self) -> impl Iterator<Item = (K, &V)> {
        let mut all: Vec<(K, &V)> = self.0.iter().map(|(&key, value)| (key, value)).collect();
        all.sort_unstable_by_key(|&(key, _)| key);
        all.into_iter()
    }
}

impl<K: Copy + Ord + Hash, V: Hash> Hash for ByKey<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.all().for_each(|entry| entry.hash(state));
    }
}
