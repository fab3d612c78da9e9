//! From a simulation to a search of all states: the situation of a run in which something fell, without its times.
//!
//! A search tries every order, so it needs no times to find one that is wrong. What each client of the run did becomes its
//! script; whoever acts at some time in the run acts at any moment in the search.

use std::collections::BTreeSet;

use crate::scenario::{
    ActorName, Administrator, AdministratorOperation, Client, ClientOperation, ClientTimes, Cutter,
    End, Password, Plan, ResetTarget, Scaling, Scenario, ServerSettings, Timer, UserName,
};
use crate::simulate::faults::LOSES_PATIENCE;
use crate::simulate::result::Simulation;

/// How many clients are handed over at the most: a search of more has too many states.
const CLIENTS: usize = 5;

/// The situations of the last clients of a simulation in which something fell: of one of them, of two, and so on; each
/// also with one more client whose line breaks, if somebody lost patience.
#[must_use]
pub fn untimed(simulation: &Simulation) -> Vec<Scenario> {
    let plan = simulation.plan();
    let happened = |what: &str| simulation.happened(what) > 0;
    let mut all = Vec::new();
    for many in 1..=CLIENTS {
        let situation = |is_cut| situation(simulation, &plan, many, is_cut);
        all.extend(situation(false));
        if happened(LOSES_PATIENCE) {
            all.extend(situation(true));
        }
    }
    all.dedup();
    all
}

/// The situation of the last clients of a run.
fn situation(simulation: &Simulation, plan: &Plan, many: usize, is_cut: bool) -> Option<Scenario> {
    let scenario = &simulation.scenario;
    let last = simulation.clients();
    let arrivals: Vec<_> = plan.arrivals().take(last as usize).collect();
    let begin = arrivals.len().saturating_sub(many);
    let name = |text: String| ActorName::new(&text);
    let mut clients = Vec::new();
    let mut cutters = Vec::new();
    let mut timed = BTreeSet::new();
    for arrival in &arrivals[begin..] {
        let number = arrival.number;
        let mut script = vec![ClientOperation::Connect];
        let is_last = number + 1 == arrivals.len() as u64;
        let mut is_cut = is_cut && is_last;
        if !arrival.is_flood {
            script.push(ClientOperation::LogOn);
            match (plan.stay(number, 0), plan.end(number, 0)) {
                (None, _) => {}
                (Some(_), End::LogsOff) => script.push(ClientOperation::LogOff),
                (Some(_), End::Disconnects) => script.push(ClientOperation::Disconnect),
                (Some(_), End::Breaks | End::Vanishes) => is_cut = true,
            }
        } else {
            is_cut = true;
        }
        let client = name(format!("client-{number}"))?;
        if is_cut {
            cutters.push(Cutter {
                name: name(format!("cutter-{number}"))?,
                cuts: client.clone(),
                at: None,
            });
        }
        let user = UserName::new(&format!("user-{}", arrival.user))?;
        let leaves_a_session = is_cut || script.contains(&ClientOperation::Disconnect);
        if leaves_a_session && plan.time().disconnect_time_out.is_some() {
            timed.insert(user.clone());
        }
        clients.push(Client {
            name: client,
            script,
            hang_up: None,
            times: ClientTimes::default(),
            user,
            license: plan.license(number, 0).map(|(reply, _)| reply),
            password: match plan.has_wrong_password(number, 0) {
                true => Password::Wrong,
                false => Password::Right,
            },
        });
    }
    let timers = timed.into_iter().take(1).enumerate();
    let timers = timers.filter_map(|(nth, expires)| {
        Some(Timer {
            name: name(format!("timer-{}", nth + 1))?,
            expires,
        })
    });
    let timers = timers.collect();
    let mut administration = Vec::new();
    if plan.faults().reset_every.is_some() {
        let first = clients.first()?;
        administration.push(AdministratorOperation::Reset(ResetTarget::Client(
            first.name.clone(),
        )));
    }
    if plan.faults().disable_logons.is_some() {
        administration.push(AdministratorOperation::DisableLogons);
    }
    let failing = 1..=u32::try_from(clients.len()).ok()? + scenario.server.idle_pool;
    let built = Scenario {
        name: "handed-over".to_owned(),
        summary: "The situation of a simulation in which something fell, without its times."
            .to_owned(),
        source: "reconstruction".to_owned(),
        reaches: BTreeSet::new(),
        server: ServerSettings {
            failing_creations: match plan.faults().creation_fails {
                0 => BTreeSet::new(),
                _ => failing.take(1).collect(),
            },
            ..scenario.server.clone()
        },
        time: None,
        arrivals: Vec::new(),
        faults: crate::scenario::Faults::default(),
        slow_disks: Vec::new(),
        at_scale: Vec::new(),
        administrators: (!administration.is_empty())
            .then(|| {
                Some(Administrator {
                    name: name("admin".to_owned())?,
                    script: administration,
                    at: Vec::new(),
                })
            })
            .flatten()
            .into_iter()
            .collect(),
        clients,
        cutters: cutters.into_iter().take(2).collect(),
        timers,
        scaling: Scaling::default(),
    };
    let lawful = built.without_idle();
    lawful.check().is_ok().then_some(lawful)
}
