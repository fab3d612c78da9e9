//! A scenario with `[[arrivals]]` as an ordinary one: everything that is drawn is written out.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::actor::{
    ActorName, Administrator, AdministratorOperation, Client, ClientTimes, Password, ResetTarget,
    UserName,
};
use super::arriving::Arrival;
use super::check::{CREATIONS, LONGEST_SCRIPT};
use super::crowd::CLIENTS;
use super::error::{ErrorKind, ScenarioError};
use super::faults::Faults;
use super::interference::HELPERS;
use super::plan::{End, Plan};
use super::script::ClientOperation;
use super::slow_disk::{SLOW_TIMES, SlowTime};
use super::time::Time;
use super::{Scaling, Scenario};

/// How many operations all administrators together may have.
const OPERATIONS: usize = HELPERS * LONGEST_SCRIPT;

impl Scenario {
    /// The ordinary scenario that this one means under `seed`: without `[[arrivals]]` and `[faults]`, its clients and
    /// administrators with their times, its slow disks, and the creations that fail or stall, written out. Whatever
    /// [`Plan`] draws is the same; only that a client that was turned away comes back is left out, because whether one is
    /// turned away depends on the order of events. A scenario in which nobody is drawn means itself, under this seed.
    ///
    /// # Errors
    ///
    /// There are more clients, administrators or slow disks than an ordinary scenario may have.
    pub fn drawn(&self, seed: u32) -> Result<Scenario, ScenarioError> {
        let mut drawn = self.clone();
        if let Some(time) = &mut drawn.time {
            time.seed = seed;
        }
        let Some(plan) = Plan::of(&drawn) else {
            return Ok(drawn);
        };
        self.few("clients", plan.logons(), CLIENTS, "logons in [[arrivals]]")?;
        let arrivals: Vec<Arrival> = plan.arrivals().collect();
        drawn.clients = arrivals.iter().map(|one| client(&plan, one)).collect();
        drawn.administrators = self.drawn_administrators(&plan, &drawn.clients)?;
        drawn.slow_disks = self.drawn_slow_disks(&plan)?;
        let server = &mut drawn.server;
        server.failing_creations = CREATIONS.filter(|&one| plan.creation_fails(one)).collect();
        let stalling = CREATIONS.filter(|&one| plan.stalls(one).is_some());
        server.stalling_creations = stalling.collect();
        drawn.arrivals.clear();
        drawn.at_scale.clear();
        drawn.faults = Faults::default();
        drawn.scaling = Scaling::default();
        drawn.summary = format!(
            "The {} clients of {} that seed {seed} draws.",
            drawn.clients.len(),
            self.name
        );
        let defaults = Time::default();
        drawn.time = drawn.time.map(|time| Time {
            think: defaults.think,
            session: defaults.session,
            license: defaults.license,
            keep_alive: defaults.keep_alive,
            back_off: defaults.back_off,
            // Who is held up when, the order of events says.
            hold_up: defaults.hold_up,
            ..time
        });
        let drawn = drawn.without_idle();
        drawn.check()?;
        Ok(drawn)
    }

    /// The scenario as those play it that hold few actors: [drawn](Scenario::drawn) under its own seed, if clients are
    /// drawn in it.
    ///
    /// # Errors
    ///
    /// As [`Scenario::drawn`].
    pub fn as_played(self: &Arc<Self>) -> Result<Arc<Scenario>, ScenarioError> {
        match (self.time, self.arrivals.is_empty()) {
            (Some(time), false) => self.drawn(time.seed).map(Arc::new),
            _ => Ok(Arc::clone(self)),
        }
    }

    fn drawn_administrators(
        &self,
        plan: &Plan,
        clients: &[Client],
    ) -> Result<Vec<Administrator>, ScenarioError> {
        let users: BTreeSet<&UserName> = clients.iter().map(|client| &client.user).collect();
        let mut all = Vec::new();
        let resets = (0..).map_while(|nth| Some((plan.reset_at(nth)?, plan.whom_it_resets(nth))));
        for (at, user) in resets {
            // Nobody finds a session of a user who is not there.
            let user = user_name(user);
            if users.contains(&user) {
                all.push((at, AdministratorOperation::Reset(ResetTarget::User(user))));
            }
            if all.len() > OPERATIONS {
                break;
            }
        }
        let disabled = (0..).map_while(|nth| plan.disabled(nth));
        for (from, until) in disabled.take(OPERATIONS) {
            all.push((from, AdministratorOperation::DisableLogons));
            all.push((until, AdministratorOperation::EnableLogons));
        }
        all.sort_by_key(|(at, _)| *at);
        let keys = "resets or disabled logons in [faults]";
        let what = "operations of administrators";
        self.few(what, all.len() as u64, OPERATIONS, keys)?;
        let named = (1..).zip(all.chunks(LONGEST_SCRIPT));
        let named = named.map(|(number, part)| Administrator {
            name: name(&format!("admin-{number}")),
            at: part.iter().map(|(at, _)| *at).collect(),
            script: part
                .iter()
                .map(|(_, operation)| operation.clone())
                .collect(),
        });
        Ok(named.collect())
    }

    fn drawn_slow_disks(&self, plan: &Plan) -> Result<Vec<SlowTime>, ScenarioError> {
        let times = (0..).map_while(|nth| plan.slow(nth));
        let times = times.map(|(from, until, factor)| SlowTime {
            from,
            until,
            factor,
        });
        let times: Vec<SlowTime> = times.take(SLOW_TIMES + 1).collect();
        let key = "slow disks in [faults]";
        self.few("slow disks", times.len() as u64, SLOW_TIMES, key)?;
        Ok(times)
    }

    /// Refuses more of something than an ordinary scenario has.
    fn few(&self, what: &str, number: u64, most: usize, key: &str) -> Result<(), ScenarioError> {
        if number <= most as u64 {
            return Ok(());
        }
        let message = format!(
            "more than {most} {what} are drawn, which the checkers do not hold; expected `simulate`, or fewer {key}"
        );
        Err(ScenarioError::new(
            ErrorKind::TooManyActors,
            &self.name,
            message,
        ))
    }
}

fn client(plan: &Plan, arrival: &Arrival) -> Client {
    let number = arrival.number;
    let mut script = vec![ClientOperation::Connect];
    let mut stays = 0;
    match (arrival.is_flood, plan.stay(number, 0)) {
        (true, _) => script.push(ClientOperation::HangUp),
        (false, None) => script.push(ClientOperation::LogOn),
        (false, Some(stay)) => {
            let end = plan.end(number, 0);
            script.push(ClientOperation::LogOn);
            script.push(match end {
                End::LogsOff => ClientOperation::LogOff,
                End::Disconnects => ClientOperation::Disconnect,
                End::Breaks | End::Vanishes => ClientOperation::HangUp,
            });
            stays = stay
                + match end {
                    End::Vanishes => plan.time().keep_alive,
                    _ => 0,
                };
        }
    }
    let license = plan.license(number, 0);
    let patience = plan.patience(number);
    Client {
        name: name(&format!("client-{}", number + 1)),
        user: user_name(arrival.user),
        script,
        license: license.map(|(reply, _)| reply),
        password: match plan.has_wrong_password(number, 0) {
            true => Password::Wrong,
            false => Password::Right,
        },
        hang_up: None,
        times: ClientTimes {
            arrives: arrival.at,
            think: plan.think(number, 0),
            stays,
            patience: (patience != plan.time().patience).then_some(patience),
            license_after: license.map_or(0, |(_, after)| after),
        },
    }
}

/// The name of the user of this number. No client has it, so that whoever resets a session of this user means no other.
fn user_name(number: u32) -> UserName {
    let name = format!("user-{}", u64::from(number) + 1);
    UserName::new(&name).expect("letters, digits and a dash may name a user")
}

fn name(text: &str) -> ActorName {
    ActorName::new(text).expect("letters, digits and a dash may name an actor")
}
