//! Executions at random, of crowds of any size, held against the rules.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use logon_core::{
    Allocator, Claim, Licenses, Line, LogonId, Moment, OnBrokenLine, Server, SessionManager,
    Settings, UserId, Variant,
};
use logon_sim::{Actors, Config, Limits, RandomWalk, Sim, Simulation, Step, Watch};

use super::projected::{Rules, section};
use super::view::View;
use crate::proof::Configuration;
use crate::proof::quantity::LINE;

/// A crowd, and how many executions of it.
#[derive(Clone, Copy)]
pub(super) struct Crowd {
    clients: u32,
    maximum: Option<u32>,
    idle_target: u32,
    workers: u32,
    on_broken_line: OnBrokenLine,
    executions: u64,
}

const fn crowd(
    clients: u32,
    maximum: Option<u32>,
    idle_target: u32,
    workers: u32,
    on_broken_line: OnBrokenLine,
    executions: u64,
) -> Crowd {
    Crowd {
        clients,
        maximum,
        idle_target,
        workers,
        on_broken_line,
        executions,
    }
}

use OnBrokenLine::{Disconnect, Reset};

/// Quickly sampled.
pub(super) const SMALL: [Crowd; 4] = [
    crowd(6, Some(2), 1, 1, Disconnect, 200),
    crowd(6, Some(3), 0, 2, Reset, 200),
    crowd(6, None, 0, 2, Disconnect, 100),
    crowd(6, None, 1, 1, Reset, 100),
];

/// For whoever has time.
pub(super) const LARGE: [Crowd; 8] = [
    crowd(50, Some(9), 3, 2, Disconnect, 100),
    crowd(50, Some(9), 0, 1, Reset, 100),
    crowd(50, None, 2, 1, Disconnect, 60),
    crowd(50, None, 4, 3, Reset, 60),
    crowd(200, Some(40), 5, 3, Disconnect, 20),
    crowd(200, Some(11), 0, 1, Reset, 20),
    crowd(200, None, 3, 4, Disconnect, 10),
    crowd(200, None, 0, 2, Reset, 10),
];

/// Chance, the same for the same numbers.
#[derive(Clone, Copy)]
struct Dice(u64);

impl Dice {
    /// A number below `sides`, about the thing of this number.
    fn roll(self, thing: u64, sides: u64) -> u64 {
        let mut bits = self.0 ^ thing.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for _ in 0..2 {
            bits ^= bits >> 30;
            bits = bits.wrapping_mul(0xbf58_476d_1ce4_e5b9);
            bits ^= bits >> 27;
        }
        bits % sides
    }

    fn of(self, number: u64) -> Dice {
        Dice(self.roll(number, u64::MAX))
    }
}

impl Line for Dice {
    fn is_up(&self, moment: Moment) -> bool {
        // A line that is down stays down: the first moment at which it breaks is rolled, far away for most.
        (moment as u64) < self.roll(1, 80)
    }
}

impl Licenses for Dice {
    fn grant(&self, _: LogonId) -> bool {
        self.roll(2, 15) > 0
    }
}

impl SessionManager for Dice {
    fn load(&self, claim: Claim) -> bool {
        self.roll(u64::from(claim.generation.0), 6) > 0
    }
}

/// How often each client connects.
const ROUNDS: u32 = 2;

type Shared = Arc<dyn Allocator<Sim, ()>>;

fn client(allocator: &Shared, number: u32, dice: Dice) {
    for round in 0..ROUNDS {
        let logon = LogonId(number * ROUNDS + round);
        let dice = dice.of(u64::from(round) + 10);
        if allocator.connect(logon, &dice, &dice).is_err() {
            continue;
        }
        if dice.roll(3, 4) == 0 {
            allocator.hang_up(logon);
            continue;
        }
        let user = (dice.roll(4, 8) > 0).then_some(UserId(number));
        if allocator.log_on(logon, user, &dice).is_err() {
            continue;
        }
        match dice.roll(5, 4) {
            0 => drop(allocator.log_off(logon)),
            1 => allocator.hang_up(logon),
            _ => drop(allocator.disconnect(logon)),
        }
    }
}

fn administrator(allocator: &Shared, acts: u32, dice: Dice) {
    for act in 0..acts {
        if dice.roll(u64::from(act), 4) == 0 {
            allocator.enable_logons(false);
            allocator.enable_logons(true);
        }
        let held_by = dice.roll(u64::from(act) + 1_000, 7);
        let wanted = |holder: LogonId| u64::from(holder.0) % 7 == held_by;
        if let Some(claim) = allocator.look_up(&|session| session.holder.is_some_and(wanted)) {
            allocator.reset(claim);
        }
    }
}

/// Compares each step with the one before.
struct Eye {
    allocator: Shared,
    last: View,
    rules: Rc<Rules>,
    tally: Rc<RefCell<Tally>>,
}

#[derive(Default)]
struct Tally {
    steps: u64,
    longest_line: i64,
    unmatched: Vec<String>,
}

impl Watch for Eye {
    type Verdict = String;

    fn after_step(&mut self, step: &Step) -> Option<String> {
        let now = self.allocator.server().peek(View::of);
        let mut tally = self.tally.borrow_mut();
        tally.steps += 1;
        tally.longest_line = tally.longest_line.max(now.number(LINE));
        let wrong = [
            self.rules
                .wrong_step(section(&step.operation), &self.last, &now),
            self.rules.wrong_state(&now),
        ];
        tally.unmatched.extend(wrong.into_iter().flatten());
        self.last = now;
        None
    }
}

impl Crowd {
    fn start(self, seed: u64, actors: &mut Actors<'_>) -> (Shared, View) {
        let settings = Settings {
            idle_pool: self.idle_target,
            max_connections: self.maximum,
            creation_workers: self.workers,
            on_broken_line: self.on_broken_line,
            ..Settings::default()
        };
        let allocator: Shared = Variant::Fixed.build(Server::new(settings, ()));
        let dice = Dice(seed).of(7);
        for number in 0..self.clients {
            let (allocator, dice) = (Arc::clone(&allocator), dice.of(u64::from(number)));
            let name = format!("client {number}");
            actors.spawn(name, "client", move || client(&allocator, number, dice));
        }
        for number in 0..self.workers {
            let allocator = Arc::clone(&allocator);
            let name = format!("worker {number}");
            actors.spawn(name, "worker", move || allocator.serve(&dice));
        }
        for number in (0..self.clients).step_by(4) {
            let allocator = Arc::clone(&allocator);
            let cut = move || allocator.hang_up(LogonId(number * ROUNDS));
            actors.spawn(format!("cutter of {number}"), "cutter", cut);
        }
        for number in (0..self.clients).step_by(6) {
            let allocator = Arc::clone(&allocator);
            let expire = move || {
                if let Some(claim) = allocator.await_disconnected(UserId(number)) {
                    allocator.expire(claim);
                }
            };
            actors.spawn(format!("timer of {number}"), "timer", expire);
        }
        for name in ["administrator", "another administrator"] {
            let (allocator, acts) = (Arc::clone(&allocator), self.clients / 5);
            let dice = dice.of(name.len() as u64);
            let work = move || administrator(&allocator, acts, dice);
            actors.spawn(name, "administrator", work);
        }
        if seed.is_multiple_of(3) {
            let allocator = Arc::clone(&allocator);
            actors.spawn("closer", "closer", move || allocator.close());
        }
        let view = allocator.server().peek(View::of);
        (allocator, view)
    }
}

/// Samples executions of a crowd and compares each step; prints what was compared.
pub(super) fn compare(crowd: Crowd, rules: &[Rc<Rules>]) {
    let configuration = Configuration {
        has_maximum: crowd.maximum.is_some(),
        on_broken_line: crowd.on_broken_line,
    };
    let rules = rules
        .iter()
        .find(|rules| rules.configuration == configuration)
        .expect("there are rules of all four");
    let tally: Rc<RefCell<Tally>> = Rc::default();
    for seed in 0..crowd.executions {
        let program = |actors: &mut Actors<'_>| {
            let (allocator, last) = crowd.start(seed, actors);
            Eye {
                allocator,
                last,
                rules: Rc::clone(rules),
                tally: Rc::clone(&tally),
            }
        };
        let config = Config {
            max_steps: 1_000_000,
            ..Config::default()
        };
        Simulation::new(config).explore(
            &program,
            &mut RandomWalk::new(seed),
            Limits::executions(1),
            |execution| {
                assert!(execution.verdict().is_none());
                ControlFlow::Continue(())
            },
        );
    }
    let Tally {
        steps,
        longest_line,
        unmatched,
    } = &*tally.borrow();
    println!(
        "{} clients, maximum {:?}, {configuration:?}: {} executions, {steps} steps, a line of up to {longest_line}",
        crowd.clients, crowd.maximum, crowd.executions
    );
    assert_eq!(unmatched.first(), None);
    assert!(*steps > 0 && *longest_line > 0);
}
