//! Output formats, and the state of an output that a later run resumes.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// The output format of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for reading; long cells are truncated
    Table,
    /// One JSON array, closed only when it is complete
    Json,
    /// One JSON object per line, with all fields the service returned
    Ndjson,
    /// A header and one line per item: known fields in dotted notation (location.country), times in UTC, metadata as a
    /// JSON object, other lists as JSON arrays
    Csv,
}

impl Format {
    /// Returns the name of the format, as `--output` accepts it.
    pub(crate) fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// The layout of the events of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EventLayout {
    /// A field of the session with a list of its events
    Nested,
    /// A row per event
    Rows,
}

/// Options of CSV beyond RFC 4180.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CsvOptions {
    /// For spreadsheets: writes a byte order mark, and escapes cells that would be read as formulas.
    pub(crate) safe: bool,
    /// The text of unknown values, which are empty by default. A string equal to it is quoted.
    pub(crate) null: Option<String>,
}

/// The options of an output that a later run can only resume with the same values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OutputOptions {
    /// The value of `--fields`.
    pub(crate) fields: Option<Vec<String>>,
    pub(crate) csv: CsvOptions,
    /// Whether each event of a session is a row.
    pub(crate) has_event_rows: bool,
    /// The filter of `--jq`.
    pub(crate) jq: Option<String>,
}

/// The columns of a table and their widths, in order.
pub(crate) type Layout = Vec<(String, usize)>;

/// The output of earlier runs that is resumed.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResumeState {
    /// The number of items.
    pub(crate) written: u64,
    pub(crate) layout: Option<Layout>,
}
