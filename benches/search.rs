//! How fast the search of states is, and what its parts cost: `cargo bench -p logon-benches`.
//!
//! Times on a shared machine are noisy. Compare rows of one run; the page on the profile says what they were.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use logon_core::Variant;
use logon_models::checker::{Effort, Play, random};
use logon_models::scenario::{Overrides, Scenario};
use logon_models::stage::{Cast, symmetry};
use logon_sim::{Order, Search, Symmetry};

/// A scenario in which everybody connects and stays.
fn everybody_stays(clients: u32) -> Arc<Scenario> {
    let scenario = Scenario::preset("q238186-default").expect("it is a preset");
    let overrides = Overrides {
        clients: Some(clients),
        max_connections: Some(clients),
        ..Overrides::default()
    };
    Arc::new(scenario.with(&overrides).expect("it makes sense"))
}

fn exchange(scenario: &Arc<Scenario>) -> Symmetry {
    symmetry(&Variant::Fixed, scenario, &Arc::new(Cast::of(scenario)))
}

/// Searches and says how many transitions there are.
fn transitions(scenario: &Arc<Scenario>, search: &Search) -> u64 {
    let play = Play::new(&Variant::Fixed, scenario);
    let space = search.run(&play);
    assert!(space.is_complete(), "the bench measures complete searches");
    space.progress.transitions
}

fn by_size(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("everybody connects and stays");
    for clients in [2, 3, 4, 5] {
        let scenario = everybody_stays(clients);
        let search = Search {
            symmetry: Some(exchange(&scenario)),
            ..Search::default()
        };
        group.throughput(Throughput::Elements(transitions(&scenario, &search)));
        group.bench_function(BenchmarkId::from_parameter(clients), |bencher| {
            bencher.iter(|| transitions(black_box(&scenario), &search));
        });
    }
    group.finish();
}

fn by_part(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("four clients");
    let scenario = everybody_stays(4);
    let full = Search {
        symmetry: Some(exchange(&scenario)),
        ..Search::default()
    };
    let bare = Search {
        call_twice: false,
        check_waits: false,
        check_one_in: 0,
        ..full.clone()
    };
    let parts = [
        ("all checks", full.clone()),
        (
            "depth first",
            Search {
                order: Order::DepthFirst,
                ..full.clone()
            },
        ),
        (
            "sections called once",
            Search {
                call_twice: false,
                ..full.clone()
            },
        ),
        (
            "nothing repeated from scratch",
            Search {
                check_one_in: 0,
                ..full
            },
        ),
        ("no check", bare),
    ];
    for (name, search) in parts {
        group.bench_function(name, |bencher| {
            bencher.iter(|| transitions(black_box(&scenario), &search));
        });
    }
    group.finish();
}

fn keys(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("keys of two clients");
    let scenario = everybody_stays(2);
    let described = exchange(&scenario);
    let kinds = [
        ("canonical", Some(described.clone())),
        ("described, not merged", Some(described.without_exchange())),
        ("values, not merged", None),
    ];
    for (name, symmetry) in kinds {
        let search = Search {
            symmetry,
            ..Search::default()
        };
        group.throughput(Throughput::Elements(transitions(&scenario, &search)));
        group.bench_function(name, |bencher| {
            bencher.iter(|| transitions(black_box(&scenario), &search));
        });
    }
    group.finish();
}

fn executions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("random executions of three clients");
    let scenario = everybody_stays(3);
    let effort = Effort {
        executions: 100,
        ..Effort::default()
    };
    group.throughput(Throughput::Elements(effort.executions));
    group.bench_function("own runtime", |bencher| {
        bencher.iter(|| random(&Variant::Fixed, black_box(&scenario), &effort));
    });
    group.finish();
}

criterion_group! {
    name = search;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = by_size, by_part, keys, executions
}
criterion_main!(search);
