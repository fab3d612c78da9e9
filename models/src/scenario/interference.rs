//! Whether those who interfere make sense: administrators, cutters and timers, each aimed at
//! somebody who takes part.

use std::collections::BTreeSet;

use toml::Spanned;

use super::actor::{Administrator, AdministratorOperation, Cutter, ResetTarget, Timer};
use super::administration::WrittenAdministration;
use super::check::Check;
use super::crowd::Crowd;
use super::error::{ErrorKind, listed, quoted, suggestion};
use super::value::Text;

/// How many administrators, cutters or timers a scenario may have.
pub(super) const HELPERS: usize = 8;

/// How many cutters, where each acts at a time of its own.
const TIMED_CUTTERS: usize = 64;

impl Check<'_> {
    pub(super) fn administrators(&self, crowd: &Crowd) -> Vec<Administrator> {
        let written = &self.document.administrators;
        if let Some(last) = written.last() {
            self.length("administrators", written.len(), 0..=HELPERS, last.span());
        }
        let mut administrators = Vec::new();
        for (administrator, name) in written.iter().zip(&crowd.administrators) {
            let written = &administrator.as_ref().script;
            let at = administrator.as_ref().at.as_ref();
            self.script_length(written.as_ref().len(), written.span());
            let mut script = Vec::new();
            for operation in written.as_ref() {
                script.extend(self.administration(operation.as_ref(), crowd));
            }
            administrators.push(Administrator {
                name: name.clone(),
                at: at.map_or_else(Vec::new, |at| {
                    self.dates(at, administrator.as_ref().script.as_ref().len())
                }),
                script,
            });
        }
        administrators
    }

    fn administration(
        &self,
        written: &WrittenAdministration,
        crowd: &Crowd,
    ) -> Option<AdministratorOperation> {
        Some(match written {
            WrittenAdministration::DisableLogons => AdministratorOperation::DisableLogons,
            WrittenAdministration::EnableLogons => AdministratorOperation::EnableLogons,
            WrittenAdministration::Reset(name) => {
                let text = &name.as_ref().0;
                let clients = crowd.clients.iter().map(|client| client.name.as_str());
                let users = crowd.clients.iter().map(|client| client.user.as_str());
                AdministratorOperation::Reset(if let Some(client) = crowd.client(text) {
                    ResetTarget::Client(client.name.clone())
                } else if let Some(user) = crowd.user(text) {
                    ResetTarget::User(user.clone())
                } else {
                    self.unknown("client or user", name, clients.chain(users), crowd);
                    return None;
                })
            }
        })
    }

    pub(super) fn cutters(&self, crowd: &Crowd) -> Vec<Cutter> {
        let written = &self.document.cutters;
        if let Some(last) = written.last() {
            self.length(
                "cutters",
                written.len(),
                self.cutters_at_most(),
                last.span(),
            );
        }
        let mut cutters = Vec::new();
        for (cutter, name) in written.iter().zip(&crowd.cutters) {
            let cuts = &cutter.as_ref().cuts;
            let Some(client) = crowd.client(&cuts.as_ref().0) else {
                let clients = crowd.clients.iter().map(|client| client.name.as_str());
                self.unknown("client", cuts, clients, crowd);
                continue;
            };
            cutters.push(Cutter {
                name: name.clone(),
                cuts: client.name.clone(),
                at: self.moment(&cutter.as_ref().at),
            });
        }
        cutters
    }

    pub(super) fn timers(&self, crowd: &Crowd) -> Vec<Timer> {
        let written = &self.document.timers;
        if let Some(last) = written.last() {
            self.length("timers", written.len(), 0..=HELPERS, last.span());
        }
        let mut timers = Vec::new();
        for (timer, name) in written.iter().zip(&crowd.timers) {
            let expires = &timer.as_ref().expires;
            let Some(user) = crowd.user(&expires.as_ref().0) else {
                let users = crowd.clients.iter().map(|client| client.user.as_str());
                self.unknown("user", expires, users, crowd);
                continue;
            };
            timers.push(Timer {
                name: name.clone(),
                expires: user.clone(),
            });
        }
        timers
    }

    fn cutters_at_most(&self) -> std::ops::RangeInclusive<usize> {
        match self.document.time {
            Some(_) => 0..=TIMED_CUTTERS,
            None => 0..=HELPERS,
        }
    }

    /// When an administrator or a cutter acts.
    fn moment(&self, written: &Option<Spanned<Text>>) -> Option<u64> {
        let written = written.as_ref()?;
        if self.document.time.is_none() {
            self.needs_time("at", written.span());
        }
        Some(self.time_of("at", written, 1))
    }

    fn unknown<'n>(
        &self,
        what: &str,
        written: &Spanned<Text>,
        known: impl Iterator<Item = &'n str>,
        crowd: &Crowd,
    ) {
        if !crowd.is_whole {
            // It may be one of those who are not known.
            return;
        }
        let known: BTreeSet<&str> = known.collect();
        let text = &written.as_ref().0;
        self.wrong(
            ErrorKind::UnknownName,
            written.span(),
            format!(
                "there is no {what} {}; expected one of {}{}",
                quoted(text),
                listed(&known),
                suggestion(text, &known)
            ),
        );
    }
}
