//! Lines whose columns are in line with each other.

use std::borrow::Cow;

/// Lines that will be written together.
#[derive(Debug, Default)]
pub(super) struct Table<'t> {
    rows: Vec<Row<'t>>,
}

/// One line. Without cells, its suffix is all of it.
#[derive(Debug, Default)]
struct Row<'t> {
    cells: Vec<Cow<'t, str>>,
    suffix: Cow<'t, str>,
}

impl<'t> Table<'t> {
    /// A line in columns, what follows it (a comment) not being in one.
    pub(super) fn row(&mut self, cells: Vec<Cow<'t, str>>, suffix: &'t str) {
        self.rows.push(Row { cells, suffix: suffix.into() });
    }

    /// A line as it is.
    pub(super) fn line(&mut self, text: impl Into<Cow<'t, str>>) {
        self.rows.push(Row { cells: Vec::new(), suffix: text.into() });
    }

    /// Writes the lines and forgets them. Widths count bytes, as the reference's do: a column under a name with letters
    /// of several bytes stands further right than it need.
    pub(super) fn write(&mut self, indent: &str, out: &mut String) {
        let mut widths: Vec<usize> = Vec::new();
        for row in &self.rows {
            for (column, cell) in row.cells.iter().enumerate() {
                match widths.get_mut(column) {
                    Some(width) => *width = cell.len().max(*width),
                    None => widths.push(cell.len()),
                }
            }
        }
        for Row { cells, suffix } in self.rows.drain(..) {
            if !(cells.is_empty() && suffix.is_empty()) {
                out.push_str(indent);
            }
            for (column, cell) in cells.iter().enumerate() {
                out.push_str(cell);
                if column + 1 < cells.len() {
                    let padding = widths[column] - cell.len() + 1;
                    out.extend(std::iter::repeat_n(' ', padding));
                }
            }
            if !(cells.is_empty() || suffix.is_empty()) {
                out.push(' ');
            }
            out.push_str(&suffix);
            out.push('\n');
        }
    }
}
