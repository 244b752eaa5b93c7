//! How items are written: one sink per format.

mod csv;
mod flat;
mod json;
mod record;
mod table;

use std::io::{self, IsTerminal, Write};

use apivideo::PageSize;

pub(crate) use record::Record;

use crate::args::Format;

/// Where the bytes go.
type Out = Box<dyn Write>;

/// Takes items one by one. What an incomplete list leaves behind never looks like a complete one where the format can
/// tell the two apart.
pub(crate) trait Sink<T> {
    /// Takes the next item.
    fn item(&mut self, item: &T) -> io::Result<()>;

    /// Writes out what was taken: nothing comes for a while, or ever again.
    fn pause(&mut self) -> io::Result<()>;

    /// All items were taken. Gives what is to be said about them, to whoever looks on.
    fn finish(&mut self) -> io::Result<Option<String>>;
}

/// The sink of this format; for a terminal or for the next tool where none is chosen.
pub(crate) fn sink<T: Record>(
    format: Option<Format>,
    page_size: PageSize,
    out: Out,
) -> Box<dyn Sink<T>> {
    let usual = || match io::stdout().is_terminal() {
        true => Format::Table,
        false => Format::Ndjson,
    };
    match format.unwrap_or_else(usual) {
        Format::Table => Box::new(table::Table::new(out, page_size, table::room())),
        Format::Json => Box::new(json::Array::new(out)),
        Format::Ndjson => Box::new(json::Lines::new(out)),
        Format::Csv => Box::new(csv::Csv::new(out)),
    }
}
