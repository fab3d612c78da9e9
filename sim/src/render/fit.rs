//! How wide the columns of a table are, so that it takes few lines.

use std::collections::BTreeMap;

/// What the columns of a table need.
pub(super) struct Columns<'a> {
    /// How wide each would like to be.
    pub(super) wishes: &'a [usize],
    /// How narrow each may become.
    pub(super) floors: &'a [usize],
    /// How many lines the cells of a column take at some width, row by row.
    pub(super) heights: &'a dyn Fn(usize, usize) -> Vec<usize>,
}

impl Columns<'_> {
    /// The widths at which the columns take at most `room` together; `None` if there are none.
    ///
    /// Each column starts as wide as it wishes. Then one at a time is narrowed by one: the one by which the table grows
    /// by the fewest lines, and of those the widest. That is greedy, and so not always the fewest lines there can be.
    pub(super) fn widths(&self, room: usize) -> Option<Vec<usize>> {
        if self.floors.iter().sum::<usize>() > room {
            return None;
        }
        let mut known = BTreeMap::new();
        let mut widths: Vec<usize> = self.wishes.iter().map(|&wish| wish.min(room)).collect();
        while widths.iter().sum::<usize>() > room {
            let columns = 0..widths.len();
            let narrowed = columns.filter(|&column| widths[column] > self.floors[column]);
            let best = narrowed.min_by_key(|&column| {
                let mut widths = widths.clone();
                widths[column] -= 1;
                (self.lines(&widths, &mut known), usize::MAX - widths[column])
            });
            widths[best?] -= 1;
        }
        Some(widths)
    }

    /// How many lines the rows take together.
    fn lines(&self, widths: &[usize], known: &mut BTreeMap<(usize, usize), Vec<usize>>) -> usize {
        let mut rows: Vec<usize> = Vec::new();
        for (column, &width) in widths.iter().enumerate() {
            let heights = known
                .entry((column, width))
                .or_insert_with(|| (self.heights)(column, width));
            rows.resize(heights.len(), 1);
            for (row, &height) in rows.iter_mut().zip(heights.iter()) {
                *row = height.max(*row);
            }
        }
        rows.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns whose cells hold so many letters each.
    fn widths(columns: &[&[usize]], room: usize) -> Option<Vec<usize>> {
        let wishes: Vec<usize> = columns
            .iter()
            .map(|cells| cells.iter().copied().max().unwrap_or(0))
            .collect();
        let heights = |column: usize, width: usize| {
            let cells: &[usize] = columns[column];
            cells
                .iter()
                .map(|letters| letters.div_ceil(width))
                .collect()
        };
        let columns = Columns {
            wishes: &wishes,
            floors: &vec![4; columns.len()],
            heights: &heights,
        };
        columns.widths(room)
    }

    #[test]
    fn the_column_with_one_long_cell_gives_way_to_the_one_with_many() {
        let wide: &[usize] = &[20, 4, 4, 4];
        let narrow: &[usize] = &[12, 12, 12, 12];
        assert_eq!(widths(&[wide, narrow], 22), Some(vec![10, 12]));
        assert_eq!(widths(&[wide, narrow], 32), Some(vec![20, 12]));
    }

    #[test]
    fn what_cannot_fit_is_left_to_somebody_else() {
        assert_eq!(widths(&[&[9], &[9], &[9]], 11), None);
        assert_eq!(widths(&[&[9], &[9], &[9]], 12), Some(vec![4, 4, 4]));
    }
}
