//! What a chronicler is told: every state, once, in order, with who can go on and what fell.

use logon_core::primitives::Monitor;
use logon_sim::{Actors, OperationKind, Reached, Search, SimMonitor};

use super::limits::never;

#[test]
fn a_chronicle_has_every_state_and_names_every_step() {
    let program = never(3);
    let mut told = Vec::new();
    let mut note = |reached: &Reached<'_, u32>| {
        let offers: Vec<_> = reached
            .offers
            .iter()
            .map(|(actor, operation)| (*actor, operation.label))
            .collect();
        told.push((reached.state, offers, reached.verdict.copied()));
    };
    let space = Search::default().chronicle(&program, &mut note);
    assert!(space.is_complete());
    assert_eq!(told.len() as u64, space.progress.states);
    for (state, (number, offers, verdict)) in space.graph.all().zip(&told) {
        assert_eq!(state, *number);
        let steps: Vec<_> = space
            .graph
            .successors(state)
            .map(|(actor, _)| actor)
            .collect();
        let offered: Vec<_> = offers.iter().map(|(actor, _)| *actor).collect();
        // Nothing follows a verdict, and no verdict ends the search.
        assert_eq!(
            steps,
            if verdict.is_some() {
                Vec::new()
            } else {
                offered
            }
        );
        assert!(offers.iter().all(|(_, label)| *label == "count"));
    }
    let fell = told.iter().filter(|(_, _, verdict)| *verdict == Some(3));
    assert_eq!(
        fell.count(),
        4,
        "three counts may be those of either, in four shares"
    );
}

#[test]
fn the_second_step_of_a_sleep_is_told_as_a_wake() {
    let program = |actors: &mut Actors<'_>| {
        let bell: SimMonitor<()> = Monitor::new("bell", ());
        let (sleeper, ringer) = (bell.clone(), bell);
        actors.spawn("alice", "alice", move || sleeper.sleep("sleep"));
        actors.spawn("bob", "bob", move || ringer.update("ring", |()| ()));
    };
    let mut kinds = Vec::new();
    let mut note = |reached: &Reached<'_, _>| {
        let operations = reached.offers.iter();
        kinds.extend(operations.map(|(_, operation)| operation.kind));
    };
    Search::default().chronicle(&program, &mut note);
    assert!(kinds.contains(&OperationKind::Sleep) && kinds.contains(&OperationKind::Wake));
}
