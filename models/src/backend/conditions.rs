//! Who sleeps on which condition of a monitor, and who of them is woken.
//!
//! Each sleeper has a bed and a ticket of its own. Whoever is woken has its ticket taken away under the lock of the
//! monitor, before its bed is notified: so a tool that wakes somebody else, or nobody in particular, changes nothing.

use logon_core::primitives::{Condition, Wake};
use logon_sim::Chosen;

use super::admission::Pending;
use super::recorder::Recorder;
use super::tool::Tool;

/// Which sleep of all those at a monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket(u64);

/// Somebody asleep on a condition.
pub(super) struct Sleeper<T: Tool> {
    ticket: Ticket,
    condition: Condition,
    /// The actor, where one is known.
    pub(super) actor: Option<usize>,
    pub(super) bed: T::Bed,
}

/// All who are asleep on the conditions of a monitor, in the order in which they fell asleep.
pub(super) struct Named<T: Tool> {
    sleepers: Vec<Sleeper<T>>,
    next: u64,
}

impl<T: Tool> Default for Named<T> {
    fn default() -> Self {
        Self {
            sleepers: Vec::new(),
            next: 0,
        }
    }
}

impl<T: Tool> Named<T> {
    /// Somebody falls asleep.
    pub(super) fn lie_down(
        &mut self,
        condition: Condition,
        actor: Option<usize>,
        bed: T::Bed,
    ) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        self.sleepers.push(Sleeper {
            ticket,
            condition,
            actor,
            bed,
        });
        ticket
    }

    /// Whether its owner is still to sleep.
    pub(super) fn has(&self, ticket: Ticket) -> bool {
        self.sleepers.iter().any(|sleeper| sleeper.ticket == ticket)
    }

    /// Those on the condition that is named, the actors in order of their announcement.
    pub(super) fn waiting(&self, wake: Wake) -> Vec<(Option<usize>, Ticket)> {
        let (Wake::One(condition) | Wake::All(condition)) = wake else {
            return Vec::new();
        };
        let on_it = self
            .sleepers
            .iter()
            .filter(|sleeper| sleeper.condition == condition);
        let mut waiting: Vec<_> = on_it
            .map(|sleeper| (sleeper.actor, sleeper.ticket))
            .collect();
        waiting.sort_by_key(|(actor, ticket)| (*actor, ticket.0));
        waiting
    }

    /// Whom a step wakes of those who may be.
    ///
    /// # Errors
    ///
    /// Why the tool cannot choose among several.
    pub(super) fn choose(
        wake: Wake,
        may_be: Vec<(Option<usize>, Ticket)>,
        recorder: Option<&Recorder>,
        pending: Option<&mut Pending>,
        monitor: &str,
    ) -> Result<Vec<Ticket>, String> {
        let Wake::One(condition) = wake else {
            return Ok(may_be.into_iter().map(|(_, ticket)| ticket).collect());
        };
        let (Some(recorder), Some(pending)) = (recorder, pending) else {
            // Nobody records it: who fell asleep first.
            let first = may_be.into_iter().map(|(_, ticket)| ticket);
            return Ok(first.min_by_key(|ticket| ticket.0).into_iter().collect());
        };
        let named =
            |(actor, _): &(Option<usize>, Ticket)| actor.map(|place| recorder.name_of(place));
        let scheduled = pending.scheduled.as_ref().and_then(|chosen| match chosen {
            Chosen::Woken(name) => may_be
                .iter()
                .position(|sleeper| named(sleeper).as_ref() == Some(name)),
            Chosen::Value(_) => None,
        });
        if pending.scheduled.is_some() && scheduled.is_none() {
            recorder.cannot_choose(pending);
        }
        let place = match (scheduled, may_be.len()) {
            (Some(place), _) => place,
            (None, 0) => return Ok(Vec::new()),
            (None, 1) => 0,
            (None, several) => {
                let bound = u32::try_from(several).expect("fewer than 2^32 actors");
                let drawn = match recorder.published {
                    None => T::draw(recorder, pending.actor, bound),
                    Some(_) => None,
                };
                match drawn {
                    Some(drawn) => drawn as usize,
                    None => return Err(refusal(condition, monitor, several)),
                }
            }
        };
        if let Some(name) = named(&may_be[place]) {
            pending.choose(Chosen::Woken(name));
        }
        Ok(vec![may_be[place].1])
    }

    /// Takes these tickets away.
    pub(super) fn take(&mut self, tickets: &[Ticket]) -> Vec<Sleeper<T>> {
        let is_taken = |sleeper: &mut Sleeper<T>| tickets.contains(&sleeper.ticket);
        self.sleepers.extract_if(.., is_taken).collect()
    }

    /// Takes all tickets away.
    pub(super) fn take_all(&mut self) -> Vec<Sleeper<T>> {
        std::mem::take(&mut self.sleepers)
    }
}

/// How the refusal begins.
const REFUSED: &str = "`Wake::One` of the";

/// How shuttle's depth-first scheduler refuses to draw a number.
const DEPTH_FIRST: &str = "requested random data from DFS scheduler";

/// Whether a panic with this message says that a tool cannot do what the program asks for.
pub(crate) fn is_refusal(message: &str) -> bool {
    message.starts_with(REFUSED) || message.starts_with(DEPTH_FIRST)
}

/// Why a tool that explores no choices cannot go on.
fn refusal(condition: Condition, monitor: &str, several: usize) -> String {
    format!(
        "{REFUSED} {several} who sleep on `{condition}` of `{monitor}` is refused: this tool cannot try in \
         every way which one is woken. Wake all of them (`Wake::All`), or check with `exhaustive`, `random` or \
         `shuttle`"
    )
}
