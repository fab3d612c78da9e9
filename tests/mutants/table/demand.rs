//! What there is to do for a worker.

use super::{Place, harmless, not_covered, noticed, outside, place};

const FILE: &str = "server/creation.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "demand",
        "self.lacks_sessions()",
        &[
            noticed(
                "demand: the other way round",
                "!self.lacks_sessions()",
                "S12",
                "a session is created that nobody wants",
            ),
            not_covered(
                "demand: not while the server shuts down",
                "!self.closing && self.lacks_sessions()",
                "what happens after the server was closed",
            ),
            noticed(
                "demand: only while nobody is in line",
                "self.queue.is_empty() && self.lacks_sessions()",
                "L2",
                "at rest a logon waits in line",
            ),
            noticed(
                "demand: only while somebody is in line",
                "!self.queue.is_empty() && self.lacks_sessions()",
                "L3",
                "at rest the idle pool is not full",
            ),
            noticed(
                "demand: always",
                "true",
                "S12",
                "a session is created that nobody wants",
            ),
            noticed(
                "demand: never",
                "false",
                "L2",
                "at rest a logon waits in line",
            ),
        ],
    ),
    place(
        FILE,
        "demand",
        "self.closing.then_some(Demand::Stop)",
        &[
            noticed(
                "demand: the permits are counted anew while there is nothing to do",
                "{
                     if !self.closing {
                         let waiting = self.queue.len();
                         self.ledger.set_in_use(waiting);
                     }
                     self.closing.then_some(Demand::Stop)
                 }",
                "L1",
                "a section that yields nothing changes something",
            ),
            not_covered(
                "demand: a worker never stops",
                "None",
                "what happens after the server was closed",
            ),
            noticed(
                "demand: a worker stops when nothing is wanted",
                "Some(Demand::Stop)",
                "L1",
                "a worker stops although the server does not shut down",
            ),
            noticed(
                "demand: a worker stops unless the server shuts down",
                "(!self.closing).then_some(Demand::Stop)",
                "L1",
                "a worker stops although the server does not shut down",
            ),
        ],
    ),
    place(
        FILE,
        "lacks_sessions",
        "self.idle.len() + creating",
        &[
            noticed(
                "demand: sessions under creation are not counted",
                "self.idle.len()",
                "S12",
                "a session is created that nobody wants",
            ),
            noticed(
                "demand: idle sessions are not counted",
                "creating",
                "S12",
                "a session is created that nobody wants",
            ),
            noticed(
                "demand: one more is counted than there are",
                "self.idle.len() + creating + 1.into()",
                "L2",
                "at rest a logon waits in line",
            ),
        ],
    ),
    place(
        FILE,
        "lacks_sessions",
        "self.settings.idle_pool + self.queue.len()",
        &[
            noticed(
                "demand: the line is not counted",
                "self.settings.idle_pool",
                "L2",
                "at rest a logon waits in line",
            ),
            noticed(
                "demand: the pool is not counted",
                "self.queue.len()",
                "L3",
                "at rest the idle pool is not full",
            ),
            noticed(
                "demand: one more is wanted than anybody wants",
                "self.settings.idle_pool + self.queue.len() + 1.into()",
                "S12",
                "a session is created that nobody wants",
            ),
        ],
    ),
    place(
        FILE,
        "lacks_sessions",
        "supply < wanted && creating < self.settings.creation_workers",
        &[
            noticed(
                "demand: one too many",
                "supply <= wanted && creating < self.settings.creation_workers",
                "S12",
                "a session is created that nobody wants",
            ),
            harmless(
                "demand: workers are not counted",
                "supply < wanted",
                "A worker that creates asks for nothing, so as many are created at a time \
                 as there are workers.",
            ),
            noticed(
                "demand: only workers are counted",
                "creating < self.settings.creation_workers",
                "S12",
                "a session is created that nobody wants",
            ),
            noticed(
                "demand: one worker rests",
                "supply < wanted && creating + 1.into() < self.settings.creation_workers",
                "L2",
                "at rest a logon waits in line",
            ),
            harmless(
                "demand: only one at a time",
                "supply < wanted && creating < 1.into()",
                "It takes longer; the server comes to the same rest.",
            ),
            noticed(
                "demand: one or the other",
                "supply < wanted || creating < self.settings.creation_workers",
                "S12",
                "a session is created that nobody wants",
            ),
        ],
    ),
    place(
        "store.rs",
        "creating",
        "session.state == SessionState::Init",
        &[
            noticed(
                "creating: nothing is counted",
                "false",
                "S12",
                "a session is created that nobody wants",
            ),
            outside(
                "creating: sessions that are down are counted",
                "session.state == SessionState::Down",
                "a section counts records that are none of the quantities",
            ),
            outside(
                "creating: those that are loaded are not counted",
                "session.state == SessionState::Init && !session.loaded",
                "a section counts records that are none of the quantities",
            ),
            outside(
                "creating: those that have a holder are counted as well",
                "session.state == SessionState::Init || session.holder.is_some()",
                "a section counts records that are none of the quantities",
            ),
        ],
    ),
];
