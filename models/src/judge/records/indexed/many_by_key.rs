//! For each key what has it: nearly always one thing.

use std::hash::Hash;

use super::by_key::ByKey;

/// Sets of values by their keys.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct ManyByKey<K: Copy + Ord + Hash, V>(ByKey<K, Few<V>>);

/// A set that is not empty. One value takes no memory of its own.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Few<V> {
    One(V),
    /// At least two, in order.
    Many(Vec<V>),
}

impl<V> Few<V> {
    fn as_slice(&self) -> &[V] {
        match self {
            Few::One(value) => std::slice::from_ref(value),
            Few::Many(values) => values,
        }
    }
}

impl<K: Copy + Ord + Hash, V> Default for ManyByKey<K, V> {
    fn default() -> Self {
        ManyByKey(ByKey::default())
    }
}

impl<K: Copy + Ord + Hash, V: Copy + Ord> ManyByKey<K, V> {
    /// The values of a key, in order.
    pub(super) fn of(&self, key: K) -> &[V] {
        self.0.get(key).map_or(&[], Few::as_slice)
    }

    /// Replaces one entry by another.
    pub(super) fn update(&mut self, before: Option<(K, V)>, now: Option<(K, V)>) {
        if before == now {
            return;
        }
        if let Some((key, value)) = before {
            self.remove(key, value);
        }
        if let Some((key, value)) = now {
            self.insert(key, value);
        }
    }

    fn insert(&mut self, key: K, value: V) {
        let Some(few) = self.0.get_mut(key) else {
            self.0.insert(key, Few::One(value));
            return;
        };
        let values = few.as_slice();
        if let Err(place) = values.binary_search(&value) {
            let mut values = values.to_vec();
            values.insert(place, value);
            *few = Few::Many(values);
        }
    }

    fn remove(&mut self, key: K, value: V) {
        let Some(few) = self.0.get_mut(key) else {
            return;
        };
        match few {
            Few::One(one) => {
                if *one == value {
                    self.0.remove(key);
                }
            }
            Few::Many(values) => {
                values.retain(|&other| other != value);
                if let [one] = values[..] {
                    *few = Few::One(one);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn it_has_what_sets_of_pairs_have_and_is_equal_whatever_the_way_there() {
        let mut many = ManyByKey::default();
        let mut pairs = BTreeSet::new();
        let steps = (0..400_u32).map(|step| (step * 7 % 5, step * 13 % 4, step * 31 % 3 > 0));
        for (key, value, is_there) in steps {
            let pair = Some((key, value));
            match is_there {
                true => many.update(None, pair),
                false => many.update(pair, None),
            }
            match is_there {
                true => pairs.insert((key, value)),
                false => pairs.remove(&(key, value)),
            };
            let mut straight = ManyByKey::default();
            for &pair in &pairs {
                straight.update(None, Some(pair));
            }
            assert_eq!(many, straight);
            for key in 0..5 {
                let values = pairs.range((key, 0)..(key + 1, 0)).map(|&(_, value)| value);
                assert!(values.eq(many.of(key).iter().copied()), "{key}: {many:?}");
            }
        }
    }
}
