//! Documents of the right form that make no sense: names, scripts, contradictions, references.

use super::{alice, lines, refused};

#[test]
fn names_are_lawful_and_unique() {
    let lawful = "cannot be a name; expected 1 to 40 letters, digits, \"-\", \"_\" or \".\"";
    lines(
        "[[client]]\nname = \"a b\"",
        &format!("f.toml:5:8: \"a b\" {lawful}"),
    );
    lines(
        "[[client]]\nname = \"\"",
        &format!("f.toml:5:8: \"\" {lawful}"),
    );
    lines(
        "[[client]]\nname = \"\\u001b\"",
        &format!("f.toml:5:8: \"\\u{{1b}}\" {lawful}"),
    );
    let user = format!("user = \"{}\"\nscript = [\"reconnect\"]", "a".repeat(41));
    alice(
        &user,
        &format!("f.toml:6:8: \"{}\" {lawful}", "a".repeat(41)),
    );
    alice(
        "[[client]]\nname = \"alice\"",
        "f.toml:7:8: two actors are named \"alice\"; expected another name for this one",
    );
    alice(
        "[[cutter]]\nname = \"alice\"\ncuts = \"alice\"",
        "f.toml:7:8: two actors are named \"alice\"; expected another name for this one",
    );
    alice(
        "[[client]]\nname = \"worker-2\"",
        "f.toml:7:8: \"worker-2\" is the name of a creation worker; expected another name for this actor",
    );
    lines(
        "[[client]]\nname = \"cutter\"\n\n[[cutter]]\ncuts = \"cutter\"",
        "f.toml:7:1: two actors are named \"cutter\"; expected another name for this one",
    );
    refused(
        "name = \"A b\"\nsummary = \"s\"\nsource = \"s\"\n",
        "f.toml:1:8: \"A b\" cannot name a scenario; expected at most 60 characters in kebab case, \
         such as \"two-clients\"",
    );
    refused(
        "name = \"a\"\nsummary = \" \"\nsource = \"s\"\n",
        "f.toml:2:11: the summary is empty, too long or more than one line; expected 1 to 400 \
         characters on one line",
    );
}

#[test]
fn an_impossible_script_is_refused_at_the_operation() {
    alice(
        "script = [\"log-on\"]",
        "f.toml:6:11: the client \"alice\" cannot do operation 1 of its script, \"log-on\", when \
         not connected; expected \"connect\" or \"reconnect\"",
    );
    alice(
        "script = [\n  \"connect\",\n  \"log-on\",\n  \"connect\",\n]",
        "f.toml:9:3: the client \"alice\" cannot do operation 3 of its script, \"connect\", when \
         logged on; expected \"disconnect\", \"log-off\" or \"hang-up\", or the end of the script",
    );
    alice(
        "script = [\"reconnect\", \"reconnect\"]",
        "f.toml:6:24: the client \"alice\" cannot do operation 2 of its script, \"reconnect\", \
         when logged on; expected \"disconnect\", \"log-off\" or \"hang-up\", or the end of the \
         script",
    );
    alice(
        "script = [\"connect\", \"disconnect\"]",
        "f.toml:6:22: the client \"alice\" cannot do operation 2 of its script, \"disconnect\", \
         when connected but not logged on; expected \"log-on\" or \"hang-up\", or the end of the \
         script",
    );
}

#[test]
fn a_reference_to_nobody_is_refused_with_the_nearest_name() {
    alice(
        "[[cutter]]\ncuts = \"alise\"",
        "f.toml:7:8: there is no client \"alise\"; expected one of \"alice\"; did you mean \
         \"alice\"?",
    );
    alice(
        "[[administrator]]\nscript = [{ reset = \"al\" }]",
        "f.toml:7:21: there is no client or user \"al\"; expected one of \"alice\"; did you mean \
         \"alice\"?",
    );
    alice(
        "[[timer]]\nexpires = \"zoe\"",
        "f.toml:7:11: there is no user \"zoe\"; expected one of \"alice\"",
    );
}
