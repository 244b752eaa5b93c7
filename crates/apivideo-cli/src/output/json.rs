//! JSON: an object a line, or one array.

use std::io::{self, Write};

use serde::Serialize;

use super::{Out, Sink, View};

/// Writes an item whole, or the chosen fields of it.
fn write<T: Serialize>(out: &mut Out, chosen: Option<&[String]>, item: &T) -> io::Result<()> {
    match chosen {
        None => serde_json::to_writer(out, item)?,
        Some(chosen) => {
            let item = serde_json::to_value(item)?;
            serde_json::to_writer(out, &View::project(chosen, &item))?;
        }
    }
    Ok(())
}

/// One object a line.
pub(crate) struct Lines {
    out: Out,
    chosen: Option<Vec<String>>,
}

impl Lines {
    pub(crate) fn new(out: Out, chosen: Option<Vec<String>>) -> Self {
        Self { out, chosen }
    }
}

impl<T: Serialize> Sink<T> for Lines {
    fn item(&mut self, item: &T) -> io::Result<()> {
        write(&mut self.out, self.chosen.as_deref(), item)?;
        self.out.write_all(b"\n")
    }

    fn pause(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<Option<String>> {
        self.out.flush()?;
        Ok(None)
    }
}

/// One array, closed when all items are in it and never otherwise.
pub(crate) struct Array {
    out: Out,
    chosen: Option<Vec<String>>,
    is_open: bool,
}

impl Array {
    /// `continues`: items were written before, and the array is open.
    pub(crate) fn new(out: Out, chosen: Option<Vec<String>>, continues: bool) -> Self {
        Self {
            out,
            chosen,
            is_open: continues,
        }
    }
}

impl<T: Serialize> Sink<T> for Array {
    fn item(&mut self, item: &T) -> io::Result<()> {
        let before = match std::mem::replace(&mut self.is_open, true) {
            true => ",\n  ",
            false => "[\n  ",
        };
        self.out.write_all(before.as_bytes())?;
        write(&mut self.out, self.chosen.as_deref(), item)
    }

    fn pause(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<Option<String>> {
        let end = match self.is_open {
            true => "\n]\n",
            false => "[]\n",
        };
        self.out.write_all(end.as_bytes())?;
        self.out.flush()?;
        Ok(None)
    }
}
