//! The symbolic containers against the standard ones: for all small contents, every split of them into visible and
//! hidden entries, and every few operations, what the standard containers say and hold afterwards is among what the
//! symbolic ones do, on a path whose conditions hold.
//!
//! What the symbolic ones say besides is no fault: then a rule is shown to be right that never happens.

mod lists;
mod numbers;
mod records;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::proof::arithmetic::linear::Variable;
use crate::proof::path::{BrokenOff, Paths, Taken};

/// How a path ended.
enum Ended<R> {
    Did(R, Taken),
    /// Somebody hidden is at the front of a list.
    NeedsOneOf,
    /// What the method cannot follow is reported as such.
    Outside,
}

/// Runs `body` on all paths, and gives the ends of those whose conditions hold for these numbers.
fn paths<R>(numbers: &dyn Fn(Variable) -> i64, mut body: impl FnMut() -> R) -> Vec<Ended<R>> {
    let mut ends = Vec::new();
    let mut paths = Paths::new();
    while paths.begin() {
        let did = catch_unwind(AssertUnwindSafe(&mut body));
        let taken = paths.end();
        let hold = |taken: &Taken| {
            let mut conditions = taken.conditions.iter();
            conditions.all(|condition| condition.evaluate(numbers) >= 0)
        };
        if !hold(&taken) {
            continue;
        }
        ends.push(match did {
            Ok(result) => Ended::Did(result, taken),
            Err(payload) => match payload.downcast::<BrokenOff>() {
                Ok(broken_off) => match *broken_off {
                    BrokenOff::NeedsOneOf(_) => Ended::NeedsOneOf,
                    BrokenOff::Outside(_) | BrokenOff::Sleeps(..) => Ended::Outside,
                },
                Err(payload) => std::panic::resume_unwind(payload),
            },
        });
    }
    ends
}

/// Every list of up to `most` of these, shortest first.
fn sequences<T: Clone>(of: &[T], most: usize) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..most {
        let to = all.len();
        for place in from..to {
            for one in of {
                let mut longer: Vec<T> = all[place].clone();
                longer.push(one.clone());
                all.push(longer);
            }
        }
        from = to;
    }
    all
}

/// Every choice of some of these.
fn choices<T: Clone>(of: &[T]) -> Vec<Vec<T>> {
    let chosen = |bits: usize| {
        let numbered = of.iter().enumerate();
        let some = numbered.filter(|(place, _)| bits >> place & 1 == 1);
        some.map(|(_, one)| one.clone()).collect()
    };
    (0..1 << of.len()).map(chosen).collect()
}
