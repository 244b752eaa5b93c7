//! CSV by RFC 4180: a header, then a line a row. An unquoted empty field is NULL, `""` is the empty string.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use super::json::{canonical, decimal};
use super::misread;
use crate::error::{Error, Result};
use crate::table::{Cell, Column, ColumnKind, Row, Table};

const LINE_END: &str = "\r\n";

pub(crate) struct Writer<W: Write> {
    out: W,
    rows: u64,
    text: String,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(table: Table, mut out: W) -> io::Result<Self> {
        out.write_all(header(table).as_bytes())?;
        Ok(Self {
            out,
            rows: 0,
            text: String::new(),
        })
    }

    pub(super) fn push(&mut self, row: &Row) -> io::Result<()> {
        self.text.clear();
        for (place, cell) in row.0.iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            write_field(&mut self.text, cell);
        }
        self.text.push_str(LINE_END);
        self.rows += 1;
        self.out.write_all(self.text.as_bytes())
    }

    pub(super) fn finish(mut self) -> io::Result<(u64, W)> {
        self.out.flush()?;
        Ok((self.rows, self.out))
    }
}

/// The first line of a table's files. Names of columns need no quotes.
fn header(table: Table) -> String {
    let names: Vec<_> = table.columns().map(|column| column.name).collect();
    names.join(",") + LINE_END
}

fn write_field(text: &mut String, cell: &Cell) {
    let value = match cell {
        Cell::Null => return,
        Cell::Text(value) => Cow::Borrowed(value.as_str()),
        Cell::Time(time) => Cow::Owned(time.to_string()),
        Cell::Integer(number) => Cow::Owned(number.to_string()),
        Cell::Number(number) => Cow::Owned(decimal(*number)),
        Cell::Json(object) => Cow::Owned(canonical(object)),
    };
    if !value.is_empty() && !value.contains(['"', ',', '\r', '\n']) {
        text.push_str(&value);
        return;
    }
    text.push('"');
    text.push_str(&value.replace('"', "\"\""));
    text.push('"');
}

/// Reads the rows of a file that was written by [`Writer`].
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
                // Without its header, the file is not whole.
                Ok(None) if is_first => Vec::new(),
                Ok(None) => return None,
                Err(error) => return Some(Err(Error::storage("read", &path, error))),
            };
            if std::mem::take(&mut is_first) {
                if line == header(table).as_bytes() {
                    continue;
                }
                return Some(Err(misread(&path, "its header is not that of its table")));
            }
            return Some(row(table, &line).map_err(|why| misread(&path, why)));
        }
    })
}

/// The next line with its end; a line feed in quotes does not end it.
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
        .ok_or("its last line is cut short")?;
    let fields = fields(line).ok_or("a quote is not closed, or not doubled in a field")?;
    if fields.len() != table.columns().len() {
        return Err(format!("a line has {} fields", fields.len()));
    }
    let cells = table.columns().zip(fields).map(|(column, field)| {
        cell(column, field)
            .ok_or_else(|| format!("the column {} has no value of its kind", column.name))
    });
    cells.collect::<std::result::Result<_, _>>().map(Row)
}

fn cell(column: &Column, field: Option<Cow<'_, str>>) -> Option<Cell> {
    let Some(text) = field else {
        return (!column.is_required).then_some(Cell::Null);
    };
    match column.kind {
        ColumnKind::Text => Some(Cell::Text(text.into_owned())),
        ColumnKind::Time => text.parse().ok().map(Cell::Time),
        ColumnKind::Integer => text.parse().ok().map(Cell::Integer),
        ColumnKind::Number => text.parse().ok().map(Cell::Number),
        ColumnKind::Json => serde_json::from_str(&text).ok().map(Cell::Json),
    }
}

/// The fields of a line; `None` in their place for NULL.
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

/// Where the first quote is that is not doubled.
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
