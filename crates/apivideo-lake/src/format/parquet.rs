//! Parquet, compressed with zstd, written directly from rows without Arrow.

mod columns;

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

pub(super) use columns::read_columns;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row as Record};
use parquet::schema::types::Type;

use apivideo::Timestamp;
use apivideo_insights::RULES_VERSION;
use serde_json::{Map, Value};

use super::json::canonical;
use crate::column::{Cell, ColumnKind};
use crate::columns::SCHEMA_VERSION;
use crate::error::{Error, Result};
use crate::row::Row;
use crate::table::{ColumnInfo, Table};

/// The maximum number of rows in a row group.
const ROW_GROUP: usize = 65_536;

pub(crate) struct Writer<W: Write + Send> {
    out: SerializedFileWriter<W>,
    columns: Vec<ColumnBuffer>,
    buffered: usize,
    rows: u64,
}

/// The buffered values of a column, and the definition level of each row: 1 if it has a value, 0 if not.
struct ColumnBuffer {
    values: Values,
    is_required: bool,
    levels: Vec<i16>,
}

enum Values {
    Strings(Vec<ByteArray>),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
    Bools(Vec<bool>),
}

impl<W: Write + Send> Writer<W> {
    pub(super) fn new(table: Table, out: W) -> io::Result<Self> {
        let pair = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
        let mut metadata = vec![
            pair("apivideo.table", table.name().to_owned()),
            pair("apivideo.schema", SCHEMA_VERSION.to_string()),
        ];
        if table.is_derived() {
            metadata.push(pair("apivideo.rules_version", RULES_VERSION.to_string()));
        }
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("apivideo-lake".to_owned())
            .set_key_value_metadata(Some(metadata))
            .build();
        let schema = Arc::new(schema(table).map_err(io::Error::other)?);
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(io_error)?;
        let columns = table.columns().iter().map(ColumnBuffer::new).collect();
        Ok(Self {
            out,
            columns,
            buffered: 0,
            rows: 0,
        })
    }

    pub(super) fn push(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.buffered += 1;
        self.rows += 1;
        match self.buffered {
            ROW_GROUP => self.write_group(),
            _ => Ok(()),
        }
    }

    pub(super) fn finish(mut self) -> io::Result<(u64, W)> {
        if self.buffered > 0 {
            self.write_group()?;
        }
        let mut out = self.out.into_inner().map_err(io_error)?;
        out.flush()?;
        Ok((self.rows, out))
    }

    fn write_group(&mut self) -> io::Result<()> {
        let mut group = self.out.next_row_group().map_err(io_error)?;
        for column in &mut self.columns {
            let Some(mut out) = group.next_column().map_err(io_error)? else {
                return Err(io::Error::other("the schema has too few columns"));
            };
            let levels = (!column.is_required).then_some(column.levels.as_slice());
            match &mut column.values {
                Values::Strings(values) => write::<ByteArrayType>(&mut out, values, levels)?,
                Values::Integers(values) => write::<Int64Type>(&mut out, values, levels)?,
                Values::Numbers(values) => write::<DoubleType>(&mut out, values, levels)?,
                Values::Bools(values) => write::<BoolType>(&mut out, values, levels)?,
            }
            column.levels.clear();
            out.close().map_err(io_error)?;
        }
        group.close().map_err(io_error)?;
        self.buffered = 0;
        Ok(())
    }
}

/// Writes the buffered values of a column and empties the buffer.
fn write<T: DataType>(
    out: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    levels: Option<&[i16]>,
) -> io::Result<()> {
    out.typed::<T>()
        .write_batch(values, levels, None)
        .map_err(io_error)?;
    values.clear();
    Ok(())
}

impl ColumnBuffer {
    fn new(column: &ColumnInfo) -> Self {
        Self {
            values: match column.kind {
                ColumnKind::String | ColumnKind::Json => Values::Strings(Vec::new()),
                ColumnKind::Timestamp | ColumnKind::Integer => Values::Integers(Vec::new()),
                ColumnKind::Number => Values::Numbers(Vec::new()),
                ColumnKind::Bool => Values::Bools(Vec::new()),
            },
            is_required: column.is_required,
            levels: Vec::new(),
        }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        let has_value = match (&mut self.values, cell) {
            (Values::Strings(values), Cell::String(text)) => {
                let last = values.last().filter(|last| last.data() == text.as_bytes());
                // A clone shares the bytes: rows of a session have the same strings.
                let value = last.cloned().unwrap_or_else(|| (&**text).into());
                values.push(value);
                true
            }
            (Values::Strings(values), Cell::Json(value)) => {
                values.push(canonical(value).as_str().into());
                true
            }
            (Values::Integers(values), Cell::Timestamp(time)) => {
                values.push(time.as_microsecond());
                true
            }
            (Values::Integers(values), Cell::Integer(number)) => {
                values.push(*number);
                true
            }
            (Values::Numbers(values), Cell::Number(number)) => {
                values.push(*number);
                true
            }
            (Values::Bools(values), Cell::Bool(flag)) => {
                values.push(*flag);
                true
            }
            _ => false,
        };
        self.levels.push(has_value.into());
    }
}

fn schema(table: Table) -> std::result::Result<Type, ParquetError> {
    let fields = table.columns().iter().map(|column| {
        let (physical, logical) = match column.kind {
            // polars reads the logical type JSON as bytes, so JSON is a string as well.
            ColumnKind::String | ColumnKind::Json => {
                (Physical::BYTE_ARRAY, Some(LogicalType::String))
            }
            ColumnKind::Timestamp => {
                let micros = LogicalType::timestamp(true, TimeUnit::MICROS);
                (Physical::INT64, Some(micros))
            }
            ColumnKind::Integer => (Physical::INT64, None),
            ColumnKind::Number => (Physical::DOUBLE, None),
            ColumnKind::Bool => (Physical::BOOLEAN, None),
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

/// Returns the I/O error that caused a failure, if there is one.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}

/// Reads the rows of a file written by [`Writer`].
pub(super) fn read(
    table: Table,
    file: File,
    path: PathBuf,
) -> Result<impl Iterator<Item = Result<Row>> + Send> {
    let reader =
        SerializedFileReader::new(file).map_err(|error| Error::undecodable(&path, error))?;
    let groups = reader.num_row_groups();
    // One row group at a time: an iterator over the whole file would have to own the reader.
    let mut group = 0;
    let mut buffered: std::vec::IntoIter<Row> = Vec::new().into_iter();
    Ok(std::iter::from_fn(move || {
        loop {
            if let Some(row) = buffered.next() {
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
                Ok(rows) => buffered = rows.into_iter(),
                Err(error) => {
                    group = groups;
                    return Some(Err(Error::undecodable(&path, error)));
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
    let cells = table.columns().iter().map(|column| {
        let cell = match (column.kind, fields.next()) {
            (_, Some((name, _))) if name != column.name => None,
            (_, Some((_, Field::Null))) if !column.is_required => Some(Cell::Null),
            (ColumnKind::String, Some((_, Field::Str(text)))) => {
                Some(Cell::String(text.clone().into()))
            }
            (ColumnKind::Json, Some((_, Field::Str(text)))) => {
                let object: Option<Map<String, Value>> = serde_json::from_str(text).ok();
                object.map(|object| Cell::Json(Value::Object(object)))
            }
            (ColumnKind::Timestamp, Some((_, Field::TimestampMicros(micros)))) => {
                Timestamp::from_microsecond(*micros)
                    .ok()
                    .map(Cell::Timestamp)
            }
            (ColumnKind::Integer, Some((_, Field::Long(number)))) => Some(Cell::Integer(*number)),
            (ColumnKind::Number, Some((_, Field::Double(number)))) => Some(Cell::Number(*number)),
            (ColumnKind::Bool, Some((_, Field::Bool(flag)))) => Some(Cell::Bool(*flag)),
            _ => None,
        };
        cell.ok_or_else(|| format!("the column {} has an invalid value", column.name).into())
    });
    let cells =
        cells.collect::<std::result::Result<_, Box<dyn std::error::Error + Send + Sync>>>()?;
    Ok(Row::from_cells(table, cells))
}
