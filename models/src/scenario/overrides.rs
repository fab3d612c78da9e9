//! Numbers that the command line may put in place of a scenario's own.

use std::ops::RangeInclusive;

use super::check::{CREATION_WORKERS, GROUP, IDLE_POOL, MAX_CONNECTIONS, SPURIOUS_WAKES};
use super::document::Document;
use super::error::{ErrorKind, ScenarioError};
use super::source::Source;
use super::value::{Whole, WrittenLimit};
use super::write::unplaced;
use super::{LimitRelation, Scenario};

/// What to put in place of a scenario's own numbers; nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Overrides {
    /// How many clients the scenario's one group has.
    pub clients: Option<u32>,
    /// How many idle sessions the server keeps.
    pub idle_pool: Option<u32>,
    /// How many connections the server admits at a time. Replaces a relation to the number of
    /// clients too.
    pub max_connections: Option<u32>,
    /// How many sessions can be created at a time.
    pub creation_workers: Option<u32>,
    /// How many times everybody who waits for the server is woken for no reason.
    pub spurious_wakes: Option<u32>,
}

impl Scenario {
    /// The scenario with these numbers in place of its own. A limit on connections that is
    /// related to the number of clients keeps the relation.
    pub fn with(&self, overrides: &Overrides) -> Result<Self, ScenarioError> {
        let mut document = Document::from(self);
        if let Some(count) = overrides.clients {
            self.within("--clients", count, GROUP)?;
            let group = self
                .scaling
                .group
                .and_then(|g| document.clients.get_mut(g.first));
            let Some(group) = group else {
                let message = format!(
                    "--clients {count} does not say which clients; expected a scenario with \
                     exactly one [[client]] table that has count"
                );
                return Err(self.refused(message));
            };
            let relation = self.scaling.limit;
            let others = self
                .clients
                .len()
                .saturating_sub(self.scaling.group.map_or(0, |g| g.count));
            let nobody_admitted = relation == LimitRelation::ClientsExceptOne
                && overrides.max_connections.is_none()
                && others + count as usize == 1;
            if nobody_admitted {
                let message = format!(
                    "--clients {count} leaves no connection, because max-connections is \
                     \"clients - 1\"; expected more clients, or --max-connections as well"
                );
                return Err(self.refused(message));
            }
            group.get_mut().count = Some(unplaced(Whole(count.into())));
        }
        let server = &mut document.server;
        if let Some(number) = overrides.idle_pool {
            self.within("--idle-pool", number, IDLE_POOL)?;
            server.idle_pool = Some(unplaced(Whole(number.into())));
        }
        if let Some(number) = overrides.max_connections {
            self.within("--max-connections", number, MAX_CONNECTIONS)?;
            server.max_connections = Some(unplaced(WrittenLimit::Number(number.into())));
        }
        if let Some(number) = overrides.creation_workers {
            self.within("--creation-workers", number, CREATION_WORKERS)?;
            server.creation_workers = Some(unplaced(Whole(number.into())));
        }
        if let Some(number) = overrides.spurious_wakes {
            self.within("--spurious-wakes", number, SPURIOUS_WAKES)?;
            server.spurious_wakes = Some(unplaced(Whole(number.into())));
        }
        let resolved = document.resolve(&Source::unwritten(&self.name));
        let mut scenario = resolved.map_err(|error| match error.kind() {
            // The scenario was lawful, so it is the numbers that leave no room for it.
            ErrorKind::NeverActs => self.refused(format!("with these numbers {}", error.message())),
            _ => error,
        })?;
        if scenario.server != self.server || scenario.clients != self.clients {
            // What is reached with the scenario's own numbers may not be reached with these.
            scenario.reaches.clear();
            let count = scenario.clients.len();
            let s = if count == 1 { "" } else { "s" };
            // What the summary says of numbers may no longer be so.
            scenario.summary = format!(
                "As {}, with {count} client{s} and an idle pool of {}.",
                scenario.name, scenario.server.idle_pool
            );
        }
        Ok(scenario)
    }

    fn within(
        &self,
        option: &str,
        number: u32,
        range: RangeInclusive<u32>,
    ) -> Result<(), ScenarioError> {
        if range.contains(&number) {
            return Ok(());
        }
        let (least, most) = (range.start(), range.end());
        Err(self.refused(format!(
            "{option} is {number}; expected a number from {least} to {most}"
        )))
    }

    fn refused(&self, message: String) -> ScenarioError {
        ScenarioError::new(ErrorKind::Override, &self.name, message)
    }
}
