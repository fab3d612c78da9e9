//! The symbolic store: the server's containers, of which a few entries are visible and the rest is a number.
//!
//! # What stands for what
//!
//! A state of the server is any number of clients, sessions and workers. The entries of those who take part in a
//! section are *visible*: the maps and lists hold them as they are. Everybody else's are *hidden*. Of them the store
//! knows three numbers: how many logons are in line, how many sessions are idle, and how many are being created,
//! visible ones included ([`quantity`]). A section that compares a count goes both ways (see [`super::path`]).
//!
//! # Why that is enough
//!
//! Each operation gives every result that it may have in any state with these visible entries and numbers:
//!
//! - Taking the front of a list gives nothing, if the list may be empty; a visible entry, whichever; or a hidden one.
//!   In the last case the run is broken off and repeated with one more party made visible, once for each kind of party
//!   that may stand there. Lists are therefore in no order: what is shown holds for every order, and that the line is
//!   served in order rests on the queue's type.
//! - Looking up an identifier gives the visible entry. Identifiers are never given twice, and nobody mentions one of a
//!   hidden party unless it has seen it, so any other one is nobody's; each is noted ([`path::ask`]), and the extraction
//!   checks that it is.
//! - Counting sessions that are wanted is possible for those that are being created. Another wish is outside of what
//!   can be followed.
//!
//! `tests/containers` compares each operation with the standard containers, for all small contents.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Add, AddAssign, Index};

use logon_core::primitives::Plain;
use logon_core::server::{Logon, Session};
use logon_core::store::{Count, Queue, Store, Table};
use logon_core::{Claim, Generation, LogonId, SessionId, SessionState, StationName, UserId};

use super::arithmetic::linear::{Form, Variable};
use super::names::Slot;
use super::path::{self, Asked, BrokenOff, List, assume, break_off, choose, decide};
use super::quantity;

/// The symbolic store.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Symbolic;

impl Store for Symbolic {
    type Count = Number;
    type Line = Listed<LogonId>;
    type Pool = Listed<Claim>;
    type Sessions = Records<SessionId, Session>;
    type Logons = Records<LogonId, Logon>;
}

thread_local! {
    /// Every form that a number stands for. A count must be `Copy`, and a form is not.
    static FORMS: RefCell<(Vec<Form>, BTreeMap<Form, u32>)> = RefCell::default();
}

/// A count: a linear form over the quantities.
#[derive(Clone, Copy)]
pub(super) struct Number(u32);

impl Number {
    /// The number that this form is.
    pub(super) fn of(form: Form) -> Number {
        FORMS.with_borrow_mut(|(forms, places)| {
            let place = *places.entry(form).or_insert_with_key(|form| {
                forms.push(form.clone());
                u32::try_from(forms.len() - 1).expect("fewer forms than numbers of 32 bits")
            });
            Number(place)
        })
    }

    /// A quantity.
    pub(super) fn variable(variable: Variable) -> Number {
        Number::of(Form::of(variable))
    }

    /// The form it is.
    pub(super) fn form(self) -> Form {
        FORMS.with_borrow(|(forms, _)| forms[self.0 as usize].clone())
    }

    fn less(self, other: usize) -> Number {
        let other = i64::try_from(other).expect("few entries are visible");
        Number::of(self.form().minus(&Form::constant(other)))
    }

    fn is_at_least(self, other: Number) -> bool {
        decide(&self.form().minus(&other.form()))
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Number {
        Number::of(Form::constant(i64::from(number)))
    }
}

impl Count for Number {
    fn checked_decrement(self) -> Option<Number> {
        let less = self.less(1);
        less.is_at_least(0.into()).then_some(less)
    }
}

impl Add for Number {
    type Output = Number;

    fn add(self, other: Number) -> Number {
        Number::of(self.form().plus(&other.form()))
    }
}

impl AddAssign<u32> for Number {
    fn add_assign(&mut self, other: u32) {
        *self = *self + Number::from(other);
    }
}

// A comparison decides no more than it must: each decision is a path more.
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(match (self.is_at_least(*other), other.is_at_least(*self)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, _) => Ordering::Less,
        })
    }

    fn lt(&self, other: &Number) -> bool {
        !self.is_at_least(*other)
    }

    fn le(&self, other: &Number) -> bool {
        other.is_at_least(*self)
    }

    fn gt(&self, other: &Number) -> bool {
        !other.is_at_least(*self)
    }

    fn ge(&self, other: &Number) -> bool {
        self.is_at_least(*other)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.is_at_least(*other) && other.is_at_least(*self)
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, _: &mut H) {
        // Two different forms may be equal, so a number has no better hash than this.
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.form())
    }
}

/// An entry of a list, or the key of a record.
pub(super) trait Named: Plain + Ord {
    /// The list in which there may be such entries.
    const LIST: List;

    /// What it means to ask for it.
    fn asked(&self) -> Asked;
}

impl Named for LogonId {
    const LIST: List = List::Line;

    fn asked(&self) -> Asked {
        Asked::Logon(self.0)
    }
}

impl Named for Claim {
    const LIST: List = List::Pool;

    fn asked(&self) -> Asked {
        Asked::Session(self.session.0)
    }
}

impl Named for SessionId {
    const LIST: List = List::Pool;

    fn asked(&self) -> Asked {
        Asked::Session(self.0)
    }
}

/// A list: its visible entries, and how long it is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Listed<T> {
    /// Visible entries, at any place.
    pub(super) visible: VecDeque<T>,
    /// Entries that were made visible for a section that takes hidden ones from the front: they are the first of those
    /// that were hidden, in this order. Visible ones may stand before and between them.
    pub(super) shown: VecDeque<T>,
    /// Entries that were added at the back.
    pub(super) added: Vec<T>,
    /// Its length, visible entries included; `None` before it is known, which is only while a server is built.
    pub(super) length: Option<Number>,
    /// What the section has taken from the front.
    pub(super) taken: Vec<T>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed {
            visible: VecDeque::new(),
            shown: VecDeque::new(),
            added: Vec::new(),
            length: None,
            taken: Vec::new(),
        }
    }
}

/// Where the front of a list is.
enum Front {
    Nowhere,
    Visible(usize),
    Shown,
}

impl<T: Named> Listed<T> {
    /// Every entry that can be seen.
    pub(super) fn entries(&self) -> impl Iterator<Item = &T> {
        self.visible.iter().chain(&self.shown)
    }

    fn in_sight(&self) -> usize {
        self.visible.len() + self.shown.len()
    }

    /// Its length.
    fn length(&self) -> Number {
        let length = self.length;
        length.unwrap_or_else(|| u32::try_from(self.in_sight()).expect("few entries").into())
    }

    fn grow(&mut self) {
        self.length = Some(self.length() + 1.into());
    }

    fn shrink(&mut self) {
        self.length = Some(self.length().less(1));
    }

    fn find_front(&self) -> Front {
        let visible = self.visible.len();
        if !self.shown.is_empty() {
            // A visible one may stand before them: then the section takes it first.
            let way = choose(visible + 1);
            if way < visible {
                return Front::Visible(way);
            }
            path::use_shown();
            return Front::Shown;
        }
        let way = choose(visible.max(1) + 1);
        if way < visible {
            return Front::Visible(way);
        }
        if visible == 0 && way == 0 {
            assume(self.length().form().times(-1));
            return Front::Nowhere;
        }
        break_off(BrokenOff::NeedsOneOf(T::LIST))
    }
}

impl<T: Named> Queue<T, Number> for Listed<T> {
    fn len(&self) -> Number {
        self.length()
    }

    fn is_empty(&self) -> bool {
        self.in_sight() == 0 && !self.length().is_at_least(1.into())
    }

    fn front(&self) -> Option<&T> {
        match self.find_front() {
            Front::Nowhere => None,
            Front::Visible(place) => self.visible.get(place),
            Front::Shown => self.shown.front(),
        }
    }

    fn push_back(&mut self, entry: T) {
        self.grow();
        self.added.push(entry.clone());
        self.visible.push_back(entry);
    }

    fn pop_front(&mut self) -> Option<T> {
        let front = match self.find_front() {
            Front::Nowhere => return None,
            Front::Visible(place) => self.visible.remove(place),
            Front::Shown => self.shown.pop_front(),
        };
        self.shrink();
        self.taken.extend(front.clone());
        front
    }

    fn take(&mut self, entry: &T) -> bool {
        let taken = [&mut self.visible, &mut self.shown]
            .into_iter()
            .any(|entries| {
                let place = entries.iter().position(|other| other == entry);
                place.and_then(|place| entries.remove(place)).is_some()
            });
        if taken {
            self.shrink();
        } else {
            path::ask(entry.asked());
        }
        taken
    }

    fn take_all(&mut self, entry: &T) {
        while self.entries().any(|other| other == entry) {
            self.take(entry);
        }
        path::ask(entry.asked());
    }
}

/// What a section may count or look for among the hidden records.
pub(super) trait Record: Plain {
    /// How many hidden ones are wanted, if that is one of the quantities; `visible` of them, by its own count, were
    /// visible at first.
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

/// The states a hidden session may be in: all of them.
const STATES: [SessionState; 10] = [
    SessionState::Active,
    SessionState::Connected,
    SessionState::ConnectQuery,
    SessionState::Shadow,
    SessionState::Disconnected,
    SessionState::Idle,
    SessionState::Listen,
    SessionState::Reset,
    SessionState::Down,
    SessionState::Init,
];

/// One session of each look that a hidden one may have. Its identifiers are nobody's who is visible, but for its user.
fn others() -> impl Iterator<Item = Session> {
    const OTHERS: u32 = u32::MAX;
    let both = || [false, true].into_iter();
    let looks = STATES.into_iter().flat_map(move |state| {
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
pub(super) struct Records<K: Ord, V> {
    /// Those that are visible.
    pub(super) visible: BTreeMap<K, V>,
    /// Those that were visible before the section, by which hidden ones are told from all.
    pub(super) before: Vec<V>,
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
        let mut records = self.visible.range(from..);
        records
            .find(|(_, record)| wanted(record))
            .map(|(key, record)| (key.clone(), record))
    }
}

impl<K: Named, V: Record> Index<&K> for Records<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        &self.visible[key]
    }
}
