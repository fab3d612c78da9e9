//! How far an actor has come, for a tool that runs the program itself.

use super::state::{Local, Status};

/// What an actor has observed so far, and whether it is asleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing(pub(super) Local);

impl Standing {
    /// The same actor, asleep in its pending operation.
    #[must_use]
    pub fn asleep(self) -> Self {
        self.with(Status::Asleep)
    }

    /// The same actor after an update, before its next attempt to go on.
    #[must_use]
    pub fn awake(self) -> Self {
        self.with(Status::Awake)
    }

    /// The same actor after an update, in its pending `sleep`.
    #[must_use]
    pub fn woken(self) -> Self {
        self.with(Status::Woken)
    }

    /// Whether it is asleep.
    #[must_use]
    pub fn is_asleep(self) -> bool {
        self.0.status == Status::Asleep
    }

    fn with(self, status: Status) -> Self {
        Self(Local {
            id: self.0.id,
            status,
        })
    }
}
