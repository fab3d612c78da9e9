//! How the values of the standard library describe themselves: numbers, texts, pointers and collections.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Shape, Symmetric};

impl Symmetric for () {
    fn describe(&self, _: &mut dyn Shape) {}
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Symmetric for $number {
            fn describe(&self, shape: &mut dyn Shape) {
                shape.plain(u64::from(*self));
            }
        })*
    };
}
numbers!(bool, u8, u16, u32, u64);

impl Symmetric for usize {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.plain(*self as u64);
    }
}

macro_rules! signed_numbers {
    ($($number:ty),*) => {
        $(impl Symmetric for $number {
            fn describe(&self, shape: &mut dyn Shape) {
                // Extended by its sign: one number for each value.
                shape.plain(i64::from(*self).cast_unsigned());
            }
        })*
    };
}
signed_numbers!(i8, i16, i32, i64);

impl Symmetric for isize {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.plain((*self as i64).cast_unsigned());
    }
}

impl Symmetric for u128 {
    fn describe(&self, shape: &mut dyn Shape) {
        let low = u128::from(u64::MAX);
        for half in [self >> 64, self & low] {
            shape.plain(u64::try_from(half).expect("half of the bits"));
        }
    }
}

impl Symmetric for i128 {
    fn describe(&self, shape: &mut dyn Shape) {
        self.cast_unsigned().describe(shape);
    }
}

impl Symmetric for char {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.plain(u64::from(u32::from(*self)));
    }
}

impl Symmetric for str {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.plain(self.len() as u64);
        for bytes in self.as_bytes().chunks(8) {
            let chunk = |value, &byte| value << 8 | u64::from(byte);
            shape.plain(bytes.iter().fold(0, chunk));
        }
    }
}

impl Symmetric for String {
    fn describe(&self, shape: &mut dyn Shape) {
        self.as_str().describe(shape);
    }
}

impl Symmetric for &'static str {
    fn describe(&self, shape: &mut dyn Shape) {
        str::describe(self, shape);
    }
}

impl<T: Symmetric + ?Sized> Symmetric for Box<T> {
    fn describe(&self, shape: &mut dyn Shape) {
        T::describe(self, shape);
    }
}

impl<T: Symmetric + ?Sized + ToOwned> Symmetric for Cow<'static, T> {
    fn describe(&self, shape: &mut dyn Shape) {
        T::describe(self, shape);
    }
}

impl<T: Symmetric> Symmetric for Option<T> {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.plain(u64::from(self.is_some()));
        if let Some(value) = self {
            value.describe(shape);
        }
    }
}

impl<T: Symmetric, E: Symmetric> Symmetric for Result<T, E> {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.plain(u64::from(self.is_ok()));
        match self {
            Ok(value) => value.describe(shape),
            Err(error) => error.describe(shape),
        }
    }
}

macro_rules! tuples {
    ($($($part:ident)+;)+) => {
        $(impl<$($part: Symmetric),+> Symmetric for ($($part,)+) {
            fn describe(&self, shape: &mut dyn Shape) {
                #[expect(non_snake_case, reason = "a part is called like its type")]
                let ($($part,)+) = self;
                $($part.describe(shape);)+
            }
        })+
    };
}
tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}

impl<T: Symmetric, const N: usize> Symmetric for [T; N] {
    fn describe(&self, shape: &mut dyn Shape) {
        // As many as its type says, so the length need not be told.
        for value in self {
            value.describe(shape);
        }
    }
}

impl<T: Symmetric> Symmetric for [T] {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.plain(self.len() as u64);
        for value in self {
            value.describe(shape);
        }
    }
}

impl<T: Symmetric> Symmetric for Vec<T> {
    fn describe(&self, shape: &mut dyn Shape) {
        self.as_slice().describe(shape);
    }
}

impl<T: Symmetric> Symmetric for VecDeque<T> {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.plain(self.len() as u64);
        for value in self {
            value.describe(shape);
        }
    }
}

impl<T: Symmetric> Symmetric for BTreeSet<T> {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.unordered();
        for value in self {
            shape.entry();
            value.describe(shape);
        }
        shape.end();
    }
}

impl<K: Symmetric, V: Symmetric> Symmetric for BTreeMap<K, V> {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.unordered();
        for (key, value) in self {
            shape.entry();
            key.describe(shape);
            value.describe(shape);
        }
        shape.end();
    }
}
