//! The comparison with symmetry: one state for each orbit of states.

use std::collections::BTreeSet;

use logon_sim::{Planted, Search, Symmetry};

use crate::random_programs::compare::{MOST_EXECUTIONS, complete, enumerated, same, tally};
use crate::random_programs::quick;
use crate::random_programs::sketch::Sketch;
use crate::random_programs::stage::{Notes, Whole};

/// All orders of the actors of `cast` in which each takes the place of one of its class.
pub(crate) fn exchanges(cast: &[usize]) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for place in 0..cast.len() {
        orders = orders
            .iter()
            .flat_map(|order: &Vec<usize>| {
                let rest = (0..cast.len())
                    .filter(|&actor| !order.contains(&actor) && cast[actor] == cast[place]);
                rest.map(|actor| [&order[..], &[actor]].concat())
            })
            .collect();
    }
    orders
}

/// Compares a search with symmetry and one without, with actors of one script exchanged by brute force.
pub(crate) fn with_symmetry(sketch: &Sketch, planted: Option<Planted>) -> Result<(), String> {
    tally(|tally| tally.programs += 1);
    let (plain, found) = complete(&quick(), sketch)?;
    let search = |symmetry| Search {
        symmetry: Some(symmetry),
        check_one_in: 3,
        planted,
        ..quick()
    };
    let (merged, found_merged) = complete(&search(Symmetry::new()), sketch)?;
    let (described, _) = complete(&search(Symmetry::new().without_exchange()), sketch)?;
    let paths = plain.graph.maximal_paths();
    tally(|tally| {
        tally.states += plain.progress.states;
        tally.merged += merged.progress.states;
    });
    same("paths with symmetry", &merged.graph.maximal_paths(), &paths)?;
    same(
        "paths of described states",
        &described.graph.maximal_paths(),
        &paths,
    )?;
    same(
        "described states",
        &described.progress.states,
        &plain.progress.states,
    )?;
    same(
        "shared states with symmetry",
        &found_merged.seen,
        &found.seen,
    )?;
    same("depth with symmetry", &merged.depth, &plain.depth)?;
    let orders = exchanges(&sketch.cast);
    let rests = |notes: &Notes| -> BTreeSet<_> {
        let all = notes.rests.iter().flat_map(|(shared, blocked)| {
            orders.iter().map(move |order| {
                let moved = blocked.iter().map(|&(actor, label)| (order[actor], label));
                (shared.clone(), moved.collect::<BTreeSet<_>>())
            })
        });
        all.collect()
    };
    same("rests with symmetry", &rests(&found_merged), &rests(&found))?;

    if paths.is_none_or(|paths| paths > u128::from(MOST_EXECUTIONS)) {
        tally(|tally| tally.skipped += 1);
        return Ok(());
    }
    let (_, _, notes) = enumerated(sketch, 1_000);
    let least = |(shared, standing): &Whole| {
        let moved = orders.iter().map(|order| {
            let moved = order.iter().map(|&actor| standing[actor].clone());
            (shared.clone(), moved.collect())
        });
        moved.min()
    };
    let orbits: BTreeSet<Option<Whole>> = notes.whole.keys().map(least).collect();
    same(
        "states with symmetry",
        &merged.progress.states,
        &(orbits.len() as u64),
    )
}
