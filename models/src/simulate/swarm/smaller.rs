//! A configuration made smaller under its seed: one thing after the other is taken away as long as the same property
//! falls. Each draw has a name, so what is taken away moves no other draw.

use logon_sim::Fault;

use crate::scenario::{ArrivalKind, Faults, Scenario, Time, Within};
use crate::simulate::result::{Options, Simulation, simulate};
use crate::stage::AnySubject;

/// A configuration from which nothing more can be taken.
#[derive(Clone, Debug)]
pub struct Smaller {
    /// The scenario.
    pub scenario: Scenario,
    /// How many clients come for the first time.
    pub logons: u32,
    /// The run in which the property falls.
    pub simulation: Simulation,
    /// What was taken away, in order.
    pub taken: Vec<&'static str>,
    /// How many runs it took.
    pub runs: u32,
}

/// Something that may be taken away, and how.
type Cut = (&'static str, fn(&mut Scenario));

fn time(scenario: &mut Scenario) -> &mut Time {
    scenario.time.as_mut().expect("a configuration has times")
}

fn faults(scenario: &mut Scenario) -> &mut Faults {
    &mut scenario.faults
}

const CUTS: [Cut; 28] = [
    ("hold-ups", |s| time(s).hold_up = None),
    ("groups of clients", |s| {
        s.arrivals.iter_mut().for_each(|table| table.together = 1);
    }),
    ("floods", |s| {
        s.arrivals.retain(|table| table.kind != ArrivalKind::Flood);
    }),
    ("storms", |s| {
        for table in &mut s.arrivals {
            if table.kind == ArrivalKind::Storm {
                table.kind = ArrivalKind::Poisson;
            }
        }
    }),
    ("disconnections", |s| faults(s).disconnect = 0),
    ("broken lines", |s| faults(s).breaks = 0),
    ("vanished clients", |s| faults(s).vanish = 0),
    ("wrong passwords", |s| faults(s).wrong_password = 0),
    ("licenses that never come", |s| faults(s).license_never = 0),
    ("denied licenses", |s| faults(s).license_denied = 0),
    ("the time that a license takes", |s| time(s).license = 0),
    ("failing creations", |s| faults(s).creation_fails = 0),
    ("stalling workers", |s| faults(s).worker_stalls = 0),
    ("clients that come back", |s| faults(s).come_back = 0),
    ("wrong clocks", |s| faults(s).clock_skew = 0),
    ("slow disks", |s| faults(s).slow_disk = None),
    ("resets", |s| faults(s).reset_every = None),
    ("disabled logons", |s| faults(s).disable_logons = None),
    ("disconnect time-outs", |s| {
        time(s).disconnect_time_out = None;
    }),
    ("reused ids", |s| s.server.reuse_ids = false),
    ("the maximum of connections", |s| {
        s.server.max_connections = None;
    }),
    ("the idle pool", |s| s.server.idle_pool = 0),
    ("all idle sessions but one", |s| {
        s.server.idle_pool = s.server.idle_pool.min(1);
    }),
    ("all creation workers but one", |s| {
        s.server.creation_workers = 1;
    }),
    ("all processors but one", |s| time(s).processors = 1),
    ("differences between set-ups", |s| {
        let set_up = time(s).set_up;
        time(s).set_up = Within::always((set_up.from + set_up.to) / 2);
    }),
    ("the time that users think", |s| time(s).think = 0),
    ("users whom clients share", |s| {
        s.arrivals.iter_mut().for_each(|table| table.users = None);
    }),
];

/// Makes a configuration smaller in which a property falls; `None` if none does in it.
///
/// # Errors
///
/// As [`simulate`].
pub fn smaller(
    subject: &AnySubject,
    scenario: &Scenario,
    seed: u32,
    logons: u32,
) -> Result<Option<Smaller>, Box<Fault>> {
    let mut runs = 0;
    let mut run = |scenario: &Scenario, logons: u32| {
        runs += 1;
        let options = Options {
            seed: Some(seed),
            logons: Some(logons),
            stops: true,
            ..Options::default()
        };
        simulate(subject, scenario, &options).expect("clients are drawn in it")
    };
    let first = run(scenario, logons)?;
    let Some(property) = first.property() else {
        return Ok(None);
    };
    let mut best = Smaller {
        scenario: scenario.clone(),
        logons,
        simulation: first,
        taken: Vec::new(),
        runs: 0,
    };
    let mut is_smaller = true;
    while is_smaller {
        is_smaller = false;
        // No more clients than had come.
        let had_come = best.simulation.clients().max(1);
        if let Ok(had_come) = u32::try_from(had_come)
            && had_come < best.logons
            && let Ok(simulation) = run(&best.scenario, had_come)
            && simulation.property() == Some(property)
        {
            best.logons = had_come;
            best.simulation = simulation;
            is_smaller = true;
        }
        for (what, cut) in CUTS {
            let mut less = best.scenario.clone();
            cut(&mut less);
            if less == best.scenario || less.arrivals.is_empty() {
                continue;
            }
            if let Ok(simulation) = run(&less, best.logons)
                && simulation.property() == Some(property)
            {
                best.scenario = less;
                best.simulation = simulation;
                best.taken.push(what);
                is_smaller = true;
            }
        }
    }
    best.runs = runs;
    Ok(Some(best))
}
