//! What the server says of itself to an explorer: everything that matters, and where the identifiers are.

use std::collections::BTreeMap;

use logon_core::server::LogonPhase;
use logon_core::symmetry::{Family, Shape, Symmetric};
use logon_core::{Ending, LogonId, Server, SessionId, SessionState, Settings, UserId};

/// One call of a [`Shape`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Said {
    Plain(u64),
    Identifier(Family, u32),
    Newest(Family, u32),
    Unordered(Vec<Vec<Said>>),
}

/// A description, as a tree: the entries of an unordered collection are sorted, because their order means
/// nothing.
struct Description {
    open: Vec<Vec<Vec<Said>>>,
}

impl Description {
    fn of(value: &dyn Symmetric) -> Vec<Said> {
        let mut description = Description {
            open: vec![vec![vec![]]],
        };
        value.describe(&mut description);
        description.open.remove(0).remove(0)
    }

    fn say(&mut self, said: Said) {
        let entries = self.open.last_mut().expect("something is described");
        entries.last_mut().expect("an entry has begun").push(said);
    }
}

impl Shape for Description {
    fn plain(&mut self, value: u64) {
        self.say(Said::Plain(value));
    }

    fn identifier(&mut self, family: Family, number: u32) {
        self.say(Said::Identifier(family, number));
    }

    fn newest(&mut self, family: Family, number: u32) {
        self.say(Said::Newest(family, number));
    }

    fn unordered(&mut self) {
        self.open.push(vec![]);
    }

    fn entry(&mut self) {
        let entries = self.open.last_mut().expect("a collection has begun");
        entries.push(vec![]);
    }

    fn end(&mut self) {
        let mut entries = self.open.pop().expect("a collection has begun");
        entries.sort();
        self.say(Said::Unordered(entries));
    }
}

/// The description after `family`'s numbers were exchanged.
fn exchanged(said: &[Said], family: Family, exchange: &dyn Fn(u32) -> u32) -> Vec<Said> {
    let one = |said: &Said| match said {
        Said::Identifier(of, number) if *of == family => {
            Said::Identifier(family, exchange(*number))
        }
        Said::Unordered(entries) => {
            let mut entries: Vec<_> = entries
                .iter()
                .map(|entry| exchanged(entry, family, exchange))
                .collect();
            entries.sort();
            Said::Unordered(entries)
        }
        other => other.clone(),
    };
    said.iter().map(one).collect()
}

fn settings() -> Settings {
    Settings {
        idle_pool: 1,
        max_connections: Some(3),
        creation_workers: 2,
        ..Settings::default()
    }
}

const USER: UserId = UserId(0);

/// Lets a logon take its next step.
fn go_on(server: &mut Server, logon: LogonId) -> Result<(), Ending> {
    if !server.logons().contains_key(&logon) {
        return server.admit(logon);
    }
    match server.living(logon)? {
        LogonPhase::Admitted => server.claim_or_queue(logon).map(|_| ()),
        LogonPhase::Queued => Ok(()),
        LogonPhase::Claimed => server.attach(logon).map(|_| ()),
        LogonPhase::AtPrompt => server.arbitrate(logon, USER).map(|_| ()),
        LogonPhase::Swapping => server.swap(logon, USER).map(|_| ()),
        LogonPhase::LoggedOn => server.disconnect(logon),
        LogonPhase::RefusedInLine(_) => server
            .heard(logon)
            .map_or(Ok(()), |heard| heard.map(|_| ())),
    }
}

/// One of a few operations, with `logon` if it is about one.
fn operate(server: &mut Server, operation: u64, logon: LogonId) {
    let creating = server.first_session(|session| session.state == SessionState::Init);
    match (operation, creating) {
        (0, _) => drop(server.demand()),
        (1, Some(claim)) => server.publish(claim),
        (2, Some(claim)) => server.fail_creation(claim),
        (3, _) => server.hang_up(logon),
        (4, _) => {
            let old = server.disconnected_session_of(USER);
            old.map(|old| server.expire(old));
        }
        // How it ends is the server's to remember.
        _ => drop(go_on(server, logon).ok()),
    }
}

/// The server after `length` operations; `history` says which.
fn after(history: u64, length: usize, logons: [LogonId; 2]) -> Server {
    let mut server = Server::new(settings(), ());
    let mut seed = history << 32;
    for _ in 0..length {
        // SplitMix64.
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut drawn = seed;
        drawn = (drawn ^ (drawn >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        drawn = (drawn ^ (drawn >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        drawn ^= drawn >> 31;
        operate(&mut server, drawn % 11, logons[(drawn >> 32) as usize % 2]);
    }
    server
}

#[test]
fn servers_of_one_description_are_equal() {
    let mut seen: BTreeMap<Vec<Said>, Server> = BTreeMap::new();
    let mut met_again = 0;
    for history in 0..20_000 {
        let server = after(history, 1 + history as usize % 32, [LogonId(1), LogonId(2)]);
        match seen.get(&Description::of(&server)) {
            Some(other) => {
                assert_eq!(other, &server, "history {history}");
                met_again += 1;
            }
            None => drop(seen.insert(Description::of(&server), server)),
        }
    }
    let different = seen.len();
    assert!(
        different > 1_000 && met_again > 1_000,
        "{different}, {met_again}"
    );
}

#[test]
fn with_other_logons_only_their_numbers_are_described_otherwise() {
    let exchange = |number| if number == 8 { 3 } else { 8 };
    for history in 0..2_000 {
        let [one, other] = [[3, 8], [8, 3]].map(|logons| {
            let server = after(history, 20, logons.map(LogonId));
            Description::of(&server)
        });
        let renamed = exchanged(&one, LogonId::FAMILY, &exchange);
        assert_eq!(renamed, other, "history {history}");
    }
}

#[test]
fn the_next_id_is_told_only_where_none_is_reused() {
    for reuse_ids in [false, true] {
        let mut server: Server = Server::new(
            Settings {
                reuse_ids,
                ..settings()
            },
            (),
        );
        let newest = |server: &Server| {
            let described = Description::of(server);
            described.iter().find_map(|said| match said {
                Said::Newest(family, number) if *family == SessionId::FAMILY => Some(*number),
                _ => None,
            })
        };
        assert_eq!(newest(&server), (!reuse_ids).then_some(1));
        let claim = server.begin_creation();
        let last = (!reuse_ids).then_some(claim.session.0);
        assert_eq!(newest(&server), last);
    }
}
