//! How many threads a scenario needs, and whether a checker holds them.

use super::Scenario;
use super::check::GROUP;
use super::error::{ErrorKind, ScenarioError, shortened};

impl Scenario {
    /// The threads besides the harness: clients, administrators, cutters, timers, creation workers,
    /// one that wakes the others for no reason, if the scenario has that, and two for whom things take time: one that
    /// hangs up for who loses patience, and one that lets time pass.
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
            (if self.time.is_some() { 2 } else { 0 }, "timekeeper"),
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
