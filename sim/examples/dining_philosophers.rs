//! Dining philosophers: each takes the fork to the left first, and all of them starve; where one takes the fork to the
//! right first, nobody does.
//!
//! Run it with `cargo run --release -p logon-sim --example dining_philosophers`. It prints the counterexample and writes
//! its page into `out`, or into the folder that is named as its argument.

use logon_core::primitives::Monitor;
use logon_sim::{Actors, AtRest, OfSize, Rest, SimMonitor};

/// `size` philosophers; the last of them reaches for the fork to the right first if `one_is_left_handed`.
fn table(
    size: usize,
    one_is_left_handed: bool,
    actors: &mut Actors<'_>,
) -> impl Fn(&Rest) -> Option<&'static str> + use<> {
    const NAMES: [&str; 5] = ["fork 1", "fork 2", "fork 3", "fork 4", "fork 5"];
    let fork = |name| -> SimMonitor<bool> { Monitor::new(name, false) };
    let forks: Vec<SimMonitor<bool>> = NAMES[..size].iter().copied().map(fork).collect();
    for place in 0..size {
        let (left, right) = (forks[place].clone(), forks[(place + 1) % size].clone());
        let (first, second) = match one_is_left_handed && place + 1 == size {
            true => (right, left),
            false => (left, right),
        };
        actors.spawn(
            format!("philosopher-{}", place + 1),
            "philosopher",
            move || {
                first.wait_for("take the first fork", take);
                second.wait_for("take the second fork", take);
                second.update("put the second fork back", |taken| *taken = false);
                first.update("put the first fork back", |taken| *taken = false);
            },
        );
    }
    |rest: &Rest| (!rest.all_finished()).then_some("somebody starves")
}

fn take(taken: &mut bool) -> Option<()> {
    (!std::mem::replace(taken, true)).then_some(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "out".to_owned());
    for (name, one_is_left_handed) in [
        ("philosophers-alike", false),
        ("philosophers-one-left-handed", true),
    ] {
        let table = move |size: usize, actors: &mut Actors<'_>| {
            AtRest(table(size, one_is_left_handed, actors))
        };
        let report = OfSize::new(name, "philosophers", 4, table)
            .at_least(2)
            .check()
            .run()?;
        println!("{report}");
        if let Some(page) = report.write(out.as_ref()).and_then(|written| written.page) {
            println!("page    {}\n", page.display());
        }
    }
    Ok(())
}
