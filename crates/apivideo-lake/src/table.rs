//! The tables of a lake and their columns.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use apivideo::AssetId;
use serde::{Deserialize, Serialize};

use crate::asset_id;
use crate::column::{Column, ColumnKind, required};
use crate::columns::{BUCKET, EVENT, SESSION, TIMESERIES_POINT};
use crate::error::Error;

/// The column of everything that has no column of its own.
pub(crate) const EXTRA: &str = "extra";

/// A table of a lake: a folder with one file for each day.
///
/// ```
/// use apivideo_lake::Table;
///
/// let names: Vec<_> = Table::Events.columns().iter().map(|column| column.name).collect();
/// assert_eq!(names[..5], ["asset_kind", "asset_id", "session_id", "number", "type"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Table {
    /// Player sessions.
    Sessions,
    /// The events of player sessions.
    Events,
    /// Plays of a day by asset, country, device and other dimensions.
    Buckets,
    /// Plays of a day by hour.
    Timeseries,
    /// What sessions played: intervals of media and wall-clock time. Derived from sessions and events.
    Played,
    /// Sessions and what their events show. Derived from sessions and events.
    Playbacks,
    /// Seeks of sessions; those that follow each other within 2 s are one. Derived from sessions and events.
    Seeks,
    /// The inferred lengths of videos: one file for all days. Derived from sessions and events.
    Lengths,
}

/// The description of a column of a [`Table`].
///
/// ```
/// use apivideo_lake::Table;
///
/// let column = Table::Sessions.columns().iter().find(|column| column.name == "location_city").unwrap();
/// assert_eq!((column.field, column.is_required), ("location.city", false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ColumnInfo {
    /// The name: snake case, valid in SQL without quotes.
    pub name: &'static str,
    /// The path of the field in the service's responses, such as `location.country`; empty if there is none.
    pub field: &'static str,
    /// The kind of the values.
    pub kind: ColumnKind,
    /// Whether every row has a value.
    pub is_required: bool,
}

impl<T> From<&Column<T>> for ColumnInfo {
    fn from(column: &Column<T>) -> Self {
        Self {
            name: column.name(),
            field: column.field(),
            kind: column.kind(),
            is_required: column.is_required(),
        }
    }
}

/// The identity of a session. Rows of sessions and events are sorted by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) asset_kind: String,
    pub(crate) asset_id: String,
    pub(crate) session_id: String,
}

impl Key {
    /// Returns the asset in the form `video/ID` or `live-stream/ID`.
    pub(crate) fn asset(&self) -> String {
        format!("{}/{}", self.asset_kind, self.asset_id)
    }

    /// Returns the asset, if its columns are valid.
    pub(crate) fn asset_id(&self) -> Option<AssetId> {
        self.asset().parse().ok()
    }
}

/// The position of an event: its session, and its index in the session's events.
pub(crate) struct EventPosition {
    pub(crate) key: Key,
    pub(crate) number: i64,
}

/// The asset, metric and dimension for which a bucket or point was requested.
pub(crate) struct Measure {
    pub(crate) asset: AssetId,
    pub(crate) metric: String,
    /// Empty for time series.
    pub(crate) breakdown: String,
}

// The leading columns of each table identify a row. The columns of its item follow.

#[rustfmt::skip] // One line for each column.
pub(crate) static SESSION_KEY: &[Column<AssetId>] = &[
    required(Column::string("asset_kind", "", |asset| Some(asset_id::kind(asset)))),
    required(Column::string("asset_id", "", |asset| Some(asset.as_str()))),
];

#[rustfmt::skip] // One line for each column.
pub(crate) static EVENT_KEY: &[Column<EventPosition>] = &[
    required(Column::string("asset_kind", "", |event| Some(&event.key.asset_kind))),
    required(Column::string("asset_id", "", |event| Some(&event.key.asset_id))),
    required(Column::string("session_id", "session.sessionId", |event| Some(&event.key.session_id))),
    required(Column::integer("number", "", |event| Some(event.number))),
];

#[rustfmt::skip] // One line for each column.
pub(crate) static BUCKET_KEY: &[Column<Measure>] = &[
    required(Column::string("asset_kind", "", |measure| Some(asset_id::kind(&measure.asset)))),
    required(Column::string("asset_id", "", |measure| Some(measure.asset.as_str()))),
    required(Column::string("metric", "", |measure| Some(&measure.metric))),
    required(Column::string("breakdown", "", |measure| Some(&measure.breakdown))),
];

#[rustfmt::skip] // One line for each column.
pub(crate) static TIMESERIES_KEY: &[Column<Measure>] = &[
    required(Column::string("asset_kind", "", |measure| Some(asset_id::kind(&measure.asset)))),
    required(Column::string("asset_id", "", |measure| Some(measure.asset.as_str()))),
    required(Column::string("metric", "", |measure| Some(&measure.metric))),
];

mod derived;

static SESSIONS: LazyLock<Vec<ColumnInfo>> = LazyLock::new(|| describe(SESSION_KEY, SESSION));
static EVENTS: LazyLock<Vec<ColumnInfo>> = LazyLock::new(|| describe(EVENT_KEY, EVENT));
static BUCKETS: LazyLock<Vec<ColumnInfo>> = LazyLock::new(|| describe(BUCKET_KEY, BUCKET));
static TIMESERIES: LazyLock<Vec<ColumnInfo>> =
    LazyLock::new(|| describe(TIMESERIES_KEY, TIMESERIES_POINT));

/// Returns the columns of a table: those of the key, those of the item, and `extra`.
fn describe<K, T>(key: &[Column<K>], item: &[Column<T>]) -> Vec<ColumnInfo> {
    let extra = ColumnInfo {
        name: EXTRA,
        field: "",
        kind: ColumnKind::Json,
        is_required: false,
    };
    let columns = key.iter().map(ColumnInfo::from);
    columns
        .chain(item.iter().map(ColumnInfo::from))
        .chain([extra])
        .collect()
}

impl Table {
    /// All tables.
    ///
    /// ```
    /// let names = apivideo_lake::Table::ALL.map(|table| table.name());
    /// assert_eq!(names[..3], ["sessions", "events", "buckets"]);
    /// ```
    pub const ALL: [Self; 8] = [
        Self::Sessions,
        Self::Events,
        Self::Buckets,
        Self::Timeseries,
        Self::Played,
        Self::Playbacks,
        Self::Seeks,
        Self::Lengths,
    ];

    /// The tables that a pull downloads.
    pub(crate) const PULLED: [Self; 4] = [
        Self::Sessions,
        Self::Events,
        Self::Buckets,
        Self::Timeseries,
    ];

    /// The derived tables with a file for each day.
    pub(crate) const DERIVED_BY_DAY: [Self; 3] = [Self::Played, Self::Playbacks, Self::Seeks];

    /// Returns whether the table is computed from the tables of sessions and events, without a request.
    ///
    /// ```
    /// use apivideo_lake::Table;
    ///
    /// assert!(Table::Played.is_derived() && !Table::Events.is_derived());
    /// ```
    #[must_use]
    pub fn is_derived(self) -> bool {
        !Self::PULLED.contains(&self)
    }

    /// Returns the name of the table and of its folder.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Table::Sessions.name(), "sessions");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Events => "events",
            Self::Buckets => "buckets",
            Self::Timeseries => "timeseries",
            Self::Played => "played",
            Self::Playbacks => "playbacks",
            Self::Seeks => "seeks",
            Self::Lengths => "lengths",
        }
    }

    /// Returns the columns in the order of the files. The column `date` is in no file: query engines read it from the
    /// names of the folders.
    ///
    /// ```
    /// assert!(apivideo_lake::Table::Sessions.columns().iter().any(|column| column.name == "location_country"));
    /// ```
    #[must_use]
    pub fn columns(self) -> &'static [ColumnInfo] {
        match self {
            Self::Sessions => &SESSIONS,
            Self::Events => &EVENTS,
            Self::Buckets => &BUCKETS,
            Self::Timeseries => &TIMESERIES,
            Self::Played => &derived::PLAYED,
            Self::Playbacks => &derived::PLAYBACKS,
            Self::Seeks => &derived::SEEKS,
            Self::Lengths => derived::LENGTHS,
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Table {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|table| table.name() == text)
            .ok_or_else(|| {
                let shown: String = text.chars().take(32).collect();
                Error::input(format!(
                    "invalid table {shown:?}: expected sessions, events, buckets, timeseries, played, playbacks, seeks or \
                     lengths"
                ))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::SCHEMA_VERSION;

    #[test]
    fn a_key_has_the_asset_of_its_columns() {
        let key = |asset_kind: &str, asset_id: &str| Key {
            asset_kind: asset_kind.to_owned(),
            asset_id: asset_id.to_owned(),
            session_id: "ps1".to_owned(),
        };
        for (kind, id) in [("video", "vi1"), ("live-stream", "li400")] {
            let asset = key(kind, id).asset_id().unwrap();
            assert_eq!((asset_id::kind(&asset), asset.as_str()), (kind, id));
        }
        for (kind, id) in [("clip", "1"), ("video", ""), ("video", "../x"), ("", "vi1")] {
            assert_eq!(key(kind, id).asset_id(), None, "{kind}/{id}");
        }
    }

    #[test]
    fn column_names_are_the_fields_of_the_service_in_snake_case() {
        for table in [Table::Sessions, Table::Events] {
            for column in table
                .columns()
                .iter()
                .filter(|column| !column.field.is_empty())
            {
                let field = column
                    .field
                    .strip_prefix("session.")
                    .unwrap_or(column.field);
                let mut name = String::new();
                for letter in field.chars() {
                    match letter {
                        '.' => name.push('_'),
                        letter if letter.is_ascii_uppercase() => {
                            name.push('_');
                            name.push(letter.to_ascii_lowercase());
                        }
                        letter => name.push(letter),
                    }
                }
                // Positions carry their unit, and would be reserved words of SQL without it.
                assert_eq!(column.name.trim_end_matches("_seconds"), name);
            }
        }
    }

    #[test]
    fn columns_change_with_the_schema_version() {
        let mut columns = format!("version {SCHEMA_VERSION}\n");
        for table in Table::ALL {
            for column in table.columns() {
                let required = if column.is_required { " required" } else { "" };
                let (name, kind) = (column.name, column.kind);
                columns.push_str(&format!("{table}.{name} {kind:?}{required}\n"));
            }
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/table/columns.txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, &columns).unwrap();
        }
        let recorded = std::fs::read_to_string(path).unwrap().replace('\r', "");
        assert!(
            columns == recorded,
            "the columns have changed: if a published version has the previous ones, increase SCHEMA_VERSION in \
             src/columns.rs; then run the test again with UPDATE_GOLDEN=1:\n{columns}"
        );
    }

    #[test]
    fn column_names_are_unique_in_a_table() {
        for table in Table::ALL {
            let mut names: Vec<_> = table.columns().iter().map(|column| column.name).collect();
            names.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
        }
    }
}
