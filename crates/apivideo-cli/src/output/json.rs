//! JSON output: one object per line, or one array.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::field_source::FieldSource;
use super::projection::Projection;
use super::sink::Sink;
use crate::destination::Out;
use crate::text::is_hidden;

/// Writes each value on one line.
#[derive(Clone, Debug)]
pub(crate) struct Json {
    /// The fields to write; `None` selects all.
    selected: Option<Vec<FieldSource>>,
    /// Whether hidden characters in strings are escaped as `\u`, which only a terminal needs. The JSON is equivalent.
    escapes_hidden: bool,
}

impl Json {
    pub(crate) fn new(selected: Option<Vec<FieldSource>>, escapes_hidden: bool) -> Self {
        Self {
            selected,
            escapes_hidden,
        }
    }

    pub(crate) fn write<T: Serialize>(&self, out: &mut impl Write, item: &T) -> io::Result<()> {
        match &self.selected {
            None => self.value(out, item),
            Some(selected) => {
                let mut item = serde_json::to_value(item)?;
                self.value(out, &Projection::project(selected, &mut item))
            }
        }
    }

    fn value<T: Serialize>(&self, out: &mut impl Write, value: &T) -> io::Result<()> {
        match self.escapes_hidden {
            false => serde_json::to_writer(out, value)?,
            true => value.serialize(&mut Serializer::with_formatter(out, Visible))?,
        }
        Ok(())
    }
}

/// Escapes hidden characters.
struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        escape(out, fragment)
    }

    /// In valid JSON, a hidden character is whitespace between tokens or part of a string.
    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        escape(out, fragment)
    }
}

/// Writes JSON, with hidden characters as `\u`.
pub(super) fn escape<W: ?Sized + Write>(out: &mut W, text: &str) -> io::Result<()> {
    let mut rest = text;
    while let Some(at) = rest.find(|c| is_hidden(c) && !matches!(c, '\t' | '\n' | '\r')) {
        let (shown, hidden) = rest.split_at(at);
        out.write_all(shown.as_bytes())?;
        let mut chars = hidden.chars();
        let hidden = chars.next().unwrap_or_default();
        for unit in hidden.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        rest = chars.as_str();
    }
    out.write_all(rest.as_bytes())
}

/// One object per line.
pub(crate) struct Lines {
    out: Out,
    json: Json,
}

impl Lines {
    pub(crate) fn new(out: Out, json: Json) -> Self {
        Self { out, json }
    }
}

impl<T: Serialize> Sink<T> for Lines {
    fn write(&mut self, item: &T) -> io::Result<()> {
        self.json.write(&mut self.out, item)?;
        self.out.write_all(b"\n")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<Option<String>> {
        self.out.flush()?;
        Ok(None)
    }
}

/// One array, closed only when it contains all items.
pub(crate) struct Array {
    out: Out,
    json: Json,
    is_open: bool,
}

impl Array {
    /// `resumes`: an earlier run has written items, and left the array open.
    pub(crate) fn new(out: Out, json: Json, resumes: bool) -> Self {
        Self {
            out,
            json,
            is_open: resumes,
        }
    }
}

impl<T: Serialize> Sink<T> for Array {
    fn write(&mut self, item: &T) -> io::Result<()> {
        let separator = match std::mem::replace(&mut self.is_open, true) {
            true => ",\n  ",
            false => "[\n  ",
        };
        self.out.write_all(separator.as_bytes())?;
        self.json.write(&mut self.out, item)
    }

    fn flush(&mut self) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;
    use serde_json::{Value, json};

    use super::*;

    fn written<T: Serialize>(escapes_hidden: bool, item: &T) -> String {
        let mut out = Vec::new();
        Json::new(None, escapes_hidden)
            .write(&mut out, item)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn escapes_hidden_characters_without_loss() {
        let item = json!({"k\u{9b}": "a\u{7f}b\u{202e}c\u{e0041}d\u{1b}e é 東\\u202e"});
        let text = written(true, &item);
        assert_eq!(
            text,
            r#"{"k\u009b":"a\u007fb\u202ec\udb40\udc41d\u001be é 東\\u202e"}"#
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), item);
        assert_eq!(
            written(false, &item),
            "{\"k\u{9b}\":\"a\u{7f}b\u{202e}c\u{e0041}d\\u001be é 東\\\\u202e\"}"
        );
    }

    #[test]
    fn escapes_hidden_characters_of_raw_values() {
        let raw =
            RawValue::from_string("{ \"a\u{200b}\" :\t\"\u{feff}\u{7f}\"}".to_owned()).unwrap();
        assert_eq!(written(true, &raw), "{ \"a\\u200b\" :\t\"\\ufeff\\u007f\"}");
    }
}
