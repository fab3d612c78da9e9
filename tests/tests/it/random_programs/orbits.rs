//! Orbits by brute force: what a state looks like under every exchange there is.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::rc::Rc;

use logon_core::symmetry::{Family, Shape, Symmetric};
use logon_sim::{
    BoundedPreemptions, Limits, Planted, Search, Simulation, SpaceEnd, Stop, Symmetry,
};

use crate::random_programs::alike::exchanges;
use crate::random_programs::compare::{MOST_EXECUTIONS, same, tally};
use crate::random_programs::office::{Play, Whole};
use crate::random_programs::quick;
use crate::random_programs::tickets::{CLERKS, Office, TICKETS};

/// What one exchange makes of the numbers.
struct Exchange<'e> {
    pinned: u32,
    newest: u32,
    tickets: &'e BTreeMap<u32, u32>,
    /// The new place of each clerk.
    clerks: &'e [usize],
}

/// A description under an exchange, with the entries of collections sorted.
struct Written<'e> {
    exchange: &'e Exchange<'e>,
    /// The collections that are open, with their finished entries, and the text of the innermost entry.
    open: Vec<(String, Vec<String>)>,
    text: String,
}

impl Shape for Written<'_> {
    fn plain(&mut self, value: u64) {
        self.text += &format!("{value} ");
    }

    fn identifier(&mut self, family: Family, number: u32) {
        let Exchange {
            pinned,
            newest,
            tickets,
            clerks,
        } = *self.exchange;
        self.text += &match family {
            CLERKS => format!("clerk {} ", clerks[number as usize - 1]),
            _ if number <= pinned => format!("pinned {number} "),
            _ if number > newest => format!("ahead {} ", number - newest),
            _ => format!("ticket {} ", tickets[&number]),
        };
    }

    fn newest(&mut self, _: Family, number: u32) {
        self.text += &format!("up to {} ", number.min(self.exchange.pinned));
    }

    fn unordered(&mut self) {
        self.open.push((std::mem::take(&mut self.text), Vec::new()));
    }

    fn entry(&mut self) {
        self.finish_entry();
        // The next entry has begun, also if it says nothing.
        self.text = "entry ".to_owned();
    }

    fn end(&mut self) {
        self.finish_entry();
        let (before, mut entries) = self.open.pop().expect("what ends has begun");
        entries.sort_unstable();
        self.text = format!("{before}{{ {}}} ", entries.join("| "));
    }
}

impl Written<'_> {
    fn finish_entry(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            let (_, entries) = self.open.last_mut().expect("an entry is of a collection");
            entries.push(text);
        }
    }
}

/// What `state` looks like under `exchange`.
fn written(state: &Whole, cast: &[usize], exchange: &Exchange<'_>) -> String {
    let mut written = Written {
        exchange,
        open: Vec::new(),
        text: String::new(),
    };
    state.hall.describe(&mut written);
    let mut clerks = vec![String::new(); cast.len()];
    for (place, (learned, asleep)) in state.clerks.iter().enumerate() {
        let before = std::mem::take(&mut written.text);
        written.plain(u64::from(*asleep));
        learned.describe(&mut written);
        clerks[exchange.clerks[place]] = std::mem::replace(&mut written.text, before);
    }
    written.text + &clerks.join("/ ")
}

/// The tickets that are mentioned in `state` and may be exchanged.
fn mentioned(state: &Whole, pinned: u32) -> BTreeSet<u32> {
    struct Collect(BTreeSet<u32>);
    impl Shape for Collect {
        fn plain(&mut self, _: u64) {}
        fn identifier(&mut self, family: Family, number: u32) {
            if family == TICKETS {
                self.0.insert(number);
            }
        }
        fn newest(&mut self, _: Family, _: u32) {}
        fn unordered(&mut self) {}
        fn entry(&mut self) {}
        fn end(&mut self) {}
    }
    let mut all = Collect(BTreeSet::new());
    state.hall.describe(&mut all);
    for (learned, _) in &state.clerks {
        learned.describe(&mut all);
    }
    let exchanged = |number: &u32| *number > pinned && *number <= state.newest();
    all.0.into_iter().filter(exchanged).collect()
}

/// How many orbits `states` have.
fn orbits(office: &Office, states: &BTreeSet<Whole>) -> u64 {
    let every_clerk = exchanges(&office.cast);
    let mut known = BTreeSet::new();
    let mut orbits = 0;
    for state in states {
        let tickets: Vec<u32> = mentioned(state, office.pinned).into_iter().collect();
        let under = |clerks: &[usize], order: &[usize]| {
            let new = order.iter().map(|place| *place as u32);
            let exchange = Exchange {
                pinned: office.pinned,
                newest: state.newest(),
                tickets: &tickets.iter().copied().zip(new).collect(),
                clerks,
            };
            written(state, &office.cast, &exchange)
        };
        let every_ticket = exchanges(&vec![0; tickets.len()]);
        // The first of all orders leaves everything where it is.
        if known.contains(&under(&every_clerk[0], &every_ticket[0])) {
            continue;
        }
        orbits += 1;
        for clerks in &every_clerk {
            known.extend(every_ticket.iter().map(|tickets| under(clerks, tickets)));
        }
    }
    orbits
}

/// Compares a search with symmetry, one without, and the orbits of all states of all executions.
pub(crate) fn of_office(office: &Office, planted: Option<Planted>) -> Result<(), String> {
    tally(|tally| tally.programs += 1);
    let notes = Rc::new(RefCell::new(BTreeSet::new()));
    let play = Play {
        office,
        notes: Rc::clone(&notes),
    };
    let exploration = Simulation::default().explore(
        &play,
        &mut BoundedPreemptions::unbounded(),
        Limits::executions(MOST_EXECUTIONS),
        |_| ControlFlow::Continue(()),
    );
    if exploration.stop != Stop::SchedulerDone {
        tally(|tally| tally.skipped += 1);
        return Ok(());
    }
    let states: BTreeSet<Whole> = notes.take();
    let run = |symmetry| {
        let search = Search {
            symmetry,
            check_one_in: 2,
            planted,
            ..quick()
        };
        let space = search.run(&play);
        match &space.end {
            SpaceEnd::Complete => Ok(space),
            other => Err(format!("{:?} ended as {other:?}", search.symmetry)),
        }
    };
    let plain = run(None)?;
    let described = run(Some(office.symmetry().without_exchange()))?;
    let undescribed = run(Some(Symmetry::new().without_exchange()))?;
    let merged = run(Some(office.symmetry()))?;
    tally(|tally| {
        tally.executions += exploration.executions;
        tally.states += plain.progress.states;
        tally.merged += merged.progress.states;
    });
    let executions = Some(u128::from(exploration.executions));
    same("paths", &plain.graph.maximal_paths(), &executions)?;
    same(
        "paths of described states",
        &described.graph.maximal_paths(),
        &executions,
    )?;
    same(
        "paths of states that are told apart by equality",
        &undescribed.graph.maximal_paths(),
        &executions,
    )?;
    same(
        "paths with symmetry",
        &merged.graph.maximal_paths(),
        &executions,
    )?;
    same("states", &plain.progress.states, &(states.len() as u64))?;
    same(
        "described states",
        &described.progress.states,
        &(states.len() as u64),
    )?;
    same(
        "states that are told apart by equality",
        &undescribed.progress.states,
        &(states.len() as u64),
    )?;
    let orbits = orbits(office, &states);
    same("states with symmetry", &merged.progress.states, &orbits)
}
