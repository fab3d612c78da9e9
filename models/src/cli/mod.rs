//! The command line: of the program `logon-check`, and of a program that checks allocators of its own.
//!
//! A `main.rs` gives every command for somebody else's allocator:
//!
//! ```no_run
//! use logon_models::{cli, stage::Subjects, subject};
//! # use logon_core::primitives::{Monitor, Primitives};
//! # use logon_core::{Allocator, Observer, Server};
//! # struct Mine<P: Primitives, O: Observer>(P::Monitor<Server<O>>);
//! # impl<P: Primitives, O: Observer> Allocator<P, O> for Mine<P, O> {
//! #     fn around(server: Server<O>) -> Self { Mine(P::Monitor::new("server", server)) }
//! #     fn server(&self) -> &P::Monitor<Server<O>> { &self.0 }
//! # }
//!
//! fn main() -> std::process::ExitCode {
//!     cli::main_with(&Subjects::variants().and(subject!(Mine)))
//! }
//! ```

mod arguments;
mod burst;
mod busy;
mod catches;
mod check;
mod choose;
mod ci;
mod compare;
mod cost;
mod docs;
mod fault;
mod listing;
mod matrix;
mod merge;
mod prove;
mod replay;
mod said;
mod shrink;
mod signal;
mod simulate;
mod situations;
mod swarm;
mod together;
mod view;
mod walk;
mod written;

use std::fmt;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Once;

use crate::cell::{self, Launcher};
use crate::program;
use crate::render;
use crate::scenario::ScenarioError;
use crate::stage::Subjects;
use arguments::{Arguments, ColorWhen, Command};
use logon_sim::visible_json;

pub use fault::end_as_fault;

/// The argument with which the program starts itself as a child; see [`crate::cell`].
const CELL: &str = "__cell";

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    /// Holds as claimed; the matrix: every cell is as predicted.
    Holds = 0,
    /// Something other than a property went wrong.
    Fault = 1,
    /// A property was violated; the matrix: some cell is not as predicted.
    Violated = 2,
    /// A limit was reached, or somebody interrupted.
    Incomplete = 3,
    /// A replay diverged.
    Diverged = 4,
    /// The command line, or a file it names, makes no sense.
    Usage = 64,
}

/// Why a command ended early: a status and one message.
#[derive(Debug)]
pub(crate) struct Failure {
    status: Status,
    message: String,
    /// What follows the message, line by line.
    further: Vec<String>,
}

impl Failure {
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Failure {
            status: Status::Usage,
            message: message.to_string(),
            further: Vec::new(),
        }
    }

    /// Everything that is wrong with a scenario, with the lines in which it stands.
    pub(crate) fn of_scenario(error: &ScenarioError) -> Self {
        let text = error.to_string();
        let mut lines = text.lines().map(str::to_owned);
        Failure {
            status: Status::Usage,
            message: lines.next().unwrap_or_default(),
            further: lines.collect(),
        }
    }

    /// A message of a tool may have several lines; they become one.
    pub(crate) fn fault(message: impl fmt::Display) -> Self {
        let message = message.to_string();
        let lines: Vec<&str> = message.lines().map(str::trim).collect();
        Failure {
            status: Status::Fault,
            message: lines.join(" "),
            further: Vec::new(),
        }
    }

    pub(crate) fn diverged(message: impl fmt::Display) -> Self {
        Failure {
            status: Status::Diverged,
            message: message.to_string(),
            further: Vec::new(),
        }
    }
}

/// What every command may need.
struct Program<'a> {
    subjects: &'a Subjects,
    launcher: Launcher,
}

/// Runs `logon-check` on the arguments of the process: [`main_with`] the variants.
pub fn main() -> ExitCode {
    main_with(&Subjects::variants())
}

/// Runs every command on the arguments of the process, with these subjects as its variants.
///
/// To be called first thing in `main`, and its result returned: some checkers run in child processes, and a child is the
/// same program, called with an argument that nobody writes. What it prints names the program as it was called.
/// `prove` and `docs` are about the built-in variants alone, and say so of any other.
pub fn main_with(subjects: &Subjects) -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == CELL)
    {
        cell::serve(subjects);
    }
    program::begin(std::env::args_os().next(), subjects);
    fault::say_no_more_than_the_sentence();
    signal::let_writing_fail();
    let (arguments, misplaced) = match Arguments::read(std::env::args_os()) {
        Ok(read) => read,
        Err(error) => return refuse(error),
    };
    match arguments.color {
        ColorWhen::Auto => {}
        ColorWhen::Always => anstream::ColorChoice::Always.write_global(),
        ColorWhen::Never => anstream::ColorChoice::Never.write_global(),
    }
    signal::end_cleanly();
    let command = arguments.command;
    let ended = match misplaced {
        Some(option) => Err(Failure::usage(format!(
            "--{option} before a command is that of the matrix; expected it behind the command, or no command"
        ))),
        None => fault::caught(|| {
            let program = Program {
                subjects,
                launcher: launcher()?,
            };
            run(
                &program,
                command.unwrap_or(Command::Matrix(arguments.matrix)),
            )
        }),
    };
    match ended {
        Ok(status) => ExitCode::from(status as u8),
        Err(failure) => {
            say(&failure.message);
            failure.further.iter().for_each(|line| say_further(line));
            ExitCode::from(failure.status as u8)
        }
    }
}

/// Says what is wrong with the command line, or what was asked for.
fn refuse(error: clap::Error) -> ExitCode {
    if error.exit_code() == 0 {
        return match print(&error.render().ansi().to_string()) {
            Ok(_) => ExitCode::SUCCESS,
            Err(failure) => {
                say(&failure.message);
                ExitCode::from(failure.status as u8)
            }
        };
    }
    // The message quotes arguments; the same of clean ones quotes nothing that steers a terminal.
    let clean = |argument: std::ffi::OsString| render::clean_line(&argument.to_string_lossy());
    let error = Arguments::read(std::env::args_os().map(clean))
        .err()
        .unwrap_or(error);
    drop(error.print());
    ExitCode::from(Status::Usage as u8)
}

/// Writes a line to standard error, without what steers a terminal or hides. If nobody reads it, that is no fault.
fn say(line: &str) {
    let line = render::clean_line(&render::brief(line));
    drop(writeln!(anstream::stderr(), "{}: {line}", program::name()));
}

/// Writes another line of what was said.
fn say_further(line: &str) {
    let line = render::clean_line(&render::brief(line));
    drop(writeln!(anstream::stderr(), "{line}"));
}

fn run(program: &Program<'_>, command: Command) -> Result<Status, Failure> {
    match command {
        Command::Matrix(arguments) => matrix::run(&arguments, program),
        Command::Check(arguments) => check::run(&arguments, program),
        Command::Replay(arguments) => replay::run(&arguments, program.subjects),
        Command::Render(arguments) => view::run(&arguments),
        Command::List(arguments) => match &arguments.catches {
            Some(named) => catches::run(named, &arguments, program),
            None => listing::run(&arguments, program.subjects),
        },
        Command::Compare(arguments) => compare::run(&arguments, program),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments, program),
        Command::Prove(arguments) => prove::run(&arguments, program.subjects),
        Command::Docs(arguments) => docs::run(&arguments, program),
        Command::Completions { shell } => {
            let mut bytes = Vec::new();
            clap_complete::generate(
                shell,
                &mut Arguments::program(),
                program::name(),
                &mut bytes,
            );
            print(&String::from_utf8_lossy(&bytes))
        }
        Command::Man { command } => manual(command.as_deref()),
    }
}

/// Prints the manual page of a command, or of the program.
fn manual(command: Option<&str>) -> Result<Status, Failure> {
    let mut program = Arguments::program();
    // So that a command knows the program it is one of.
    program.build();
    let page = match command {
        None => program,
        Some(name) => {
            let found = program.find_subcommand(name).cloned();
            let found = found.map(|found| found.version(env!("CARGO_PKG_VERSION")));
            found.ok_or_else(|| {
                let names = program
                    .get_subcommands()
                    .filter(|other| !other.is_hide_set());
                let names: Vec<&str> = names.map(clap::Command::get_name).collect();
                let names = names.join(", ");
                Failure::usage(format!(
                    "there is no command {name:?}; expected one of {names}"
                ))
            })?
        }
    };
    let mut bytes = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut bytes)
        .map_err(Failure::fault)?;
    print(&String::from_utf8_lossy(&bytes))
}

fn launcher() -> Result<Launcher, Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::fault(format!("cannot find this program's own file: {error}")))?;
    Ok(Launcher::new(program, &[CELL]))
}

/// Prints a document in JSON.
fn print_json(json: String) -> Result<Status, Failure> {
    print(&visible_json(json))
}

/// Prints what goes with a verdict. That it cannot be printed is said once and changes no verdict: whoever reads only
/// the status must not take a violation for a full disk.
fn put(text: &str) {
    static SAID: Once = Once::new();
    if let Err(failure) = print(text) {
        SAID.call_once(|| say(&failure.message));
    }
}

/// The same in JSON.
fn put_json(json: String) {
    put(&visible_json(json));
}

/// Prints to standard output. A reader that has gone away is no fault.
fn print(text: &str) -> Result<Status, Failure> {
    let mut output = anstream::stdout();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Ok(()) => Ok(Status::Holds),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(Status::Holds),
        Err(error) => Err(Failure::fault(format!(
            "cannot write to standard output: {error}"
        ))),
    }
}
