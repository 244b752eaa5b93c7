//! CSV by RFC 4180: a header always, the same columns always.

use std::io;

use csv::{ErrorKind, Terminator, Writer, WriterBuilder};

use serde::Serialize;

use super::{Out, Sink, flat};

/// A line per item under a header.
pub(crate) struct Csv {
    writer: Writer<Out>,
    fields: Vec<String>,
    has_header: bool,
}

impl Csv {
    /// `continues`: the header is there already.
    pub(crate) fn new(out: Out, fields: Vec<String>, continues: bool) -> Self {
        Self {
            writer: WriterBuilder::new()
                .terminator(Terminator::CRLF)
                .from_writer(out),
            fields,
            has_header: continues,
        }
    }

    /// The header comes with the first line, or with the end of an empty list: where nothing could be read at all,
    /// nothing looks like an empty list.
    fn header(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.has_header, true) {
            return Ok(());
        }
        self.writer.write_record(&self.fields).map_err(plain)
    }
}

impl<T: Serialize> Sink<T> for Csv {
    fn item(&mut self, item: &T) -> io::Result<()> {
        self.header()?;
        let item = serde_json::to_value(item)?;
        for field in &self.fields {
            let cell = flat::field(&item, field).map(flat::exact);
            self.writer
                .write_field(cell.unwrap_or_default().as_bytes())
                .map_err(plain)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(plain)
    }

    fn pause(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    fn finish(&mut self) -> io::Result<Option<String>> {
        self.header()?;
        self.writer.flush()?;
        Ok(None)
    }
}

/// The error of the output itself, whose kind tells a broken pipe.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
