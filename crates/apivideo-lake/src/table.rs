//! The tables of a mirror: their columns, and rows.

use apivideo::Timestamp;
use serde_json::{Map, Value};

/// The version of the columns; it goes up when they change.
pub(crate) const SCHEMA: u32 = 2;

/// A table: a folder of files by day.
///
/// ```
/// use apivideo_lake::Table;
///
/// let names: Vec<_> = Table::Events.columns().map(|column| column.name).collect();
/// assert_eq!(names[..5], ["asset_kind", "asset_id", "session_id", "number", "type"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Table {
    /// Player sessions.
    Sessions,
    /// What happened in them.
    Events,
    /// Numbers of a day by country, device and the like.
    Buckets,
    /// Numbers by the hour.
    Timeseries,
}

/// A column of a table.
///
/// ```
/// let column = apivideo_lake::Table::Sessions.columns().find(|column| column.name == "location_city").unwrap();
/// assert_eq!((column.field, column.is_required), ("location.city", false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// The name, good for SQL without quotes.
    pub name: &'static str,
    /// The service's name of it, with dots between the parts; empty where the service has none.
    pub field: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether every row has it.
    pub is_required: bool,
}

/// What a column holds.
///
/// ```
/// use apivideo_lake::{ColumnKind, Table};
///
/// let times = Table::Sessions.columns().filter(|column| column.kind == ColumnKind::Time);
/// assert_eq!(times.count(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnKind {
    /// A text.
    Text,
    /// An instant in UTC, to the microsecond; one that is finer is in `extra` as well.
    Time,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A JSON object; in Parquet and CSV a string of JSON.
    Json,
}

use ColumnKind::{Integer, Json, Number, Text, Time};

const fn key(name: &'static str, field: &'static str) -> Column {
    Column {
        name,
        field,
        kind: Text,
        is_required: true,
    }
}

const fn column(name: &'static str, field: &'static str, kind: ColumnKind) -> Column {
    Column {
        name,
        field,
        kind,
        is_required: false,
    }
}

const SESSIONS: &[Column] = &[
    key("asset_kind", ""),
    key("asset_id", ""),
    key("session_id", "session.sessionId"),
    column("loaded_at", "session.loadedAt", Time),
    column("ended_at", "session.endedAt", Time),
    column("metadata", "session.metadata", Json),
    column("location_country", "location.country", Text),
    column("location_city", "location.city", Text),
    column("referrer_url", "referrer.url", Text),
    column("referrer_medium", "referrer.medium", Text),
    column("referrer_source", "referrer.source", Text),
    column("referrer_search_term", "referrer.searchTerm", Text),
    column("device_type", "device.type", Text),
    column("device_vendor", "device.vendor", Text),
    column("device_model", "device.model", Text),
    column("os_name", "os.name", Text),
    column("os_shortname", "os.shortname", Text),
    column("os_version", "os.version", Text),
    column("client_type", "client.type", Text),
    column("client_name", "client.name", Text),
    column("client_version", "client.version", Text),
    column("extra", "", Json),
];

const EVENTS: &[Column] = &[
    key("asset_kind", ""),
    key("asset_id", ""),
    key("session_id", "session.sessionId"),
    Column {
        name: "number",
        field: "",
        kind: Integer,
        is_required: true,
    },
    key("type", "type"),
    column("emitted_at", "emittedAt", Time),
    column("at_seconds", "at", Number),
    column("from_seconds", "from", Number),
    column("to_seconds", "to", Number),
    column("extra", "", Json),
];

const BUCKETS: &[Column] = &[
    key("asset_kind", ""),
    key("asset_id", ""),
    key("metric", ""),
    key("breakdown", ""),
    column("dimension_value", "dimensionValue", Text),
    column("metric_value", "metricValue", Number),
    column("extra", "", Json),
];

const TIMESERIES: &[Column] = &[
    key("asset_kind", ""),
    key("asset_id", ""),
    key("metric", ""),
    column("emitted_at", "emittedAt", Time),
    column("metric_value", "metricValue", Number),
    column("extra", "", Json),
];

/// Places of columns in sessions.
pub(crate) const ENDED_AT: usize = 4;
pub(crate) const LOADED_AT: usize = 3;
pub(crate) const METADATA: usize = 5;
pub(crate) const EXTRA: usize = 21;

impl Table {
    /// All of them.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Table::ALL.map(|table| table.name()), ["sessions", "events", "buckets", "timeseries"]);
    /// ```
    pub const ALL: [Self; 4] = [
        Self::Sessions,
        Self::Events,
        Self::Buckets,
        Self::Timeseries,
    ];

    /// Its name, and that of its folder.
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
        }
    }

    /// Its columns, in their order. In Parquet, `date` comes from the folder's name.
    ///
    /// ```
    /// assert!(apivideo_lake::Table::Sessions.columns().any(|column| column.name == "location_country"));
    /// ```
    pub fn columns(self) -> impl ExactSizeIterator<Item = &'static Column> {
        self.list().iter()
    }

    pub(crate) fn list(self) -> &'static [Column] {
        match self {
            Self::Sessions => SESSIONS,
            Self::Events => EVENTS,
            Self::Buckets => BUCKETS,
            Self::Timeseries => TIMESERIES,
        }
    }
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Text(String),
    Time(Timestamp),
    Integer(i64),
    Number(f64),
    Json(Map<String, Value>),
}

impl Cell {
    pub(crate) fn text(text: Option<&str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.to_owned()))
    }

    pub(crate) fn time(time: Option<Timestamp>) -> Self {
        time.map_or(Self::Null, Self::Time)
    }

    pub(crate) fn number(number: Option<f64>) -> Self {
        number.map_or(Self::Null, Self::Number)
    }

    /// An empty object says nothing.
    pub(crate) fn json(object: Map<String, Value>) -> Self {
        match object.is_empty() {
            true => Self::Null,
            false => Self::Json(object),
        }
    }
}

/// A row: a cell for each column of its table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row(pub(crate) Vec<Cell>);

/// What a session is known by: the kind and the id of its asset, and its own id. Rows are sorted by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) asset_kind: String,
    pub(crate) asset_id: String,
    pub(crate) session_id: String,
}

impl Row {
    /// Of a session or an event.
    pub(crate) fn key(&self) -> Key {
        let text = |place: usize| match self.0.get(place) {
            Some(Cell::Text(text)) => text.clone(),
            _ => String::new(),
        };
        Key {
            asset_kind: text(0),
            asset_id: text(1),
            session_id: text(2),
        }
    }

    pub(crate) fn time(&self, place: usize) -> Option<Timestamp> {
        match self.0.get(place) {
            Some(Cell::Time(time)) => Some(*time),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_columns_are_theirs() {
        assert_eq!(SESSIONS[LOADED_AT].name, "loaded_at");
        assert_eq!(SESSIONS[ENDED_AT].name, "ended_at");
        assert_eq!(SESSIONS[METADATA].name, "metadata");
        assert_eq!(SESSIONS[EXTRA].name, "extra");
    }

    #[test]
    fn names_are_those_of_the_service_in_the_form_of_sql() {
        for table in [Table::Sessions, Table::Events] {
            for column in table.columns().filter(|column| !column.field.is_empty()) {
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
}
