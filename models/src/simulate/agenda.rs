//! What is due in a simulation, and when.

use std::collections::BinaryHeap;

use logon_core::LogonId;
use logon_sim::timed::Key;

use super::client::Disconnected;
use crate::scenario::Arrival;

/// Something that is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Event {
    /// A client comes for the first time; the next arrival is asked for then.
    Arrives(Arrival),
    /// A client comes back: its number, and which of its connections it is, from 0.
    ComesBack(Arrival, u32),
    /// A client loses patience, if it still waits.
    LosesPatience(LogonId),
    /// A user logs on at the prompt.
    LogsOn(LogonId),
    /// A user's session comes to its end.
    Ends(LogonId),
    /// It is noticed that a client has vanished.
    KeepAlive(LogonId),
    /// A disconnected session has been so for long enough, if it still is.
    TimesOut(Disconnected),
    /// An actor that pauses goes on.
    Wakes(Key),
    /// The nth reset by the administrator.
    Resets(u64),
    /// The nth time that logons are disabled, and enabled again.
    Disables(u64),
    Enables(u64),
    /// The nth time that the disk becomes slow, and fast again.
    SlowsDown(u64),
    SpeedsUp(u64),
}

impl Event {
    /// Whether it comes again and again, whatever the clients do.
    fn is_recurrent(self) -> bool {
        matches!(
            self,
            Event::Resets(_) | Event::Disables(_) | Event::SlowsDown(_)
        )
    }
}

/// An event and its time; of two at one time the one comes first that was foreseen first.
#[derive(PartialEq, Eq)]
struct Due {
    at: u64,
    nth: u64,
    event: Event,
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // The greatest comes first.
        (other.at, other.nth).cmp(&(self.at, self.nth))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// What is due, and when.
#[derive(Default)]
pub(super) struct Agenda {
    due: BinaryHeap<Due>,
    foreseen: u64,
    /// How many of them do not come again and again.
    once: usize,
}

impl Agenda {
    pub(super) fn add(&mut self, at: u64, event: Event) {
        self.foreseen += 1;
        self.once += usize::from(!event.is_recurrent());
        let nth = self.foreseen;
        self.due.push(Due { at, nth, event });
    }

    /// When the next event is due; `None` if nothing is but what comes again and again.
    pub(super) fn next(&self) -> Option<u64> {
        let next = self.due.peek().map(|due| due.at);
        next.filter(|_| self.once > 0)
    }

    /// Whether a client will come.
    pub(super) fn expects_clients(&self) -> bool {
        let comes = |event| matches!(event, Event::Arrives(_) | Event::ComesBack(..));
        self.due.iter().any(|due| comes(due.event))
    }

    /// Takes an event that is due by now.
    pub(super) fn take(&mut self, now: u64) -> Option<Event> {
        let is_due = self.due.peek().is_some_and(|due| due.at <= now);
        let event = is_due.then(|| self.due.pop()).flatten()?.event;
        self.once -= usize::from(!event.is_recurrent());
        Some(event)
    }

    /// When the next recurrent or other event is due, whatever it is.
    pub(super) fn next_of_all(&self) -> Option<u64> {
        self.due.peek().map(|due| due.at)
    }
}
