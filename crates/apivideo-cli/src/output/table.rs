//! Table output: the first page determines the column widths, later rows are written as they arrive.

use std::io::{self, IsTerminal, Write};

use apivideo::PageSize;

use serde::Serialize;

use super::field_value;
use super::projection::{ProjectedColumn, Projection};
use super::schema::CellKind;
use super::sink::Sink;
use crate::color::{self, Style};
use crate::destination::Out;
use crate::format::{Layout, ResumeState};
use crate::text;

/// The width of the table if the width of the terminal is not known.
const DEFAULT_WIDTH: usize = 160;
/// The maximum width of a text column.
const MAX_TEXT_WIDTH: usize = 48;
/// The minimum width of a number column: numbers can grow from page to page.
const MIN_NUMBER_WIDTH: usize = 6;
/// The maximum width of a column in a checkpoint, which is untrusted input.
const MAX_RESUMED_WIDTH: usize = 1_000;
/// The number of spaces between columns.
const GAP: usize = 2;

/// Returns the maximum width of a table: the value of `COLUMNS`, else the width of the terminal.
pub(crate) fn max_width() -> usize {
    let configured = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let stdout = io::stdout();
    let detected = || {
        let (width, _) = terminal_size::terminal_size_of(&stdout)?;
        stdout.is_terminal().then_some(usize::from(width.0))
    };
    configured
        .or_else(detected)
        .filter(|width| *width > 0)
        .unwrap_or(DEFAULT_WIDTH)
}

/// A heading and a row per item.
pub(crate) struct Table {
    out: Out,
    projection: Projection,
    max_width: usize,
    /// The number of rows that determine the column widths.
    sample: usize,
    state: State,
}

enum State {
    /// The column widths are not known yet: the rows so far, with a cell for every column.
    Buffering(Vec<Vec<String>>),
    /// The columns that are shown.
    Streaming(Vec<SizedColumn>),
}

/// A column with its width.
#[derive(Clone, Debug)]
struct SizedColumn {
    /// Its index in the projection.
    index: usize,
    column: ProjectedColumn,
    /// All cells of the first page are empty.
    is_empty: bool,
    width: usize,
}

impl Table {
    pub(crate) fn new(
        out: Out,
        projection: Projection,
        page_size: PageSize,
        max_width: usize,
    ) -> Self {
        Self {
            out,
            projection,
            max_width,
            sample: page_size.get() as usize,
            state: State::Buffering(Vec::new()),
        }
    }

    /// Continues a table of earlier runs, without another heading.
    pub(crate) fn resume(mut self, state: &ResumeState) -> Self {
        if let Some(layout) = &state.layout {
            let columns = self.projection.columns.iter().enumerate();
            let sized = columns.filter_map(|(index, column)| {
                let (_, width) = layout
                    .iter()
                    .find(|(field, _)| field == column.field.name())?;
                Some(SizedColumn {
                    index,
                    column: column.clone(),
                    is_empty: false,
                    width: (*width).min(MAX_RESUMED_WIDTH),
                })
            });
            self.state = State::Streaming(sized.collect());
        }
        self
    }

    /// Determines the column widths, and writes the heading and the rows so far.
    fn start(&mut self) -> io::Result<()> {
        let State::Buffering(rows) = &mut self.state else {
            return Ok(());
        };
        let rows = std::mem::take(rows);
        let columns = &self.projection.columns;
        let sized = size_columns(columns, &rows, self.max_width);
        let headings: Vec<String> = columns
            .iter()
            .map(|column| column.field.name().to_owned())
            .collect();
        let heading = format_row(&sized, &headings);
        let heading = color::paint(color::is_enabled_on_stdout(), Style::Heading, &heading);
        writeln!(self.out, "{heading}")?;
        for cells in &rows {
            writeln!(self.out, "{}", format_row(&sized, cells))?;
        }
        self.state = State::Streaming(sized);
        Ok(())
    }
}

impl<T: Serialize> Sink<T> for Table {
    fn write(&mut self, item: &T) -> io::Result<()> {
        let item = serde_json::to_value(item)?;
        let cell = |column: &ProjectedColumn| match column.field.find(&item) {
            Some(value) => text::printable(&field_value::to_short_text(&value)).into_owned(),
            None => String::new(),
        };
        let cells: Vec<String> = self.projection.columns.iter().map(cell).collect();
        match &mut self.state {
            State::Buffering(rows) => {
                rows.push(cells);
                if rows.len() >= self.sample {
                    self.start()?;
                }
                Ok(())
            }
            State::Streaming(sized) => writeln!(self.out, "{}", format_row(sized, &cells)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if let State::Buffering(rows) = &self.state
            && !rows.is_empty()
        {
            self.start()?;
        }
        self.out.flush()
    }

    fn layout(&self) -> Option<Layout> {
        match &self.state {
            State::Buffering(_) => None,
            State::Streaming(sized) => {
                let column =
                    |sized: &SizedColumn| (sized.column.field.name().to_owned(), sized.width);
                Some(sized.iter().map(column).collect())
            }
        }
    }

    fn finish(&mut self) -> io::Result<Option<String>> {
        self.start()?;
        self.out.flush()?;
        let State::Streaming(sized) = &self.state else {
            return Ok(None);
        };
        let is_shown = |field: &str| sized.iter().any(|sized| sized.column.field.name() == field);
        let columns = self.projection.columns.iter();
        let hidden: Vec<&str> = columns
            .map(|column| column.field.name())
            .filter(|field| !is_shown(field))
            .collect();
        Ok((!hidden.is_empty()).then(|| {
            format!(
                "columns not shown: {} (use a wider terminal, or --output csv)",
                hidden.join(", ")
            )
        }))
    }
}

/// Selects the columns that fit into `max_width`, and their widths. Columns are selected by rank, empty ones last; text columns
/// are narrowed, down to the width of their heading, to fit more columns.
fn size_columns(
    columns: &[ProjectedColumn],
    rows: &[Vec<String>],
    max_width: usize,
) -> Vec<SizedColumn> {
    let natural = |(index, column): (usize, &ProjectedColumn)| {
        let widest = rows.iter().map(|row| text::width(&row[index])).max();
        let widest = match column.kind {
            CellKind::Text => widest.unwrap_or(0).min(MAX_TEXT_WIDTH),
            CellKind::Exact | CellKind::Number => widest.unwrap_or(0),
        };
        let min_width = match column.kind {
            CellKind::Number => text::width(column.field.name()).max(MIN_NUMBER_WIDTH),
            CellKind::Text | CellKind::Exact => text::width(column.field.name()),
        };
        SizedColumn {
            index,
            column: column.clone(),
            is_empty: widest == 0,
            width: widest.max(min_width),
        }
    };
    let mut candidates: Vec<SizedColumn> = columns.iter().enumerate().map(natural).collect();
    candidates.sort_by_key(|sized| (sized.column.rank > 0 && sized.is_empty, sized.column.rank));

    let mut sized: Vec<SizedColumn> = Vec::new();
    for candidate in candidates {
        let min_width = row_width(sized.iter().chain([&candidate]).map(SizedColumn::min_width));
        if sized.is_empty() || min_width <= max_width {
            sized.push(candidate);
        }
    }
    while row_width(sized.iter().map(|sized| sized.width)) > max_width {
        let widest = sized
            .iter_mut()
            .filter(|sized| sized.width > sized.min_width())
            .max_by_key(|sized| sized.width);
        match widest {
            Some(sized) => sized.width -= 1,
            None => break,
        }
    }
    sized.sort_by_key(|sized| sized.index);
    sized
}

impl SizedColumn {
    /// Returns the minimum width.
    fn min_width(&self) -> usize {
        match self.column.kind {
            CellKind::Text => text::width(self.column.field.name()),
            CellKind::Exact | CellKind::Number => self.width,
        }
    }
}

/// Returns the width of a row of columns of these widths.
fn row_width(widths: impl Iterator<Item = usize>) -> usize {
    widths.map(|width| width + GAP).sum::<usize>() - GAP
}

/// Formats a row. A cell starts at its column, or after a gap if the previous cell is wider than its column.
fn format_row(sized: &[SizedColumn], cells: &[String]) -> String {
    let mut line = String::new();
    let (mut column, mut written) = (0, 0);
    for sized in sized {
        let cell = match sized.column.kind {
            CellKind::Text => text::truncate(&cells[sized.index], sized.width),
            CellKind::Exact | CellKind::Number => cells[sized.index].as_str().into(),
        };
        let width = text::width(&cell);
        let start = match sized.column.kind {
            CellKind::Number => column + sized.width.saturating_sub(width),
            CellKind::Text | CellKind::Exact => column,
        };
        if !cell.is_empty() {
            let gap = if written > 0 { GAP } else { 0 };
            let start = start.max(written + gap);
            line.extend(std::iter::repeat_n(' ', start - written));
            line.push_str(&cell);
            written = start + width;
        }
        column += sized.width + GAP;
    }
    line
}

#[cfg(test)]
mod tests;
