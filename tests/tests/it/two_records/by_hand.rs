//! What neither executions nor chance come to often: creations that fail one after the other, and a line that grows.

use logon_core::{Claim, Fact, Generation, LogonId, Refusal, SessionId, SessionState};
use logon_models::judge::{Call, Errand, MomentOver, Pace, Property, Section, Truth};

use super::Told;

use SessionState::{ConnectQuery, Down, Idle, Init, Reset};

fn truth() -> Truth {
    Truth {
        creation_workers: 1,
        logons_enabled: true,
        pace: Some(Pace {
            processors: 1,
            workers: 1,
            set_up: 2_000,
            hold_up: 100,
            slack: 1,
        }),
        ..Truth::default()
    }
}

fn claim(number: u32) -> Claim {
    Claim {
        session: SessionId(number + 1),
        generation: Generation(number),
    }
}

fn waits(logon: u32) -> Vec<Fact> {
    let logon = LogonId(logon);
    vec![
        Fact::Arrived { logon },
        Fact::Admitted { logon },
        Fact::Queued { logon },
    ]
}

fn session(number: u32, states: &[Option<SessionState>]) -> impl Iterator<Item = Fact> {
    let edges = states.windows(2);
    let edges: Vec<Fact> = edges
        .map(|edge| Fact::Session {
            claim: claim(number),
            from: edge[0],
            to: edge[1],
        })
        .collect();
    edges.into_iter()
}

/// A creation fails.
fn fails(number: u32) -> Vec<Fact> {
    session(number, &[None, Some(Init), Some(Down), Some(Reset), None]).collect()
}

fn is_refused(logon: u32) -> Vec<Fact> {
    vec![Fact::Refused {
        logon: LogonId(logon),
        refusal: Refusal::CreationFailed,
    }]
}

/// A creation succeeds, and the oldest in line gets the session.
fn serves(number: u32, logon: u32) -> Vec<Fact> {
    let claim = claim(number);
    let logon = LogonId(logon);
    session(number, &[None, Some(Init)])
        .chain([Fact::Loaded { claim }])
        .chain(session(number, &[Some(Init), Some(Idle)]))
        .chain([Fact::Claimed { logon, claim }])
        .chain(session(number, &[Some(Idle), Some(ConnectQuery)]))
        .collect()
}

fn moment(now: u64) -> Section {
    Section {
        errand: Errand::moment(MomentOver::at(now)),
        facts: Vec::new(),
    }
}

fn told(facts: Vec<Fact>) -> Section {
    Section {
        errand: Errand::of(Call::Nobody),
        facts,
    }
}

/// What falls by both judges' word, the first first.
fn fallen(sections: Vec<Section>) -> Vec<Property> {
    let told = Told {
        truth: truth(),
        sections,
        rest: None,
    };
    let fell = told
        .to_both()
        .unwrap_or_else(|parted| panic!("{parted:#?}"));
    fell.iter().map(|violation| violation.property).collect()
}

#[test]
fn each_creation_that_fails_costs_one_in_line_its_session_until_a_later_one_succeeds() {
    let line = || [waits(0), waits(1), waits(2)].map(told).to_vec();
    let after = |facts: Vec<Vec<Fact>>| {
        let facts = facts.into_iter().map(told);
        fallen(line().into_iter().chain(facts).collect())
    };
    assert_eq!(
        after(vec![fails(1), fails(2), is_refused(1), is_refused(0)]),
        []
    );
    assert_eq!(
        after(vec![fails(1), is_refused(1)]),
        [Property::NoFalseRefusal]
    );
    assert_eq!(
        after(vec![fails(1), is_refused(0), fails(2), is_refused(1)]),
        []
    );
    let made_up_for = vec![fails(1), fails(2), serves(3, 0), is_refused(1)];
    assert_eq!(after(made_up_for), [Property::NoFalseRefusal]);
    // Who was served and waits no more is not the oldest.
    assert_eq!(after(vec![serves(1, 0), fails(2), is_refused(1)]), []);
}

#[test]
fn who_joins_a_line_may_wait_by_its_place_in_it() {
    // Each set-up counts 2,300 ms. The fourth may wait for four and for the one that was begun before.
    let until = 1_000 + 5 * 2_300;
    let begun = |number| told(session(number, &[None, Some(Init)]).collect());
    let after = |late: u64| {
        let mut sections = [waits(0), waits(1), waits(2)].map(told).to_vec();
        sections.extend([begun(1), moment(0), told(waits(3)), moment(1_000)]);
        let leaves = |logon| {
            told(vec![Fact::Left {
                logon: LogonId(logon),
                departure: logon_core::observer::Departure::LoggedOff,
            }])
        };
        sections.extend([leaves(0), leaves(1), leaves(2), moment(2_000), moment(late)]);
        fallen(sections)
    };
    assert_eq!(after(until - 1), []);
    assert_eq!(after(until), [Property::Burst]);
}
