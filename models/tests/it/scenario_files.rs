//! Documents from files, and from anything that is not a document: refused, never a panic.

use std::path::Path;

use logon_models::scenario::{ErrorKind, Scenario, presets};

/// What loading a file with these bytes says, without the folder's name.
fn loaded(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("f.toml");
    std::fs::write(&path, bytes).expect("the test's own file");
    message(&path, folder.path())
}

fn message(path: &Path, folder: &Path) -> String {
    let error = Scenario::load(path).expect_err("not a scenario");
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    error
        .to_string()
        .replace(&folder.display().to_string(), "…")
}

#[test]
fn files_that_are_no_documents_are_refused() {
    assert_eq!(
        loaded(b""),
        "…/f.toml: the document is empty; expected name = \"…\""
    );
    assert_eq!(
        loaded(b" \n"),
        "…/f.toml: the document is empty; expected name = \"…\""
    );
    assert_eq!(
        loaded(b"name\xff"),
        "…/f.toml: byte 5 is not UTF-8; expected a text file in UTF-8"
    );
    assert_eq!(
        loaded(&vec![b'#'; 64 * 1024 + 1]),
        "…/f.toml: the document is larger than 64 KiB; expected a smaller one"
    );
    let folder = tempfile::tempdir().expect("a folder for the test");
    assert_eq!(
        message(folder.path(), folder.path()),
        "…: this is a folder; expected the path of a scenario document in it"
    );
    assert_eq!(
        message(&folder.path().join("none.toml"), folder.path()),
        "…/none.toml: there is no such file; expected the path of a scenario document or the name \
         of a preset"
    );
}

#[test]
fn a_file_and_a_preset_can_be_opened() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("copy.toml");
    for preset in presets() {
        std::fs::write(&path, preset.text()).expect("the test's own file");
        let path = path.to_str().expect("a path in UTF-8");
        assert_eq!(Scenario::open(path), Ok(preset.scenario()));
        assert_eq!(Scenario::open(preset.name()), Ok(preset.scenario()));
    }
    let error = Scenario::open("q23818-default").expect_err("misspelled");
    assert_eq!(error.kind(), ErrorKind::UnknownName);
    assert!(
        error
            .to_string()
            .ends_with("did you mean \"q238186-default\"?"),
        "{error}"
    );
    let error = Scenario::open("missing.toml").expect_err("missing");
    assert_eq!(error.kind(), ErrorKind::Unreadable);
}

/// Either a scenario that survives being written and read, or an error of one line in range.
fn judged(text: &str) {
    match Scenario::parse(text, "f.toml") {
        Ok(scenario) => {
            assert_eq!(
                Scenario::parse(&scenario.to_toml(), "copy").as_ref(),
                Ok(&scenario)
            );
        }
        Err(error) => {
            assert!(error.mistakes().count() <= 60, "{error}");
            for mistake in error.mistakes() {
                let told = mistake.to_string();
                assert!(!told.contains(char::is_control), "{told}");
                assert!(mistake.message().len() < 1000, "{told}");
                let lines = mistake
                    .excerpt()
                    .map_or(2, |excerpt| excerpt.lines().count());
                assert_eq!(lines, 2, "{error}");
            }
            if let Some(position) = error.position() {
                let lines = text.split('\n').count();
                assert!((1..=lines).contains(&position.line), "{error}");
                let line = text
                    .split('\n')
                    .nth(position.line - 1)
                    .expect("a line in range");
                assert!(
                    (1..=line.chars().count() + 1).contains(&position.column),
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn every_truncation_of_every_preset_is_judged() {
    for preset in presets() {
        for (end, _) in preset.text().char_indices() {
            judged(&preset.text()[..end]);
        }
    }
}

#[test]
fn every_flipped_bit_of_every_preset_is_judged() {
    for preset in presets() {
        let text = preset.text();
        let mut bytes = text.as_bytes().to_vec();
        // A bit of a sentence about what is reached makes it one that nobody knows, whichever it is.
        let sentences = text.find("reaches").unwrap_or(0)..text.find("[server]").unwrap_or(0);
        for at in 0..bytes.len() {
            let bits = if sentences.contains(&at) {
                at % 8..at % 8 + 1
            } else {
                0..8
            };
            for bit in bits {
                bytes[at] ^= 1 << bit;
                judged(&String::from_utf8_lossy(&bytes));
                bytes[at] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn a_long_text_in_a_wrong_place_is_shortened() {
    let long = "x".repeat(100_000);
    judged(&format!(
        "name = \"{long}\"\nsummary = \"s\"\nsource = \"s\""
    ));
    judged(&format!("{long} = 1"));
    judged(&format!("server = {{ reuse-ids = \"{long}\" }}"));
    judged(&format!("server = {{ on-broken-line = \"{long}\" }}"));
}
