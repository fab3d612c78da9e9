//! Primitives on which an actor of the real code is run for one section: it is fed what it has seen, then takes its
//! next section on the state that was prepared, and stands before the one after that.
//!
//! The run under way is a thread-local variable, for the actor reaches it through its primitives.

mod primitives;

use std::cell::RefCell;
use std::panic::Location;

use logon_core::{Claim, Ending};

use super::path::{BrokenOff, break_off, choose};
use super::seen::{Question, Seen};

pub(super) use primitives::Fed;

/// How often an actor may ask the world between two sections. One that asks until it likes the answer would have no end of
/// paths.
const MOST_QUESTIONS: u32 = 12;

/// What kind of operation a section is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Kind {
    /// It wakes nobody.
    Enter,
    /// It wakes everybody.
    Update,
    /// It waits until it yields something.
    Wait,
}

/// Where an actor stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Stand {
    /// Before this section.
    Section(Kind, &'static str),
    /// Before the answer to this question.
    Question(Question),
    /// At its end.
    End,
}

/// A section that was taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Section {
    /// Its kind.
    pub(super) kind: Kind,
    /// Its label.
    pub(super) label: &'static str,
    /// Where it stands in the source.
    pub(super) place: Option<&'static Location<'static>>,
    /// Whether it waits and has not yielded anything.
    pub(super) is_blocked: bool,
}

impl Section {
    /// That of an actor that comes to its end without one.
    pub(super) const NONE: Section = Section {
        kind: Kind::Enter,
        label: "nothing more",
        place: None,
        is_blocked: false,
    };
}

/// A call of the allocator, as a party makes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Call {
    Connect,
    LogOn,
    Disconnect,
    LogOff,
    HangUp,
    Reset,
}

/// What a call returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// The session it led to.
    Session(Claim),
    /// It is done.
    Done,
    /// How the logon ended.
    Ended(Ending),
    /// Whether a session was reset.
    WasReset(bool),
}

/// The run of an actor.
#[derive(Default)]
pub(super) struct Run {
    /// What it is fed, and then what it sees.
    pub(super) seen: Vec<Seen>,
    fed: usize,
    asked: u32,
    only_looks: bool,
    /// Whether the world has answered it something new.
    pub(super) was_answered: bool,
    /// Whether it is a worker's.
    serves: bool,
    /// What is wrong with a question to the world, if it was about somebody else.
    pub(super) wrong_question: Option<&'static str>,
    /// Whether it is to go round another time, if it serves without end and has come round.
    pub(super) goes_on: Option<bool>,
    /// The section it took.
    pub(super) section: Option<Section>,
    /// Whether it is in a call of the allocator.
    pub(super) in_call: bool,
    /// The calls that returned after that section or those answers, and what they returned.
    pub(super) returned: Vec<(Call, Answer)>,
    stand: Option<Stand>,
}

impl Run {
    /// Of an actor that has seen this much, to its next section.
    pub(super) fn after(seen: Vec<Seen>) -> Run {
        Run {
            seen,
            ..Run::default()
        }
    }

    /// Of an actor that has seen this much: only to see where it stands.
    pub(super) fn looking(seen: Vec<Seen>) -> Run {
        Run {
            only_looks: true,
            ..Run::after(seen)
        }
    }

    /// Where the actor stands, when the run is over.
    pub(super) fn stand(&self) -> Stand {
        self.stand.unwrap_or(Stand::End)
    }

    fn is_over(&self) -> bool {
        self.section.is_some() || self.only_looks
    }
}

thread_local! {
    static RUN: RefCell<Run> = RefCell::default();
}

/// Begins a run.
pub(super) fn begin(run: Run) {
    RUN.set(run);
}

/// Ends the run.
pub(super) fn end() -> Run {
    RUN.take()
}

/// Unwinds an actor that stands where it stops.
pub(super) struct Stopped;

fn stop(stand: Stand) -> ! {
    RUN.with_borrow_mut(|run| {
        run.stand.get_or_insert(stand);
    });
    std::panic::resume_unwind(Box::new(Stopped))
}

/// What the actor is fed next, if it has not seen everything.
fn feed() -> Option<Seen> {
    RUN.with_borrow_mut(|run| {
        let seen = run.seen.get(run.fed).cloned();
        run.fed += usize::from(seen.is_some());
        seen
    })
}

/// Notes what the actor sees.
fn see(seen: Seen) {
    RUN.with_borrow_mut(|run| {
        run.seen.push(seen);
        run.fed += 1;
    });
}

/// What the world answers: one of `of` ways.
pub(super) fn ask(question: Question, of: usize) -> usize {
    match feed() {
        Some(Seen::Answer(asked, answer)) => {
            assert_eq!(
                asked, question,
                "an actor that is fed what it saw asks the same"
            );
            return answer;
        }
        Some(Seen::Result(..)) => {
            unreachable!("an actor that is fed what it saw takes the same steps")
        }
        None => {}
    }
    if RUN.with_borrow(Run::is_over) {
        stop(Stand::Question(question));
    }
    let asked = RUN.with_borrow_mut(|run| {
        run.was_answered = true;
        run.asked += 1;
        run.asked
    });
    if asked > MOST_QUESTIONS {
        break_off(BrokenOff::Outside(format!(
            "it asks the world more than {MOST_QUESTIONS} times between two sections"
        )));
    }
    let answer = choose(of);
    see(Seen::Answer(question, answer));
    answer
}

/// Notes what is wrong with a question, unless it is about the party that asks.
pub(super) fn about_itself(is_so: bool, otherwise: &'static str) {
    if !is_so {
        RUN.with_borrow_mut(|run| run.wrong_question = Some(otherwise));
    }
}

/// Whether the party has seen this claim: it is one that it may ask about.
pub(super) fn has_seen(claim: Claim) -> bool {
    RUN.with_borrow(|run| {
        let fed = &run.seen[..run.fed];
        fed.iter().any(|seen| seen.mentions(claim))
    })
}

/// Makes a call.
pub(super) fn call<R>(
    call: Call,
    body: impl FnOnce() -> R,
    answer: impl FnOnce(&R) -> Answer,
) -> R {
    RUN.with_borrow_mut(|run| run.in_call = true);
    let result = body();
    RUN.with_borrow_mut(|run| {
        run.in_call = false;
        if run.section.is_some() || run.was_answered {
            run.returned.push((call, answer(&result)));
        }
    });
    result
}

/// Works in a call that never returns to the party.
pub(super) fn work(body: impl FnOnce()) {
    RUN.with_borrow_mut(|run| {
        run.in_call = true;
        run.serves = true;
    });
    body();
}
