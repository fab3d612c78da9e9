//! What administrators, cutters and timers do in vain.

use super::super::AdministratorOperation;
use super::super::actor::ResetTarget;
use super::super::course::Phase;
use super::super::error::quoted;
use super::{Look, Part};

impl Look<'_> {
    pub(super) fn administrators(&mut self) {
        for (index, administrator) in self.scenario.administrators.iter().enumerate() {
            for (place, operation) in administrator.script.iter().enumerate() {
                let message = match operation {
                    AdministratorOperation::Reset(target) => self.never_hits(target),
                    AdministratorOperation::EnableLogons => self.never_switches(index, place, true),
                    AdministratorOperation::DisableLogons => {
                        self.never_switches(index, place, false)
                    }
                };
                if let Some(message) = message {
                    self.add(Part::Administration(index, place), message);
                }
            }
        }
    }

    fn never_hits(&self, target: &ResetTarget) -> Option<String> {
        let clients = &self.scenario.clients;
        let (user, own, what, why) = match target {
            ResetTarget::User(user) => {
                let first = self.clients_of(user).next()?;
                let client = quoted(clients[first].name.as_str());
                let why = self.courses[first].why();
                let why = format!(", as its client {client} comes no further: {why}");
                (user, false, "user", why)
            }
            ResetTarget::Client(name) => {
                let index = clients.iter().position(|client| client.name == *name)?;
                let course = &self.courses[index];
                let own = course.furthest() >= Phase::Claimed;
                (
                    &clients[index].user,
                    own,
                    "client",
                    format!(": {}", course.why()),
                )
            }
        };
        let logs_on = |index: usize| self.courses[index].furthest() == Phase::LoggedOn;
        let hits = own || self.clients_of(user).any(logs_on);
        (!hits).then(|| {
            format!(
                "the {what} {} never has a session to reset{why}; expected one that comes so far, or \
                 no reset",
                quoted(target.as_str())
            )
        })
    }

    /// Whether an operation that enables or disables logons finds them so in every order.
    fn never_switches(&self, index: usize, place: usize, enables: bool) -> Option<String> {
        use AdministratorOperation::{DisableLogons, EnableLogons};
        let opposite = if enables { DisableLogons } else { EnableLogons };
        let script = &self.scenario.administrators[index].script[..place];
        let others = self.scenario.administrators.iter().enumerate();
        let by_another = others
            .filter(|(other, _)| *other != index)
            .any(|(_, other)| other.script.contains(&opposite));
        let mut before = script.iter().rev();
        let before = before.find(|operation| matches!(operation, EnableLogons | DisableLogons));
        let by_itself = match before {
            Some(before) => *before == opposite,
            None => self.scenario.server.logons_enabled != enables,
        };
        let word = if enables { "enabled" } else { "disabled" };
        if !self.somebody_arrives() {
            return Some(format!(
                "no client arrives, so that it does not matter whether logons are {word}; expected \
                 one that does, or no \"{}-logons\"",
                &word[..word.len() - 1]
            ));
        }
        let verb = &word[..word.len() - 1];
        let cause = match before {
            Some(_) => format!("\"{verb}-logons\" before it"),
            None => format!("logons-enabled = {enables}"),
        };
        (!by_another && !by_itself).then(|| {
            format!(
                "logons are {word} already ({cause}), whatever happens before; expected no \
                 \"{verb}-logons\" here"
            )
        })
    }

    pub(super) fn cutters(&mut self) {
        for (index, cutter) in self.scenario.cutters.iter().enumerate() {
            let clients = self.scenario.clients.iter().zip(&self.courses);
            let mut cut = clients.filter(|(client, _)| client.name == cutter.cuts);
            let never = cut.find(|(_, course)| course.furthest() < Phase::Admitted);
            if let Some((client, course)) = never {
                let message = format!(
                    "the client {} has no line to cut: {}; expected a client that is admitted, or no \
                     cutter",
                    quoted(client.name.as_str()),
                    course.why()
                );
                self.add(Part::Cutter(index), message);
            }
        }
    }

    pub(super) fn timers(&mut self) {
        for (index, timer) in self.scenario.timers.iter().enumerate() {
            let leaves = self
                .clients_of(&timer.expires)
                .any(|client| self.leaves_a_session(client));
            if !leaves {
                let message = format!(
                    "no session of the user {} is ever disconnected, so none can expire; expected a \
                     client of that user with \"disconnect\" in its script, or whose line breaks once \
                     logged on while on-broken-line = \"disconnect\"",
                    quoted(timer.expires.as_str())
                );
                self.add(Part::Timer(index), message);
            }
        }
    }
}
