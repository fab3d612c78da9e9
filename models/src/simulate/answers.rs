//! What becomes of a client, a set-up and a license when the world is asked, or told what a call returned.

use logon_core::{Claim, LogonId, UserId};
use logon_sim::timed::Key;

use super::agenda::Event;
use super::client::Phase;
use super::witness::heard;
use super::world::World;
use crate::judge::Answer;
use crate::scenario::{Arrival, End, LicenseReply};

/// After so many milliseconds at the least, an hour, a call that waits for a license service that never replies is let go: a
/// call that went on for ever would keep its stack. Its client has lost patience long before.
const LET_GO: u64 = 60 * 60 * 1_000;

impl World {
    /// `connect` has returned.
    pub(super) fn is_answered_about_its_prompt(&mut self, logon: LogonId, answer: Answer) {
        self.has_answer(logon, answer);
        let client = *self.clients.get(logon).expect("its call is under way");
        let now = self.now;
        match (client.phase, answer) {
            (Phase::Connecting, Answer::Prompt(_)) => {
                self.tally.served(now, now - client.arrived);
                self.happened.saw_prompts += 1;
                if client.is_flood {
                    self.happened.hung_up_at_prompt += 1;
                    self.agenda.add(now, Event::KeepAlive(logon));
                    self.set_phase(logon, Phase::Leaving);
                } else {
                    self.set_phase(logon, Phase::AtPrompt);
                    let think = self.plan.think(client.number, client.attempt);
                    self.agenda.add(now + think, Event::LogsOn(logon));
                }
            }
            (Phase::Connecting, Answer::Ended(ending)) => {
                self.tally.count(now, |outcomes| outcomes.ended(ending));
                self.may_come_back(logon);
                self.is_gone(logon);
            }
            _ => self.is_gone(logon),
        }
        self.has_returned(logon);
    }

    /// `log_on` has returned.
    pub(super) fn is_answered_about_its_user(&mut self, logon: LogonId, answer: Answer) {
        self.has_answer(logon, answer);
        let client = *self.clients.get(logon).expect("its call is under way");
        let now = self.now;
        match answer {
            Answer::Home(_) => {
                self.tally.count(now, |outcomes| outcomes.logged_on += 1);
                if let Some(stay) = self.plan.stay(client.number, client.attempt) {
                    self.agenda.add(now + stay, Event::Ends(logon));
                }
            }
            Answer::Ended(ending) => {
                self.tally.count(now, |outcomes| outcomes.ended(ending));
                self.is_gone(logon);
            }
            _ => {}
        }
        self.has_returned(logon);
    }

    /// Whom the user of this logon says it is: nobody, if the password is wrong.
    pub(super) fn credentials(&mut self, logon: LogonId) -> Option<UserId> {
        let client = *self.clients.get(logon).expect("it is at its prompt");
        let is_wrong = self.plan.has_wrong_password(client.number, client.attempt);
        self.happened.wrong_passwords += u64::from(is_wrong);
        (!is_wrong).then_some(client.user)
    }

    /// What the license service will reply, and after how long; `None` if it is not asked.
    pub(super) fn asks_for_a_license(
        &mut self,
        logon: LogonId,
        key: Key,
    ) -> Option<(LicenseReply, u64)> {
        let client = self.clients.get_mut(logon)?;
        let (number, attempt) = (client.number, client.attempt);
        let (reply, after) = self.plan.license(number, attempt)?;
        client.awaits_license = true;
        let after = match reply {
            LicenseReply::Granted => after,
            LicenseReply::Denied => {
                self.happened.licenses_denied += 1;
                after
            }
            LicenseReply::NeverAnswered => {
                self.happened.licenses_never += 1;
                LET_GO.max(2 * self.plan.patience(number))
            }
        };
        if after > 0 {
            let until = self.now + after;
            self.agenda.add(until, Event::Wakes(key));
        }
        Some((reply, after))
    }

    pub(super) fn has_a_reply(&mut self, logon: LogonId) {
        if let Some(client) = self.clients.get_mut(logon) {
            client.awaits_license = false;
        }
    }

    /// A creation begins; says whether its worker stalls first.
    pub(super) fn begins_a_creation(&mut self, claim: Claim, key: Key) -> bool {
        self.idle_workers -= 1;
        let generation = claim.generation.0;
        if self.plan.creation_fails(generation) {
            self.happened.creations_failed += 1;
            heard(|heard| heard.judge.creation_fails(claim.generation));
        }
        let Some(stall) = self.plan.stalls(generation) else {
            return false;
        };
        self.happened.workers_stalled += 1;
        self.goes_wrong();
        let until = self.now + stall;
        self.agenda.add(until, Event::Wakes(key));
        true
    }

    pub(super) fn stall_is_over(&mut self) {
        self.is_right_again();
    }

    pub(super) fn begins_a_set_up(&mut self, claim: Claim, key: Key) {
        let length = self.plan.set_up(claim.generation.0);
        let now = self.now;
        self.processors.begin(now, length, key);
    }

    /// Says whether the session was loaded.
    pub(super) fn ends_a_set_up(&mut self, claim: Claim) -> bool {
        self.idle_workers += 1;
        !self.plan.creation_fails(claim.generation.0)
    }

    pub(super) fn set_phase(&mut self, logon: LogonId, phase: Phase) {
        if let Some(client) = self.clients.get_mut(logon) {
            client.phase = phase;
        }
    }

    /// A client that was turned away, or lost patience, comes back in some cases.
    pub(super) fn may_come_back(&mut self, logon: LogonId) {
        let client = *self.clients.get(logon).expect("it is there");
        let (number, attempt) = (client.number, client.attempt);
        if client.is_flood || !self.plan.comes_back(number, attempt) {
            return;
        }
        self.happened.came_back += 1;
        let at = self.now + self.plan.back_off(number, attempt);
        let arrival = Arrival {
            number,
            at,
            user: client.user.0,
            is_flood: false,
        };
        self.agenda.add(at, Event::ComesBack(arrival, attempt + 1));
    }

    /// How a user's session ends.
    pub(super) fn end_of(&self, logon: LogonId) -> Option<End> {
        let client = self.clients.get(logon)?;
        Some(self.plan.end(client.number, client.attempt))
    }
}
