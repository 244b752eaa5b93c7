//! A table for the eye: widths from the first page, rows as they come.

use std::io::{self, IsTerminal, Write};

use apivideo::PageSize;

use serde::Serialize;

use super::record::Shape;
use super::view::ViewColumn;
use super::{Before, Layout, Out, Sink, View, flat};
use crate::color::{self, Style};
use crate::text;

/// The width where none is known.
const USUAL: usize = 160;
/// A cell of text is never wider, however much room there is.
const WIDEST: usize = 48;
/// Room for a number: positions grow from page to page.
const NUMBER: usize = 6;
/// No layout that is given is wider: a file can say anything.
const MOST: usize = 1_000;
/// Between columns.
const GAP: usize = 2;

/// How wide a table may be: as `COLUMNS` says, else as wide as the terminal, if it is one.
pub(crate) fn room() -> usize {
    let told = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let stdout = io::stdout();
    let seen = || {
        let (width, _) = terminal_size::terminal_size_of(&stdout)?;
        stdout.is_terminal().then_some(usize::from(width.0))
    };
    told.or_else(seen)
        .filter(|width| *width > 0)
        .unwrap_or(USUAL)
}

/// A heading and a row per item.
pub(crate) struct Table {
    out: Out,
    view: View,
    room: usize,
    /// How many rows the widths are taken from.
    first: usize,
    state: State,
}

/// Whether the widths are known.
enum State {
    /// The rows so far, with a cell for every column.
    Gathering(Vec<Vec<String>>),
    /// The columns that have room.
    Streaming(Vec<Laid>),
}

/// A column with its width.
#[derive(Clone, Debug)]
struct Laid {
    /// Its place in the view.
    index: usize,
    column: ViewColumn,
    /// No row of the first page has anything in it.
    is_empty: bool,
    width: usize,
}

impl Table {
    pub(crate) fn new(out: Out, view: View, page_size: PageSize, room: usize) -> Self {
        Self {
            out,
            view,
            room,
            first: page_size.get() as usize,
            state: State::Gathering(Vec::new()),
        }
    }

    /// Goes on below what was written before, without another heading.
    pub(crate) fn after(mut self, before: &Before) -> Self {
        if let Some(layout) = &before.layout {
            let columns = self.view.columns.iter().enumerate();
            let laid = columns.filter_map(|(index, column)| {
                let (_, width) = layout.iter().find(|(field, _)| *field == column.field)?;
                Some(Laid {
                    index,
                    column: column.clone(),
                    is_empty: false,
                    width: (*width).min(MOST),
                })
            });
            self.state = State::Streaming(laid.collect());
        }
        self
    }

    /// Settles the widths, and writes the heading and the rows so far.
    fn begin(&mut self) -> io::Result<()> {
        let State::Gathering(rows) = &mut self.state else {
            return Ok(());
        };
        let rows = std::mem::take(rows);
        let columns = &self.view.columns;
        let laid = lay(columns, &rows, self.room);
        let headings: Vec<String> = columns.iter().map(|column| column.field.clone()).collect();
        let heading = row(&laid, &headings);
        let heading = color::paint(color::on_stdout(), Style::Heading, &heading);
        writeln!(self.out, "{heading}")?;
        for cells in &rows {
            writeln!(self.out, "{}", row(&laid, cells))?;
        }
        self.state = State::Streaming(laid);
        Ok(())
    }
}

impl<T: Serialize> Sink<T> for Table {
    fn item(&mut self, item: &T) -> io::Result<()> {
        let item = serde_json::to_value(item)?;
        let cell = |column: &ViewColumn| match flat::field(&item, &column.field) {
            Some(value) => text::printable(&flat::brief(value)).into_owned(),
            None => String::new(),
        };
        let cells: Vec<String> = self.view.columns.iter().map(cell).collect();
        match &mut self.state {
            State::Gathering(rows) => {
                rows.push(cells);
                if rows.len() >= self.first {
                    self.begin()?;
                }
                Ok(())
            }
            State::Streaming(laid) => writeln!(self.out, "{}", row(laid, &cells)),
        }
    }

    fn pause(&mut self) -> io::Result<()> {
        if let State::Gathering(rows) = &self.state
            && !rows.is_empty()
        {
            self.begin()?;
        }
        self.out.flush()
    }

    fn layout(&self) -> Option<Layout> {
        match &self.state {
            State::Gathering(_) => None,
            State::Streaming(laid) => {
                let column = |laid: &Laid| (laid.column.field.clone(), laid.width);
                Some(laid.iter().map(column).collect())
            }
        }
    }

    fn finish(&mut self) -> io::Result<Option<String>> {
        self.begin()?;
        self.out.flush()?;
        let State::Streaming(laid) = &self.state else {
            return Ok(None);
        };
        let is_shown = |field: &str| laid.iter().any(|laid| laid.column.field == field);
        let columns = self.view.columns.iter();
        let hidden: Vec<&str> = columns
            .map(|column| column.field.as_str())
            .filter(|field| !is_shown(field))
            .collect();
        Ok((!hidden.is_empty()).then(|| {
            format!(
                "no room for {} (a wider terminal has it, --output csv has everything)",
                hidden.join(", ")
            )
        }))
    }
}

/// Columns and widths for these rows in this room: columns get in by their rank, those without anything in them last,
/// and texts are made narrower, down to their headings, for more to get in.
fn lay(columns: &[ViewColumn], rows: &[Vec<String>], room: usize) -> Vec<Laid> {
    let natural = |(index, column): (usize, &ViewColumn)| {
        let widest = rows.iter().map(|row| text::width(&row[index])).max();
        let widest = match column.shape {
            Shape::Text => widest.unwrap_or(0).min(WIDEST),
            Shape::Whole | Shape::Number => widest.unwrap_or(0),
        };
        let least = match column.shape {
            Shape::Number => text::width(&column.field).max(NUMBER),
            Shape::Text | Shape::Whole => text::width(&column.field),
        };
        Laid {
            index,
            column: column.clone(),
            is_empty: widest == 0,
            width: widest.max(least),
        }
    };
    let mut candidates: Vec<Laid> = columns.iter().enumerate().map(natural).collect();
    candidates.sort_by_key(|laid| (laid.column.rank > 0 && laid.is_empty, laid.column.rank));

    let mut laid: Vec<Laid> = Vec::new();
    for candidate in candidates {
        let least = total(laid.iter().chain([&candidate]).map(Laid::least));
        if laid.is_empty() || least <= room {
            laid.push(candidate);
        }
    }
    while total(laid.iter().map(|laid| laid.width)) > room {
        let widest = laid
            .iter_mut()
            .filter(|laid| laid.width > laid.least())
            .max_by_key(|laid| laid.width);
        match widest {
            Some(laid) => laid.width -= 1,
            None => break,
        }
    }
    laid.sort_by_key(|laid| laid.index);
    laid
}

impl Laid {
    /// How narrow it can be made.
    fn least(&self) -> usize {
        match self.column.shape {
            Shape::Text => text::width(&self.column.field),
            Shape::Whole | Shape::Number => self.width,
        }
    }
}

/// The width of a row of these widths.
fn total(widths: impl Iterator<Item = usize>) -> usize {
    widths.map(|width| width + GAP).sum::<usize>() - GAP
}

/// Each cell begins where its column does, or after a gap where the one before it has taken more.
fn row(laid: &[Laid], cells: &[String]) -> String {
    let mut line = String::new();
    let (mut column, mut written) = (0, 0);
    for laid in laid {
        let cell = match laid.column.shape {
            Shape::Text => text::cut(&cells[laid.index], laid.width),
            Shape::Whole | Shape::Number => cells[laid.index].as_str().into(),
        };
        let width = text::width(&cell);
        let begin = match laid.column.shape {
            Shape::Number => column + laid.width.saturating_sub(width),
            Shape::Text | Shape::Whole => column,
        };
        if !cell.is_empty() {
            let gap = if written > 0 { GAP } else { 0 };
            let begin = begin.max(written + gap);
            line.extend(std::iter::repeat_n(' ', begin - written));
            line.push_str(&cell);
            written = begin + width;
        }
        column += laid.width + GAP;
    }
    line
}

#[cfg(test)]
mod tests;
