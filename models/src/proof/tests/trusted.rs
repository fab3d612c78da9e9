//! The list of what has to be right.

use std::collections::BTreeSet;
use std::path::Path;

use crate::proof::trusted;

/// Files that could be wrong in any way: they search for certificates and weights, and print.
const NOT_TRUSTED: &[&str] = &[
    "listing.rs",
    "arithmetic/bounds.rs",
    "arithmetic/equations.rs",
    "arithmetic/mod.rs",
    "arithmetic/ranking_search.rs",
    "arithmetic/rational.rs",
    "arithmetic/refute.rs",
    "arithmetic/rejection.rs",
    "arithmetic/simplex.rs",
    "arithmetic/smt.rs",
    "arithmetic/text.rs",
];

/// The files of the prover below a folder, without its tests.
fn files(root: &Path, below: &str, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(root.join(below)).expect("the folder of the prover") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a plain name");
        let path = if below.is_empty() {
            name.clone()
        } else {
            format!("{below}/{name}")
        };
        match entry.file_type().expect("a type").is_dir() {
            true if name == "tests" => {}
            true => files(root, &path, found),
            false if name.ends_with("_tests.rs") || name == "generator.rs" => {}
            false => assert!(found.insert(path)),
        }
    }
}

#[test]
fn each_file_of_the_prover_is_on_the_list_or_could_be_wrong_in_any_way() {
    let mut found = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/proof");
    files(&root, "", &mut found);
    let listed = trusted().into_iter().map(|(file, _)| file);
    let listed: BTreeSet<String> = listed
        .chain(NOT_TRUSTED.iter().copied())
        .map(str::to_owned)
        .collect();
    assert_eq!(found, listed);
}
