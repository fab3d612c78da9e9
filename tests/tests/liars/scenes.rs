//! Where the liars are tried: the presets, and scenes for what no preset is like.
//!
//! A liar that falls in a scene alone falls in no preset, for none combines what its scene does: a reset at the prompt
//! or on the way back, a time-out beside another user's session, a second creation that fails, three in line. Each preset
//! is searched by every checker in the default matrix, so what a few liars need is kept here.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_models::scenario::{Overrides, Scenario, presets};

/// A scene, not among the presets.
struct Scene {
    name: &'static str,
    summary: &'static str,
    rest: &'static str,
}

const SCENES: &[Scene] = &[
    Scene {
        name: "only-client-fails",
        summary: "The only client's session fails to load.",
        rest: r#"
            [server]
            idle-pool = 0
            failing-creations = [1]
            [[client]]
            name = "alice"
            script = ["connect"]
        "#,
    },
    Scene {
        name: "second-creation-fails",
        summary: "The second of two creations fails, and somebody has left a session.",
        rest: r#"
            [server]
            idle-pool = 0
            failing-creations = [2]
            [[client]]
            name = "alice"
            script = ["connect", "log-on", "disconnect"]
            [[client]]
            name = "bob"
            script = ["connect"]
        "#,
    },
    Scene {
        name: "three-in-line-and-a-failure",
        summary: "The first creation fails while three clients wait.",
        rest: r#"
            [server]
            idle-pool = 0
            failing-creations = [1]
            [[client]]
            count = 3
            script = ["connect"]
        "#,
    },
    Scene {
        name: "three-in-line-and-a-cut",
        summary: "Three clients wait, and the line of one is cut.",
        rest: r#"
            [server]
            idle-pool = 0
            [[client]]
            name = "alice"
            script = ["connect"]
            [[client]]
            count = 2
            script = ["connect"]
            [[cutter]]
            cuts = "alice"
        "#,
    },
    Scene {
        name: "cut-on-the-way-back",
        summary: "A user comes back from another machine, and that line is cut.",
        rest: r#"
            [server]
            idle-pool = 0
            [[client]]
            name = "laptop"
            user = "alice"
            script = ["connect", "log-on", "disconnect"]
            [[client]]
            name = "desk"
            user = "alice"
            script = ["connect", "log-on"]
            [[cutter]]
            cuts = "desk"
        "#,
    },
    Scene {
        name: "reset-on-the-way-back",
        summary: "A user comes back from another machine, and either session is reset.",
        rest: r#"
            [server]
            idle-pool = 0
            [[client]]
            name = "laptop"
            user = "alice"
            script = ["connect", "log-on", "disconnect"]
            [[client]]
            name = "desk"
            user = "alice"
            script = ["connect", "log-on"]
            [[administrator]]
            script = [{ reset = "desk" }]
        "#,
    },
    Scene {
        name: "time-out-beside-another",
        summary: "Two users leave their sessions behind; that of one expires.",
        rest: r#"
            [server]
            idle-pool = 0
            [[client]]
            name = "alice"
            script = ["connect", "log-on", "disconnect"]
            [[client]]
            name = "bob"
            script = ["connect", "log-on", "disconnect"]
            [[timer]]
            expires = "alice"
        "#,
    },
    Scene {
        name: "time-out-beside-who-stays",
        summary: "One user leaves its session behind, and that expires; another stays.",
        rest: r#"
            [server]
            idle-pool = 0
            [[client]]
            name = "alice"
            script = ["connect", "log-on"]
            [[client]]
            name = "bob"
            script = ["connect", "log-on", "disconnect"]
            [[timer]]
            expires = "bob"
        "#,
    },
    Scene {
        name: "wrong-password-with-room",
        summary: "One of two passwords is wrong, on a server with room for both.",
        rest: r#"
            [server]
            idle-pool = 0
            max-connections = 2
            [[client]]
            name = "mallory"
            script = ["connect", "log-on"]
            password = "wrong"
            [[client]]
            name = "bob"
            script = ["connect", "log-on"]
        "#,
    },
    Scene {
        name: "reset-at-the-prompt",
        summary: "An administrator resets a client that has not logged on.",
        rest: r#"
            [server]
            idle-pool = 0
            [[client]]
            name = "alice"
            script = ["connect"]
            [[client]]
            name = "bob"
            script = ["connect"]
            [[administrator]]
            script = [{ reset = "alice" }]
        "#,
    },
    Scene {
        name: "leaves-at-the-prompt",
        summary: "A client leaves at the prompt, and another logs on.",
        rest: r#"
            [server]
            idle-pool = 0
            max-connections = 1
            [[client]]
            name = "alice"
            script = ["connect", "log-on"]
            hang-up = "at-prompt"
            [[client]]
            name = "bob"
            script = ["connect", "log-on"]
        "#,
    },
    Scene {
        name: "one-user-twice-and-a-cut",
        summary: "One user is logged on twice, and the line of one is cut.",
        rest: r#"
            [server]
            idle-pool = 0
            [[client]]
            name = "laptop"
            user = "alice"
            script = ["connect", "log-on"]
            [[client]]
            name = "desk"
            user = "alice"
            script = ["connect", "log-on"]
            [[cutter]]
            cuts = "laptop"
        "#,
    },
    Scene {
        name: "two-administrators",
        summary: "Two administrators reset one user's session.",
        rest: r#"
            [server]
            idle-pool = 0
            [[client]]
            name = "alice"
            script = ["connect", "log-on"]
            [[administrator]]
            script = [{ reset = "alice" }]
            [[administrator]]
            script = [{ reset = "alice" }]
        "#,
    },
    Scene {
        name: "time-out-and-administrator",
        summary: "A session expires while an administrator resets it.",
        rest: r#"
            [server]
            idle-pool = 0
            [[client]]
            name = "alice"
            script = ["connect", "log-on", "disconnect"]
            [[administrator]]
            script = [{ reset = "alice" }]
            [[timer]]
            expires = "alice"
        "#,
    },
];

/// The presets that have too many states for a search that merges nothing, and with how many clients in their group
/// they are tried instead.
const FEWER: &[(&str, u32)] = &[("q238600-flood", 1)];

/// The preset of this name, or the scene.
///
/// # Panics
///
/// If there is neither.
pub(crate) fn place(name: &str) -> Arc<Scenario> {
    if let Some(preset) = presets().iter().find(|preset| preset.name() == name) {
        let overrides = Overrides {
            clients: FEWER
                .iter()
                .find(|(of, _)| *of == name)
                .map(|&(_, clients)| clients),
            ..Overrides::default()
        };
        let scenario = preset.scenario().with(&overrides);
        return Arc::new(scenario.expect("a number of clients that suits the preset"));
    }
    let scene = SCENES.iter().find(|scene| scene.name == name);
    let Scene {
        name,
        summary,
        rest,
    } = scene.unwrap_or_else(|| panic!("neither a preset nor a scene is called {name}"));
    let text =
        format!("name = \"{name}\"\nsummary = \"{summary}\"\nsource = \"reconstruction\"\n{rest}");
    let scenario = Scenario::parse(&text, name);
    Arc::new(scenario.unwrap_or_else(|error| panic!("a scene makes sense: {error}")))
}

/// Whether a preset is called this.
pub(crate) fn is_a_preset(name: &str) -> bool {
    presets().iter().any(|preset| preset.name() == name)
}

/// The names of all presets and scenes, those with less to do in them first.
pub(crate) fn everywhere() -> Vec<&'static str> {
    let presets = presets().iter().map(|preset| preset.name());
    let names: BTreeSet<_> = presets
        .chain(SCENES.iter().map(|scene| scene.name))
        .collect();
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by_key(|name| size(&place(name)));
    names
}

/// How much there is to do in a scenario.
fn size(scenario: &Scenario) -> usize {
    let clients = scenario
        .clients
        .iter()
        .map(|client| 2 + client.script.len());
    let admins = scenario
        .administrators
        .iter()
        .map(|admin| 1 + admin.script.len());
    let others = scenario.cutters.len() + 2 * scenario.timers.len();
    let server = scenario.server.idle_pool + scenario.server.creation_workers;
    clients.chain(admins).sum::<usize>() + others + server as usize
}
