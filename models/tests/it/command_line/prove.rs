//! `prove`: its three outcomes, as text and as JSON.

use super::run::Run;

fn report(run: &Run, status: i32, variant: &str) -> serde_json::Value {
    let said = run.ends_with(status, &format!("prove --variant {variant} --format json"));
    let report: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(report["format"], "logon-check/proof");
    assert_eq!(report["version"], 1);
    assert_eq!(report["variant"], variant);
    report
}

#[test]
fn the_fixed_algorithm_is_proved_and_what_is_assumed_is_said() {
    let run = Run::new();
    let said = run.ends_with(0, "prove");
    assert!(said.starts_with("fixed: PROVED\n"), "{said}");
    for part in [
        "S1     no-false-refusal",
        "L5     isolation",
        "\nassumed\n",
        "\nnot covered\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let report = report(&run, 0, "fixed");
    assert_eq!(report["status"], "proved");
    assert_eq!(report["configurations"].as_array().map(Vec::len), Some(4));
}

#[test]
fn what_is_not_proved_is_named_with_its_section_its_parties_and_numbers() {
    let run = Run::new();
    let said = run.ends_with(2, "prove --variant empty-pool-refuses");
    for part in [
        "empty-pool-refuses: NOT PROVED\n",
        "NOT PROVED S1 no-false-refusal: ",
        "  with     any maximum, disconnect\n",
        "  section  \"claim or refuse\", core/src/defects/empty_pool_refuses.rs:",
        "  before   client after \"admit\", admitted\n",
        "  numbers  maximum ",
        "--checker exhaustive --shrink",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let report = report(&run, 2, "empty-pool-refuses");
    assert_eq!(report["status"], "not proved");
    assert_eq!(report["configurations"][0]["unproved"][0]["property"], "S1");
}

#[test]
fn what_cannot_be_followed_is_outside_the_method_and_another_status() {
    let run = Run::new();
    let said = run.ends_with(3, "prove --variant lock-order");
    assert!(said.contains("lock-order: OUTSIDE THE METHOD\n"), "{said}");
    assert!(
        said.contains("a second shared object, \"pool lock\", is used"),
        "{said}"
    );
    let report = report(&run, 3, "lock-order");
    assert_eq!(report["status"], "outside the method");
    run.ends_with(64, "prove --variant nobody");
}
