//! A cache in front of a store. A reader that misses reads the store and fills the cache; a writer writes the store and
//! throws the old entry out. If the writer comes between the read and the fill, the cache keeps what is no longer so.
//! Where a fill says which version it read, it is dropped if the entry was thrown out since.
//!
//! Run it with `cargo run --release -p logon-sim --example stale_fill`. It prints the counterexample and writes its page
//! into `out`, or into the folder that is named as its argument.

use logon_core::primitives::Monitor;
use logon_sim::{Actors, AtRest, Named, Rest, SimMonitor};

/// The cache of one entry.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Cache {
    entry: Option<u32>,
    /// How often an entry was thrown out.
    invalidations: u32,
}

fn cached(
    checks_version: bool,
    actors: &mut Actors<'_>,
) -> AtRest<impl FnMut(&Rest) -> Option<String> + use<>> {
    let store: SimMonitor<u32> = Monitor::new("store", 1);
    let cache: SimMonitor<Cache> = Monitor::new("cache", Cache::default());
    for number in 1..=2 {
        let (store, cache) = (store.clone(), cache.clone());
        actors.spawn(format!("reader-{number}"), "reader", move || {
            let (entry, version) = cache.enter("look into the cache", |cache| {
                (cache.entry, cache.invalidations)
            });
            if entry.is_some() {
                return;
            }
            let value = store.enter("read the store", |store| *store);
            cache.enter("fill the cache", |cache| {
                if !checks_version || cache.invalidations == version {
                    cache.entry = Some(value);
                }
            });
        });
    }
    let (written, emptied) = (store.clone(), cache.clone());
    actors.spawn("writer", "writer", move || {
        written.enter("write the store", |store| *store = 2);
        emptied.enter("throw the entry out", |cache| {
            cache.entry = None;
            cache.invalidations += 1;
        });
    });
    AtRest(move |_: &Rest| {
        let stored = store.peek(|store| *store);
        let kept = cache.peek(|cache| cache.entry)?;
        (kept != stored)
            .then(|| format!("the cache keeps an old value: {kept} instead of {stored}"))
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "out".to_owned());
    for (name, checks_version) in [
        ("cache-with-versions", true),
        ("cache-with-stale-fill", false),
    ] {
        let cached = move |actors: &mut Actors<'_>| cached(checks_version, actors);
        let report = Named::new(name, cached).check().run()?;
        println!("{report}");
        if let Some(page) = report.write(out.as_ref()).and_then(|written| written.page) {
            println!("page    {}\n", page.display());
        }
    }
    Ok(())
}
