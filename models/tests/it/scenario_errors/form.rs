//! Documents of the wrong form: syntax, keys, types, words and ranges.

use super::{alice, lines, refused, server};

#[test]
fn broken_toml_is_refused() {
    lines(
        "[server",
        "f.toml:4:8: this is not TOML: unclosed table, expected `]`; expected a document as \
         docs/scenarios.md shows it",
    );
    lines(
        "x = \"abc",
        "f.toml:4:9: this is not TOML: invalid basic string, expected `\"`; expected a document as \
         docs/scenarios.md shows it",
    );
    lines(
        &format!("x = {}", "[".repeat(1000)),
        "f.toml:4:85: this is not TOML: cannot recurse further; max recursion depth met; expected \
         a document as docs/scenarios.md shows it",
    );
    lines(
        "name = \"m\"",
        "f.toml:4:1: this key stands here twice; expected each key once",
    );
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    server(
        "idle-pol = 1",
        "f.toml:7:1: unknown key \"idle-pol\"; expected one of \"idle-pool\", \"max-connections\", \
         \"creation-workers\", \"reuse-ids\", \"on-broken-line\", \"failing-creations\", \
         \"stalling-creations\", \"logons-enabled\", \"spurious-wakes\"; did you mean \"idle-pool\"?",
    );
    alice(
        "sript = [\"connect\"]",
        "f.toml:6:1: unknown key \"sript\"; expected one of \"name\", \"count\", \"user\", \
         \"script\", \"license\", \"password\", \"hang-up\", \"arrives\", \"think\", \"stays\", \"patience\", \
         \"license-after\"; did you mean \"script\"?",
    );
    lines(
        "[serve]",
        "f.toml:4:2: unknown key \"serve\"; expected one of \"name\", \"summary\", \"source\", \
         \"reaches\", \"server\", \"time\", \"slow-disk\", \"arrivals\", \"at-scale\", \"faults\", \
         \"client\", \"administrator\", \"cutter\", \"timer\"; did you mean \"server\"?",
    );
    alice(
        "[[administrator]]\nscript = [{ rest = \"alice\" }]",
        "f.toml:7:11: unknown key \"rest\"; expected \"reset\"; did you mean \"reset\"?",
    );
}

#[test]
fn a_missing_key_is_refused() {
    refused(
        "summary = \"s\"",
        "f.toml:1:1: the key \"name\" is missing; expected name = … here",
    );
    alice(
        "[[administrator]]\nname = \"root\"",
        "f.toml:6:1: the key \"script\" is missing; expected script = … here",
    );
    lines(
        "",
        "f.toml:1:1: nobody connects; expected at least one [[client]] table, or [[arrivals]]",
    );
    lines(
        "[[client]]",
        "f.toml:4:1: a client has neither name nor count; expected name = \"…\" for one client or \
         count = … for a group",
    );
    lines(
        "[[client]]\nname = \"a\"\ncount = 2",
        "f.toml:6:9: a client has both name and count; expected name for one client or count for a \
         group",
    );
}

#[test]
fn one_table_where_each_actor_has_its_own_is_refused_with_the_way_to_write_it() {
    let only = |table: &str| {
        format!("found one table; write [[{table}]] for each {table}, also if there is only one")
    };
    lines(
        "[client]\nname = \"alice\"",
        &format!("f.toml:4:1: {}", only("client")),
    );
    lines(
        "client = { name = \"alice\" }",
        &format!("f.toml:4:10: {}", only("client")),
    );
    alice(
        "[ timer ]\nexpires = \"alice\"",
        &format!("f.toml:6:1: {}", only("timer")),
    );
    lines(
        "[client]\nname = \"alice\"\n[client]\nname = \"bob\"",
        "f.toml:6:2: [client] stands here twice; write [[client]] for each client",
    );
}

#[test]
fn a_key_of_the_document_in_a_table_is_told_where_it_belongs() {
    let top = |key: &str| {
        format!(
            "the key \"{key}\" is none of this table; expected it at the top, before the first table"
        )
    };
    server(
        "reaches = [\"logons are disabled\"]",
        &format!("f.toml:7:1: {}", top("reaches")),
    );
    alice(
        "reaches = [\"logons are disabled\"]",
        &format!("f.toml:6:1: {}", top("reaches")),
    );
    server(
        "summary = \"s\"",
        &format!("f.toml:7:1: {}", top("summary")),
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    let number = "; expected a whole number without quotes";
    server(
        "idle-pool = \"1\"",
        &format!("f.toml:7:13: found string \"1\"{number}"),
    );
    server(
        "idle-pool = 1.5",
        &format!("f.toml:7:13: found floating point `1.5`{number}"),
    );
    server(
        "idle-pool = {}",
        &format!("f.toml:7:13: found a table or a date{number}"),
    );
    server(
        "idle-pool = 1999-07-22",
        &format!("f.toml:7:13: found a table or a date{number}"),
    );
    server(
        "reuse-ids = 1",
        "f.toml:7:13: found integer `1`; expected true or false without quotes",
    );
    server(
        "failing-creations = 1",
        "f.toml:7:21: found integer `1`; expected an array in square brackets",
    );
    server(
        "on-broken-line = []",
        "f.toml:7:18: found an array; expected one of \"disconnect\", \"reset\"",
    );
    server(
        "max-connections = \"clients-1\"",
        "f.toml:7:19: found string \"clients-1\"; expected a whole number from 1 to 64, \
         \"clients\" or \"clients - 1\"",
    );
    lines(
        "server = 1",
        "f.toml:4:10: found integer `1`; expected a table",
    );
    refused(
        "name = 3\nsummary = \"s\"",
        "f.toml:1:8: found integer `3`; expected a text in quotes",
    );
    alice(
        "script = \"connect\"",
        "f.toml:6:10: found string \"connect\"; expected an array in square brackets",
    );
    alice(
        "[[administrator]]\nscript = [1]",
        "f.toml:7:11: found integer `1`; expected \"disable-logons\", \"enable-logons\" or { reset \
         = \"…\" }",
    );
}

#[test]
fn an_unknown_word_is_refused_with_the_nearest_known_one() {
    server(
        "on-broken-line = \"disconect\"",
        "f.toml:7:18: unknown word \"disconect\"; expected one of \"disconnect\", \"reset\"; did \
         you mean \"disconnect\"?",
    );
    alice(
        "script = [\"connect\", \"logon\"]",
        "f.toml:6:22: unknown word \"logon\"; expected one of \"connect\", \"log-on\", \
         \"disconnect\", \"log-off\", \"hang-up\", \"reconnect\"; did you mean \"log-on\"?",
    );
    alice(
        "hang-up = \"prompt\"",
        "f.toml:6:11: unknown word \"prompt\"; expected one of \"before-arrival\", \"admitted\", \
         \"claimed\", \"at-prompt\", \"arbitrating\"; did you mean \"at-prompt\"?",
    );
    alice(
        "[[administrator]]\nscript = [\"reset\"]",
        "f.toml:7:11: unknown word \"reset\"; expected one of \"disable-logons\", \
         \"enable-logons\", \"{ reset = … }\"; did you mean \"{ reset = … }\"?",
    );
}

#[test]
fn a_number_out_of_its_range_is_refused_with_the_range() {
    let range = |key: &str, found: &str, range: &str| {
        let column = key.len() + 4;
        server(
            &format!("{key} = {found}"),
            &format!("f.toml:7:{column}: {key} is {found}; expected a whole number from {range}"),
        );
    };
    range("idle-pool", "9", "0 to 8");
    range("idle-pool", "-1", "0 to 8");
    range("idle-pool", "99999999999999999999", "0 to 8");
    range("max-connections", "0", "1 to 64");
    range("max-connections", "65", "1 to 64");
    range("creation-workers", "0", "1 to 4");
    range("creation-workers", "5", "1 to 4");
    range("spurious-wakes", "5", "0 to 4");
    server(
        &format!("idle-pool = {}", "9".repeat(60)),
        "f.toml:7:13: the number is too large; expected one within the range of its key",
    );
    server(
        "failing-creations = [1, 0]",
        "f.toml:7:25: failing-creations is 0; expected a whole number from 1 to 256",
    );
    server(
        "failing-creations = [1, 1]",
        "f.toml:7:25: creation 1 is said to fail twice; expected each number once",
    );
    server(
        "max-connections = \"clients - 1\"",
        "f.toml:7:19: max-connections is 0; expected a whole number from 1 to 64",
    );
    lines(
        "[[client]]\ncount = 17",
        "f.toml:5:9: count is 17; expected a whole number from 1 to 16",
    );
    lines(
        "[[client]]\ncount = 0",
        "f.toml:5:9: count is 0; expected a whole number from 1 to 16",
    );
    lines(
        &"[[client]]\ncount = 16\n".repeat(5),
        "f.toml:12:1: there are 80 clients; expected 1 to 64 of them",
    );
    alice(
        "script = []",
        "f.toml:6:10: there are 0 operations in this script; expected 1 to 32 of them",
    );
}

#[test]
fn columns_count_characters_and_lines_may_end_in_crlf() {
    refused(
        "\u{feff}name = \"a\" # ü\r\nsummary = 3",
        "f.toml:2:11: found integer `3`; expected a text in quotes",
    );
    refused(
        "\u{feff}x = \"ü\"",
        "f.toml:1:1: unknown key \"x\"; expected one of \"name\", \"summary\", \"source\", \
         \"reaches\", \"server\", \"time\", \"slow-disk\", \"arrivals\", \"at-scale\", \"faults\", \
         \"client\", \"administrator\", \"cutter\", \"timer\"",
    );
    refused(
        "server = { reuse-ids = \"ü\" }",
        "f.toml:1:24: found string \"ü\"; expected true or false without quotes",
    );
    refused(
        "summary = \"üü\" x",
        "f.toml:1:16: this is not TOML: unexpected key or value, expected newline, `#`; expected a \
         document as docs/scenarios.md shows it",
    );
}
