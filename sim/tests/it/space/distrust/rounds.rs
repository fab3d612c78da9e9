//! What an actor carries round `forever`.

use std::cell::Cell;
use std::ops::ControlFlow;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Actors, FaultKind, Search, Sim, SimMonitor};

use super::super::complete;
use super::{Unjudged, fault};

/// Alice beats, and is bad after so many rounds; the others beat beside her, `others` in number.
fn counts_rounds(bad: u32, others: u32, operations: u32) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let beats: SimMonitor<bool> = Monitor::new("beats", false);
        for other in 0..others {
            let beats = beats.clone();
            actors.spawn(
                format!("other {other}"),
                format!("other {other}"),
                move || {
                    Sim::forever(|| {
                        beats.update("beat too", |_| ());
                        ControlFlow::Continue(())
                    });
                },
            );
        }
        actors.spawn("alice", "alice", move || {
            let rounds = Cell::new(0);
            Sim::forever(|| {
                rounds.set(rounds.get() + 1);
                for _ in 0..operations {
                    beats.enter("beat", |_| ());
                }
                if rounds.get() == bad {
                    beats.enter("harm", |beats| *beats = true);
                }
                ControlFlow::Continue(())
            });
        });
    }
}

#[test]
fn a_count_carried_round_forever_is_noticed_up_to_ten_thousand_rounds() {
    for bad in [3, 999, 1_500, 5_000, 10_000] {
        for (others, operations) in [(0, 1), (1, 1), (2, 1), (0, 5)] {
            let found = fault(None, &counts_rounds(bad, others, operations));
            // Few rounds are gone round again after one another, and then the loop is known.
            let is_named = matches!(found, FaultKind::Remembered { .. });
            assert!(
                is_named || bad > 100 && matches!(found, FaultKind::Unrepeatable { .. }),
                "{found}"
            );
        }
    }
    // The limit, by number: 60,000 steps of whoever goes round.
    complete::<Unjudged>(&Search::default(), &counts_rounds(60_001, 0, 1));
    let found = fault(None, &counts_rounds(59_999, 0, 1));
    assert!(matches!(found, FaultKind::Unrepeatable { .. }), "{found}");
}
