//! What is wrong with `[time]` is told with its line and the way out.

use super::{ALICE, lines};

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
        ("patience", "\"1001h\""),
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
        "f.toml:5:10: found integer `3`; expected a time such as \"3s\", or { from = \"2s\", to = \"4s\" }",
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
    for (article, part, keys) in [
        ("a", "cutter", "cuts = \"alice\""),
        ("an", "administrator", "script = [\"disable-logons\"]"),
    ] {
        refused(
            &format!("[[{part}]]\n{keys}"),
            &format!(
                "f.toml:8:1: {article} {part} without a time acts at any moment, and with [time] it would act at the first; \
                 expected at, such as at = \"5min\""
            ),
        );
    }
    refused(
        "[[timer]]\nexpires = \"alice\"",
        "f.toml:8:1: a timer acts at any moment, and with [time] it would act at the first; expected disconnect-time-out in \
         [time], which is for every session, and no [[timer]]",
    );
    lines(
        "[time]\n[server]\nspurious-wakes = 1\n[[client]]\nname = \"alice\"",
        "f.toml:6:18: spurious-wakes come at any moment, and with [time] they would come at the first; expected none \
         beside [time]",
    );
}

#[test]
fn times_need_time() {
    for key in ["arrives", "think", "stays", "patience", "license-after"] {
        let column = key.len() + 4;
        lines(
            &format!("{ALICE}{key} = \"1s\""),
            &format!(
                "f.toml:6:{column}: {key} needs time; expected a table [time], which may be empty"
            ),
        );
    }
    for (part, line) in [
        (
            "[[cutter]]\ncuts = \"alice\"\nat = \"1s\"",
            "f.toml:8:6: at",
        ),
        (
            "[[administrator]]\nscript = [\"disable-logons\"]\nat = \"1s\"",
            "f.toml:8:6: at",
        ),
        (
            "[[slow-disk]]\nfor = \"1s\"\nfactor = 2",
            "f.toml:6:1: [[slow-disk]]",
        ),
        (
            "[server]\nstalling-creations = [1]",
            "f.toml:7:23: stalling-creations",
        ),
        (
            "[[arrivals]]\nkind = \"burst\"\nlogons = 3",
            "f.toml:6:1: [[arrivals]]",
        ),
    ] {
        lines(
            &format!("{ALICE}{part}"),
            &format!("{line} needs time; expected a table [time], which may be empty"),
        );
    }
}

#[test]
fn a_time_that_nothing_takes_is_refused() {
    let client = |keys: &str, expected: &str| {
        lines(&format!("[time]\n{ALICE}{keys}"), expected);
    };
    for (key, what) in [
        ("think", "looks at a prompt and then logs on"),
        ("stays", "does anything once it is logged on"),
        ("license-after", "has a reply of the license service"),
    ] {
        let column = key.len() + 4;
        client(
            &format!("{key} = \"1s\""),
            &format!(
                "f.toml:7:{column}: the client \"alice\" never {what}; expected one that does, or no {key}"
            ),
        );
    }
    client(
        "hang-up = \"before-arrival\"\npatience = \"1s\"",
        "f.toml:8:12: the client \"alice\" never waits for a prompt; expected one that does, or no patience",
    );
    lines(
        &format!("[time]\nstall = \"1s\"\n{ALICE}"),
        "f.toml:5:9: no worker stalls; expected stalling-creations in [server], or no stall",
    );
    lines(
        &format!("[time]\ndisconnect-time-out = \"1s\"\n{ALICE}"),
        "f.toml:5:23: no session is ever disconnected; expected a client with \"disconnect\" in its script, or whose line \
         breaks once logged on while on-broken-line = \"disconnect\", or no disconnect-time-out",
    );
    for (key, instead) in [
        ("think", "think of a [[client]]"),
        ("session", "stays of a [[client]]"),
        ("license", "license-after of a [[client]]"),
        ("keep-alive", "a longer stays of a [[client]] that hangs up"),
        ("back-off", "another [[client]] of the same user"),
    ] {
        let column = key.len() + 4;
        lines(
            &format!("[time]\n{key} = \"1s\"\n{ALICE}"),
            &format!(
                "f.toml:5:{column}: {key} is for clients that are drawn, and here none are; expected [[arrivals]], or \
                 {instead}"
            ),
        );
    }
}

#[test]
fn dates_are_one_for_each_operation_and_in_order() {
    let administrator = |at: &str, expected: &str| {
        lines(
            &format!(
                "[time]\n{ALICE}[[administrator]]\nscript = [\"disable-logons\", \"enable-logons\"]\nat = {at}"
            ),
            expected,
        );
    };
    administrator(
        "[\"1s\", \"2s\", \"3s\"]",
        "f.toml:9:6: there are 3 times for a script of 2; expected one time for each operation, or one in all",
    );
    administrator(
        "[\"2s\", \"1s\"]",
        "f.toml:9:13: an operation at 1s comes after one at 2s; expected the times in order",
    );
    administrator(
        "5",
        "f.toml:9:6: found integer `5`; expected a time such as \"5min\", or a list of times, one for each operation",
    );
    let slow = |at| format!("[[slow-disk]]\nat = \"{at}\"\nfor = \"1s\"\nfactor = 2\n");
    lines(
        &format!("[time]\n{ALICE}{}{}", slow("1s"), slow("2s")),
        "f.toml:11:1: this slow disk begins at 2s, and the one before is over at 2s; expected them in order, with a time \
         between them",
    );
}

#[test]
fn what_is_drawn_is_not_said_besides() {
    let drawn = |part: &str, expected: &str| {
        lines(
            &format!("[time]\n[[arrivals]]\nkind = \"burst\"\nlogons = 3\n{part}"),
            expected,
        );
    };
    for (part, instead, what) in [
        (
            "[[administrator]]\nscript = [\"disable-logons\"]\nat = \"1s\"",
            "reset-every or disable-logons in [faults]",
            "[[administrator]]",
        ),
        (
            "[[slow-disk]]\nfor = \"1s\"\nfactor = 2",
            "slow-disk in [faults]",
            "[[slow-disk]]",
        ),
    ] {
        drawn(
            part,
            &format!(
                "f.toml:8:1: beside [[arrivals]] this is drawn; expected {instead}, or no {what}"
            ),
        );
    }
    drawn(
        "[server]\nfailing-creations = [1]",
        "f.toml:9:22: beside [[arrivals]] this is drawn; expected creation-fails in [faults], or no failing-creations",
    );
    for key in ["come-back", "creation-fails"] {
        drawn(
            &format!("[faults]\n{key} = 1000"),
            &format!(
                "f.toml:9:{}: {key} is 1000; expected a whole number from 0 to 999",
                key.len() + 4
            ),
        );
    }
    drawn(
        "[[at-scale]]\nkind = \"burst\"\nlogons = 0",
        "f.toml:10:10: logons is 0; expected a whole number from 1 to 1000000000",
    );
    drawn(
        "together = 2",
        "f.toml:8:12: all clients of a burst come together; expected no together, or another kind",
    );
}
