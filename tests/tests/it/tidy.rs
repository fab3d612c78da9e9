//! What the sources must not say.

use std::path::{Path, PathBuf};

/// Words of the subject, which the instrument must not know.
const OF_THE_SUBJECT: [&str; 8] = [
    "logon",
    "session",
    "client",
    "license",
    "terminal server",
    "idle pool",
    "waiting line",
    "q238186",
];

/// The names of the product and of its crates, which are no words.
const NAMES: [&str; 7] = [
    "logon-check",
    "logon_core",
    "logon-core",
    "logon_sim",
    "logon-sim",
    "logon_models",
    "logon-models",
];

/// The words of `OF_THE_SUBJECT` in a text, each with the number of its line.
fn words_of_the_subject(text: &str) -> Vec<(usize, &'static str)> {
    let lines = text.lines().zip(1..);
    let found = lines.flat_map(|(line, number)| {
        let mut line = line.to_lowercase();
        for name in NAMES {
            line = line.replace(name, "");
        }
        let words = OF_THE_SUBJECT
            .iter()
            .filter(move |word| line.contains(**word));
        words.map(move |word| (number, *word)).collect::<Vec<_>>()
    });
    found.collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is part of the repository");
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("readable").path();
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false if path.extension().is_some_and(|end| end == "rs") => found.push(path),
            false => {}
        }
    }
    found
}

#[test]
fn the_instrument_knows_nothing_of_the_subject() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sim/src");
    let mut said = Vec::new();
    let files = sources(&root);
    assert!(files.len() > 100, "{}", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        for (line, word) in words_of_the_subject(&text) {
            said.push(format!("{}:{line}: {word}", file.display()));
        }
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn a_word_of_the_subject_is_noticed_and_the_name_of_a_crate_is_none() {
    let text = "use logon_core::primitives;\n// The logon-check of a Client.\nlet sessions = 3;";
    assert_eq!(words_of_the_subject(text), [(2, "client"), (3, "session")]);
}
