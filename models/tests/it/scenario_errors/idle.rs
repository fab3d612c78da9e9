//! Keys and words that act in no order of events are refused where they stand.

use logon_models::scenario::{ErrorKind, Overrides, Scenario};

use super::{ALICE, HEAD, alice, lines, refused};

/// A document with these lines after the required keys makes sense.
#[track_caller]
fn lawful(lines: &str) {
    let text = format!("{HEAD}{lines}\n");
    if let Err(error) = Scenario::parse(&text, "f.toml") {
        panic!("{error} in\n{text}");
    }
}

/// A document with one client whose table has these lines too makes sense.
#[track_caller]
fn lawful_alice(lines: &str) {
    lawful(&format!("{ALICE}{lines}"));
}

const LOGS_ON: &str = "script = [\"connect\", \"log-on\"]";

#[test]
fn a_hang_up_at_a_moment_that_the_script_does_not_reach() {
    let never = |why: &str| {
        format!(
            "the client \"alice\" never hangs up there: {why}; expected a moment that it comes to, \
             or no hang-up"
        )
    };
    let asked = "its first connection has no \"log-on\", before and after which it is asked";
    alice(
        "hang-up = \"at-prompt\"",
        &format!("f.toml:6:11: {}", never(asked)),
    );
    alice(
        "hang-up = \"arbitrating\"",
        &format!("f.toml:6:11: {}", never(asked)),
    );
    alice(
        "script = [\"connect\", \"hang-up\", \"reconnect\"]\nhang-up = \"at-prompt\"",
        &format!("f.toml:7:11: {}", never(asked)),
    );
    alice(
        "hang-up = \"claimed\"\nlicense = \"denied\"",
        &format!(
            "f.toml:6:11: {}",
            never("it is denied a license (license = \"denied\")")
        ),
    );
    alice(
        "hang-up = \"claimed\"\n[server]\nidle-pool = 0\nfailing-creations = [1]",
        &format!(
            "f.toml:6:11: {}",
            never("the creation of its session fails (failing-creations, with idle-pool = 0)")
        ),
    );
    alice(
        &format!("{LOGS_ON}\nhang-up = \"arbitrating\""),
        &format!(
            "f.toml:7:11: {}",
            never("no other client of its user may leave a disconnected session to go back to")
        ),
    );
    alice(
        &format!("{LOGS_ON}\nhang-up = \"arbitrating\"\npassword = \"wrong\""),
        &format!(
            "f.toml:7:11: {}",
            never("its password is wrong (password = \"wrong\")")
        ),
    );
    for phase in ["before-arrival", "admitted", "claimed"] {
        lawful_alice(&format!("hang-up = \"{phase}\""));
    }
    lawful_alice(&format!("{LOGS_ON}\nhang-up = \"at-prompt\""));
    lawful(
        "[[client]]\nname = \"a\"\nscript = [\"reconnect\", \"disconnect\"]\n\
         [[client]]\nname = \"b\"\nuser = \"a\"\nscript = [\"reconnect\"]\nhang-up = \"arbitrating\"",
    );
}

#[test]
fn a_script_that_goes_on_where_the_client_does_not() {
    let never = |word: &str, why: &str| {
        format!(
            "the client \"alice\" never comes to this \"{word}\": {why}; expected the end of its \
             script here"
        )
    };
    alice(
        "script = [\"reconnect\", \"log-off\"]\npassword = \"wrong\"",
        &format!(
            "f.toml:6:24: {}",
            never("log-off", "its password is wrong (password = \"wrong\")")
        ),
    );
    alice(
        "script = [\"connect\", \"log-on\", \"disconnect\", \"connect\"]\nhang-up = \"at-prompt\"",
        &format!(
            "f.toml:6:32: {}",
            never(
                "disconnect",
                "it leaves at the prompt (hang-up = \"at-prompt\")"
            )
        ),
    );
    for (line, why) in [
        (
            "license = \"denied\"",
            "it is denied a license (license = \"denied\")",
        ),
        (
            "license = \"never-answered\"",
            "its license is never answered (license = \"never-answered\")",
        ),
        (
            "hang-up = \"before-arrival\"",
            "it leaves before it arrives (hang-up = \"before-arrival\")",
        ),
        (
            "hang-up = \"admitted\"",
            "it leaves as soon as it is admitted (hang-up = \"admitted\")",
        ),
        (
            "hang-up = \"claimed\"",
            "it leaves before it sees its session (hang-up = \"claimed\")",
        ),
    ] {
        alice(
            &format!("script = [\"connect\", \"log-on\"]\n{line}"),
            &format!("f.toml:6:22: {}", never("log-on", why)),
        );
    }
    alice(
        "script = [\"connect\", \"hang-up\", \"reconnect\"]\n[server]\nidle-pool = 0\nfailing-creations = [2]",
        &format!(
            "f.toml:6:33: {}",
            never(
                "log-on",
                "the creation of its session fails (failing-creations, with idle-pool = 0)"
            )
        ),
    );
    lawful_alice(
        "script = [\"connect\", \"hang-up\", \"reconnect\"]\n[server]\nidle-pool = 1\nfailing-creations = [2]",
    );
    alice(
        &format!("{LOGS_ON}\n[server]\nlogons-enabled = false"),
        &format!(
            "f.toml:6:22: {}",
            never(
                "log-on",
                "logons are disabled and nobody enables them (logons-enabled = false)"
            )
        ),
    );
    lawful_alice("[server]\nlogons-enabled = false");
}

#[test]
fn a_license_a_password_or_a_user_that_nobody_asks_for() {
    for (what, value) in [
        ("password", "right"),
        ("password", "wrong"),
        ("user", "bob"),
    ] {
        alice(
            &format!("{what} = \"{value}\""),
            &format!(
                "f.toml:6:{}: the client \"alice\" never gives its {what}: it never logs on; expected \
                 \"log-on\" in its script, or no {what}",
                what.len() + 4
            ),
        );
    }
    alice(
        &format!("{LOGS_ON}\nhang-up = \"at-prompt\"\npassword = \"wrong\""),
        "f.toml:8:12: the client \"alice\" never gives its password: it leaves at the prompt (hang-up = \"at-prompt\"); expected \
         no password",
    );
    alice(
        "hang-up = \"admitted\"\nlicense = \"granted\"",
        "f.toml:7:11: the license service is never asked for the client \"alice\": it leaves as soon as \
         it is admitted (hang-up = \"admitted\"); expected no license",
    );
    lawful_alice(&format!(
        "{LOGS_ON}\nuser = \"bob\"\npassword = \"wrong\"\nlicense = \"granted\""
    ));
    lawful_alice("hang-up = \"claimed\"\nlicense = \"granted\"");
}

#[test]
fn a_timer_needs_a_session_that_can_be_disconnected() {
    let message = "no session of the user \"alice\" is ever disconnected, so none can expire; \
                   expected a client of that user with \"disconnect\" in its script, or whose line \
                   breaks once logged on while on-broken-line = \"disconnect\"";
    let timer = "[[timer]]\nexpires = \"alice\"";
    alice(timer, &format!("f.toml:7:11: {message}"));
    let cut = format!("{ALICE}script = [\"reconnect\"]\n[[cutter]]\ncuts = \"alice\"\n{timer}");
    lawful(&cut);
    let reset = format!("{HEAD}{cut}\n[server]\non-broken-line = \"reset\"\n");
    refused(&reset, &format!("f.toml:10:11: {message}"));
    lawful_alice(&format!(
        "script = [\"reconnect\", \"disconnect\"]\n{timer}"
    ));
    alice(
        &format!(
            "script = [\"reconnect\"]\npassword = \"wrong\"\n[[cutter]]\ncuts = \"alice\"\n{timer}"
        ),
        &format!("f.toml:11:11: {message}"),
    );
}

#[test]
fn a_cutter_a_reset_and_a_switch_that_find_nothing_to_do() {
    alice(
        "hang-up = \"before-arrival\"\n[[cutter]]\ncuts = \"alice\"",
        "f.toml:8:8: the client \"alice\" has no line to cut: it leaves before it arrives (hang-up = \"before-arrival\"); expected a \
         client that is admitted, or no cutter",
    );
    lawful_alice("hang-up = \"admitted\"\n[[cutter]]\ncuts = \"alice\"");
    let reset = "[[administrator]]\nscript = [{ reset = \"alice\" }]";
    alice(
        &format!("license = \"denied\"\n{reset}"),
        "f.toml:8:11: the client \"alice\" never has a session to reset: it is denied a license (license = \
         \"denied\"); expected one that comes so far, or no reset",
    );
    lawful_alice(reset);
    let of_user = "[[administrator]]\nscript = [{ reset = \"team\" }]";
    alice(
        &format!("{LOGS_ON}\nuser = \"team\"\npassword = \"wrong\"\n{of_user}"),
        "f.toml:10:11: the user \"team\" never has a session to reset, as its client \"alice\" comes no \
         further: its password is wrong (password = \"wrong\"); expected one that comes so far, or no reset",
    );
    lawful_alice(&format!("{LOGS_ON}\nuser = \"team\"\n{of_user}"));
    let switches = |script: &str| format!("[[administrator]]\nscript = [{script}]");
    let already = |cause: &str| {
        format!(
            "logons are enabled already ({cause}), whatever happens before; expected no \"enable-logons\" here"
        )
    };
    alice(
        &switches("\"enable-logons\""),
        &format!("f.toml:7:11: {}", already("logons-enabled = true")),
    );
    alice(
        &switches("\"disable-logons\", \"enable-logons\", \"enable-logons\""),
        &format!("f.toml:7:46: {}", already("\"enable-logons\" before it")),
    );
    alice(
        &switches("\"disable-logons\", \"disable-logons\""),
        "f.toml:7:29: logons are disabled already (\"disable-logons\" before it), whatever happens before; expected no \
         \"disable-logons\" here",
    );
    lawful_alice(&switches("\"disable-logons\", \"enable-logons\""));
    lawful_alice(&format!(
        "{}\n[server]\nlogons-enabled = false",
        switches("\"enable-logons\"")
    ));
    // Another administrator may come between.
    lawful_alice(&format!(
        "{}\n{}",
        switches("\"enable-logons\""),
        switches("\"disable-logons\"")
    ));
}

#[test]
fn a_setting_of_the_server_that_nothing_comes_to() {
    let server = |line: &str| format!("[server]\nidle-pool = 0\n{line}");
    let never_breaks = "the line of a client that is logged on never breaks; expected a cutter of one \
                        that logs on, \"hang-up\" after \"log-on\" in a script, or no on-broken-line";
    for value in ["reset", "disconnect"] {
        alice(
            &server(&format!("on-broken-line = \"{value}\"")),
            &format!("f.toml:8:18: {never_breaks}"),
        );
    }
    lawful_alice(&format!(
        "script = [\"reconnect\", \"hang-up\"]\n{}",
        server("on-broken-line = \"reset\"")
    ));
    alice(
        &server("reuse-ids = true"),
        "f.toml:8:13: no session is created after another was deleted, so no id is used again; expected a \
         client that connects after one has left its session, or no reuse-ids",
    );
    let logs_off = "script = [\"reconnect\", \"log-off\"]";
    // The session that ends is the last one; with a pool it is not.
    alice(
        &format!("{logs_off}\n{}", server("reuse-ids = true")),
        "f.toml:9:13: no session is created after another was deleted, so no id is used again; expected a \
         client that connects after one has left its session, or no reuse-ids",
    );
    lawful_alice(&format!("{logs_off}\n[server]\nreuse-ids = true"));
    lawful_alice(&format!(
        "{logs_off}\n[[client]]\nname = \"bob\"\n{}",
        server("reuse-ids = true")
    ));
    lines(
        "[[client]]\ncount = 3\n[server]\nidle-pool = 0\nfailing-creations = [1, 4]",
        "f.toml:8:25: creation 4 never begins, for there are at most 3; expected a smaller number, more \
         clients, or a larger idle-pool",
    );
    lawful("[[client]]\ncount = 3\n[server]\nidle-pool = 1\nfailing-creations = [1, 4, 6]");
    lines(
        "[[client]]\ncount = 3\n[server]\nidle-pool = 1\nfailing-creations = [1, 7]",
        "f.toml:8:25: creation 7 never begins, for there are at most 5; expected a smaller number, more \
         clients, or a larger idle-pool",
    );
}

#[test]
fn numbers_on_the_command_line_that_leave_nothing_to_do_are_refused_as_such() {
    let text =
        format!("{HEAD}[server]\nidle-pool = 0\nfailing-creations = [3]\n[[client]]\ncount = 3\n");
    let scenario = Scenario::parse(&text, "f.toml").expect("it makes sense");
    let fewer = Overrides {
        clients: Some(2),
        ..Overrides::default()
    };
    let error = scenario
        .with(&fewer)
        .expect_err("there is no third creation");
    assert_eq!(error.kind(), ErrorKind::Override);
    assert_eq!(
        error.to_string(),
        "n: with these numbers creation 3 never begins, for there are at most 2; expected a smaller number, \
         more clients, or a larger idle-pool"
    );
}

#[test]
fn what_is_idle_can_be_taken_away() {
    let text = format!(
        "{HEAD}[server]\non-broken-line = \"reset\"\n{ALICE}{LOGS_ON}\n[[cutter]]\ncuts = \"alice\"\n"
    );
    let mut scenario = Scenario::parse(&text, "f.toml").expect("it makes sense");
    assert_eq!(scenario.clone().without_idle(), scenario);
    scenario.cutters.clear();
    let error = scenario.check().expect_err("no line breaks");
    assert_eq!(error.kind(), ErrorKind::NeverActs);
    assert_eq!(scenario.without_idle().check(), Ok(()));
}
