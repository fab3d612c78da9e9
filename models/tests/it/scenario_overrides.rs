//! Other numbers for a scenario, and whether a checker holds it.

use logon_models::scenario::{ClientOperation, ErrorKind, LimitRelation, Overrides, Scenario};

/// The built-in scenario of that name.
fn preset(name: &str) -> Scenario {
    Scenario::preset(name).expect("a preset")
}

#[test]
fn a_scenario_too_large_for_a_checker_is_refused_with_the_way_out() {
    let crowd = preset("q238186-default").with(&Overrides {
        clients: Some(4),
        ..Overrides::default()
    });
    let crowd = crowd.expect("four");
    let error = crowd.check_fits(4, "loom").expect_err("five actors");
    assert_eq!(error.kind(), ErrorKind::TooManyActors);
    assert_eq!(
        error.to_string(),
        "q238186-default: the 5 actors (4 clients, 1 creation worker) do not fit loom, which holds 4 \
         besides the main thread; expected --clients 3, another checker, or a scenario with fewer \
         actors"
    );
    let smaller = crowd.with(&Overrides {
        clients: Some(3),
        ..Overrides::default()
    });
    assert_eq!(smaller.expect("three").check_fits(4, "loom"), Ok(()));
    let error = preset("q238186-burst").check_fits(4, "loom");
    let error = error.expect_err("six actors").to_string();
    let says = "the 6 actors (3 clients, 1 creation worker, 2 timekeepers) do not fit loom";
    assert!(error.contains(says), "{error}");
}

#[test]
fn more_clients_keep_the_limit_one_below_them() {
    let full = preset("q192165-full");
    assert_eq!(full.server.max_connections, Some(1));
    let larger = full
        .with(&Overrides {
            clients: Some(4),
            ..Overrides::default()
        })
        .expect("four");
    assert_eq!(
        (larger.clients.len(), larger.server.max_connections),
        (4, Some(3))
    );
    assert_eq!(larger.scaling.limit, LimitRelation::ClientsExceptOne);
    assert_eq!(larger.check(), Ok(()));

    let overrides = Overrides {
        clients: Some(4),
        idle_pool: Some(1),
        max_connections: Some(2),
        creation_workers: Some(3),
        spurious_wakes: Some(4),
    };
    let fixed = full.with(&overrides).expect("a lawful scenario");
    assert_eq!(fixed.server.max_connections, Some(2));
    assert_eq!(fixed.scaling.limit, LimitRelation::Independent);
    assert_eq!(
        (fixed.server.idle_pool, fixed.server.creation_workers),
        (1, 3)
    );
    assert_eq!(
        (fixed.server.spurious_wakes, fixed.actor_count()),
        (4, 4 + 3 + 1)
    );
    assert_eq!(full.with(&Overrides::default()), Ok(full));
}

#[test]
fn overrides_that_make_no_sense_are_refused() {
    let refusal = |name: &str, overrides: Overrides| {
        let error = preset(name).with(&overrides).expect_err("nonsense");
        assert_eq!(error.kind(), ErrorKind::Override);
        error.to_string()
    };
    let none = Overrides::default();
    assert_eq!(
        refusal(
            "stale-reset",
            Overrides {
                clients: Some(3),
                ..none
            }
        ),
        "stale-reset: --clients 3 does not say which clients; expected a scenario with exactly one \
         [[client]] table that has count"
    );
    assert_eq!(
        refusal(
            "q192165-full",
            Overrides {
                clients: Some(1),
                ..none
            }
        ),
        "q192165-full: --clients 1 leaves no connection, because max-connections is \"clients - \
         1\"; expected more clients, or --max-connections as well"
    );
    assert_eq!(
        refusal(
            "q245221",
            Overrides {
                clients: Some(0),
                ..none
            }
        ),
        "q245221: --clients is 0; expected a number from 1 to 16"
    );
    assert_eq!(
        refusal(
            "q245221",
            Overrides {
                idle_pool: Some(9),
                ..none
            }
        ),
        "q245221: --idle-pool is 9; expected a number from 0 to 8"
    );
    assert_eq!(
        refusal(
            "q245221",
            Overrides {
                max_connections: Some(0),
                ..none
            }
        ),
        "q245221: --max-connections is 0; expected a number from 1 to 64"
    );
    assert_eq!(
        refusal(
            "q245221",
            Overrides {
                creation_workers: Some(5),
                ..none
            }
        ),
        "q245221: --creation-workers is 5; expected a number from 1 to 4"
    );
    assert_eq!(
        refusal(
            "q245221",
            Overrides {
                spurious_wakes: Some(5),
                ..none
            }
        ),
        "q245221: --spurious-wakes is 5; expected a number from 0 to 4"
    );
}

#[test]
fn a_group_whose_scaling_is_false_is_noticed() {
    let mut scenario = preset("q238186-default");
    scenario.clients[1].script.push(ClientOperation::LogOn);
    assert_eq!(
        scenario.check().map_err(|e| e.kind()),
        Err(ErrorKind::Contradiction)
    );
    scenario.scaling.group = None;
    assert_eq!(scenario.check(), Ok(()));
}
