//! What a server keeps besides what bundles and quantities hold: settings, console, listener, and whatever else its
//! source may add. No section changes it.

use logon_core::ids::FIRST_SESSION;

use super::configuration::Configuration;
use super::parties::SymbolicServer;
use super::scene::{Scene, new_server};

/// It as a text, without logons and with them enabled at the beginning. By their texts servers can be compared that hold
/// counts: two counts that are only equal in value would be taken for equal without a path to decide on.
pub(super) struct Besides([String; 2]);

impl Besides {
    /// What all servers of a configuration keep.
    pub(super) fn of(configuration: Configuration) -> Besides {
        Besides([false, true].map(|enabled| text(&new_server(configuration, enabled))))
    }

    /// Whether a section has changed it.
    pub(super) fn has_changed(&self, scene: &Scene, after: &SymbolicServer) -> bool {
        after.observer().is_over() || self.0[usize::from(scene.was_enabled)] != text(after)
    }
}

/// What is left when everything is taken out that the bundles and quantities hold.
fn text(server: &SymbolicServer) -> String {
    let built_in = server.sessions().visible.range(..FIRST_SESSION);
    let built_in: Vec<_> = built_in.collect();
    let mut rest = server.clone();
    *rest.sessions_mut() = Default::default();
    *rest.idle_mut() = Default::default();
    *rest.queue_mut() = Default::default();
    *rest.logons_mut() = Default::default();
    rest.ledger_mut().set_in_use(0.into());
    rest.set_counters(0, 0);
    rest.enable_logons(true);
    rest.close();
    rest.after_section();
    format!("{built_in:?} {rest:?}")
}
