//! The fields of a session that can be dropped or hashed, and their names.

use crate::error::{Error, Result};
use crate::table::{ColumnInfo, Table};

/// The columns that every lake needs.
const REQUIRED: [&str; 5] = [
    "asset_kind",
    "asset_id",
    "session_id",
    "loaded_at",
    "ended_at",
];

/// A field of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Column(&'static ColumnInfo),
    /// A key of the metadata.
    Metadata(String),
}

impl Target {
    /// Resolves the name of a field: its path, its last part if no other field has the same, the name of its column, or
    /// `metadata.KEY`.
    pub(super) fn parse(field: &str) -> Result<Self> {
        if let Some(key) = field
            .strip_prefix("metadata.")
            .or_else(|| field.strip_prefix("session.metadata."))
            && !key.is_empty()
        {
            return Ok(Self::Metadata(key.to_owned()));
        }
        let columns = || Table::Sessions.columns().iter();
        let exact: Vec<&ColumnInfo> = columns()
            .filter(|column| column.name == field || column.field == field)
            .collect();
        let matches = match exact.is_empty() {
            // Columns without a field of the service have an empty path.
            _ if field.is_empty() => Vec::new(),
            true => columns()
                .filter(|column| column.field.rsplit('.').next() == Some(field))
                .collect(),
            false => exact,
        };
        let shown: String = field.chars().take(64).collect();
        match matches.as_slice() {
            [column] if REQUIRED.contains(&column.name) => Err(Error::input(format!(
                "invalid field {shown:?}: a lake needs the ids and times of sessions"
            ))),
            [column] => Ok(Self::Column(column)),
            [] => {
                let known: Vec<&str> = columns()
                    .filter(|column| !REQUIRED.contains(&column.name))
                    .map(|column| match column.field {
                        "" => column.name,
                        field => field,
                    })
                    .collect();
                Err(Error::input(format!(
                    "invalid field {shown:?}: expected {}, or metadata.KEY",
                    known.join(", ")
                )))
            }
            several => {
                let fields: Vec<&str> = several.iter().map(|column| column.field).collect();
                Err(Error::input(format!(
                    "ambiguous field {shown:?}: write {}",
                    fields.join(" or ")
                )))
            }
        }
    }

    /// Returns the name that manifests store.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Column(column) => column.name.to_owned(),
            Self::Metadata(key) => format!("metadata.{key}"),
        }
    }
}
