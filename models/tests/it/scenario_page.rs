//! What is published about scenarios agrees with the code: the reference page and the schema.

use logon_models::scenario::{Preset, Scenario, presets, schema_json};

/// The reference page.
fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scenarios.md");
    std::fs::read_to_string(path).expect("the page is published")
}

#[test]
fn the_full_example_of_the_page_makes_sense() {
    let page = page();
    let (_, rest) = page.split_once("```toml\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("the end of the example");
    let scenario = Scenario::parse(example, "docs/scenarios.md").expect("a lawful example");
    assert_eq!(scenario.clients.len(), 4);
    assert_eq!(scenario.clients[1].name.as_str(), "bob");
}

#[test]
fn the_page_lists_the_presets_in_order_with_their_sizes() {
    let page = page();
    let (_, table) = page
        .split_once("## The built-in scenarios")
        .expect("the table");
    let listed: Vec<(&str, usize)> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|row| {
            let name = row.split('`').next().expect("a name");
            let actors = row.split('|').nth(3).expect("a number of actors");
            (name, actors.trim().parse().expect("a number"))
        })
        .collect();
    let size = |preset: &Preset| (preset.name(), preset.scenario().actor_count());
    assert_eq!(listed, presets().iter().map(size).collect::<Vec<_>>());
}

#[test]
fn the_published_schema_is_fresh() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../docs/schema/scenario.schema.json"
    );
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, schema_json()).expect("the schema can be written");
    }
    let published = std::fs::read_to_string(path).expect("the schema is published");
    assert!(
        published == schema_json(),
        "docs/schema/scenario.schema.json is stale; run this test with UPDATE_SCHEMA=1"
    );
}
