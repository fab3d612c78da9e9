//! A judge that learns what is true of a logon when it comes, and forgets it when it is over, accuses nobody lawful either,
//! and remembers no more than is alive.

use std::collections::BTreeMap;
use std::sync::Arc;

use logon_core::observer::Departure;
use logon_core::{
    Claim, Fact, Generation, LogonId, Observer, Refusal, SessionId, SessionState, StationName,
    UserId, Variant,
};
use logon_models::judge::{
    Call, Errand, Indexed, Inventory, Judge, LogonTruth, Reply, Rest, Section, Truth, Walking,
    within,
};
use logon_models::scenario::presets;
use logon_sim::Sampler;
use logon_tests::each::each;

use super::Told;
use super::executions::told;

/// What a situation says of one logon.
fn of_logon(truth: &Truth, logon: LogonId) -> LogonTruth {
    LogonTruth {
        user: truth.users.get(&logon).copied(),
        license: match truth.denied.contains(&logon) {
            true => Reply::Denied,
            false if truth.never_answered.contains(&logon) => Reply::Never,
            false => Reply::Granted,
        },
        wrong_password: truth.wrong_password.contains(&logon),
        leaves: truth.leaves.get(&logon).copied(),
        is_aimed_at: truth.aimed_at.contains(&logon),
    }
}

/// On behalf of which logon a section runs.
fn caller(section: &Section) -> Option<LogonId> {
    match section.errand.call {
        Call::Connect(logon, _)
        | Call::LogOn(logon, _)
        | Call::Disconnect(logon)
        | Call::LogOff(logon)
        | Call::HangUp(logon) => Some(logon),
        _ => None,
    }
}

/// What falls when the judge learns and forgets on the way, and how many logons were over before the end.
fn on_the_way(told: &Told) -> (Judge<Indexed>, usize) {
    let mut judge = Judge::<Indexed>::with_records(Truth {
        denied: Default::default(),
        never_answered: Default::default(),
        wrong_password: Default::default(),
        leaves: Default::default(),
        users: Default::default(),
        aimed_at: Default::default(),
        failing_creations: told
            .truth
            .failing_creations
            .as_ref()
            .map(|_| Default::default()),
        ..told.truth.clone()
    });
    let numbered = || told.sections.iter().enumerate();
    let calls = || numbered().filter_map(|(number, section)| Some((caller(section)?, number)));
    let last: BTreeMap<LogonId, usize> = calls().collect();
    let first: BTreeMap<LogonId, usize> = calls().collect::<Vec<_>>().into_iter().rev().collect();
    for (number, section) in numbered() {
        if let Some(logon) = caller(section).filter(|logon| first[logon] == number) {
            judge.learn(logon, of_logon(&told.truth, logon));
        }
        for fact in &section.facts {
            if let Fact::Session {
                claim, from: None, ..
            } = *fact
                && let Some(failing) = &told.truth.failing_creations
                && failing.contains(&claim.generation.0)
            {
                judge.creation_fails(claim.generation);
            }
        }
        section.hear(&mut judge, &[]);
        if let Some(logon) = caller(section).filter(|logon| last[logon] == number) {
            judge.last_call(logon);
        }
    }
    let ended = last.len() - judge.size().min(last.len());
    if let Some(rest) = &told.rest {
        // What was answered to whom is forgotten, or was not.
        let mut rest = rest.clone();
        rest.answers.retain(|(logon, _)| judge.is_living(*logon));
        judge.rest(&rest);
    }
    (judge, ended)
}

#[test]
fn nobody_lawful_is_accused_by_a_judge_that_learns_and_forgets() {
    let forgot = each(presets(), |preset| {
        let scenario = Arc::new(preset.scenario());
        let all = told(
            &Variant::Fixed,
            &scenario,
            &mut Sampler::Random.start(3),
            40,
        );
        let mut forgot = 0;
        for told in all {
            let (judge, ended) = on_the_way(&told);
            let place = preset.name();
            assert_eq!(judge.violations(), [], "{place}: {told:#?}");
            forgot += ended;
        }
        Some(forgot)
    });
    assert!(forgot.iter().sum::<usize>() > 500, "{forgot:?}");
}

/// One logon from the beginning to the end, on the session of its number.
fn life(number: u32, failed: bool) -> Vec<(Call, Vec<Fact>)> {
    use SessionState::{Active, ConnectQuery, Connected, Idle, Init, Reset};
    let logon = LogonId(number);
    let claim = Claim {
        session: SessionId(2 + number),
        generation: Generation(number + 1),
    };
    let session = |from, to| Fact::Session { claim, from, to };
    let up = logon_models::judge::Line::Up;
    let on = vec![
        Fact::Arbitrated {
            logon,
            user: UserId(number),
            old: None,
        },
        Fact::LoggedOn { logon, claim },
        session(Some(Connected), Some(Active)),
    ];
    let mut life = Vec::new();
    if failed {
        life.push((Call::HangUp(logon), vec![]));
        return life;
    }
    life.push((
        Call::Connect(logon, up),
        vec![Fact::Arrived { logon }, Fact::Admitted { logon }],
    ));
    life.push((Call::Nobody, vec![session(None, Some(Init))]));
    life.push((
        Call::Serve(Some(claim)),
        vec![Fact::Loaded { claim }, session(Some(Init), Some(Idle))],
    ));
    life.push((
        Call::Connect(logon, up),
        vec![
            Fact::Claimed { logon, claim },
            session(Some(Idle), Some(ConnectQuery)),
            Fact::Attaching { logon, claim },
            Fact::Attached {
                logon,
                claim,
                name: StationName(number),
            },
            session(Some(ConnectQuery), Some(Connected)),
        ],
    ));
    life.push((Call::LogOn(logon, up), on));
    life.push((
        Call::LogOff(logon),
        vec![
            Fact::Left {
                logon,
                departure: Departure::LoggedOff,
            },
            session(Some(Active), Some(Reset)),
        ],
    ));
    life.push((Call::Nobody, vec![session(Some(Reset), None)]));
    life
}

/// The most that is remembered while so many logons come and go, seven at a time.
fn most_remembered(logons: u32, says_last: bool) -> usize {
    let mut judge = Judge::<Indexed>::with_records(Truth {
        max_connections: Some(100),
        idle_pool: 8,
        creation_workers: 8,
        logons_enabled: true,
        failing_creations: Some(Default::default()),
        calls: true,
        ..Truth::default()
    });
    let mut most = 0;
    let mut lives = Vec::new();
    let mut next = 0;
    let mut turn = 0;
    while next < logons || !lives.is_empty() {
        while lives.len() < 7 && next < logons {
            let truth = LogonTruth {
                user: Some(UserId(next)),
                ..LogonTruth::default()
            };
            judge.learn(LogonId(next), truth);
            lives.push((next, life(next, next % 5 == 4).into_iter()));
            next += 1;
        }
        turn = (turn + 3) % lives.len().max(1);
        turn = turn.min(lives.len() - 1);
        match lives[turn].1.next() {
            Some((call, facts)) => within(Errand::of(call), || {
                facts.iter().for_each(|&fact| judge.tell(fact));
                judge.after_section();
            }),
            None => {
                let (logon, _) = lives.remove(turn);
                if says_last {
                    judge.last_call(LogonId(logon));
                }
            }
        }
        assert_eq!(judge.violations(), [], "at logon {next}");
        most = most.max(judge.size());
    }
    most
}

#[test]
fn after_thousands_of_logons_no_more_is_remembered_than_lives() {
    let most = most_remembered(5_000, true);
    assert!(most <= 16, "{most} remembered");
    // Without being told who makes no further call it remembers all of them.
    assert!(most_remembered(500, false) >= 400);
}

#[test]
fn what_is_forgotten_is_over() {
    let tell = |judge: &mut dyn FnMut(Fact)| {
        for (_, facts) in life(0, false) {
            facts.into_iter().for_each(&mut *judge);
        }
    };
    let truth = Truth {
        max_connections: Some(1),
        idle_pool: 1,
        creation_workers: 1,
        logons_enabled: true,
        ..Truth::default()
    };
    let again = [
        Fact::Arrived { logon: LogonId(0) },
        Fact::Admitted { logon: LogonId(0) },
        Fact::Abandoned { logon: LogonId(0) },
    ];
    for fact in again {
        let mut remembers = Judge::<Walking>::with_records(truth.clone());
        tell(&mut |fact| remembers.tell(fact));
        remembers.tell(fact);
        let mut forgets = Judge::<Indexed>::with_records(truth.clone());
        tell(&mut |fact| forgets.tell(fact));
        forgets.last_call(LogonId(0));
        assert_eq!(forgets.size(), 1, "the run of those forgotten");
        forgets.tell(fact);
        assert_eq!(remembers.violations(), forgets.violations());
        assert!(!forgets.violations().is_empty());
    }
}

#[test]
fn who_is_refused_is_remembered_until_its_event_is_logged() {
    let logon = LogonId(0);
    let refusal = Refusal::NoLicense;
    let truth = Truth {
        denied: [logon].into(),
        logons_enabled: true,
        ..Truth::default()
    };
    let mut judge = Judge::<Indexed>::with_records(truth);
    judge.tell(Fact::Arrived { logon });
    judge.tell(Fact::Refused { logon, refusal });
    judge.last_call(logon);
    let event = refusal.event().expect("it has one");
    let mut silent = judge.clone();
    silent.rest(&nothing());
    assert_eq!(silent.violations()[0].what, "is refused without its event");
    judge.tell(Fact::Logged { logon, event });
    judge.rest(&nothing());
    assert_eq!(judge.violations(), []);
}

fn nothing() -> Rest {
    Rest {
        unfinished: Vec::new(),
        unlicensed: Default::default(),
        others_unfinished: false,
        timed: Vec::new(),
        answers: Vec::new(),
        inventory: Inventory {
            permits_in_use: 0,
            idle: Default::default(),
            queue: Vec::new(),
            occupied: Default::default(),
            disconnected: Default::default(),
        },
    }
}
