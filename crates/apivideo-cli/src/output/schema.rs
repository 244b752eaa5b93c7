//! The fields and table columns of each item type.
//!
//! The fields of the service's items are those of [`apivideo_lake::columns`], under the service's names. Their values are taken
//! from the JSON of an item: it also contains values that do not have the documented type, which a [column] has not.
//!
//! [column]: apivideo_lake::columns::Column

use apivideo_lake::columns::{self, Column, ColumnKind};

use CellKind::{Exact, Number, Text};

use crate::format::EventLayout;

/// The name, the fields and the table columns of an item type.
#[derive(Clone, Debug)]
pub(crate) struct ItemSchema {
    /// The name of an item, singular and plural.
    pub(crate) noun: Noun,
    /// All known fields, in the order of the service: the columns of CSV. Empty if the fields are not known.
    pub(crate) fields: Vec<Field>,
    /// The columns of a table, by default.
    pub(crate) table: Vec<TableColumn>,
    /// The field that contains metadata, whose keys can be selected as well: `session.metadata.userId`.
    pub(crate) metadata: Option<&'static str>,
    /// The field whose day in UTC can be selected as `date`.
    pub(crate) date: Option<&'static str>,
    /// Whether each event of a session is a row.
    pub(crate) has_event_rows: bool,
}

/// The name of the field with the day of an item.
pub(crate) const DATE: &str = "date";

/// A singular and a plural.
type Noun = (&'static str, &'static str);

/// A field of an item, such as `location.country`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: CellKind,
}

/// A field that a table shows by default, and its rank. If the table is too narrow, columns of high ranks are left out. The
/// column of rank 0 is always shown.
pub(crate) type TableColumn = (&'static str, u8);

/// The alignment and truncation of the cells of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellKind {
    /// Left-aligned and never truncated: identifiers and timestamps, which are useless if truncated.
    Exact,
    /// Left-aligned, and truncated if the table is too narrow.
    Text,
    /// Right-aligned and never truncated.
    Number,
}

impl ItemSchema {
    /// Returns the schema of a result of the command itself.
    pub(crate) fn of_result(
        noun: Noun,
        fields: &[(&'static str, CellKind)],
        table: &[TableColumn],
    ) -> Self {
        let field = |(name, kind): &(&'static str, CellKind)| Field { name, kind: *kind };
        Self {
            noun,
            fields: fields.iter().map(field).collect(),
            table: table.to_vec(),
            metadata: None,
            date: None,
            has_event_rows: false,
        }
    }

    /// Returns the schema of items with these columns.
    fn of_items<T>(noun: Noun, columns: &[Column<T>], table: &[TableColumn]) -> Self {
        Self {
            fields: columns.iter().map(Field::from).collect(),
            ..Self::of_result(noun, &[], table)
        }
    }

    /// Returns the names that `--fields` accepts, apart from groups.
    pub(crate) fn field_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .fields
            .iter()
            .map(|field| field.name.to_owned())
            .collect();
        names.extend(self.date.map(|_| DATE.to_owned()));
        names.extend(self.metadata.map(|list| format!("{list}.<KEY>")));
        names
    }

    /// Returns the kind of a field.
    pub(crate) fn kind(&self, field: &str) -> CellKind {
        let known = self.fields.iter().find(|known| known.name == field);
        known.map_or(Text, |known| known.kind)
    }
}

impl<T> From<&Column<T>> for Field {
    fn from(column: &Column<T>) -> Self {
        Self {
            name: column.field(),
            kind: match column.kind() {
                ColumnKind::Timestamp => Exact,
                ColumnKind::Integer | ColumnKind::Number => Number,
                // An identifier.
                ColumnKind::String if column.is_required() => Exact,
                _ => Text,
            },
        }
    }
}

/// The fields of an event beside the fields of its session: those of the service in the group `event`, and the position of the
/// event in its session, from 0.
const EVENT_OF_ROW: [Field; 6] = {
    const fn field(name: &'static str, kind: CellKind) -> Field {
        Field { name, kind }
    }
    [
        field("event.type", Exact),
        field("event.emittedAt", Exact),
        field("event.at", Number),
        field("event.from", Number),
        field("event.to", Number),
        field("event.index", Number),
    ]
};

/// Sessions, with their assets and events where these are requested.
pub(crate) fn sessions(shows_asset: bool, events: Option<EventLayout>) -> ItemSchema {
    let asset = |name| Field { name, kind: Exact };
    let mut schema = ItemSchema::of_items(
        ("session", "sessions"),
        columns::SESSION,
        &[
            ("session.sessionId", 0),
            ("session.loadedAt", 1),
            ("session.endedAt", 5),
            ("location.country", 2),
            ("location.city", 4),
            ("device.type", 6),
            ("os.name", 7),
            ("client.name", 8),
            ("referrer.url", 9),
            ("session.metadata", 3),
        ],
    );
    let assets = ["videoId", "liveStreamId"];
    schema.fields.splice(..0, assets.map(asset));
    if shows_asset {
        schema.table.splice(..0, assets.map(|name| (name, 2)));
    }
    schema.metadata = Some("session.metadata");
    schema.date = Some("session.loadedAt");
    match events {
        None => {}
        Some(EventLayout::Nested) => {
            let (name, kind) = ("events", Text);
            schema.fields.push(Field { name, kind });
            schema.table.push((name, 1));
        }
        Some(EventLayout::Rows) => {
            schema.has_event_rows = true;
            schema.fields.extend(EVENT_OF_ROW);
            let columns = EVENT_OF_ROW.iter().map(|field| (field.name, 1));
            schema.table.extend(columns);
        }
    }
    schema
}

pub(crate) fn events() -> ItemSchema {
    ItemSchema::of_items(
        ("event", "events"),
        columns::EVENT,
        &[
            ("type", 0),
            ("emittedAt", 1),
            ("at", 2),
            ("from", 3),
            ("to", 4),
        ],
    )
}

pub(crate) fn videos() -> ItemSchema {
    let mut schema = ItemSchema::of_items(
        ("video", "videos"),
        columns::VIDEO,
        &[
            ("videoId", 0),
            ("title", 1),
            ("publishedAt", 2),
            ("public", 5),
            ("tags", 3),
            ("metadata", 4),
        ],
    );
    schema.metadata = Some("metadata");
    schema
}

pub(crate) fn live_streams() -> ItemSchema {
    ItemSchema::of_items(
        ("live stream", "live streams"),
        columns::LIVE_STREAM,
        &[
            ("liveStreamId", 0),
            ("name", 1),
            ("broadcasting", 2),
            ("createdAt", 3),
            ("public", 4),
        ],
    )
}

pub(crate) fn metrics() -> ItemSchema {
    ItemSchema::of_items(
        ("value", "values"),
        columns::METRIC_VALUE,
        &[
            ("context.metric", 1),
            ("context.aggregation", 2),
            ("context.timeframe.from", 3),
            ("context.timeframe.to", 4),
            ("data", 0),
        ],
    )
}

pub(crate) fn buckets() -> ItemSchema {
    ItemSchema::of_items(
        ("bucket", "buckets"),
        columns::BUCKET,
        &[("dimensionValue", 0), ("metricValue", 1)],
    )
}

pub(crate) fn timeseries() -> ItemSchema {
    ItemSchema::of_items(
        ("point", "points"),
        columns::TIMESERIES_POINT,
        &[("emittedAt", 0), ("metricValue", 1)],
    )
}

/// Items of any path of the service.
pub(crate) fn raw() -> ItemSchema {
    ItemSchema::of_result(("item", "items"), &[], &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_all_fields_of_an_event() {
        let names = events().fields.into_iter().map(|field| field.name);
        let expected: Vec<String> = names
            .chain(["index"])
            .map(|name| format!("event.{name}"))
            .collect();
        assert_eq!(EVENT_OF_ROW.map(|field| field.name.to_owned()), *expected);
    }

    #[test]
    fn tables_show_known_fields() {
        for schema in [
            sessions(true, Some(EventLayout::Nested)),
            sessions(true, Some(EventLayout::Rows)),
            events(),
            videos(),
            live_streams(),
            metrics(),
            buckets(),
            timeseries(),
        ] {
            for (field, _) in &schema.table {
                let is_known = schema.fields.iter().any(|known| known.name == *field);
                assert!(is_known, "{} have no field {field}", schema.noun.1);
            }
            let first = schema.table.iter().filter(|(_, rank)| *rank == 0);
            assert_eq!(first.count(), 1, "{}", schema.noun.1);
        }
    }
}
