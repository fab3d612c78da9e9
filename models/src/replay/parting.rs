//! Where a foreign tool parts from what was recorded, in words.

use super::{Parting, Place};
use crate::backend::GateStep;
use crate::gated::Gated;

/// Where a foreign tool could not follow a schedule of so many steps.
pub(super) fn of_tool(gated: &Gated, steps: usize) -> Option<Parting> {
    let does = |step: &GateStep| format!("does {step}");
    if let Some(divergence) = &gated.divergence {
        return Some(Parting {
            place: Place::At(divergence.step + 1),
            recorded: does(&divergence.expected),
            now: divergence.found.as_ref().map_or_else(
                || "does nothing, for that actor has finished, sleeps, or never came".to_owned(),
                does,
            ),
        });
    }
    gated.surplus.as_ref().map(|step| Parting {
        place: Place::After(steps),
        recorded: "lets nobody go on".to_owned(),
        now: does(step),
    })
}
