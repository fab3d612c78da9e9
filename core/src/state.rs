//! The ten states of a session and their legal edges.

use std::fmt;

use crate::symmetric;

/// State of a session, as `query session` and `WTS_CONNECTSTATE_CLASS` name them (KB Q186592).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SessionState {
    /// A user is logged on.
    Active,
    /// Connected to a client, no user logged on: the logon prompt.
    Connected,
    /// In the process of connecting: claimed by a logon, or claimed back by a reconnect.
    ConnectQuery,
    /// Shadowing another session. No operation of this allocator leads here.
    Shadow,
    /// A user is logged on, no client is connected.
    Disconnected,
    /// Waiting for a client.
    Idle,
    /// The listener, for ever.
    Listen,
    /// Being reset, soon deleted.
    Reset,
    /// Failed to initialize, or down because of an error.
    Down,
    /// Being created.
    Init,
}
symmetric! { plain SessionState }

impl SessionState {
    /// All ten.
    pub const ALL: [SessionState; 10] = {
        use SessionState::*;
        [
            Active,
            Connected,
            ConnectQuery,
            Shadow,
            Disconnected,
            Idle,
            Listen,
            Reset,
            Down,
            Init,
        ]
    };

    /// Whether a session may go from this state to `next`.
    ///
    /// The states are documented; this table of edges is a reconstruction from the documented
    /// operations. A session appears in `Init` and disappears from `Reset` only.
    pub fn may_become(self, next: SessionState) -> bool {
        use SessionState::*;
        match self {
            Init => matches!(next, Idle | Down),
            Idle => matches!(next, ConnectQuery),
            // A pending reconnect goes to Active, or back to Disconnected; a first connection to Connected.
            ConnectQuery => matches!(next, Connected | Active | Disconnected | Reset),
            Connected => matches!(next, Active | Reset),
            Active => matches!(next, Disconnected | Reset | Shadow),
            Shadow => matches!(next, Active | Reset),
            Disconnected => matches!(next, ConnectQuery | Reset),
            Down => matches!(next, Reset),
            Reset => matches!(next, Down),
            Listen => false,
        }
    }

    /// Whether a session in this state is occupied by a client, or about to be.
    pub fn has_client(self) -> bool {
        use SessionState::*;
        match self {
            Active | Connected | ConnectQuery | Shadow => true,
            Disconnected | Idle | Listen | Reset | Down | Init => false,
        }
    }

    /// Whether an administrator or a timer may reset a session in this state.
    pub fn may_be_reset(self) -> bool {
        self.may_become(SessionState::Reset)
    }
}

impl fmt::Display for SessionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::SessionState::{self, *};

    const ALL: [SessionState; 10] = SessionState::ALL;

    #[test]
    fn a_listener_never_changes_and_nothing_becomes_one() {
        for state in ALL {
            assert!(!Listen.may_become(state), "Listen -> {state}");
            assert!(!state.may_become(Listen), "{state} -> Listen");
        }
    }

    #[test]
    fn the_table_has_the_eighteen_edges_of_the_reconstruction_and_no_loop_onto_itself() {
        let edges = ALL
            .iter()
            .flat_map(|&a| ALL.iter().filter(move |&&b| a.may_become(b)))
            .count();
        assert_eq!(edges, 18);
        assert!(ALL.iter().all(|&state| !state.may_become(state)));
    }

    #[test]
    fn every_state_but_the_listener_can_reach_the_end_of_its_session() {
        for start in ALL.into_iter().filter(|&state| state != Listen) {
            let mut reached = vec![start];
            let mut next = 0;
            while next < reached.len() {
                let from = reached[next];
                reached.extend(
                    ALL.into_iter()
                        .filter(|&to| from.may_become(to) && !reached.contains(&to))
                        .collect::<Vec<_>>(),
                );
                next += 1;
            }
            assert!(reached.contains(&Reset), "{start} can never be deleted");
        }
    }
}
