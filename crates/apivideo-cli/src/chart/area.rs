//! Areas of one or two layers.

use std::fmt::Write as _;

use super::axis::{Axis, place};
use super::theme::{Cells, Ink, Theme};

/// The values of a column of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Column {
    /// The value of the first layer.
    pub(crate) first: f64,
    /// The sum of both layers; equal to `first` if there is one layer.
    pub(crate) total: f64,
}

/// An area over columns of the terminal.
#[derive(Clone, Debug)]
pub(crate) struct Area<'a> {
    pub(crate) columns: &'a [Column],
    /// The number of rows, an even number.
    pub(crate) height: usize,
    /// The value at the top.
    pub(crate) max: f64,
    pub(crate) axis: &'a Axis,
    /// Numbers below the axis, with their places on the axis from 0 to 1.
    pub(crate) marks: &'a [(f64, char)],
}

const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl Area<'_> {
    pub(crate) fn render(&self, theme: Theme) -> String {
        let mut out = String::new();
        let max = if self.max > 0.0 { self.max } else { 1.0 };
        let cell = max / self.height as f64;
        for row in 0..self.height {
            self.axis.write_label(theme, row, self.height, &mut out);
            let low = cell * (self.height - 1 - row) as f64;
            let mut cells = Cells::default();
            for column in self.columns {
                let (c, ink) = character(theme, *column, low, cell);
                cells.push(c, ink);
            }
            cells.write(theme, &mut out);
            out.push('\n');
        }
        self.axis.write_bottom(theme, self.columns.len(), &mut out);
        if !self.marks.is_empty() {
            let mut row = vec![' '; self.columns.len()];
            for (at, mark) in self.marks {
                if let Some(cell) = row.get_mut(place(*at, self.columns.len())) {
                    *cell = *mark;
                }
            }
            let marks: String = row.into_iter().collect();
            let _ = writeln!(
                out,
                "{}{}",
                " ".repeat(self.axis.gutter()),
                theme.paint(Ink::Heading, marks.trim_end())
            );
        }
        out
    }
}

/// Returns the character of a cell from `low` to `low + size`.
fn character(theme: Theme, column: Column, low: f64, size: f64) -> (char, Option<Ink>) {
    let filled = |value: f64| ((value - low) / size).clamp(0.0, 1.0);
    let (first, total) = (filled(column.first), filled(column.total));
    if !theme.unicode {
        return match (first, total) {
            (first, _) if first >= 0.5 => ('#', Some(Ink::First)),
            (_, total) if total >= 0.5 => ('+', Some(Ink::Second)),
            // A small value is not nothing.
            _ if low == 0.0 && column.first > 0.0 => ('.', Some(Ink::First)),
            _ => (' ', None),
        };
    }
    let eighths = (first * 8.0).round() as usize;
    let is_small = low == 0.0 && column.first > 0.0;
    match eighths.max(usize::from(is_small)) {
        0 if total >= 0.25 => ('░', Some(Ink::Second)),
        0 => (' ', None),
        eighths => (EIGHTHS[eighths.min(8)], Some(Ink::First)),
    }
}
