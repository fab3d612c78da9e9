//! The built-in scenarios, each a document in `models/scenarios`.

use super::Scenario;

/// A built-in scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    name: &'static str,
    text: &'static str,
}

impl Preset {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its document, to be read or copied.
    pub fn text(&self) -> &'static str {
        self.text
    }

    /// The scenario.
    pub fn scenario(&self) -> Scenario {
        Scenario::parse(self.text, self.name)
            .unwrap_or_else(|error| panic!("a preset is a lawful document: {error}"))
    }
}

macro_rules! preset {
    ($name:literal) => {
        Preset {
            name: $name,
            text: include_str!(concat!("../../scenarios/", $name, ".toml")),
        }
    };
}

static PRESETS: [Preset; 33] = [
    preset!("q238186-default"),
    preset!("q238186-burst"),
    preset!("q245221"),
    preset!("q241411-batch"),
    preset!("q192165-full"),
    preset!("q187443-reconnect-at-max"),
    preset!("q219540-broken-handoff"),
    preset!("only-client-cut"),
    preset!("q257617-licence-hang"),
    preset!("q238600-flood"),
    preset!("q187049-zombie"),
    preset!("change-logon-disable"),
    preset!("simultaneous-reconnect"),
    preset!("reconnect-vs-reset"),
    preset!("stale-reset"),
    preset!("creation-fails"),
    preset!("license-denied"),
    preset!("spurious-wakes"),
    preset!("log-off-cut"),
    preset!("two-workers"),
    preset!("wrong-password"),
    preset!("reconnect-with-room"),
    preset!("two-users"),
    preset!("broken-line-resets"),
    preset!("failure-in-line"),
    preset!("stopped-on-the-way-back"),
    preset!("time-out-beside-another"),
    preset!("only-one-stays"),
    preset!("failure-in-the-pool"),
    preset!("q238600-flood-timed"),
    preset!("q187049-keep-alive"),
    preset!("q257617-slow-licence"),
    preset!("morning-storm"),
];

/// The built-in scenarios, the one of Q238186 first.
pub fn presets() -> &'static [Preset] {
    &PRESETS
}
