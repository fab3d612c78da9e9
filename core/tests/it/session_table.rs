//! What the table of sessions knows of all its sessions is what one finds who walks them.

use std::collections::BTreeMap;

use logon_core::ids::{CONSOLE, FIRST_SESSION, LISTENER};
use logon_core::server::Session;
use logon_core::store::{SessionTable, Sessions};
use logon_core::{Generation, SessionId, SessionState, UserId};

/// A generator of pseudo-random numbers: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn state(&mut self) -> SessionState {
        // Often one of those that are asked for.
        match self.below(3) {
            0 => SessionState::Init,
            1 => SessionState::Disconnected,
            _ => {
                let all: Vec<SessionState> = SessionState::ALL.into_iter().collect();
                all[self.below(all.len() as u64) as usize]
            }
        }
    }

    fn user(&mut self) -> Option<UserId> {
        let user = self.below(4) as u32;
        (user > 0).then_some(UserId(user))
    }

    fn session(&mut self) -> Session {
        Session {
            generation: Generation(self.below(100) as u32),
            state: self.state(),
            loaded: self.below(2) == 0,
            name: None,
            user: self.user(),
            holder: None,
        }
    }
}

#[test]
fn a_table_answers_as_one_who_walks_its_sessions() {
    let mut answers = 0;
    for seed in 0..200 {
        let mut draws = Draws(seed);
        let (mut table, mut walked) = (SessionTable::default(), BTreeMap::new());
        for id in [CONSOLE, LISTENER] {
            let session = draws.session();
            table.insert(id, session.clone());
            walked.insert(id, session);
        }
        let ids = 2 + draws.below(30);
        for _ in 0..200 {
            let id = SessionId(draws.below(ids + 2) as u32);
            match draws.below(5) {
                0 | 1 => {
                    let session = draws.session();
                    table.insert(id, session.clone());
                    walked.insert(id, session);
                }
                2 => assert_eq!(table.remove(&id), walked.remove(&id)),
                _ => {
                    let (state, user) = (draws.state(), draws.user());
                    let change =
                        |session: &mut Session| (session.state, session.user) = (state, user);
                    let is_there = table.get_mut(&id).map(change).is_some();
                    assert_eq!(is_there, walked.get_mut(&id).map(change).is_some());
                }
            }
            assert_eq!(table.creating(), walked.creating(), "seed {seed}");
            assert_eq!(table.lowest_free(), walked.lowest_free(), "seed {seed}");
            for user in (1..4).map(UserId) {
                let found = table.first_disconnected_of(user);
                assert_eq!(found, walked.first_disconnected_of(user), "seed {seed}");
                answers += u32::from(found.is_some());
            }
            assert_eq!(*table, walked);
            assert_eq!(table.clone().creating(), walked.creating());
        }
    }
    assert!(
        answers > 10_000,
        "a user had a session only {answers} times"
    );
}

#[test]
fn tables_are_equal_and_printed_by_their_records() {
    let session = Draws(1).session();
    let (mut one, mut other) = (SessionTable::default(), SessionTable::default());
    one.insert(FIRST_SESSION, session.clone());
    one.insert(SessionId(FIRST_SESSION.0 + 5), session.clone());
    one.remove(&SessionId(FIRST_SESSION.0 + 5));
    other.insert(FIRST_SESSION, session);
    assert_eq!(one, other);
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
    assert_eq!(format!("{one:?}"), format!("{:?}", *one));
}
