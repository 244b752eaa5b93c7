//! Reading columns of a file directly, one row group at a time.

use std::fs::File;
use std::path::PathBuf;

use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{BoolType, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use super::super::batch::{self, Batch, Strings, Values};
use crate::column::ColumnKind;
use crate::error::{Error, Operation, Result};
use crate::table::Table;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The values of a column, and the definition level of each row if the column is optional.
type WithLevels<T> = (Vec<T>, Option<Vec<i16>>);

/// Reads columns by their names; a batch is a row group.
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
    let mut group = 0;
    Ok(std::iter::from_fn(move || {
        if group >= groups {
            return None;
        }
        let read = || -> std::result::Result<Batch, Failure> {
            let group = reader.get_row_group(group)?;
            let rows = usize::try_from(group.metadata().num_rows())?;
            let columns = places
                .iter()
                .map(|(place, kind)| column(&*group, *place, *kind, rows));
            Ok(Batch {
                rows,
                columns: columns.collect::<std::result::Result<_, Failure>>()?,
            })
        };
        let batch = read().map_err(|error| Error::undecodable(&path, error));
        group = match batch {
            Ok(_) => group + 1,
            Err(_) => groups,
        };
        Some(batch)
    }))
}

fn column(
    group: &dyn RowGroupReader,
    place: usize,
    kind: ColumnKind,
    rows: usize,
) -> std::result::Result<Values, Failure> {
    Ok(match kind {
        ColumnKind::String | ColumnKind::Json => {
            let (values, levels) = typed::<ByteArrayType>(group, place, rows)?;
            let mut strings = Strings::default();
            let mut last: Option<&[u8]> = None;
            for value in in_rows(&values, levels.as_deref()) {
                let value = value.map(parquet::data_type::ByteArray::data);
                match (value, last) {
                    (Some(value), Some(last)) if value == last => strings.repeat(),
                    (Some(value), _) => strings.push(Some(std::str::from_utf8(value)?)),
                    (None, _) => strings.push(None),
                }
                last = value;
            }
            Values::Strings(strings)
        }
        ColumnKind::Timestamp | ColumnKind::Integer => {
            let (values, levels) = typed::<Int64Type>(group, place, rows)?;
            Values::Integers(copied(&values, levels.as_deref()))
        }
        ColumnKind::Number => {
            let (values, levels) = typed::<DoubleType>(group, place, rows)?;
            Values::Numbers(copied(&values, levels.as_deref()))
        }
        ColumnKind::Bool => {
            let (values, levels) = typed::<BoolType>(group, place, rows)?;
            Values::Bools(copied(&values, levels.as_deref()))
        }
    })
}

/// Reads the values of a column, and which rows have one: all if there are no levels.
fn typed<T: DataType>(
    group: &dyn RowGroupReader,
    place: usize,
    rows: usize,
) -> std::result::Result<WithLevels<T::T>, Failure> {
    let reader = group.get_column_reader(place)?;
    let descriptor = group.metadata().column(place).column_descr_ptr();
    if descriptor.physical_type() != T::get_physical_type() {
        return Err(format!("the column {} has another type", descriptor.name()).into());
    }
    let mut reader = get_typed_column_reader::<T>(reader);
    let mut values = Vec::with_capacity(rows);
    let mut levels = (descriptor.max_def_level() > 0).then(|| Vec::with_capacity(rows));
    let mut read = 0;
    while read < rows {
        let (records, _, _) =
            reader.read_records(rows - read, levels.as_mut(), None, &mut values)?;
        if records == 0 {
            return Err(format!("the column {} has too few rows", descriptor.name()).into());
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
