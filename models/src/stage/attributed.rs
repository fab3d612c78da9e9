//! Primitives of a tool, which say of each section on whose behalf it runs.
//!
//! The allocator under test is built on these. Their operations are those of the tool, one for one: no step is added,
//! and none is hidden. Around them:
//!
//! - The *call* under way is a property of the actor. It is kept in a thread-local variable that every operation puts
//!   aside before it lets others run, and back afterwards. So it is right on every tool, whether actors are threads or
//!   coroutines, and also where an explorer keeps many coroutines of one actor.
//! - A section on the server runs [`within`] the call, for the judge to know the cause of what it is told. When it is
//!   over, the judge says how things stand with what the call is about: that is part of the section's result, so an
//!   actor may act on it (see [`super::errand`]), and an explorer takes it into account.

use std::any::Any;
use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use logon_core::primitives::{Condition, Monitor, Name, Plain, Primitives, Wake, Word};
use logon_core::symmetry::{Shape, Symmetric};
use logon_core::{Claim, Server};
use logon_sim::Value;

use super::witness::Witness;
use crate::backend::Backend;
use crate::judge::{Call, Course, Errand, Line, Standing, within};
use crate::simulate::{Ear, heard};

/// What an actor is doing, as the harness knows it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Doing {
    /// The errand it is on.
    errand: Errand,
    /// What the sections on the server have shown so far.
    course: Course,
}

impl Doing {
    const NOTHING: Doing = Doing::errand(Errand::of(Call::Nobody));

    const fn errand(errand: Errand) -> Self {
        Doing {
            errand,
            course: Course::BEGINNING,
        }
    }
}

thread_local! {
    static DOING: Cell<Doing> = const { Cell::new(Doing::NOTHING) };
}

/// From now on, the running actor is on this errand.
pub(crate) fn begin(errand: Errand) {
    DOING.set(Doing::errand(errand));
}

/// The errand is over: the call as it came to be, and what its sections on the server have shown.
pub(crate) fn end() -> (Call, Course) {
    let doing = DOING.replace(Doing::NOTHING);
    (doing.errand.call, doing.course)
}

/// The harness has said that a client's line is down: notes it in the client's call.
pub(crate) fn line_is_down() {
    change(|call| match call {
        Call::Connect(logon, _) => Call::Connect(logon, Line::Down),
        Call::LogOn(logon, _) => Call::LogOn(logon, Line::Down),
        other => other,
    });
}

/// The harness has loaded a session, with success: notes it in the worker's call.
pub(crate) fn has_loaded(claim: Claim) {
    change(|call| match call {
        Call::Serve(_) => Call::Serve(Some(claim)),
        other => other,
    });
}

/// Lets others run in an operation that is not the allocator's: what the actor is doing is put aside meanwhile.
pub(crate) fn aside<R>(operate: impl FnOnce() -> R) -> R {
    let doing = DOING.get();
    let result = operate();
    DOING.set(doing);
    result
}

fn change(change: impl FnOnce(Call) -> Call) {
    let mut doing = DOING.get();
    doing.errand.call = change(doing.errand.call);
    DOING.set(doing);
}

/// The primitives of the tool `B`.
pub(crate) struct Attributed<B>(PhantomData<fn() -> B>);

impl<B: Backend> Primitives for Attributed<B> {
    type Monitor<S: Plain> = AttributedMonitor<B, S>;
    type Word = AttributedWord<B>;

    #[track_caller]
    fn forever(round: impl Fn() -> ControlFlow<()>) {
        let at_the_top = DOING.get();
        B::forever(|| {
            // Nothing is carried from one round to the next.
            DOING.set(at_the_top);
            round()
        });
    }

    #[track_caller]
    fn retry<R: Plain>(round: impl Fn() -> ControlFlow<R>) -> R {
        let at_the_top = DOING.get();
        let Kept { value, doing } = B::retry(|| {
            DOING.set(at_the_top);
            round().map_break(Kept::of)
        });
        DOING.set(doing);
        value
    }

    #[track_caller]
    fn scope<R: Plain>(body: impl Fn() -> R) -> R {
        let Kept { value, doing } = B::scope(|| Kept::of(body()));
        DOING.set(doing);
        value
    }

    fn pause() {
        let doing = DOING.get();
        B::pause();
        DOING.set(doing);
    }
}

/// What a loop or a scope returned, and what the harness knows of the call by then: it is all that is known of the inside
/// afterwards. It does not describe itself.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Kept<R> {
    value: R,
    doing: Doing,
}

impl<R> Kept<R> {
    fn of(value: R) -> Self {
        Kept {
            value,
            doing: DOING.get(),
        }
    }
}

/// What a section returned, and how things stood at its end.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Attended<R> {
    result: R,
    standing: Option<Standing>,
}

impl<R: Symmetric> Symmetric for Attended<R> {
    fn describe(&self, shape: &mut dyn Shape) {
        self.result.describe(shape);
        self.standing.describe(shape);
    }
}

/// The name of the type that a section returns, from that of what its primitives return for it.
pub(crate) fn result_type(name: &str) -> &str {
    let wrapped = std::any::type_name::<Attended<()>>();
    let before = wrapped.strip_suffix("()>").unwrap_or(wrapped);
    let inside = name.strip_prefix(before);
    inside
        .and_then(|inside| inside.strip_suffix('>'))
        .unwrap_or(name)
}

/// The result of a section, if it is an `R`: what is noted beside it is left out.
pub(crate) fn result_as<R: Plain>(result: &dyn Value) -> Option<&R> {
    let result: &dyn Any = result;
    let attended = result.downcast_ref::<Attended<R>>();
    let inside = attended.map(|attended| &attended.result);
    inside.or_else(|| result.downcast_ref::<R>())
}

/// What the result of a section prints, without what is noted beside it.
pub(crate) fn result_text(result: &dyn Value) -> String {
    let text = format!("{result:?}");
    let inside = text.strip_prefix("Attended { result: ");
    let inside = inside.and_then(|rest| rest.rsplit_once(", standing: "));
    inside.map_or(text.clone(), |(result, _)| result.to_owned())
}

/// A monitor of the tool `B`.
pub(crate) struct AttributedMonitor<B: Backend, S: Plain>(B::Monitor<S>);

impl<B: Backend, S: Plain> AttributedMonitor<B, S> {
    /// The tool's own.
    pub(crate) fn inner(&self) -> &B::Monitor<S> {
        &self.0
    }

    // These are compiled once for each type of state and result, and not for each section. A place in the source does
    // not pass through a closure, so each operation of the tool is called right here.

    #[track_caller]
    fn attended_enter<R: Plain>(&self, label: &'static str, section: &dyn Fn(&mut S) -> R) -> R {
        let doing = DOING.get();
        let attended = self.0.enter(label, |state| attend(doing, state, section));
        go_on(doing, attended)
    }

    #[track_caller]
    fn attended_update<R: Plain>(&self, label: &'static str, section: &dyn Fn(&mut S) -> R) -> R {
        let doing = DOING.get();
        let attended = self.0.update(label, |state| attend(doing, state, section));
        go_on(doing, attended)
    }

    #[track_caller]
    fn attended_wait<R: Plain>(
        &self,
        label: &'static str,
        section: &dyn Fn(&mut S) -> Option<R>,
    ) -> R {
        let doing = DOING.get();
        let look = |state: &mut S| attend_if_some(doing, state, section);
        let attended = self.0.wait_for(label, look);
        go_on(doing, attended)
    }
}

/// Runs a section, and asks the judge how things stand if it is one on the server.
fn attend<S: Plain, R: Plain>(
    doing: Doing,
    state: &mut S,
    section: &dyn Fn(&mut S) -> R,
) -> Attended<R> {
    let attended = attend_if_some(doing, state, &|state| Some(section(state)));
    attended.expect("the section yields: the primitives are at fault")
}

/// The same for a section that may yield nothing, and then leaves the state as it was.
fn attend_if_some<S: Plain, R: Plain>(
    doing: Doing,
    state: &mut S,
    section: &dyn Fn(&mut S) -> Option<R>,
) -> Option<Attended<R>> {
    within(doing.errand, || {
        let result = section(state)?;
        // Which session a section has found, it says as the provided steps do, or not at all.
        let found = found(&result).flatten();
        let standing = after_section(state, doing.errand.call, found);
        Some(Attended { result, standing })
    })
}

/// Ends a section on the server, and says how things stand; `None` for another object.
fn after_section(state: &mut dyn Any, call: Call, found: Option<Claim>) -> Option<Standing> {
    if let Some(server) = state.downcast_mut::<Server<Witness>>() {
        server.after_section();
        return Some(server.observer().judge.standing(call, found));
    }
    let server = state.downcast_mut::<Server<Ear>>()?;
    server.after_section();
    Some(heard(|heard| heard.judge.standing(call, found)))
}

/// The same for a section that says whom it wakes besides.
fn with_wake<S: Plain, R: Plain>(
    doing: Doing,
    state: &mut S,
    section: &dyn Fn(&mut S) -> Option<(R, Wake)>,
) -> (Wake, Option<Attended<R>>) {
    let wakes = Cell::new(Wake::Nobody);
    let attended = attend_if_some(doing, state, &|state| {
        let (result, wake) = section(state)?;
        wakes.set(wake);
        Some(result)
    });
    (wakes.get(), attended)
}

/// The session that a section says it has found, if it says so as the provided steps do.
fn found(result: &dyn Any) -> Option<Option<Claim>> {
    result.downcast_ref::<Option<Claim>>().copied()
}

/// An actor goes on after a section: what it was doing is put back, and what the section has shown noted.
fn go_on<R: Plain>(mut doing: Doing, attended: Attended<R>) -> R {
    if let Some(standing) = attended.standing {
        let says = found(&attended.result);
        doing.course = doing.course.after(doing.errand.call, standing, says);
    }
    DOING.set(doing);
    attended.result
}

impl<B: Backend, S: Plain> Monitor<S> for AttributedMonitor<B, S> {
    fn new(name: impl Into<Name>, state: S) -> Self {
        Self(B::Monitor::new(name, state))
    }

    #[track_caller]
    fn enter<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        self.attended_enter(label, &section)
    }

    #[track_caller]
    fn update<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        self.attended_update(label, &section)
    }

    #[track_caller]
    fn wait_for<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> Option<R>) -> R {
        self.attended_wait(label, &section)
    }

    #[track_caller]
    fn change<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> (R, Wake)) -> R {
        let doing = DOING.get();
        let attended = self.0.change(label, |state| {
            let (wake, attended) = with_wake(doing, state, &|state| Some(section(state)));
            (
                attended.expect("the section yields: the primitives are at fault"),
                wake,
            )
        });
        go_on(doing, attended)
    }

    #[track_caller]
    fn wait_on<R: Plain>(
        &self,
        label: &'static str,
        condition: Condition,
        section: impl Fn(&mut S) -> Option<(R, Wake)>,
    ) -> R {
        let doing = DOING.get();
        let attended = self.0.wait_on(label, condition, |state| {
            let (wake, attended) = with_wake(doing, state, &section);
            Some((attended?, wake))
        });
        go_on(doing, attended)
    }

    #[track_caller]
    fn sleep(&self, label: &'static str) {
        let doing = DOING.get();
        self.0.sleep(label);
        DOING.set(doing);
    }

    fn peek<R>(&self, look: impl FnOnce(&S) -> R) -> R {
        self.0.peek(look)
    }
}

/// A word of the tool `B`.
pub(crate) struct AttributedWord<B: Backend>(B::Word);

impl<B: Backend> Word for AttributedWord<B> {
    fn new(name: impl Into<Name>, value: u64) -> Self {
        Self(B::Word::new(name, value))
    }

    #[track_caller]
    fn load(&self, label: &'static str, order: Ordering) -> u64 {
        let doing = DOING.get();
        let value = self.0.load(label, order);
        DOING.set(doing);
        value
    }

    #[track_caller]
    fn store(&self, label: &'static str, value: u64, order: Ordering) {
        let doing = DOING.get();
        self.0.store(label, value, order);
        DOING.set(doing);
    }

    #[track_caller]
    fn compare_exchange(
        &self,
        label: &'static str,
        current: u64,
        new: u64,
        order: Ordering,
    ) -> Result<u64, u64> {
        let doing = DOING.get();
        let exchanged = self.0.compare_exchange(label, current, new, order);
        DOING.set(doing);
        exchanged
    }

    #[track_caller]
    fn fetch_add(&self, label: &'static str, value: u64, order: Ordering) -> u64 {
        let doing = DOING.get();
        let before = self.0.fetch_add(label, value, order);
        DOING.set(doing);
        before
    }

    #[track_caller]
    fn swap(&self, label: &'static str, value: u64, order: Ordering) -> u64 {
        let doing = DOING.get();
        let before = self.0.swap(label, value, order);
        DOING.set(doing);
        before
    }

    fn peek(&self) -> u64 {
        self.0.peek()
    }
}
