//! What a fact costs the judge while so many logons are alive: `cargo bench -p logon-benches --bench judge`.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use logon_core::observer::Departure;
use logon_core::{
    Claim, Fact, Generation, LogonId, Observer, SessionId, SessionState, StationName, UserId,
};
use logon_models::judge::{Call, Errand, Indexed, Judge, Line, LogonTruth, Truth, within};

use SessionState::{Active, ConnectQuery, Connected, Idle, Init, Reset};

fn claim(number: u32) -> Claim {
    Claim {
        session: SessionId(2 + number),
        generation: Generation(number + 1),
    }
}

/// From the first call until the user is logged on.
fn comes(number: u32) -> Vec<(Call, Vec<Fact>)> {
    let (logon, claim) = (LogonId(number), claim(number));
    let session = |from, to| Fact::Session { claim, from, to };
    let (name, user) = (StationName(number), UserId(number));
    let arrives = vec![
        Fact::Arrived { logon },
        Fact::Admitted { logon },
        Fact::Queued { logon },
        session(None, Some(Init)),
    ];
    let is_served = vec![
        Fact::Loaded { claim },
        session(Some(Init), Some(Idle)),
        Fact::Claimed { logon, claim },
        session(Some(Idle), Some(ConnectQuery)),
    ];
    let sees = vec![
        Fact::Attaching { logon, claim },
        Fact::Attached { logon, claim, name },
        session(Some(ConnectQuery), Some(Connected)),
    ];
    let old = None;
    let logs_on = vec![
        Fact::Arbitrated { logon, user, old },
        Fact::LoggedOn { logon, claim },
        session(Some(Connected), Some(Active)),
    ];
    vec![
        (Call::Connect(logon, Line::Up), arrives),
        (Call::Serve(Some(claim)), is_served),
        (Call::Connect(logon, Line::Up), sees),
        (Call::LogOn(logon, Line::Up), logs_on),
    ]
}

/// The user logs off.
fn goes(number: u32) -> (Call, Vec<Fact>) {
    let (logon, claim) = (LogonId(number), claim(number));
    let session = |from, to| Fact::Session { claim, from, to };
    let departure = Departure::LoggedOff;
    let facts = vec![
        Fact::Left { logon, departure },
        session(Some(Active), Some(Reset)),
        session(Some(Reset), None),
    ];
    (Call::LogOff(logon), facts)
}

fn hear(judge: &mut Judge<Indexed>, (call, facts): (Call, Vec<Fact>)) -> u64 {
    within(Errand::of(call), || {
        facts.iter().for_each(|&fact| judge.tell(fact));
        judge.after_section();
    });
    facts.len() as u64
}

/// A logon comes, and the one that has been there for longest goes. Says how many facts that is.
fn one_comes_and_one_goes(judge: &mut Judge<Indexed>, next: &mut u32, alive: u32) -> u64 {
    let number = *next;
    *next += 1;
    let truth = LogonTruth {
        user: Some(UserId(number)),
        ..LogonTruth::default()
    };
    judge.learn(LogonId(number), truth);
    let mut facts: u64 = comes(number)
        .into_iter()
        .map(|section| hear(judge, section))
        .sum();
    if let Some(oldest) = number.checked_sub(alive) {
        facts += hear(judge, goes(oldest));
        judge.last_call(LogonId(oldest));
    }
    facts
}

fn facts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("facts of a logon that comes and one that goes");
    for alive in [1_000, 10_000, 100_000] {
        let mut judge = Judge::<Indexed>::with_records(Truth {
            max_connections: Some(alive + 1),
            creation_workers: 1,
            logons_enabled: true,
            calls: true,
            ..Truth::default()
        });
        let mut next = 0;
        let mut facts = 0;
        for _ in 0..=alive {
            facts = one_comes_and_one_goes(&mut judge, &mut next, alive);
        }
        group.throughput(Throughput::Elements(facts));
        group.bench_function(BenchmarkId::from_parameter(alive), |bencher| {
            bencher.iter(|| black_box(one_comes_and_one_goes(&mut judge, &mut next, alive)));
        });
        assert_eq!(judge.violations(), [], "the bench is lawful");
    }
    group.finish();
}

criterion_group!(benches, facts);
criterion_main!(benches);
