//! What of an explanation the picture shows.

use std::collections::BTreeSet;

use super::super::plain::{Charset, clean};
use crate::trace::Explanation;

/// How many pairs are drawn as arrows: with more of them nobody can tell which is which.
pub(super) const MOST_PAIRS: usize = 100;

/// What of an explanation is drawn. The numbers come from a file, so those of no step are left out.
pub(super) struct Marked {
    /// The steps that collide, two by two; the first [`MOST_PAIRS`] of them.
    pub(super) pairs: Vec<(usize, usize)>,
    /// How many pairs there are besides.
    pub(super) left_out: usize,
    /// The steps that collide with another.
    colliding: BTreeSet<usize>,
    /// The orders of the rule that are not in the conflict: a step, and a later one or one of those that do not
    /// happen, by position.
    pub(super) orders: Vec<(usize, Then)>,
    /// The orders of the rule that are in the conflict too, and drawn as such.
    pub(super) shared: Vec<(usize, Then)>,
    /// The steps that do not happen, in words.
    pub(super) missing: Vec<String>,
    /// After which step every continuation fails.
    pub(super) point: Option<usize>,
}

/// What comes later.
#[derive(Clone, Copy)]
pub(super) enum Then {
    /// A step, by number.
    Step(usize),
    /// A step that does not happen, by position.
    Missing(usize),
}

impl Marked {
    /// What is drawn of `explanation`, for so many steps.
    pub(super) fn of(explanation: Option<&Explanation>, steps: usize) -> Marked {
        let mut marked = Marked {
            pairs: Vec::new(),
            left_out: 0,
            colliding: BTreeSet::new(),
            orders: Vec::new(),
            shared: Vec::new(),
            missing: Vec::new(),
            point: None,
        };
        let Some(explanation) = explanation else {
            return marked;
        };
        let is_step = |number: &usize| (1..=steps).contains(number);
        let mut known = BTreeSet::new();
        for &(one, other) in &explanation.pairs {
            let is_drawn = is_step(&one) && is_step(&other) && one != other;
            if !is_drawn || !known.insert((one, other)) {
                continue;
            }
            marked.colliding.extend([one, other]);
            match marked.pairs.len() < MOST_PAIRS {
                true => marked.pairs.push((one, other)),
                false => marked.left_out += 1,
            }
        }
        marked.point = explanation.point.as_ref().map(|point| point.step);
        for order in explanation.rule.iter().flat_map(|rule| &rule.orders) {
            let then = match (order.then, &order.other) {
                (Some(then), _) if is_step(&then) => Then::Step(then),
                (None, Some(other)) => {
                    let words = clean(&other.to_string(), Charset::Unicode);
                    let position = marked.missing.iter().position(|known| *known == words);
                    Then::Missing(position.unwrap_or_else(|| {
                        marked.missing.push(words);
                        marked.missing.len() - 1
                    }))
                }
                _ => continue,
            };
            let same = matches!(then, Then::Step(then) if then == order.first);
            if is_step(&order.first) && !same {
                marked.orders.push((order.first, then));
            }
        }
        let orders = std::mem::take(&mut marked.orders);
        let (shared, orders) = orders.into_iter().partition(|&(first, then)| {
            let is_same =
                |pair: &(usize, usize)| matches!(then, Then::Step(then) if *pair == (first, then));
            marked.pairs.iter().any(is_same)
        });
        (marked.shared, marked.orders) = (shared, orders);
        marked
    }

    /// Whether this step collides with another.
    pub(super) fn collides(&self, number: usize) -> bool {
        self.colliding.contains(&number)
    }
}
