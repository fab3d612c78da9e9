//! The large engine and the own runtime tell the same facts at the same times, if whoever takes a step on the one takes it
//! on the other.

use std::collections::VecDeque;
use std::sync::Arc;

use logon_core::{Fact, LogonId, UserId, Variant};
use logon_models::scenario::{Scenario, Span};
use logon_models::simulate::{Options, simulate_choosing};
use logon_models::stage::AnySubject;
use logon_models::trace::{Record, record};
use logon_sim::RandomWalk;

/// Nobody is held up, and nobody comes back: the own runtime knows neither.
const SCENARIOS: [&str; 3] = [
    "[server]\nidle-pool = 1\n[time]\nset-up = { from = \"2001ms\", to = \"3998ms\" }\npatience = \"7003ms\"\n\
     [[arrivals]]\nkind = \"burst\"\nlogons = 4\n",
    "[server]\nidle-pool = 1\ncreation-workers = 2\n[time]\nprocessors = 2\nset-up = { from = \"2001ms\", to = \"3998ms\" }\n\
     patience = \"7003ms\"\nthink = \"3s\"\nsession = \"20s\"\nlicense = \"700ms\"\ndisconnect-time-out = \"9s\"\n\
     [[arrivals]]\nkind = \"poisson\"\nlogons = 6\nover = \"30s\"\ntogether = 2\nusers = 3\n\
     [faults]\ndisconnect = 400\nbreak = 200\nwrong-password = 100\nlicense-denied = 100\nclock-skew = 200\n\
     slow-disk = { every = \"13s\", for = \"4s\", factor = 3 }\n",
    "[server]\nidle-pool = 0\nmax-connections = 2\non-broken-line = \"reset\"\n[time]\nset-up = \"1007ms\"\nsession = \"6s\"\n\
     disconnect-time-out = \"5s\"\n[[arrivals]]\nkind = \"flood\"\nlogons = 2\nover = \"10s\"\n\
     [[arrivals]]\nkind = \"storm\"\nlogons = 4\nover = \"20s\"\nusers = 2\n\
     [faults]\ndisconnect = 500\ncreation-fails = 200\nworker-stalls = 200\nreset-every = \"11s\"\n\
     disable-logons = { every = \"9s\", for = \"2s\" }\n",
];

fn scenario(tables: &str, seed: u32) -> Scenario {
    let head = "name = \"both\"\nsummary = \"On both engines.\"\nsource = \"reconstruction\"\n";
    let mut scenario = Scenario::parse(&format!("{head}{tables}"), "both").expect("it makes sense");
    scenario.time.as_mut().expect("it has times").seed = seed;
    scenario
}

/// A step on the server.
struct ServerStep {
    at: u64,
    actor: String,
    label: String,
    /// Whom it is about, if it tells.
    logon: Option<LogonId>,
}

/// The steps of an execution on the server in which nobody fell asleep, and the facts with their times.
fn on_the_own_runtime(record: &Record) -> (VecDeque<ServerStep>, Vec<(u64, Fact)>) {
    let mut now = 0;
    let (mut steps, mut facts) = (VecDeque::new(), Vec::new());
    for (step, told) in record.trace.steps.iter().zip(&record.facts) {
        for part in step.changed.iter().filter(|part| part.name == "time") {
            let time = part.value.as_deref().and_then(Span::parse);
            now = time.expect("the clock shows a time").0;
        }
        facts.extend(told.iter().map(|fact| (now, anonymous(*fact))));
        let judges = step.label == "the moment is over" || step.label == "return";
        if step.object == "server" && !step.asleep && !judges {
            steps.push_back(ServerStep {
                at: now,
                actor: step.actor.clone(),
                label: step.label.clone(),
                logon: told.iter().find_map(logon_of),
            });
        }
    }
    (steps, facts)
}

/// A fact without the number of a user: the own runtime numbers users by their names.
fn anonymous(fact: Fact) -> Fact {
    match fact {
        Fact::Arbitrated { logon, old, .. } => {
            let user = UserId(0);
            Fact::Arbitrated { logon, user, old }
        }
        other => other,
    }
}

fn logon_of(fact: &Fact) -> Option<LogonId> {
    match *fact {
        Fact::Abandoned { logon } | Fact::Left { logon, .. } => Some(logon),
        _ => None,
    }
}

/// Whether the actor of this name on the large engine may be that one of the own runtime.
fn is_the_same(large: &str, step: &ServerStep) -> bool {
    let small = &*step.actor;
    let number = |name: &str, prefix: &str| name.strip_prefix(prefix)?.parse::<u64>().ok();
    if let Some(nth) = number(small, "client-") {
        return [number(large, "client-"), number(large, "hang-up-")].contains(&Some(nth - 1));
    }
    match small {
        "worker" => large == "worker-1",
        worker if worker.starts_with("worker-") => large == worker,
        "lost patience" => match step.logon {
            Some(LogonId(logon)) => large == format!("hang-up-{logon}"),
            None => large.starts_with("hang-up-"),
        },
        _ => large.starts_with("admin-"),
    }
}

/// Runs the large engine along the steps of the own runtime.
fn on_the_large_engine(
    variant: Variant,
    scenario: &Scenario,
    steps: VecDeque<ServerStep>,
) -> Vec<(u64, Fact)> {
    let mut steps = steps;
    let mut choose = |now: u64, offers: &[(String, &'static str)]| {
        let pauses = ["await the set-up", "await the license reply", "stall"];
        let pause = offers.iter().position(|(_, label)| pauses.contains(label));
        if pause.is_some() {
            return pause;
        }
        let step = steps.front().filter(|step| step.at <= now)?;
        let is_next =
            |(name, offered): &(String, &str)| *offered == step.label && is_the_same(name, step);
        let next = offers.iter().position(is_next)?;
        steps.pop_front();
        Some(next)
    };
    let options = Options {
        stops: true,
        ..Options::default()
    };
    let facts = simulate_choosing(&AnySubject::from(variant), scenario, &options, &mut choose);
    let facts = facts.expect("clients are drawn").expect("no fault");
    let anonymous = |(at, fact)| (at, anonymous(fact));
    facts.into_iter().map(anonymous).collect()
}

#[test]
fn both_engines_tell_the_same_facts_at_the_same_times() {
    let variants = [
        Variant::Fixed,
        Variant::StolenHandoff,
        Variant::HangupLeak,
        Variant::CountThenReread,
    ];
    let mut compared = 0;
    for tables in SCENARIOS {
        for seed in 1..=6 {
            let drawn = scenario(tables, seed).drawn(seed).expect("it is small");
            let drawn = Arc::new(drawn);
            for variant in variants {
                for execution in 0..4 {
                    let mut walk = RandomWalk::at(seed.into(), execution);
                    let small = record(&variant, &drawn, &mut walk, "random");
                    let (steps, mut expected) = on_the_own_runtime(&small);
                    let told = on_the_large_engine(variant, &scenario(tables, seed), steps);
                    // When all clients are gone the large engine ends, and the administrator of the other goes on.
                    let is_switch = |fact: &(u64, Fact)| matches!(fact.1, Fact::LogonsEnabled(_));
                    while expected.len() > told.len() && expected.last().is_some_and(is_switch) {
                        expected.pop();
                    }
                    let both = expected.len().min(told.len());
                    let at = format!("{variant}, seed {seed}, execution {execution}\n{tables}");
                    let differs = (0..both).find(|&nth| expected[nth] != told[nth]);
                    if let Some(nth) = differs {
                        panic!(
                            "{:?} and not {:?}, fact {nth} of {at}",
                            told[nth], expected[nth]
                        );
                    }
                    if small.violations.is_empty() {
                        let more = expected.get(both).or(told.get(both));
                        assert_eq!(told.len(), expected.len(), "{more:?} besides, {at}");
                    }
                    compared += both;
                }
            }
        }
    }
    assert!(compared > 5_000, "{compared} facts");
}
