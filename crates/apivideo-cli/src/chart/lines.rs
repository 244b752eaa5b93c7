//! Two series with bands.

use super::axis::Axis;
use super::theme::{Cells, Ink, Theme};

/// A value with its limits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) value: f64,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

/// Two series over columns of the terminal. Where both are in one cell, the character is that of both.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'a> {
    pub(crate) first: &'a [Point],
    pub(crate) second: &'a [Point],
    /// The number of rows, an even number.
    pub(crate) height: usize,
    /// The value at the top.
    pub(crate) max: f64,
    pub(crate) axis: &'a Axis,
}

impl Lines<'_> {
    /// Returns the characters of the first series, of the second series, and of both.
    pub(crate) fn markers(theme: Theme) -> [char; 3] {
        theme.either(['●', '○', '◉'], ['*', 'o', '@'])
    }

    pub(crate) fn render(&self, theme: Theme) -> String {
        let mut out = String::new();
        let max = if self.max > 0.0 { self.max } else { 1.0 };
        let row_of = |value: f64| {
            let row = (value / max * self.height as f64).ceil().max(1.0) as usize;
            self.height - row.min(self.height)
        };
        let [one, other, both] = Self::markers(theme);
        let [band, shared] = theme.either(['░', '▒'], ['.', ':']);
        for row in 0..self.height {
            self.axis.write_label(theme, row, self.height, &mut out);
            let mut cells = Cells::default();
            for (first, second) in self.first.iter().zip(self.second) {
                let is_at = |point: &Point| row_of(point.value) == row;
                let is_within =
                    |point: &Point| (row_of(point.upper)..=row_of(point.lower)).contains(&row);
                let (c, ink) = match (is_at(first), is_at(second)) {
                    (true, true) => (both, Some(Ink::Heading)),
                    (true, false) => (one, Some(Ink::First)),
                    (false, true) => (other, Some(Ink::Second)),
                    (false, false) => match (is_within(first), is_within(second)) {
                        (true, true) => (shared, Some(Ink::Dim)),
                        (true, false) => (band, Some(Ink::First)),
                        (false, true) => (band, Some(Ink::Second)),
                        (false, false) => (' ', None),
                    },
                };
                cells.push(c, ink);
            }
            cells.write(theme, &mut out);
            out.push('\n');
        }
        let width = self.first.len().min(self.second.len());
        self.axis.write_bottom(theme, width, &mut out);
        out
    }
}
