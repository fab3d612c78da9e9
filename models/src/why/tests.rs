//! Sentences about executions that the smallest scenarios do not have.

use std::sync::Arc;

use logon_core::{Fact, Variant};
use logon_sim::RandomWalk;
use logon_sim::explain::why::{Compared, Why, why};
use logon_sim::trace::record;

use crate::checker::Play;
use crate::judge::Property;
use crate::judge::Violation;
use crate::scenario::{Overrides, Scenario};
use crate::stage::Cast;
use crate::trace::PlayRecord;

fn scenario(preset: &str, clients: u32, idle_pool: u32) -> Arc<Scenario> {
    let overrides = Overrides {
        clients: Some(clients),
        idle_pool: Some(idle_pool),
        ..Overrides::default()
    };
    let preset = Scenario::preset(preset).expect("it is a preset");
    Arc::new(preset.with(&overrides).expect("it makes sense"))
}

fn executed(variant: &Variant, scenario: &Arc<Scenario>, number: u64) -> PlayRecord {
    let mut walk = RandomWalk::at(1, number);
    record(&Play::new(variant, scenario), &mut walk, "random")
}

fn violations(record: &PlayRecord) -> &[Violation] {
    record.verdict.as_deref().unwrap_or_default()
}

fn reason(variant: Variant, record: &PlayRecord, scenario: &Arc<Scenario>) -> Why {
    why(record, &Play::new(&variant, scenario), Compared::default())
}

#[test]
fn a_client_that_waits_behind_a_deadlock_is_spoken_of() {
    let scenario = scenario("q238186-default", 3, 1);
    let mut bystanders = 0;
    for number in 0..300 {
        let record = executed(&Variant::LockOrder, &scenario, number);
        let Some(first) = violations(&record).first() else {
            continue;
        };
        let victim = first.logon.expect("it is about a logon");
        let victim = &scenario.clients[victim.0 as usize].name;
        let why = reason(Variant::LockOrder, &record, &scenario);
        let (_, because) = why.sentence.split_once(", because ").expect("a reason");
        assert!(because.contains(&format!("{victim}")), "{because}");
        assert!(why.pairs.len() >= 2, "{because}");
        bystanders += usize::from(because.contains("in turn waits in"));
    }
    assert!(bystanders > 10, "{bystanders}");
}

#[test]
fn each_pair_is_of_steps_that_are_named() {
    for &variant in Variant::ALL.iter().filter(|variant| variant.is_defect()) {
        for preset in ["q238186-default", "stale-reset", "reconnect-vs-reset"] {
            let scenario = Arc::new(Scenario::preset(preset).expect("it is a preset"));
            for number in 0..100 {
                let record = executed(&variant, &scenario, number);
                if violations(&record).is_empty() {
                    continue;
                }
                let why = reason(variant, &record, &scenario);
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

/// The executions at random in which this property is the first to fall.
fn failing(
    variant: Variant,
    scenario: &Arc<Scenario>,
    property: Property,
) -> impl Iterator<Item = PlayRecord> {
    let records = (0..400).map(move |number| executed(&variant, scenario, number));
    records.filter(move |record| {
        let first = violations(record).first();
        first.is_some_and(|first| first.property == property)
    })
}

#[test]
fn who_was_overtaken_still_waits() {
    let scenario = scenario("q238186-default", 4, 1);
    let cast = Cast::of(&scenario);
    let mut served_before = 0;
    for record in failing(Variant::StolenHandoff, &scenario, Property::Overtaking) {
        let why = reason(Variant::StolenHandoff, &record, &scenario);
        let (_, waits) = why
            .sentence
            .rsplit_once(", and ")
            .expect("it says who waits");
        let (who, step) = waits
            .split_once(" has waited in line since step ")
            .expect(waits);
        let is_of = |logon| cast.client_name(logon) == who;
        let queued: usize = step.parse().expect("a number");
        let mut facts = record.facts[queued - 1].iter();
        assert!(
            facts.any(|fact| matches!(*fact, Fact::Queued { logon } if is_of(logon))),
            "{}",
            why.sentence
        );
        let mut all = record.facts.iter().flatten();
        assert!(
            !all.any(|fact| matches!(*fact, Fact::Claimed { logon, .. } if is_of(logon))),
            "{}",
            why.sentence
        );
        let first = record.facts.iter().flatten().find_map(|fact| match *fact {
            Fact::Queued { logon } => Some(logon),
            _ => None,
        });
        served_before += usize::from(!first.is_some_and(is_of));
    }
    assert!(served_before > 10, "{served_before}");
}

#[test]
fn an_event_is_held_by_nobody() {
    let overrides = Overrides {
        clients: Some(3),
        idle_pool: Some(0),
        creation_workers: Some(2),
        ..Overrides::default()
    };
    let preset = Scenario::preset("q238186-default").expect("it is a preset");
    let scenario = Arc::new(preset.with(&overrides).expect("it makes sense"));
    let mut seen = 0;
    for property in [Property::Termination, Property::PoolRefill] {
        for record in failing(Variant::CoalescedReplenish, &scenario, property) {
            let why = reason(Variant::CoalescedReplenish, &record, &scenario);
            assert!(
                !why.sentence.contains("the demand event (step"),
                "{}",
                why.sentence
            );
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}
