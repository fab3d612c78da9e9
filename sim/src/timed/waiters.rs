//! Who waits for what, and whom an update wakes.

use logon_core::primitives::Condition;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Key, Waits};

/// Who waits for one object.
#[derive(Default)]
pub(super) struct Waiters {
    /// Whether those who wait by key, or are alike, look only when they are told, and now and then.
    pub(super) by_key: bool,
    /// In no order: in which order they are woken makes no difference, for who is next is drawn.
    keyed: FxHashMap<Key, Listener>,
    alike: Vec<Listener>,
    /// Those who are alike and were woken, and have not looked yet.
    looking: Vec<u32>,
    always: Vec<u32>,
    conditions: Vec<(Condition, Vec<u32>)>,
    /// How many updates there were.
    updates: u64,
    /// How many of them there were when all who look when they are told were woken last.
    all_woken: u64,
    /// How many of them there were when time passed last.
    before_now: u64,
    /// Whoever was woken late: it owed a look to an update before time passed, and has not been told since.
    late: FxHashSet<Key>,
}

/// Who looks when it is told.
struct Listener {
    place: u32,
    /// How many updates there were when it looked last.
    looked: u64,
    /// Whether it was told since then, in a step that woke nobody.
    was_told_in_vain: bool,
}

impl Listener {
    /// A step that wakes nobody may have ended its wait. If it owes a look to an earlier update, it has looked before this
    /// step, and in vain: a late look would hide that nobody is woken. So it is for the first such step since it looked; after
    /// that an update may come to which it owes a look.
    fn not_woken(&mut self, updates: u64) {
        if !self.was_told_in_vain {
            self.looked = updates;
            self.was_told_in_vain = true;
        }
    }
}

/// After so many updates for each of those who look when they are told, all of them look.
const UPDATES_FOR_EACH: u64 = 4;

impl Waiters {
    /// An actor has looked in vain and waits.
    pub(super) fn add(&mut self, place: u32, key: Key, waits: Waits, on: Option<Condition>) {
        if let Some(condition) = on {
            let mut known = self.conditions.iter_mut();
            match known.find(|(other, _)| *other == condition) {
                Some((_, places)) => places.push(place),
                None => self.conditions.push((condition, vec![place])),
            }
            return;
        }
        let listener = Listener {
            place,
            looked: self.updates,
            was_told_in_vain: false,
        };
        match waits {
            Waits::ByKey if self.by_key && !self.keyed.contains_key(&key) => {
                self.late.remove(&key);
                self.keyed.insert(key, listener);
            }
            Waits::Alike if self.by_key => {
                self.has_looked(place);
                self.alike.push(listener);
            }
            _ => self.always.push(place),
        }
    }

    /// One of those who are alike has looked.
    pub(super) fn has_looked(&mut self, place: u32) {
        self.looking.retain(|other| *other != place);
        if self.looking.is_empty() {
            self.late.remove(&Key::ALIKE);
        }
    }

    /// The wait of this actor is over. Says whether it looked late: had it looked before time passed, it might have been over
    /// then.
    pub(super) fn goes_on(&mut self, key: Key, waits: Waits) -> bool {
        match waits {
            Waits::ByKey => self.late.remove(&key),
            Waits::Alike => self.late.contains(&Key::ALIKE),
            Waits::Always => false,
        }
    }

    /// Time passes.
    pub(super) fn time_passes(&mut self) {
        self.before_now = self.updates;
    }

    /// An actor sleeps until the next update.
    pub(super) fn add_sleeper(&mut self, place: u32) {
        self.always.push(place);
    }

    /// An update that may have ended the waits of these.
    pub(super) fn updated(&mut self, keys: &[Key], woken: &mut Vec<u32>) {
        woken.append(&mut self.always);
        for (_, places) in &mut self.conditions {
            woken.append(places);
        }
        for key in keys {
            self.late.remove(key);
            match *key {
                Key::ALIKE => {
                    let last = self.alike.pop().map(|listener| listener.place);
                    self.wake_alike(last, woken);
                }
                key => woken.extend(self.keyed.remove(&key).map(|listener| listener.place)),
            }
        }
        self.updates += 1;
        let waiting = (self.keyed.len() + self.alike.len()) as u64;
        if self.updates - self.all_woken > UPDATES_FOR_EACH * waiting {
            self.all_woken = self.updates;
            let all = self.all(|_| true);
            woken.extend(all);
        }
    }

    /// A step that wakes nobody may have ended the waits of these.
    pub(super) fn not_woken(&mut self, keys: &[Key]) {
        let updates = self.updates;
        for key in keys {
            self.late.remove(key);
            match *key {
                // One who was woken and has not looked yet will look for all of them.
                Key::ALIKE if !self.looking.is_empty() => {}
                Key::ALIKE => {
                    let alike = self.alike.iter_mut();
                    alike.for_each(|listener| listener.not_woken(updates));
                }
                key => {
                    if let Some(listener) = self.keyed.get_mut(&key) {
                        listener.not_woken(updates);
                    }
                }
            }
        }
    }

    /// One of those who are alike has looked and goes on: one of the others, who owes a look to an update, looks.
    pub(super) fn next(&mut self, gone_on: u32, woken: &mut Vec<u32>) {
        self.has_looked(gone_on);
        let updates = self.updates;
        let next = self
            .alike
            .iter()
            .rposition(|listener| listener.looked < updates);
        let next = next.map(|nth| self.alike.remove(nth).place);
        self.wake_alike(next, woken);
    }

    fn wake_alike(&mut self, place: Option<u32>, woken: &mut Vec<u32>) {
        self.looking.extend(place);
        woken.extend(place);
    }

    /// Takes those out who look when they are told.
    fn all(&mut self, wanted: impl Fn(&Listener) -> bool) -> Vec<u32> {
        let alike = self.alike.extract_if(.., |listener| wanted(listener));
        let alike: Vec<_> = alike.map(|listener| (Key::ALIKE, listener)).collect();
        self.looking
            .extend(alike.iter().map(|(_, listener)| listener.place));
        let keyed = self.keyed.extract_if(|_, listener| wanted(listener));
        let all = alike.into_iter().chain(keyed);
        let (late, before_now) = (&mut self.late, self.before_now);
        let place = |(key, listener): (Key, Listener)| {
            if listener.looked < before_now {
                late.insert(key);
            }
            listener.place
        };
        all.map(place).collect()
    }

    /// At most so many of those who wait on this condition.
    pub(super) fn signalled(&mut self, wanted: Condition, most: usize, woken: &mut Vec<u32>) {
        let mut known = self.conditions.iter_mut();
        if let Some((_, places)) = known.find(|(condition, _)| *condition == wanted) {
            let many = most.min(places.len());
            woken.extend(places.drain(..many));
        }
    }

    /// Everybody who may not have looked since the last update.
    pub(super) fn late(&mut self) -> Vec<u32> {
        let updates = self.updates;
        self.all(|listener| listener.looked < updates)
    }
}
