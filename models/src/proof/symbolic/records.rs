//! Records by key: the visible ones, and what may be asked of the others.

use std::collections::BTreeMap;
use std::ops::Index;

use logon_core::primitives::Plain;
use logon_core::server::{Logon, Session};
use logon_core::store::{Sessions, Table};
use logon_core::{Generation, LogonId, SessionId, SessionState, StationName, UserId};

use super::super::arithmetic::linear::Form;
use super::super::names::Slot;
use super::super::path::{self, BrokenOff, break_off, choose};
use super::super::quantity;
use super::Number;
use super::list::Named;

/// What a section may count or look for among the hidden records.
pub(in crate::proof) trait Record: Plain {
    /// How many of all records are wanted, visible ones included, if that is one of the quantities; 0 if no hidden one
    /// may be wanted.
    fn hidden_number(wanted: &dyn Fn(&Self) -> bool) -> Option<Form>;

    /// Whether one that belongs to a hidden party may be wanted.
    fn others_may_be(wanted: &dyn Fn(&Self) -> bool) -> bool;
}

impl Record for Logon {
    fn hidden_number(_: &dyn Fn(&Self) -> bool) -> Option<Form> {
        None
    }

    fn others_may_be(_: &dyn Fn(&Self) -> bool) -> bool {
        true
    }
}

/// One session of each look that a hidden one may have. Its identifiers are nobody's who is visible, but for its user.
fn others() -> impl Iterator<Item = Session> {
    const OTHERS: u32 = u32::MAX;
    let both = || [false, true].into_iter();
    let looks = SessionState::ALL.into_iter().flat_map(move |state| {
        both().flat_map(move |loaded| {
            both().flat_map(move |named| {
                both().flat_map(move |used| {
                    both().map(move |held| (state, loaded, named, used, held))
                })
            })
        })
    });
    let strangers = looks.map(|(state, loaded, named, used, held)| Session {
        generation: Generation(OTHERS),
        state,
        loaded,
        name: named.then_some(StationName(OTHERS)),
        user: used.then_some(UserId(OTHERS)),
        holder: held.then_some(LogonId(OTHERS)),
    });
    // A session that is reset is with whoever resets it, and still that of its user, who may be visible.
    let reset = Slot::all().flat_map(move |slot| {
        both().map(move |named| Session {
            generation: Generation(OTHERS),
            state: SessionState::Reset,
            loaded: true,
            name: named.then_some(StationName(OTHERS)),
            user: Some(slot.user()),
            holder: None,
        })
    });
    strangers.chain(reset)
}

impl Record for Session {
    fn hidden_number(wanted: &dyn Fn(&Self) -> bool) -> Option<Form> {
        if !Self::others_may_be(wanted) {
            return Some(Form::default());
        }
        let is_creation = |session: &Session| session.state == SessionState::Init;
        others()
            .all(|session| wanted(&session) == is_creation(&session))
            .then(|| Form::of(quantity::CREATING))
    }

    fn others_may_be(wanted: &dyn Fn(&Self) -> bool) -> bool {
        others().any(|session| wanted(&session))
    }
}

/// Records by key: the visible ones.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(in crate::proof) struct Records<K: Ord, V> {
    /// Those that are visible.
    pub(in crate::proof) visible: BTreeMap<K, V>,
    /// Those that were visible before the section, by which hidden ones are told from all.
    pub(in crate::proof) before: Vec<V>,
}

impl<K: Ord, V> Default for Records<K, V> {
    fn default() -> Self {
        Records {
            visible: BTreeMap::new(),
            before: Vec::new(),
        }
    }
}

impl<K: Named, V: Record> Table<K, V, Number> for Records<K, V> {
    fn get(&self, key: &K) -> Option<&V> {
        let found = self.visible.get(key);
        if found.is_none() {
            path::ask(key.asked());
        }
        found
    }

    fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let found = self.visible.get_mut(key);
        if found.is_none() {
            path::ask(key.asked());
        }
        found
    }

    fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    fn insert(&mut self, key: K, record: V) {
        self.visible.insert(key, record);
    }

    fn remove(&mut self, key: &K) -> Option<V> {
        let found = self.visible.remove(key);
        if found.is_none() {
            path::ask(key.asked());
        }
        found
    }

    fn count(&self, wanted: impl Fn(&V) -> bool) -> Number {
        let Some(all) = V::hidden_number(&wanted) else {
            break_off(BrokenOff::Outside(
                "a section counts records that are none of the quantities".to_owned(),
            ));
        };
        // The quantity includes those that were visible before the section.
        let visible = |records: &mut dyn Iterator<Item = &V>| {
            let number = records.filter(|record| wanted(record)).count();
            Form::constant(i64::try_from(number).expect("few records are visible"))
        };
        let (now, before) = (
            visible(&mut self.visible.values()),
            visible(&mut self.before.iter()),
        );
        let includes_them = !all.terms().is_empty();
        let hidden = if includes_them {
            all.minus(&before)
        } else {
            all
        };
        Number::of(hidden.plus(&now))
    }

    fn any(&self, wanted: impl Fn(&V) -> bool) -> bool {
        // A hidden one may be, whatever is asked.
        self.visible.values().any(wanted) || choose(2) == 1
    }

    fn first_from(&self, from: K, wanted: impl Fn(&V) -> bool) -> Option<(K, &V)> {
        if V::others_may_be(&wanted) {
            break_off(BrokenOff::Outside(
                "a section looks for any record that is like somebody else's".to_owned(),
            ));
        }
        // Where parties' records stand among each other, nobody knows: any of them may be the first.
        let records = self.visible.range(from..);
        let mut records: Vec<_> = records.filter(|(_, record)| wanted(record)).collect();
        if records.is_empty() {
            return None;
        }
        let place = match records.len() {
            1 => 0,
            several => choose(several),
        };
        let (key, record) = records.swap_remove(place);
        Some((key.clone(), record))
    }
}

impl Sessions<Number> for Records<SessionId, Session> {}

impl<K: Named, V: Record> Index<&K> for Records<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        &self.visible[key]
    }
}
