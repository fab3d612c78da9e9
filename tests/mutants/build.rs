//! Copies the sources of the core and puts, at each place of the table, all its mutants beside the original: a `match`
//! on the mutant under way. So all of them are compiled at once.
//!
//! These are mutant schemata: Untch, Offutt and Harrold, "Mutation analysis using mutant schemata", ISSTA 1993.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "table/mod.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "the library publishes it, the tests read the rest"
)]
mod table;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let core = root.join("../../core/src");
    for source in [
        "../../core/src",
        "../../models/src/proof",
        "table",
        "build.rs",
    ] {
        println!("cargo:rerun-if-changed={source}");
    }
    let mut numbers = 1..;
    let places: Vec<(&table::Place, u32)> = table::places()
        .map(|place| {
            let first = numbers.next().expect("numbers do not end");
            for _ in 1..place.mutants.len() {
                numbers.next();
            }
            (place, first)
        })
        .collect();
    for (place, _) in &places {
        assert!(core.join(place.file).is_file(), "no file {}", place.file);
    }
    copy(&core, &out, "", &places);
}

fn copy(from: &Path, to: &Path, folder: &str, places: &[(&table::Place, u32)]) {
    for entry in fs::read_dir(from.join(folder)).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_str().expect("UTF-8");
        let file = if folder.is_empty() {
            name.to_owned()
        } else {
            format!("{folder}/{name}")
        };
        if from.join(&file).is_dir() {
            fs::create_dir_all(to.join(&file)).expect("a folder is made");
            copy(from, to, &file, places);
            continue;
        }
        let text = fs::read_to_string(from.join(&file)).expect("a text");
        let text = without_tests(&text);
        let here = places.iter().filter(|(place, _)| place.file == file);
        let text = match &*file {
            "lib.rs" => declarations(text),
            "symmetry.rs" => with_a_macro_of_its_own(text),
            _ => mutated(text, here),
        };
        fs::write(to.join(&file), text).expect("it is written");
    }
}

/// A file without its tests, which stand at its end and are run on the core itself.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests {")
        .next()
        .expect("a text has a beginning")
}

/// The modules of the core and what it exports, without the page about it: inner comments cannot be included.
fn declarations(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("//!"));
    let macros = "pub(crate) use symmetry::symmetric;\n".to_owned();
    lines.fold(macros, |out, line| out + line + "\n")
}

/// An exported macro cannot be named in a module that is itself included by one, so this one is not exported.
fn with_a_macro_of_its_own(text: &str) -> String {
    let exported = "#[macro_export]\nmacro_rules! symmetric";
    assert_eq!(
        text.matches(exported).count(),
        1,
        "symmetry.rs has one macro"
    );
    text.replace(exported, "macro_rules! symmetric") + "\npub(crate) use symmetric;\n"
}

fn mutated<'a>(text: &str, places: impl Iterator<Item = &'a (&'a table::Place, u32)>) -> String {
    let mut spans: Vec<(usize, usize, String)> = Vec::new();
    for (place, first) in places {
        let (start, end) = find(text, place);
        let mut choice = "match crate::mutant::now() {".to_owned();
        for (mutant, number) in place.mutants.iter().zip(*first..) {
            let replacement = mutant.replacement;
            write!(choice, " {number} => {{ {replacement} }}").expect("a string takes everything");
        }
        let original = &text[start..end];
        write!(choice, " _ => {{ {original} }} }}").expect("a string takes everything");
        let rest = text[end..].trim_start();
        if ["else", ".", "?"]
            .iter()
            .any(|goes_on| rest.starts_with(goes_on))
        {
            choice = format!("({choice})");
        }
        spans.push((start, end, choice));
    }
    spans.sort();
    for pair in spans.windows(2) {
        assert!(
            pair[0].1 <= pair[1].0,
            "two places overlap: {:?} and {:?}",
            &text[pair[0].0..pair[0].1],
            &text[pair[1].0..pair[1].1]
        );
    }
    let mut out = String::new();
    let mut done = 0;
    for (start, end, choice) in spans {
        out.push_str(&text[done..start]);
        out.push_str(&choice);
        done = end;
    }
    out.push_str(&text[done..]);
    out
}

/// Where the original of a place stands: once in its method. Blanks and line ends do not count.
fn find(text: &str, place: &table::Place) -> (usize, usize) {
    let table::Place {
        file,
        method,
        original,
        ..
    } = place;
    let head = format!("fn {method}(");
    let starts: Vec<usize> = text.match_indices(&head).map(|(start, _)| start).collect();
    let [start] = starts[..] else {
        panic!("{file} has {} methods \"{method}\"", starts.len());
    };
    let length = text[start..].find("\n    }\n").expect("a method ends");
    let body: Vec<(usize, char)> = text[start..start + length]
        .char_indices()
        .filter(|(_, letter)| !letter.is_whitespace())
        .collect();
    let wanted: Vec<char> = original
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let is_there = |place: &usize| {
        let letters = body[*place..].iter().map(|(_, letter)| letter);
        letters.take(wanted.len()).eq(&wanted)
    };
    let found: Vec<usize> = (0..body.len()).filter(is_there).collect();
    let [first] = found[..] else {
        panic!(
            "\"{original}\" occurs {} times in {method} of {file}",
            found.len()
        );
    };
    let (last, letter) = body[first + wanted.len() - 1];
    (start + body[first].0, start + last + letter.len_utf8())
}
