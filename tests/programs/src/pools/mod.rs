//! Pools of objects, as published crates have them.

pub(crate) mod deadpool;
