//! Traces as Markdown.

use logon_core::Variant;
use logon_models::render::markdown;
use logon_models::trace::Trace;
use proptest::prelude::*;

use crate::render_traces::{assert_golden, hostile, samples};

const FILE: &str = "two-claimants-3f9c.json";

#[test]
fn two_clients_that_look_before_either_takes() {
    assert_golden!(
        "check_then_act_markdown",
        markdown(&samples::check_then_act(), FILE)
    );
}

#[test]
fn a_deadlock_says_who_waits_for_what() {
    assert_golden!("deadlock_markdown", markdown(&samples::deadlock(), FILE));
}

#[test]
fn a_weak_memory_execution_says_where_a_replay_stops() {
    assert_golden!(
        "weak_memory_markdown",
        markdown(&samples::weak_memory(), FILE)
    );
}

#[test]
fn markup_in_names_is_shown_and_not_obeyed() {
    let mut trace = samples::check_then_act();
    trace.variant = "two|claimants @team #17".to_owned();
    for step in &mut trace.steps {
        step.actor = step
            .actor
            .replace("alice", "end; <b>al|ice</b>")
            .replace("bob", "`bob`\\|");
        step.woken.clear();
    }
    trace.steps[1].label = "look %%{init}%% https://example.org [x](y)".to_owned();
    trace.steps[3].summary[0] = "www.example.org | &lt; *bold* _low_\n| 9 |".to_owned();
    assert_golden!("hostile_markdown", markdown(&trace, FILE));
}

#[test]
fn a_long_execution_has_its_end_drawn_and_a_pointer_to_the_table() {
    let step = |index: usize| samples::step("alice", "enter", "server", &format!("look {index}"));
    let steps = (1..=70).map(step).collect();
    let text = markdown(&samples::trace("v", "s", &["alice"], steps), FILE);
    let diagram = diagram(&text).expect("a diagram");
    assert_eq!(arrows(diagram).count(), 30);
    assert!(
        arrows(diagram)
            .last()
            .is_some_and(|arrow| arrow.ends_with(": 70 look 70"))
    );
    assert!(
        text.contains("The diagram begins with step 41; the table has all 70 steps."),
        "{text}"
    );
}

#[test]
fn a_diagram_full_of_markup_is_cut_before_it_is_too_large_to_be_drawn() {
    let step = samples::step("alice", "enter", "server", &"<".repeat(60));
    let trace = samples::trace("v", "s", &["alice"], vec![step; 30]);
    let text = markdown(&trace, FILE);
    let diagram = diagram(&text).expect("a diagram");
    assert!(
        (3_700..=4_000).contains(&diagram.chars().count()),
        "{diagram}"
    );
    assert!(text.contains("; the table has all 30 steps."), "{text}");
}

#[test]
fn a_step_that_wakes_many_says_how_many() {
    let names: Vec<String> = (1..=9).map(|index| format!("client {index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut step = samples::step("client 1", "wake", "server", "close");
    step.woken = samples::owned(&names[1..]);
    let text = markdown(&samples::trace("v", "s", &names, vec![step]), FILE);
    assert!(
        text.contains("    A1->>O1: 1 close, wakes 8 actors\n"),
        "{text}"
    );
}

/// The lines between the fences of the diagram.
fn diagram(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("\n```mermaid\n")?;
    rest.split_once("```").map(|(diagram, _)| diagram)
}

fn arrows(diagram: &str) -> impl Iterator<Item = &str> {
    diagram
        .lines()
        .skip(1)
        .filter(|line| !line.starts_with("    participant ") && !BLOCK.contains(line))
}

/// The lines around the steps of a loop.
const BLOCK: [&str; 2] = ["    loop for ever", "    end"];

fn pipes(row: &str) -> usize {
    let mut escaped = false;
    let mut count = 0;
    for c in row.chars() {
        count += usize::from(c == '|' && !escaped);
        escaped = c == '\\' && !escaped;
    }
    count
}

fn check_table(trace: &Trace, text: &str) -> Result<(), TestCaseError> {
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    let head = if trace.steps.is_empty() { 0 } else { 2 };
    let rest = usize::from(rows.last().is_some_and(|row| row.starts_with("| ! |")));
    prop_assert_eq!(rows.len(), head + trace.steps.len() + rest);
    for row in rows {
        prop_assert_eq!(pipes(row), 6, "{}", row);
        prop_assert!(!row.replace("<br>", "").contains(['<', '>']), "{}", row);
    }
    Ok(())
}

/// Whether `id` is one of the diagram's own names, such as `A3`.
fn is_id(id: &str) -> bool {
    let number = id.strip_prefix('A').or(id.strip_prefix('O'));
    number.is_some_and(|number| number.parse::<usize>().is_ok())
}

/// Whether `words` are free of what means something to Mermaid, but for numbers of characters.
fn are_plain(words: &str) -> bool {
    let mut plain = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('#') {
        let Some((number, after)) = after.split_once(';') else {
            return false;
        };
        if number.parse::<u32>().is_err() {
            return false;
        }
        plain.push_str(before);
        plain.push('x');
        rest = after;
    }
    plain.push_str(rest);
    let mut parts = plain.split(|c: char| !c.is_alphanumeric());
    !plain.contains([
        '<', '>', ';', ':', '%', '{', '}', '"', '`', '|', '\\', '\u{fb02}', '¶',
    ]) && !parts.any(|word| word.eq_ignore_ascii_case("end"))
}

fn check_diagram(diagram: &str) -> Result<(), TestCaseError> {
    prop_assert!(
        diagram.chars().count() <= 4_000,
        "{}",
        diagram.chars().count()
    );
    prop_assert!((1..=30).contains(&arrows(diagram).count()));
    let mut lines = diagram.lines();
    prop_assert_eq!(lines.next(), Some("sequenceDiagram"));
    // The steps of a loop stand in a block.
    prop_assert!(lines.clone().filter(|line| BLOCK.contains(line)).count() <= 2);
    for line in lines.filter(|line| !BLOCK.contains(line)) {
        let words = match line.strip_prefix("    participant ") {
            Some(declaration) => {
                let (id, name) = declaration.split_once(" as ").expect(line);
                prop_assert!(is_id(id) && !name.trim().is_empty(), "{}", line);
                name
            }
            None => {
                let (ends, words) = line.trim_start().split_once(": ").expect(line);
                let (from, to) = ["-->>", "->>", "-x"]
                    .iter()
                    .find_map(|arrow| ends.split_once(arrow))
                    .expect(line);
                prop_assert!(is_id(from) && is_id(to), "{}", line);
                for id in [from, to] {
                    let declaration = format!("participant {id} as ");
                    prop_assert!(diagram.contains(&declaration), "{}", line);
                }
                words
            }
        };
        prop_assert!(are_plain(words), "{}", line);
    }
    Ok(())
}

fn check(trace: &Trace) -> Result<(), TestCaseError> {
    let text = markdown(trace, FILE);
    prop_assert_eq!(&text, &markdown(&trace.clone(), FILE), "twice the same");
    prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
    check_table(trace, &text)?;
    prop_assert_eq!(diagram(&text).is_some(), !trace.steps.is_empty());
    if let Some(diagram) = diagram(&text) {
        check_diagram(diagram)?;
    }
    let fences = text.lines().filter(|line| line.starts_with("```")).count();
    let drawn = usize::from(!trace.steps.is_empty());
    let commanded = usize::from(Variant::named(&trace.variant).is_some());
    prop_assert_eq!(fences, 2 * (drawn + commanded));
    prop_assert!(
        text.lines()
            .all(|line| !line.contains("@t") && !line.contains("://")),
        "{}",
        text
    );
    Ok(())
}

proptest! {
    #![proptest_config(hostile::config(192))]

    #[test]
    fn whatever_is_in_a_trace_the_markdown_keeps_its_shape(trace in hostile::trace()) {
        check(&trace)?;
    }
}
