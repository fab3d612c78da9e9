//! A server to play with: it keeps every fact it was told, and its accounts must balance after each test.

use std::collections::BTreeSet;

use logon_core::ids::FIRST_SESSION;
use logon_core::server::{Arbitration, Demand, LogonPhase};
use logon_core::{Claim, Event, Fact, LogonId, Observer, Server, SessionState, Settings, UserId};

/// Keeps every fact.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Facts(pub(crate) Vec<Fact>);

impl Observer for Facts {
    fn tell(&mut self, fact: Fact) {
        self.0.push(fact);
    }
}

pub(crate) const USER: UserId = UserId(7);

/// A pool of `idle_pool` and `max_connections` permits; one creation at a time.
pub(crate) fn settings(idle_pool: u32, max_connections: u32) -> Settings {
    Settings {
        idle_pool,
        max_connections: Some(max_connections),
        ..Settings::default()
    }
}

/// A server whose pool is full.
pub(crate) fn server(settings: Settings) -> Server<Facts> {
    let mut server = Server::new(settings, Facts::default());
    replenish(&mut server);
    server
}

/// Creates every session that is wanted.
pub(crate) fn replenish(server: &mut Server<Facts>) {
    while let Some(Demand::Create(claim)) = server.demand() {
        server.publish(claim);
    }
}

/// Begins the creation that is wanted.
pub(crate) fn begin(server: &mut Server<Facts>) -> Claim {
    match server.demand() {
        Some(Demand::Create(claim)) => claim,
        other => panic!("a session is wanted, and the demand is {other:?}"),
    }
}

/// A logon that holds a permit.
pub(crate) fn admitted(server: &mut Server<Facts>, number: u32) -> LogonId {
    let logon = LogonId(number);
    server.admit(logon).expect("there is a permit");
    logon
}

/// A logon in line.
pub(crate) fn queued(server: &mut Server<Facts>, number: u32) -> LogonId {
    let logon = admitted(server, number);
    assert_eq!(server.claim_or_queue(logon), Ok(None), "no session is idle");
    logon
}

/// A logon that was given an idle session.
pub(crate) fn claimed(server: &mut Server<Facts>, number: u32) -> (LogonId, Claim) {
    let logon = admitted(server, number);
    let claim = server.claim_or_queue(logon).expect("it lives");
    (logon, claim.expect("a session is idle"))
}

/// A logon at the prompt.
pub(crate) fn at_prompt(server: &mut Server<Facts>, number: u32) -> (LogonId, Claim) {
    let (logon, claim) = claimed(server, number);
    assert_eq!(server.attach(logon), Ok(claim));
    (logon, claim)
}

/// A logon that is complete.
pub(crate) fn logged_on(server: &mut Server<Facts>, number: u32, user: UserId) -> (LogonId, Claim) {
    let (logon, claim) = at_prompt(server, number);
    assert_eq!(server.arbitrate(logon, user), Ok(Arbitration::Own(claim)));
    (logon, claim)
}

/// A session that `user` left behind.
pub(crate) fn left_behind(server: &mut Server<Facts>, number: u32, user: UserId) -> Claim {
    let (logon, claim) = logged_on(server, number, user);
    server.disconnect(logon).expect("it is complete");
    claim
}

/// A logon between its own session and the old one.
pub(crate) fn swapping(server: &mut Server<Facts>, number: u32, user: UserId) -> (LogonId, Claim) {
    let (logon, own) = at_prompt(server, number);
    assert_eq!(server.arbitrate(logon, user), Ok(Arbitration::Reconnect));
    (logon, own)
}

/// The phase of a logon on record.
pub(crate) fn phase(server: &Server<Facts>, logon: LogonId) -> Option<LogonPhase> {
    server.logons().get(&logon).map(|record| record.phase)
}

/// The state of a session, unless it is gone.
pub(crate) fn state(server: &Server<Facts>, claim: Claim) -> Option<SessionState> {
    server.find(claim).map(|session| session.state)
}

/// The entries of the event log.
pub(crate) fn events(server: &Server<Facts>) -> Vec<(LogonId, Event)> {
    let entry = |fact: &Fact| match *fact {
        Fact::Logged { logon, event } => Some((logon, event)),
        _ => None,
    };
    server.observer().0.iter().filter_map(entry).collect()
}

/// Asserts that permits, line, idle list, holders, names and edges agree with each other.
pub(crate) fn assert_balanced(server: &Server<Facts>) {
    let holding = |phase| !matches!(phase, LogonPhase::RefusedInLine(_));
    let holding = server
        .logons()
        .values()
        .filter(|record| holding(record.phase))
        .count();
    assert_eq!(
        server.ledger().in_use() as usize,
        holding,
        "a permit for each logon on record"
    );

    let in_line: BTreeSet<_> = server.queue().iter().copied().collect();
    let queued = server
        .logons()
        .iter()
        .filter(|(_, record)| record.phase == LogonPhase::Queued);
    assert_eq!(
        in_line,
        queued.map(|(&logon, _)| logon).collect(),
        "a ticket for each in line"
    );
    assert_eq!(in_line.len(), server.queue().len(), "one ticket each");
    assert!(
        server.queue().is_empty() || server.idle().is_empty(),
        "no line beside idle sessions"
    );

    let mut names = BTreeSet::new();
    for (&id, session) in server.sessions().range(FIRST_SESSION..) {
        let claim = Claim {
            session: id,
            generation: session.generation,
        };
        let idle = server.idle().contains(&claim);
        assert_eq!(
            idle,
            session.state == SessionState::Idle,
            "{claim} on the idle list"
        );
        assert_eq!(
            session.state.has_client(),
            session.holder.is_some(),
            "{claim} has a holder"
        );
        if let Some(holder) = session.holder {
            let record = &server.logons()[&holder];
            let holds = record.claim == Some(claim) || record.old == Some(claim);
            assert!(holds, "{holder} knows that it holds {claim}");
        }
        assert!(
            session.name.is_none_or(|name| names.insert(name)),
            "{claim} has its name alone"
        );
    }
    for fact in &server.observer().0 {
        if let Fact::Session { claim, from, to } = *fact {
            let legal = match (from, to) {
                (None, to) => to == Some(SessionState::Init),
                (from, None) => from == Some(SessionState::Reset),
                (Some(from), Some(to)) => from.may_become(to),
            };
            assert!(legal, "{claim} goes from {from:?} to {to:?}");
        }
    }
}

/// Asserts that nothing is left of any logon.
pub(crate) fn assert_at_rest(server: &Server<Facts>) {
    assert_balanced(server);
    assert_eq!(server.ledger().in_use(), 0, "every permit is back");
    assert!(server.logons().is_empty(), "no logon is on record");
}
