//! The backend: [`Sim`] and its monitors and words.

use std::ops::ControlFlow;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use logon_core::primitives::{
    Chance, Choosing, Condition, MOST_WAYS, Monitor, Name, Plain, Primitives, Wake, Word,
};

use crate::context::{self, Admission};
use crate::coroutine::{self, Call};
use crate::execution::Site;
use crate::mark::{BodyKind, Inside};
use crate::object::{Object, Shared};
use crate::step::OperationKind;
use crate::value::{Value, Yielded, result_as, state_as};

/// The primitives of the deterministic runtime.
#[derive(Clone, Copy, Debug)]
pub struct Sim;

impl Primitives for Sim {
    type Monitor<S: Plain> = SimMonitor<S>;
    type Word = SimWord;

    #[track_caller]
    fn forever(round: impl Fn() -> ControlFlow<()>) {
        let mut inside = Inside::begin(BodyKind::Forever);
        while round().is_continue() {
            inside.again();
        }
        inside.leave();
    }

    #[track_caller]
    fn retry<R: Plain>(round: impl Fn() -> ControlFlow<R>) -> R {
        let mut inside = Inside::begin(BodyKind::Retry);
        loop {
            match round() {
                ControlFlow::Continue(()) => inside.again(),
                ControlFlow::Break(value) => {
                    inside.return_with(Arc::new(value.clone()));
                    return value;
                }
            }
        }
    }

    #[track_caller]
    fn scope<R: Plain>(body: impl Fn() -> R) -> R {
        let inside = Inside::begin(BodyKind::Scope);
        let value = body();
        inside.return_with(Arc::new(value.clone()));
        value
    }
}

impl Choosing for Sim {
    type Chance = SimChance;
}

/// A monitor whose every operation is one step.
///
/// A clone is another handle on the same monitor.
pub struct SimMonitor<S> {
    shared: Arc<Shared<S>>,
}

impl<S> Clone for SimMonitor<S> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S: Plain> SimMonitor<S> {
    /// Looks at the state from outside, as no step; for watches, and for anyone after the execution.
    ///
    /// The state is that after the last step; a later step is not seen until it is done. An actor that
    /// looks learns something no section returned, which an explorer does not know of: it must not.
    ///
    /// # Panics
    ///
    /// If called inside a section of this monitor.
    pub fn peek<R>(&self, look: impl FnOnce(&S) -> R) -> R {
        look(&self.shared.lock())
    }

    /// Its place among the program's objects.
    pub(crate) fn place(&self) -> usize {
        self.shared.index
    }
}

impl<S: Plain> Monitor<S> for SimMonitor<S> {
    #[track_caller]
    fn new(name: impl Into<Name>, state: S) -> Self {
        Self {
            shared: context::create(name.into().text(), state),
        }
    }

    #[track_caller]
    fn enter<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        let what = What::new(OperationKind::Enter, label);
        operate(&self.shared, what, &|state| {
            Some((section(state), Wake::Nobody))
        })
    }

    #[track_caller]
    fn update<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        let what = What::new(OperationKind::Update, label);
        operate(&self.shared, what, &|state| {
            Some((section(state), Wake::Everybody))
        })
    }

    #[track_caller]
    fn wait_for<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> Option<R>) -> R {
        let what = What::new(OperationKind::Wait, label);
        operate(&self.shared, what, &|state| {
            section(state).map(|result| (result, Wake::Nobody))
        })
    }

    #[track_caller]
    fn change<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> (R, Wake)) -> R {
        let what = What::new(OperationKind::Change, label);
        operate(&self.shared, what, &|state| Some(section(state)))
    }

    #[track_caller]
    fn wait_on<R: Plain>(
        &self,
        label: &'static str,
        condition: Condition,
        section: impl Fn(&mut S) -> Option<(R, Wake)>,
    ) -> R {
        let what = What {
            condition: Some(condition),
            ..What::new(OperationKind::WaitOn, label)
        };
        operate(&self.shared, what, &section)
    }

    #[track_caller]
    fn sleep(&self, label: &'static str) {
        let what = What::new(OperationKind::Sleep, label);
        operate(&self.shared, what, &|_| Some(((), Wake::Nobody)));
    }

    fn peek<R>(&self, look: impl FnOnce(&S) -> R) -> R {
        SimMonitor::peek(self, look)
    }
}

/// A word whose every operation is one step; sequentially consistent whatever ordering is asked for.
///
/// A clone is another handle on the same word.
#[derive(Clone)]
pub struct SimWord {
    shared: Arc<Shared<u64>>,
}

impl SimWord {
    /// Looks at the value from outside, as no step; see [`SimMonitor::peek`].
    #[must_use]
    pub fn peek(&self) -> u64 {
        *self.shared.lock()
    }

    /// Its place among the program's objects.
    pub(crate) fn place(&self) -> usize {
        self.shared.index
    }

    #[track_caller]
    fn operate<R: Plain>(
        &self,
        kind: OperationKind,
        label: &'static str,
        order: Ordering,
        section: &dyn Fn(&mut u64) -> R,
    ) -> R {
        let what = What {
            order: Some(order),
            ..What::new(kind, label)
        };
        operate(&self.shared, what, &|word| {
            Some((section(word), Wake::Nobody))
        })
    }
}

impl Word for SimWord {
    #[track_caller]
    fn new(name: impl Into<Name>, value: u64) -> Self {
        Self {
            shared: context::create(name.into().text(), value),
        }
    }

    #[track_caller]
    fn load(&self, label: &'static str, order: Ordering) -> u64 {
        if !matches!(
            order,
            Ordering::Relaxed | Ordering::Acquire | Ordering::SeqCst
        ) {
            let message = format!("the program is at fault: a load with {order:?}");
            context::rule_broken(&message, Location::caller());
        }
        self.operate(OperationKind::Load, label, order, &|word| *word)
    }

    #[track_caller]
    fn store(&self, label: &'static str, value: u64, order: Ordering) {
        if !matches!(
            order,
            Ordering::Relaxed | Ordering::Release | Ordering::SeqCst
        ) {
            let message = format!("the program is at fault: a store with {order:?}");
            context::rule_broken(&message, Location::caller());
        }
        self.operate(OperationKind::Store, label, order, &|word| *word = value);
    }

    #[track_caller]
    fn compare_exchange(
        &self,
        label: &'static str,
        current: u64,
        new: u64,
        order: Ordering,
    ) -> Result<u64, u64> {
        self.operate(OperationKind::CompareExchange, label, order, &|word| {
            if *word == current {
                Ok(std::mem::replace(word, new))
            } else {
                Err(*word)
            }
        })
    }

    #[track_caller]
    fn fetch_add(&self, label: &'static str, value: u64, order: Ordering) -> u64 {
        self.operate(OperationKind::FetchAdd, label, order, &|word| {
            std::mem::replace(word, word.wrapping_add(value))
        })
    }

    #[track_caller]
    fn swap(&self, label: &'static str, value: u64, order: Ordering) -> u64 {
        self.operate(OperationKind::Swap, label, order, &|word| {
            std::mem::replace(word, value)
        })
    }

    fn peek(&self) -> u64 {
        SimWord::peek(self)
    }
}

/// Where choices are made, each a step whose every value a search tries and a scheduler at random draws.
///
/// A clone is another handle on the same one.
#[derive(Clone)]
pub struct SimChance {
    shared: Arc<Shared<()>>,
}

impl Chance for SimChance {
    #[track_caller]
    fn new(name: impl Into<Name>) -> Self {
        Self {
            shared: context::create(name.into().text(), ()),
        }
    }

    #[track_caller]
    fn choose(&self, label: &'static str, of: u32) -> u32 {
        if !(1..=MOST_WAYS).contains(&of) {
            let message = format!(
                "the program is at fault: `{label}` chooses one of {of} values; expected 1 to {MOST_WAYS}"
            );
            context::rule_broken(&message, Location::caller());
        }
        let what = What {
            values: of,
            ..What::new(OperationKind::Choose, label)
        };
        // Which value it is, the engine says. Only a destructor that asks when all is over is answered here.
        operate(&self.shared, what, &|()| Some((0, Wake::Nobody)))
    }
}

/// What is done, besides the section.
#[derive(Clone, Copy)]
struct What {
    kind: OperationKind,
    label: &'static str,
    order: Option<Ordering>,
    condition: Option<Condition>,
    values: u32,
}

impl What {
    fn new(kind: OperationKind, label: &'static str) -> Self {
        Self {
            kind,
            label,
            order: None,
            condition: None,
            values: 1,
        }
    }
}

/// Performs one operation: parks before it and returns what the engine found. It takes the section as an object,
/// so that it is compiled once for each type of state and result, and not once for each section.
#[track_caller]
fn operate<S: Plain, R: Plain>(
    shared: &Shared<S>,
    what: What,
    section: &dyn Fn(&mut S) -> Option<(R, Wake)>,
) -> R {
    let What {
        kind,
        label,
        order,
        condition,
        values,
    } = what;
    let location = Location::caller();
    match context::admit(shared.name, Site { label, location }) {
        Admission::Park => {
            let call = Call {
                kind,
                order,
                condition,
                values,
                object: shared.index,
                object_name: shared.name,
                object_address: shared.address(),
                label,
                location,
            };
            let untyped = |state: &mut dyn Value| {
                section(state_as(state)).map(|(result, wake)| Yielded {
                    result: Box::new(result),
                    wake,
                })
            };
            result_as(coroutine::park(call, &untyped))
        }
        Admission::AnswerFromClone => {
            let mut state = shared.lock().clone();
            let yielded = section(&mut state).map(|(result, _)| result);
            yielded.unwrap_or_else(|| {
                // A panic in a destructor that runs because of another one would abort the process.
                context::give_up(&format!(
                    "the program is at fault: a destructor waits in `{label}` on `{}` at {location} \
                     although the execution is over",
                    shared.name
                ))
            })
        }
        Admission::Unwind => coroutine::unwind(),
        Admission::Abandon => coroutine::abandon(),
    }
}
