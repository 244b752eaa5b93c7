//! The file formats: rows to bytes, and back.

mod batch;
mod csv;
mod json;
#[cfg(feature = "parquet")]
mod parquet;

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub(crate) use json::canonical;
#[cfg(test)]
pub(crate) use json::write_row;

pub(crate) use batch::Batch;

use crate::column::Cell;
use crate::digest::DigestWriter;
use crate::error::{Error, Result};
use crate::event_scope::EventScope;
use crate::row::Row;
use crate::table::Table;

/// The format of the files of a lake.
///
/// ```
/// use apivideo_lake::Format;
///
/// assert_eq!("ndjson".parse::<Format>()?, Format::Ndjson);
/// assert!(Format::Csv.is_available());
/// # Ok::<(), apivideo_lake::Error>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// Apache Parquet, compressed with zstd.
    #[default]
    Parquet,
    /// Newline-delimited JSON: one object with all columns per line.
    Ndjson,
    /// CSV by RFC 4180 with a header. An unquoted empty field is NULL, `""` is the empty string.
    Csv,
}

impl Format {
    /// All formats, including those that are not built in.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Format::ALL.len(), 3);
    /// ```
    pub const ALL: [Self; 3] = [Self::Parquet, Self::Ndjson, Self::Csv];

    /// Returns the name of the format, which is also the extension of its files.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Format::Parquet.name(), "parquet");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// Returns whether the format is built in. Parquet needs the feature `parquet`.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Format::Parquet.is_available(), cfg!(feature = "parquet"));
    /// ```
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Parquet => cfg!(feature = "parquet"),
            Self::Ndjson | Self::Csv => true,
        }
    }

    pub(crate) fn check_available(self) -> Result<()> {
        if self.is_available() {
            return Ok(());
        }
        Err(Error::input(format!(
            "the format {self} is not built into this program: build it with the feature `parquet`, \
             which is a default feature of apivideo-lake and of the command, or choose ndjson or csv"
        )))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == text)
            .ok_or_else(|| {
                let shown: String = text.chars().take(32).collect();
                Error::input(format!(
                    "invalid format {shown:?}: expected parquet, ndjson or csv"
                ))
            })
    }
}

type Out = DigestWriter<BufWriter<File>>;

/// A file that rows are written to.
pub(crate) enum Writer {
    Json(json::Writer<Out>),
    Csv(csv::Writer<Out>),
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::Writer<Out>>),
}

/// The size and digest of a written file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

impl Writer {
    pub(crate) fn new(
        format: Format,
        table: Table,
        scope: EventScope,
        file: File,
    ) -> io::Result<Self> {
        #[cfg(not(feature = "parquet"))]
        let _ = scope; // The other formats have no metadata.

        let out = DigestWriter::new(BufWriter::with_capacity(64 * 1024, file));
        Ok(match format {
            Format::Ndjson => Self::Json(json::Writer::new(table, out)),
            Format::Csv => Self::Csv(csv::Writer::new(table, out)?),
            #[cfg(feature = "parquet")]
            Format::Parquet => Self::Parquet(Box::new(parquet::Writer::new(table, scope, out)?)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => return Err(io::Error::from(io::ErrorKind::Unsupported)),
        })
    }

    pub(crate) fn push(&mut self, row: &Row) -> io::Result<()> {
        self.push_cells(row.cells())
    }

    /// Writes a row of one cell for each column of the table. A JSON column accepts canonical JSON as a string as well.
    pub(crate) fn push_cells(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        match self {
            Self::Json(writer) => writer.push(cells),
            Self::Csv(writer) => writer.push(cells),
            #[cfg(feature = "parquet")]
            Self::Parquet(writer) => writer.push(cells),
        }
    }

    /// Writes what is buffered and syncs the file to disk.
    pub(crate) fn finish(self) -> io::Result<Written> {
        let (rows, out) = match self {
            Self::Json(writer) => writer.finish()?,
            Self::Csv(writer) => writer.finish()?,
            #[cfg(feature = "parquet")]
            Self::Parquet(writer) => writer.finish()?,
        };
        let (buffer, bytes, sha256) = out.finish();
        let file = buffer
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(Written {
            rows,
            bytes,
            sha256,
        })
    }
}

/// The rows of a file, read one after the other.
pub(crate) type Rows = Box<dyn Iterator<Item = Result<Row>> + Send>;

/// Reads a file written by [`Writer`].
///
/// `path` is for messages.
pub(crate) fn read(format: Format, table: Table, file: File, path: PathBuf) -> Result<Rows> {
    format.check_available()?;
    Ok(match format {
        Format::Ndjson => Box::new(json::read(table, file, path)),
        Format::Csv => Box::new(csv::read(table, file, path)),
        #[cfg(feature = "parquet")]
        Format::Parquet => Box::new(parquet::read(table, file, path)?),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => return Err(Error::input("the format parquet is not built in")),
    })
}

/// Some columns of a file, read in batches of rows.
pub(crate) type Batches = Box<dyn Iterator<Item = Result<Batch>> + Send>;

/// Reads columns of a file written by [`Writer`], by their names.
pub(crate) fn read_columns(
    format: Format,
    table: Table,
    file: File,
    path: PathBuf,
    names: &[&'static str],
) -> Result<Batches> {
    #[cfg(feature = "parquet")]
    if format == Format::Parquet {
        let batches = parquet::read_columns(table, file, path, names)?;
        return Ok(Box::new(batches));
    }
    let rows = read(format, table, file, path)?;
    Ok(Box::new(batch::from_rows(table, names, rows)))
}

#[cfg(test)]
mod tests;
