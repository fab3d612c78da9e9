//! What a configuration of a swarm is like.

use std::collections::BTreeSet;

use crate::scenario::{
    ArrivalKind, Arrivals, Draws, Faults, HoldUp, Pulse, Scaling, Scenario, ServerSettings,
    SlowDisk, Stream, Time, Within,
};

const SECOND: u64 = 1_000;

/// Of so many clients a configuration says how long they take to come.
const PORTION: u32 = 100;

/// Draws one thing after the other, each by its place in the order in which they are asked for.
struct Dice {
    draws: Draws,
    nth: u64,
}

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.nth += 1;
        self.draws.below(Stream::Swarm, self.nth, end)
    }

    fn one_of<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.below(these.len() as u64) as usize]
    }

    /// This in one half of the cases, and otherwise nothing.
    fn perhaps<T>(&mut self, this: T) -> Option<T> {
        (self.below(2) == 0).then_some(this)
    }
}

/// The configuration of a seed: a scenario, in which clients and faults are drawn with the same seed.
#[must_use]
pub fn configuration(seed: u32) -> Scenario {
    let mut dice = Dice {
        draws: Draws::of(seed),
        nth: 0,
    };
    let server = ServerSettings {
        idle_pool: dice.one_of(&[0, 1, 2, 2, 4]),
        creation_workers: dice.one_of(&[1, 2, 3, 4]),
        max_connections: dice.one_of(&[None, Some(2), Some(5), Some(50)]),
        reuse_ids: dice.below(2) == 0,
        ..ServerSettings::default()
    };
    let time = time(&mut dice, seed);
    let arrivals = arrivals(&mut dice, &server, &time);
    Scenario {
        name: format!("swarm-{seed}"),
        summary: "A configuration that was drawn.".to_owned(),
        source: "reconstruction".to_owned(),
        reaches: BTreeSet::new(),
        server,
        time: Some(time),
        arrivals,
        faults: faults(&mut dice),
        slow_disks: Vec::new(),
        at_scale: Vec::new(),
        clients: Vec::new(),
        administrators: Vec::new(),
        cutters: Vec::new(),
        timers: Vec::new(),
        scaling: Scaling::default(),
    }
}

fn time(dice: &mut Dice, seed: u32) -> Time {
    let set_up = dice.one_of(&[100, 500, 3 * SECOND]);
    let hold_up = HoldUp {
        one_in: dice.one_of(&[2, 5, 20]),
        up_to: dice.one_of(&[2, 200, 5 * SECOND]),
    };
    Time {
        processors: dice.one_of(&[1, 2, 3, 4]),
        set_up: Within {
            from: set_up * 7 / 10,
            to: set_up * 13 / 10,
        },
        patience: dice.one_of(&[5, 30, 60]) * SECOND,
        think: dice.one_of(&[1, 8]) * SECOND,
        session: Some(dice.one_of(&[5, 60, 600]) * SECOND),
        license: dice.perhaps(200).unwrap_or(0),
        disconnect_time_out: Some(dice.one_of(&[10, 600]) * SECOND),
        hold_up: (dice.below(4) != 0).then_some(hold_up),
        seed,
        ..Time::default()
    }
}

/// A load between a tenth of what the server can do and one and a half times that.
fn arrivals(dice: &mut Dice, server: &ServerSettings, time: &Time) -> Vec<Arrivals> {
    let at_a_time = u64::from(server.creation_workers.min(time.processors));
    let each = time.set_up.to / at_a_time;
    let over = u64::from(PORTION) * each * 1_000 / (100 + dice.below(1_400));
    let together = dice.perhaps(()).map_or(1, |()| 1 + dice.below(12) as u32);
    let users = dice.one_of(&[3, 50, 1_000]);
    let kind = dice.one_of(&[
        ArrivalKind::Poisson,
        ArrivalKind::Poisson,
        ArrivalKind::Storm,
    ]);
    let logons = PORTION;
    let table = Arrivals {
        kind,
        logons,
        at: 0,
        over: over.max(1),
        together,
        users: Some(users),
    };
    let flood = Arrivals {
        kind: ArrivalKind::Flood,
        logons: PORTION / 5,
        ..table
    };
    let flood = dice.perhaps(flood);
    std::iter::once(table).chain(flood).collect()
}

/// Each kind of fault happens or does not.
fn faults(dice: &mut Dice) -> Faults {
    let mut thousandths = |often: u32| dice.perhaps(often).unwrap_or(0);
    let faults = Faults {
        disconnect: thousandths(200),
        breaks: thousandths(100),
        vanish: thousandths(30),
        wrong_password: thousandths(30),
        license_never: thousandths(2),
        license_denied: thousandths(10),
        creation_fails: thousandths(20),
        worker_stalls: thousandths(5),
        come_back: thousandths(700),
        clock_skew: thousandths(300),
        ..Faults::default()
    };
    let slow = SlowDisk {
        pulse: Pulse {
            every: 600 * SECOND,
            length: 30 * SECOND,
        },
        factor: 5,
    };
    let disabled = Pulse {
        every: 1_800 * SECOND,
        length: 20 * SECOND,
    };
    let reset_every = dice.one_of(&[60 * SECOND, SECOND, SECOND / 10]);
    Faults {
        slow_disk: dice.perhaps(slow),
        reset_every: dice.perhaps(reset_every),
        disable_logons: dice.perhaps(disabled),
        ..faults
    }
}

#[cfg(test)]
mod tests {
    use super::configuration;

    #[test]
    fn every_configuration_makes_sense_and_is_a_function_of_its_seed() {
        let mut different = std::collections::BTreeSet::new();
        for seed in 0..2_000 {
            let scenario = configuration(seed);
            scenario.check().expect("it makes sense");
            assert_eq!(scenario, configuration(seed));
            different.insert(scenario.to_toml());
        }
        assert_eq!(different.len(), 2_000);
    }
}
