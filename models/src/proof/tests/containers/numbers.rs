//! Counts: each comparison is decided on exactly one path, and rightly.

use std::cmp::Ordering;

use logon_core::store::Count;

use super::{Ended, paths};
use crate::proof::arithmetic::linear::{Form, Variable};
use crate::proof::quantity::{IDLE, LINE};
use crate::proof::symbolic::Number;

/// What two counts are to each other, and what becomes of them.
#[derive(PartialEq, Debug)]
struct Said {
    order: Option<Ordering>,
    comparisons: [bool; 6],
    one_less: Option<i64>,
    sum: i64,
    three_more: i64,
}

fn say<N: Count + PartialEq>(left: N, right: N, value: &dyn Fn(N) -> i64, which: usize) -> Said {
    // One at a time: a path decides once.
    let comparison = |number: usize, is: &dyn Fn() -> bool| which == number && is();
    let mut more = left;
    more += 3;
    Said {
        order: (which == 0).then(|| left.partial_cmp(&right)).flatten(),
        comparisons: [
            comparison(1, &|| left < right),
            comparison(2, &|| left <= right),
            comparison(3, &|| left > right),
            comparison(4, &|| left >= right),
            comparison(5, &|| left == right),
            comparison(6, &|| left != right),
        ],
        one_less: (which == 7)
            .then(|| left.checked_decrement().map(value))
            .flatten(),
        sum: value(left + right),
        three_more: value(more),
    }
}

#[test]
fn each_comparison_of_counts_is_decided_on_one_path_and_rightly() {
    let forms = [
        Form::constant(0),
        Form::constant(2),
        Form::of(LINE),
        Form::of(LINE).plus(&Form::constant(1)),
        Form::of(IDLE),
        Form::of(IDLE).plus(&Form::of(LINE)),
    ];
    let mut compared = 0;
    for (line, idle) in (0..4).flat_map(|line| (0..4).map(move |idle| (line, idle))) {
        let numbers = |variable: Variable| if variable == LINE { line } else { idle };
        let count = |form: &Form| u32::try_from(form.evaluate(&numbers)).expect("not negative");
        for (left, right) in forms
            .iter()
            .flat_map(|left| forms.iter().map(move |right| (left, right)))
        {
            for which in 0..=7 {
                let expected = say(count(left), count(right), &|count| i64::from(count), which);
                let value = |number: Number| number.form().evaluate(&numbers);
                let ends = paths(&numbers, || {
                    say(
                        Number::of(left.clone()),
                        Number::of(right.clone()),
                        &value,
                        which,
                    )
                });
                let [Ended::Did(said, _)] = &ends[..] else {
                    panic!("{left:?} and {right:?}: {} paths, not one", ends.len());
                };
                assert_eq!(*said, expected, "{left:?} and {right:?}");
                compared += 1;
            }
        }
    }
    println!("{compared} comparisons");
}
