//! What is refused, with which words and where: the line and the column are part of each.

mod all;
mod form;
mod idle;
mod sense;
mod time;

use logon_models::scenario::Scenario;

/// The required keys of a document, three lines; what follows begins on line 4.
const HEAD: &str = "name = \"n\"\nsummary = \"s\"\nsource = \"reconstruction\"\n";
/// One client, two lines; what follows a document with it begins on line 6.
const ALICE: &str = "[[client]]\nname = \"alice\"\n";

/// A text with this mistake, and perhaps others.
#[track_caller]
fn refused(text: &str, expected: &str) {
    let error = Scenario::parse(text, "f.toml").expect_err("nonsense is refused");
    let told: Vec<String> = error.mistakes().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|told| told == expected),
        "{told:#?} in\n{text}"
    );
}

/// A document with the required keys and these lines.
#[track_caller]
fn lines(lines: &str, expected: &str) {
    refused(&format!("{HEAD}{lines}\n"), expected);
}

/// A document with one client whose table has these lines too.
#[track_caller]
fn alice(lines: &str, expected: &str) {
    refused(&format!("{HEAD}{ALICE}{lines}\n"), expected);
}

/// A document with one client and this line in its table of the server: line 7.
#[track_caller]
fn server(line: &str, expected: &str) {
    refused(&format!("{HEAD}{ALICE}[server]\n{line}\n"), expected);
}
