//! Programs written once, for every tool: generic over the primitives, and judged by one closure wherever they run.
//!
//! [`Ported`] runs such a program here. Other crates have the calls that run it on other tools.

use std::fmt;

use logon_core::primitives::Primitives;

use crate::execution::Rest;
use crate::primitives::Sim;
use crate::program::{Actors, Program, Watch};
use crate::silence::{self, Silence};
use crate::space::{Cycle, Obligation, StateWatch};

/// A program that runs on the primitives `P`. Whoever implements it for every `P` has a program for every tool.
///
/// A program that needs choices implements it for every `P` that is
/// [`Choosing`](logon_core::primitives::Choosing), and does not compile for a tool that cannot choose.
///
/// ```
/// use std::sync::Arc;
///
/// use logon_core::primitives::{Monitor, Primitives};
/// use logon_sim::{Judge, Named, Portable, Ported, Spawner};
///
/// #[derive(Clone)]
/// struct Counters;
///
/// impl<P: Primitives> Portable<P> for Counters {
///     fn start(&self, actors: &mut Spawner) -> Judge {
///         let count: Arc<P::Monitor<u32>> = Arc::new(Monitor::new("count", 0));
///         for name in ["anna", "ben"] {
///             let count = Arc::clone(&count);
///             actors.spawn(name, "counter", move || {
///                 let seen = count.enter("look", |count| *count);
///                 count.enter("write", move |count| *count = seen + 1);
///             });
///         }
///         Judge::new(move |_| count.peek(|count| (*count < 2).then(|| "a count is lost".to_owned())))
///     }
/// }
/// let report = Named::new("counters", Ported(Counters)).check().run()?;
/// assert_eq!(report.trace.map(|trace| trace.steps.len()), Some(4));
/// # Ok::<(), Box<logon_sim::Fault>>(())
/// ```
pub trait Portable<P: Primitives> {
    /// Creates the shared objects, names the actors, and says how the end is judged. Called afresh for each execution,
    /// and it must do the same each time.
    fn start(&self, actors: &mut Spawner) -> Judge;
}

/// Collects the actors of an execution.
#[derive(Debug, Default)]
pub struct Spawner(Vec<Spawned>);

/// An actor that has not begun.
pub struct Spawned {
    /// Its name, unique in the program.
    pub name: String,
    /// What it is: actors of one class do the same.
    pub class: String,
    /// Whether it must come to its end.
    pub must_end: bool,
    /// What it does.
    pub body: Box<dyn FnOnce() + Send>,
}

impl fmt::Debug for Spawned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawned")
            .field("name", &self.name)
            .field("class", &self.class)
            .field("must_end", &self.must_end)
            .finish_non_exhaustive()
    }
}

impl Spawner {
    /// Nobody so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an actor that must come to its end: one that waits or goes round for ever is a violation.
    ///
    /// # Panics
    ///
    /// If an actor of that name was added already.
    pub fn spawn(
        &mut self,
        name: impl Into<String>,
        class: impl Into<String>,
        body: impl FnOnce() + Send + 'static,
    ) {
        self.add(name.into(), class.into(), true, Box::new(body));
    }

    /// Adds an actor that may wait or go round for ever, such as one that serves others.
    ///
    /// Let it wait when it has nothing to do. A judge is asked when nobody can go on, and while a server goes round it can:
    /// if no rest can follow any more, a search on the own runtime ends with a [`Fault`](crate::Fault), and the other tools
    /// count the execution as cut short.
    ///
    /// # Panics
    ///
    /// If an actor of that name was added already.
    pub fn spawn_server(
        &mut self,
        name: impl Into<String>,
        class: impl Into<String>,
        body: impl FnOnce() + Send + 'static,
    ) {
        self.add(name.into(), class.into(), false, Box::new(body));
    }

    fn add(&mut self, name: String, class: String, must_end: bool, body: Box<dyn FnOnce() + Send>) {
        assert!(
            self.0.iter().all(|other| other.name != name),
            "the program is at fault: two actors are called `{name}`; names are unique"
        );
        self.0.push(Spawned {
            name,
            class,
            must_end,
            body,
        });
    }

    /// The actors, in order of spawning.
    #[must_use]
    pub fn into_actors(self) -> Vec<Spawned> {
        self.0
    }
}

/// An actor that waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// Its name.
    pub actor: String,
    /// The name of the object at which it waits.
    pub object: String,
    /// Whether it must come to its end.
    pub must_end: bool,
}

/// How things stand when nobody can go on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AtEnd {
    /// Who waits, in order of spawning. All others have come to their end.
    pub waiting: Vec<Waiting>,
}

impl AtEnd {
    /// Those who wait and must not.
    pub fn stuck(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter().filter(|waiting| waiting.must_end)
    }
}

/// What a judge says, as a sentence, if anything is wrong.
type Says = Box<dyn Fn(&AtEnd) -> Option<String> + Send>;

/// Judges how things stand when nobody can go on. It looks at the objects with
/// [`Monitor::peek`](logon_core::primitives::Monitor::peek) and
/// [`Word::peek`](logon_core::primitives::Word::peek), and takes no step.
pub struct Judge(Option<Says>);

impl fmt::Debug for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Judge")
    }
}

impl Judge {
    /// Asks `says` first. If that finds nothing wrong, somebody who waits and must come to its end is a violation.
    ///
    /// What it says is a clause without a full stop. Its beginning, up to the first bracket, colon or comma, is the name
    /// of the property: two failures of one kind begin alike.
    #[must_use]
    pub fn new(says: impl Fn(&AtEnd) -> Option<String> + Send + 'static) -> Self {
        Judge(Some(Box::new(says)))
    }

    /// Only asks that everybody comes to its end who must.
    #[must_use]
    pub fn everybody_ends() -> Self {
        Judge(None)
    }

    /// What is wrong, if anything is.
    #[must_use]
    pub fn judge(&self, end: &AtEnd) -> Option<String> {
        let said = self.0.as_ref().and_then(|says| says(end));
        said.or_else(|| {
            let waits = |stuck: &Waiting| format!("{} waits on `{}`", stuck.actor, stuck.object);
            let stuck: Vec<String> = end.stuck().map(waits).collect();
            (!stuck.is_empty()).then(|| format!("stuck: {}", stuck.join(", ")))
        })
    }
}

/// A portable program on the deterministic runtime: for [`Named`](crate::Named), [`Search`](crate::Search) and whatever
/// else takes a [`Program`].
///
/// One that comes in sizes is `OfSize::new(name, of_what, size, |size, actors| Ported(Mine(size)).start(actors))`.
#[derive(Clone, Copy, Debug)]
pub struct Ported<T>(pub T);

/// Judges a portable program on the deterministic runtime.
#[derive(Debug)]
pub struct PortedWatch {
    judge: Judge,
    /// For each actor whether it must come to its end.
    must_end: Vec<bool>,
}

impl<T: Portable<Sim>> Program for Ported<T> {
    type Watch = PortedWatch;

    fn start(&self, actors: &mut Actors<'_>) -> PortedWatch {
        let mut spawner = Spawner::new();
        let judge = self.0.start(&mut spawner);
        let spawned = spawner.into_actors();
        let must_end = spawned.iter().map(|actor| actor.must_end).collect();
        for Spawned {
            name, class, body, ..
        } in spawned
        {
            actors.spawn(name, class, body);
        }
        PortedWatch { judge, must_end }
    }
}

impl Watch for PortedWatch {
    type Verdict = String;

    fn at_rest(&mut self, rest: &Rest) -> Option<String> {
        let waiting = rest.blocked.iter().map(|blocked| Waiting {
            actor: blocked.actor.name.to_string(),
            object: blocked.operation.object_name.to_string(),
            must_end: self.must_end[blocked.actor.id.index()],
        });
        self.judge.judge(&AtEnd {
            waiting: waiting.collect(),
        })
    }
}

impl StateWatch for PortedWatch {
    fn starves(&mut self, cycle: &Cycle<'_>) -> Option<String> {
        let Obligation::End(actor) = cycle.obligation else {
            return None;
        };
        if self.must_end[actor.index()] {
            return Some(format!("never ends: {}", cycle.actors[actor.index()].name));
        }
        if self.judge.0.is_some() {
            silence::note(Silence::ALLOWED_TO_SERVERS);
        }
        None
    }
}
