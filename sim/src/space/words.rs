//! Hashing: the same on every machine and in every run.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::value::Value;

/// Mixes `word` into `hash`.
///
/// The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) around a rotation: every bit of both
/// arguments reaches every bit of the result.
#[inline]
pub(super) fn mix(hash: u64, word: u64) -> u64 {
    let mut mixed = hash.rotate_left(23) ^ word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Mixes `word` into `hash`, faster and less well: for lists that are mixed as a whole afterwards.
#[inline]
pub(super) fn chain(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(23) ^ word.wrapping_add(0x9e37_79b9_7f4a_7c15))
        .wrapping_mul(0x94d0_49bb_1331_11eb)
}

/// What can be hashed word by word.
pub(super) trait HashWords {
    /// The hash.
    fn hash_words(self) -> u64;
}

impl HashWords for &[u64] {
    fn hash_words(self) -> u64 {
        self.iter()
            .fold(self.len() as u64, |hash, &word| mix(hash, word))
    }
}

impl HashWords for &[u8] {
    fn hash_words(self) -> u64 {
        let mut hasher = FxHasher::default();
        hasher.write(self);
        mix(self.len() as u64, hasher.finish())
    }
}

/// The hash of a value, with something to tell it from others.
pub(super) fn hash_value(salt: u64, value: &dyn Value) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash_into(&mut hasher);
    mix(salt, hasher.finish())
}
