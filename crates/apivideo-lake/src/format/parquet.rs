//! Parquet: columns, compressed by zstd, written straight from rows.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row as Record};
use parquet::schema::types::Type;

use apivideo::Timestamp;

use super::json::canonical;
use super::misread;
use crate::error::Result;
use crate::table::{Cell, Column, ColumnKind, Row, SCHEMA, Table};

/// So many rows are held before they are written.
const GROUP: usize = 65_536;

pub(crate) struct Writer<W: Write + Send> {
    out: SerializedFileWriter<W>,
    columns: Vec<Values>,
    held: usize,
    rows: u64,
}

/// The values of a column that are held, and for each row whether it has one.
struct Values {
    values: Kind,
    is_required: bool,
    present: Vec<i16>,
}

enum Kind {
    Texts(Vec<ByteArray>),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
}

impl<W: Write + Send> Writer<W> {
    pub(super) fn new(table: Table, out: W) -> io::Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("apivideo-lake".to_owned())
            .set_key_value_metadata(Some(vec![
                KeyValue::new("apivideo.table".to_owned(), table.name().to_owned()),
                KeyValue::new("apivideo.schema".to_owned(), SCHEMA.to_string()),
            ]))
            .build();
        let schema = Arc::new(schema(table).map_err(io::Error::other)?);
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(io_error)?;
        let columns = table.columns().map(Values::new).collect();
        Ok(Self {
            out,
            columns,
            held: 0,
            rows: 0,
        })
    }

    pub(super) fn push(&mut self, row: &Row) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(&row.0) {
            column.push(cell);
        }
        self.held += 1;
        self.rows += 1;
        match self.held {
            GROUP => self.write(),
            _ => Ok(()),
        }
    }

    pub(super) fn finish(mut self) -> io::Result<(u64, W)> {
        if self.held > 0 {
            self.write()?;
        }
        let mut out = self.out.into_inner().map_err(io_error)?;
        out.flush()?;
        Ok((self.rows, out))
    }

    fn write(&mut self) -> io::Result<()> {
        let mut group = self.out.next_row_group().map_err(io_error)?;
        for column in &mut self.columns {
            let Some(mut out) = group.next_column().map_err(io_error)? else {
                return Err(io::Error::other("the schema has too few columns"));
            };
            let present = (!column.is_required).then_some(column.present.as_slice());
            match &mut column.values {
                Kind::Texts(values) => {
                    out.typed::<ByteArrayType>()
                        .write_batch(values, present, None)
                        .map_err(io_error)?;
                    values.clear();
                }
                Kind::Integers(values) => {
                    out.typed::<Int64Type>()
                        .write_batch(values, present, None)
                        .map_err(io_error)?;
                    values.clear();
                }
                Kind::Numbers(values) => {
                    out.typed::<DoubleType>()
                        .write_batch(values, present, None)
                        .map_err(io_error)?;
                    values.clear();
                }
            }
            column.present.clear();
            out.close().map_err(io_error)?;
        }
        group.close().map_err(io_error)?;
        self.held = 0;
        Ok(())
    }
}

impl Values {
    fn new(column: &Column) -> Self {
        Self {
            values: match column.kind {
                ColumnKind::Text | ColumnKind::Json => Kind::Texts(Vec::new()),
                ColumnKind::Time | ColumnKind::Integer => Kind::Integers(Vec::new()),
                ColumnKind::Number => Kind::Numbers(Vec::new()),
            },
            is_required: column.is_required,
            present: Vec::new(),
        }
    }

    fn push(&mut self, cell: &Cell) {
        let pushed = match (&mut self.values, cell) {
            (Kind::Texts(values), Cell::Text(text)) => {
                values.push(text.as_str().into());
                true
            }
            (Kind::Texts(values), Cell::Json(object)) => {
                values.push(canonical(object).as_str().into());
                true
            }
            (Kind::Integers(values), Cell::Time(time)) => {
                values.push(time.as_microsecond());
                true
            }
            (Kind::Integers(values), Cell::Integer(number)) => {
                values.push(*number);
                true
            }
            (Kind::Numbers(values), Cell::Number(number)) => {
                values.push(*number);
                true
            }
            _ => false,
        };
        self.present.push(pushed.into());
    }
}

fn schema(table: Table) -> std::result::Result<Type, ParquetError> {
    let fields = table.columns().map(|column| {
        let (physical, logical) = match column.kind {
            // JSON as well: polars reads the logical type JSON as bytes.
            ColumnKind::Text | ColumnKind::Json => {
                (Physical::BYTE_ARRAY, Some(LogicalType::String))
            }
            ColumnKind::Time => {
                let micros = LogicalType::timestamp(true, TimeUnit::MICROS);
                (Physical::INT64, Some(micros))
            }
            ColumnKind::Integer => (Physical::INT64, None),
            ColumnKind::Number => (Physical::DOUBLE, None),
        };
        let repetition = match column.is_required {
            true => Repetition::REQUIRED,
            false => Repetition::OPTIONAL,
        };
        let field = Type::primitive_type_builder(column.name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()?;
        Ok(Arc::new(field))
    });
    Type::group_type_builder(table.name())
        .with_fields(fields.collect::<std::result::Result<_, ParquetError>>()?)
        .build()
}

/// The cause, where it is the disk's.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}

/// Reads the rows of a file.
pub(super) fn read(
    table: Table,
    file: File,
    path: PathBuf,
) -> Result<impl Iterator<Item = Result<Row>> + Send> {
    let reader = SerializedFileReader::new(file).map_err(|error| misread(&path, error))?;
    let groups = reader.num_row_groups();
    // The rows of one group at a time: an iterator over all would have to own the reader.
    let mut group = 0;
    let mut held: std::vec::IntoIter<Row> = Vec::new().into_iter();
    Ok(std::iter::from_fn(move || {
        loop {
            if let Some(row) = held.next() {
                return Some(Ok(row));
            }
            if group == groups {
                return None;
            }
            let rows =
                || -> std::result::Result<Vec<Row>, Box<dyn std::error::Error + Send + Sync>> {
                    let group = reader.get_row_group(group)?;
                    let records = RowIter::from_row_group(None, &*group)?;
                    records.map(|record| row(table, &record?)).collect()
                };
            match rows() {
                Ok(rows) => held = rows.into_iter(),
                Err(error) => {
                    group = groups;
                    return Some(Err(misread(&path, error)));
                }
            }
            group += 1;
        }
    }))
}

fn row(
    table: Table,
    record: &Record,
) -> std::result::Result<Row, Box<dyn std::error::Error + Send + Sync>> {
    let mut fields = record.get_column_iter();
    let cells = table.columns().map(|column| {
        let cell = match (column.kind, fields.next()) {
            (_, Some((name, _))) if name != column.name => None,
            (_, Some((_, Field::Null))) if !column.is_required => Some(Cell::Null),
            (ColumnKind::Text, Some((_, Field::Str(text)))) => Some(Cell::Text(text.clone())),
            (ColumnKind::Json, Some((_, Field::Str(text)))) => {
                serde_json::from_str(text).ok().map(Cell::Json)
            }
            (ColumnKind::Time, Some((_, Field::TimestampMicros(micros)))) => {
                Timestamp::from_microsecond(*micros).ok().map(Cell::Time)
            }
            (ColumnKind::Integer, Some((_, Field::Long(number)))) => Some(Cell::Integer(*number)),
            (ColumnKind::Number, Some((_, Field::Double(number)))) => Some(Cell::Number(*number)),
            _ => None,
        };
        cell.ok_or_else(|| format!("the column {} has no value of its kind", column.name).into())
    });
    cells.collect::<std::result::Result<_, _>>().map(Row)
}
