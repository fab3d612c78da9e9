//! Where the liars are tried: the presets, and a few scenes besides.
//!
//! Each liar falls in a preset, and a test asks for it. The scenes are like no preset in who takes part: two
//! administrators at once, an administrator beside a timer, a timer beside a user who stays. No liar falls there alone,
//! so they are not worth the time of a preset; the fixed algorithm, and whoever else is lawful, is not to be accused
//! there either.

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
