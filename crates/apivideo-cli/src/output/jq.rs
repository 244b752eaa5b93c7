//! `--jq`: a filter in the language of jq, applied to each item.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use jaq_core::load::{Arena, File, Loader, lex, parse};
use jaq_core::{Compiler, Ctx, Filter, Vars, data, load};
use jaq_json::Val;
use serde::Serialize;

use super::json::{Json, escape};
use super::sink::Sink;
use crate::destination::Out;
use crate::failure::FilterError;
use crate::text::printable;

type Data = data::JustLut<Val>;

/// A compiled filter.
pub(crate) struct Jq(Filter<Data>);

impl Jq {
    /// Compiles a filter. The error has the position in the filter.
    ///
    /// Filters have no access to the environment, which contains the API key.
    pub(crate) fn compile(code: &str) -> Result<Self, InvalidFilter> {
        let defs = jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs());
        let funs = jaq_core::funs()
            .chain(jaq_std::funs())
            .chain(jaq_json::funs())
            .filter(|(name, ..)| *name != "env");
        let arena = Arena::default();
        let modules = Loader::new(defs)
            .load(&arena, File { code, path: () })
            .map_err(|errors| InvalidFilter::of_loading(code, errors))?;
        let filter = Compiler::default()
            .with_funs(funs)
            .compile(modules)
            .map_err(|errors| InvalidFilter::of_compilation(code, errors))?;
        Ok(Self(filter))
    }

    /// Runs the filter on a JSON value, and passes each result to `write`.
    fn run(
        &self,
        json: &[u8],
        mut write: impl FnMut(&Val) -> io::Result<()>,
    ) -> Result<(), RunError> {
        let input =
            jaq_json::read::parse_single(json).map_err(|error| RunError::new(error.to_string()))?;
        let context = Ctx::<Data>::new(&self.0.lut, Vars::new([]));
        for value in self.0.id.run((context, input)) {
            match value {
                Ok(value) => write(&value).map_err(RunError::Output)?,
                Err(exception) => {
                    return Err(match exception.get_err() {
                        Ok(error) => RunError::new(error.to_string()),
                        Err(_) => RunError::new("it called halt".to_owned()),
                    });
                }
            }
        }
        Ok(())
    }
}

/// A filter that is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidFilter {
    /// The position in characters, from 1.
    at: usize,
    message: String,
}

impl InvalidFilter {
    /// `rest` is a slice of `code`, whose start is the position.
    fn new(code: &str, rest: &str, message: String) -> Self {
        let offset = (rest.as_ptr() as usize)
            .checked_sub(code.as_ptr() as usize)
            .filter(|offset| code.is_char_boundary(*offset))
            .unwrap_or(code.len());
        let at = code[..offset].chars().count() + 1;
        Self { at, message }
    }

    fn of_loading(code: &str, errors: load::Errors<&str, ()>) -> Self {
        let first = errors.into_iter().next().map(|(_, error)| error);
        let end = &code[code.len()..];
        let found = match first {
            Some(load::Error::Lex(errors)) => {
                let error = errors.into_iter().next();
                error.map(|(expected, rest): lex::Error<&str>| (expected.as_str(), rest))
            }
            Some(load::Error::Parse(errors)) => {
                let error = errors.into_iter().next();
                error.map(|(expected, rest): parse::Error<&str>| (expected.as_str(), rest))
            }
            Some(load::Error::Io(errors)) => {
                let error = errors.into_iter().next();
                return match error {
                    Some((path, message)) => Self::new(code, path, message),
                    None => Self::new(code, end, "invalid import".to_owned()),
                };
            }
            None => None,
        };
        let (expected, rest) = found.unwrap_or(("a filter", end));
        // The error at the end has no slice of its own.
        let rest = if rest.is_empty() { end } else { rest };
        Self::new(code, rest, format!("expected {expected}"))
    }

    fn of_compilation(code: &str, errors: jaq_core::compile::Errors<&str, ()>) -> Self {
        let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
        match first {
            Some((name, undefined)) => Self::new(
                code,
                name,
                format!("undefined {} `{name}`", undefined.as_str()),
            ),
            None => Self::new(code, &code[code.len()..], "invalid filter".to_owned()),
        }
    }
}

impl fmt::Display for InvalidFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.at, self.message)
    }
}

impl Error for InvalidFilter {}

/// Why a filter ended early.
enum RunError {
    Filter(String),
    Output(io::Error),
}

impl RunError {
    fn new(message: String) -> Self {
        Self::Filter(message)
    }
}

/// Applies a filter to each item, and writes its results: strings as they are, other values as JSON, each on a line.
pub(crate) struct JqLines {
    out: Out,
    json: Json,
    filter: Jq,
    to_terminal: bool,
    /// The number of items so far.
    items: u64,
}

impl JqLines {
    /// `json` selects the fields of the items that the filter is applied to.
    pub(crate) fn new(out: Out, json: Json, filter: Jq, to_terminal: bool) -> Self {
        Self {
            out,
            json,
            filter,
            to_terminal,
            items: 0,
        }
    }
}

impl<T: Serialize> Sink<T> for JqLines {
    fn write(&mut self, item: &T) -> io::Result<()> {
        self.items += 1;
        let mut text = Vec::new();
        self.json.write(&mut text, item)?;
        let (out, to_terminal) = (&mut self.out, self.to_terminal);
        let result = self
            .filter
            .run(&text, |value| write_value(out, value, to_terminal));
        result.map_err(|error| match error {
            RunError::Output(error) => error,
            RunError::Filter(message) => io::Error::other(FilterError {
                item: self.items,
                message,
            }),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<Option<String>> {
        self.out.flush()?;
        Ok(None)
    }
}

fn write_value(out: &mut Out, value: &Val, to_terminal: bool) -> io::Result<()> {
    match (value, to_terminal) {
        (Val::TStr(text), false) => out.write_all(text)?,
        (Val::TStr(text), true) => {
            let text = String::from_utf8_lossy(text);
            let lines: Vec<_> = text.split('\n').map(printable).collect();
            out.write_all(lines.join("\n").as_bytes())?;
        }
        (other, false) => write!(out, "{other}")?,
        (other, true) => escape(out, &other.to_string())?,
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn results(filter: &str, input: &serde_json::Value) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let jq = Jq::compile(filter).unwrap();
        let run = jq.run(input.to_string().as_bytes(), |value| {
            found.push(value.to_string());
            Ok(())
        });
        match run {
            Ok(()) => Ok(found),
            Err(RunError::Filter(message)) => Err(message),
            Err(RunError::Output(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn filters_have_any_number_of_results() {
        let input = json!({"a": [1, 2.5, "x"], "big": 12345678901234567890_u64});
        for (filter, expected) in [
            (".a[]", &["1", "2.5", r#""x""#][..]),
            (".a|length", &["3"]),
            ("empty", &[]),
            ("{b: .a[0]}", &[r#"{"b":1}"#]),
            (".big", &["12345678901234567890"]),
            (r#"[.a[]|tostring]|join("-")"#, &[r#""1-2.5-x""#]),
            (r#".a|@sh"#, &[r#""1 2.5 'x'""#]),
            (r#""2022-01-01T00:00:00Z"|fromdate"#, &["1640995200"]),
            (r#""abc"|test("B"; "i")"#, &["true"]),
        ] {
            assert_eq!(results(filter, &input).unwrap(), expected, "{filter}");
        }
    }

    #[test]
    fn invalid_filters_have_a_position() {
        for (filter, expected) in [
            (".a | nonsense", "at character 6: undefined filter"),
            (".a[", "at character 4: expected closing bracket"),
            ("", "at character 1: expected term"),
            ("\"é\" | $x", "at character 7: undefined variable `$x`"),
            (".a |", "at character 5: expected term"),
            ("§", "at character 1: expected "),
            ("env", "at character 1: undefined filter"),
            ("import \"a\" as a; .", "at character "),
        ] {
            let Err(error) = Jq::compile(filter) else {
                panic!("{filter} is valid");
            };
            let text = error.to_string();
            assert!(text.starts_with(expected), "{filter}: {text}");
        }
    }

    #[test]
    fn failures_have_a_reason() {
        let input = json!({"a": "x"});
        for (filter, part) in [
            (".a.b", "index"),
            (r#"error("my reason")"#, "my reason"),
            ("halt", "halt"),
            (".a|tonumber", "x"),
        ] {
            let message = results(filter, &input).unwrap_err();
            assert!(message.contains(part), "{filter}: {message}");
        }
    }
}
