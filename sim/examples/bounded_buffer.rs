//! The exhaustive search on a program that has nothing to do with logons: producers and consumers around a
//! bounded buffer. Once they wait as they should; once they look and fall asleep in two steps.
//!
//! Run it with `cargo run --release -p logon-sim --example bounded_buffer`. It shows what a program of one's own
//! needs: plain state, a watch, and for symmetry a description of the state. It prints the counterexample and writes its
//! page into `out`, or into the folder that is named as its argument.

use std::collections::{BTreeSet, VecDeque};

use logon_core::primitives::Monitor;
use logon_core::symmetric;
use logon_core::symmetry::{Family, Shape, Symmetric};
use logon_sim::{
    Actors, Check, Input, Instance, Program, Rest, Rule, SharedState, SimMonitor, Smaller,
    StateWatch, Symmetry, Watch,
};

/// An item. Items are numbered as they are made; nothing depends on the numbers but which item is which.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
struct Item(u32);

impl Item {
    const FAMILY: Family = Family("item");
}

impl Symmetric for Item {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.identifier(Self::FAMILY, self.0);
    }
}

/// What the threads share.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Buffer {
    made: u32,
    waiting: VecDeque<Item>,
    taken: BTreeSet<Item>,
    taken_twice: bool,
}

const CAPACITY: usize = 1;

impl Buffer {
    fn put(&mut self) -> Option<()> {
        if self.waiting.len() == CAPACITY {
            return None;
        }
        self.made += 1;
        self.waiting.push_back(Item(self.made));
        Some(())
    }

    fn take(&mut self) -> Option<()> {
        let item = self.waiting.pop_front()?;
        self.taken_twice |= !self.taken.insert(item);
        Some(())
    }
}

impl Symmetric for Buffer {
    fn describe(&self, shape: &mut dyn Shape) {
        let Self {
            made,
            waiting,
            taken,
            taken_twice,
        } = self;
        shape.newest(Item::FAMILY, *made);
        waiting.describe(shape);
        taken.describe(shape);
        taken_twice.describe(shape);
    }
}

/// How a thread waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// It looks and falls asleep in one step.
    Right,
    /// It looks in one step and falls asleep in the next, so what wakes it may come between the two.
    Wrong,
}

/// What a thread found, when it does not wait for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Found {
    Done,
    Nothing,
}
symmetric! { enum Found { Done, Nothing } }

/// So many producers and as many consumers, each of one item.
#[derive(Clone, Copy)]
struct Trade {
    pairs: usize,
    waiting: Waiting,
}

struct Auditor(SimMonitor<Buffer>);

impl Watch for Auditor {
    type Verdict = &'static str;

    fn at_rest(&mut self, rest: &Rest) -> Option<&'static str> {
        (!rest.all_finished()).then_some("somebody waits for ever")
    }
}

impl StateWatch for Auditor {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<&'static str> {
        let buffer = state.monitor(&self.0);
        buffer.taken_twice.then_some("an item was taken twice")
    }
}

impl Program for Trade {
    type Watch = Auditor;

    fn start(&self, actors: &mut Actors<'_>) -> Auditor {
        let buffer: SimMonitor<Buffer> = Monitor::new("buffer", Buffer::default());
        for pair in 0..self.pairs {
            for (class, label, act) in [
                (
                    "producer",
                    "put",
                    Buffer::put as fn(&mut Buffer) -> Option<()>,
                ),
                ("consumer", "take", Buffer::take),
            ] {
                let (buffer, waiting) = (buffer.clone(), self.waiting);
                actors.spawn(format!("{class} {}", pair + 1), class, move || {
                    attempt(&buffer, label, waiting, act);
                });
            }
        }
        Auditor(buffer)
    }
}

fn attempt(
    buffer: &SimMonitor<Buffer>,
    label: &'static str,
    waiting: Waiting,
    act: fn(&mut Buffer) -> Option<()>,
) {
    if waiting == Waiting::Right {
        buffer.wait_for(label, act);
        // Waking is a step of its own: a wait wakes nobody.
        return buffer.update("tell the others", |_| ());
    }
    while buffer.update(label, |buffer| {
        act(buffer).map_or(Found::Nothing, |()| Found::Done)
    }) == Found::Nothing
    {
        buffer.sleep("sleep until something changes");
    }
}

/// Who else needs words of its own, gives them here; all of it has a default.
impl Instance for Trade {
    type Fact = ();

    fn name(&self) -> &str {
        match self.waiting {
            Waiting::Right => "bounded-buffer",
            Waiting::Wrong => "bounded-buffer-asleep-too-late",
        }
    }

    fn input(&self) -> Input {
        Input {
            name: format!("{}-pairs", self.pairs),
            document: format!("pairs = {}\n", self.pairs),
        }
    }

    /// Types describe themselves, so that states which differ only in names count once: producers take each other's
    /// places, and so do items.
    fn symmetry(&self) -> Option<Symmetry> {
        let symmetry = Symmetry::new()
            .knows::<Buffer>()
            .knows::<Found>()
            .family(Item::FAMILY, Rule::Fresh { pinned: 0 });
        Some(symmetry)
    }

    fn smaller(&self) -> Vec<Smaller<Self>> {
        let less = Trade {
            pairs: self.pairs - 1,
            ..*self
        };
        let instance = match less.pairs {
            0 => Err("nobody trades".to_owned()),
            _ => Ok(less),
        };
        let what = "a producer and a consumer".to_owned();
        vec![Smaller { what, instance }]
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "out".to_owned());
    for waiting in [Waiting::Right, Waiting::Wrong] {
        let report = Check::new(Trade { pairs: 3, waiting }).run()?;
        println!("{report}");
        if let Some(page) = report.write(out.as_ref()).and_then(|written| written.page) {
            println!("page    {}\n", page.display());
        }
    }
    Ok(())
}
