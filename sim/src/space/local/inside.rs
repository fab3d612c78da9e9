//! The loops and scopes that an actor is in, and what it forgets when it leaves one.

use std::sync::Arc;

use super::LocalId;
use crate::mark::{Body, Mark};
use crate::value::Value;

/// A loop or a scope that an actor is in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) body: Body,
    /// The local state at its beginning.
    pub(super) base: LocalId,
}

/// What an actor forgot between two operations.
pub(super) struct Forgotten<'a> {
    pub(super) body: Body,
    pub(super) base: LocalId,
    /// What it has instead, unless it goes round; and how many loops and scopes it was in then.
    pub(super) returned: Option<(&'a Arc<dyn Value>, usize)>,
}

/// Stands for the local state that is about to be made.
const NEW: LocalId = LocalId(u32::MAX);

/// Follows `marks` from inside of these loops and scopes: which they are afterwards, and what was forgotten last. What is
/// begun is begun in a local state that has no number yet; see [`settled`].
pub(super) fn follow(
    mut inside: Vec<Frame>,
    marks: &[Mark],
) -> (Vec<Frame>, Option<Forgotten<'_>>) {
    let mut forgotten = None;
    for mark in marks {
        let innermost = inside.last().copied();
        match mark {
            Mark::Begin(body) => inside.push(Frame {
                body: *body,
                base: NEW,
            }),
            Mark::Leave => drop(inside.pop()),
            Mark::Again | Mark::Return(_) => {
                let Some(Frame { body, base }) = innermost else {
                    continue;
                };
                let mut returned = None;
                if let Mark::Return(value) = mark {
                    inside.pop();
                    returned = Some((value, inside.len()));
                }
                // What was begun since the last operation has seen nothing that could be forgotten.
                if base != NEW {
                    forgotten = Some(Forgotten {
                        body,
                        base,
                        returned,
                    });
                }
            }
        }
    }
    (inside, forgotten)
}

/// The frames of an actor that has come to its next operation in local state `id`: what was begun on the way to it was
/// begun knowing what is known in it.
pub(super) fn settled(mut inside: Vec<Frame>, id: LocalId) -> Vec<Frame> {
    let new = inside.iter_mut().filter(|frame| frame.base == NEW);
    new.for_each(|frame| frame.base = id);
    inside
}

/// What tells a value that was returned inside of so many loops and scopes from a result.
pub(super) fn level(depth: usize) -> u32 {
    u32::try_from(depth + 1).expect("fewer than 2^32 loops and scopes around an actor")
}
