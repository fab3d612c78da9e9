//! The search of all states comes to the published verdict of every program, and the page says so.

use std::collections::BTreeSet;

use logon_programs::catalogue::entries;
use logon_programs::entry::Entry;
use logon_programs::page::{compared, with_states};

const PAGE: &str = include_str!("../../../docs/generated/programs.md");

/// Whether the large programs are searched as well: `LOGON_PROGRAMS=all`.
fn includes_large() -> bool {
    match std::env::var("LOGON_PROGRAMS").as_deref() {
        Err(_) | Ok("") => false,
        Ok("all") => true,
        Ok(other) => panic!("LOGON_PROGRAMS is `{other}`; expected `all` or nothing"),
    }
}

#[test]
fn each_program_has_its_published_verdict_in_the_expected_states_and_steps() {
    let all = entries();
    let chosen = all
        .iter()
        .filter(|entry| includes_large() || !entry.is_large);
    let wrong = chosen.filter_map(|entry| {
        let searched = entry.search();
        let is_so = searched.as_ref().is_ok_and(|searched| {
            searched.found.as_ref() == Ok(&entry.expected)
                && PAGE.contains(&with_states(entry, searched))
        });
        let is_published = entry.expected.agrees_with(entry.published);
        (!is_so || !is_published).then(|| {
            format!(
                "{}: {} published, {} expected, found {searched:?}",
                entry.name, entry.published, entry.expected
            )
        })
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_list_has_right_and_wrong_programs_each_under_a_name_of_its_own() {
    let all = entries();
    let names: BTreeSet<&str> = all.iter().map(|entry| entry.name).collect();
    assert_eq!(names.len(), all.len());
    let wrong = all.iter().filter(|entry| entry.is_wrong()).count();
    assert_eq!((all.len(), wrong), (101, 56));
}

#[test]
fn the_page_has_every_program_with_what_is_expected_of_it() {
    let rows = PAGE.lines().filter(|line| line.starts_with("| `"));
    let rows: Vec<&str> = rows.collect();
    let all = entries();
    assert_eq!(rows.len(), all.len());
    let differs = |(row, entry): &(&&str, &Entry)| !row.starts_with(&compared(entry));
    let different = rows.iter().zip(&all).find(differs);
    assert!(
        different.is_none(),
        "renew the page as it says: {different:?}",
        different = different.map(|(row, entry)| (row, entry.name))
    );
}
