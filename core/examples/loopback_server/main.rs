//! A server with a thread for each connection, on loopback sockets, around the allocator.
//!
//! It shows what an embedder supplies: a line that knows whether the socket is up, a reader that notices
//! when the client vanishes while its logon waits in line, workers that create sessions, and an event log.
//! Two dozen clients connect at once, more than may be connected, and some of them vanish. What happens when
//! is left to the machine; how it ends is not, so the example checks its own summary and exits non-zero if
//! it differs. Nothing waits for time to pass: the script's acts follow what the event log says.
//!
//! The server, its protocol and its limits are in `terminal.rs`.

mod terminal;

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use logon_core::primitives::Monitor;
use logon_core::{Allocator, Event, Settings};

use terminal::{EventLog, Limits, Terminal};

const CLIENTS: u32 = 24;
const MAXIMUM: u32 = 8;
/// How many clients vanish while they wait in line.
const VANISH_IN_LINE: u32 = 2;
const WORKERS: u32 = 2;
/// No part of this takes so long; if it does, that is a fault and not a slow machine.
const LIMIT: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let (done, outcome) = mpsc::channel();
    let show = thread::Builder::new().spawn(move || done.send(run()));
    show.expect("the first thread can be started");
    match outcome.recv_timeout(LIMIT) {
        Ok(Ok(summary)) => summary.report(),
        Ok(Err(error)) => {
            eprintln!("the sockets failed: {error}");
            ExitCode::FAILURE
        }
        Err(_) => {
            eprintln!("a thread panicked, or something waits for ever");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<Summary> {
    let settings = Settings {
        idle_pool: 0,
        max_connections: Some(MAXIMUM),
        creation_workers: WORKERS,
        ..Settings::default()
    };
    let terminal = Terminal::new(settings, Limits::default())?;
    let tickets = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| terminal.allocator.serve(&terminal.works));
        }
        scope.spawn(|| terminal.accept(scope));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| client(terminal.address, &tickets)))
            .collect();

        // Act one: no session is ready yet, so the first are in line and the others are refused.
        terminal.wait_until("the line is full and the rest refused", |log, waiting| {
            waiting == MAXIMUM && log.refused == CLIENTS - MAXIMUM
        });
        // Act two: some of those in line vanish.
        terminal.pull_cables(VANISH_IN_LINE);
        terminal.wait_until("nobody in line has vanished unnoticed", |log, _| {
            log.abandoned == VANISH_IN_LINE
        });
        // Act three: sessions come, and everybody does what they came for.
        terminal.works.open();
        for client in clients {
            client.join().expect("no client panics")?;
        }
        terminal.wait_until("every logon is over", |log, _| log.over() == CLIENTS);
        terminal.shut_down()
    })?;
    Ok(Summary::of(&terminal))
}

// The clients.

/// One client. Those that reach a prompt draw a ticket, and do what it says.
fn client(address: SocketAddr, tickets: &AtomicU32) -> io::Result<()> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LIMIT))?;
    let mut answers = BufReader::new(&stream).lines();
    let mut say = |words: &str| {
        writeln!(&stream, "{words}")?;
        answers
            .next()
            .unwrap_or_else(|| Ok(String::from("(cut off)")))
    };
    // A client that was cut off may hear of it as an error.
    if !say("CONNECT").is_ok_and(|answer| answer == "PROMPT") {
        return Ok(());
    }
    let ticket = tickets.fetch_add(1, SeqCst);
    if ticket == 0 {
        return Ok(()); // Vanishes at the prompt.
    }
    say(&format!("LOGON {ticket}"))?;
    match ticket {
        1 => return Ok(()), // Vanishes and leaves a session behind.
        2 => say("DISCONNECT")?,
        _ => say("LOGOFF")?,
    };
    Ok(())
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Summary {
    log: EventLog,
    permits_in_use: u32,
}

impl Summary {
    fn of(terminal: &Terminal) -> Self {
        let server = terminal.allocator.server();
        server.enter("take stock", |server| Summary {
            log: server.observer().clone(),
            permits_in_use: server.ledger().in_use(),
        })
    }

    fn report(&self) -> ExitCode {
        let refused = self.log.count(Event::MaximumConnectionsExceeded);
        let dropped = self.log.count(Event::LogonDropped);
        let no_license = self.log.count(Event::NoLicense);
        println!("clients                      {CLIENTS}, at most {MAXIMUM} at a time");
        println!("served                       {}", self.log.served);
        println!("refused, event 71            {refused}");
        println!("vanished before the logon    {}", self.log.abandoned);
        println!("without a license, event 201 {no_license}");
        println!("dropped, event 22            {dropped}");
        println!("permits in use at the end    {}", self.permits_in_use);
        let as_expected = self.log.served == MAXIMUM - VANISH_IN_LINE - 1
            && refused == CLIENTS - MAXIMUM
            && self.log.abandoned == VANISH_IN_LINE + 1
            && no_license == 0
            && dropped == 0
            && self.permits_in_use == 0;
        if as_expected {
            println!("as expected");
            ExitCode::SUCCESS
        } else {
            println!("not as expected");
            ExitCode::FAILURE
        }
    }
}
