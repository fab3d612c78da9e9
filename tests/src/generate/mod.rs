//! Lawful scenarios, generated: every one of them passes `Scenario::check`, and none is thrown away.
//!
//! What proptest generates and shrinks is a *sketch*, in which every choice is a small number that always
//! means something: the next operation among those that may stand at this place of a script, the next name
//! among those that the scenario has. A sketch that shrinks has fewer actors, shorter scripts and smaller
//! numbers, and so has its scenario.
//!
//! The rules of what may stand where are written down here once more, on purpose. A generator that asked
//! `check` would agree with whatever it says.

mod acts;
mod lawful;
mod sketch;

use logon_models::scenario::Scenario;
use proptest::collection::vec;
use proptest::prelude::*;

use lawful::assemble;
use sketch::{Sketch, client, server};

/// How large generated scenarios may be.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// The most clients.
    pub clients: usize,
    /// The most operations of a client.
    pub operations: usize,
    /// Whether others than clients and workers may take part.
    pub interference: bool,
    /// The most creation workers.
    pub workers: u32,
}

impl Size {
    /// Up to four clients and everybody who may interfere with them.
    pub const ALL: Size = Size {
        clients: 4,
        operations: 6,
        interference: true,
        workers: 2,
    };

    /// Everybody who may interfere, with at most two clients: few states, for who visits all of them.
    pub const SMALL: Size = Size {
        clients: 2,
        operations: 4,
        interference: true,
        workers: 2,
    };

    /// What loom can take: two clients and a worker.
    pub const TINY: Size = Size {
        clients: 2,
        operations: 3,
        interference: false,
        workers: 1,
    };
}

/// Lawful scenarios of at most this size.
pub fn scenarios(size: Size) -> impl Strategy<Value = Scenario> {
    (
        vec(client(size), 1..=size.clients),
        server(size),
        proptest::option::weighted(0.4, vec((0..3usize, 0..8usize), 1..=3)),
        proptest::option::weighted(0.5, 0..4usize),
        proptest::option::weighted(0.4, 0..4usize),
        0..14u32,
    )
        .prop_map(
            move |(clients, server, administrator, cutter, timer, theme)| {
                let sketch = Sketch {
                    clients,
                    server,
                    administrator,
                    cutter,
                    timer,
                };
                if size.interference {
                    assemble(match theme {
                        11 => sketch.reset_beside_another_user(),
                        12 => sketch.returning_with_room(),
                        13 => sketch.leaving_on_the_way_back(),
                        _ => sketch,
                    })
                } else {
                    assemble(Sketch {
                        administrator: None,
                        cutter: None,
                        timer: None,
                        ..sketch
                    })
                }
            },
        )
}
