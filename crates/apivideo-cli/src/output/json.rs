//! JSON: an object a line, or one array.

use std::io::{self, Write};

use serde::Serialize;

use super::{Out, Sink};

/// One object a line.
pub(crate) struct Lines {
    out: Out,
}

impl Lines {
    pub(crate) fn new(out: Out) -> Self {
        Self { out }
    }
}

impl<T: Serialize> Sink<T> for Lines {
    fn item(&mut self, item: &T) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, item)?;
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
    is_open: bool,
}

impl Array {
    pub(crate) fn new(out: Out) -> Self {
        Self {
            out,
            is_open: false,
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
        serde_json::to_writer(&mut self.out, item)?;
        Ok(())
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
