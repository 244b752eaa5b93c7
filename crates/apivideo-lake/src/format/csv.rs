//! CSV by RFC 4180: a header, then one line per row. An unquoted empty field is NULL, `""` is the empty string.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::json::{canonical, decimal};
use crate::column::{Cell, ColumnKind};
use crate::error::{Error, Operation, Result};
use crate::row::Row;
use crate::table::{ColumnInfo, Table};

const LINE_END: &str = "\r\n";

pub(crate) struct Writer<W: Write> {
    out: W,
    rows: u64,
    line: String,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(table: Table, mut out: W) -> io::Result<Self> {
        out.write_all(header(table).as_bytes())?;
        Ok(Self {
            out,
            rows: 0,
            line: String::new(),
        })
    }

    pub(super) fn push(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.line.clear();
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            write_field(&mut self.line, cell);
        }
        self.line.push_str(LINE_END);
        self.rows += 1;
        self.out.write_all(self.line.as_bytes())
    }

    pub(super) fn finish(mut self) -> io::Result<(u64, W)> {
        self.out.flush()?;
        Ok((self.rows, self.out))
    }
}

/// Returns the first line of a table's files. Column names need no quotes.
fn header(table: Table) -> String {
    let names: Vec<_> = table.columns().iter().map(|column| column.name).collect();
    names.join(",") + LINE_END
}

fn write_field(line: &mut String, cell: &Cell<'_>) {
    let value = match cell {
        Cell::Null => return,
        Cell::String(value) => Cow::Borrowed(&**value),
        Cell::Timestamp(time) => Cow::Owned(time.to_string()),
        Cell::Integer(number) => Cow::Owned(number.to_string()),
        Cell::Number(number) => Cow::Owned(decimal(*number)),
        Cell::Bool(flag) => Cow::Owned(flag.to_string()),
        Cell::Json(value) => Cow::Owned(canonical(value)),
    };
    if !value.is_empty() && !value.contains(['"', ',', '\r', '\n']) {
        line.push_str(&value);
        return;
    }
    line.push('"');
    line.push_str(&value.replace('"', "\"\""));
    line.push('"');
}

/// Reads the rows of a file written by [`Writer`].
pub(super) fn read(
    table: Table,
    file: File,
    path: PathBuf,
) -> impl Iterator<Item = Result<Row>> + Send {
    let mut file = BufReader::new(file);
    let mut is_first = true;
    std::iter::from_fn(move || {
        loop {
            let line = match read_line(&mut file) {
                Ok(Some(line)) => line,
                // A file without a header is truncated.
                Ok(None) if is_first => Vec::new(),
                Ok(None) => return None,
                Err(error) => return Some(Err(Error::storage(Operation::Read, &path, error))),
            };
            if std::mem::take(&mut is_first) {
                if line == header(table).as_bytes() {
                    continue;
                }
                return Some(Err(Error::undecodable(
                    &path,
                    "the header is not that of the table",
                )));
            }
            return Some(row(table, &line).map_err(|why| Error::undecodable(&path, why)));
        }
    })
}

/// Reads the next line including its end. A line feed in quotes does not end a line.
fn read_line(file: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let (mut line, mut is_quoted) = (Vec::new(), false);
    loop {
        let start = line.len();
        if file.read_until(b'\n', &mut line)? == 0 {
            return Ok((!line.is_empty()).then_some(line));
        }
        let quotes = line.iter().skip(start).filter(|byte| **byte == b'"');
        is_quoted ^= quotes.count() % 2 == 1;
        if !is_quoted {
            return Ok(Some(line));
        }
    }
}

fn row(table: Table, line: &[u8]) -> std::result::Result<Row, String> {
    let line = std::str::from_utf8(line).map_err(|error| error.to_string())?;
    let line = line
        .strip_suffix(LINE_END)
        .ok_or("the last line is truncated")?;
    let fields = fields(line).ok_or("a quote is not closed, or not doubled in a field")?;
    if fields.len() != table.columns().len() {
        return Err(format!("a line has {} fields", fields.len()));
    }
    let cells = table.columns().iter().zip(fields).map(|(column, field)| {
        cell(column, field)
            .ok_or_else(|| format!("the column {} has an invalid value", column.name))
    });
    let cells = cells.collect::<std::result::Result<_, _>>()?;
    Ok(Row::from_cells(table, cells))
}

fn cell(column: &ColumnInfo, field: Option<Cow<'_, str>>) -> Option<Cell<'static>> {
    let Some(text) = field else {
        return (!column.is_required).then_some(Cell::Null);
    };
    match column.kind {
        ColumnKind::String => Some(Cell::String(Cow::Owned(text.into_owned()))),
        ColumnKind::Timestamp => text.parse().ok().map(Cell::Timestamp),
        ColumnKind::Integer => text.parse().ok().map(Cell::Integer),
        ColumnKind::Number => text.parse().ok().map(Cell::Number),
        ColumnKind::Bool => text.parse().ok().map(Cell::Bool),
        ColumnKind::Json => {
            let object: Map<String, Value> = serde_json::from_str(&text).ok()?;
            Some(Cell::Json(Value::Object(object)))
        }
    }
}

/// Returns the fields of a line, `None` for NULL.
fn fields(line: &str) -> Option<Vec<Option<Cow<'_, str>>>> {
    let (mut fields, mut rest) = (Vec::new(), line);
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = closing_quote(quoted)?;
                let (text, after) = quoted.split_at(end);
                (Some(text.replace("\"\"", "\"").into()), after.get(1..)?)
            }
            None => {
                let (text, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
                if text.contains('"') {
                    return None;
                }
                ((!text.is_empty()).then_some(Cow::Borrowed(text)), after)
            }
        };
        fields.push(field);
        rest = match after.strip_prefix(',') {
            Some(rest) => rest,
            None if after.is_empty() => return Some(fields),
            None => return None,
        };
    }
}

/// Returns the position of the first quote that is not doubled.
fn closing_quote(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let quote = from + text.get(from..)?.find('"')?;
        if !text.get(quote + 1..)?.starts_with('"') {
            return Some(quote);
        }
        from = quote + 2;
    }
}
