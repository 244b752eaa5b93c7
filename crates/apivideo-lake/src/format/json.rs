//! Lines of JSON: an object a row, all columns in their order.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::misread;
use crate::error::{Error, Result};
use crate::table::{Cell, ColumnKind, Row, Table};

pub(crate) struct Writer<W> {
    table: Table,
    out: W,
    rows: u64,
    text: String,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(table: Table, out: W) -> Self {
        Self {
            table,
            out,
            rows: 0,
            text: String::new(),
        }
    }

    pub(super) fn push(&mut self, row: &Row) -> io::Result<()> {
        self.text.clear();
        line(self.table, row, &mut self.text);
        self.text.push('\n');
        self.rows += 1;
        self.out.write_all(self.text.as_bytes())
    }

    pub(super) fn finish(mut self) -> io::Result<(u64, W)> {
        self.out.flush()?;
        Ok((self.rows, self.out))
    }
}

/// A row as an object in one line.
pub(crate) fn line(table: Table, row: &Row, text: &mut String) {
    text.push('{');
    for (place, (column, cell)) in table.columns().zip(&row.0).enumerate() {
        if place > 0 {
            text.push(',');
        }
        string(text, column.name);
        text.push(':');
        match cell {
            Cell::Null => text.push_str("null"),
            Cell::Text(value) => string(text, value),
            Cell::Time(time) => {
                let _ = write!(text, "\"{time}\"");
            }
            Cell::Integer(number) => {
                let _ = write!(text, "{number}");
            }
            Cell::Number(number) => text.push_str(&decimal(*number)),
            Cell::Json(object) => members(text, object),
        }
    }
    text.push('}');
}

/// A number without a fraction where it has none.
pub(super) fn decimal(number: f64) -> String {
    /// Whole numbers up to here are exact in both types.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and in bounds")]
        return (number as i64).to_string();
    }
    Value::from(number).to_string()
}

/// JSON that is the same for the same values: the members of objects by their names.
pub(crate) fn canonical(object: &Map<String, Value>) -> String {
    let mut text = String::new();
    members(&mut text, object);
    text
}

fn members(text: &mut String, object: &Map<String, Value>) {
    // A map keeps the order in which it was filled if any crate of the program wants it so.
    let mut members: Vec<_> = object.iter().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    text.push('{');
    for (place, (name, value)) in members.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        string(text, name);
        text.push(':');
        write_value(text, value);
    }
    text.push('}');
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Object(object) => members(text, object),
        Value::Array(values) => {
            text.push('[');
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
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

fn string(text: &mut String, value: &str) {
    // As serde_json escapes it.
    let _ = write!(text, "{}", Value::from(value));
}

/// Reads the rows of a file.
pub(super) fn read(
    table: Table,
    file: File,
    path: PathBuf,
) -> impl Iterator<Item = Result<Row>> + Send {
    let mut lines = BufReader::new(file).lines();
    std::iter::from_fn(move || {
        let line = match lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(Error::storage("read", &path, error))),
        };
        Some(match serde_json::from_str::<Map<String, Value>>(&line) {
            Ok(object) => row(table, object).map_err(|why| misread(&path, why)),
            Err(error) => Err(misread(&path, error)),
        })
    })
}

/// The row of an object.
pub(crate) fn row(
    table: Table,
    mut object: Map<String, Value>,
) -> std::result::Result<Row, String> {
    let cell = |column: &crate::table::Column, value: Value| -> Option<Cell> {
        Some(match (column.kind, value) {
            (_, Value::Null) => Cell::Null,
            (ColumnKind::Text, Value::String(text)) => Cell::Text(text),
            (ColumnKind::Time, Value::String(text)) => Cell::Time(text.parse().ok()?),
            (ColumnKind::Integer, Value::Number(number)) => Cell::Integer(number.as_i64()?),
            (ColumnKind::Number, Value::Number(number)) => Cell::Number(number.as_f64()?),
            (ColumnKind::Json, Value::Object(object)) => Cell::Json(object),
            _ => return None,
        })
    };
    let cells = table.columns().map(|column| {
        let value = object.remove(column.name).unwrap_or_default();
        cell(column, value)
            .filter(|cell| !column.is_required || *cell != Cell::Null)
            .ok_or_else(|| format!("the column {} has no value of its kind", column.name))
    });
    cells.collect::<std::result::Result<_, _>>().map(Row)
}
