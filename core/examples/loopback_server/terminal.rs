//! A server with threads for each connection, around the allocator.
//!
//! The protocol is one word and at most one number a line. A client says `CONNECT`, `LOGON user`,
//! `DISCONNECT` or `LOGOFF`; the server answers `PROMPT`, `WELCOME`, `BYE`, `REFUSED reason` or `GONE`. Whoever is
//! refused or gone is cut off.
//!
//! What a client can make the server keep is limited: the bytes of a line, the commands that wait for an answer, and,
//! for all clients together, the connections, each with two threads. Beyond a limit a client gets a sentence.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Builder, Scope};

use logon_core::environment::{Licenses, Line, Moment, SessionManager};
use logon_core::observer::Departure;
use logon_core::primitives::Monitor;
use logon_core::{
    Allocator, Claim, Ending, Event, Fact, Fixed, LogonId, Observer, Server, Settings, Std,
    StdMonitor, UserId,
};

/// What the server gives its clients at the most.
pub(crate) struct Limits {
    /// The bytes of a line, without its end.
    pub(crate) line: usize,
    /// The commands of a client that wait for an answer, besides the one being carried out.
    pub(crate) queue: usize,
    /// The connections at a time.
    pub(crate) connections: usize,
    /// The bytes of a thread's stack; the system's own choice if there is no number.
    pub(crate) stack: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            line: 64,
            queue: 4,
            connections: 64,
            stack: None,
        }
    }
}

/// Why somebody is sent away for whom the system has no thread.
const NO_THREAD: &str = "the server has no thread left";

/// The server: the allocator, and what it needs of the world.
pub(crate) struct Terminal {
    pub(crate) allocator: Fixed<Std, EventLog>,
    pub(crate) works: Works,
    pub(crate) address: SocketAddr,
    limits: Limits,
    listener: TcpListener,
    /// How many connections have threads.
    connections: AtomicUsize,
    cables: Mutex<BTreeMap<LogonId, TcpStream>>,
    closing: AtomicBool,
}

impl Terminal {
    pub(crate) fn new(settings: Settings, limits: Limits) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(Terminal {
            allocator: Allocator::around(Server::new(settings, EventLog::default())),
            works: Works {
                open: StdMonitor::new("works", false),
            },
            address: listener.local_addr()?,
            listener,
            limits,
            connections: AtomicUsize::new(0),
            cables: Mutex::default(),
            closing: AtomicBool::new(false),
        })
    }

    /// Accepts connections until the server shuts down, and gives each a thread, if there is one to give.
    pub(crate) fn accept<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        for (number, stream) in (0..).zip(self.listener.incoming()) {
            if self.closing.load(SeqCst) {
                return;
            }
            // A socket that fails is a client that is gone.
            let Ok(stream) = stream else { continue };
            if self.connections.load(SeqCst) >= self.limits.connections {
                refuse(&stream, "the server is full");
                continue;
            }
            self.connections.fetch_add(1, SeqCst);
            let stream = Arc::new(stream);
            let own = Arc::clone(&stream);
            let thread = self.thread().spawn_scoped(scope, move || {
                // Likewise, and the reader has said so.
                let _ = self.converse(LogonId(number), &own);
                self.connections.fetch_sub(1, SeqCst);
            });
            if thread.is_err() {
                self.connections.fetch_sub(1, SeqCst);
                refuse(&stream, NO_THREAD);
            }
        }
    }

    fn thread(&self) -> Builder {
        match self.limits.stack {
            Some(bytes) => Builder::new().stack_size(bytes),
            None => Builder::new(),
        }
    }

    /// Serves one connection: this thread acts, and another one reads.
    fn converse(&self, logon: LogonId, stream: &TcpStream) -> io::Result<()> {
        self.cables().insert(logon, stream.try_clone()?);
        let line = Socket {
            stream,
            down: AtomicBool::new(false),
        };
        let (sender, commands) = mpsc::sync_channel(self.limits.queue);
        let result = thread::scope(|scope| {
            let reader = || self.read(logon, &line, sender);
            if self.thread().spawn_scoped(scope, reader).is_err() {
                refuse(stream, NO_THREAD);
                return Ok(());
            }
            let result = self.obey(logon, &line, &commands);
            // The reader sees the end of the stream, and finds the logon over.
            let _ = stream.shutdown(Shutdown::Both);
            result
        });
        self.cables().remove(&logon);
        result
    }

    /// Reads commands until the client is gone, says so, and ends what the logon was doing. A client that says more than
    /// it may is sent away.
    fn read(&self, logon: LogonId, line: &Socket<'_>, commands: SyncSender<String>) {
        let mut reader = BufReader::new(line.stream);
        loop {
            match self.command(&mut reader) {
                Ok(Some(command)) => match commands.try_send(command) {
                    Ok(()) => {}
                    Err(TrySendError::Full(_)) => {
                        refuse(line.stream, "too many commands wait for an answer");
                        break;
                    }
                    Err(TrySendError::Disconnected(_)) => break,
                },
                Ok(None) => break,
                Err(error) => {
                    if error.kind() == ErrorKind::InvalidData {
                        refuse(line.stream, "the line is too long, or no text");
                    }
                    break;
                }
            }
        }
        // In this order: whoever asks the line after the hang-up came too early still hears of it.
        line.down.store(true, SeqCst);
        self.allocator.hang_up(logon);
        drop(commands);
    }

    /// The next command; nothing if the client is gone. A line that is too long is an error, and is not read to its end.
    fn command(&self, reader: &mut impl BufRead) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let most = self.limits.line as u64 + 1;
        reader.by_ref().take(most).read_until(b'\n', &mut line)?;
        match line.pop() {
            Some(b'\n') => {
                let text = String::from_utf8(line).map_err(|_| ErrorKind::InvalidData)?;
                Ok(Some(text.trim_end_matches('\r').to_owned()))
            }
            Some(_) if line.len() + 1 == most as usize => Err(ErrorKind::InvalidData.into()),
            // The end of the stream, maybe within a line.
            _ => Ok(None),
        }
    }

    fn obey(
        &self,
        logon: LogonId,
        line: &Socket<'_>,
        commands: &Receiver<String>,
    ) -> io::Result<()> {
        let mut stream = line.stream;
        let mut has_connected = false;
        let mut has_logged_on = false;
        while let Ok(command) = commands.recv() {
            let answer = match command.split_once(' ').unwrap_or((&command, "")) {
                // A connection is one logon: whoever asks a second time is sent away.
                ("CONNECT", _) if !has_connected => {
                    has_connected = true;
                    let connected = self.allocator.connect(logon, line, &self.works);
                    connected.map(|_| "PROMPT")
                }
                // And the logon is of one user. The library does not look whether it is complete: a second
                // log-on would make over its session, or lose it for a disconnected one of the other user.
                ("LOGON", _) if has_logged_on => {
                    return writeln!(stream, "REFUSED this connection is logged on");
                }
                ("LOGON", user) => {
                    has_logged_on = true;
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
    pub(crate) fn shut_down(&self) -> io::Result<()> {
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
    pub(crate) fn pull_cables(&self, count: u32) {
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
    pub(crate) fn wait_until(&self, label: &'static str, reached: impl Fn(&EventLog, u32) -> bool) {
        self.allocator.server().wait_for(label, |server| {
            reached(server.observer(), server.queue().len() as u32).then_some(())
        });
    }
}

/// Sends somebody away with a sentence. Whether it arrives is the client's concern.
fn refuse(mut stream: &TcpStream, why: &str) {
    let _ = writeln!(stream, "REFUSED {why}");
    let _ = stream.shutdown(Shutdown::Both);
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
pub(crate) struct Works {
    open: StdMonitor<bool>,
}

impl Works {
    pub(crate) fn open(&self) {
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
pub(crate) struct EventLog {
    entries: Vec<(LogonId, Event)>,
    pub(crate) refused: u32,
    pub(crate) abandoned: u32,
    pub(crate) served: u32,
    left: u32,
}

impl EventLog {
    pub(crate) fn over(&self) -> u32 {
        self.refused + self.abandoned + self.left
    }

    pub(crate) fn count(&self, event: Event) -> u32 {
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
