//! Output of items: one sink per format.

mod csv;
mod event_rows;
mod field_source;
mod field_value;
#[cfg(feature = "jq")]
pub(crate) mod jq;
mod json;
mod projection;
pub(crate) mod schema;
mod sink;
mod table;

use std::io::{self, IsTerminal, Write};

use apivideo::PageSize;
use serde::Serialize;

use crate::destination::Destination;
use crate::failure::Failure;
use crate::format::{CsvOptions, Format, ResumeState};
use event_rows::EventRows;
use json::Json;
pub(crate) use projection::Projection;
pub(crate) use sink::Sink;
pub(crate) use table::max_width;

/// Returns the format that was set; defaults to a table on a terminal and to NDJSON otherwise. A table needs known columns.
///
/// With `--jq`, items are filtered as JSON.
pub(crate) fn choose_format(set: Option<Format>, projection: &Projection) -> Format {
    let default = || match io::stdout().is_terminal() && !projection.fields.is_empty() {
        true => Format::Table,
        false => Format::Ndjson,
    };
    set.unwrap_or_else(default)
}

/// The options of a sink.
#[derive(Clone, Debug)]
pub(crate) struct SinkOptions {
    pub(crate) format: Format,
    pub(crate) csv: CsvOptions,
    /// The number of rows that determine the column widths of a table.
    pub(crate) page_size: PageSize,
    /// The filter of `--jq`, which is applied to each item.
    #[cfg_attr(not(feature = "jq"), expect(dead_code, reason = "only filters use it"))]
    pub(crate) jq: Option<String>,
}

/// Returns a sink that writes to this destination. Items are appended to those of earlier runs, so that the output equals
/// that of a single run.
pub(crate) fn sink<T: Serialize>(
    options: &SinkOptions,
    projection: &Projection,
    destination: &Destination,
    resume: &ResumeState,
) -> Result<Box<dyn Sink<T>>, Failure> {
    if projection.has_event_rows {
        let rows = Projection {
            has_event_rows: false,
            ..projection.clone()
        };
        let inner = sink(options, &rows, destination, resume)?;
        return Ok(Box::new(EventRows::new(inner)));
    }
    let resumes = resume.written > 0;
    if projection.fields.is_empty() && matches!(options.format, Format::Table | Format::Csv) {
        return Err(Failure::usage("the columns of this list are not known")
            .with_hint("select columns with --fields, or use --output json or ndjson"));
    }
    let projection = projection.clone();
    let to_terminal = destination.is_terminal();
    let out = destination.writer().map_err(Failure::output)?;
    #[cfg(feature = "jq")]
    if let Some(filter) = &options.jq {
        let filter = jq::Jq::compile(filter).map_err(Failure::usage)?;
        // Escapes are applied to the results.
        let json = Json::new(projection.selected, false);
        return Ok(Box::new(jq::JqLines::new(out, json, filter, to_terminal)));
    }
    Ok(match options.format {
        Format::Table => {
            let table = table::Table::new(out, projection, options.page_size, table::max_width());
            Box::new(table.resume(resume))
        }
        Format::Json => {
            let json = Json::new(projection.selected, to_terminal);
            Box::new(json::Array::new(out, json, resumes))
        }
        Format::Ndjson => {
            let json = Json::new(projection.selected, to_terminal);
            Box::new(json::Lines::new(out, json))
        }
        Format::Csv => Box::new(csv::Csv::new(
            out,
            projection.fields,
            options.csv.clone(),
            to_terminal,
            resumes,
        )),
    })
}

/// Writes a value as a line of JSON to a destination.
///
/// `jq` is the filter of `--jq`, which is applied to the value.
pub(crate) fn write_json<T: Serialize>(
    value: &T,
    destination: &Destination,
    jq: Option<&str>,
) -> Result<(), Failure> {
    let options = SinkOptions {
        format: Format::Ndjson,
        csv: CsvOptions::default(),
        page_size: PageSize::default(),
        jq: jq.map(str::to_owned),
    };
    let mut sink = sink::<T>(
        &options,
        &Projection::all(),
        destination,
        &ResumeState::default(),
    )?;
    let written = sink.write(value).and_then(|()| sink.finish());
    written
        .and_then(|_| destination.sync())
        .map_err(Failure::output)
}

/// Writes a value as a line of JSON to stdout.
pub(crate) fn print_json<T: Serialize>(value: &T) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    Json::new(None, stdout.is_terminal())
        .write(&mut stdout, value)
        .and_then(|()| stdout.write_all(b"\n"))
        .and_then(|()| stdout.flush())
        .map_err(Failure::output)
}

/// Writes text to stdout.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::output)
}
