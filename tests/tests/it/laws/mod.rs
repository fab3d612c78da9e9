//! Laws: what goes out comes back, and the same seed gives the same bytes.

mod arbitrary;
mod bytes;

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_core::ledger::Ledger;
use logon_core::{
    Claim, Fact, Generation, LogonId, Observer, SessionId, SessionState, StationName, UserId,
    Variant,
};
use logon_models::checker::{Effort, random};
use logon_models::judge::{Judge, Property, Truth};
use logon_models::outcome::{Coverage, Finding, Outcome, Verdict};
use logon_models::scenario::{Preset, presets};
use logon_models::trace::fingerprint;
use logon_sim::Schedule;

use arbitrary::{AnySchedule, law};

#[test]
fn a_schedule_comes_back_from_json() {
    law(
        200,
        (|AnySchedule(schedule)| {
            let json = serde_json::to_string(&schedule).expect("plain data");
            serde_json::from_str::<Schedule>(&json).expect("what was written") == schedule
        }) as fn(AnySchedule) -> bool,
    );
}

/// A shortest way from `Init` to `state` along edges that the core calls legal.
fn way_to(state: SessionState) -> Option<Vec<SessionState>> {
    let mut ways = vec![vec![SessionState::Init]];
    let mut seen = BTreeSet::from([SessionState::Init]);
    let mut next = 0;
    while let Some(way) = ways.get(next).cloned() {
        let last = *way.last().expect("a way has a beginning");
        if last == state {
            return Some(way);
        }
        for &to in SessionState::ALL.iter().filter(|&&to| last.may_become(to)) {
            if seen.insert(to) {
                ways.push([way.as_slice(), &[to]].concat());
            }
        }
        next += 1;
    }
    None
}

#[test]
fn core_and_judge_agree_on_all_hundred_pairs_of_states() {
    let claim = Claim {
        session: SessionId(2),
        generation: Generation(1),
    };
    let truth = Truth {
        idle_pool: 1,
        creation_workers: 1,
        ..Truth::default()
    };
    for from in SessionState::ALL {
        for to in SessionState::ALL {
            let mut judge = Judge::new(truth.clone());
            let way = way_to(from).unwrap_or_default();
            assert_eq!(
                way.is_empty(),
                from == SessionState::Listen,
                "the one state nobody enters"
            );
            let mut before = None;
            for state in way {
                judge.tell(Fact::Session {
                    claim,
                    from: before,
                    to: Some(state),
                });
                before = Some(state);
            }
            assert_eq!(judge.violations(), [], "on the way to {from}");
            judge.tell(Fact::Session {
                claim,
                from: Some(from),
                to: Some(to),
            });
            let fell = judge
                .violations()
                .iter()
                .any(|v| v.property == Property::LegalTransition);
            assert_eq!(fell, !from.may_become(to), "{from} to {to}");
        }
    }
}

#[test]
fn no_two_ids_look_alike() {
    law(
        2_000,
        (|a: u32, b: u32| {
            let shown = |n| {
                [
                    LogonId(n).to_string(),
                    SessionId(n).to_string(),
                    Generation(n).to_string(),
                    UserId(n).to_string(),
                    StationName(n).to_string(),
                ]
            };
            let all: BTreeSet<String> = shown(a).into_iter().chain(shown(b)).collect();
            all.len() == if a == b { 5 } else { 10 }
        }) as fn(u32, u32) -> bool,
    );
}

#[test]
fn a_ledger_gives_out_as_many_permits_as_there_are_and_takes_back_no_more() {
    law(
        2_000,
        (|maximum: Option<u8>, operations: Vec<bool>| {
            let maximum = maximum.map(|most| u32::from(most % 4));
            let mut ledger = Ledger::new(maximum);
            let mut out = 0;
            for acquires in operations {
                if acquires {
                    let room = maximum.is_none_or(|most| out < most);
                    assert_eq!(ledger.try_acquire(), room);
                    out += u32::from(room);
                } else {
                    ledger.release();
                    out = out.saturating_sub(1);
                }
                assert_eq!((ledger.in_use(), ledger.maximum()), (out, maximum));
            }
            true
        }) as fn(Option<u8>, Vec<bool>) -> bool,
    );
}

fn comes_back<T>(value: &T) -> bool
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq,
{
    let json = serde_json::to_string(value).expect("plain data");
    serde_json::from_str::<T>(&json).expect("what was written") == *value
}

#[test]
fn verdicts_coverages_findings_and_outcomes_come_back_from_json() {
    for verdict in [Verdict::Holds, Verdict::Violated, Verdict::Incomplete] {
        assert!(comes_back(&verdict));
    }
    law(
        300,
        (|text: String, AnySchedule(schedule), reads: Vec<(usize, u64)>| {
            let by = text.clone();
            let coverages = [
                Coverage::Exhaustive(None),
                Coverage::Exhaustive(Some(by.clone())),
                Coverage::Sampled(by),
            ];
            let properties = vec![text.clone(); 2];
            let finding = Finding {
                property: text.clone(),
                sentence: text,
                properties,
                schedule,
                repeats_from: reads.first().map(|(step, _)| *step),
                reads,
            };
            coverages.iter().all(comes_back) && comes_back(&finding)
        }) as fn(String, AnySchedule, Vec<(usize, u64)>) -> bool,
    );
    let effort = Effort {
        executions: 20,
        ..Effort::default()
    };
    for &variant in Variant::ALL {
        for preset in presets().iter() {
            let outcome =
                random(&variant, &Arc::new(preset.scenario()), &effort).expect("no fault");
            assert!(
                comes_back::<Outcome>(&outcome),
                "{variant} in {}",
                preset.name()
            );
        }
    }
}

#[test]
fn a_fingerprint_changes_with_any_character_of_variant_and_scenario() {
    law(
        2_000,
        (|preset: usize, position: usize, other: u8| {
            let presets: Vec<&Preset> = presets().iter().collect();
            let toml = presets[preset % presets.len()].scenario().to_toml();
            let position = position % toml.len();
            let other = char::from(other % 0x80);
            let mut changed = toml.clone();
            if !changed.is_char_boundary(position) || !changed.is_char_boundary(position + 1) {
                return true;
            }
            changed.replace_range(position..=position, &other.to_string());
            (fingerprint("fixed", &toml) == fingerprint("fixed", &changed)) == (toml == changed)
        }) as fn(usize, usize, u8) -> bool,
    );
    let names: BTreeSet<String> = Variant::ALL
        .iter()
        .map(|variant| fingerprint(variant.name(), ""))
        .collect();
    assert_eq!(names.len(), Variant::ALL.len());
    assert_ne!(fingerprint("ab", "c"), fingerprint("a", "bc"));
}
