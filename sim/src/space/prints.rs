//! What values print: a second opinion on what their `Eq` and their descriptions say.
//!
//! Whoever writes an `Eq` that leaves a field out, or a description, has rarely left it out of `Debug` as well, which is
//! derived. So of what is taken for the same, a share is compared by what it prints.

use std::fmt::{self, Write};
use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::halt::general_fault;
use super::liveness::revisit;
use super::search::Walk;
use super::seen::StateId;
use super::state::State;
use super::words::mix;
use super::{Search, StateWatch};
use crate::context::in_foreign;
use crate::fault::{Fault, FaultKind};
use crate::program::Program;
use crate::step::Turn;
use crate::value::Value;

/// How many bytes of what a value prints are compared.
const MOST_COMPARED: usize = 100_000;

/// How many characters of it are shown in a fault.
const MOST_SHOWN: usize = 200;

/// Which of many things are looked at: the first so many, and one in so many of all others.
pub(crate) struct Sample {
    first: u64,
    one_in: u32,
    seed: u64,
    asked: u64,
}

impl Sample {
    /// Of the things of one kind, by `purpose`, as `search` wants it.
    pub(super) fn of(search: &Search, purpose: u64, first: u64) -> Self {
        Self {
            first,
            one_in: search.check_one_in,
            seed: mix(search.seed, purpose),
            asked: 0,
        }
    }

    /// Whether anything is looked at.
    pub(super) fn is_on(&self) -> bool {
        self.one_in != 0
    }

    /// Whether the next thing is looked at.
    pub(super) fn takes_next(&mut self) -> bool {
        self.asked += 1;
        self.one_in != 0
            && (self.asked <= self.first
                || mix(self.seed, self.asked).is_multiple_of(u64::from(self.one_in)))
    }
}

/// The hash of what `value` prints, never 0.
pub(super) fn print_of(value: &dyn Value) -> u64 {
    let mut printer = Printer {
        hasher: FxHasher::default(),
        left: MOST_COMPARED,
    };
    // It fails when it has seen enough, or if the value does not print itself, which is the same each time.
    let _ = in_foreign("Debug", value.type_name(), || write!(printer, "{value:?}"));
    mix(1, printer.hasher.finish()).max(1)
}

/// The hash of what a state prints, and of where its actors stand; never 0.
pub(super) fn print_of_state(state: &State) -> u64 {
    let objects = state.objects.iter();
    let printed = objects.fold(0, |hash, object| mix(hash, print_of(&**object)));
    let actors = state.actors.iter();
    let all = actors.fold(printed, |hash, local| mix(hash, u64::from(local.id.0)));
    all.max(1)
}

/// Hashes what is printed, up to a limit.
struct Printer {
    hasher: FxHasher,
    left: usize,
}

impl Write for Printer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let part = &text.as_bytes()[..text.len().min(self.left)];
        self.hasher.write(part);
        self.left -= part.len();
        if self.left == 0 {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

/// Collects what is printed, up to a limit.
struct Text(String);

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = MOST_COMPARED.saturating_sub(self.0.len());
        self.0.extend(text.chars().take(room));
        if text.len() > room {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

fn text_of(value: &dyn Value) -> String {
    let mut text = Text(String::new());
    let _ = in_foreign("Debug", value.type_name(), || write!(text, "{value:?}"));
    text.0
}

/// What two values print, short enough to be read: from shortly before the first difference.
pub(super) fn told_apart(one: &dyn Value, other: &dyn Value) -> (String, String) {
    let (one, other) = (text_of(one), text_of(other));
    let pairs = one.chars().zip(other.chars());
    let same = pairs.take_while(|(one, other)| one == other).count();
    let from = if same < MOST_SHOWN / 2 {
        0
    } else {
        same - MOST_SHOWN / 4
    };
    let part = |text: &str| {
        let mut part: String = text.chars().skip(from).take(MOST_SHOWN).collect();
        if from > 0 {
            part.insert(0, '…');
        }
        if text.chars().count() > from + MOST_SHOWN {
            part.push('…');
        }
        part
    };
    (part(&one), part(&other))
}

/// Compares two values that `Eq` takes for equal. `print` is that of the one kept, taken when it was kept; 0 is none.
///
/// # Errors
///
/// What is wrong with the type.
pub(super) fn compare(kept: &dyn Value, print: u64, other: &dyn Value) -> Result<(), FaultKind> {
    let type_name = other.type_name();
    if !(other.equals(kept) && kept.equals(other) && other.equals(other)) {
        let value = told_apart(other, kept).0;
        return Err(FaultKind::NoEquality { type_name, value });
    }
    let printed = print_of(other);
    let now = print_of(kept);
    if printed != now {
        let (kept, merged) = told_apart(kept, other);
        return Err(FaultKind::CoarseEquality {
            type_name,
            kept,
            merged,
        });
    }
    if print != 0 && print != now {
        let now = told_apart(kept, kept).0;
        return Err(FaultKind::SharedClone { type_name, now });
    }
    Ok(())
}

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    /// The fault of two states that have one description and print different things. The one was reached by `way`, or
    /// is the first; the other is `merged`.
    pub(super) fn coarse_description(
        &mut self,
        way: Option<(StateId, Turn)>,
        merged: &State,
    ) -> Box<Fault> {
        let kept = match self.state_by(way) {
            Ok(kept) => kept,
            Err(fault) => return fault,
        };
        let objects = kept.objects.iter().zip(&merged.objects);
        for ((one, other), name) in objects.zip(&self.coroutines.objects) {
            if print_of(&**one) != print_of(&**other) {
                let what = format!("`{name}`, which is of {},", other.type_name());
                let (kept, merged) = told_apart(&**one, &**other);
                return general_fault(FaultKind::CoarseDescription { what, kept, merged });
            }
        }
        let actors = kept.actors.iter().zip(&merged.actors);
        for ((one, other), info) in actors.zip(&self.coroutines.actors) {
            let results = self.locals.known(one.id).into_iter();
            for ((_, one), (_, other)) in results.zip(self.locals.known(other.id)) {
                if print_of(one) != print_of(other) {
                    let what = format!("what {} learned, of {},", info.name, other.type_name());
                    let (kept, merged) = told_apart(one, other);
                    return general_fault(FaultKind::CoarseDescription { what, kept, merged });
                }
            }
        }
        general_fault(FaultKind::Unrepeatable {
            expected: "a state that prints what it printed when it was first reached".to_owned(),
            found: "one that prints something else".to_owned(),
        })
    }

    /// The state that was reached by `way`, once more.
    fn state_by(&mut self, way: Option<(StateId, Turn)>) -> Result<State, Box<Fault>> {
        let Some((from, turn)) = way else {
            return Ok(self.initial.clone());
        };
        let checks = self.checks();
        let from = revisit(self, from, checks)?;
        let (state, _) = self.coroutines.step(&mut self.locals, &from, turn, checks);
        state
    }
}
