//! Taking away what acts in no order of events.

use super::super::actor::{Password, UserName};
use super::super::{Scenario, ServerSettings, Time};
use super::{Idle, Part, idle};

/// Takes away everything that acts in no order of events.
pub(in crate::scenario) fn without_idle(mut scenario: Scenario) -> Scenario {
    // What one part needed may be idle without it. Each round takes something away, so this ends.
    loop {
        let before = scenario.clone();
        // The last first, so that the places of the others stay.
        for Idle { part, .. } in idle(&before).into_iter().rev() {
            take(&mut scenario, part);
        }
        scenario
            .administrators
            .retain(|administrator| !administrator.script.is_empty());
        if scenario == before {
            return scenario;
        }
    }
}

fn take(scenario: &mut Scenario, part: Part) {
    let usual = ServerSettings::default();
    let server = &mut scenario.server;
    match part {
        Part::User(index) => {
            let client = &mut scenario.clients[index];
            client.user = UserName::new(client.name.as_str())
                .expect("actors and users are named by the same rule");
        }
        Part::License(index) => scenario.clients[index].license = None,
        Part::Password(index) => scenario.clients[index].password = Password::default(),
        Part::HangUp(index) => scenario.clients[index].hang_up = None,
        Part::Script(index, length) => scenario.clients[index].script.truncate(length),
        Part::Think(index) => scenario.clients[index].times.think = 0,
        Part::Stays(index) => scenario.clients[index].times.stays = 0,
        Part::Patience(index) => scenario.clients[index].times.patience = None,
        Part::LicenseAfter(index) => scenario.clients[index].times.license_after = 0,
        Part::StallingCreation(number) => {
            server.stalling_creations.remove(&number);
        }
        Part::Stall => {
            if let Some(time) = &mut scenario.time {
                time.stall = Time::default().stall;
            }
        }
        Part::DisconnectTimeOut => {
            if let Some(time) = &mut scenario.time {
                time.disconnect_time_out = None;
            }
        }
        Part::ReuseIds => server.reuse_ids = usual.reuse_ids,
        Part::OnBrokenLine => server.on_broken_line = usual.on_broken_line,
        Part::LogonsEnabled => server.logons_enabled = usual.logons_enabled,
        Part::FailingCreation(number) => {
            server.failing_creations.remove(&number);
        }
        Part::Administration(index, place) => {
            scenario.administrators[index].remove(place);
        }
        Part::Cutter(index) => {
            scenario.cutters.remove(index);
        }
        Part::Timer(index) => {
            scenario.timers.remove(index);
        }
    }
}
