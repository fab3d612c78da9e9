//! One program on every tool: two accounts, and transfers between them that lock both.
//!
//! Run it with `cargo run --release -p logon-models --example everywhere`. It prints what the search of all states, loom,
//! shuttle and real threads say of it, and writes the page of the counterexample into `out`, or into the folder that is
//! named as its argument.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_models::portable::{Limits, Strategy, on_loom, on_shuttle, on_threads};
use logon_sim::{Judge, Named, Portable, Ported, Spawner};

/// Two transfers in opposite directions.
#[derive(Clone)]
struct Transfers {
    /// Whether both lock the accounts in one order.
    in_order: bool,
}

impl<P: Primitives> Portable<P> for Transfers {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let account = |name| -> Arc<P::Monitor<bool>> { Arc::new(Monitor::new(name, false)) };
        let accounts = [account("account 1"), account("account 2")];
        for (name, first, second) in [("anna", 0, 1), ("ben", 1, 0)] {
            let mut order = [first, second];
            if self.in_order {
                order.sort_unstable();
            }
            let [first, second] = order.map(|place| Arc::clone(&accounts[place]));
            actors.spawn(name, "customer", move || {
                first.wait_for("lock the first", lock);
                second.wait_for("lock the second", lock);
                second.update("unlock the second", |locked| *locked = false);
                first.update("unlock the first", |locked| *locked = false);
            });
        }
        Judge::everybody_ends()
    }
}

fn lock(locked: &mut bool) -> Option<()> {
    (!std::mem::replace(locked, true)).then_some(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "out".to_owned());
    for (name, in_order) in [("transfers", false), ("transfers-in-order", true)] {
        let program = Transfers { in_order };
        let report = Named::new(name, Ported(program.clone())).check().run()?;
        println!("{report}");
        report.write(out.as_ref());

        let limits = Limits::executions(1_000);
        println!("{}", on_loom(&program, Some(2), &limits)?);
        println!("{}", on_shuttle(&program, Strategy::Random, &limits)?);
        println!(
            "{}",
            on_shuttle(&program, Strategy::Pct { depth: 3 }, &limits)?
        );
        println!("{}", on_shuttle(&program, Strategy::DepthFirst, &limits)?);
        println!("{}\n", on_threads(&program, &limits)?);
    }
    Ok(())
}
