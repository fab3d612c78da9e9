//! Scenarios of the tie's own: what no preset comes to, in each configuration.

use std::sync::Arc;

use super::searched::Play;
use crate::scenario::{OnBrokenLine, Scenario};

/// Each scenario in each configuration.
pub(super) fn all() -> impl Iterator<Item = Play> {
    SCENES.iter().flat_map(|(text, closes)| {
        let scenario = Scenario::parse(text, "tie").expect("a scenario that makes sense");
        let most = scenario.server.max_connections;
        let maxima = [Some(most.unwrap_or(1)), None];
        maxima.into_iter().flat_map(move |max_connections| {
            let scenario = scenario.clone();
            let ways = [OnBrokenLine::Disconnect, OnBrokenLine::Reset];
            ways.into_iter().map(move |on_broken_line| {
                let mut scenario = scenario.clone();
                scenario.server.max_connections = max_connections;
                scenario.server.on_broken_line = on_broken_line;
                Play {
                    scenario: Arc::new(scenario),
                    closes: *closes,
                }
            })
        })
    })
}

/// The scenarios, and whether somebody closes the server besides.
const SCENES: &[(&str, bool)] = &[
    (
        r#"
name = "off-and-cut"
summary = "Alice logs off while her line breaks, and Bob has forgotten his password."
source = "reconstruction"
[server]
idle-pool = 0
max-connections = 2
[[client]]
name = "alice"
script = ["connect", "log-on", "log-off"]
[[client]]
name = "bob"
script = ["connect", "log-on"]
password = "wrong"
[[cutter]]
cuts = "alice"
"#,
        false,
    ),
    (
        r#"
name = "time-out"
summary = "Alice's disconnected session expires, or she comes back to it before."
source = "reconstruction"
[server]
idle-pool = 0
[[client]]
name = "alice"
script = ["connect", "log-on", "disconnect", "reconnect"]
[[timer]]
expires = "alice"
"#,
        false,
    ),
    (
        r#"
name = "denied-and-cut"
summary = "Alice's license is denied, and her line breaks, maybe before."
source = "reconstruction"
[server]
idle-pool = 1
[[client]]
name = "alice"
script = ["connect"]
license = "denied"
[[cutter]]
cuts = "alice"
"#,
        false,
    ),
    (
        r#"
name = "passed-on"
summary = "Alice comes back in a session that Bob has left and that is older than her own; it is reset on her way back."
source = "reconstruction"
[server]
idle-pool = 0
max-connections = 2
[[client]]
name = "bob"
script = ["connect"]
hang-up = "claimed"
[[client]]
name = "alice"
script = ["connect", "log-on", "disconnect", "reconnect"]
[[administrator]]
script = [{ reset = "alice" }]
"#,
        false,
    ),
    (
        r#"
name = "way-back"
summary = "Alice goes back to her session, which is reset, as is the one that she has; and her line breaks."
source = "reconstruction"
[server]
idle-pool = 0
[[client]]
name = "alice"
script = ["connect", "log-on", "disconnect", "reconnect"]
[[administrator]]
script = [{ reset = "alice" }, { reset = "alice" }]
[[cutter]]
cuts = "alice"
"#,
        false,
    ),
    (
        r#"
name = "closed-at-any-moment"
summary = "The server is closed while two clients connect, one creation fails, and logons are disabled."
source = "reconstruction"
[server]
idle-pool = 1
failing-creations = [1]
[[client]]
name = "alice"
script = ["connect", "log-on", "log-off"]
[[client]]
name = "bob"
script = ["connect"]
[[administrator]]
script = ["disable-logons", "enable-logons"]
"#,
        true,
    ),
];
