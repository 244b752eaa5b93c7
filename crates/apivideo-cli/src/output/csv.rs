//! CSV output (RFC 4180): always with a header, always with the same columns.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::field_source::FieldSource;
use super::field_value;
use super::sink::Sink;
use crate::destination::Out;
use crate::format::CsvOptions;
use crate::text::printable;

/// A header and one line per item.
pub(crate) struct Csv {
    out: Out,
    options: CsvOptions,
    fields: Vec<FieldSource>,
    has_header: bool,
    /// Whether hidden characters are escaped.
    to_terminal: bool,
    /// The current line, kept for its allocation.
    line: String,
}

impl Csv {
    /// `resumes`: an earlier run has written the header.
    pub(crate) fn new(
        out: Out,
        fields: Vec<FieldSource>,
        options: CsvOptions,
        to_terminal: bool,
        resumes: bool,
    ) -> Self {
        Self {
            out,
            options,
            fields,
            has_header: resumes,
            to_terminal,
            line: String::new(),
        }
    }

    /// Writes the header with the first item or at the end of an empty list: the output of a list that fails at once does not
    /// look like an empty list.
    fn header(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.has_header, true) {
            return Ok(());
        }
        self.line.clear();
        // A terminal does not show it.
        if self.options.safe && !self.to_terminal {
            self.line.push('\u{feff}');
        }
        for (index, field) in self.fields.iter().enumerate() {
            push(
                &mut self.line,
                index,
                &shown(field.name(), self.to_terminal),
                false,
            );
        }
        self.line.push_str("\r\n");
        self.out.write_all(self.line.as_bytes())
    }
}

impl<T: Serialize> Sink<T> for Csv {
    fn write(&mut self, item: &T) -> io::Result<()> {
        self.header()?;
        let item = serde_json::to_value(item)?;
        let null = self.options.null.as_deref();
        self.line.clear();
        for (index, field) in self.fields.iter().enumerate() {
            let Some(value) = field.find(&item) else {
                push(&mut self.line, index, null.unwrap_or_default(), false);
                continue;
            };
            let text = field_value::to_text(&value);
            let cell = match self.options.safe {
                true => escape_formulas(&value, &text),
                false => Cow::Borrowed(&*text),
            };
            let cell = shown(&cell, self.to_terminal);
            let is_like_null = value.is_string() && null == Some(&*cell);
            push(&mut self.line, index, &cell, is_like_null);
        }
        if self.line.is_empty() {
            // Readers skip empty lines.
            self.line.push_str("\"\"");
        }
        self.line.push_str("\r\n");
        self.out.write_all(self.line.as_bytes())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<Option<String>> {
        self.header()?;
        self.out.flush()?;
        Ok(None)
    }
}

fn shown(cell: &str, to_terminal: bool) -> Cow<'_, str> {
    match to_terminal {
        true => printable(cell),
        false => Cow::Borrowed(cell),
    }
}

/// Appends a cell, quoted if RFC 4180 requires it.
fn push(line: &mut String, index: usize, cell: &str, is_quoted: bool) {
    if index > 0 {
        line.push(',');
    }
    if is_quoted || cell.contains(['"', ',', '\r', '\n']) {
        line.push('"');
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(cell);
    }
}

/// Inserts an apostrophe before each character that starts a formula: at the start of a string, and after a character that a
/// spreadsheet may treat as a cell separator despite the quotes, depending on its locale. Numbers are not changed.
fn escape_formulas<'a>(value: &Value, cell: &'a str) -> Cow<'a, str> {
    let mut safe = String::new();
    let mut copied = 0;
    let mut before = None;
    for (at, c) in cell.char_indices() {
        let starts_cell = match before {
            None => value.is_string(),
            Some(before) => matches!(before, ';' | '\t' | '\r' | '\n'),
        };
        if starts_cell && starts_formula(c) {
            safe.push_str(&cell[copied..at]);
            safe.push('\'');
            copied = at;
        }
        before = Some(c);
    }
    if safe.is_empty() {
        return Cow::Borrowed(cell);
    }
    safe.push_str(&cell[copied..]);
    Cow::Owned(safe)
}

/// The characters that OWASP lists, and their full-width forms.
fn starts_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+'
            | '-'
            | '@'
            | '\t'
            | '\r'
            | '\n'
            | '\u{ff1d}'
            | '\u{ff0b}'
            | '\u{ff0d}'
            | '\u{ff20}'
    )
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::json;

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(
        options: &CsvOptions,
        to_terminal: bool,
        fields: &[&str],
        items: &[Value],
    ) -> String {
        let out = Shared::default();
        let fields = fields.iter().map(|name| FieldSource::path(name)).collect();
        let mut csv = Csv::new(
            Box::new(out.clone()),
            fields,
            options.clone(),
            to_terminal,
            false,
        );
        for item in items {
            csv.write(item).unwrap();
        }
        Sink::<Value>::finish(&mut csv).unwrap();
        let bytes = out.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    fn plain() -> CsvOptions {
        CsvOptions::default()
    }

    #[test]
    fn strings_round_trip() {
        for text in [
            "",
            " ",
            "a,b",
            "a\"b",
            "\"",
            "a\nb",
            "a\r\nb",
            "\r",
            "null",
            "=1",
            "é\u{2028}x",
            "\0",
        ] {
            for fields in [&["a"][..], &["a", "b"]] {
                let item = json!({"a": text, "b": text});
                let csv = written(&plain(), false, fields, &[item]);
                let mut reader = csv::Reader::from_reader(csv.as_bytes());
                let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
                assert_eq!(rows.len(), 1, "{csv:?}");
                assert!(rows[0].iter().all(|cell| cell == text), "{csv:?}");
            }
        }
    }

    #[test]
    fn an_empty_list_has_a_header() {
        assert_eq!(written(&plain(), false, &["a", "b"], &[]), "a,b\r\n");
    }

    #[test]
    fn an_option_distinguishes_null_from_the_empty_string() {
        let items = [json!({"a": null, "b": ""}), json!({"a": "\\N", "b": "x"})];
        assert_eq!(
            written(&plain(), false, &["a", "b"], &items),
            "a,b\r\n,\r\n\\N,x\r\n"
        );
        let options = CsvOptions {
            null: Some("\\N".to_owned()),
            ..plain()
        };
        assert_eq!(
            written(&options, false, &["a", "b"], &items),
            "a,b\r\n\\N,\r\n\"\\N\",x\r\n"
        );
        let single = [json!({"a": null}), json!({"a": ""})];
        assert_eq!(
            written(&options, false, &["a"], &single),
            "a\r\n\\N\r\n\"\"\r\n"
        );
    }

    #[test]
    fn escapes_formulas_for_spreadsheets() {
        let options = CsvOptions {
            safe: true,
            ..plain()
        };
        let cell = |value: Value| {
            let csv = written(&options, false, &["a"], &[json!({"a": value})]);
            let row = csv.strip_prefix("\u{feff}a\r\n").unwrap().to_owned();
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(row.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            record[0].to_owned()
        };
        for (text, safe) in [
            ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
            ("+1+1", "'+1+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r'=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("x;=1;y", "x;'=1;y"),
            ("x\n@a", "x\n'@a"),
            ("\"=1\"", "\"=1\""),
            ("a=1, b-2", "a=1, b-2"),
            ("", ""),
        ] {
            assert_eq!(cell(json!(text)), safe);
        }
        assert_eq!(cell(json!(-1.5)), "-1.5");
        assert_eq!(
            cell(json!([{"key": "k", "value": "x;=1"}])),
            r#"{"k":"x;'=1"}"#
        );
    }

    #[test]
    fn escapes_hidden_characters_for_a_terminal() {
        let items = [json!({"a": "\u{1b}[2J\n\u{9b}", "b": "\u{202e}"})];
        let options = CsvOptions {
            safe: true,
            ..plain()
        };
        assert_eq!(
            written(&options, true, &["a", "b"], &items),
            "a,b\r\n\\u{1b}[2J\\n\\u{9b},\\u{202e}\r\n"
        );
    }
}
