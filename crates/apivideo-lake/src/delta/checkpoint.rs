//! Checkpoints: all actions of a version as rows of Parquet, with nested columns.

use std::fs::File;
use std::sync::Arc;

use parquet::basic::{Compression, Repetition, ZstdLevel};
use parquet::column::writer::{ColumnWriter, ColumnWriterImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::record::{Field, Row};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::Type;
use serde_json::{Map, Value, json};

type Result<T> = std::result::Result<T, ParquetError>;

/// The columns, as in the appendix of the protocol. A column that is missing is NULL to readers.
const SCHEMA: &str = "
message checkpoint {
  optional group protocol {
    optional int32 minReaderVersion;
    optional int32 minWriterVersion;
  }
  optional group metaData {
    optional binary id (STRING);
    optional group format {
      optional binary provider (STRING);
      optional group options (MAP) {
        repeated group key_value {
          required binary key (STRING);
          optional binary value (STRING);
        }
      }
    }
    optional binary schemaString (STRING);
    optional group partitionColumns (LIST) {
      repeated group list {
        optional binary element (STRING);
      }
    }
    optional int64 createdTime;
    optional group configuration (MAP) {
      repeated group key_value {
        required binary key (STRING);
        optional binary value (STRING);
      }
    }
  }
  optional group add {
    optional binary path (STRING);
    optional group partitionValues (MAP) {
      repeated group key_value {
        required binary key (STRING);
        optional binary value (STRING);
      }
    }
    optional int64 size;
    optional int64 modificationTime;
    optional boolean dataChange;
    optional binary stats (STRING);
  }
  optional group remove {
    optional binary path (STRING);
    optional int64 deletionTimestamp;
    optional boolean dataChange;
  }
}";

/// Returns a checkpoint with a row for each action. Maps are JSON objects, and lists arrays.
pub(super) fn encode(actions: &[Value]) -> Result<Vec<u8>> {
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let mut columns = vec![Column::default(); columns_of(&schema)];
    for action in actions {
        shred_fields(&schema, Some(action), 0, 0, &mut columns);
    }
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("apivideo-lake".to_owned())
        .build();
    let mut out = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut group = out.next_row_group()?;
    let mut columns = columns.iter();
    while let (Some(column), Some(mut writer)) = (columns.next(), group.next_column()?) {
        column.write(&mut writer)?;
        writer.close()?;
    }
    group.close()?;
    out.into_inner()
}

/// The values of a column, with their levels.
#[derive(Clone, Default)]
struct Column {
    values: Vec<Value>,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

/// Returns the number of columns of a field.
fn columns_of(field: &Type) -> usize {
    match field.is_group() {
        true => field
            .get_fields()
            .iter()
            .map(|field| columns_of(field))
            .sum(),
        false => 1,
    }
}

/// Adds a value to the columns of the fields of a group. `definition` is the number of optional and repeated fields up to here
/// that have a value. `repetition` is 1 for an element of a list or map that is not the first.
fn shred_fields(
    group: &Type,
    value: Option<&Value>,
    definition: i16,
    repetition: i16,
    mut columns: &mut [Column],
) {
    for field in group.get_fields() {
        let Some((own, rest)) = columns.split_at_mut_checked(columns_of(field)) else {
            return;
        };
        columns = rest;
        if field.get_basic_info().repetition() == Repetition::REPEATED {
            let elements = value.map(elements).unwrap_or_default();
            if elements.is_empty() {
                push_null(own, definition, repetition);
            }
            for (index, element) in elements.iter().enumerate() {
                let repetition = if index == 0 { repetition } else { 1 };
                shred_fields(field, Some(element), definition + 1, repetition, own);
            }
            continue;
        }
        let value = value.and_then(|value| value.get(field.name()));
        let Some(value) = value.filter(|value| !value.is_null()) else {
            push_null(own, definition, repetition);
            continue;
        };
        let is_optional = field.get_basic_info().repetition() == Repetition::OPTIONAL;
        let definition = definition + i16::from(is_optional);
        match own {
            [column] if field.is_primitive() => {
                column.values.push(value.clone());
                column.definition.push(definition);
                column.repetition.push(repetition);
            }
            own => shred_fields(field, Some(value), definition, repetition, own),
        }
    }
}

/// Returns the elements of a list, or the pairs of a map.
fn elements(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => {
            let items = items.iter();
            items.map(|item| json!({"element": item})).collect()
        }
        Value::Object(pairs) => {
            let pairs = pairs.iter();
            pairs
                .map(|(key, value)| json!({"key": key, "value": value}))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn push_null(columns: &mut [Column], definition: i16, repetition: i16) {
    for column in columns {
        column.definition.push(definition);
        column.repetition.push(repetition);
    }
}

impl Column {
    fn write(&self, writer: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let string = |value: &Value| value.as_str().map(ByteArray::from);
        let int = |value: &Value| value.as_i64().and_then(|number| i32::try_from(number).ok());
        match writer.untyped() {
            ColumnWriter::ByteArrayColumnWriter(writer) => self.write_as(writer, string),
            ColumnWriter::Int32ColumnWriter(writer) => self.write_as(writer, int),
            ColumnWriter::Int64ColumnWriter(writer) => self.write_as(writer, Value::as_i64),
            ColumnWriter::BoolColumnWriter(writer) => self.write_as(writer, Value::as_bool),
            _ => Err(unexpected("the schema has a column of another type")),
        }
    }

    fn write_as<T: DataType>(
        &self,
        writer: &mut ColumnWriterImpl<'_, T>,
        convert: impl Fn(&Value) -> Option<T::T>,
    ) -> Result<()> {
        let values: Option<Vec<T::T>> = self.values.iter().map(convert).collect();
        let values = values.ok_or_else(|| unexpected("an action has a value of another type"))?;
        let is_repeated = writer.get_descriptor().max_rep_level() > 0;
        let repetition = is_repeated.then_some(&*self.repetition);
        writer.write_batch(&values, Some(&*self.definition), repetition)?;
        Ok(())
    }
}

fn unexpected(why: &str) -> ParquetError {
    ParquetError::General(why.to_owned())
}

/// Returns the actions of a checkpoint, as in the lines of a version.
pub(super) fn decode(file: File) -> Result<Vec<Value>> {
    let reader = SerializedFileReader::new(file)?;
    let rows = reader.get_row_iter(None)?;
    rows.map(|row| Ok(object(&row?))).collect()
}

/// Returns the fields of a row that have a value.
fn object(row: &Row) -> Value {
    let fields = row.get_column_iter();
    let fields = fields.filter_map(|(name, field)| Some((name.clone(), json_value(field)?)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn json_value(field: &Field) -> Option<Value> {
    Some(match field {
        Field::Bool(flag) => Value::from(*flag),
        Field::Int(number) => Value::from(*number),
        Field::Long(number) => Value::from(*number),
        Field::Str(text) => Value::from(text.as_str()),
        Field::Group(row) => object(row),
        Field::ListInternal(list) => {
            let items = list.elements().iter();
            items
                .map(|item| json_value(item).unwrap_or_default())
                .collect()
        }
        Field::MapInternal(map) => {
            let pairs = map.entries().iter().filter_map(|(key, value)| match key {
                Field::Str(key) => Some((key.clone(), json_value(value).unwrap_or_default())),
                _ => None,
            });
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        // Other writers store more; nothing of it is needed.
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn actions_are_read_as_they_were_written() {
        let actions = [
            json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}),
            json!({"metaData": {
                "id": "x", "format": {"provider": "parquet", "options": {}}, "schemaString": "{}",
                "partitionColumns": ["date"], "createdTime": 1_714_521_600_000_i64, "configuration": {"a": "b", "c": "d"},
            }}),
            json!({"metaData": {"partitionColumns": ["one", "two"]}}),
            json!({"add": {
                "path": "date=2024-05-01/x.parquet", "partitionValues": {"date": "2024-05-01"}, "size": 5_000_000_000_i64,
                "modificationTime": 1, "dataChange": true, "stats": "{\"numRecords\":3}",
            }}),
            json!({"add": {"path": "y", "partitionValues": {"date": null}, "dataChange": false}}),
            json!({"add": {"path": "z", "partitionValues": {}}}),
            json!({"remove": {"path": "é", "deletionTimestamp": 2, "dataChange": true}}),
        ];
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&encode(&actions).unwrap()).unwrap();
        let mut read = decode(file).unwrap();
        // An empty map is a map without pairs, or NULL.
        for (read, written) in read.iter_mut().zip(&actions) {
            assert_eq!(read, written);
        }
        assert_eq!(read.len(), actions.len());
    }

    #[test]
    fn a_value_of_another_type_is_an_error() {
        for action in [
            json!({"protocol": {"minReaderVersion": "1"}}),
            json!({"protocol": {"minReaderVersion": 5_000_000_000_i64}}),
            json!({"add": {"path": 1}}),
            json!({"remove": {"dataChange": "no"}}),
        ] {
            assert!(encode(std::slice::from_ref(&action)).is_err(), "{action}");
        }
    }

    #[test]
    fn a_file_of_another_kind_is_an_error() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"{}").unwrap();
        assert!(decode(file).is_err());
    }
}
