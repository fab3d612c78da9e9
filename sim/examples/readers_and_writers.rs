//! Readers and writers around a value in two halves. A reader that looks at one half after the other without the lock may
//! see a half of one write and a half of another.
//!
//! Run it with `cargo run --release -p logon-sim --example readers_and_writers`. It prints the counterexample and writes
//! its page into `out`, or into the folder that is named as its argument.

use logon_core::primitives::Monitor;
use logon_sim::{Actors, Named, Rest, SharedState, SimMonitor, StateWatch, Watch};

/// Who is in there.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Lock {
    readers: u32,
    writer: bool,
}

/// What is read and written: both halves of one write are alike.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Value {
    first: u32,
    second: u32,
}

/// What the readers have seen.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Seen {
    torn: Option<(u32, u32)>,
}

struct Librarian(SimMonitor<Seen>);

impl Watch for Librarian {
    type Verdict = String;

    fn at_rest(&mut self, rest: &Rest) -> Option<String> {
        (!rest.all_finished()).then(|| "somebody waits for ever".to_owned())
    }
}

impl StateWatch for Librarian {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<String> {
        let torn = state.monitor(&self.0).torn?;
        Some(format!("a reader sees halves of two writes: {torn:?}"))
    }
}

fn library(readers_lock: bool, actors: &mut Actors<'_>) -> Librarian {
    let lock: SimMonitor<Lock> = Monitor::new("lock", Lock::default());
    let value: SimMonitor<Value> = Monitor::new("value", Value::default());
    let seen: SimMonitor<Seen> = Monitor::new("seen", Seen::default());
    for number in 1..=2_u32 {
        let (lock, value) = (lock.clone(), value.clone());
        actors.spawn(format!("writer-{number}"), "writer", move || {
            lock.wait_for("enter to write", |lock| {
                (lock.readers == 0 && !lock.writer).then(|| lock.writer = true)
            });
            value.enter("write the first half", |value| value.first = number);
            value.enter("write the second half", |value| value.second = number);
            lock.update("leave", |lock| lock.writer = false);
        });
    }
    let reader_seen = seen.clone();
    actors.spawn("reader", "reader", move || {
        if readers_lock {
            lock.wait_for("enter to read", |lock| {
                (!lock.writer).then(|| lock.readers += 1)
            });
        }
        let first = value.enter("read the first half", |value| value.first);
        let second = value.enter("read the second half", |value| value.second);
        if first != second {
            reader_seen.enter("compare them", |seen| seen.torn = Some((first, second)));
        }
        if readers_lock {
            lock.update("leave", |lock| lock.readers -= 1);
        }
    });
    Librarian(seen)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "out".to_owned());
    for (name, readers_lock) in [
        ("readers-and-writers", true),
        ("readers-without-lock", false),
    ] {
        let library = move |actors: &mut Actors<'_>| library(readers_lock, actors);
        let report = Named::new(name, library).check().run()?;
        println!("{report}");
        if let Some(page) = report.write(out.as_ref()).and_then(|written| written.page) {
            println!("page    {}\n", page.display());
        }
    }
    Ok(())
}
