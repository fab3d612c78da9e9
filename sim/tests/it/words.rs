//! Words: the outcome sets of sequential consistency, whatever ordering is asked for.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use logon_core::primitives::{Plain, Word};
use logon_sim::{Actors, AtRest, Rest, SimWord, WordAccess};

use crate::common::{all, outcomes};

/// What the actors of a litmus test saw, collected once all have finished.
type Seen = std::rc::Rc<std::cell::RefCell<Vec<u64>>>;

/// The outcomes of two actors over two words, both 0 at first.
fn litmus<R: Plain + Ord>(
    first: fn(&SimWord, &SimWord, &Seen),
    second: fn(&SimWord, &SimWord, &Seen),
    outcome: fn(&[u64]) -> R,
) -> BTreeSet<R> {
    outcomes(&move |actors: &mut Actors<'_>| {
        let x: SimWord = Word::new("x", 0);
        let y: SimWord = Word::new("y", 0);
        let seen = Seen::new(vec![9; 2].into());
        for (name, body) in [("first", first), ("second", second)] {
            let (x, y, seen) = (x.clone(), y.clone(), Seen::clone(&seen));
            actors.spawn(name, name, move || body(&x, &y, &seen));
        }
        AtRest(move |_: &Rest| Some(outcome(&seen.borrow())))
    })
}

#[test]
fn store_buffering_never_reads_two_zeros() {
    let outcomes = litmus(
        |x, y, seen| {
            x.store("set x", 1, Ordering::Relaxed);
            seen.borrow_mut()[0] = y.load("read y", Ordering::Relaxed);
        },
        |x, y, seen| {
            y.store("set y", 1, Ordering::Relaxed);
            seen.borrow_mut()[1] = x.load("read x", Ordering::Relaxed);
        },
        |seen| (seen[0], seen[1]),
    );
    assert_eq!(outcomes, [(0, 1), (1, 0), (1, 1)].into());
}

#[test]
fn message_passing_never_reads_the_flag_without_the_message() {
    let outcomes = litmus(
        |x, y, _| {
            x.store("write the message", 1, Ordering::Relaxed);
            y.store("raise the flag", 1, Ordering::Release);
        },
        |x, y, seen| {
            seen.borrow_mut()[0] = y.load("look at the flag", Ordering::Acquire);
            seen.borrow_mut()[1] = x.load("read the message", Ordering::Relaxed);
        },
        |seen| (seen[0], seen[1]),
    );
    assert_eq!(outcomes, [(0, 0), (0, 1), (1, 1)].into());
}

#[test]
fn load_buffering_never_reads_two_ones() {
    let outcomes = litmus(
        |x, y, seen| {
            seen.borrow_mut()[0] = x.load("read x", Ordering::Relaxed);
            y.store("set y", 1, Ordering::Relaxed);
        },
        |x, y, seen| {
            seen.borrow_mut()[1] = y.load("read y", Ordering::Relaxed);
            x.store("set x", 1, Ordering::Relaxed);
        },
        |seen| (seen[0], seen[1]),
    );
    assert_eq!(outcomes, [(0, 0), (0, 1), (1, 0)].into());
}

#[test]
fn a_load_beside_a_load_and_a_store_sees_both_values() {
    let outcomes = litmus(
        |x, _, seen| seen.borrow_mut()[0] = x.load("read", Ordering::SeqCst),
        |x, _, seen| {
            seen.borrow_mut()[1] = x.load("read first", Ordering::SeqCst);
            x.store("set", 1, Ordering::SeqCst);
        },
        |seen| seen[0],
    );
    assert_eq!(outcomes, [0, 1].into());
}

#[test]
fn exactly_one_of_two_exchanges_succeeds_and_the_steps_say_which() {
    let program = |actors: &mut Actors<'_>| {
        let word: SimWord = Word::new("owner", 0);
        for (name, id) in [("alice", 1), ("bob", 2)] {
            let word = word.clone();
            actors.spawn(name, "client", move || {
                let _ = word.compare_exchange("claim", 0, id, Ordering::SeqCst);
            });
        }
    };
    let mut accesses = Vec::new();
    all(&program, |execution| {
        accesses.push(
            execution
                .steps
                .iter()
                .filter_map(|step| step.word)
                .collect::<Vec<_>>(),
        );
    });
    let won = |written| WordAccess {
        read: Some(0),
        written: Some(written),
    };
    let lost = |read| WordAccess {
        read: Some(read),
        written: None,
    };
    assert_eq!(accesses, [[won(1), lost(1)], [won(2), lost(2)]]);
}
