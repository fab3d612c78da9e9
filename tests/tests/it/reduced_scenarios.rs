//! The scenario of a counterexample is the one that shrinking finds, although other means are used on the way: some
//! executions before each search, and one of several alike clients instead of each.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_core::Variant;
use logon_models::checker::{Checker, Effort, exhaustive};
use logon_models::explain::{Diligence, explain};
use logon_models::scenario::{Overrides, Scenario};
use logon_models::shrink::{Shrunk, shrink};

fn scenario(preset: &str, clients: Option<u32>) -> Arc<Scenario> {
    let overrides = Overrides {
        clients,
        ..Overrides::default()
    };
    let preset = Scenario::preset(preset).expect("it is a preset");
    Arc::new(preset.with(&overrides).expect("it makes sense"))
}

#[test]
fn a_counterexample_is_shown_in_the_scenario_that_shrinking_finds() {
    let cases = [
        (Variant::LostWakeup, "q238186-default", Some(3)),
        (Variant::LostUpdate, "q192165-full", Some(3)),
        (Variant::TwoClaimants, "q238186-default", Some(4)),
        (Variant::SwallowedWake, "q219540-broken-handoff", None),
        (Variant::StaleReset, "stale-reset", None),
        (Variant::ReconnectVsReset, "reconnect-vs-reset", None),
    ];
    for (defect, preset, clients) in cases {
        let scenario = scenario(preset, clients);
        let effort = Effort::default();
        let outcome = exhaustive(&defect, &scenario, &effort).expect("no fault");
        let finding = outcome.finding.expect("it falls");
        let diligence = Diligence::default();
        let trace = explain(&defect, &scenario, &finding, Checker::Exhaustive, diligence);
        let trace = trace.expect("no fault");
        let explanation = trace.explanation.expect("it fails");
        let reduction = explanation.reduction.expect("it was reduced");
        assert_eq!(reduction.sampled, 0, "{defect} in {preset}");
        let effort = Effort {
            property: Some(finding.property),
            ..Effort::default()
        };
        let shrunk = shrink(&defect, &scenario, &effort, &mut |_| {});
        let Shrunk::To(smallest) = shrunk.expect("no fault") else {
            panic!("{defect} falls in {preset}");
        };
        assert!(smallest.is_exhaustive(), "{defect} in {preset}");
        assert_eq!(reduction.taken, smallest.taken, "{defect} in {preset}");
        // A trace leaves out what its scenario says that it reaches.
        let shown = Scenario {
            reaches: BTreeSet::new(),
            ..Scenario::clone(&smallest.scenario)
        };
        assert_eq!(trace.scenario.toml, shown.to_toml(), "{defect} in {preset}");
    }
}
