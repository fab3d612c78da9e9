//! The primitives themselves: a monitor around the server, and others that cannot be followed.

use std::any::TypeId;
use std::ops::ControlFlow;
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use logon_core::primitives::{Condition, Monitor, Name, Plain, Primitives, Wake, Word};

use super::super::parties::SymbolicServer;
use super::super::path::{BrokenOff, break_off};
use super::super::seen::{Seen, Value};
use super::{Kind, RUN, Run, Section, Stand, feed, see, stop};

/// The name of the monitor around the server.
const SERVER: &str = "server";

/// The primitives.
pub(in crate::proof) struct Fed;

impl Primitives for Fed {
    type Monitor<S: Plain> = FedMonitor<S>;
    type Word = FedWord;

    fn forever(round: impl Fn() -> ControlFlow<()>) {
        if !RUN.with_borrow(|run| run.serves) {
            break_off(BrokenOff::Outside(
                "a party that is no worker goes round without end".to_owned(),
            ));
        }
        // The primitives demand that nothing is carried from one round to the next: that is assumed, and one round is
        // enough.
        let goes_on = round().is_continue();
        RUN.with_borrow_mut(|run| run.goes_on = Some(goes_on));
        if goes_on {
            // Nothing that comes after the loop is reached. The worker begins another round as it began this one.
            stop(Stand::End);
        }
    }

    fn retry<R: Plain>(_round: impl Fn() -> ControlFlow<R>) -> R {
        break_off(BrokenOff::Outside(
            "a party tries again and again until it succeeds".to_owned(),
        ))
    }
}

/// A monitor: that around the server holds the state that was prepared, and any other cannot be followed.
pub(in crate::proof) struct FedMonitor<S> {
    name: &'static str,
    state: Mutex<Option<S>>,
}

impl<S: Plain> FedMonitor<S> {
    /// Prepares the state for the next section.
    pub(in crate::proof) fn prepare(&self, state: S) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }

    /// The state after the section.
    ///
    /// # Panics
    ///
    /// When none was prepared.
    pub(in crate::proof) fn take(&self) -> S {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.take().expect("a state was prepared")
    }

    fn take_section<R: Plain>(
        &self,
        kind: Kind,
        label: &'static str,
        place: &'static Location<'static>,
        section: impl Fn(&mut S) -> Option<R>,
    ) -> R {
        match feed() {
            Some(Seen::Result(seen, value)) => {
                assert_eq!(
                    seen, label,
                    "an actor that is fed what it saw takes the same steps"
                );
                return value
                    .get()
                    .expect("an actor that is fed what it saw takes the same steps");
            }
            Some(Seen::Answer(..)) => {
                unreachable!("an actor that is fed what it saw asks the same")
            }
            None => {}
        }
        if RUN.with_borrow(Run::is_over) {
            stop(Stand::Section(kind, label));
        }
        let is_the_server = TypeId::of::<S>() == TypeId::of::<SymbolicServer>();
        if self.name != SERVER || !is_the_server {
            outside_object(self.name);
        }
        let taken = |is_blocked| Section {
            kind,
            label,
            place: Some(place),
            is_blocked,
        };
        RUN.with_borrow_mut(|run| run.section = Some(taken(false)));
        let result = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            section(state.as_mut().expect("a state was prepared"))
        };
        let Some(result) = result else {
            RUN.with_borrow_mut(|run| run.section = Some(taken(true)));
            stop(Stand::Section(kind, label));
        };
        let Some(value) = Value::of(&result) else {
            break_off(BrokenOff::Outside(format!(
                "it carries what \"{label}\" returns to the next section, a value that is neither an answer nor an identifier"
            )));
        };
        see(Seen::Result(label, value));
        result
    }
}

/// Another shared object than the server.
fn outside_object(name: &str) -> ! {
    break_off(BrokenOff::Outside(format!(
        "a second shared object, \"{name}\", is used"
    )))
}

/// An operation with conditions of its own: who sleeps on which is no part of the state that is proved about.
fn conditions(label: &str) -> ! {
    break_off(BrokenOff::Outside(format!(
        "it uses conditions, in \"{label}\""
    )))
}

impl<S: Plain> Monitor<S> for FedMonitor<S> {
    fn new(name: impl Into<Name>, state: S) -> Self {
        FedMonitor {
            name: name.into().text(),
            state: Mutex::new(Some(state)),
        }
    }

    #[track_caller]
    fn enter<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        let place = Location::caller();
        self.take_section(Kind::Enter, label, place, |state| Some(section(state)))
    }

    #[track_caller]
    fn update<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        let place = Location::caller();
        self.take_section(Kind::Update, label, place, |state| Some(section(state)))
    }

    #[track_caller]
    fn wait_for<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> Option<R>) -> R {
        self.take_section(Kind::Wait, label, Location::caller(), section)
    }

    fn change<R: Plain>(&self, label: &'static str, _: impl Fn(&mut S) -> (R, Wake)) -> R {
        conditions(label)
    }

    fn wait_on<R: Plain>(
        &self,
        label: &'static str,
        _: Condition,
        _: impl Fn(&mut S) -> Option<(R, Wake)>,
    ) -> R {
        conditions(label)
    }

    #[track_caller]
    fn sleep(&self, label: &'static str) {
        break_off(BrokenOff::Sleeps(label, Location::caller()))
    }

    fn peek<R>(&self, _: impl FnOnce(&S) -> R) -> R {
        break_off(BrokenOff::Outside(
            "a section looks without a step".to_owned(),
        ))
    }
}

/// A word, which cannot be followed.
pub(in crate::proof) struct FedWord(&'static str);

impl Word for FedWord {
    fn new(name: impl Into<Name>, _: u64) -> Self {
        FedWord(name.into().text())
    }

    fn load(&self, _: &'static str, _: Ordering) -> u64 {
        outside_object(self.0)
    }

    fn store(&self, _: &'static str, _: u64, _: Ordering) {
        outside_object(self.0)
    }

    fn compare_exchange(&self, _: &'static str, _: u64, _: u64, _: Ordering) -> Result<u64, u64> {
        outside_object(self.0)
    }

    fn fetch_add(&self, _: &'static str, _: u64, _: Ordering) -> u64 {
        outside_object(self.0)
    }

    fn swap(&self, _: &'static str, _: u64, _: Ordering) -> u64 {
        outside_object(self.0)
    }

    fn peek(&self) -> u64 {
        outside_object(self.0)
    }
}
