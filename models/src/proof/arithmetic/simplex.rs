//! Whether linear inequalities have a common solution in fractions, and which of them contradict each other
//! if not. Not trusted: its answers are checked by whoever asks.
//!
//! This is the exact simplex of Dutertre and de Moura, "A Fast Linear-Arithmetic Solver for DPLL(T)", CAV
//! 2006. Each sum of variables that is compared gets an unknown of its own, so that every inequality is a
//! bound of one unknown. Bounds can be taken back; equations between unknowns stay.
//!
//! Once a number has grown too large, a simplex is of no more use.

use super::bounds::{Bound, End, Position, Unknown, multiples};
use super::equations::{Equations, add_multiple};
use super::linear::{Form, Variable};
use super::rational::{Rational, TooLarge};

/// What the inequalities known so far come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// Nothing speaks against a solution yet; after [`Simplex::solve`], there is one.
    Open,
    /// Places of inequalities, and multiples of them whose sum is a negative constant.
    Contradiction(Vec<(usize, u64)>),
}

/// Inequalities, and the best attempt so far at a solution.
#[derive(Debug)]
pub(super) struct Simplex {
    /// In order. They are the first unknowns.
    variables: Vec<Variable>,
    /// The sums that are unknowns, after the variables: which variable how many times.
    sums: Vec<Vec<(usize, i64)>>,
    unknowns: Vec<Unknown>,
    equations: Equations,
    /// The unknown of each row of the equations.
    rows: Vec<usize>,
    /// The unknown of each column of the equations. Its value is always within its bounds.
    columns: Vec<usize>,
    /// The bounds that were replaced, to be restored from the last to the first.
    replaced: Vec<(usize, End, Option<Bound>)>,
}

impl Simplex {
    /// No inequalities yet, over these variables.
    pub(super) fn new(mut variables: Vec<Variable>) -> Simplex {
        variables.sort_unstable();
        variables.dedup();
        let columns: Vec<usize> = (0..variables.len()).collect();
        let free = |&column: &usize| Unknown::new(Rational::ZERO, Position::Column(column));
        Simplex {
            variables,
            sums: Vec::new(),
            unknowns: columns.iter().map(free).collect(),
            equations: Equations::new(columns.len()),
            rows: Vec::new(),
            columns,
            replaced: Vec::new(),
        }
    }

    /// The variables, in order.
    pub(super) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The value of the variable in the present attempt.
    ///
    /// # Panics
    ///
    /// If the variable was not named when the simplex was made.
    pub(super) fn value(&self, variable: Variable) -> Rational {
        self.unknowns[self.index_of(variable)].value
    }

    fn index_of(&self, variable: Variable) -> usize {
        self.variables
            .binary_search(&variable)
            .expect("the variable was named to the simplex")
    }

    /// How many bounds were replaced; for [`take_back`](Simplex::take_back).
    pub(super) fn mark(&self) -> usize {
        self.replaced.len()
    }

    /// Forgets the inequalities that came after the mark was taken.
    pub(super) fn take_back(&mut self, mark: usize) {
        for (unknown, end, bound) in self.replaced.drain(mark..).rev() {
            self.unknowns[unknown].set_bound(end, bound);
        }
    }

    /// Takes the inequality "form >= 0" into account, which stands at this place in the caller's list.
    /// One that contradicts another by itself is not kept.
    ///
    /// # Panics
    ///
    /// If the form has a variable that was not named when the simplex was made.
    pub(super) fn add(&mut self, form: &Form, place: usize) -> Result<Outcome, TooLarge> {
        let (unknown, factor) = match *form.terms() {
            [] if form.constant_part() < 0 => {
                return Ok(Outcome::Contradiction(vec![(place, 1)]));
            }
            [] => return Ok(Outcome::Open),
            [(variable, coefficient)] => (self.index_of(variable), coefficient),
            [..] => self.sum_of(form)?,
        };
        let factor = Rational::from(factor);
        let at = Rational::from(form.constant_part()).times(factor.negative()?.inverse()?)?;
        let (end, scale) = if factor.is_negative() {
            (End::High, factor.negative()?)
        } else {
            (End::Low, factor)
        };
        self.set_bound(unknown, end, Bound { at, place, scale })
    }

    /// Gives the unknown a bound, unless it has one that is as good.
    fn set_bound(&mut self, index: usize, end: End, new: Bound) -> Result<Outcome, TooLarge> {
        let unknown = &mut self.unknowns[index];
        let old = unknown.bound(end);
        if let Some(old) = old
            && !end.is_beyond(old.at, new.at)?
        {
            return Ok(Outcome::Open);
        }
        if let Some(opposite) = unknown.bound(end.other())
            && end.other().is_beyond(new.at, opposite.at)?
        {
            let parts = [(new, Rational::ONE), (opposite, Rational::ONE)];
            return Ok(Outcome::Contradiction(multiples(&parts)?));
        }
        unknown.set_bound(end, Some(new));
        self.replaced.push((index, end, old));
        if let Position::Column(column) = unknown.position
            && unknown.overstepped(end)?.is_some()
        {
            let missing = new.at.minus(unknown.value)?;
            self.shift(column, missing)?;
        }
        Ok(Outcome::Open)
    }

    /// The unknown for the form without its constant, and how many times the form is that unknown. Forms that
    /// are multiples of each other share one.
    fn sum_of(&mut self, form: &Form) -> Result<(usize, i64), TooLarge> {
        let divisor = form.terms().iter().fold(0, |divisor, &(_, number)| {
            let (mut one, mut other) = (divisor, number.unsigned_abs());
            while other != 0 {
                (one, other) = (other, one % other);
            }
            one
        });
        let first_is_negative = form.terms().first().is_some_and(|term| term.1 < 0);
        let divisor = i64::try_from(divisor).map_err(|_| TooLarge)?;
        let factor = if first_is_negative { -divisor } else { divisor };
        let mut sum = Vec::with_capacity(form.terms().len());
        for &(variable, coefficient) in form.terms() {
            let times = coefficient.checked_div(factor).ok_or(TooLarge)?;
            sum.push((self.index_of(variable), times));
        }
        let place = match self.sums.iter().position(|known| *known == sum) {
            Some(place) => place,
            None => self.add_sum(sum)?,
        };
        Ok((self.variables.len() + place, factor))
    }

    /// Adds an unknown that is this sum, with its equation.
    fn add_sum(&mut self, sum: Vec<(usize, i64)>) -> Result<usize, TooLarge> {
        let mut equation = vec![Rational::ZERO; self.columns.len()];
        let mut value = Rational::ZERO;
        for &(index, coefficient) in &sum {
            let times = Rational::from(coefficient);
            let unknown = &self.unknowns[index];
            value = value.plus(unknown.value.times(times)?)?;
            match unknown.position {
                Position::Column(column) => equation[column] = equation[column].plus(times)?,
                Position::Row(row) => add_multiple(&mut equation, times, self.equations.row(row))?,
            }
        }
        self.equations.push(&equation);
        self.unknowns
            .push(Unknown::new(value, Position::Row(self.rows.len())));
        self.rows.push(self.unknowns.len() - 1);
        self.sums.push(sum);
        Ok(self.sums.len() - 1)
    }

    /// Looks for values within all bounds.
    pub(super) fn solve(&mut self) -> Result<Outcome, TooLarge> {
        while let Some((row, end, bound)) = self.first_overstepped()? {
            let Some(column) = self.helpful_column(row, end)? else {
                return Ok(Outcome::Contradiction(self.stuck(row, end, bound)?));
            };
            let missing = bound.at.minus(self.unknowns[self.rows[row]].value)?;
            let share = self.equations.row(row)[column].inverse()?;
            self.shift(column, missing.times(share)?)?;
            self.equations.exchange(row, column)?;
            std::mem::swap(&mut self.rows[row], &mut self.columns[column]);
            self.unknowns[self.rows[row]].position = Position::Row(row);
            self.unknowns[self.columns[column]].position = Position::Column(column);
        }
        Ok(Outcome::Open)
    }

    /// The row whose unknown is beyond a bound, and that bound.
    ///
    /// Of several rows, and of several columns below, it has to be the one with the first unknown: then the
    /// same attempt never comes back, and the search ends (Bland's rule).
    fn first_overstepped(&self) -> Result<Option<(usize, End, Bound)>, TooLarge> {
        let mut first: Option<(usize, End, Bound)> = None;
        for (row, &unknown) in self.rows.iter().enumerate() {
            if first.is_none_or(|(other, ..)| unknown < self.rows[other]) {
                for end in [End::Low, End::High] {
                    if let Some(bound) = self.unknowns[unknown].overstepped(end)? {
                        first = Some((row, end, bound));
                    }
                }
            }
        }
        Ok(first)
    }

    /// A column whose unknown can move so that the one of the row moves away from `end`.
    fn helpful_column(&self, row: usize, end: End) -> Result<Option<usize>, TooLarge> {
        let mut first: Option<usize> = None;
        for (column, &times) in self.equations.row(row).iter().enumerate() {
            let unknown = self.columns[column];
            if !times.is_zero()
                && first.is_none_or(|other| unknown < self.columns[other])
                && self.unknowns[unknown].has_room(helpful_direction(times, end))?
            {
                first = Some(column);
            }
        }
        Ok(first)
    }

    /// The contradiction where the unknown of the row is beyond its bound and no column can help.
    fn stuck(&self, row: usize, end: End, bound: Bound) -> Result<Vec<(usize, u64)>, TooLarge> {
        let mut parts = vec![(bound, Rational::ONE)];
        for (column, &times) in self.equations.row(row).iter().enumerate() {
            if !times.is_zero() {
                let size = if times.is_negative() {
                    times.negative()?
                } else {
                    times
                };
                let holding =
                    self.unknowns[self.columns[column]].bound(helpful_direction(times, end));
                parts.push((holding.expect("without a bound, it could move"), size));
            }
        }
        multiples(&parts)
    }

    /// Moves the unknown of the column, and all that depend on it.
    fn shift(&mut self, column: usize, by: Rational) -> Result<(), TooLarge> {
        let moved = &mut self.unknowns[self.columns[column]].value;
        *moved = moved.plus(by)?;
        for (&unknown, times) in self.rows.iter().zip(self.equations.column(column)) {
            if !times.is_zero() {
                let value = &mut self.unknowns[unknown].value;
                *value = value.plus(times.times(by)?)?;
            }
        }
        Ok(())
    }
}

/// Where an unknown has to move so that so many times the unknown move away from `end`.
fn helpful_direction(times: Rational, end: End) -> End {
    if times.is_negative() {
        end
    } else {
        end.other()
    }
}
