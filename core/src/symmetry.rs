//! Which parts of a value are identifiers: what an explorer must know to treat two states that differ only in
//! names as one.
//!
//! Clients with the same script are interchangeable, and so are the numbers that sessions happen to get. A
//! type says where its identifiers are by [describing](Symmetric::describe) itself to a [`Shape`], and the
//! explorer decides which of them may be exchanged for which. Nothing here renames anything: the explorer
//! keeps the states it found as they are, and uses the description as their key.
//!
//! # What a description must be
//!
//! - *Faithful*: two values of one type with the same description are equal. A field left out merges states
//!   that differ; [`symmetric!`](crate::symmetric) therefore takes a struct apart without `..`. What may be one
//!   thing or another says which, by a plain number: a key holds the numbers of a description, and not by which
//!   of the calls they came. Descriptions are put one after the other, so none may be the beginning of another:
//!   a list says its length first.
//! - *Blind to identifiers*: which calls are made must not depend on an identifier's value, not even through
//!   the order in which a map keyed by identifiers is walked: such a collection is
//!   [unordered](Shape::unordered). This is the scalarset of Ip and Dill, "Better verification through
//!   symmetry" (Formal Methods in System Design, 1996).
//! - *Complete*: whatever identifies one of several interchangeable things is an
//!   [identifier](Shape::identifier) wherever it appears, also where it is kept as a plain number. One that is
//!   an identifier here and plain there would be exchanged here and not there, and what it says would be lost.

mod values;

/// A family of identifiers: identifiers of different families are different, even if their numbers agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Family(
    /// The family's name, unique in the program.
    pub &'static str,
);

/// Who listens to a value that describes itself.
pub trait Shape {
    /// Something that is no identifier: a count, a flag, the number of an enum's variant.
    fn plain(&mut self, value: u64);

    /// An identifier.
    fn identifier(&mut self, family: Family, number: u32);

    /// The highest number of the family that was ever given out. The next one is the one after; the program
    /// makes no other use of this number. A higher identifier is one that was looked up and not given out yet.
    fn newest(&mut self, family: Family, number: u32);

    /// A collection begins whose order means nothing, such as a map keyed by identifiers.
    fn unordered(&mut self);

    /// The next entry of the collection begins.
    fn entry(&mut self);

    /// The collection is over.
    fn end(&mut self);

    /// The value does not describe itself: what was written of it is not all, and only its `Eq` tells it apart.
    ///
    /// # Panics
    ///
    /// Unless whoever reads can do with that.
    fn undescribed(&mut self) {
        panic!("a value that does not describe itself is described");
    }
}

/// A value that may contain identifiers, and says where they are.
pub trait Symmetric {
    /// Describes the value to `shape`, see the [module's](self) rules.
    fn describe(&self, shape: &mut dyn Shape);
}

/// Implements [`Symmetric`] for a struct from the list of its fields, or for an enum from the list of its
/// variants.
///
/// `_` in place of a field (`settings: _`) leaves out what never changes while a program runs, or what
/// another field determines. `plain` is for an enum without fields. The fields of a tuple struct are given names for it,
/// `_` again for one that is left out. What is generic names its parameters, each of which must describe itself, and
/// may name one more thing that it must be.
///
/// ```
/// use logon_core::symmetric;
/// # use logon_core::symmetry::{Family, Shape, Symmetric};
/// struct Ticket { number: u32, paid: bool }
/// symmetric! { struct Ticket { number, paid } }
///
/// enum Place { Nowhere, InLine(Ticket) }
/// symmetric! { enum Place { Nowhere, InLine(ticket) } }
///
/// struct Window(u8, Place);
/// symmetric! { struct Window(number, place) }
///
/// struct Slot<T> { holds: T }
/// symmetric! { struct Slot<T> { holds } }
///
/// enum Either<A, B: Clone> { One(A), Other(B) }
/// symmetric! { enum Either<A, B: Clone> { One(value), Other(value) } }
/// ```
#[macro_export]
macro_rules! symmetric {
    (
        struct $name:ident $(<$($parameter:ident $(: $bound:path)?),+ $(,)?>)?
        { $($field:ident $(: $left_out:tt)?),* $(,)? }
    ) => {
        impl $(<$($parameter: $($bound +)? $crate::symmetry::Symmetric),+>)? $crate::symmetry::Symmetric
            for $name $(<$($parameter),+>)?
        {
            fn describe(&self, shape: &mut dyn $crate::symmetry::Shape) {
                let Self { $($field $(: $left_out)?),* } = self;
                $($crate::symmetric!(@field shape $field $($left_out)?);)*
            }
        }
    };
    (struct $name:ident $(<$($parameter:ident $(: $bound:path)?),+ $(,)?>)? ($($field:tt),* $(,)?)) => {
        impl $(<$($parameter: $($bound +)? $crate::symmetry::Symmetric),+>)? $crate::symmetry::Symmetric
            for $name $(<$($parameter),+>)?
        {
            fn describe(&self, shape: &mut dyn $crate::symmetry::Shape) {
                let Self($($field),*) = self;
                $($crate::symmetric!(@place shape $field);)*
            }
        }
    };
    (
        enum $name:ident $(<$($parameter:ident $(: $bound:path)?),+ $(,)?>)?
        { $($variant:ident $(($($field:ident),*))? $({ $($named:ident),* })?),* $(,)? }
    ) => {
        impl $(<$($parameter: $($bound +)? $crate::symmetry::Symmetric),+>)? $crate::symmetry::Symmetric
            for $name $(<$($parameter),+>)?
        {
            fn describe(&self, shape: &mut dyn $crate::symmetry::Shape) {
                enum Number { $($variant),* }
                match self {
                    $(Self::$variant $(($($field),*))? $({ $($named),* })? => {
                        shape.plain(Number::$variant as u64);
                        $($($crate::symmetry::Symmetric::describe($field, shape);)*)?
                        $($($crate::symmetry::Symmetric::describe($named, shape);)*)?
                    })*
                }
            }
        }
    };
    (plain $($name:ident),* $(,)?) => {
        $(impl $crate::symmetry::Symmetric for $name {
            fn describe(&self, shape: &mut dyn $crate::symmetry::Shape) {
                shape.plain(*self as u64);
            }
        })*
    };
    (@place $shape:ident _) => {};
    (@place $shape:ident $field:ident) => {
        $crate::symmetry::Symmetric::describe($field, $shape)
    };
    (@field $shape:ident $field:ident _) => {};
    (@field $shape:ident $field:ident) => {
        $crate::symmetry::Symmetric::describe($field, $shape)
    };
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Writes down every call.
    #[derive(Default)]
    struct Written(String);

    impl Shape for Written {
        fn plain(&mut self, value: u64) {
            self.0 += &format!("{value} ");
        }

        fn identifier(&mut self, family: Family, number: u32) {
            self.0 += &format!("{}:{number} ", family.0);
        }

        fn newest(&mut self, family: Family, number: u32) {
            self.0 += &format!("{}<={number} ", family.0);
        }

        fn unordered(&mut self) {
            self.0 += "{ ";
        }

        fn entry(&mut self) {
            self.0 += "| ";
        }

        fn end(&mut self) {
            self.0 += "} ";
        }
    }

    struct Seat(u32);

    impl Symmetric for Seat {
        fn describe(&self, shape: &mut dyn Shape) {
            shape.identifier(Family("seat"), self.0);
        }
    }

    #[expect(dead_code, reason = "what is left out of a description is not read")]
    struct Hall {
        rows: u32,
        seats: Vec<Seat>,
    }
    symmetric! { struct Hall { rows: _, seats } }

    enum Guest {
        Absent,
        Standing(bool),
        Seated { seat: Seat, alone: bool },
    }
    symmetric! { enum Guest { Absent, Standing(alone), Seated { seat, alone } } }

    struct Row(u8, #[expect(dead_code, reason = "it is left out")] u8, Seat);
    symmetric! { struct Row(number, _, seat) }

    struct Pair<A, B: Clone> {
        one: A,
        other: B,
    }
    symmetric! { struct Pair<A, B: Clone> { one, other } }

    enum Found<T> {
        Nothing,
        Value(T),
    }
    symmetric! { enum Found<T> { Nothing, Value(value) } }

    fn written(value: &dyn Symmetric) -> String {
        let mut written = Written::default();
        value.describe(&mut written);
        written.0
    }

    #[test]
    fn a_struct_is_described_field_by_field_without_what_is_left_out() {
        let hall = Hall {
            rows: 9,
            seats: vec![Seat(4), Seat(2)],
        };
        assert_eq!(written(&hall), "2 seat:4 seat:2 ");
    }

    #[test]
    fn variants_are_told_apart_and_show_their_fields() {
        let guests = [
            Guest::Absent,
            Guest::Standing(true),
            Guest::Seated {
                seat: Seat(7),
                alone: false,
            },
        ];
        let guests = guests.map(|guest| written(&guest));
        assert_eq!(guests, ["0 ", "1 1 ", "2 seat:7 0 "]);
    }

    #[test]
    fn a_text_is_its_length_and_its_bytes() {
        assert_eq!(written(&""), "0 ");
        assert_eq!(written(&"AB"), "2 16706 ");
        let texts = ["\0", "\0\0", "12345678", "123456789", "123456780"];
        let different: BTreeSet<String> = texts.iter().map(|text| written(text)).collect();
        assert_eq!(different.len(), texts.len());
    }

    #[test]
    fn tuple_structs_and_what_is_generic_are_described_part_by_part() {
        assert_eq!(written(&Row(3, 9, Seat(4))), "3 seat:4 ");
        let pair = Pair {
            one: Seat(1),
            other: 'a',
        };
        assert_eq!(written(&pair), "seat:1 97 ");
        let found = [Found::Nothing, Found::Value(Seat(2))];
        assert_eq!(found.map(|found| written(&found)), ["0 ", "1 seat:2 "]);
    }

    #[test]
    fn each_value_of_a_signed_number_has_a_description_of_its_own() {
        let all: BTreeSet<String> = (i8::MIN..=i8::MAX).map(|number| written(&number)).collect();
        assert_eq!(all.len(), 256);
        assert_eq!(written(&-1_i8), written(&-1_i64));
        assert_eq!(written(&-1_isize), written(&-1_i64));
        let wide = [i128::MIN, -1, 0, 1, 1 << 64, i128::MAX];
        let all: BTreeSet<String> = wide.iter().map(|number| written(number)).collect();
        assert_eq!(all.len(), wide.len());
        assert_eq!(written(&(1_u128 << 64 | 7)), "1 7 ");
    }

    #[test]
    fn arrays_tuples_and_texts_are_described_by_their_parts() {
        assert_eq!(written(&[Seat(1), Seat(2)]), "seat:1 seat:2 ");
        assert_eq!(written(&(1_u8, Seat(2), true, 'b')), "1 seat:2 1 98 ");
        assert_eq!(
            written(&(1_u8, 2_u8, 3_u8, 4_u8, 5_u8, 6_u8, 7_u8, 8_u8)),
            "1 2 3 4 5 6 7 8 "
        );
        let text = written(&"AB");
        assert_eq!(written(&"AB".to_owned()), text);
        assert_eq!(written(&Box::new(Seat(3))), "seat:3 ");
        assert_eq!(written(&Cow::Borrowed("AB")), text);
    }

    #[test]
    fn a_map_is_described_as_a_collection_without_order() {
        let map = BTreeMap::from([(1_u32, false), (2, true)]);
        assert_eq!(written(&map), "{ | 1 0 | 2 1 } ");
    }
}
