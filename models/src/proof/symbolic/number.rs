//! Counts: linear forms over the quantities, whose comparisons split the path.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Add, AddAssign};

use logon_core::store::Count;

use super::super::arithmetic::linear::{Form, Variable};
use super::super::path::decide;

thread_local! {
    /// Every form that a number stands for. A count must be `Copy`, and a form is not.
    static FORMS: RefCell<(Vec<Form>, BTreeMap<Form, u32>)> = RefCell::default();
}

/// A count: a linear form over the quantities.
#[derive(Clone, Copy)]
pub(in crate::proof) struct Number(u32);

impl Number {
    /// The number that this form is.
    pub(in crate::proof) fn of(form: Form) -> Number {
        FORMS.with_borrow_mut(|(forms, places)| {
            let place = *places.entry(form).or_insert_with_key(|form| {
                forms.push(form.clone());
                u32::try_from(forms.len() - 1).expect("fewer forms than numbers of 32 bits")
            });
            Number(place)
        })
    }

    /// A quantity.
    pub(in crate::proof) fn variable(variable: Variable) -> Number {
        Number::of(Form::of(variable))
    }

    /// The form it is.
    pub(in crate::proof) fn form(self) -> Form {
        FORMS.with_borrow(|(forms, _)| forms[self.0 as usize].clone())
    }

    pub(super) fn less(self, other: usize) -> Number {
        let other = i64::try_from(other).expect("few entries are visible");
        Number::of(self.form().minus(&Form::constant(other)))
    }

    pub(super) fn is_at_least(self, other: Number) -> bool {
        decide(&self.form().minus(&other.form()))
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Number {
        Number::of(Form::constant(i64::from(number)))
    }
}

impl Count for Number {
    fn checked_decrement(self) -> Option<Number> {
        let less = self.less(1);
        less.is_at_least(0.into()).then_some(less)
    }
}

impl Add for Number {
    type Output = Number;

    fn add(self, other: Number) -> Number {
        Number::of(self.form().plus(&other.form()))
    }
}

impl AddAssign<u32> for Number {
    fn add_assign(&mut self, other: u32) {
        *self = *self + Number::from(other);
    }
}

// A comparison decides no more than it must: each decision is a path more.
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(match (self.is_at_least(*other), other.is_at_least(*self)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, _) => Ordering::Less,
        })
    }

    fn lt(&self, other: &Number) -> bool {
        !self.is_at_least(*other)
    }

    fn le(&self, other: &Number) -> bool {
        other.is_at_least(*self)
    }

    fn gt(&self, other: &Number) -> bool {
        !other.is_at_least(*self)
    }

    fn ge(&self, other: &Number) -> bool {
        self.is_at_least(*other)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.is_at_least(*other) && other.is_at_least(*self)
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, _: &mut H) {
        // Two different forms may be equal, so a number has no better hash than this.
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.form())
    }
}
