//! Sentences about executions that the smallest scenarios do not have.

use std::sync::Arc;

use logon_core::Variant;
use logon_sim::RandomWalk;

use super::why;
use crate::scenario::{Overrides, Scenario};
use crate::trace::record;

fn scenario(preset: &str, clients: u32, idle_pool: u32) -> Arc<Scenario> {
    let overrides = Overrides {
        clients: Some(clients),
        idle_pool: Some(idle_pool),
        ..Overrides::default()
    };
    let preset = Scenario::preset(preset).expect("it is a preset");
    Arc::new(preset.with(&overrides).expect("it makes sense"))
}

#[test]
fn a_client_that_waits_behind_a_deadlock_is_spoken_of() {
    let scenario = scenario("q238186-default", 3, 1);
    let mut bystanders = 0;
    for number in 0..300 {
        let mut walk = RandomWalk::at(1, number);
        let record = record(&Variant::LockOrder, &scenario, &mut walk, "random");
        let Some(first) = record.violations.first() else {
            continue;
        };
        let victim = first.logon.expect("it is about a logon");
        let victim = &scenario.clients[victim.0 as usize].name;
        let why = why(&record, &scenario, &[]);
        let (_, because) = why.sentence.split_once(", because ").expect("a reason");
        assert!(because.contains(&format!("{victim}")), "{because}");
        assert!(why.pairs.len() >= 2, "{because}");
        bystanders += usize::from(because.contains("in turn waits for them"));
    }
    assert!(bystanders > 10, "{bystanders}");
}

#[test]
fn each_pair_is_of_steps_that_are_named() {
    for &variant in Variant::ALL.iter().filter(|variant| variant.is_defect()) {
        for preset in ["q238186-default", "stale-reset", "reconnect-vs-reset"] {
            let scenario = Arc::new(Scenario::preset(preset).expect("it is a preset"));
            for number in 0..100 {
                let mut walk = RandomWalk::at(1, number);
                let record = record(&variant, &scenario, &mut walk, "random");
                if record.violations.is_empty() {
                    continue;
                }
                let why = why(&record, &scenario, &[]);
                assert!(why.steps.is_sorted(), "{:?}", why.steps);
                for (first, then) in why.pairs {
                    assert!(first < then, "{}", why.sentence);
                    assert!(why.steps.contains(&first), "{}", why.sentence);
                    assert!(why.steps.contains(&then), "{}", why.sentence);
                }
                for step in why.steps {
                    let named = format!("step {step}");
                    assert!(why.sentence.contains(&named), "{step}: {}", why.sentence);
                }
            }
        }
    }
}
