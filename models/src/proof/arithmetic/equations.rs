//! Equations that give some unknowns as sums of multiples of the others: the table of the simplex.

use super::rational::{Rational, TooLarge};

/// The equations, one in each row. The unknown of a row is the sum of those of the columns, each as many times
/// as the number in its column says. Which unknowns these are is known to the caller.
#[derive(Debug)]
pub(super) struct Equations {
    columns: usize,
    /// Row after row.
    numbers: Vec<Rational>,
}

impl Equations {
    /// No equations yet.
    pub(super) fn new(columns: usize) -> Equations {
        Equations {
            columns,
            numbers: Vec::new(),
        }
    }

    /// The numbers of the row, one for each column.
    pub(super) fn row(&self, row: usize) -> &[Rational] {
        &self.numbers[row * self.columns..][..self.columns]
    }

    /// The numbers of the column, one for each row.
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = Rational> {
        // Without columns there are no rows.
        self.numbers
            .chunks_exact(self.columns.max(1))
            .map(move |row| row[column])
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: &[Rational]) {
        self.numbers.extend_from_slice(row);
    }

    /// Solves the equation of the row for the unknown of the column, and uses it in all others. The unknowns
    /// of this row and this column change places.
    ///
    /// # Panics
    ///
    /// If the number there is 0.
    pub(super) fn exchange(&mut self, row: usize, column: usize) -> Result<(), TooLarge> {
        let inverse = self.row(row)[column].inverse()?;
        let divisor = inverse.negative()?;
        let mut solved = self.row(row).to_vec();
        for number in &mut solved {
            *number = number.times(divisor)?;
        }
        solved[column] = inverse;
        for (other, equation) in self.numbers.chunks_exact_mut(self.columns).enumerate() {
            if other == row {
                equation.copy_from_slice(&solved);
            } else if !equation[column].is_zero() {
                let times = std::mem::replace(&mut equation[column], Rational::ZERO);
                add_multiple(equation, times, &solved)?;
            }
        }
        Ok(())
    }
}

/// Adds a multiple of one equation to another.
pub(super) fn add_multiple(
    sum: &mut [Rational],
    times: Rational,
    equation: &[Rational],
) -> Result<(), TooLarge> {
    for (number, added) in sum.iter_mut().zip(equation) {
        if !added.is_zero() {
            *number = number.plus(times.times(*added)?)?;
        }
    }
    Ok(())
}
