//! Programs of one's own by their names, with nothing said of them but what `Debug` says.

use std::fmt::Debug;

use crate::check::Check;
use crate::execution::Rest;
use crate::instance::{Fallen, Input, Instance, Smaller};
use crate::program::{Actors, Program, Watch};
use crate::simulation::Verdict;
use crate::space::{Cycle, SharedState, StateWatch, Symmetry};
use crate::step::{ActorInfo, Step};
use crate::trace::source_place;

/// A program by its name: everything else is the default of [`Instance`]. A panic of an actor, or an assertion of it that
/// fails, is a violation of the property `panic`.
///
/// ```
/// use logon_core::primitives::Monitor;
/// use logon_sim::{Actors, AtRest, Named, Rest, SimMonitor};
///
/// let program = |actors: &mut Actors<'_>| {
///     let count: SimMonitor<u32> = Monitor::new("count", 0);
///     for name in ["anna", "ben"] {
///         let count = count.clone();
///         actors.spawn(name, "counter", move || {
///             let seen = count.enter("look", |count| *count);
///             count.enter("write", move |count| *count = seen + 1);
///         });
///     }
///     AtRest(move |_: &Rest| count.peek(|count| (*count < 2).then_some("a count is lost")))
/// };
/// let report = Named::new("counters", program).check().run()?;
/// let trace = report.trace.as_ref().expect("a count is lost");
/// assert_eq!(trace.steps.len(), 4);
/// println!("{report}");
/// # Ok::<(), Box<logon_sim::Fault>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Named<P> {
    name: String,
    program: P,
    symmetry: Option<Symmetry>,
}

impl<P> Named<P>
where
    P: Program<Watch: StateWatch> + Clone,
{
    /// `program` under this name, in kebab case.
    #[must_use]
    pub fn new(name: impl Into<String>, program: P) -> Self {
        Named {
            name: name.into(),
            program,
            symmetry: None,
        }
    }

    /// Merges states that differ only in what `symmetry` declares to be interchangeable.
    #[must_use]
    pub fn merging(self, symmetry: Symmetry) -> Self {
        Named {
            symmetry: Some(symmetry),
            ..self
        }
    }

    /// A check of it.
    #[must_use]
    pub fn check(self) -> Check<Self> {
        Check::new(self)
    }
}

impl<P: Program> Program for Named<P> {
    type Watch = OrPanic<P::Watch>;

    fn start(&self, actors: &mut Actors<'_>) -> OrPanic<P::Watch> {
        OrPanic(self.program.start(actors))
    }
}

impl<P> Instance for Named<P>
where
    P: Program<Watch: StateWatch> + Clone,
{
    type Fact = ();

    fn name(&self) -> &str {
        &self.name
    }

    fn input(&self) -> Input {
        Input {
            name: "alone".to_owned(),
            document: String::new(),
        }
    }

    fn symmetry(&self) -> Option<Symmetry> {
        self.symmetry.clone()
    }

    fn fallen(&self, verdict: &Verdict<Self>) -> Fallen {
        verdict.fallen()
    }
}

/// A program that comes in sizes, by its name, and otherwise as [`Named`]. Where something falls, it is looked for in smaller ones, down to 1 or to
/// [what makes sense](OfSize::at_least).
///
/// ```
/// use logon_core::primitives::Monitor;
/// use logon_sim::{Actors, AtRest, OfSize, Rest, SimMonitor};
///
/// let counters = |size: usize, actors: &mut Actors<'_>| {
///     let count: SimMonitor<usize> = Monitor::new("count", 0);
///     for number in 1..=size {
///         let count = count.clone();
///         actors.spawn(format!("counter-{number}"), "counter", move || {
///             let seen = count.enter("look", |count| *count);
///             count.enter("write", move |count| *count = seen + 1);
///         });
///     }
///     AtRest(move |_: &Rest| count.peek(|count| (*count < size).then_some("a count is lost")))
/// };
/// let report = OfSize::new("counters", "counters", 4, counters).check().run()?;
/// let trace = report.trace.expect("a count is lost");
/// assert_eq!(trace.scenario.name, "2-counters");
/// # Ok::<(), Box<logon_sim::Fault>>(())
/// ```
#[derive(Clone, Debug)]
pub struct OfSize<F> {
    name: String,
    of_what: String,
    size: usize,
    least: usize,
    program: F,
    symmetry: Option<Symmetry>,
}

impl<F, W> OfSize<F>
where
    F: Fn(usize, &mut Actors<'_>) -> W + Clone,
    W: StateWatch,
{
    /// `program` under this name, with so many of what it has more or less of: both names in kebab case.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        of_what: impl Into<String>,
        size: usize,
        program: F,
    ) -> Self {
        OfSize {
            name: name.into(),
            of_what: of_what.into(),
            size,
            least: 1,
            program,
            symmetry: None,
        }
    }

    /// Merges states that differ only in what `symmetry` declares to be interchangeable.
    #[must_use]
    pub fn merging(self, symmetry: Symmetry) -> Self {
        OfSize {
            symmetry: Some(symmetry),
            ..self
        }
    }

    /// A check of it.
    #[must_use]
    pub fn check(self) -> Check<Self> {
        Check::new(self)
    }
}

impl<F, W> OfSize<F>
where
    F: Fn(usize, &mut Actors<'_>) -> W + Clone,
    W: StateWatch,
{
    /// The smallest size that makes sense, if that is not 1.
    #[must_use]
    pub fn at_least(self, least: usize) -> Self {
        OfSize { least, ..self }
    }
}

impl<F, W> Program for OfSize<F>
where
    F: Fn(usize, &mut Actors<'_>) -> W,
    W: StateWatch,
{
    type Watch = OrPanic<W>;

    fn start(&self, actors: &mut Actors<'_>) -> OrPanic<W> {
        OrPanic((self.program)(self.size, actors))
    }
}

impl<F, W> Instance for OfSize<F>
where
    F: Fn(usize, &mut Actors<'_>) -> W + Clone,
    W: StateWatch,
{
    type Fact = ();

    fn name(&self) -> &str {
        &self.name
    }

    fn input(&self) -> Input {
        Input {
            name: format!("{}-{}", self.size, self.of_what),
            document: format!("{} = {}\n", self.of_what, self.size),
        }
    }

    fn symmetry(&self) -> Option<Symmetry> {
        self.symmetry.clone()
    }

    fn fallen(&self, verdict: &Verdict<Self>) -> Fallen {
        verdict.fallen()
    }

    fn smaller(&self) -> Vec<Smaller<Self>> {
        let less = self.size.checked_sub(1).filter(|&size| size >= self.least);
        let smaller = less.map(|size| Smaller {
            what: format!("one of {} {}", self.size, self.of_what),
            instance: Ok(OfSize {
                size,
                ..self.clone()
            }),
        });
        smaller.into_iter().collect()
    }
}

/// A watch for which a panic of an actor is a violation, too.
pub struct OrPanic<W>(W);

/// What [`OrPanic`] says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Broken<V> {
    /// What the watch itself says.
    Judged(V),
    /// An actor panicked, or an assertion of it failed.
    Panic {
        /// Who.
        actor: String,
        /// The message of the panic.
        message: String,
        /// File and line.
        place: String,
    },
}

impl<V: Debug> Broken<V> {
    /// The same in words.
    #[must_use]
    pub fn fallen(&self) -> Fallen {
        match self {
            Broken::Judged(verdict) => Fallen::printed(&format!("{verdict:?}")),
            Broken::Panic {
                actor,
                message,
                place,
            } => Fallen::new("panic", format!("{actor} panics at {place}: {message}")),
        }
    }
}

impl<W: Watch> Watch for OrPanic<W> {
    type Verdict = Broken<W::Verdict>;

    fn after_step(&mut self, step: &Step) -> Option<Self::Verdict> {
        self.0.after_step(step).map(Broken::Judged)
    }

    fn at_rest(&mut self, rest: &Rest) -> Option<Self::Verdict> {
        self.0.at_rest(rest).map(Broken::Judged)
    }

    fn on_panic(&mut self, actor: &ActorInfo, message: &str, place: &str) -> Option<Self::Verdict> {
        let judged = self.0.on_panic(actor, message, place).map(Broken::Judged);
        judged.or_else(|| {
            Some(Broken::Panic {
                actor: actor.name.to_string(),
                message: message.to_owned(),
                place: place_in_words(place),
            })
        })
    }
}

/// File and line without the column, and the file as traces name it.
fn place_in_words(place: &str) -> String {
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next();
    let line = parts.next().and_then(|line| line.parse().ok());
    match (parts.next(), line, column) {
        (Some(file), Some(line), Some(_)) => source_place(file, line),
        _ => place.to_owned(),
    }
}

impl<W: StateWatch> StateWatch for OrPanic<W> {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<Self::Verdict> {
        self.0.in_state(state).map(Broken::Judged)
    }

    fn obligations(&mut self, state: &SharedState<'_>) -> Vec<u32> {
        self.0.obligations(state)
    }

    fn starves(&mut self, cycle: &Cycle<'_>) -> Option<Self::Verdict> {
        self.0.starves(cycle).map(Broken::Judged)
    }
}
