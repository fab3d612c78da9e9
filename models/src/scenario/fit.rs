//! How many threads a scenario needs, and whether a checker holds them.

use super::check::GROUP;
use super::error::{ErrorKind, ScenarioError, shortened};
use super::{Scenario, Time};

impl Scenario {
    /// The threads besides the harness: clients, administrators, cutters, timers, creation workers,
    /// one that wakes the others for no reason, if the scenario has that, and those who act for time, where things take it.
    pub fn actor_count(&self) -> usize {
        self.crew().iter().map(|(count, _)| count).sum()
    }

    /// Refuses a scenario with more actors than the checker holds besides its main thread.
    pub fn check_fits(&self, limit: usize, checker: &str) -> Result<(), ScenarioError> {
        let actors = self.actor_count();
        if actors <= limit {
            return Ok(());
        }
        let parts: Vec<String> = self
            .crew()
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        let message = format!(
            "the {actors} actors ({}) do not fit {}, which holds {limit} besides the main thread; \
             expected {}another checker, or a scenario with fewer actors",
            parts.join(", "),
            shortened(checker),
            self.fewer_clients(actors - limit)
        );
        Err(ScenarioError::new(
            ErrorKind::TooManyActors,
            &self.name,
            message,
        ))
    }

    /// The refusal of a checker that has no time.
    pub(crate) fn needs_time(&self, checker: &str, others: &str) -> ScenarioError {
        let message = format!(
            "{} has no time, and this scenario has a table for it; expected one of {others}, or a scenario without \
             [time]",
            shortened(checker)
        );
        ScenarioError::new(ErrorKind::NeedsTime, &self.name, message)
    }

    /// Who acts for time: one lets it pass, one hangs up for who loses patience, and one resets sessions that have been
    /// disconnected for long enough, where they are.
    fn timekeepers(&self) -> usize {
        let time_outs = |time: Time| usize::from(time.disconnect_time_out.is_some());
        self.time.map_or(0, |time| 2 + time_outs(time))
    }

    fn crew(&self) -> [(usize, &'static str); 7] {
        [
            (self.clients.len(), "client"),
            (self.administrators.len(), "administrator"),
            (self.cutters.len(), "cutter"),
            (self.timers.len(), "timer"),
            (self.server.creation_workers as usize, "creation worker"),
            (
                usize::from(self.server.spurious_wakes > 0),
                "spurious waker",
            ),
            (self.timekeepers(), "timekeeper"),
        ]
    }

    /// `--clients N, `, when dropping that many members of the group would do.
    fn fewer_clients(&self, surplus: usize) -> String {
        let smallest = *GROUP.start() as usize;
        match self
            .scaling
            .group
            .and_then(|group| group.count.checked_sub(surplus))
        {
            Some(count) if count >= smallest => format!("--clients {count}, "),
            _ => String::new(),
        }
    }
}
