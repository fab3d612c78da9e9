//! The rules of the primitives, as far as a tool does not keep to them by itself: objects have names of their own and are
//! created before the actors begin, actors alone perform operations, and a section performs no other one.
//!
//! A program that breaks one is at fault, and what it did then is no execution of it. So the recorder notes it where it
//! happens, and not by the panic with which the actor is unwound: an actor may catch that.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use logon_sim::OperationKind;

use super::recorder::Recorder;
use super::step::Operation;

thread_local! {
    /// The actors that run on this thread, how many there are, and who records them. Where a tool runs all actors on one
    /// thread, they are those of one execution.
    static ACTORS: RefCell<Option<(Arc<Recorder>, usize)>> = const { RefCell::new(None) };

    /// The operation whose section this thread runs. No other actor runs on it until the section has returned: a pause
    /// lets nobody run there.
    static SECTION: Cell<Option<(&'static str, &'static str)>> = const { Cell::new(None) };
}

thread_local! {
    /// Whether a judge looks on this thread.
    static IS_JUDGING: Cell<bool> = const { Cell::new(false) };
}

/// Lets a judge look, which takes no steps.
pub(crate) fn judging<R>(judge: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IS_JUDGING.set(self.0);
        }
    }
    let _restore = Restore(IS_JUDGING.replace(true));
    judge()
}

/// An actor runs on this thread, from here until this is dropped, and may create no objects.
pub(super) struct Acting(());

impl Acting {
    pub(super) fn begin(recorder: &Arc<Recorder>) -> Self {
        ACTORS.with_borrow_mut(|actors| {
            let others = actors.take().filter(|(of, _)| Arc::ptr_eq(of, recorder));
            let others = others.map_or(0, |(_, others)| others);
            *actors = Some((Arc::clone(recorder), others + 1));
        });
        Acting(())
    }
}

impl Drop for Acting {
    fn drop(&mut self) {
        ACTORS.with_borrow_mut(|actors| {
            *actors = actors
                .take()
                .map(|(recorder, number)| (recorder, number - 1))
                .filter(|&(_, number)| number > 0);
        });
    }
}

/// A program is being built on this thread, from here until this is dropped, and may create objects.
pub(super) struct Building(Option<(Arc<Recorder>, usize)>);

impl Building {
    pub(super) fn begin() -> Self {
        Building(ACTORS.take())
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        ACTORS.set(self.0.take());
    }
}

/// Panics if an object of this name must not be created here.
pub(super) fn expect_in_time(name: &'static str, place: &Location<'_>) {
    let recorder = ACTORS.with_borrow(|actors| actors.as_ref().map(|(of, _)| Arc::clone(of)));
    if let Some(recorder) = recorder {
        broken(
            &recorder,
            &format!(
                "`{name}` was created at {place}, after the actors began; create it where the program sets itself up"
            ),
        );
    }
}

/// Panics because another object of the program has this name.
pub(super) fn same_name(recorder: &Recorder, name: &'static str, place: &Location<'_>) -> ! {
    broken(
        recorder,
        &format!("two objects are called `{name}`, the second at {place}; give it another name"),
    )
}

/// Runs the section of an operation on `object`, in which there must be no other operation.
pub(super) fn within_section<R>(
    object: &'static str,
    label: &'static str,
    section: impl FnOnce() -> R,
) -> R {
    struct Restore(Option<(&'static str, &'static str)>);
    impl Drop for Restore {
        fn drop(&mut self) {
            SECTION.set(self.0);
        }
    }
    let _restore = Restore(SECTION.replace(Some((object, label))));
    section()
}

/// Whether this thread runs a section.
pub(super) fn is_in_section() -> bool {
    SECTION.get().is_some()
}

/// Panics where the operation must not happen: while the program sets itself up, where a judge looks, and in a section,
/// in which it would wait for a lock that its own actor holds.
pub(super) fn expect_actor(recorder: &Recorder, inner: Operation) {
    let happens = match IS_JUDGING.get() {
        true => Some("a judge looks with `peek`"),
        false if Recorder::is_building() && ACTORS.with_borrow(Option::is_none) => {
            Some("no actor has begun")
        }
        false => None,
    };
    if let Some(why) = happens {
        broken(
            recorder,
            &format!(
                "`{}` on `{}` at {} is tried by nobody who is an actor: {why}",
                inner.label, inner.object, inner.place
            ),
        );
    }
    if let Some((object, label)) = SECTION.get() {
        broken(
            recorder,
            &format!(
                "`{}` on `{}` at {} is tried inside the section `{label}` on `{object}`; perform it before or after",
                inner.label, inner.object, inner.place
            ),
        );
    }
}

/// Panics if the thread is in a section, in which nobody looks at an object besides.
pub(super) fn expect_no_look(recorder: Option<&Recorder>, name: &'static str) {
    if let (Some((object, label)), Some(recorder)) = (SECTION.get(), recorder) {
        broken(
            recorder,
            &format!(
                "a look at `{name}` is tried inside the section `{label}` on `{object}`; look before or after"
            ),
        );
    }
}

/// Panics because a section that waits has changed the state and yields nothing.
pub(super) fn changes_in_vain(
    recorder: &Recorder,
    label: &str,
    object: &str,
    place: &Location<'_>,
) -> ! {
    broken(
        recorder,
        &format!(
            "`{label}` on `{object}` at {place} yields nothing and changes the state; change it only where the section \
             yields a value"
        ),
    )
}

/// Panics if there is no such memory ordering for this operation on a word.
pub(super) fn expect_order(recorder: &Recorder, operation: Operation, order: Ordering) {
    let (is_one, has) = match operation.kind {
        OperationKind::Load => (
            matches!(
                order,
                Ordering::Relaxed | Ordering::Acquire | Ordering::SeqCst
            ),
            "Relaxed, Acquire or SeqCst",
        ),
        OperationKind::Store => (
            matches!(
                order,
                Ordering::Relaxed | Ordering::Release | Ordering::SeqCst
            ),
            "Relaxed, Release or SeqCst",
        ),
        _ => return,
    };
    if !is_one {
        broken(
            recorder,
            &format!(
                "`{}` on `{}` at {} is a {} with {order:?}; expected {has}",
                operation.label,
                operation.object,
                operation.place,
                operation.kind.name()
            ),
        );
    }
}

fn broken(recorder: &Recorder, what: &str) -> ! {
    let message = format!("the program is at fault: {what}");
    recorder.note_broken_rule(&message);
    panic!("{message}")
}
