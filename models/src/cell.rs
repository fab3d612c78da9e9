//! Cells: one checker, one subject, one scenario, in a process of its own where that is wise.
//!
//! loom and shuttle may abort the process, write where they should not, or end in a panic; real threads may
//! hang. Each such cell runs in a child process that this module starts and that answers with one line. The
//! child ends by itself when its time is over or when its parent is gone.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use logon_core::Variant;
use serde::{Deserialize, Serialize};

use crate::checker::unreached;
use crate::checker::{
    Checker, Deadline, Effort, Fault, Progress, TimeLimits, cut_off, reports_deadlock, settled,
    stopped,
};
use crate::outcome::{Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::{AnySubject, Subjects};

/// What a reply begins with; whatever else a tool writes to standard output is not one.
const MARK: &str = "logon-check-cell:";

/// Set in the environment of a child.
pub const CHILD: &str = "LOGON_CHECK_CELL";

/// How long a child may take beyond its time limit before its watchdog ends it.
const GRACE: Duration = Duration::from_secs(2);

/// The most bytes of a request that are read; a scenario has less.
const LONGEST_REQUEST: u64 = 8 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Request {
    variant: String,
    scenario: String,
    checker: String,
    effort: Effort,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reply {
    Outcome(Box<Outcome>),
    Fault(String),
}

/// How to start a child that calls [`serve`].
#[derive(Clone, Debug)]
pub struct Launcher {
    program: PathBuf,
    arguments: Vec<String>,
}

impl Launcher {
    /// Children are started as `program` with `arguments`.
    pub fn new(program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        let arguments = arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect();
        Launcher {
            program: program.into(),
            arguments,
        }
    }

    /// Runs one cell: in this process if the checker is safe there, otherwise in a child.
    ///
    /// # Errors
    ///
    /// [`Fault`] when something other than a property went wrong, in the checker or with the child.
    pub fn run(
        &self,
        subject: &AnySubject,
        scenario: &Arc<Scenario>,
        checker: Checker,
        effort: &Effort,
    ) -> Result<Outcome, Fault> {
        if checker.needs_child() {
            return self.run_apart(subject, scenario, checker, effort);
        }
        let outcome = checker.run(subject, scenario, effort, &Progress::new());
        let mut outcome = outcome.map_err(|fault| named(subject, scenario, checker, &fault))?;
        let holds = outcome.verdict == Verdict::Holds;
        // What a scenario promises, the fixed algorithm reaches.
        if checker == Checker::Exhaustive && subject.variant() == Some(Variant::Fixed) && holds {
            let reached = outcome.reached.as_ref();
            let missing = reached.and_then(|reached| unreached(scenario, reached));
            outcome.warnings.extend(missing);
        }
        Ok(outcome)
    }

    /// Runs one cell in a child, even if the checker would be safe in this process: its memory is its own.
    ///
    /// # Errors
    ///
    /// As [`Launcher::run`].
    pub fn run_apart(
        &self,
        subject: &AnySubject,
        scenario: &Arc<Scenario>,
        checker: Checker,
        effort: &Effort,
    ) -> Result<Outcome, Fault> {
        let can_run = checker.expect_can_run(scenario);
        can_run.map_err(|error| Fault::new(error.to_string()))?;
        let request = Request {
            variant: subject.name().to_owned(),
            scenario: scenario.to_toml(),
            checker: checker.name().to_owned(),
            effort: effort.clone(),
        };
        let outcome = self
            .ask(&request)
            .map_err(|error| named(subject, scenario, checker, &error))?
            .map_err(|fault| named(subject, scenario, checker, &fault))?;
        settled(checker, subject, scenario, effort, outcome)
            .map_err(|fault| named(subject, scenario, checker, &fault))
    }

    fn ask(&self, request: &Request) -> std::io::Result<Result<Outcome, Fault>> {
        let child = Command::new(&self.program)
            .args(&self.arguments)
            .env(CHILD, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.map_err(|error| with("no child process could be started", &error))?;
        let mut input = child.stdin.take().expect("standard input is piped");
        let limit = request.effort.time_limit;
        let request = serde_json::to_string(request).expect("a request is plain data");
        writeln!(input, "{request}")?;
        input.flush()?;
        let mut errors = child.stderr.take().expect("standard error is piped");
        // Reads one pipe while this thread reads the other.
        let errors = thread(move || {
            let mut text = Vec::new();
            drop(errors.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        let errors = errors.inspect_err(|_| drop(child.kill()))?;
        let output = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let child = Arc::new(Mutex::new(child));
        let (done, is_done) = std::sync::mpsc::channel::<()>();
        let doomed = Arc::clone(&child);
        let watchdog = thread(move || {
            // A child that is stopped or stuck beyond its own watchdog would keep its parent for ever.
            let patience = limit.map(|seconds| Duration::from_secs_f64(seconds) + GRACE + GRACE);
            if patience.is_some_and(|patience| {
                is_done.recv_timeout(patience) == Err(RecvTimeoutError::Timeout)
            }) {
                drop(lock(&doomed).kill());
            }
        });
        watchdog.inspect_err(|_| drop(lock(&child).kill()))?;
        let mut reply = None;
        for line in output.split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line).into_owned();
            // A test harness may have begun a line of its own before the mark.
            if let Some((_, json)) = line.split_once(MARK) {
                reply = Some(json.to_owned());
            }
        }
        // The child watches its standard input to notice that its parent is gone.
        let status = lock(&child).wait()?;
        drop(done);
        drop(input);
        let errors = errors.join().unwrap_or_default();
        let Some(reply) = reply else {
            let last = errors
                .lines()
                .rev()
                .find(|line| !line.trim().is_empty())
                .unwrap_or("nothing");
            return Ok(Err(Fault::new(format!(
                "the child ended without a reply ({status}); the last it said was: {last}"
            ))));
        };
        Ok(match serde_json::from_str(&reply) {
            Ok(Reply::Outcome(outcome)) => Ok(*outcome),
            Ok(Reply::Fault(fault)) => Err(Fault::new(fault)),
            Err(error) => Err(Fault::new(format!(
                "the child's reply makes no sense: {error}"
            ))),
        })
    }
}

/// A fault, and whose it is.
fn named(
    subject: &AnySubject,
    scenario: &Scenario,
    checker: Checker,
    what: &dyn std::fmt::Display,
) -> Fault {
    Fault::new(format!(
        "{checker} for {subject} in {}: {what}",
        scenario.name
    ))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does the work of a child that knows these subjects: reads one request from standard input, replies on standard
/// output, and ends the process.
pub fn serve(subjects: &Subjects) -> ! {
    let mut line = String::new();
    let read = std::io::stdin()
        .lock()
        .take(LONGEST_REQUEST)
        .read_line(&mut line);
    let request: Request = match read
        .map_err(|error| error.to_string())
        .and_then(|_| serde_json::from_str(&line).map_err(|error| error.to_string()))
    {
        Ok(request) => request,
        Err(error) => reply(&Reply::Fault(format!("not a request: {error}"))),
    };
    let subject = subjects.named(&request.variant);
    let checker = Checker::named(&request.checker);
    let scenario = Scenario::parse(&request.scenario, "request");
    let (Some(subject), Some(checker), Ok(scenario)) = (subject, checker, scenario) else {
        reply(&Reply::Fault(
            "the request names something that does not exist".to_owned(),
        ));
    };
    let progress = Progress::new();
    let scenario = Arc::new(scenario);
    let watched =
        watch_parent().and_then(|()| watch_time(&request.effort, &progress, checker, &scenario));
    if let Err(error) = watched {
        reply(&Reply::Fault(error.to_string()));
    }
    catch_deadlocks(&progress, checker, &scenario);
    match checker.run(subject, &scenario, &request.effort, &progress) {
        Ok(outcome) => reply(&Reply::Outcome(Box::new(outcome))),
        Err(fault) => reply(&Reply::Fault(fault.to_string())),
    }
}

/// Writes the reply and ends the process; the first caller wins.
fn reply(reply: &Reply) -> ! {
    static FIRST: Mutex<()> = Mutex::new(());
    let first = FIRST.lock();
    let text = serde_json::to_string(reply).expect("a reply is plain data");
    let mut output = std::io::stdout().lock();
    drop(writeln!(output, "\n{MARK}{text}").and_then(|()| output.flush()));
    // Keeps everybody else from replying as well.
    std::mem::forget(first);
    std::process::exit(0)
}

/// Ends the process once standard input is closed: the parent is gone.
fn watch_parent() -> std::io::Result<()> {
    thread(|| {
        drop(std::io::copy(
            &mut std::io::stdin().lock(),
            &mut std::io::sink(),
        ));
        std::process::exit(1)
    })
    .map(|_: JoinHandle<()>| ())
}

/// Ends the process, with what has been done so far, when a checker does not keep its limits on time.
fn watch_time(
    effort: &Effort,
    progress: &Arc<Progress>,
    checker: Checker,
    scenario: &Arc<Scenario>,
) -> std::io::Result<()> {
    let Some(limits) = TimeLimits::beyond(effort, GRACE) else {
        return Ok(());
    };
    let (progress, scenario) = (Arc::clone(progress), Arc::clone(scenario));
    let effort = effort.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "a watchdog sleeps for as long as its limit"
    )]
    let wait = move || std::thread::sleep(limits.until_next_look());
    let watchdog = thread(move || -> () {
        while !limits.have_passed() {
            wait();
        }
        let limit = match limits.is_out_of_processor() {
            true => limits.to_string(),
            // Without the grace.
            false => Deadline::after(effort.time_limit).to_string(),
        };
        let outcome = cut_off(checker, &scenario, &effort, &progress, &limit);
        reply(&Reply::Outcome(Box::new(outcome)));
    });
    watchdog.map(drop)
}

/// A thread beside those of any checker: for a pipe, or for a watchdog, which must run whatever they do.
fn thread<T: Send + 'static>(
    body: impl FnOnce() -> T + Send + 'static,
) -> std::io::Result<JoinHandle<T>> {
    let thread = std::thread::Builder::new().spawn(body);
    thread.map_err(|error| with("no thread could be started", &error))
}

/// The error with what it prevented.
fn with(what: &str, error: &std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), format!("{what}: {error}"))
}

/// A tool that reports a deadlock may abort the process while it unwinds, so its panic is judged before that.
fn catch_deadlocks(progress: &Arc<Progress>, checker: Checker, scenario: &Arc<Scenario>) {
    let (progress, scenario) = (Arc::clone(progress), Arc::clone(scenario));
    std::panic::set_hook(Box::new(move |info| {
        let payload = info.payload();
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let Some(text) = text.or_else(|| payload.downcast_ref::<&str>().copied()) else {
            return;
        };
        let judged = reports_deadlock(text) && progress.stopped(text).is_ok();
        if judged && progress.finding().is_some() {
            let outcome = stopped(checker, &scenario, &progress);
            reply(&Reply::Outcome(Box::new(outcome)));
        }
        // In a child, standard error is read by the parent, which shows its last line if no reply came.
        let place = info
            .location()
            .map_or(String::new(), |place| format!(" ({place})"));
        let line = text.replace('\n', " ");
        drop(writeln!(std::io::stderr(), "{line}{place}"));
    }));
}
