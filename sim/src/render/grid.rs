//! A table of fixed columns, time downward.

use super::fit::Columns;
use super::plain::{Charset, cut, fair_share, width, wrap};

/// Narrower than this a column of words cannot be read.
const NARROWEST: usize = 14;

/// In a table of more rows than this a line more or less is none too many.
const MOST_FITTED: usize = 60;

/// How many lines one entry of a cell may take.
const ENTRY_LINES: usize = 4;

/// A table: a margin for marks and numbers, then columns.
pub(super) struct Grid {
    /// The heads of the columns.
    pub(super) heads: Vec<String>,
    /// The rows.
    pub(super) rows: Vec<Row>,
}

/// A row. It takes as many lines as its highest cell.
pub(super) struct Row {
    /// What stands in the margin.
    pub(super) margin: String,
    /// A cell for each column: entries, each on lines of its own.
    pub(super) cells: Vec<Vec<String>>,
}

/// A line of a table: its margin, and the rest.
pub(super) struct Line {
    /// The margin; blank on all but the first line of a row.
    pub(super) margin: String,
    /// What follows it.
    pub(super) rest: String,
}

impl Grid {
    /// The table in at most `columns` columns, or nothing if it would have to be too narrow to be
    /// read.
    pub(super) fn lines(&self, columns: usize, charset: Charset) -> Option<Vec<Line>> {
        let margin = self
            .rows
            .iter()
            .map(|row| width(&row.margin))
            .max()
            .unwrap_or(0)
            .max(4);
        let wishes: Vec<usize> = (0..self.heads.len())
            .map(|index| self.wish(index))
            .collect();
        let room = columns.checked_sub(margin + 3 * self.heads.len())?;
        let widths = self.fitted(&wishes, room, charset);
        let widths = widths.or_else(|| {
            let most = fair_share(&wishes, room);
            let is_readable = most >= NARROWEST || wishes.iter().all(|&wish| wish <= most);
            is_readable.then(|| wishes.iter().map(|&wish| wish.min(most)).collect())
        })?;
        let ruler = Ruler {
            margin,
            widths,
            charset,
        };
        let head = self.heads.iter().zip(&ruler.widths);
        let head = head
            .map(|(head, &width)| cut(head, width, charset))
            .collect::<Vec<_>>();
        let mut lines = vec![ruler.line("", &head), ruler.rule()];
        lines.extend(self.rows.iter().flat_map(|row| ruler.row(row)));
        Some(lines)
    }

    /// The widths that save lines, if the table is one that is read line by line.
    fn fitted(&self, wishes: &[usize], room: usize, charset: Charset) -> Option<Vec<usize>> {
        let floor = |(head, &wish): (&String, &usize)| wish.min(width(head).max(NARROWEST));
        let floors: Vec<usize> = self.heads.iter().zip(wishes).map(floor).collect();
        let heights = |column: usize, width: usize| {
            let cells = self.rows.iter().map(|row| &row.cells[column]);
            let heights = cells.map(|entries| height(entries, width, charset));
            heights.collect::<Vec<usize>>()
        };
        let columns = Columns {
            wishes,
            floors: &floors,
            heights: &heights,
        };
        (self.rows.len() <= MOST_FITTED)
            .then(|| columns.widths(room))
            .flatten()
    }

    /// How wide a column would like to be.
    fn wish(&self, index: usize) -> usize {
        let entries = self.rows.iter().flat_map(|row| &row.cells[index]);
        entries
            .chain([&self.heads[index]])
            .map(|text| width(text))
            .max()
            .unwrap_or(0)
    }
}

/// The lines of a cell.
fn cell(entries: &[String], width: usize, charset: Charset) -> impl Iterator<Item = String> {
    let entries = entries.iter();
    entries.flat_map(move |text| wrap(text, width, ENTRY_LINES, charset))
}

/// How many lines a cell takes.
fn height(entries: &[String], width: usize, charset: Charset) -> usize {
    cell(entries, width, charset).count()
}

/// The columns of a table that is laid out.
struct Ruler {
    margin: usize,
    widths: Vec<usize>,
    charset: Charset,
}

impl Ruler {
    fn row(&self, row: &Row) -> Vec<Line> {
        let cells =
            row.cells.iter().zip(&self.widths).map(|(entries, &width)| {
                cell(entries, width, self.charset).collect::<Vec<String>>()
            });
        let cells: Vec<Vec<String>> = cells.collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let line = |at: usize| {
            let texts = cells
                .iter()
                .map(|cell| cell.get(at).cloned().unwrap_or_default());
            self.line(
                if at == 0 { &row.margin } else { "" },
                &texts.collect::<Vec<_>>(),
            )
        };
        (0..height).map(line).collect()
    }

    fn line(&self, margin: &str, texts: &[String]) -> Line {
        let bar = if self.charset == Charset::Ascii {
            " | "
        } else {
            " │ "
        };
        let mut rest = String::new();
        for (text, &column) in texts.iter().zip(&self.widths) {
            rest.push_str(bar);
            rest.push_str(text);
            rest.push_str(&" ".repeat(column - width(text)));
        }
        rest.truncate(rest.trim_end_matches(' ').len());
        let blank = " ".repeat(self.margin.saturating_sub(width(margin)));
        Line {
            margin: format!("{blank}{margin}"),
            rest,
        }
    }

    fn rule(&self) -> Line {
        let (dash, cross) = if self.charset == Charset::Ascii {
            ("-", "+")
        } else {
            ("─", "┼")
        };
        let column = |&width: &usize| format!("{cross}{}", dash.repeat(width + 2));
        let mut rest: String = self.widths.iter().map(column).collect();
        // Nothing stands to the right of the last column.
        rest.pop();
        Line {
            margin: dash.repeat(self.margin + 1),
            rest,
        }
    }
}
