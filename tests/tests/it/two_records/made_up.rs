//! Facts that are made up, nonsense included, on few logons and sessions so that they meet.
//!
//! Where something falls, both judges go back to before that section and are told the next one. So what they are told
//! grows long, although most of it is refused.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::Both;
use logon_core::observer::{Departure, Resetter};
use logon_core::{
    Claim, DropReason, Ending, Event, Fact, Generation, LogonId, Moment, Refusal, SessionId,
    SessionState, StationName, UserId,
};
use logon_models::judge::{
    Answer, Call, Course, Errand, Inventory, Judge, Line, MomentOver, Pace, Rest, Section, Totals,
    Truth, Wanted,
};
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use SessionState::{Active, ConnectQuery, Connected, Disconnected, Down, Idle, Init, Reset};

const LOGONS: u32 = 4;

fn logon() -> impl Strategy<Value = LogonId> {
    (0..LOGONS).prop_map(LogonId)
}

fn claim() -> impl Strategy<Value = Claim> {
    (2..4_u32, 1..4_u32).prop_map(|(session, generation)| Claim {
        session: SessionId(session),
        generation: Generation(generation),
    })
}

fn user() -> impl Strategy<Value = UserId> {
    (0..2_u32).prop_map(UserId)
}

fn state() -> impl Strategy<Value = Option<SessionState>> {
    let states = SessionState::ALL.into_iter().map(Some).chain([None]);
    select(states.collect::<Vec<_>>())
}

fn refusal() -> impl Strategy<Value = Refusal> {
    select(vec![
        Refusal::MaxConnections,
        Refusal::LogonsDisabled,
        Refusal::NoLicense,
        Refusal::AccessDenied,
        Refusal::CreationFailed,
        Refusal::SessionReset,
        Refusal::Dropped(DropReason::Busy),
    ])
}

fn departure() -> impl Strategy<Value = Departure> {
    select(vec![
        Departure::Disconnected,
        Departure::LoggedOff,
        Departure::Reset,
    ])
}

fn resetter() -> impl Strategy<Value = Resetter> {
    select(vec![Resetter::Administrator, Resetter::Timer])
}

/// A change of a session along an edge that it often takes.
fn usual_edge() -> impl Strategy<Value = (Option<SessionState>, Option<SessionState>)> {
    let edges = vec![
        (None, Some(Init)),
        (Some(Init), Some(Idle)),
        (Some(Init), Some(Down)),
        (Some(Idle), Some(ConnectQuery)),
        (Some(ConnectQuery), Some(Connected)),
        (Some(ConnectQuery), Some(Active)),
        (Some(ConnectQuery), Some(Reset)),
        (Some(Connected), Some(Active)),
        (Some(Connected), Some(Reset)),
        (Some(Active), Some(Disconnected)),
        (Some(Active), Some(Reset)),
        (Some(Disconnected), Some(ConnectQuery)),
        (Some(Disconnected), Some(Reset)),
        (Some(Down), Some(Reset)),
        (Some(Reset), None),
    ];
    select(edges)
}

fn fact() -> BoxedStrategy<Fact> {
    let session = |(claim, (from, to))| Fact::Session { claim, from, to };
    let event = select(vec![
        Event::MaximumConnectionsExceeded,
        Event::NoLicense,
        Event::LogonDropped,
    ]);
    prop_oneof![
        3 => logon().prop_map(|logon| Fact::Arrived { logon }),
        3 => logon().prop_map(|logon| Fact::Admitted { logon }),
        3 => logon().prop_map(|logon| Fact::Queued { logon }),
        4 => (logon(), claim()).prop_map(|(logon, claim)| Fact::Claimed { logon, claim }),
        2 => (logon(), claim()).prop_map(|(logon, claim)| Fact::Attaching { logon, claim }),
        4 => (logon(), claim(), 0..2_u32).prop_map(|(logon, claim, name)| Fact::Attached {
            logon,
            claim,
            name: StationName(name),
        }),
        3 => (logon(), user(), proptest::option::of(claim()))
            .prop_map(|(logon, user, old)| Fact::Arbitrated { logon, user, old }),
        4 => (logon(), claim()).prop_map(|(logon, claim)| Fact::LoggedOn { logon, claim }),
        3 => (logon(), refusal()).prop_map(|(logon, refusal)| Fact::Refused { logon, refusal }),
        2 => (logon(), event).prop_map(|(logon, event)| Fact::Logged { logon, event }),
        1 => logon().prop_map(|logon| Fact::Abandoned { logon }),
        2 => (logon(), departure())
            .prop_map(|(logon, departure)| Fact::Left { logon, departure }),
        12 => (claim(), usual_edge()).prop_map(session),
        1 => (claim(), (state(), state())).prop_map(session),
        3 => claim().prop_map(|claim| Fact::Loaded { claim }),
        2 => (resetter(), claim(), claim())
            .prop_map(|(by, aimed, hit)| Fact::Reset { by, aimed, hit }),
        2 => (resetter(), claim()).prop_map(|(by, hit)| Fact::Reset { by, aimed: hit, hit }),
        1 => any::<bool>().prop_map(Fact::LogonsEnabled),
    ]
    .boxed()
}

fn call() -> BoxedStrategy<Call> {
    let line = || select(vec![Line::Up, Line::Down]);
    let wanted = || {
        (user(), proptest::option::of((0..LOGONS, 0..=LOGONS))).prop_map(|(user, logons)| Wanted {
            user,
            logons: logons.map(|(first, end)| (LogonId(first), LogonId(end))),
        })
    };
    prop_oneof![
        4 => Just(Call::Nobody),
        3 => (logon(), line()).prop_map(|(logon, line)| Call::Connect(logon, line)),
        3 => (logon(), line()).prop_map(|(logon, line)| Call::LogOn(logon, line)),
        1 => logon().prop_map(Call::Disconnect),
        1 => logon().prop_map(Call::LogOff),
        2 => logon().prop_map(Call::HangUp),
        1 => any::<bool>().prop_map(Call::EnableLogons),
        2 => wanted().prop_map(Call::LookUp),
        2 => (claim(), wanted()).prop_map(|(claim, wanted)| Call::Reset(claim, wanted)),
        1 => user().prop_map(Call::AwaitDisconnected),
        1 => (claim(), user()).prop_map(|(claim, user)| Call::Expire(claim, user)),
        3 => proptest::option::of(claim()).prop_map(Call::Serve),
    ]
    .boxed()
}

fn answer() -> BoxedStrategy<Answer> {
    prop_oneof![
        claim().prop_map(Answer::Prompt),
        claim().prop_map(Answer::Home),
        departure().prop_map(Answer::Departed),
        Just(Answer::Ended(Ending::Gone)),
        refusal().prop_map(|refusal| Answer::Ended(Ending::Refused(refusal))),
        Just(Answer::HungUp),
        any::<bool>().prop_map(Answer::Switched),
        proptest::option::of(claim()).prop_map(Answer::LookedUp),
        any::<bool>().prop_map(Answer::WasReset),
        proptest::option::of(claim()).prop_map(Answer::Noticed),
    ]
    .boxed()
}

fn errand() -> BoxedStrategy<Errand> {
    let totals =
        (0..3_u32, 0..3_u32, 0..3_u32).prop_map(|(permits_in_use, idle, waiting)| Totals {
            permits_in_use,
            idle,
            waiting,
        });
    let asleep = proptest::option::of((0..LOGONS).prop_map(LogonId));
    let moment = (
        0..6_u64,
        any::<bool>(),
        proptest::option::of(totals),
        asleep,
    );
    prop_oneof![
        12 => call().prop_map(Errand::of),
        3 => (call(), answer())
            .prop_map(|(call, answer)| Errand::returned(call, answer, Course::BEGINNING)),
        // The clock is set when the judges are told.
        3 => moment.prop_map(|(now, is_quiet, totals, asleep)| Errand::moment(MomentOver {
            now,
            is_quiet,
            totals,
            asleep,
        })),
    ]
    .boxed()
}

fn section() -> impl Strategy<Value = Section> {
    let facts = proptest::collection::vec(fact(), 0..3);
    (errand(), facts).prop_map(|(errand, facts)| Section { errand, facts })
}

fn some_logons() -> impl Strategy<Value = BTreeSet<LogonId>> {
    let all: Vec<LogonId> = (0..LOGONS).map(LogonId).collect();
    subsequence(all, 0..=2).prop_map(BTreeSet::from_iter)
}

fn truth() -> impl Strategy<Value = Truth> {
    let server = (
        proptest::option::of(1..3_u32),
        0..3_u32,
        1..3_u32,
        proptest::option::of(Just(BTreeSet::from([1, 3]))),
        any::<bool>(),
    );
    let clients = (
        some_logons(),
        some_logons(),
        some_logons(),
        some_logons(),
        proptest::collection::btree_map(logon(), user(), 0..3),
    );
    (server, clients, any::<bool>()).prop_map(|(server, clients, has_pace)| {
        let (max_connections, idle_pool, creation_workers, failing_creations, calls) = server;
        let (denied, never_answered, wrong_password, aimed_at, users) = clients;
        Truth {
            max_connections,
            idle_pool,
            creation_workers,
            logons_enabled: true,
            leaves: BTreeMap::from_iter(denied.iter().map(|&logon| (logon, Moment::AtPrompt))),
            denied,
            never_answered,
            wrong_password,
            failing_creations,
            users,
            aimed_at,
            pace: has_pace.then_some(Pace {
                processors: 1,
                workers: 1,
                set_up: 2,
                hold_up: 0,
                slack: 1,
            }),
            calls,
            ..Truth::default()
        }
    })
}

/// How everybody came to rest, if the allocator says that it has what the judge believes of its permits, or nothing.
fn rest(judge: &Judge) -> Rest {
    let held = (0..LOGONS).filter(|&logon| judge.is_living(LogonId(logon)));
    Rest {
        unfinished: vec![LogonId(1)],
        unlicensed: BTreeSet::from([LogonId(2)]),
        others_unfinished: false,
        timed: vec![UserId(0)],
        answers: (0..LOGONS)
            .map(|logon| (LogonId(logon), Answer::Ended(Ending::Gone)))
            .collect(),
        inventory: Inventory {
            permits_in_use: held.count() as u32,
            idle: BTreeSet::new(),
            queue: Vec::new(),
            occupied: BTreeSet::new(),
            disconnected: BTreeSet::new(),
        },
    }
}

/// Sections that are made up, the same ones for the same number.
pub(super) fn made_up(number: u64) -> impl Iterator<Item = Section> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let section = section();
    std::iter::from_fn(move || {
        let tree = section.new_tree(&mut runner);
        Some(tree.expect("every value is allowed").current())
    })
}

/// How many sections both accept, and in how many something falls.
fn judged_alike(truth: &Truth, sections: &[Section]) -> Result<(usize, usize), String> {
    let mut both = Both::of(truth);
    let (mut accepted, mut fell, mut clock) = (Vec::new(), 0, 0);
    for section in sections {
        let mut section = section.clone();
        if let Some(over) = &mut section.errand.moment {
            over.now += clock;
            clock = over.now;
        }
        let before = both.clone();
        let parted = |parted| format!("{truth:?}\n{accepted:#?}\n{section:#?}\n{parted:?}");
        match both.hear(&section).map_err(parted)? {
            true => accepted.push(section),
            false => {
                fell += 1;
                both = before;
            }
        }
    }
    let rest = rest(&both.walking);
    both.rest(&rest)
        .map_err(|parted| format!("{truth:?}\n{accepted:#?}\nat rest\n{parted:?}"))?;
    Ok((accepted.len(), fell))
}

#[test]
fn facts_that_are_made_up_are_judged_alike() {
    let config = Config {
        cases: 1_500,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let told = (truth(), proptest::collection::vec(section(), 1..250));
    let (accepted, fell) = (Cell::new(0), Cell::new(0));
    let result = runner.run(&told, |(truth, sections)| {
        let judged = judged_alike(&truth, &sections).map_err(TestCaseError::fail)?;
        accepted.set(accepted.get() + judged.0);
        fell.set(fell.get() + judged.1);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let (accepted, fell) = (accepted.get(), fell.get());
    assert!(
        accepted > 20_000 && fell > 50_000,
        "{accepted} accepted, {fell} fell"
    );
}
