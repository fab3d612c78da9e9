//! Whether a document makes sense, and what it means: groups, shorthands and defaults filled in.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;

use super::crowd::Crowd;
use super::document::{Document, ServerDocument};
use super::error::{ErrorKind, Mistake, ScenarioError, quoted};
use super::idle::{Idle, idle};
use super::repair::{Read, Spoiled};
use super::situation::Situation;
use super::source::Source;
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
pub(super) const CREATIONS: RangeInclusive<u32> = 1..=256;
/// How many operations a script may have, as written.
const SCRIPT: RangeInclusive<usize> = 1..=LONGEST_SCRIPT;
/// The same, as a number.
pub(super) const LONGEST_SCRIPT: usize = 32;
/// How long a summary or a source may be.
const LONGEST_SENTENCE: usize = 400;
/// How long a scenario's name may be.
const LONGEST_TITLE: usize = 60;

impl Document {
    /// The scenario that the document means.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub(super) fn resolve(self, source: &Source<'_>) -> Result<Scenario, ScenarioError> {
        let read = Read {
            document: self,
            mistakes: Vec::new(),
            spoiled: Spoiled::default(),
        };
        read.resolve(source)
    }
}

impl Read {
    /// The scenario that the document means.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, what was told before included.
    pub(super) fn resolve(self, source: &Source<'_>) -> Result<Scenario, ScenarioError> {
        let check = Check {
            source,
            document: &self.document,
            spoiled: &self.spoiled,
            mistakes: RefCell::new(self.mistakes),
        };
        let (scenario, unseen) = check.scenario();
        match ScenarioError::of(check.mistakes.into_inner(), unseen) {
            Some(error) => Err(error),
            None => Ok(scenario),
        }
    }
}

/// A document under examination. What is wrong is noted, and something lawful goes on in its place, so that everything
/// is looked at.
pub(super) struct Check<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) document: &'a Document,
    pub(super) spoiled: &'a Spoiled,
    mistakes: RefCell<Vec<Mistake>>,
}

impl Check<'_> {
    /// What the document means, if nothing is wrong with it, and what could not be looked at if something is.
    fn scenario(&self) -> (Scenario, Option<&'static str>) {
        let document = self.document;
        let crowd = self.crowd();
        let (server, limit) = self.server(&document.server, &crowd);
        let time = self.time();
        let arrivals = self.arrivals(time.as_ref());
        let slow_disks = self.slow_disks(time.as_ref());
        let mut scenario = Scenario {
            name: document.name.as_ref().0.clone(),
            summary: document.summary.as_ref().0.clone(),
            source: document.source.as_ref().0.clone(),
            reaches: BTreeSet::new(),
            administrators: self.administrators(&crowd),
            cutters: self.cutters(&crowd),
            timers: self.timers(&crowd),
            server,
            time,
            slow_disks,
            faults: self.faults(&arrivals),
            arrivals,
            at_scale: self.at_scale(time.as_ref()),
            scaling: Scaling {
                group: crowd.group,
                limit,
            },
            clients: crowd.clients,
        };
        let means_something = self.spoiled.is_nothing() && self.mistakes.borrow().is_empty();
        // Who takes part where clients are drawn, the seed decides.
        if means_something && scenario.arrivals.is_empty() {
            self.acts(&scenario);
        }
        self.title(&document.name);
        self.sentence("summary", &document.summary);
        self.sentence("source", &document.source);
        scenario.reaches = self.reaches();
        let unseen = "Whether a part can never act is looked at once these are mended.";
        (scenario, (!means_something).then_some(unseen))
    }

    /// Notes what is wrong, unless it may come of what was told before, or was told of another member of a group.
    pub(super) fn wrong(&self, kind: ErrorKind, span: Range<usize>, message: String) {
        let mut mistakes = self.mistakes.borrow_mut();
        let is_told = mistakes
            .iter()
            .any(|told| told.kind() == kind && told.offset() == Some(span.start));
        if !is_told && !self.spoiled.covers(&span) {
            mistakes.push(self.source.mistake(kind, span, message));
        }
    }

    fn reaches(&self) -> BTreeSet<Situation> {
        let mut reaches = BTreeSet::new();
        for written in &self.document.reaches {
            if !reaches.insert(*written.as_ref()) {
                self.wrong(
                    ErrorKind::Contradiction,
                    written.span(),
                    format!(
                        "{} stands here twice; expected each situation once",
                        quoted(written.as_ref().words())
                    ),
                );
            }
        }
        reaches
    }

    /// Refuses what was written and acts in no order of events.
    fn acts(&self, scenario: &Scenario) {
        for Idle { part, message } in idle(scenario) {
            if let Some(span) = self.place(part) {
                self.wrong(ErrorKind::NeverActs, span, message);
            }
        }
    }

    fn title(&self, written: &Spanned<Text>) {
        let text = &written.as_ref().0;
        let lawful = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let word = |word: &str| !word.is_empty() && word.chars().all(lawful);
        if text.len() <= LONGEST_TITLE && text.split('-').all(word) {
            return;
        }
        self.wrong(
            ErrorKind::BadName,
            written.span(),
            format!(
                "{} cannot name a scenario; expected at most {LONGEST_TITLE} characters in kebab \
                 case, such as \"two-clients\"",
                quoted(text)
            ),
        );
    }

    fn sentence(&self, key: &str, written: &Spanned<Text>) {
        let text = &written.as_ref().0;
        let length = text.chars().count();
        if length <= LONGEST_SENTENCE && !text.trim().is_empty() && !text.contains(char::is_control)
        {
            return;
        }
        self.wrong(
            ErrorKind::OutOfRange,
            written.span(),
            format!(
                "the {key} is empty, too long or more than one line; expected 1 to \
                 {LONGEST_SENTENCE} characters on one line"
            ),
        );
    }

    fn server(&self, written: &ServerDocument, crowd: &Crowd) -> (ServerSettings, LimitRelation) {
        let defaults = ServerSettings::default();
        let number = |key, written: &Option<Spanned<Whole>>, range, default| match written {
            Some(number) => self.number(key, number.as_ref().0, number.span(), range),
            None => default,
        };
        let (max_connections, limit) = self.limit(written, crowd);
        let settings = ServerSettings {
            idle_pool: number(
                "idle-pool",
                &written.idle_pool,
                IDLE_POOL,
                defaults.idle_pool,
            ),
            max_connections,
            creation_workers: number(
                "creation-workers",
                &written.creation_workers,
                CREATION_WORKERS,
                defaults.creation_workers,
            ),
            reuse_ids: written
                .reuse_ids
                .as_ref()
                .map_or(defaults.reuse_ids, |f| f.as_ref().0),
            on_broken_line: written
                .on_broken_line
                .as_ref()
                .map_or(defaults.on_broken_line, |on| *on.as_ref()),
            failing_creations: self.creations(
                "failing-creations",
                "fail",
                &written.failing_creations,
            ),
            stalling_creations: self.creations(
                "stalling-creations",
                "stall",
                &written.stalling_creations,
            ),
            logons_enabled: written
                .logons_enabled
                .as_ref()
                .map_or(defaults.logons_enabled, |f| f.as_ref().0),
            spurious_wakes: number(
                "spurious-wakes",
                &written.spurious_wakes,
                SPURIOUS_WAKES,
                defaults.spurious_wakes,
            ),
        };
        (settings, limit)
    }

    fn limit(&self, server: &ServerDocument, crowd: &Crowd) -> (Option<u32>, LimitRelation) {
        let Some(written) = &server.max_connections else {
            return (None, LimitRelation::Independent);
        };
        let clients = crowd.clients.len() as i128;
        let (number, relation) = match *written.as_ref() {
            WrittenLimit::Number(number) => (number, LimitRelation::Independent),
            WrittenLimit::Clients => (clients, LimitRelation::Clients),
            WrittenLimit::ClientsExceptOne => (clients - 1, LimitRelation::ClientsExceptOne),
        };
        if relation != LimitRelation::Independent && !crowd.is_whole {
            // How many clients there are is not known.
            return (None, relation);
        }
        if relation != LimitRelation::Independent && !self.document.arrivals.is_empty() {
            self.expect_no_arrivals("a number", "relation to the clients", written.span());
            return (None, relation);
        }
        let number = self.number("max-connections", number, written.span(), MAX_CONNECTIONS);
        (Some(number), relation)
    }

    /// The creations that are listed under `key`, where it is said that they do something.
    fn creations(&self, key: &str, verb: &str, list: &[Spanned<Whole>]) -> BTreeSet<u32> {
        let mut creations = BTreeSet::new();
        if let Some(first) = list.first() {
            if verb == "stall" && self.document.time.is_none() {
                self.needs_time(key, first.span());
            }
            let instead = match verb {
                "fail" => "creation-fails in [faults]",
                _ => "worker-stalls in [faults]",
            };
            self.expect_no_arrivals(instead, key, first.span());
        }
        for written in list {
            let number = self.number(key, written.as_ref().0, written.span(), CREATIONS);
            if !creations.insert(number) {
                self.wrong(
                    ErrorKind::Contradiction,
                    written.span(),
                    format!("creation {number} is said to {verb} twice; expected each number once"),
                );
            }
        }
        creations
    }

    /// A number within its range; where it is outside, the least one.
    pub(super) fn number(
        &self,
        key: &str,
        number: i128,
        span: Range<usize>,
        range: RangeInclusive<u32>,
    ) -> u32 {
        if let Ok(number) = u32::try_from(number)
            && range.contains(&number)
        {
            return number;
        }
        let (least, most) = range.into_inner();
        self.wrong(
            ErrorKind::OutOfRange,
            span,
            format!("{key} is {number}; expected a whole number from {least} to {most}"),
        );
        least
    }

    /// Refuses a script or a list of actors that is empty or too long.
    pub(super) fn length(
        &self,
        what: &str,
        length: usize,
        range: RangeInclusive<usize>,
        span: Range<usize>,
    ) {
        if !range.contains(&length) {
            let (least, most) = range.into_inner();
            self.wrong(
                ErrorKind::OutOfRange,
                span,
                format!("there are {length} {what}; expected {least} to {most} of them"),
            );
        }
    }

    /// Refuses a script that is too long or has no operation at all.
    pub(super) fn script_length(&self, length: usize, span: Range<usize>) {
        self.length("operations in this script", length, SCRIPT, span);
    }
}
