//! Newline-delimited JSON: one object per row, with all columns in their order.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::column::{Cell, ColumnKind};
use crate::error::{Error, Operation, Result};
use crate::row::Row;
use crate::table::{ColumnInfo, Table};

pub(crate) struct Writer<W> {
    table: Table,
    out: W,
    rows: u64,
    line: String,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(table: Table, out: W) -> Self {
        Self {
            table,
            out,
            rows: 0,
            line: String::new(),
        }
    }

    pub(super) fn push(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.line.clear();
        write_cells(self.table, cells, &mut self.line);
        self.line.push('\n');
        self.rows += 1;
        self.out.write_all(self.line.as_bytes())
    }

    pub(super) fn finish(mut self) -> io::Result<(u64, W)> {
        self.out.flush()?;
        Ok((self.rows, self.out))
    }
}

/// Appends a row as a JSON object without line breaks.
#[cfg(test)]
pub(crate) fn write_row(row: &Row, line: &mut String) {
    write_cells(row.table(), row.cells(), line);
}

fn write_cells(table: Table, cells: &[Cell<'_>], line: &mut String) {
    line.push('{');
    for (index, (column, cell)) in table.columns().iter().zip(cells).enumerate() {
        if index > 0 {
            line.push(',');
        }
        write_string(line, column.name);
        line.push(':');
        match cell {
            Cell::Null => line.push_str("null"),
            Cell::String(text) if column.kind == ColumnKind::Json => line.push_str(text),
            Cell::String(text) => write_string(line, text),
            Cell::Timestamp(time) => {
                let _ = write!(line, "\"{time}\"");
            }
            Cell::Integer(number) => {
                let _ = write!(line, "{number}");
            }
            Cell::Number(number) => line.push_str(&decimal(*number)),
            Cell::Bool(flag) => {
                let _ = write!(line, "{flag}");
            }
            Cell::Json(value) => write_value(line, value),
        }
    }
    line.push('}');
}

/// Formats a number, without a fraction if it is whole.
pub(super) fn decimal(number: f64) -> String {
    /// The largest magnitude up to which whole numbers are exact in both types.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and in bounds")]
        return (number as i64).to_string();
    }
    Value::from(number).to_string()
}

/// Formats JSON with the members of objects sorted by name, so that equal values have equal bytes.
pub(crate) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Object(object) => write_object(text, object),
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(text, value);
            }
            text.push(']');
        }
        other => {
            let _ = write!(text, "{other}");
        }
    }
}

fn write_object(text: &mut String, object: &Map<String, Value>) {
    // A map keeps insertion order if any crate of the program enables serde_json's `preserve_order`.
    let mut members: Vec<_> = object.iter().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    text.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_string(text, name);
        text.push(':');
        write_value(text, value);
    }
    text.push('}');
}

fn write_string(text: &mut String, value: &str) {
    let _ = write!(text, "{}", Value::from(value));
}

/// Reads the rows of a file written by [`Writer`].
pub(super) fn read(
    table: Table,
    file: File,
    path: PathBuf,
) -> impl Iterator<Item = Result<Row>> + Send {
    let mut lines = BufReader::new(file).lines();
    std::iter::from_fn(move || {
        let line = match lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(Error::storage(Operation::Read, &path, error))),
        };
        Some(match serde_json::from_str::<Map<String, Value>>(&line) {
            Ok(object) => {
                row_from_object(table, object).map_err(|why| Error::undecodable(&path, why))
            }
            Err(error) => Err(Error::undecodable(&path, error)),
        })
    })
}

/// Returns the row of an object written by [`Writer`].
fn row_from_object(
    table: Table,
    mut object: Map<String, Value>,
) -> std::result::Result<Row, String> {
    let cell = |column: &ColumnInfo, value: Value| -> Option<Cell<'static>> {
        Some(match (column.kind, value) {
            (_, Value::Null) => Cell::Null,
            (ColumnKind::String, Value::String(text)) => Cell::String(text.into()),
            (ColumnKind::Timestamp, Value::String(text)) => Cell::Timestamp(text.parse().ok()?),
            (ColumnKind::Integer, Value::Number(number)) => Cell::Integer(number.as_i64()?),
            (ColumnKind::Number, Value::Number(number)) => Cell::Number(number.as_f64()?),
            (ColumnKind::Bool, Value::Bool(flag)) => Cell::Bool(flag),
            (ColumnKind::Json, value @ Value::Object(_)) => Cell::Json(value),
            _ => return None,
        })
    };
    let cells = table.columns().iter().map(|column| {
        let value = object.remove(column.name).unwrap_or_default();
        cell(column, value)
            .filter(|cell| !column.is_required || *cell != Cell::Null)
            .ok_or_else(|| format!("the column {} has an invalid value", column.name))
    });
    let cells = cells.collect::<std::result::Result<_, _>>()?;
    Ok(Row::from_cells(table, cells))
}
