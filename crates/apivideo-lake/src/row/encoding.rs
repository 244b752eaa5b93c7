//! The compact encoding of rows in the staging: the cells in the order of the columns, without names.

use std::borrow::Cow;

use apivideo::Timestamp;
use serde_json::{Map, Value};

use super::Row;
use crate::column::Cell;
use crate::format::canonical;
use crate::table::Table;

const NULL: u8 = 0;
const STRING: u8 = 1;
const TIMESTAMP: u8 = 2;
const INTEGER: u8 = 3;
const NUMBER: u8 = 4;
const FALSE: u8 = 5;
const TRUE: u8 = 6;
const JSON: u8 = 7;

/// Why bytes cannot be decoded.
pub(crate) type Invalid = &'static str;

const TRUNCATED: Invalid = "a record is truncated";

/// Appends a number, in fewer bytes the smaller it is.
pub(crate) fn push_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push((number & 0x7f) as u8);
}

/// Appends a number that may be negative.
pub(crate) fn push_signed(number: i64, out: &mut Vec<u8>) {
    push_number(((number << 1) ^ (number >> 63)).cast_unsigned(), out);
}

/// Appends bytes after their length.
pub(crate) fn push_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    push_number(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// Encoded bytes that are read from the start.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'b>(pub(crate) &'b [u8]);

impl<'b> Reader<'b> {
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Invalid> {
        let (first, rest) = self.0.split_first().ok_or(TRUNCATED)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn number(&mut self) -> Result<u64, Invalid> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
            if shift > 63 {
                return Err("a number is too long");
            }
        }
    }

    pub(crate) fn signed(&mut self) -> Result<i64, Invalid> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'b [u8], Invalid> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(TRUNCATED)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'b [u8], Invalid> {
        let length = usize::try_from(self.number()?).map_err(|_| TRUNCATED)?;
        self.take(length)
    }

    pub(crate) fn string(&mut self) -> Result<&'b str, Invalid> {
        std::str::from_utf8(self.bytes()?).map_err(|_| "a string is not UTF-8")
    }

    /// Reads the string of a cell without copying it.
    pub(crate) fn string_cell(&mut self) -> Result<&'b str, Invalid> {
        match self.byte()? {
            STRING => self.string(),
            _ => Err("a cell is not a string"),
        }
    }
}

/// Appends a row without its first `skipped` cells.
pub(crate) fn push_row(row: &Row, skipped: usize, out: &mut Vec<u8>) {
    for cell in row.cells().iter().skip(skipped) {
        match cell {
            Cell::Null => out.push(NULL),
            Cell::String(text) => {
                out.push(STRING);
                push_bytes(text.as_bytes(), out);
            }
            Cell::Timestamp(time) => {
                out.push(TIMESTAMP);
                push_signed(time.as_microsecond(), out);
            }
            Cell::Integer(number) => {
                out.push(INTEGER);
                push_signed(*number, out);
            }
            Cell::Number(number) => {
                out.push(NUMBER);
                out.extend_from_slice(&number.to_le_bytes());
            }
            Cell::Bool(flag) => out.push(if *flag { TRUE } else { FALSE }),
            Cell::Json(value) => {
                out.push(JSON);
                push_bytes(canonical(value).as_bytes(), out);
            }
        }
    }
}

/// Reads a row whose first cells are given.
pub(crate) fn read_row(
    table: Table,
    mut cells: Vec<Cell<'static>>,
    reader: &mut Reader<'_>,
) -> Result<Row, Invalid> {
    let columns = table.columns().len();
    cells.reserve_exact(columns.saturating_sub(cells.len()));
    while cells.len() < columns {
        cells.push(read_cell(reader)?);
    }
    Ok(Row::from_cells(table, cells))
}

fn read_cell(reader: &mut Reader<'_>) -> Result<Cell<'static>, Invalid> {
    Ok(match reader.byte()? {
        NULL => Cell::Null,
        STRING => Cell::String(Cow::Owned(reader.string()?.to_owned())),
        TIMESTAMP => {
            let time = Timestamp::from_microsecond(reader.signed()?);
            Cell::Timestamp(time.map_err(|_| "an instant is out of range")?)
        }
        INTEGER => Cell::Integer(reader.signed()?),
        NUMBER => {
            let bytes = reader.take(8)?.try_into().map_err(|_| TRUNCATED)?;
            Cell::Number(f64::from_le_bytes(bytes))
        }
        FALSE => Cell::Bool(false),
        TRUE => Cell::Bool(true),
        JSON => {
            // An object of its own, so that the nesting limit of the parser applies to it as it does in responses.
            let object: Map<String, Value> =
                serde_json::from_str(reader.string()?).map_err(|_| "a cell is not JSON")?;
            Cell::Json(Value::Object(object))
        }
        _ => return Err("a cell has an unknown kind"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let columns = Table::Events.columns();
        let mut cells = vec![Cell::Null; columns.len()];
        cells[0] = Cell::from("video");
        cells[1] = Cell::from("vi1");
        cells[2] = Cell::from("ps1");
        cells[3] = Cell::Integer(-3);
        cells[5] = Cell::Timestamp("2022-01-01T00:00:00.123456Z".parse().unwrap());
        cells[6] = Cell::Number(-0.1);
        cells[7] = Cell::Bool(true);
        let last = cells.len() - 1;
        cells[last] = Cell::Json(serde_json::json!({"b": [1, null], "a": {"c": "é"}}));
        Row::from_cells(Table::Events, cells)
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        let row = row();
        for skipped in [0, 3] {
            let mut bytes = Vec::new();
            push_row(&row, skipped, &mut bytes);
            push_row(&row, skipped, &mut bytes);
            let mut reader = Reader(&bytes);
            for _ in 0..2 {
                let first = row.cells()[..skipped].to_vec();
                assert_eq!(read_row(Table::Events, first, &mut reader).unwrap(), row);
            }
            assert!(reader.is_empty());
            for end in 0..bytes.len() / 2 {
                let first = row.cells()[..skipped].to_vec();
                assert!(read_row(Table::Events, first, &mut Reader(&bytes[..end])).is_err());
            }
        }
    }

    #[test]
    fn numbers_are_read_as_they_were_written() {
        for number in [0, 1, -1, 63, 64, -64, -65, i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            push_signed(number, &mut bytes);
            let mut reader = Reader(&bytes);
            assert_eq!((reader.signed(), reader.is_empty()), (Ok(number), true));
        }
        assert!(Reader(&[0xff; 20]).number().is_err());
    }
}
