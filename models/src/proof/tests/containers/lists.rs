//! Lists: of up to three entries; visible ones may be there twice.

use std::collections::{BTreeSet, VecDeque};

use logon_core::store::Queue;
use logon_core::{Claim, Generation, LogonId, SessionId};

use super::{Ended, choices, paths, sequences};
use crate::proof::arithmetic::linear::Variable;
use crate::proof::path::Asked;
use crate::proof::quantity::LINE;
use crate::proof::symbolic::list::Named;
use crate::proof::symbolic::{Listed, Number};

#[derive(Clone, PartialEq, Debug)]
enum Operation<T> {
    Length,
    IsEmpty,
    Front,
    PushBack(T),
    PopFront,
    Take(T),
    TakeAll(T),
}

#[derive(PartialEq, Debug)]
enum Said<T> {
    Number(i64),
    Is(bool),
    Entry(Option<T>),
    Nothing,
}

fn perform<T: Clone, N, Q: Queue<T, N>>(
    list: &mut Q,
    operations: &[Operation<T>],
    value: &dyn Fn(N) -> i64,
) -> Vec<Said<T>> {
    let one = |operation: &Operation<T>| match operation {
        Operation::Length => Said::Number(value(list.len())),
        Operation::IsEmpty => Said::Is(list.is_empty()),
        Operation::Front => Said::Entry(list.front().cloned()),
        Operation::PushBack(entry) => {
            list.push_back(entry.clone());
            Said::Nothing
        }
        Operation::PopFront => Said::Entry(list.pop_front()),
        Operation::Take(entry) => Said::Is(list.take(entry)),
        Operation::TakeAll(entry) => {
            list.take_all(entry);
            Said::Nothing
        }
    };
    operations.iter().map(one).collect()
}

/// An entry of each number.
trait Numbered: Named {
    fn numbered(number: u32) -> Self;
}

impl Numbered for LogonId {
    fn numbered(number: u32) -> Self {
        LogonId(number)
    }
}

impl Numbered for Claim {
    fn numbered(number: u32) -> Self {
        Claim {
            session: SessionId(number),
            generation: Generation(number),
        }
    }
}

/// One of nobody who is on the list.
const ABSENT: u32 = 50;
/// One that was never given before.
const NEW: u32 = 60;

/// A list, which of its entries are visible, and how many paths were compared.
struct Case<'a, T> {
    entries: &'a [T],
    visible: &'a [T],
    compared: &'a mut u64,
}

impl<T: Numbered> Case<'_, T> {
    fn is_visible(&self, entry: &T) -> bool {
        self.visible.contains(entry)
    }

    /// The list as the extraction has it, when it has made so many hidden ones visible as the front.
    fn symbolic(&self, shown: &[T]) -> Listed<T> {
        let of = |list: &dyn Fn(&T) -> bool| -> VecDeque<T> {
            let entries = self.entries.iter().filter(|entry| list(entry));
            entries.cloned().collect()
        };
        let mut fronts = VecDeque::new();
        for front in shown {
            fronts.extend(of(&|entry| entry == front));
        }
        Listed {
            visible: of(&|entry| self.is_visible(entry)),
            shown: fronts,
            length: Some(Number::variable(LINE)),
            ..Listed::default()
        }
    }

    /// What the standard list says and holds afterwards is among what the symbolic one does.
    fn compare(&mut self, operations: &[Operation<T>]) {
        let mut standard: VecDeque<T> = self.entries.iter().cloned().collect();
        let said = perform::<T, u32, _>(&mut standard, operations, &|number| i64::from(number));
        let length = i64::try_from(self.entries.len()).expect("few entries");
        let numbers = move |variable: Variable| {
            assert_eq!(variable, LINE);
            length
        };
        let value = |number: Number| number.form().evaluate(&numbers);
        let hidden: BTreeSet<&T> = self
            .entries
            .iter()
            .filter(|entry| !self.is_visible(entry))
            .collect();
        // Whoever looks for a hidden entry is found out.
        let looked_for = operations.iter().find_map(|operation| match operation {
            Operation::Take(entry) | Operation::TakeAll(entry) if hidden.contains(entry) => {
                Some(entry.asked())
            }
            _ => None,
        });
        let mut shown: Vec<T> = Vec::new();
        loop {
            let ends = paths(&numbers, || {
                let mut list = self.symbolic(&shown);
                let said = perform(&mut list, operations, &value);
                (said, list)
            });
            *self.compared += ends.len() as u64;
            let mut is_found = false;
            let mut needs_one = false;
            for end in ends {
                match end {
                    Ended::Did((symbolic, list), taken) => {
                        let is_told = |asked: Asked| taken.asked.contains(&asked);
                        is_found |= looked_for.is_some_and(is_told)
                            || symbolic == said
                                && self.stands_for(&list, &standard, &shown, &value);
                    }
                    Ended::NeedsOneOf => needs_one = true,
                    Ended::Outside => panic!("each operation can be followed"),
                }
            }
            if is_found {
                return;
            }
            let mut next = self.entries.iter();
            let next = next.find(|entry| !self.is_visible(entry) && !shown.contains(entry));
            let (true, Some(next)) = (needs_one, next) else {
                panic!(
                    "{:?} of which {:?} are visible: {operations:?} say {said:?} and leave {standard:?}, which no path does",
                    self.entries, self.visible
                );
            };
            shown.push(next.clone());
        }
    }

    fn stands_for(
        &self,
        symbolic: &Listed<T>,
        standard: &VecDeque<T>,
        shown: &[T],
        value: &dyn Fn(Number) -> i64,
    ) -> bool {
        let is_known = |entry: &&T| {
            self.is_visible(entry) || shown.contains(entry) || !self.entries.contains(entry)
        };
        let mut known: Vec<&T> = standard.iter().filter(is_known).collect();
        let mut in_sight: Vec<&T> = symbolic.entries().collect();
        known.sort();
        in_sight.sort();
        let length = symbolic.length.expect("the length is known");
        known == in_sight && value(length) == i64::try_from(standard.len()).expect("few entries")
    }
}

fn compare<T: Numbered>(longest: usize, operations: &dyn Fn(&[T]) -> Vec<Operation<T>>) -> u64 {
    let mut compared = 0;
    let some: Vec<T> = (1..=3).map(T::numbered).collect();
    for entries in sequences(&some, 3) {
        let mut different = entries.clone();
        different.sort();
        different.dedup();
        for visible in choices(&different) {
            // A party with two places in a list is a fault of its own, and no part of any rule.
            let is_twice = |hidden: &T| entries.iter().filter(|entry| *entry == hidden).count() > 1;
            let mut hidden = different.iter().filter(|entry| !visible.contains(entry));
            if hidden.any(is_twice) {
                continue;
            }
            for operations in sequences(&operations(&different), longest) {
                let mut case = Case {
                    entries: &entries,
                    visible: &visible,
                    compared: &mut compared,
                };
                case.compare(&operations);
            }
        }
    }
    compared
}

/// Every operation, on entries that are there, on one that is not, and with a new one.
fn every<T: Numbered>(entries: &[T]) -> Vec<Operation<T>> {
    let mut operations = vec![
        Operation::Length,
        Operation::IsEmpty,
        Operation::Front,
        Operation::PopFront,
        Operation::PushBack(T::numbered(NEW)),
    ];
    for entry in entries.iter().cloned().chain([T::numbered(ABSENT)]) {
        operations.extend([Operation::Take(entry.clone()), Operation::TakeAll(entry)]);
    }
    operations
}

#[test]
fn what_a_standard_list_does_is_among_what_a_symbolic_one_does() {
    let both = compare::<LogonId>(2, &every) + compare::<Claim>(2, &every);
    // Entries are taken one after the other, hidden ones and visible ones in every order.
    let taken = compare::<LogonId>(4, &|_| {
        vec![
            Operation::PopFront,
            Operation::PushBack(LogonId::numbered(NEW)),
        ]
    });
    println!("{} paths of lists", both + taken);
}
