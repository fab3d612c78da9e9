//! The file of a trace: read back, refused when broken, described by its schema.

use logon_models::trace::{Trace, schema_json};
use proptest::prelude::*;
use serde_json::Value;

use crate::render_traces::{hostile, samples};

/// Where the schema is published.
const SCHEMA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../docs/schema/trace.schema.json"
);

fn schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(SCHEMA).expect("the schema is published");
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is a schema")
}

#[test]
fn the_published_schema_is_fresh() {
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(SCHEMA, schema_json()).expect("the schema can be written");
    }
    let published = std::fs::read_to_string(SCHEMA).expect("the schema is published");
    assert!(
        published == schema_json(),
        "docs/schema/trace.schema.json is stale; run this test with UPDATE_SCHEMA=1"
    );
}

#[test]
fn the_samples_are_valid_by_the_schema() {
    let schema = schema();
    for trace in samples::all() {
        let value: Value = serde_json::from_str(&trace.to_json()).expect("JSON");
        let errors: Vec<String> = schema
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", trace.variant);
    }
}

#[test]
fn what_the_reader_refuses_is_not_valid_by_the_schema_either() {
    let schema = schema();
    let value: Value = serde_json::from_str(&samples::deadlock().to_json()).expect("JSON");
    for key in ["format", "variant", "steps", "waiting"] {
        let mut broken = value.clone();
        broken.as_object_mut().expect("an object").remove(key);
        assert!(!schema.is_valid(&broken), "without {key}");
        assert!(
            Trace::parse(&broken.to_string(), "x.json").is_err(),
            "without {key}"
        );
    }
    let mut broken = value;
    broken["steps"][0]["when"] = Value::from(0);
    assert!(!schema.is_valid(&broken));
    let error = Trace::parse(&broken.to_string(), "x.json").expect_err("an unknown key");
    assert!(error.to_string().contains("`when`"), "{error}");
}

#[test]
fn a_file_that_breaks_off_anywhere_is_refused_by_name() {
    let whole = samples::check_then_act().to_json();
    for length in 0..whole.len() - 1 {
        let Some(part) = whole.get(..length) else {
            continue;
        };
        if part.trim_end().len() == whole.trim_end().len() {
            continue;
        }
        let error = Trace::parse(part, "kept/x.json").expect_err("a part of a trace");
        assert!(error.to_string().starts_with("kept/x.json: "), "{error}");
    }
}

proptest! {
    #![proptest_config(hostile::config(512))]

    #[test]
    fn a_file_with_a_wrong_byte_is_refused_by_name_or_is_another_trace(
        at in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let mut bytes = samples::check_then_act().to_json().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        match Trace::parse(&String::from_utf8_lossy(&bytes), "kept/x.json") {
            Ok(trace) => prop_assert_eq!(trace.schedule().steps.len(), 5),
            Err(error) => prop_assert!(error.to_string().starts_with("kept/x.json: "), "{}", error),
        }
    }
}

proptest! {
    #![proptest_config(hostile::config(128))]

    #[test]
    fn a_trace_that_was_written_is_read_back(trace in hostile::trace()) {
        let text = trace.to_json();
        prop_assert_eq!(text.lines().last(), Some("}"));
        prop_assert_eq!(Trace::parse(&text, "x.json"), Ok(trace));
    }
}
