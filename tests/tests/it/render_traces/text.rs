//! Traces as text.

use logon_models::render::{COLUMNS, TextOptions, table, text};
use logon_models::trace::Trace;
use proptest::prelude::*;

use crate::render_traces::{assert_golden, hostile, samples};

const UNICODE: TextOptions<'_> = TextOptions {
    ascii: false,
    color: false,
    file: Some("two-claimants-3f9c.json"),
    page: Some("two-claimants-3f9c.html"),
};
const ASCII: TextOptions<'_> = TextOptions {
    ascii: true,
    ..UNICODE
};

#[test]
fn two_clients_that_look_before_either_takes() {
    assert_golden!(
        "check_then_act_text",
        text(&samples::check_then_act(), &UNICODE)
    );
    assert_golden!(
        "check_then_act_ascii",
        text(&samples::check_then_act(), &ASCII)
    );
}

#[test]
fn a_deadlock_says_who_waits_for_what() {
    assert_golden!("deadlock_text", text(&samples::deadlock(), &UNICODE));
    assert_golden!("deadlock_ascii", text(&samples::deadlock(), &ASCII));
}

#[test]
fn a_weak_memory_execution_says_where_a_replay_stops() {
    assert_golden!("weak_memory_text", text(&samples::weak_memory(), &UNICODE));
    assert_golden!("weak_memory_ascii", text(&samples::weak_memory(), &ASCII));
}

#[test]
fn a_crowd_gets_a_list_and_no_columns() {
    assert_golden!("crowd_text", text(&samples::crowd(), &UNICODE));
}

#[test]
fn a_hostile_trace_stays_legible() {
    let mut trace = samples::check_then_act();
    trace.variant = "two\u{1b}[31m-claimants\nPASS".to_owned();
    trace.scenario.name = "x".repeat(200);
    for step in &mut trace.steps {
        step.actor = step
            .actor
            .replace("alice", "\u{202e}ecila")
            .replace("bob", "会話の相手".repeat(9).as_str());
    }
    trace.steps[1].label = "<b>look</b>\r\nat | it".to_owned();
    trace.steps[2].label = "look ".repeat(60);
    assert_golden!("hostile_text", text(&trace, &UNICODE));
}

#[test]
fn names_that_only_controls_tell_apart_keep_their_own_columns() {
    let names = ["bo\nb", "bo\rb"];
    let steps = names
        .map(|name| samples::step(name, "enter", "server", "look"))
        .to_vec();
    let text = text(&samples::trace("v", "s", &names, steps), &ASCII);
    assert!(text.contains("     | bo?b | bo?b~2 |"), "{text}");
}

#[test]
fn a_long_file_name_is_put_on_a_line_of_its_own() {
    let file = format!("out/{}/trace.json", "v".repeat(80));
    let text = text(
        &samples::check_then_act(),
        &TextOptions {
            file: Some(&file),
            ..UNICODE
        },
    );
    assert!(
        text.ends_with(&format!("\nreplay  logon-check replay \\\n{file}\n")),
        "{text}"
    );
}

#[test]
fn a_file_name_is_quoted_for_the_shell() {
    let text = text(
        &samples::check_then_act(),
        &TextOptions {
            file: Some("it's; x.json"),
            ..UNICODE
        },
    );
    assert!(
        text.ends_with("logon-check replay 'it'\\''s; x.json'\n"),
        "{text}"
    );
}

#[test]
fn color_adds_nothing_but_color() {
    for trace in samples::all() {
        let colored = text(
            &trace,
            &TextOptions {
                color: true,
                ..UNICODE
            },
        );
        assert!(colored.contains('\u{1b}'));
        let mut stripped = colored;
        for code in ["\u{1b}[1;31m", "\u{1b}[33m", "\u{1b}[1;32m", "\u{1b}[0m"] {
            stripped = stripped.replace(code, "");
        }
        assert_eq!(stripped, text(&trace, &UNICODE));
    }
}

/// The columns that `line` takes, by simpler means than those of the rendering; nothing if a
/// character occurs for which they are too simple.
fn columns(line: &str) -> Option<usize> {
    let columns = |c| match c {
        '\u{300}'..='\u{36f}' => Some(0),
        '\u{0}'..='\u{482}' | '\u{5d0}'..='\u{5ea}' | '\u{ff61}'..='\u{ff9f}' => Some(1),
        '│' | '─' | '┼' | '…' | '→' | '\u{fffd}' | '❤' => Some(1),
        '\u{3041}'..='\u{3096}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}' => Some(2),
        '👩' | '👧' => Some(2),
        _ => None,
    };
    line.chars().map(columns).sum()
}

/// The numbers in the margin of the table.
fn numbers(text: &str) -> Vec<usize> {
    let lines = text.lines().skip_while(|line| !line.starts_with("─────"));
    let rows = lines.skip(1).take_while(|line| !line.is_empty());
    let margins = rows
        .filter_map(|row| row.split_once('│'))
        .map(|(margin, _)| margin);
    let numbers = margins.map(|margin| {
        margin
            .trim()
            .trim_start_matches(['*', '!', '(', ')'])
            .trim()
    });
    numbers
        .filter(|number| !number.is_empty())
        .map(|number| number.parse().expect(number))
        .collect()
}

fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn check(trace: &Trace, file: &str) -> Result<(), TestCaseError> {
    let options = TextOptions {
        file: Some(file),
        ..UNICODE
    };
    let unicode = text(trace, &options);
    prop_assert_eq!(&unicode, &text(&trace.clone(), &options), "twice the same");
    for line in unicode.lines() {
        prop_assert!(!line.contains(steers), "{:?}", line);
        prop_assert!(line.chars().count() <= 3 * COLUMNS, "{:?}", line);
        if let Some(columns) = columns(line) {
            prop_assert!(columns <= COLUMNS, "{} columns: {}", columns, line);
        }
    }
    let steps = table(trace, &options);
    prop_assert_eq!(steps.is_none(), trace.steps.is_empty());
    let is_part = |table: String| unicode.contains(&format!("\n\n{table}\n"));
    prop_assert!(steps.is_none_or(is_part));
    prop_assert_eq!(
        numbers(&unicode),
        (1..=trace.steps.len()).collect::<Vec<_>>()
    );
    let verdict = if trace.violation.is_some() {
        "FAIL "
    } else {
        "PASS "
    };
    prop_assert!(unicode.starts_with(verdict));
    let ascii = text(
        trace,
        &TextOptions {
            ascii: true,
            ..options
        },
    );
    for line in ascii.lines() {
        prop_assert!(line.chars().all(|c| (' '..='~').contains(&c)), "{:?}", line);
        prop_assert!(line.len() <= COLUMNS, "{:?}", line);
    }
    Ok(())
}

proptest! {
    #![proptest_config(hostile::config(192))]

    #[test]
    fn whatever_is_in_a_trace_the_text_is_narrow_harmless_and_whole(
        trace in hostile::trace(), file in hostile::string()
    ) {
        check(&trace, &file)?;
    }
}

#[test]
fn no_line_is_a_command_for_the_service_that_runs_this() {
    let mut trace = samples::check_then_act();
    let explanation = trace.explanation.as_mut().expect("it is explained");
    // Long enough for the rest to come to a line of its own.
    explanation.why = format!("{} ::error::no ::stop-commands::x", "x".repeat(85));
    explanation.smallest = "::warning::no".to_owned();
    let text = text(&trace, &UNICODE);
    let is_command = |line: &&str| line.trim_start().starts_with("::");
    assert_eq!(text.lines().find(is_command), None, "{text}");
    assert!(
        text.lines()
            .any(|line| line.trim_start().starts_with(": :error")),
        "{text}"
    );
}
