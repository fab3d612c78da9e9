//! After how many executions each sampler finds a fault: the median of 101 seeds, for small programs with one fault each.
//!
//! Run it with `cargo run --release -p logon-sim --example samplers`. It prints the table of docs/tools.md.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Word};
use logon_sim::{
    Actors, AtRest, EndKind, FewPreemptions, Limits, Pct, Pos, RandomWalk, Rest, Scheduler,
    SimMonitor, SimWord, Simulation, Urw, grouped,
};

/// How many seeds each sampler is given.
const SEEDS: u64 = 101;

/// After how many executions it is given up.
const MOST: u64 = 100_000;

type Judge = AtRest<Box<dyn FnMut(&Rest) -> Option<&'static str>>>;
type Start = fn(&mut Actors<'_>) -> Judge;
type Sampler = fn(u64) -> Box<dyn Scheduler>;

/// Says that a word is up at rest.
fn is_up(word: SimWord, says: &'static str) -> Judge {
    AtRest(Box::new(move |_: &Rest| (word.peek() > 0).then_some(says)))
}

/// So many threads write one word and then another; one more must see both or neither. They are created one after the
/// other, that one last. After `reorder` of SCTBench.
fn reorder<const SETTERS: usize>(actors: &mut Actors<'_>) -> Judge {
    let [first, second, torn]: [SimWord; 3] =
        ["first", "second", "torn"].map(|name| Word::new(name, 0));
    let created = |number: usize| Monitor::new(format!("thread {number}"), false);
    let threads: Vec<SimMonitor<bool>> = (0..=SETTERS).map(created).collect();
    for (number, thread) in threads[..SETTERS].iter().enumerate() {
        let (thread, first, second) = (thread.clone(), first.clone(), second.clone());
        actors.spawn(format!("setter-{number}"), "setter", move || {
            thread.wait_for("begin", |is_created| is_created.then_some(()));
            first.store("write first", 1, SeqCst);
            second.store("write second", 1, SeqCst);
        });
    }
    let (thread, seen) = (threads[SETTERS].clone(), torn.clone());
    actors.spawn("checker", "checker", move || {
        thread.wait_for("begin", |is_created| is_created.then_some(()));
        if first.load("read first", SeqCst) != second.load("read second", SeqCst) {
            seen.store("it is torn", 1, SeqCst);
        }
    });
    actors.spawn("creator", "creator", move || {
        for thread in &threads {
            thread.update("create", |is_created| *is_created = true);
        }
    });
    is_up(torn, "one without the other")
}

/// A queue from which its owner takes at one end and two thieves at the other. The owner takes the last item without
/// making sure that no thief is at it.
fn work_stealing(actors: &mut Actors<'_>) -> Judge {
    const ITEMS: u64 = 4;
    let [head, tail, twice]: [SimWord; 3] =
        ["head", "tail", "twice"].map(|name| Word::new(name, 0));
    let taken: Vec<SimWord> = (0..ITEMS)
        .map(|item| Word::new(format!("item {item}"), 0))
        .collect();
    let take = {
        let twice = twice.clone();
        move |item: u64| {
            if taken[item as usize].fetch_add("take", 1, SeqCst) > 0 {
                twice.store("it was taken already", 1, SeqCst);
            }
        }
    };
    for name in ["thief-1", "thief-2"] {
        let (head, tail, take) = (head.clone(), tail.clone(), take.clone());
        actors.spawn(name, "thief", move || {
            for _ in 0..2 {
                let first = head.load("look at the head", SeqCst);
                if first < tail.load("look at the tail", SeqCst)
                    && head
                        .compare_exchange("steal", first, first + 1, SeqCst)
                        .is_ok()
                {
                    take(first);
                }
            }
        });
    }
    actors.spawn("owner", "owner", move || {
        for item in 0..ITEMS {
            tail.store("push", item + 1, SeqCst);
        }
        for item in (0..ITEMS).rev() {
            tail.store("pop", item, SeqCst);
            if head.load("is it still there?", SeqCst) > item {
                break;
            }
            take(item);
        }
    });
    is_up(twice, "an item is taken twice")
}

/// After how many executions `start` fails, in the median of all seeds.
fn median(start: Start, sampler: Sampler) -> u64 {
    let mut simulation = Simulation::default();
    let found = (1..=SEEDS).map(|seed| {
        let limits = Limits::executions(MOST);
        let mut scheduler = sampler(seed);
        let done = simulation.explore(&start, &mut *scheduler, limits, |execution| match execution
            .end
            .kind()
        {
            EndKind::Stopped => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        });
        done.executions
    });
    let mut found: Vec<u64> = found.collect();
    found.sort_unstable();
    found[found.len() / 2]
}

fn main() {
    let programs: [(&str, Start); 3] = [
        ("reorder, 3 setters", reorder::<3>),
        ("reorder, 5 setters", reorder::<5>),
        ("work stealing", work_stealing),
    ];
    let samplers: [(&str, Sampler); 5] = [
        ("random walk", |seed| Box::new(RandomWalk::new(seed))),
        ("few preemptions, 2", |seed| {
            Box::new(FewPreemptions::new(seed, 2))
        }),
        ("PCT, depth 3", |seed| Box::new(Pct::new(seed, 3))),
        ("POS", |seed| Box::new(Pos::new(seed))),
        ("URW", |seed| Box::new(Urw::new(seed))),
    ];
    let names = programs.map(|(name, _)| name);
    println!("| sampler | {} |", names.join(" | "));
    println!("|---|{}", "---:|".repeat(programs.len()));
    for (name, sampler) in samplers {
        let found = programs.map(|(_, start)| match median(start, sampler) {
            MOST => format!("more than {}", grouped(MOST)),
            found => grouped(found),
        });
        println!("| {name} | {} |", found.join(" | "));
    }
}
