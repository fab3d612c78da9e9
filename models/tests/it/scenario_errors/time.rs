//! What is wrong with `[time]` is told with its line and the way out.

use super::lines;

/// A document with this in its `[time]`, which begins in line 5, and a client.
#[track_caller]
fn time(key: &str, expected: &str) {
    lines(
        &format!("[time]\n{key}\n[[client]]\nname = \"alice\""),
        expected,
    );
}

#[test]
fn a_time_that_is_none_is_refused_with_what_one_looks_like() {
    for (key, written) in [
        ("set-up", "\"5 parsecs\""),
        ("set-up", "\"0s\""),
        ("patience", "\"25h\""),
        ("patience", "\"1.5s\""),
    ] {
        let column = key.len() + 4;
        time(
            &format!("{key} = {written}"),
            &format!(
                "f.toml:5:{column}: {key} is {written}; expected a time from \"1ms\" to \"1000h\", such as \"250ms\", \"30s\" \
                 or \"5min\""
            ),
        );
    }
    time(
        "set-up = 3",
        "f.toml:5:10: found integer `3`; expected a text in quotes",
    );
}

#[test]
fn a_number_out_of_its_range_is_refused_with_the_range() {
    time(
        "processors = 0",
        "f.toml:5:14: processors is 0; expected a whole number from 1 to 64",
    );
    time(
        "burst-slack = 11",
        "f.toml:5:15: burst-slack is 11; expected a whole number from 1 to 10",
    );
}

#[test]
fn who_acts_at_any_moment_has_none_beside_time() {
    let refused = |part: &str, expected: &str| {
        lines(
            &format!(
                "[time]\n[[client]]\nname = \"alice\"\nscript = [\"connect\", \"log-on\"]\n{part}"
            ),
            expected,
        );
    };
    for (part, keys) in [
        ("cutter", "cuts = \"alice\""),
        ("timer", "expires = \"alice\""),
        ("administrator", "script = [\"disable-logons\"]"),
    ] {
        refused(
            &format!("[[{part}]]\n{keys}"),
            &format!(
                "f.toml:8:1: a {part} acts at any moment, and with [time] it would act at the first; expected no [[{part}]] \
                 beside [time]"
            ),
        );
    }
    lines(
        "[time]\n[server]\nspurious-wakes = 1\n[[client]]\nname = \"alice\"",
        "f.toml:6:18: spurious-wakes come at any moment, and with [time] they would come at the first; expected none \
         beside [time]",
    );
}
