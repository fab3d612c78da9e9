//! Whether a document makes sense, and what it means: groups, shorthands and defaults filled in.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;

use super::document::{Document, ServerDocument};
use super::error::{ErrorKind, ScenarioError, Source, quoted};
use super::idle::{Idle, idle};
use super::situation::Situation;
use super::value::{Text, Whole, WrittenLimit};
use super::{LimitRelation, Scaling, Scenario, ServerSettings};

/// How many idle sessions a server may keep.
pub const IDLE_POOL: RangeInclusive<u32> = 0..=8;
/// The limit on connections, where there is one.
pub const MAX_CONNECTIONS: RangeInclusive<u32> = 1..=64;
/// How many sessions may be created at a time.
pub const CREATION_WORKERS: RangeInclusive<u32> = 1..=4;
/// How many times those who wait may be woken for no reason.
pub const SPURIOUS_WAKES: RangeInclusive<u32> = 0..=4;
/// How many clients a group may have.
pub const GROUP: RangeInclusive<u32> = 1..=16;
/// Which creations may be said to fail.
const CREATIONS: RangeInclusive<u32> = 1..=64;
/// How many operations a script may have, as written.
const SCRIPT: RangeInclusive<usize> = 1..=32;
/// How long a summary or a source may be.
const LONGEST_SENTENCE: usize = 400;
/// How long a scenario's name may be.
const LONGEST_TITLE: usize = 60;

impl Document {
    /// The scenario that the document means, or the first thing that is wrong with it.
    pub(super) fn resolve(&self, source: &Source<'_>) -> Result<Scenario, ScenarioError> {
        Check {
            source,
            document: self,
        }
        .scenario()
    }
}

/// A document under examination.
pub(super) struct Check<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) document: &'a Document,
}

impl Check<'_> {
    fn scenario(&self) -> Result<Scenario, ScenarioError> {
        let document = self.document;
        let name = self.title(&document.name)?;
        let summary = self.sentence("summary", &document.summary)?;
        let origin = self.sentence("source", &document.source)?;
        let crowd = self.crowd()?;
        let (server, limit) = self.server(&document.server, crowd.clients.len())?;
        let scenario = Scenario {
            name,
            summary,
            source: origin,
            reaches: self.reaches()?,
            administrators: self.administrators(&crowd)?,
            cutters: self.cutters(&crowd)?,
            timers: self.timers(&crowd)?,
            server,
            scaling: Scaling {
                group: crowd.group,
                limit,
            },
            clients: crowd.clients,
        };
        self.acts(&scenario)?;
        Ok(scenario)
    }

    fn reaches(&self) -> Result<BTreeSet<Situation>, ScenarioError> {
        let mut reaches = BTreeSet::new();
        for written in &self.document.reaches {
            if !reaches.insert(*written.as_ref()) {
                return Err(self.source.error(
                    ErrorKind::Contradiction,
                    written.span(),
                    format!(
                        "{} stands here twice; expected each situation once",
                        quoted(written.as_ref().words())
                    ),
                ));
            }
        }
        Ok(reaches)
    }

    /// Refuses what was written and acts in no order of events.
    fn acts(&self, scenario: &Scenario) -> Result<(), ScenarioError> {
        for Idle { part, message } in idle(scenario) {
            if let Some(span) = self.place(part) {
                return Err(self.source.error(ErrorKind::NeverActs, span, message));
            }
        }
        Ok(())
    }

    fn title(&self, written: &Spanned<Text>) -> Result<String, ScenarioError> {
        let text = &written.as_ref().0;
        let lawful = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let word = |word: &str| !word.is_empty() && word.chars().all(lawful);
        if text.len() <= LONGEST_TITLE && text.split('-').all(word) {
            return Ok(text.clone());
        }
        Err(self.source.error(
            ErrorKind::BadName,
            written.span(),
            format!(
                "{} cannot name a scenario; expected at most {LONGEST_TITLE} characters in kebab \
                 case, such as \"two-clients\"",
                quoted(text)
            ),
        ))
    }

    fn sentence(&self, key: &str, written: &Spanned<Text>) -> Result<String, ScenarioError> {
        let text = &written.as_ref().0;
        let length = text.chars().count();
        if length <= LONGEST_SENTENCE && !text.trim().is_empty() && !text.contains(char::is_control)
        {
            return Ok(text.clone());
        }
        Err(self.source.error(
            ErrorKind::OutOfRange,
            written.span(),
            format!(
                "the {key} is empty, too long or more than one line; expected 1 to \
                 {LONGEST_SENTENCE} characters on one line"
            ),
        ))
    }

    fn server(
        &self,
        written: &ServerDocument,
        clients: usize,
    ) -> Result<(ServerSettings, LimitRelation), ScenarioError> {
        let defaults = ServerSettings::default();
        let number = |key, written: &Option<Spanned<Whole>>, range, default| match written {
            Some(number) => self.number(key, number.as_ref().0, number.span(), range),
            None => Ok(default),
        };
        let (max_connections, limit) = self.limit(written, clients)?;
        let settings = ServerSettings {
            idle_pool: number(
                "idle-pool",
                &written.idle_pool,
                IDLE_POOL,
                defaults.idle_pool,
            )?,
            max_connections,
            creation_workers: number(
                "creation-workers",
                &written.creation_workers,
                CREATION_WORKERS,
                defaults.creation_workers,
            )?,
            reuse_ids: written
                .reuse_ids
                .as_ref()
                .map_or(defaults.reuse_ids, |f| f.as_ref().0),
            on_broken_line: written
                .on_broken_line
                .as_ref()
                .map_or(defaults.on_broken_line, |on| *on.as_ref()),
            failing_creations: self.failing_creations(written)?,
            logons_enabled: written
                .logons_enabled
                .as_ref()
                .map_or(defaults.logons_enabled, |f| f.as_ref().0),
            spurious_wakes: number(
                "spurious-wakes",
                &written.spurious_wakes,
                SPURIOUS_WAKES,
                defaults.spurious_wakes,
            )?,
        };
        Ok((settings, limit))
    }

    fn limit(
        &self,
        server: &ServerDocument,
        clients: usize,
    ) -> Result<(Option<u32>, LimitRelation), ScenarioError> {
        let Some(written) = &server.max_connections else {
            return Ok((None, LimitRelation::Independent));
        };
        let (number, relation) = match *written.as_ref() {
            WrittenLimit::Number(number) => (number, LimitRelation::Independent),
            WrittenLimit::Clients => (clients as i128, LimitRelation::Clients),
            WrittenLimit::ClientsExceptOne => {
                (clients as i128 - 1, LimitRelation::ClientsExceptOne)
            }
        };
        let number = self.number("max-connections", number, written.span(), MAX_CONNECTIONS)?;
        Ok((Some(number), relation))
    }

    fn failing_creations(&self, server: &ServerDocument) -> Result<BTreeSet<u32>, ScenarioError> {
        let mut failing = BTreeSet::new();
        for written in &server.failing_creations {
            let number = self.number(
                "failing-creations",
                written.as_ref().0,
                written.span(),
                CREATIONS,
            )?;
            if !failing.insert(number) {
                return Err(self.source.error(
                    ErrorKind::Contradiction,
                    written.span(),
                    format!("creation {number} is said to fail twice; expected each number once"),
                ));
            }
        }
        Ok(failing)
    }

    /// A number within its range.
    pub(super) fn number(
        &self,
        key: &str,
        number: i128,
        span: Range<usize>,
        range: RangeInclusive<u32>,
    ) -> Result<u32, ScenarioError> {
        match u32::try_from(number) {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(self.source.error(
                ErrorKind::OutOfRange,
                span,
                format!(
                    "{key} is {number}; expected a whole number from {} to {}",
                    range.start(),
                    range.end()
                ),
            )),
        }
    }

    /// Refuses a script or a list of actors that is empty or too long.
    pub(super) fn length(
        &self,
        what: &str,
        length: usize,
        range: RangeInclusive<usize>,
        span: Range<usize>,
    ) -> Result<(), ScenarioError> {
        if range.contains(&length) {
            return Ok(());
        }
        Err(self.source.error(
            ErrorKind::OutOfRange,
            span,
            format!(
                "there are {length} {what}; expected {} to {} of them",
                range.start(),
                range.end()
            ),
        ))
    }

    /// Refuses a script that is too long or has no operation at all.
    pub(super) fn script_length(
        &self,
        length: usize,
        span: Range<usize>,
    ) -> Result<(), ScenarioError> {
        self.length("operations in this script", length, SCRIPT, span)
    }
}
