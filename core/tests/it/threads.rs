//! Real threads. What they show is sampled: these orders happened, and nothing was wrong in them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use logon_core::environment::{Licenses, Line, Moment, SessionManager};
use logon_core::primitives::Monitor;
use logon_core::{
    Allocator, Claim, Event, Fact, Fixed, LogonId, Refusal, Server, Settings, Std, UserId,
};

use crate::accounts::*;
use crate::outside::OutsideAllocator;

const ROUNDS: u32 = 200;
const CLIENTS: u32 = 8;
const MAXIMUM: u32 = 4;

struct Works;

impl Licenses for Works {
    fn grant(&self, _: LogonId) -> bool {
        true
    }
}

impl SessionManager for Works {
    fn load(&self, _: Claim) -> bool {
        true
    }
}

#[derive(Default)]
struct Cable {
    cut: AtomicBool,
}

impl Line for Cable {
    fn is_up(&self, _: Moment) -> bool {
        !self.cut.load(SeqCst)
    }
}

/// Eight clients at once, each of which leaves in its own way; two of them are cut off by somebody else.
fn visit_all<A: Allocator<Std, Facts>>(round: u32) -> A {
    let settings = Settings {
        idle_pool: round % 3,
        creation_workers: 2,
        reuse_ids: round.is_multiple_of(2),
        ..settings(0, MAXIMUM)
    };
    let allocator = A::around(Server::new(settings, Facts::default()));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| allocator.serve(&Works));
        }
        let cables: Vec<_> = (0..CLIENTS).map(|_| Cable::default()).collect();
        thread::scope(|clients| {
            for (number, cable) in (0..CLIENTS).zip(&cables) {
                let allocator = &allocator;
                clients.spawn(move || visit(allocator, number, cable));
                if number >= 6 {
                    clients.spawn(move || {
                        cable.cut.store(true, SeqCst);
                        allocator.hang_up(LogonId(number));
                    });
                }
            }
        });
        allocator.close();
    });
    allocator
}

fn visit<A: Allocator<Std, Facts>>(allocator: &A, number: u32, line: &Cable) {
    let logon = LogonId(number);
    let user = UserId(number / 2);
    let complete = allocator
        .connect(logon, line, &Works)
        .and_then(|_| allocator.log_on(logon, (number != 5).then_some(user), line));
    if complete.is_ok() {
        // Who was cut off, or reset, is over already.
        let _ = match number % 3 {
            0 => allocator.log_off(logon),
            1 => allocator.disconnect(logon),
            _ => {
                allocator.hang_up(logon);
                Ok(())
            }
        };
    }
    if number == 0
        && let Some(claim) = allocator.look_up(&|session| session.user.is_some())
    {
        allocator.reset(claim);
    }
}

fn assert_held(server: &Server<Facts>) {
    assert_at_rest(server);
    let facts = &server.observer().0;
    let most = (0..=facts.len())
        .map(|told| connected(&facts[..told]))
        .max();
    assert!(
        most <= Some(MAXIMUM as usize),
        "no more are connected than allowed"
    );
    let dropped = |&(_, event): &(LogonId, Event)| event == Event::LogonDropped;
    assert!(!events(server).iter().any(dropped), "nobody is dropped");
}

#[test]
fn eight_clients_and_four_permits_on_the_fixed_allocator_hold_in_every_round() {
    for round in 0..ROUNDS {
        let allocator: Fixed<Std, Facts> = visit_all(round);
        allocator.server().enter("judge", |server| {
            assert_held(server);
            let facts = &server.observer().0;
            for (told, _) in refusals(facts) {
                let full = connected(&facts[..told]) == MAXIMUM as usize;
                assert!(full, "every permit is out when a logon is refused");
            }
        });
    }
}

#[test]
fn eight_clients_and_four_permits_on_the_allocator_from_outside_hold_in_every_round() {
    for round in 0..ROUNDS {
        let allocator: OutsideAllocator<Std, Facts> = visit_all(round);
        allocator.server().enter("judge", |server| {
            assert_held(server);
            let facts = &server.observer().0;
            for (told, logon) in refusals(facts) {
                let arrived = facts
                    .iter()
                    .position(|&fact| fact == Fact::Arrived { logon });
                let arrived = arrived.expect("who is refused has arrived");
                let full = (arrived + 1..=told).any(|moment| {
                    connected(&facts[..moment]) + about_to_be_told(facts, moment)
                        >= MAXIMUM as usize
                });
                assert!(
                    full,
                    "every permit was out at some moment before {logon} was refused"
                );
            }
        });
    }
}

/// The refusals for want of a permit: when they were told, and of whom.
fn refusals(facts: &[Fact]) -> Vec<(usize, LogonId)> {
    let refused = |(told, fact): (usize, &Fact)| match *fact {
        Fact::Refused {
            logon,
            refusal: Refusal::MaxConnections,
        } => Some((told, logon)),
        _ => None,
    };
    facts.iter().enumerate().filter_map(refused).collect()
}

/// How many arrived before `moment` and are told to be admitted after it: they may hold a permit by now.
fn about_to_be_told(facts: &[Fact], moment: usize) -> usize {
    let (before, after) = facts.split_at(moment);
    let arrived = |logon| before.contains(&Fact::Arrived { logon });
    after
        .iter()
        .filter(|fact| matches!(**fact, Fact::Admitted { logon } if arrived(logon)))
        .count()
}

/// How many are connected after these facts.
fn connected(facts: &[Fact]) -> usize {
    let mut connected = BTreeSet::new();
    for &fact in facts {
        match fact {
            Fact::Admitted { logon } => {
                connected.insert(logon);
            }
            Fact::Refused { logon, .. } | Fact::Abandoned { logon } | Fact::Left { logon, .. } => {
                connected.remove(&logon);
            }
            _ => {}
        }
    }
    connected.len()
}
