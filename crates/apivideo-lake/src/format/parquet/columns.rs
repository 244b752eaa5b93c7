//! Reading columns of a file directly, in batches of rows.

use std::fs::File;
use std::path::PathBuf;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::super::batch::{self, Batch, ROWS, Strings, Values};
use crate::column::ColumnKind;
use crate::error::{Error, Operation, Result};
use crate::table::Table;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The values of a column, and the definition level of each row if the column is optional.
type WithLevels<T> = (Vec<T>, Option<Vec<i16>>);

/// The columns of a row group that is being read.
struct Group {
    columns: Vec<ColumnOfGroup>,
    rows_left: usize,
}

struct ColumnOfGroup {
    name: String,
    kind: ColumnKind,
    is_optional: bool,
    reader: ColumnReader,
}

/// Reads columns by their names.
pub(in crate::format) fn read_columns(
    table: Table,
    file: File,
    path: PathBuf,
    names: &[&'static str],
) -> Result<impl Iterator<Item = Result<Batch>> + Send + use<>> {
    let reader =
        SerializedFileReader::new(file).map_err(|error| Error::undecodable(&path, error))?;
    let places = batch::places(table, names)
        .map_err(|error| Error::storage(Operation::Read, &path, error))?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let has_columns = schema.columns().len() == table.columns().len()
        && (schema.columns().iter().zip(table.columns()))
            .all(|(written, column)| written.name() == column.name);
    if !has_columns {
        return Err(Error::undecodable(
            &path,
            "the columns are not those of the table",
        ));
    }
    let groups = reader.num_row_groups();
    let mut next_group = 0;
    let mut current: Option<Group> = None;
    Ok(std::iter::from_fn(move || {
        let mut read = || -> std::result::Result<Option<Batch>, Failure> {
            loop {
                if let Some(group) = current.as_mut().filter(|group| group.rows_left > 0) {
                    return group.next_batch().map(Some);
                }
                if next_group >= groups {
                    return Ok(None);
                }
                current = Some(open(&reader, next_group, &places)?);
                next_group += 1;
            }
        };
        let batch = read();
        if batch.is_err() {
            next_group = groups;
            current = None;
        }
        batch
            .map_err(|error| Error::undecodable(&path, error))
            .transpose()
    }))
}

/// Opens columns of a row group.
fn open(
    reader: &SerializedFileReader<File>,
    group: usize,
    places: &[(usize, ColumnKind)],
) -> std::result::Result<Group, Failure> {
    let group = reader.get_row_group(group)?;
    let columns = places.iter().map(|(place, kind)| {
        let descriptor = group.metadata().column(*place).column_descr_ptr();
        Ok(ColumnOfGroup {
            name: descriptor.name().to_owned(),
            kind: *kind,
            is_optional: descriptor.max_def_level() > 0,
            reader: group.get_column_reader(*place)?,
        })
    });
    Ok(Group {
        columns: columns.collect::<std::result::Result<_, Failure>>()?,
        rows_left: usize::try_from(group.metadata().num_rows())?,
    })
}

impl Group {
    fn next_batch(&mut self) -> std::result::Result<Batch, Failure> {
        let rows = self.rows_left.min(ROWS);
        let columns = self.columns.iter_mut().map(|column| column.read(rows));
        let columns = columns.collect::<std::result::Result<_, Failure>>()?;
        self.rows_left -= rows;
        Ok(Batch { rows, columns })
    }
}

impl ColumnOfGroup {
    fn read(&mut self, rows: usize) -> std::result::Result<Values, Failure> {
        let (name, is_optional) = (&self.name, self.is_optional);
        Ok(match (self.kind, &mut self.reader) {
            (
                ColumnKind::String | ColumnKind::Json,
                ColumnReader::ByteArrayColumnReader(reader),
            ) => {
                let (values, levels) = typed(reader, rows, name, is_optional)?;
                let mut strings = Strings::default();
                let mut last: Option<&[u8]> = None;
                for value in in_rows(&values, levels.as_deref()) {
                    let value = value.map(ByteArray::data);
                    match (value, last) {
                        (Some(value), Some(last)) if value == last => strings.repeat(),
                        (Some(value), _) => strings.push(Some(std::str::from_utf8(value)?)),
                        (None, _) => strings.push(None),
                    }
                    last = value;
                }
                Values::Strings(strings)
            }
            (
                ColumnKind::Timestamp | ColumnKind::Integer,
                ColumnReader::Int64ColumnReader(reader),
            ) => {
                let (values, levels) = typed(reader, rows, name, is_optional)?;
                Values::Integers(copied(&values, levels.as_deref()))
            }
            (ColumnKind::Number, ColumnReader::DoubleColumnReader(reader)) => {
                let (values, levels) = typed(reader, rows, name, is_optional)?;
                Values::Numbers(copied(&values, levels.as_deref()))
            }
            (ColumnKind::Bool, ColumnReader::BoolColumnReader(reader)) => {
                let (values, levels) = typed(reader, rows, name, is_optional)?;
                Values::Bools(copied(&values, levels.as_deref()))
            }
            _ => return Err(format!("the column {name} has another type").into()),
        })
    }
}

/// Reads the values of a column, and which rows have one: all if there are no levels.
fn typed<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    name: &str,
    is_optional: bool,
) -> std::result::Result<WithLevels<T::T>, Failure> {
    let mut values = Vec::with_capacity(rows);
    let mut levels = is_optional.then(|| Vec::with_capacity(rows));
    let mut read = 0;
    while read < rows {
        let (records, _, _) =
            reader.read_records(rows - read, levels.as_mut(), None, &mut values)?;
        if records == 0 {
            return Err(format!("the column {name} has too few rows").into());
        }
        read += records;
    }
    Ok((values, levels))
}

fn copied<T: Copy>(values: &[T], levels: Option<&[i16]>) -> Vec<Option<T>> {
    match levels {
        None => values.iter().copied().map(Some).collect(),
        Some(_) => in_rows(values, levels).map(Option::<&T>::copied).collect(),
    }
}

/// Returns the value of each row.
fn in_rows<'v, T>(
    values: &'v [T],
    levels: Option<&'v [i16]>,
) -> impl Iterator<Item = Option<&'v T>> {
    let rows = levels.map_or(values.len(), <[i16]>::len);
    let mut values = values.iter();
    (0..rows).map(move |row| {
        let has_value = levels
            .and_then(|levels| levels.get(row))
            .is_none_or(|level| *level > 0);
        match has_value {
            true => values.next(),
            false => None,
        }
    })
}
