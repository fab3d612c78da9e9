//! The comparison: what the search of states finds, and what enumerating all executions finds.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::ops::ControlFlow;
use std::rc::Rc;

use logon_sim::{
    BoundedPreemptions, Config, Limits, Order, Planted, Search, Simulation, Space, SpaceEnd, Stop,
    Violation,
};

use crate::random_programs::quick;
use crate::random_programs::sketch::Sketch;
use crate::random_programs::stage::{Notes, Play, Shared};

/// More executions than this are not enumerated.
pub(crate) const MOST_EXECUTIONS: u64 = 20_000;

/// What all comparisons of a test came to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) programs: u64,
    /// Those with too many executions.
    pub(crate) skipped: u64,
    /// Those with executions that never end.
    pub(crate) endless: u64,
    /// Of those, the ones of which all states were reached by bounded executions nevertheless.
    pub(crate) endless_compared: u64,
    pub(crate) blocked: u64,
    pub(crate) states: u64,
    pub(crate) merged: u64,
    pub(crate) executions: u64,
}

thread_local! {
    static TALLY: Cell<Tally> = const {
        Cell::new(Tally {
            programs: 0,
            skipped: 0,
            endless: 0,
            endless_compared: 0,
            blocked: 0,
            states: 0,
            merged: 0,
            executions: 0,
        })
    };
}

/// Counts on this thread.
pub(crate) fn tally(count: impl FnOnce(&mut Tally)) {
    let mut tally = TALLY.get();
    count(&mut tally);
    TALLY.set(tally);
}

/// What was counted on this thread.
pub(crate) fn counted() -> Tally {
    TALLY.take()
}

/// Objects if two answers differ.
pub(crate) fn same<T: PartialEq + Debug>(
    what: &str,
    found: &T,
    expected: &T,
) -> Result<(), String> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{what}: {found:?} and not {expected:?}")),
    }
}

/// Runs `search` on `sketch`.
pub(crate) fn searched(
    search: &Search,
    sketch: &Sketch,
    forbidden: Option<Shared>,
) -> (Space<Shared>, Notes) {
    let notes = Rc::new(RefCell::new(Notes::default()));
    let play = Play {
        sketch,
        notes: Rc::clone(&notes),
        forbidden,
    };
    let space = search.run(&play);
    drop(play);
    (space, notes.take())
}

/// As [`searched`], for a search that is to see everything.
pub(crate) fn complete(search: &Search, sketch: &Sketch) -> Result<(Space<Shared>, Notes), String> {
    let (space, notes) = searched(search, sketch, None);
    match &space.end {
        SpaceEnd::Complete => Ok((space, notes)),
        other => Err(format!("{search:?} ended as {other:?}")),
    }
}

/// Enumerates the executions of `sketch`, of so many steps at most: how many there are unless they are too
/// many, how many were cut short, and what was seen.
pub(crate) fn enumerated(sketch: &Sketch, max_steps: usize) -> (Option<u64>, u64, Notes) {
    let notes = Rc::new(RefCell::new(Notes::default()));
    let play = Play {
        sketch,
        notes: Rc::clone(&notes),
        forbidden: None,
    };
    let config = Config {
        max_steps,
        ..Config::default()
    };
    let exploration = Simulation::new(config).explore(
        &play,
        &mut BoundedPreemptions::unbounded(),
        Limits::executions(MOST_EXECUTIONS),
        |_| ControlFlow::Continue(()),
    );
    tally(|tally| tally.executions += exploration.executions);
    let all = (exploration.stop == Stop::SchedulerDone).then_some(exploration.executions);
    (all, exploration.cut_short, notes.take())
}

fn shared_of(notes: &Notes) -> BTreeSet<Shared> {
    notes
        .whole
        .keys()
        .map(|(shared, _)| shared.clone())
        .collect()
}

/// Compares a plain search with plain enumeration.
pub(crate) fn with_enumeration(sketch: &Sketch, planted: Option<Planted>) -> Result<(), String> {
    tally(|tally| tally.programs += 1);
    let plain = Search { planted, ..quick() };
    let (space, found) = complete(&plain, sketch)?;
    tally(|tally| tally.states += space.progress.states);
    let deep = Search {
        order: Order::DepthFirst,
        ..plain
    };
    let (deep, found_deep) = complete(&deep, sketch)?;
    same(
        "states, depth first",
        &deep.progress.states,
        &space.progress.states,
    )?;
    same(
        "steps, depth first",
        &deep.progress.transitions,
        &space.progress.transitions,
    )?;
    same("shared states, depth first", &found_deep.seen, &found.seen)?;
    same("rests, depth first", &found_deep.rests, &found.rests)?;
    same(
        "paths, depth first",
        &deep.graph.maximal_paths(),
        &space.graph.maximal_paths(),
    )?;

    let blocks = found.rests.iter().any(|(_, blocked)| !blocked.is_empty());
    tally(|tally| tally.blocked += u64::from(blocks));
    let expected = match space.graph.maximal_paths() {
        None => {
            tally(|tally| tally.endless += 1);
            return endless(sketch, &space, &found);
        }
        Some(paths) if paths > u128::from(MOST_EXECUTIONS) => {
            tally(|tally| tally.skipped += 1);
            return Ok(());
        }
        Some(paths) => paths,
    };
    let (executions, cut_short, notes) = enumerated(sketch, 1_000);
    same("executions cut short", &cut_short, &0)?;
    same("paths", &Some(expected), &executions.map(u128::from))?;
    same("rests", &found.rests, &notes.rests)?;
    everything(sketch, &space, &found, &notes)
}

/// Compares a program of which some executions never end with its executions of a bounded length.
fn endless(sketch: &Sketch, space: &Space<Shared>, found: &Notes) -> Result<(), String> {
    let (executions, cut_short, notes) = enumerated(sketch, space.depth as usize + 1);
    if executions.is_none() {
        let unseen = shared_of(&notes).difference(&found.seen).count();
        return same("shared states that the search has missed", &unseen, &0);
    }
    tally(|tally| tally.endless_compared += 1);
    same(
        "whether an execution was cut short",
        &(cut_short > 0),
        &true,
    )?;
    let unseen = notes.rests.difference(&found.rests).count();
    same("rests that the search has missed", &unseen, &0)?;
    everything(sketch, space, found, &notes)
}

/// Compares all states, `notes` having those of executions, and how deep they lie.
fn everything(
    sketch: &Sketch,
    space: &Space<Shared>,
    found: &Notes,
    notes: &Notes,
) -> Result<(), String> {
    same("shared states", &found.seen, &shared_of(notes))?;
    same(
        "states",
        &space.progress.states,
        &(notes.whole.len() as u64),
    )?;
    let depth = notes.whole.values().copied().max().unwrap_or(0);
    same("depth", &(space.depth as usize), &depth)?;
    let depth_of = |shared: &Shared| {
        let same = notes.whole.iter().filter(|((other, _), _)| other == shared);
        same.map(|(_, depth)| *depth).min().unwrap_or(usize::MAX)
    };
    let mut reached = BTreeSet::new();
    let mut last = (0, &found.shown[0]);
    for shared in &found.shown {
        if reached.insert(shared) {
            let depth = depth_of(shared);
            same("whether breadth comes first", &(depth >= last.0), &true)?;
            last = (depth, shared);
        }
    }
    // The last one found, as a violation, is shown in as few steps as there can be.
    let (depth, deepest) = last;
    if depth == 0 {
        return Ok(());
    }
    let (space, _) = searched(&quick(), sketch, Some(deepest.clone()));
    match space.end {
        SpaceEnd::Violated(evidence) => {
            same("the violation", &evidence.violation, &Violation::Step)?;
            same("the verdict", &evidence.execution.verdict(), &Some(deepest))?;
            same("the steps to it", &evidence.execution.steps.len(), &depth)
        }
        other => Err(format!(
            "{deepest:?} is not seen as a violation but {other:?}"
        )),
    }
}
