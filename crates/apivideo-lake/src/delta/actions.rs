//! The actions of a log, by <https://github.com/delta-io/delta/blob/master/PROTOCOL.md>.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::schema;
use crate::manifest::FileEntry;
use crate::partition::Partition;
use crate::table::Table;

/// The column of the partitions.
pub(super) const DATE: &str = "date";

/// A line of a version, or a row of a checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Action {
    CommitInfo(CommitInfo),
    Protocol(Protocol),
    MetaData(Metadata),
    Add(Add),
    Remove(Remove),
}

/// Who wrote a version, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CommitInfo {
    /// In milliseconds since the Unix epoch, as all times of a log.
    pub(super) timestamp: i64,
    pub(super) operation: String,
    pub(super) operation_parameters: BTreeMap<String, Value>,
    pub(super) engine_info: String,
}

/// The versions of the protocol that readers and writers have to support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Protocol {
    pub(super) min_reader_version: u32,
    pub(super) min_writer_version: u32,
}

/// The columns of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    pub(super) id: String,
    #[serde(default)]
    pub(super) format: FileFormat,
    pub(super) schema_string: String,
    pub(super) partition_columns: Vec<String>,
    #[serde(default)]
    pub(super) created_time: Option<i64>,
    #[serde(default)]
    pub(super) configuration: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileFormat {
    pub(super) provider: String,
    #[serde(default)]
    pub(super) options: BTreeMap<String, String>,
}

/// A file that belongs to the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Add {
    /// Relative to the folder of the table. All characters of our names are those of a URI.
    pub(super) path: String,
    pub(super) partition_values: BTreeMap<String, Option<String>>,
    pub(super) size: u64,
    pub(super) modification_time: i64,
    pub(super) data_change: bool,
    /// JSON. Only the number of rows: the lowest and highest values could be personal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stats: Option<String>,
    /// Of other writers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deletion_vector: Option<Value>,
}

/// A file that no longer belongs to the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Remove {
    pub(super) path: String,
    #[serde(default)]
    pub(super) deletion_timestamp: Option<i64>,
    pub(super) data_change: bool,
}

impl Protocol {
    /// The first version of the protocol that deltalake, Spark and the other engines write.
    pub(super) const OWN: Self = Self {
        min_reader_version: 1,
        min_writer_version: 2,
    };
}

impl Default for FileFormat {
    fn default() -> Self {
        Self {
            provider: "parquet".to_owned(),
            options: BTreeMap::new(),
        }
    }
}

impl CommitInfo {
    pub(super) fn new(now: i64) -> Self {
        let mode = ("mode".to_owned(), Value::from("Overwrite"));
        Self {
            timestamp: now,
            operation: "WRITE".to_owned(),
            operation_parameters: BTreeMap::from([mode]),
            engine_info: concat!("apivideo-lake/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl Metadata {
    pub(super) fn new(table: Table, id: String, now: i64) -> Self {
        Self {
            id,
            format: FileFormat::default(),
            schema_string: schema::of(table),
            partition_columns: match table {
                Table::Lengths => Vec::new(),
                _ => vec![DATE.to_owned()],
            },
            created_time: Some(now),
            configuration: BTreeMap::new(),
        }
    }

    /// Returns whether the columns are those of the table.
    pub(super) fn is_of(&self, table: Table) -> bool {
        let own = Self::new(table, String::new(), 0);
        self.schema_string == own.schema_string && self.partition_columns == own.partition_columns
    }
}

impl Add {
    /// Returns the action of a file of a partition; tables without partitions have `None`.
    pub(super) fn new(
        table: Table,
        partition: Option<Partition>,
        entry: &FileEntry,
        now: i64,
    ) -> Self {
        let date = |partition: Partition| {
            let date = partition.day().map(|day| day.to_string());
            (DATE.to_owned(), date)
        };
        Self {
            path: path(table, &entry.path).to_owned(),
            partition_values: partition.map(date).into_iter().collect(),
            size: entry.written.bytes,
            modification_time: now,
            data_change: true,
            stats: Some(format!(r#"{{"numRecords":{}}}"#, entry.written.rows)),
            deletion_vector: None,
        }
    }

    /// Returns the partition of the file; `None` in a table without partitions.
    pub(super) fn partition(&self) -> Option<Partition> {
        let date = self.partition_values.get(DATE)?;
        match date.as_deref() {
            None | Some("") => Some(Partition::Unknown),
            Some(day) => day.parse().ok(),
        }
    }

    /// Returns whether the action is of the same file in the same partition.
    pub(super) fn is_same_file(&self, other: &Self) -> bool {
        self.path == other.path
            && self.partition_values == other.partition_values
            && self.size == other.size
            && self.deletion_vector == other.deletion_vector
    }
}

/// Returns the path of a file relative to the folder of its table.
pub(super) fn path(table: Table, name: &str) -> &str {
    let path = name.strip_prefix(table.name());
    path.and_then(|path| path.strip_prefix('/')).unwrap_or(name)
}

/// Returns the name of a file by its path relative to the folder of its table.
pub(super) fn name(table: Table, path: &str) -> String {
    format!("{table}/{path}")
}
