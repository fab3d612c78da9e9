//! What a client says in vain.

use super::super::actor::HangUpPhase;
use super::super::course::{Phase, first_connection_logs_on};
use super::super::error::quoted;
use super::super::script::{ClientOperation, WrittenOperation};
use super::{Look, Part};

impl Look<'_> {
    pub(super) fn client(&mut self, index: usize) {
        self.times(index);
        let client = &self.scenario.clients[index];
        let course = self.courses[index];
        let (name, why) = (quoted(client.name.as_str()), course.why());
        if let Some(phase) = client.hang_up
            && let Some(why) = self.never_hangs_up(index, phase)
        {
            self.add(
                Part::HangUp(index),
                format!(
                    "the client {name} never hangs up there: {why}; expected a moment that it comes \
                     to, or no hang-up"
                ),
            );
        }
        if let Some(operation) = client.script.get(course.length(client)) {
            self.add(
                Part::Script(index, course.length(client)),
                format!(
                    "the client {name} never comes to this {}: {why}; expected the end of its \
                     script here",
                    quoted(WrittenOperation::from(*operation).word())
                ),
            );
        }
        if course.furthest() < Phase::Licensing {
            let message = format!(
                "the license service is never asked for the client {name}: {why}; expected no \
                 license"
            );
            self.add(Part::License(index), message);
        }
        if course.furthest() < Phase::Authenticating {
            for (part, what) in [
                (Part::Password(index), "password"),
                (Part::User(index), "user"),
            ] {
                let way_out = if client.script.contains(&ClientOperation::LogOn) {
                    String::new()
                } else {
                    "\"log-on\" in its script, or ".to_owned()
                };
                let message = format!(
                    "the client {name} never gives its {what}: {why}; expected {way_out}no {what}"
                );
                self.add(part, message);
            }
        }
    }

    /// Why the line of a client is never asked at the moment at which it hangs up.
    fn never_hangs_up(&self, index: usize, phase: HangUpPhase) -> Option<&'static str> {
        let client = &self.scenario.clients[index];
        let course = &self.courses[index];
        let furthest = course.furthest();
        match phase {
            HangUpPhase::BeforeArrival => None,
            HangUpPhase::Admitted => (furthest < Phase::Admitted).then(|| course.why()),
            HangUpPhase::Claimed => (furthest < Phase::Claimed).then(|| course.why()),
            HangUpPhase::AtPrompt | HangUpPhase::Arbitrating
                if !first_connection_logs_on(client) =>
            {
                Some("its first connection has no \"log-on\", before and after which it is asked")
            }
            HangUpPhase::AtPrompt => (furthest < Phase::AtPrompt).then(|| course.why()),
            HangUpPhase::Arbitrating if furthest < Phase::LoggedOn => Some(course.why()),
            HangUpPhase::Arbitrating => (!self.others_leave_a_session(index)).then_some(
                "no other client of its user may leave a disconnected session to go back to",
            ),
        }
    }

    /// Whether another client of the same user may leave a disconnected session.
    fn others_leave_a_session(&self, index: usize) -> bool {
        let user = &self.scenario.clients[index].user;
        self.clients_of(user)
            .any(|other| other != index && self.leaves_a_session(other))
    }
}
