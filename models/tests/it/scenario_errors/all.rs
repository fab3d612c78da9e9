//! Everything that is wrong with a document is told at once, in its order, with the lines in which it stands.

use logon_models::scenario::Scenario;

/// What is said of this text.
fn said(text: &str) -> String {
    let error = Scenario::parse(text, "f.toml").expect_err("nonsense is refused");
    error.to_string()
}

/// The positions and the kinds of what is wrong.
fn told(text: &str) -> Vec<String> {
    let error = Scenario::parse(text, "f.toml").expect_err("nonsense is refused");
    let mistakes = error.mistakes().map(|mistake| {
        let place = mistake.position().expect("it stands in the text");
        format!("{}:{} {:?}", place.line, place.column, mistake.kind())
    });
    mistakes.collect()
}

#[test]
fn mistakes_of_form_and_of_sense_are_told_together_with_their_lines() {
    let text = "name = \"Two Clients\"
summary = \"s\"
source = \"reconstruction\"

[server]
idle-pool = \"1\"
creation-workers = 9
idle-pol = 1

[[client]]
name = \"alice\"
script = [\"connect\", \"log-off\"]

[[client]]
name = \"bob\"
hang-up = \"prompt\"

[[cutter]]
cuts = \"alise\"
";
    let expected = "f.toml:1:8: \"Two Clients\" cannot name a scenario; expected at most 60 characters in kebab case, \
such as \"two-clients\"
   1 | name = \"Two Clients\"
     |        ^^^^^^^^^^^^^
f.toml:6:13: found string \"1\"; expected a whole number without quotes
   6 | idle-pool = \"1\"
     |             ^^^
f.toml:7:20: creation-workers is 9; expected a whole number from 1 to 4
   7 | creation-workers = 9
     |                    ^
f.toml:8:1: unknown key \"idle-pol\"; expected one of \"idle-pool\", \"max-connections\", \"creation-workers\", \
\"reuse-ids\", \"on-broken-line\", \"failing-creations\", \"stalling-creations\", \"logons-enabled\", \"spurious-wakes\"; did you mean \"idle-pool\"?
   8 | idle-pol = 1
     | ^^^^^^^^
f.toml:12:22: the client \"alice\" cannot do operation 2 of its script, \"log-off\", when connected but not logged on; \
expected \"log-on\" or \"hang-up\", or the end of the script
  12 | script = [\"connect\", \"log-off\"]
     |                      ^^^^^^^^^
f.toml:16:11: unknown word \"prompt\"; expected one of \"before-arrival\", \"admitted\", \"claimed\", \"at-prompt\", \
\"arbitrating\"; did you mean \"at-prompt\"?
  16 | hang-up = \"prompt\"
     |           ^^^^^^^^
f.toml:19:8: there is no client \"alise\"; expected one of \"alice\", \"bob\"; did you mean \"alice\"?
  19 | cuts = \"alise\"
     |        ^^^^^^^
Whether a part can never act is looked at once these are mended.";
    assert_eq!(said(text), expected);
}

#[test]
fn parts_that_never_act_are_all_told() {
    let text = "name = \"n\"
summary = \" \"
source = \"reconstruction\"
[server]
on-broken-line = \"reset\"
reuse-ids = true
[[client]]
name = \"alice\"
[[timer]]
expires = \"alice\"
";
    assert_eq!(
        told(text),
        [
            "2:11 OutOfRange",
            "5:18 NeverActs",
            "6:13 NeverActs",
            "10:11 NeverActs"
        ]
    );
    assert!(!said(text).contains("once these are mended"));
}

/// Each would be a second mistake that comes of the first alone.
#[test]
fn nothing_is_told_that_comes_of_another_mistake() {
    let head = "name = \"n\"\nsummary = \"s\"\nsource = \"reconstruction\"\n";
    let alice = "[[client]]\nname = \"alice\"\n";
    for (lines, expected) in [
        // A client whose name cannot be read may be the one that is meant.
        (
            "[[client]]\nname = 3\n[[cutter]]\ncuts = \"alice\"\n".to_owned(),
            "5:8 WrongType",
        ),
        (
            "[[client]]\ncount = 99\n[[cutter]]\ncuts = \"leo\"\n".to_owned(),
            "5:9 OutOfRange",
        ),
        // Nobody connects, but somebody was meant to.
        ("client = 3\n".to_owned(), "4:10 WrongType"),
        // What comes after a word that is unknown may be possible.
        (
            "[[client]]\nname = \"alice\"\nscript = [\"connect\", \"logon\", \"log-off\"]\n"
                .to_owned(),
            "6:22 UnknownWord",
        ),
        // Two words of one script, which the members of a group share.
        (
            "[[client]]\ncount = 3\nscript = [\"connect\", \"log-off\"]\n".to_owned(),
            "6:22 ImpossibleScript",
        ),
        (
            format!("{alice}[[cutter]]\nname = \"eve\"\n"),
            "6:1 MissingKey",
        ),
        (format!("{alice}[[timer]]\nexpires = 3\n"), "7:11 WrongType"),
        (format!("max-connections = 3\n{alice}"), "4:1 UnknownKey"),
    ] {
        assert_eq!(told(&format!("{head}{lines}")), [expected], "{lines}");
    }
    // It stands in the wrong place, and so it is missing in the right one.
    let misplaced = "name = \"n\"\nsource = \"s\"\n[[client]]\nname = \"alice\"\nsummary = \"s\"\n";
    assert_eq!(told(misplaced), ["5:1 UnknownKey"]);
}

#[test]
fn mistakes_in_a_table_that_is_written_as_if_it_were_the_only_one_are_told_as_well() {
    let text = "name = \"n\"\nsummary = \"s\"\nsource = \"s\"\n[client]\nname = \"a b\"\nlicense = \"no\"\n";
    assert_eq!(
        told(text),
        ["4:1 WrongType", "5:8 BadName", "6:11 UnknownWord"]
    );
}

#[test]
fn what_is_not_toml_is_told_alone() {
    let text = "name = \"n\"\nname = \"m\"\nsummary = 3\n";
    assert_eq!(told(text), ["2:1 Syntax"]);
    assert!(said(text).ends_with("\nThe rest is looked at once this is TOML."));
}

#[test]
fn a_document_with_more_mistakes_than_anybody_reads_is_not_told_to_its_end() {
    let keys: String = (0..200).map(|number| format!("k{number} = 1\n")).collect();
    assert_eq!(told(&keys).len(), 50);
    assert!(said(&keys).ends_with("they are looked for once these are mended."));
}

#[test]
fn a_long_line_is_cut_around_what_is_meant_and_nothing_hidden_is_shown() {
    let text = format!("summary = \"{}\"\nname = 3 # \u{202e}", "ü".repeat(500));
    let said = said(&text);
    assert!(
        said.contains("\n   2 | name = 3 # \u{fffd}\n     |        ^\n"),
        "{said}"
    );
    assert!(
        said.lines().all(|line| line.chars().count() < 250),
        "{said}"
    );
    let wide = said_of_wide();
    assert!(
        wide.contains("   1 | name = \"漢字\" x\n     |               ^"),
        "{wide}"
    );
}

/// A line in which two characters take two columns each.
fn said_of_wide() -> String {
    said("name = \"漢字\" x")
}
