//! A server with a thread for each connection, on loopback sockets, around the allocator.
//!
//! It shows what an embedder supplies: a line that knows whether the socket is up, a reader that notices
//! when the client vanishes while its logon waits in line, workers that create sessions, and an event log.
//! Two dozen clients connect at once, more than may be connected, and some of them vanish. What happens when
//! is left to the machine; how it ends is not, so the example checks its own summary and exits non-zero if
//! it differs. Nothing waits for time to pass: the script's acts follow what the event log says.
//!
//! The protocol is one word and at most one number a line. A client says `CONNECT`, `LOGON user`,
//! `DISCONNECT` or `LOGOFF`; the server answers `PROMPT`, `WELCOME`, `BYE`, `REFUSED reason` or `GONE`.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Scope};
use std::time::Duration;

use logon_core::environment::{Licenses, Line, Moment, SessionManager};
use logon_core::observer::Departure;
use logon_core::primitives::Monitor;
use logon_core::{
    Allocator, Claim, Ending, Event, Fact, Fixed, LogonId, Observer, Server, Settings, Std,
    StdMonitor, UserId,
};

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
    let terminal = Terminal::new(settings)?;
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
    Ok(terminal.summary())
}

// The server.

/// The server: the allocator, and what it needs of the world.
struct Terminal {
    allocator: Fixed<Std, EventLog>,
    works: Works,
    listener: TcpListener,
    address: SocketAddr,
    cables: Mutex<BTreeMap<LogonId, TcpStream>>,
    closing: AtomicBool,
}

impl Terminal {
    fn new(settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(Terminal {
            allocator: Allocator::around(Server::new(settings, EventLog::default())),
            works: Works {
                open: StdMonitor::new("works", false),
            },
            address: listener.local_addr()?,
            listener,
            cables: Mutex::default(),
            closing: AtomicBool::new(false),
        })
    }

    /// Accepts connections until the server shuts down, and gives each a thread.
    fn accept<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        for (number, stream) in (0..).zip(self.listener.incoming()) {
            if self.closing.load(SeqCst) {
                return;
            }
            let logon = LogonId(number);
            scope.spawn(move || {
                // A socket that fails is a client that is gone, and the reader has said so.
                let _ = stream.and_then(|stream| self.converse(logon, &stream));
            });
        }
    }

    /// Serves one connection: this thread acts, and another one reads.
    fn converse(&self, logon: LogonId, stream: &TcpStream) -> io::Result<()> {
        self.cables().insert(logon, stream.try_clone()?);
        let line = Socket {
            stream,
            down: AtomicBool::new(false),
        };
        let (sender, commands) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| self.read(logon, &line, sender));
            let result = self.obey(logon, &line, &commands);
            self.cables().remove(&logon);
            // The reader sees the end of the stream, and finds the logon over.
            let _ = stream.shutdown(Shutdown::Both);
            result
        })
    }

    /// Reads commands until the client is gone, says so, and ends what the logon was doing.
    fn read(&self, logon: LogonId, line: &Socket<'_>, commands: Sender<String>) {
        for command in BufReader::new(line.stream).lines().map_while(Result::ok) {
            if commands.send(command).is_err() {
                break;
            }
        }
        // In this order: whoever asks the line after the hang-up came too early still hears of it.
        line.down.store(true, SeqCst);
        self.allocator.hang_up(logon);
        drop(commands);
    }

    fn obey(
        &self,
        logon: LogonId,
        line: &Socket<'_>,
        commands: &Receiver<String>,
    ) -> io::Result<()> {
        let mut stream = line.stream;
        let mut has_connected = false;
        while let Ok(command) = commands.recv() {
            let answer = match command.split_once(' ').unwrap_or((&command, "")) {
                // A connection is one logon: whoever asks a second time is sent away.
                ("CONNECT", _) if !has_connected => {
                    has_connected = true;
                    let connected = self.allocator.connect(logon, line, &self.works);
                    connected.map(|_| "PROMPT")
                }
                ("LOGON", user) => {
                    let user = user.parse().ok().map(UserId);
                    self.allocator.log_on(logon, user, line).map(|_| "WELCOME")
                }
                ("DISCONNECT", _) => self.allocator.disconnect(logon).map(|()| "BYE"),
                ("LOGOFF", _) => self.allocator.log_off(logon).map(|()| "BYE"),
                _ => Err(Ending::Gone),
            };
            match answer {
                Ok(answer) => writeln!(stream, "{answer}")?,
                Err(Ending::Refused(refusal)) => return writeln!(stream, "REFUSED {refusal}"),
                Err(Ending::Gone) => return writeln!(stream, "GONE"),
            }
        }
        Ok(())
    }

    /// Stops accepting, then stops the workers: nobody who was accepted is left in line.
    fn shut_down(&self) -> io::Result<()> {
        self.closing.store(true, SeqCst);
        TcpStream::connect(self.address)?;
        self.allocator.close();
        Ok(())
    }

    fn cables(&self) -> std::sync::MutexGuard<'_, BTreeMap<LogonId, TcpStream>> {
        self.cables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // The script.

    /// Cuts the first clients in line off, as if somebody pulled their cables.
    fn pull_cables(&self, count: u32) {
        let waiting = self
            .allocator
            .server()
            .enter("look at the line", |server| server.queue().clone());
        let cables = self.cables();
        for logon in waiting.iter().take(count as usize) {
            // The cable may be out already; the log says in the end who vanished.
            let _ = cables[logon].shutdown(Shutdown::Both);
        }
    }

    /// Waits until the log, and how many are in line, satisfy `reached`.
    fn wait_until(&self, label: &'static str, reached: impl Fn(&EventLog, u32) -> bool) {
        self.allocator.server().wait_for(label, |server| {
            reached(server.observer(), server.queue().len() as u32).then_some(())
        });
    }

    fn summary(&self) -> Summary {
        self.allocator
            .server()
            .enter("take stock", |server| Summary {
                log: server.observer().clone(),
                permits_in_use: server.ledger().in_use(),
            })
    }
}

/// The line of a client, over its socket.
///
/// It does not peek: that needs a socket that does not block, which is a property of the socket and would
/// reach into the reader's blocking read. The reader sees the end of the stream as soon as anybody could.
struct Socket<'a> {
    stream: &'a TcpStream,
    down: AtomicBool,
}

impl Line for Socket<'_> {
    fn is_up(&self, _: Moment) -> bool {
        !self.down.load(SeqCst) && matches!(self.stream.take_error(), Ok(None))
    }
}

/// Builds sessions once it is open, and grants every license.
struct Works {
    open: StdMonitor<bool>,
}

impl Works {
    fn open(&self) {
        self.open.update("open", |open| *open = true);
    }
}

impl SessionManager for Works {
    fn load(&self, _: Claim) -> bool {
        self.open
            .wait_for("await the opening", |open| open.then_some(true))
    }
}

impl Licenses for Works {
    fn grant(&self, _: LogonId) -> bool {
        true
    }
}

/// The event log, and how logons ended.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct EventLog {
    entries: Vec<(LogonId, Event)>,
    refused: u32,
    abandoned: u32,
    served: u32,
    left: u32,
}

impl EventLog {
    fn over(&self) -> u32 {
        self.refused + self.abandoned + self.left
    }

    fn count(&self, event: Event) -> u32 {
        self.entries
            .iter()
            .filter(|(_, logged)| *logged == event)
            .count() as u32
    }
}

impl Observer for EventLog {
    fn tell(&mut self, fact: Fact) {
        match fact {
            Fact::Logged { logon, event } => self.entries.push((logon, event)),
            Fact::Refused { .. } => self.refused += 1,
            Fact::Abandoned { .. } => self.abandoned += 1,
            Fact::LoggedOn { .. } => self.served += 1,
            Fact::Left {
                departure: Departure::Disconnected | Departure::LoggedOff,
                ..
            } => {
                self.left += 1;
            }
            _ => {}
        }
    }
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
