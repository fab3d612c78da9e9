//! Which ids no session has.

use std::collections::BTreeMap;

use crate::ids::{FIRST_SESSION, SessionId};

/// The free ids among those that a client's session may have, as ranges: where ids are reused they are few, and where
/// they are not, the sessions that are gone lie side by side.
#[derive(Clone)]
pub(super) struct FreeIds {
    /// This id is free, and every higher one.
    end: u32,
    /// The free ranges below, none beside another: where each begins, and the id after its last.
    holes: BTreeMap<u32, u32>,
}

impl Default for FreeIds {
    fn default() -> Self {
        FreeIds {
            end: FIRST_SESSION.0,
            holes: BTreeMap::new(),
        }
    }
}

impl FreeIds {
    /// The lowest free id.
    pub(super) fn lowest(&self) -> SessionId {
        let hole = self.holes.first_key_value();
        SessionId(hole.map_or(self.end, |(&start, _)| start))
    }

    /// A session has this id from now on, if none had.
    pub(super) fn take(&mut self, id: SessionId) {
        let SessionId(id) = id;
        if id >= self.end {
            self.add_hole(self.end, id);
            self.end = id + 1;
            return;
        }
        let hole = self.holes.range(..=id).next_back();
        if let Some((&start, &stop)) = hole.filter(|&(_, &stop)| id < stop) {
            self.holes.remove(&start);
            self.add_hole(start, id);
            self.add_hole(id + 1, stop);
        }
    }

    /// The session that had this id is gone.
    pub(super) fn give_back(&mut self, id: SessionId) {
        let SessionId(id) = id;
        if id < FIRST_SESSION.0 {
            return;
        }
        let (mut start, mut stop) = (id, id + 1);
        let before = self.holes.range(..id).next_back();
        if let Some((&lower, _)) = before.filter(|&(_, &stop)| stop == id) {
            self.holes.remove(&lower);
            start = lower;
        }
        if let Some(upper) = self.holes.remove(&stop) {
            stop = upper;
        }
        match stop == self.end {
            true => self.end = start,
            false => self.add_hole(start, stop),
        }
    }

    fn add_hole(&mut self, start: u32, stop: u32) {
        if start < stop {
            self.holes.insert(start, stop);
        }
    }
}
