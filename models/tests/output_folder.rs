//! The folder of the counterexamples: complete whoever writes at the same time.

use std::path::Path;
use std::sync::Barrier;
use std::thread;

use logon_models::artefact;
use logon_models::trace::Trace;

/// A kept counterexample.
fn kept(variant: &str) -> Trace {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/counterexamples");
    let text = std::fs::read_to_string(folder.join(format!("{variant}.json"))).expect("it is kept");
    Trace::parse(&text, variant).expect("a trace")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("readable")
}

const VARIANTS: [&str; 8] = [
    "count-then-reread",
    "duplicate-name",
    "hangup-leak",
    "lock-order",
    "lost-update",
    "lost-wakeup",
    "stuck-down",
    "two-claimants",
];

#[test]
fn an_index_lists_what_several_wrote_at_the_same_time() {
    let traces = VARIANTS.map(kept);
    for round in 0..20 {
        let out = folder();
        let together = Barrier::new(traces.len());
        thread::scope(|scope| {
            for trace in &traces {
                scope.spawn(|| {
                    together.wait();
                    artefact::write(out.path(), trace).expect("writable");
                });
            }
        });
        for index in ["index.html", "index.md"] {
            let text = read(out.path(), index);
            for trace in &traces {
                let name = artefact::folder_name(trace);
                assert!(
                    text.contains(&name),
                    "round {round}: no {name} in {index}:\n{text}"
                );
            }
        }
    }
}
