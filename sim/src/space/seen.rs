//! The states that were reached, by their full keys.

use std::sync::Arc;

use hashbrown::HashTable;

use super::Search;
use super::prints::{self, Sample};
use super::state::{Local, Status};
use super::words::{HashWords, hash_value, mix};
use crate::fault::FaultKind;
use crate::value::Value;

/// A state of the search: the nth that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(pub(crate) u32);

impl StateId {
    /// Its place in the order in which states were reached, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of keys, each with its number. Keys are kept whole, one after the other.
#[derive(Default)]
pub(crate) struct Seen {
    bytes: Vec<u8>,
    /// Where each key ends.
    ends: Vec<usize>,
    table: HashTable<u32>,
    fingerprint: u64,
}

impl Seen {
    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many bytes all of this takes.
    pub(crate) fn size(&self) -> usize {
        self.bytes.capacity()
            + self.ends.capacity() * size_of::<usize>()
            + self.table.allocation_size()
    }

    /// A number for the set of keys, whatever the order in which they came.
    pub(crate) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The number of `key`, and whether it is new.
    pub(crate) fn insert(&mut self, key: &[u8]) -> (StateId, bool) {
        let hash = key.hash_words();
        if let Some(id) = self.find(key, hash) {
            return (id, false);
        }
        let id = u32::try_from(self.ends.len()).expect("fewer than 2^32 states");
        self.bytes.extend_from_slice(key);
        self.ends.push(self.bytes.len());
        self.fingerprint = self.fingerprint.wrapping_add(mix(hash, 0));
        let (bytes, ends) = (&self.bytes, &self.ends);
        self.table.insert_unique(hash, id, |&id| {
            key_of(bytes, ends, id as usize).hash_words()
        });
        (StateId(id), true)
    }

    /// The number of `key`, if it is in the set.
    pub(crate) fn number_of(&self, key: &[u8]) -> Option<StateId> {
        self.find(key, key.hash_words())
    }

    fn find(&self, key: &[u8], hash: u64) -> Option<StateId> {
        let same = |&id: &u32| key_of(&self.bytes, &self.ends, id as usize) == key;
        self.table.find(hash, same).map(|&id| StateId(id))
    }

    /// All keys, in the order in which they came.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|id| key_of(&self.bytes, &self.ends, id))
    }
}

fn key_of<'a>(bytes: &'a [u8], ends: &[usize], id: usize) -> &'a [u8] {
    let start = if id == 0 { 0 } else { ends[id - 1] };
    &bytes[start..ends[id]]
}

/// Keys of states that cannot describe themselves: every distinct value of an object gets a number.
pub(crate) struct Values {
    values: Vec<Arc<dyn Value>>,
    /// What the first ones printed when they were new.
    prints: Vec<u64>,
    table: HashTable<u32>,
    /// Which of the values that were taken for one another are compared by what they print.
    sample: Sample,
}

/// So many values are first compared by what they print before a share of the others is.
const FIRST_COMPARED: u64 = 2_000;

impl Values {
    /// No values yet.
    pub(super) fn of(search: &Search) -> Self {
        Self {
            values: Vec::new(),
            prints: Vec::new(),
            table: HashTable::new(),
            sample: Sample::of(search, 2, FIRST_COMPARED),
        }
    }

    /// Puts the key of a state into `key`.
    ///
    /// # Errors
    ///
    /// What is wrong with the type of a value.
    pub(crate) fn key(
        &mut self,
        objects: &[Arc<dyn Value>],
        actors: &[Local],
        key: &mut Vec<u8>,
    ) -> Result<(), FaultKind> {
        key.clear();
        for object in objects {
            key.extend(self.number(object)?.to_le_bytes());
        }
        for local in actors {
            key.extend(local.id.0.to_le_bytes());
            key.push(match local.status {
                Status::Awake => 0,
                Status::Asleep => 1,
                Status::Woken => 2,
            });
        }
        Ok(())
    }

    fn number(&mut self, value: &Arc<dyn Value>) -> Result<u32, FaultKind> {
        let hash = hash_value(0, &**value);
        let same = |&place: &u32| {
            let known = &self.values[place as usize];
            Arc::ptr_eq(known, value) || known.equals(&**value)
        };
        if let Some(&place) = self.table.find(hash, same) {
            let known = &self.values[place as usize];
            if !Arc::ptr_eq(known, value) && self.sample.takes_next() {
                let print = self.prints.get(place as usize).copied().unwrap_or(0);
                prints::compare(&**known, print, &**value)?;
            }
            return Ok(place);
        }
        let place = u32::try_from(self.values.len()).expect("fewer than 2^32 values");
        self.values.push(Arc::clone(value));
        if u64::from(place) < FIRST_COMPARED && self.sample.is_on() {
            self.prints.push(prints::print_of(&**value));
        }
        let values = &self.values;
        self.table.insert_unique(hash, place, |&place| {
            hash_value(0, &*values[place as usize])
        });
        Ok(place)
    }
}
