//! All lists, sets and pairs of a few things.

use std::collections::BTreeSet;

/// All lists of so many of `of`.
pub(super) fn lists<T: Clone>(of: &[T], length: usize) -> Vec<Vec<T>> {
    (0..length).fold(vec![Vec::new()], |lists, _| {
        let longer = lists
            .iter()
            .flat_map(|list| of.iter().map(move |one| (list, one)));
        longer
            .map(|(list, one)| [&list[..], std::slice::from_ref(one)].concat())
            .collect()
    })
}

/// All sets of some of `of`.
pub(super) fn sets<T: Clone + Ord>(of: &[T]) -> Vec<BTreeSet<T>> {
    of.iter().fold(vec![BTreeSet::new()], |sets, one| {
        let with = sets.iter().cloned().map(|mut set| {
            set.insert(one.clone());
            set
        });
        let with: Vec<_> = with.collect();
        [sets, with].concat()
    })
}

/// All pairs of `of`.
pub(super) fn pairs<T: Copy>(of: &[T]) -> Vec<(T, T)> {
    of.iter()
        .flat_map(|one| of.iter().map(|other| (*one, *other)))
        .collect()
}
