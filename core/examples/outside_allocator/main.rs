//! An allocator from outside at work: many clients at once, on real threads, and it holds its limit.
//!
//! It says nothing about the orders that did not happen; that is what the checkers are for. Exits non-zero
//! if more clients were connected than allowed, if anybody was dropped, or if a permit is missing at the end.

mod allocator;

use std::process::ExitCode;
use std::thread;

use allocator::OutsideAllocator;
use logon_core::environment::{Licenses, Line, Moment, SessionManager};
use logon_core::primitives::Monitor;
use logon_core::{Allocator, Claim, Event, Fact, LogonId, Observer, Server, Settings, Std, UserId};

const CLIENTS: u32 = 12;
const ROUNDS: u32 = 50;
const MAXIMUM: u32 = 4;

/// Counts, from what it is told, who is connected.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Meter {
    connected: u32,
    most_connected: u32,
    complete: u32,
    refused: u32,
    dropped: u32,
}

impl Observer for Meter {
    fn tell(&mut self, fact: Fact) {
        match fact {
            Fact::Admitted { .. } => {
                self.connected += 1;
                self.most_connected = self.most_connected.max(self.connected);
            }
            Fact::LoggedOn { .. } => self.complete += 1,
            Fact::Abandoned { .. } | Fact::Left { .. } => self.connected -= 1,
            Fact::Logged {
                event: Event::MaximumConnectionsExceeded,
                ..
            } => self.refused += 1,
            Fact::Logged {
                event: Event::LogonDropped,
                ..
            } => self.dropped += 1,
            _ => {}
        }
    }
}

/// A line that never breaks, a license for everybody, and sessions that always load.
struct FairWeather;

impl Line for FairWeather {
    fn is_up(&self, _: Moment) -> bool {
        true
    }
}

impl Licenses for FairWeather {
    fn grant(&self, _: LogonId) -> bool {
        true
    }
}

impl SessionManager for FairWeather {
    fn load(&self, _: Claim) -> bool {
        true
    }
}

fn main() -> ExitCode {
    let settings = Settings {
        max_connections: Some(MAXIMUM),
        ..Settings::default()
    };
    let allocator: OutsideAllocator<Std, Meter> =
        Allocator::around(Server::new(settings, Meter::default()));
    thread::scope(|scope| {
        scope.spawn(|| allocator.serve(&FairWeather));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let allocator = &allocator;
                scope.spawn(move || visit(allocator, client))
            })
            .collect();
        for client in clients {
            client.join().expect("no client panics");
        }
        // A permit that was lost on the way would be missing here.
        for logon in (0..MAXIMUM).map(|seat| LogonId(CLIENTS * ROUNDS + seat)) {
            let seated = allocator.connect(logon, &FairWeather, &FairWeather);
            seated.expect("an empty server has room for as many as are allowed");
        }
        for logon in (0..MAXIMUM).map(|seat| LogonId(CLIENTS * ROUNDS + seat)) {
            allocator.hang_up(logon);
        }
        allocator.close();
    });
    report(&allocator)
}

/// One client, again and again: it logs on, and logs off, leaves its session behind or hangs up.
fn visit(allocator: &OutsideAllocator<Std, Meter>, client: u32) {
    for round in 0..ROUNDS {
        let logon = LogonId(client * ROUNDS + round);
        if allocator
            .connect(logon, &FairWeather, &FairWeather)
            .is_err()
        {
            continue;
        }
        if round % 4 == 3 {
            allocator.hang_up(logon);
            continue;
        }
        // Nobody ends this logon but this thread.
        let complete = allocator.log_on(logon, Some(UserId(client)), &FairWeather);
        complete.expect("a logon at the prompt completes");
        let ended = match round % 4 {
            0 => allocator.disconnect(logon),
            _ => allocator.log_off(logon),
        };
        ended.expect("a complete logon ends once");
    }
}

fn report(allocator: &OutsideAllocator<Std, Meter>) -> ExitCode {
    let (meter, in_use) = allocator.server().enter("take stock", |server| {
        (server.observer().clone(), server.ledger().in_use())
    });
    println!("connected at most  {} of {MAXIMUM}", meter.most_connected);
    println!("complete           {}", meter.complete);
    println!("refused, event 71  {}", meter.refused);
    println!("dropped, event 22  {}", meter.dropped);
    println!("permits out at end {in_use}");
    let holds = meter.most_connected <= MAXIMUM
        && meter.dropped == 0
        && meter.connected == 0
        && in_use == 0;
    if holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
