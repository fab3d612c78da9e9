//! Random numbers and formulas for tests, the same in every run.

use super::formula::Formula;
use super::linear::{Form, Variable};

/// The generator "splitmix64".
pub(super) struct Generator(pub(super) u64);

impl Generator {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, and without, `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number from `-size` to `size`.
    pub(super) fn around_zero(&mut self, size: u64) -> i64 {
        self.below(2 * size + 1).cast_signed() - size.cast_signed()
    }

    pub(super) fn form(&mut self, variables: u16, coefficient: u64, constant: u64) -> Form {
        let start = Form::constant(self.around_zero(constant));
        (0..variables).map(Variable).fold(start, |sum, variable| {
            let used = self.below(3) > 0;
            sum + variable
                * if used {
                    self.around_zero(coefficient)
                } else {
                    0
                }
        })
    }

    pub(super) fn formula(&mut self, variables: u16, depth: u32) -> Formula {
        match self.below(if depth == 0 { 3 } else { 7 }) {
            0 | 1 => Formula::AtLeastZero(self.form(variables, 3, 6)),
            2 => Formula::equal(self.form(variables, 3, 6), self.form(variables, 1, 1)),
            3 | 4 => Formula::All(self.formulas(variables, depth - 1)),
            _ => Formula::Any(self.formulas(variables, depth - 1)),
        }
    }

    fn formulas(&mut self, variables: u16, depth: u32) -> Vec<Formula> {
        (0..self.below(4))
            .map(|_| self.formula(variables, depth))
            .collect()
    }
}
