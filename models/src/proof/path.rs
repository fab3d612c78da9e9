//! The path that a section takes through counts that are not known.
//!
//! A section that compares two symbolic counts has two ways to go on. It is run once for each: a run follows a list of
//! choices and takes the first way wherever the list is at its end; afterwards the last choice that has another way is
//! advanced, and the section is run again, until there is none. What each choice assumes is kept, as conditions under
//! which the section goes this way.
//!
//! The path under way is a thread-local variable, for the section reaches it through operators (`a < b`).

use std::cell::RefCell;
use std::panic::{Location, resume_unwind};

use super::arithmetic::linear::Form;

/// One of several ways.
#[derive(Clone, Copy)]
struct Choice {
    taken: usize,
    of: usize,
}

/// An identifier that a section has asked for and that none of the visible entries has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    /// A logon, by its number.
    Logon(u32),
    /// A session, by its number.
    Session(u32),
}

/// Which list an entry is missing from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum List {
    /// The logons in line.
    Line,
    /// The idle sessions.
    Pool,
}

/// Why a run was broken off.
pub(super) enum BrokenOff {
    /// It takes an entry from the front of this list that is not visible: it has to be run again with one that is.
    NeedsOneOf(List),
    /// It does something that the method cannot follow.
    Outside(String),
    /// It falls asleep without looking in the same step, so that a wake-up may come before: its label and place.
    Sleeps(&'static str, &'static Location<'static>),
}

/// What a run has decided and noticed.
#[derive(Default)]
struct Path {
    choices: Vec<Choice>,
    next: usize,
    conditions: Vec<Form>,
    asked: Vec<Asked>,
    shown_taken: bool,
}

thread_local! {
    static PATH: RefCell<Path> = RefCell::default();
}

/// All paths through something, one after the other.
pub(super) struct Paths {
    next: Option<Vec<Choice>>,
}

/// What is left of a path that was taken.
pub(super) struct Taken {
    /// Each is at least 0 on this path.
    pub(super) conditions: Vec<Form>,
    /// What was asked for and is not visible.
    pub(super) asked: Vec<Asked>,
    /// Whether an entry that was made visible for a list's front was used.
    pub(super) shown_taken: bool,
}

impl Paths {
    /// From the first one.
    pub(super) fn new() -> Self {
        Paths {
            next: Some(Vec::new()),
        }
    }

    /// Begins the next path; says whether there is one.
    pub(super) fn begin(&mut self) -> bool {
        let Some(choices) = self.next.take() else {
            return false;
        };
        PATH.set(Path {
            choices,
            ..Path::default()
        });
        true
    }

    /// Ends the path that was begun.
    pub(super) fn end(&mut self) -> Taken {
        let Path {
            mut choices,
            conditions,
            asked,
            shown_taken,
            ..
        } = PATH.take();
        while let Some(last) = choices.pop() {
            if last.taken + 1 < last.of {
                choices.push(Choice {
                    taken: last.taken + 1,
                    of: last.of,
                });
                self.next = Some(choices);
                break;
            }
        }
        Taken {
            conditions,
            asked,
            shown_taken,
        }
    }
}

/// One of `of` ways to go on, counted from 0.
pub(super) fn choose(of: usize) -> usize {
    PATH.with_borrow_mut(|path| {
        if path.next == path.choices.len() {
            path.choices.push(Choice { taken: 0, of });
        }
        path.next += 1;
        path.choices[path.next - 1].taken
    })
}

/// From here on, `form` is at least 0.
pub(super) fn assume(form: Form) {
    if !form.terms().is_empty() || form.constant_part() < 0 {
        PATH.with_borrow_mut(|path| path.conditions.push(form));
    }
}

/// Whether `form` is at least 0: both ways are taken, unless the path has decided it.
pub(super) fn decide(form: &Form) -> bool {
    if form.terms().is_empty() {
        return form.constant_part() >= 0;
    }
    let otherwise = form.times(-1).minus(&Form::constant(1));
    let known = PATH.with_borrow(|path| {
        let has = |wanted| path.conditions.contains(wanted);
        has(form) || has(&otherwise)
    });
    let is = if known {
        PATH.with_borrow(|path| path.conditions.contains(form))
    } else {
        choose(2) == 0
    };
    if !known {
        assume(if is { form.clone() } else { otherwise });
    }
    is
}

/// Notes that something was asked for that is not visible.
pub(super) fn ask(for_what: Asked) {
    PATH.with_borrow_mut(|path| path.asked.push(for_what));
}

/// Notes that an entry was used that had been made visible for a list's front.
pub(super) fn use_shown() {
    PATH.with_borrow_mut(|path| path.shown_taken = true);
}

/// Breaks off the run.
pub(super) fn break_off(why: BrokenOff) -> ! {
    resume_unwind(Box::new(why))
}
