//! CSV: a header and a line a row, by RFC 4180; nothing where nothing is known.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use super::json::{canonical, decimal};
use super::misread;
use crate::error::Result;
use crate::table::{Cell, ColumnKind, Row, Table};

pub(crate) struct Writer<W: Write> {
    out: csv::Writer<W>,
    rows: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(table: Table, out: W) -> io::Result<Self> {
        let mut out = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        out.write_record(table.columns().map(|column| column.name))?;
        Ok(Self { out, rows: 0 })
    }

    pub(super) fn push(&mut self, row: &Row) -> io::Result<()> {
        self.rows += 1;
        let fields = row.0.iter().map(field);
        self.out
            .write_record(fields.map(std::borrow::Cow::into_owned))?;
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<(u64, W)> {
        self.out.flush()?;
        let out = self.out.into_inner();
        Ok((self.rows, out.map_err(csv::IntoInnerError::into_error)?))
    }
}

fn field(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Null => Cow::Borrowed(""),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Time(time) => Cow::Owned(time.to_string()),
        Cell::Integer(number) => Cow::Owned(number.to_string()),
        Cell::Number(number) => Cow::Owned(decimal(*number)),
        Cell::Json(object) => Cow::Owned(canonical(object)),
    }
}

/// Reads the rows of a file. A text that is empty reads as one that is not known: CSV has one form for both.
pub(super) fn read(
    table: Table,
    file: File,
    path: PathBuf,
) -> impl Iterator<Item = Result<Row>> + Send {
    let mut records = csv::Reader::from_reader(file).into_records();
    std::iter::from_fn(move || {
        let record = match records.next()? {
            Ok(record) => record,
            Err(error) => return Some(Err(misread(&path, error))),
        };
        let cells = table.columns().enumerate().map(|(place, column)| {
            let text = record.get(place).unwrap_or_default();
            let cell = match column.kind {
                _ if text.is_empty() && !column.is_required => Some(Cell::Null),
                ColumnKind::Text => Some(Cell::Text(text.to_owned())),
                ColumnKind::Time => text.parse().ok().map(Cell::Time),
                ColumnKind::Integer => text.parse().ok().map(Cell::Integer),
                ColumnKind::Number => text.parse().ok().map(Cell::Number),
                ColumnKind::Json => serde_json::from_str(text).ok().map(Cell::Json),
            };
            cell.ok_or_else(|| {
                misread(
                    &path,
                    format!("the column {} has no value of its kind", column.name),
                )
            })
        });
        Some(cells.collect::<Result<_>>().map(Row))
    })
}
