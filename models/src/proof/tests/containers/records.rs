//! Records: maps of up to three sessions, or logons.

use std::collections::BTreeMap;

use logon_core::server::{Logon, LogonPhase, Session};
use logon_core::store::Table;
use logon_core::{Claim, Generation, LogonId, SessionId, SessionState, StationName, UserId};

use super::{Ended, choices, paths, sequences};
use crate::proof::arithmetic::linear::Variable;
use crate::proof::quantity::CREATING;
use crate::proof::symbolic::list::Named;
use crate::proof::symbolic::records::Record;
use crate::proof::symbolic::{Number, Records};

/// What a section wants of records.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Wanted {
    /// Those that a visible party has.
    Own,
    /// Those of a kind that there is among the hidden ones, too.
    AnyOfAKind,
}

#[derive(Clone, PartialEq, Debug)]
enum Operation<K, V> {
    Get(K),
    Change(K, V),
    Contains(K),
    Insert(K, V),
    Remove(K),
    Count(Wanted),
    Any(Wanted),
    FirstFrom(K, Wanted),
}

#[derive(PartialEq, Debug)]
enum Said<K, V> {
    Record(Option<V>),
    Is(bool),
    Number(i64),
    First(Option<(K, V)>),
    Nothing,
}

/// Keys and records of a kind.
trait Kind: Record + PartialEq + std::fmt::Debug {
    type Key: Named;

    fn key(number: u32) -> Self::Key;

    /// Some different ones, of a party that is visible or of one that is hidden.
    fn some(of_a_visible_party: bool) -> Vec<Self>;

    fn is_wanted(&self, wanted: Wanted) -> bool;
}

const OWN: u32 = 1;
const OF_OTHERS: u32 = 77;

impl Kind for Session {
    type Key = SessionId;

    fn key(number: u32) -> SessionId {
        SessionId(number)
    }

    fn some(of_a_visible_party: bool) -> Vec<Session> {
        let whose = if of_a_visible_party { OWN } else { OF_OTHERS };
        let session = |state, is_of_a_client: bool| Session {
            generation: Generation(whose),
            state,
            loaded: true,
            name: is_of_a_client.then_some(StationName(whose)),
            user: is_of_a_client.then_some(UserId(whose)),
            holder: is_of_a_client.then_some(LogonId(whose)),
        };
        vec![
            session(SessionState::Init, false),
            session(SessionState::Idle, false),
            session(SessionState::Disconnected, true),
        ]
    }

    fn is_wanted(&self, wanted: Wanted) -> bool {
        match wanted {
            Wanted::Own => self.user == Some(UserId(OWN)),
            Wanted::AnyOfAKind => self.state == SessionState::Init,
        }
    }
}

impl Kind for Logon {
    type Key = LogonId;

    fn key(number: u32) -> LogonId {
        LogonId(number)
    }

    fn some(of_a_visible_party: bool) -> Vec<Logon> {
        let whose = if of_a_visible_party { OWN } else { OF_OTHERS };
        let logon = |phase, claim: Option<Claim>| Logon {
            phase,
            claim,
            old: None,
        };
        let claim = Claim {
            session: SessionId(whose),
            generation: Generation(whose),
        };
        vec![
            logon(LogonPhase::Queued, None),
            logon(LogonPhase::Claimed, Some(claim)),
        ]
    }

    fn is_wanted(&self, wanted: Wanted) -> bool {
        match wanted {
            Wanted::Own => self.claim.is_some_and(|claim| claim.session.0 == OWN),
            Wanted::AnyOfAKind => self.phase == LogonPhase::Queued,
        }
    }
}

fn perform<V: Kind, N, M: Table<V::Key, V, N>>(
    records: &mut M,
    operations: &[Operation<V::Key, V>],
    value: &dyn Fn(N) -> i64,
) -> Vec<Said<V::Key, V>> {
    let one = |operation: &Operation<V::Key, V>| match operation {
        Operation::Get(key) => Said::Record(records.get(key).cloned()),
        Operation::Change(key, into) => {
            let record = records.get_mut(key);
            let was = record.map(|record| std::mem::replace(record, into.clone()));
            Said::Record(was)
        }
        Operation::Contains(key) => Said::Is(records.contains_key(key)),
        Operation::Insert(key, record) => {
            records.insert(key.clone(), record.clone());
            Said::Nothing
        }
        Operation::Remove(key) => Said::Record(records.remove(key)),
        Operation::Count(wanted) => {
            Said::Number(value(records.count(|record| record.is_wanted(*wanted))))
        }
        Operation::Any(wanted) => Said::Is(records.any(|record| record.is_wanted(*wanted))),
        Operation::FirstFrom(key, wanted) => {
            let first = records.first_from(key.clone(), |record| record.is_wanted(*wanted));
            Said::First(first.map(|(key, record)| (key, record.clone())))
        }
    };
    operations.iter().map(one).collect()
}

/// The key of nobody.
const ABSENT: u32 = 50;
/// A key that was never given before.
const NEW: u32 = 60;
/// The keys of those who may be there.
const KEYS: [u32; 3] = [10, 11, 12];

/// Every operation.
fn every<V: Kind>() -> Vec<Operation<V::Key, V>> {
    let mut operations = Vec::new();
    for number in KEYS.into_iter().chain([ABSENT]) {
        let key = V::key(number);
        operations.extend([
            Operation::Get(key.clone()),
            Operation::Contains(key.clone()),
            Operation::Remove(key.clone()),
        ]);
        operations.extend(
            V::some(true)
                .into_iter()
                .map(|record| Operation::Change(key.clone(), record)),
        );
    }
    operations.extend(
        V::some(true)
            .into_iter()
            .map(|record| Operation::Insert(V::key(NEW), record)),
    );
    for wanted in [Wanted::Own, Wanted::AnyOfAKind] {
        operations.extend([
            Operation::Count(wanted),
            Operation::Any(wanted),
            Operation::FirstFrom(V::key(0), wanted),
            Operation::FirstFrom(V::key(KEYS[1]), wanted),
        ]);
    }
    operations
}

/// Some records by key, and which of them are visible.
struct Case<'a, V: Kind> {
    records: BTreeMap<V::Key, V>,
    visible: &'a [V::Key],
}

/// How many paths were compared, and how many of them were left as outside of the method.
#[derive(Default)]
struct Tally {
    compared: u64,
    outside: u64,
}

impl<V: Kind> Case<'_, V> {
    fn compare(&self, operations: &[Operation<V::Key, V>], tally: &mut Tally) {
        let mut standard = self.records.clone();
        let said = perform::<V, u32, _>(&mut standard, operations, &|number| i64::from(number));
        let creations = self.records.values();
        let creations = creations.filter(|record| record.is_wanted(Wanted::AnyOfAKind));
        let creations = i64::try_from(creations.count()).expect("few records");
        let numbers = move |variable: Variable| {
            assert_eq!(variable, CREATING);
            creations
        };
        let value = |number: Number| number.form().evaluate(&numbers);
        let is_visible = |key: &V::Key| self.visible.contains(key);
        let is_hidden = |key: &V::Key| self.records.contains_key(key) && !is_visible(key);
        // Whoever asks for a hidden record is found out.
        let asked_for = operations.iter().find_map(|operation| match operation {
            Operation::Get(key)
            | Operation::Contains(key)
            | Operation::Remove(key)
            | Operation::Change(key, _) => is_hidden(key).then(|| key.asked()),
            _ => None,
        });
        let visible = || {
            let records = self.records.iter().filter(|(key, _)| is_visible(key));
            records.map(|(key, record)| (key.clone(), record.clone()))
        };
        let ends = paths(&numbers, || {
            let mut records = Records {
                visible: visible().collect(),
                before: visible().map(|(_, record)| record).collect(),
            };
            let said = perform(&mut records, operations, &value);
            (said, records)
        });
        tally.compared += ends.len() as u64;
        let known: BTreeMap<V::Key, V> = standard
            .iter()
            .filter(|(key, _)| !is_hidden(key))
            .map(|(key, record)| (key.clone(), record.clone()))
            .collect();
        type Did<V> = (Vec<Said<<V as Kind>::Key, V>>, Records<<V as Kind>::Key, V>);
        let is_right = |end: &Ended<Did<V>>| match end {
            Ended::Did((symbolic, records), taken) => {
                asked_for.is_some_and(|asked| taken.asked.contains(&asked))
                    || *symbolic == said && records.visible == known
            }
            Ended::NeedsOneOf => panic!("no list is asked"),
            Ended::Outside => true,
        };
        tally.outside += ends
            .iter()
            .filter(|end| matches!(end, Ended::Outside))
            .count() as u64;
        assert!(
            ends.iter().any(is_right),
            "{:?} of which {:?} are visible: {operations:?} say {said:?}, which no path does",
            self.records,
            self.visible
        );
    }
}

fn compare<V: Kind>() -> Tally {
    let mut tally = Tally::default();
    for keys in choices(&KEYS) {
        let keys: Vec<V::Key> = keys.into_iter().map(V::key).collect();
        for visible in choices(&keys) {
            let kinds = V::some(true).len();
            for looks in sequences(&(0..kinds).collect::<Vec<_>>(), keys.len()) {
                if looks.len() < keys.len() {
                    continue;
                }
                let record = |(key, look): (&V::Key, usize)| {
                    (key.clone(), V::some(visible.contains(key))[look].clone())
                };
                let case = Case {
                    records: keys.iter().zip(looks).map(record).collect(),
                    visible: &visible,
                };
                for operations in sequences(&every::<V>(), 2) {
                    case.compare(&operations, &mut tally);
                }
            }
        }
    }
    tally
}

#[test]
fn what_standard_records_do_is_among_what_symbolic_ones_do() {
    for tally in [compare::<Session>(), compare::<Logon>()] {
        println!(
            "{} paths of records, of which {} can not be followed",
            tally.compared, tally.outside
        );
        assert!(tally.outside < tally.compared / 2);
    }
}
