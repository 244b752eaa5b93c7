//! Parquet, compressed with zstd, written directly from rows without Arrow.

mod buffer;
mod columns;

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

pub(super) use columns::read_columns;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use apivideo_insights::RULES_VERSION;

use super::Batch;
use crate::column::{Cell, ColumnKind};
use crate::columns::SCHEMA_VERSION;
use crate::error::{Error, Result};
use crate::event_scope::EventScope;
use crate::row::Row;
use crate::table::Table;
use buffer::ColumnBuffer;

/// The maximum number of rows in a row group.
const ROW_GROUP: usize = 65_536;

/// The maximum size of the buffered values of a row group, in bytes.
const ROW_GROUP_BYTES: usize = 48 * 1024 * 1024;

pub(crate) struct Writer<W: Write + Send> {
    out: SerializedFileWriter<W>,
    columns: Vec<ColumnBuffer>,
    buffered: usize,
    rows: u64,
}

impl<W: Write + Send> Writer<W> {
    pub(super) fn new(table: Table, scope: EventScope, out: W) -> io::Result<Self> {
        let pair = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
        let mut metadata = vec![
            pair("apivideo.table", table.name().to_owned()),
            pair("apivideo.schema", SCHEMA_VERSION.to_string()),
        ];
        if table.is_derived() {
            metadata.push(pair("apivideo.rules_version", RULES_VERSION.to_string()));
        }
        if table.is_derived() || table == Table::Events {
            if let Some(sample) = scope.sample {
                metadata.push(pair("apivideo.sample", sample.to_string()));
            }
            if scope.skip_unplayed {
                metadata.push(pair("apivideo.skip_unplayed", true.to_string()));
            }
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
        let is_full = self.buffered.is_multiple_of(1_024)
            && self.columns.iter().map(ColumnBuffer::bytes).sum::<usize>() >= ROW_GROUP_BYTES;
        match self.buffered == ROW_GROUP || is_full {
            true => self.write_group(),
            false => Ok(()),
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
            column.write(&mut out).map_err(io_error)?;
            out.close().map_err(io_error)?;
        }
        group.close().map_err(io_error)?;
        self.buffered = 0;
        Ok(())
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
    let names: Vec<&'static str> = table.columns().iter().map(|column| column.name).collect();
    let mut batches = read_columns(table, file, path.clone(), &names)?;
    let mut batch: Option<Batch> = None;
    let mut index = 0;
    let mut is_failed = false;
    Ok(std::iter::from_fn(move || {
        while !is_failed {
            if let Some(batch) = batch.as_ref().filter(|batch| index < batch.rows()) {
                let row = batch.row(table, index);
                index += 1;
                is_failed = row.is_err();
                return Some(row.map_err(|why| Error::undecodable(&path, why)));
            }
            index = 0;
            match batches.next()? {
                Ok(next) => batch = Some(next),
                Err(error) => {
                    is_failed = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }))
}
