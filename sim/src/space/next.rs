//! What an actor does next in a local state.

use crate::coroutine::Call;

/// What an actor does in a local state.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Next {
    /// This operation.
    Operation(Call),
    /// Nothing: it is at its end.
    Finished,
}

/// Whether the same is done.
pub(super) fn same(one: &Next, other: &Next) -> bool {
    match (one, other) {
        (Next::Finished, Next::Finished) => true,
        (Next::Operation(one), Next::Operation(other)) => {
            one.kind == other.kind
                && one.order == other.order
                && one.condition == other.condition
                && one.values == other.values
                && one.object == other.object
                && one.label == other.label
                && one.location == other.location
        }
        _ => false,
    }
}

/// What is done, in words.
pub(super) fn describe(next: &Next) -> String {
    match next {
        Next::Finished => "the end of the actor".to_owned(),
        Next::Operation(call) => format!("{} at {}", call.operation(), call.location),
    }
}
