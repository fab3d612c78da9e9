//! Which times are said in vain.

use super::super::actor::LicenseReply;
use super::super::course::Phase;
use super::super::error::quoted;
use super::super::script::ClientOperation;
use super::{Look, Part};

impl Look<'_> {
    /// The times of a client.
    pub(super) fn times(&mut self, index: usize) {
        let client = &self.scenario.clients[index];
        let course = self.courses[index];
        let script = &client.script[..course.length(client)];
        let stays = script
            .windows(2)
            .any(|pair| pair[0] == ClientOperation::LogOn);
        let replies = client.license.is_some()
            && client.license != Some(LicenseReply::NeverAnswered)
            && course.furthest() >= Phase::Licensing;
        let parts = [
            (
                Part::Think(index),
                "looks at a prompt and then logs on",
                "think",
                script.contains(&ClientOperation::LogOn),
            ),
            (
                Part::Stays(index),
                "does anything once it is logged on",
                "stays",
                stays,
            ),
            (
                Part::Patience(index),
                "waits for a prompt",
                "patience",
                course.furthest() > Phase::Away,
            ),
            (
                Part::LicenseAfter(index),
                "has a reply of the license service",
                "license-after",
                replies,
            ),
        ];
        for (part, what, key, acts) in parts {
            if !acts {
                let message = format!(
                    "the client {} never {what}; expected one that does, or no {key}",
                    quoted(client.name.as_str())
                );
                self.add(part, message);
            }
        }
    }

    /// The times of the server.
    pub(super) fn time(&mut self) {
        if self.scenario.server.stalling_creations.is_empty() {
            let message = "no worker stalls; expected stalling-creations in [server], or no stall";
            self.add(Part::Stall, message.to_owned());
        }
        let clients = 0..self.scenario.clients.len();
        if !clients
            .into_iter()
            .any(|index| self.leaves_a_session(index))
        {
            let message = "no session is ever disconnected; expected a client with \"disconnect\" in its script, or \
                           whose line breaks once logged on while on-broken-line = \"disconnect\", or no \
                           disconnect-time-out";
            self.add(Part::DisconnectTimeOut, message.to_owned());
        }
    }
}
