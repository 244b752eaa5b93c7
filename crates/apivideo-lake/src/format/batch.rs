//! Columns of some rows, without an allocation for each value.

#[cfg(feature = "parquet")]
use std::io;

#[cfg(feature = "parquet")]
use apivideo::Timestamp;
#[cfg(feature = "parquet")]
use serde_json::{Map, Value};

use super::json::canonical;
use crate::column::{Cell, ColumnKind};
use crate::error::Result;
use crate::row::Row;
use crate::table::Table;

/// The maximum number of rows in a batch.
pub(super) const ROWS: usize = 8_192;

/// The requested columns of some rows. A NULL is `None`.
pub(crate) struct Batch {
    pub(super) rows: usize,
    /// In the order of the requested names.
    pub(super) columns: Vec<Values>,
}

/// The values of a column.
pub(crate) enum Values {
    /// Strings, and JSON as canonical strings.
    Strings(Strings),
    /// Integers, and instants as microseconds since the Unix epoch.
    Integers(Vec<Option<i64>>),
    Numbers(Vec<Option<f64>>),
    Bools(Vec<Option<bool>>),
}

/// Strings in one buffer.
#[derive(Default)]
pub(crate) struct Strings {
    text: String,
    /// Where each string is in the buffer.
    ranges: Vec<Option<(usize, usize)>>,
}

impl Strings {
    pub(super) fn push(&mut self, value: Option<&str>) {
        self.ranges.push(value.map(|value| {
            let start = self.text.len();
            self.text.push_str(value);
            (start, self.text.len())
        }));
    }

    /// Adds the same string as the last one.
    #[cfg(feature = "parquet")]
    pub(super) fn repeat(&mut self) {
        self.ranges.push(self.ranges.last().copied().flatten());
    }

    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let (start, end) = (*self.ranges.get(row)?)?;
        self.text.get(start..end)
    }
}

impl Batch {
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Returns a string of the column at an index of the requested names.
    pub(crate) fn string(&self, column: usize, row: usize) -> Option<&str> {
        match self.columns.get(column)? {
            Values::Strings(strings) => strings.get(row),
            _ => None,
        }
    }

    pub(crate) fn integer(&self, column: usize, row: usize) -> Option<i64> {
        match self.columns.get(column)? {
            Values::Integers(values) => *values.get(row)?,
            _ => None,
        }
    }

    pub(crate) fn number(&self, column: usize, row: usize) -> Option<f64> {
        match self.columns.get(column)? {
            Values::Numbers(values) => *values.get(row)?,
            _ => None,
        }
    }

    /// Returns a row of a batch with all columns of the table.
    #[cfg(feature = "parquet")]
    pub(super) fn row(&self, table: Table, row: usize) -> std::result::Result<Row, String> {
        let columns = table.columns().iter().enumerate();
        let cells = columns.map(|(place, column)| {
            let cell = match column.kind {
                ColumnKind::String => {
                    (self.string(place, row)).map(|text| Some(Cell::String(text.to_owned().into())))
                }
                ColumnKind::Json => self.string(place, row).map(|text| {
                    let object = serde_json::from_str::<Map<String, Value>>(text).ok();
                    object.map(|object| Cell::Json(Value::Object(object)))
                }),
                ColumnKind::Timestamp => self.integer(place, row).map(|micros| {
                    let time = Timestamp::from_microsecond(micros).ok();
                    time.map(Cell::Timestamp)
                }),
                ColumnKind::Integer => self.integer(place, row).map(|n| Some(Cell::Integer(n))),
                ColumnKind::Number => self.number(place, row).map(|n| Some(Cell::Number(n))),
                ColumnKind::Bool => self.bool(place, row).map(|flag| Some(Cell::Bool(flag))),
            };
            let missing = (!column.is_required).then_some(Cell::Null);
            cell.unwrap_or(missing)
                .ok_or_else(|| format!("the column {} has an invalid value", column.name))
        });
        Ok(Row::from_cells(
            table,
            cells.collect::<std::result::Result<_, _>>()?,
        ))
    }

    pub(crate) fn bool(&self, column: usize, row: usize) -> Option<bool> {
        match self.columns.get(column)? {
            Values::Bools(values) => *values.get(row)?,
            _ => None,
        }
    }
}

impl Values {
    pub(super) fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::String | ColumnKind::Json => Self::Strings(Strings::default()),
            ColumnKind::Timestamp | ColumnKind::Integer => Self::Integers(Vec::new()),
            ColumnKind::Number => Self::Numbers(Vec::new()),
            ColumnKind::Bool => Self::Bools(Vec::new()),
        }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        match self {
            Self::Strings(strings) => match cell {
                Cell::String(text) => strings.push(Some(text)),
                Cell::Json(value) => strings.push(Some(&canonical(value))),
                _ => strings.push(None),
            },
            Self::Integers(values) => values.push(match cell {
                Cell::Timestamp(time) => Some(time.as_microsecond()),
                Cell::Integer(number) => Some(*number),
                _ => None,
            }),
            Self::Numbers(values) => values.push(match cell {
                Cell::Number(number) => Some(*number),
                _ => None,
            }),
            Self::Bools(values) => values.push(match cell {
                Cell::Bool(flag) => Some(*flag),
                _ => None,
            }),
        }
    }
}

/// Returns the places and kinds of columns in a table.
#[cfg(feature = "parquet")]
pub(super) fn places(table: Table, names: &[&'static str]) -> io::Result<Vec<(usize, ColumnKind)>> {
    let columns = table.columns();
    let place = |name: &&'static str| {
        let place = columns.iter().position(|column| column.name == *name);
        let column = place.and_then(|place| Some((place, columns.get(place)?.kind)));
        column.ok_or_else(|| io::Error::other(format!("{table} has no column {name}")))
    };
    names.iter().map(place).collect()
}

/// Collects rows to batches.
pub(super) fn from_rows<I: Iterator<Item = Result<Row>> + Send>(
    table: Table,
    names: &[&'static str],
    mut rows: I,
) -> impl Iterator<Item = Result<Batch>> + Send + use<I> {
    let columns = table.columns();
    let places: Vec<_> = (names.iter())
        .filter_map(|name| columns.iter().position(|column| column.name == *name))
        .collect();
    let mut is_failed = false;
    std::iter::from_fn(move || {
        if is_failed {
            return None;
        }
        let kinds = places.iter().filter_map(|place| columns.get(*place));
        let mut batch = Batch {
            rows: 0,
            columns: kinds.map(|column| Values::new(column.kind)).collect(),
        };
        for row in rows.by_ref().take(ROWS) {
            let row: Row = match row {
                Ok(row) => row,
                Err(error) => {
                    is_failed = true;
                    return Some(Err(error));
                }
            };
            for (values, place) in batch.columns.iter_mut().zip(&places) {
                values.push(row.cells().get(*place).unwrap_or(&Cell::Null));
            }
            batch.rows += 1;
        }
        (batch.rows > 0).then_some(Ok(batch))
    })
}
