//! How items are written: one sink per format.

mod csv;
mod flat;
mod json;
pub(crate) mod record;
mod table;
mod view;

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

pub(crate) use csv::CsvOptions;
use json::Json;
pub(crate) use view::View;

use crate::args::Format;
use crate::config::Settings;
use crate::destination::Destination;
use crate::failure::Failure;

/// Where the bytes go.
pub(crate) type Out = Box<dyn Write>;

/// The columns of a table and their widths, in order.
pub(crate) type Layout = Vec<(String, usize)>;

/// What an earlier run has written, to which more is appended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Before {
    /// How many items.
    pub(crate) written: u64,
    pub(crate) layout: Option<Layout>,
}

/// Takes items one by one. What an incomplete list leaves behind never looks like a complete one where the format can
/// tell the two apart.
pub(crate) trait Sink<T> {
    /// Takes the next item.
    fn item(&mut self, item: &T) -> io::Result<()>;

    /// Writes out what was taken: nothing comes for a while, or ever again.
    fn pause(&mut self) -> io::Result<()>;

    /// Where columns stand, for a run that goes on; nothing where the format has no such thing.
    fn layout(&self) -> Option<Layout> {
        None
    }

    /// All items were taken. Gives what is to be said about them, to whoever looks on.
    fn finish(&mut self) -> io::Result<Option<String>>;
}

/// The format that was chosen; else the one for a terminal or for the next tool. There is no table without columns.
pub(crate) fn format(settings: &Settings, view: &View) -> Format {
    let usual = || match io::stdout().is_terminal() && !view.fields.is_empty() {
        true => Format::Table,
        false => Format::Ndjson,
    };
    settings
        .output
        .as_ref()
        .map_or_else(usual, |output| output.value)
}

/// The sink of this format, to this destination. What comes is appended to what was written before, so that both together are what
/// one run would have written.
pub(crate) fn sink<T: Serialize>(
    format: Format,
    view: &View,
    settings: &Settings,
    destination: &Destination,
    before: &Before,
) -> Result<Box<dyn Sink<T>>, Failure> {
    let continues = before.written > 0;
    if view.fields.is_empty() && matches!(format, Format::Table | Format::Csv) {
        return Err(Failure::usage(
            "which columns there are is not known here; choose them by --fields, or take --output json or ndjson",
        ));
    }
    let view = view.clone();
    let to_terminal = destination.is_terminal();
    let out = destination.writer().map_err(Failure::output)?;
    Ok(match format {
        Format::Table => Box::new({
            let table = table::Table::new(out, view, settings.page_size.value, table::room());
            table.after(before)
        }),
        Format::Json => {
            let json = Json::new(view.chosen, to_terminal);
            Box::new(json::Array::new(out, json, continues))
        }
        Format::Ndjson => {
            let json = Json::new(view.chosen, to_terminal);
            Box::new(json::Lines::new(out, json))
        }
        Format::Csv => {
            let options = settings.csv.clone();
            Box::new(csv::Csv::new(
                out,
                view.fields,
                options,
                to_terminal,
                continues,
            ))
        }
    })
}

/// Writes one value as a line of JSON to stdout.
pub(crate) fn print_json<T: Serialize>(value: &T) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    Json::new(None, stdout.is_terminal())
        .write(&mut stdout, value)
        .and_then(|()| stdout.write_all(b"\n"))
        .and_then(|()| stdout.flush())
        .map_err(Failure::output)
}

/// Writes a text by itself to stdout.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::output)
}
