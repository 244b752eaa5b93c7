//! The buffered values of a column of a row group.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedColumnWriter;

use super::super::json::canonical;
use crate::column::{Cell, ColumnKind};
use crate::table::ColumnInfo;

/// The number of values that are passed to the encoder at a time.
const AT_A_TIME: usize = 8_192;

/// The number of recent strings of a column that are stored once. It is a power of two.
const RECENT: usize = 256;

/// The buffered values of a column, and whether each row has one.
pub(super) struct ColumnBuffer {
    values: Values,
    is_required: bool,
    has_value: Vec<bool>,
}

enum Values {
    Strings(Strings),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
    Bools(Vec<bool>),
}

/// Strings in one buffer: most columns have few different ones.
struct Strings {
    text: Vec<u8>,
    /// Where each string is in the buffer.
    places: Vec<(u32, u32)>,
    /// The place of the last string of each hash.
    recent: Box<[(u32, u32); RECENT]>,
}

impl Strings {
    fn new() -> Self {
        Self {
            text: Vec::new(),
            places: Vec::new(),
            recent: Box::new([(0, 0); RECENT]),
        }
    }

    fn push(&mut self, value: &[u8]) {
        let last = self.places.last().copied();
        if let Some(last) = last.filter(|place| get(&self.text, *place) == value) {
            self.places.push(last);
            return;
        }
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        let slot = usize::try_from(hasher.finish() % RECENT as u64).unwrap_or_default();
        let recent = self.recent.get_mut(slot);
        let known = recent.as_deref().copied().unwrap_or_default();
        let place = match get(&self.text, known) == value {
            true => known,
            false => {
                // A row group is far smaller than 4 GB.
                let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
                self.text.extend_from_slice(value);
                (start, u32::try_from(self.text.len()).unwrap_or(u32::MAX))
            }
        };
        if let Some(recent) = recent {
            *recent = place;
        }
        self.places.push(place);
    }

    fn write(&mut self, out: &mut Output<'_, '_>) -> Result<(), ParquetError> {
        let text = ByteArray::from(std::mem::take(&mut self.text));
        let places = std::mem::take(&mut self.places);
        *self = Self::new();
        let value = |(start, end): &(u32, u32)| text.slice(*start as usize, (end - start) as usize);
        out.write::<ByteArrayType, _>(&places, |places| places.iter().map(value).collect())
    }
}

fn get(text: &[u8], (start, end): (u32, u32)) -> &[u8] {
    text.get(start as usize..end as usize).unwrap_or_default()
}

/// Where the values of a column are written.
struct Output<'o, 'w> {
    out: &'o mut SerializedColumnWriter<'w>,
    /// Whether each row has a value, if the column is optional.
    has_value: Option<&'o [bool]>,
}

impl Output<'_, '_> {
    /// Writes values in groups of bounded size.
    fn write<T: DataType, V>(
        &mut self,
        mut values: &[V],
        convert: impl Fn(&[V]) -> Vec<T::T>,
    ) -> Result<(), ParquetError> {
        let writer = self.out.typed::<T>();
        let Some(has_value) = self.has_value else {
            for values in values.chunks(AT_A_TIME) {
                writer.write_batch(&convert(values), None, None)?;
            }
            return Ok(());
        };
        for rows in has_value.chunks(AT_A_TIME) {
            let levels: Vec<i16> = rows.iter().copied().map(i16::from).collect();
            let count = rows.iter().filter(|has_value| **has_value).count();
            let (now, rest) = values.split_at_checked(count).unwrap_or((values, &[]));
            writer.write_batch(&convert(now), Some(&levels), None)?;
            values = rest;
        }
        Ok(())
    }
}

impl ColumnBuffer {
    pub(super) fn new(column: &ColumnInfo) -> Self {
        Self {
            values: match column.kind {
                ColumnKind::String | ColumnKind::Json => Values::Strings(Strings::new()),
                ColumnKind::Timestamp | ColumnKind::Integer => Values::Integers(Vec::new()),
                ColumnKind::Number => Values::Numbers(Vec::new()),
                ColumnKind::Bool => Values::Bools(Vec::new()),
            },
            is_required: column.is_required,
            has_value: Vec::new(),
        }
    }

    /// Returns the size of the values in bytes.
    pub(super) fn bytes(&self) -> usize {
        let values = match &self.values {
            Values::Strings(strings) => strings.text.len() + 8 * strings.places.len(),
            Values::Integers(values) => 8 * values.len(),
            Values::Numbers(values) => 8 * values.len(),
            Values::Bools(values) => values.len(),
        };
        values + self.has_value.len()
    }

    pub(super) fn push(&mut self, cell: &Cell<'_>) {
        let has_value = match (&mut self.values, cell) {
            (Values::Strings(strings), Cell::String(text)) => {
                strings.push(text.as_bytes());
                true
            }
            (Values::Strings(strings), Cell::Json(value)) => {
                strings.push(canonical(value).as_bytes());
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
        self.has_value.push(has_value);
    }

    /// Writes the values and empties the buffer.
    pub(super) fn write(
        &mut self,
        out: &mut SerializedColumnWriter<'_>,
    ) -> Result<(), ParquetError> {
        let mut out = Output {
            out,
            has_value: (!self.is_required).then_some(self.has_value.as_slice()),
        };
        match &mut self.values {
            Values::Strings(strings) => strings.write(&mut out)?,
            Values::Integers(values) => {
                out.write::<Int64Type, _>(values, <[i64]>::to_vec)?;
                values.clear();
            }
            Values::Numbers(values) => {
                out.write::<DoubleType, _>(values, <[f64]>::to_vec)?;
                values.clear();
            }
            Values::Bools(values) => {
                out.write::<BoolType, _>(values, <[bool]>::to_vec)?;
                values.clear();
            }
        }
        self.has_value.clear();
        Ok(())
    }
}
