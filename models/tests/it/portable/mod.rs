//! Programs written once, on every tool: each of them judged as expected, and what a tool cannot do refused by name.

mod judged;
mod programs;
mod refused;
mod rules;
mod spins;
mod weak;

use logon_models::backend::{Loom, Shuttle, Threads};
use logon_models::portable::{Limits, Strategy, Tried, on_loom, on_shuttle, on_threads};
use logon_sim::{Named, Portable, Ported, Sim};

/// What each tool says of a program.
fn everywhere<T>(program: &T) -> Vec<Tried>
where
    T: Portable<Loom>
        + Portable<Shuttle>
        + Portable<Threads>
        + Portable<Sim>
        + Clone
        + Send
        + Sync
        + 'static,
{
    within(Limits::executions(3_000), program)
}

fn within<T>(limits: Limits, program: &T) -> Vec<Tried>
where
    T: Portable<Loom>
        + Portable<Shuttle>
        + Portable<Threads>
        + Portable<Sim>
        + Clone
        + Send
        + Sync
        + 'static,
{
    let mut tried = vec![on_loom(program, None, &limits).expect("no fault")];
    for strategy in [
        Strategy::Random,
        Strategy::Pct { depth: 3 },
        Strategy::UniformRandom,
        Strategy::DepthFirst,
    ] {
        tried.push(on_shuttle(program, strategy, &limits).expect("no fault"));
    }
    tried.push(on_threads(program, &limits).expect("no fault"));
    tried
}

/// What the search of all states says: the property that falls.
fn searched<T: Portable<Sim> + Clone>(program: &T) -> Option<String> {
    let report = Named::new("program", Ported(program.clone())).check().run();
    let trace = report.expect("no fault").trace?;
    Some(trace.violation.expect("something falls").property)
}

fn properties(tried: &[Tried]) -> Vec<Option<&str>> {
    let findings = tried.iter().map(Tried::finding);
    findings
        .map(|found| found.map(|found| &*found.property))
        .collect()
}

#[test]
fn the_sample_of_the_book_is_the_example() {
    let book = include_str!("../../../../docs/own-programs.md");
    let example = include_str!("../../../examples/everywhere.rs");
    let (_, code) = example.split_once("\n\n").expect("a comment comes first");
    assert!(book.contains(&format!("```rust\n{code}```\n")));
}
