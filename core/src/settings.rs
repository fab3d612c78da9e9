//! The server's settings.

/// What to do with the session of a client whose line broke (KB Q186566).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum OnBrokenLine {
    /// Keep it, disconnected.
    #[default]
    Disconnect,
    /// Reset it.
    Reset,
}

/// Settings of a server, with counts of the type `N`. The defaults are the documented ones, where there are any.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Settings<N = u32> {
    /// How many idle sessions to keep ready: `IdleWinStationPoolCount`, 2 by default, and 0 is a documented
    /// configuration (KB Q186572, Q190164).
    pub idle_pool: N,
    /// How many clients may be connected; `None` is unlimited, the default (KB Q186566).
    pub max_connections: Option<N>,
    /// How many sessions may be under creation at the same time, at least 1. A reconstruction: the
    /// documents name no such limit.
    pub creation_workers: N,
    /// Whether the id of a deleted session may be given to a new one. Not documented for sessions.
    pub reuse_ids: bool,
    /// What to do when a logged-on client's line breaks.
    pub on_broken_line: OnBrokenLine,
    /// Whether clients may log on at first (`change logon`, KB Q186504).
    pub logons_enabled: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            idle_pool: 2,
            max_connections: None,
            creation_workers: 1,
            reuse_ids: false,
            on_broken_line: OnBrokenLine::default(),
            logons_enabled: true,
        }
    }
}
