//! Rows of tables, built from items by their columns.

use apivideo::jiff::SignedDuration;
use apivideo::{
    AssetId, Event, Session, Timestamp,
    model::{Bucket, TimeseriesPoint},
};
use serde_json::{Map, Value};

use crate::column::{Cell, Column};
use crate::columns::{BUCKET, EVENT, SESSION, TIMESERIES_POINT};
use crate::extra;
use crate::table::{
    BUCKET_KEY, EVENT_KEY, EventPosition, Key, Measure, SESSION_KEY, TIMESERIES_KEY, Table,
};

/// A row: one cell for each column of its table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    table: Table,
    cells: Vec<Cell<'static>>,
}

/// Returns the row of a session, including everything that has no column.
pub(crate) fn session(asset: &AssetId, session: &Session) -> Row {
    let key = (SESSION_KEY, asset);
    build(Table::Sessions, key, (SESSION, session), extra::of_session)
}

/// Returns the rows of the events of a session, in their order.
pub(crate) fn events(key: &Key, events: &[Event]) -> Vec<Row> {
    let mut position = EventPosition {
        key: key.clone(),
        number: 0,
    };
    events
        .iter()
        .map(|event| {
            let key = (EVENT_KEY, &position);
            let row = build(Table::Events, key, (EVENT, event), extra::of);
            position.number += 1;
            row
        })
        .collect()
}

/// Returns the row of a bucket.
pub(crate) fn bucket(measure: &Measure, bucket: &Bucket) -> Row {
    let key = (BUCKET_KEY, measure);
    build(Table::Buckets, key, (BUCKET, bucket), extra::of)
}

/// Returns the row of a point of a time series.
pub(crate) fn point(measure: &Measure, point: &TimeseriesPoint) -> Row {
    let key = (TIMESERIES_KEY, measure);
    let item = (TIMESERIES_POINT, point);
    build(Table::Timeseries, key, item, extra::of)
}

fn build<K, T>(
    table: Table,
    (key_columns, key): (&[Column<K>], &K),
    (columns, item): (&[Column<T>], &T),
    extra: extra::Extra<T>,
) -> Row {
    let values: Vec<Cell<'_>> = columns.iter().map(|column| column.cell(item)).collect();
    let mut extra = extra(item, &values, columns);
    let mut cells = Vec::with_capacity(key_columns.len() + columns.len() + 1);
    cells.extend(
        key_columns
            .iter()
            .map(|column| column.cell(key).into_owned()),
    );
    for (column, value) in columns.iter().zip(values) {
        cells.push(match value {
            Cell::Timestamp(exact) => timestamp(exact, column.field(), &mut extra),
            cell => cell.into_owned(),
        });
    }
    cells.push(extra.map_or(Cell::Null, Cell::Json));
    Row { table, cells }
}

/// Rounds an instant down to the microsecond, the finest unit that all query engines read. The exact value of a finer one
/// is kept in `extra` under the service's name of its field.
fn timestamp(exact: Timestamp, field: &str, extra: &mut Option<Value>) -> Cell<'static> {
    let finer = exact.subsec_nanosecond().rem_euclid(1_000);
    if finer == 0 {
        return Cell::Timestamp(exact);
    }
    let mut place = extra.get_or_insert_default();
    for name in field.split('.') {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[name];
    }
    *place = Value::from(exact.to_string());
    let rounded = exact.checked_sub(SignedDuration::from_nanos(finer.into()));
    rounded.map_or(Cell::Null, Cell::Timestamp)
}

impl Row {
    /// Creates a row from the cells of a file; the number of cells must be that of the table's columns.
    pub(crate) fn from_cells(table: Table, cells: Vec<Cell<'static>>) -> Self {
        debug_assert_eq!(cells.len(), table.columns().len());
        Self { table, cells }
    }

    /// Returns the cells in the order of the table's columns.
    pub(crate) fn cells(&self) -> &[Cell<'static>] {
        &self.cells
    }

    pub(crate) fn table(&self) -> Table {
        self.table
    }

    /// Returns the cell of the column of this name.
    pub(crate) fn cell(&self, name: &str) -> Option<&Cell<'static>> {
        self.cells.get(self.position(name)?)
    }

    pub(crate) fn cell_mut(&mut self, name: &str) -> Option<&mut Cell<'static>> {
        let position = self.position(name)?;
        self.cells.get_mut(position)
    }

    fn position(&self, name: &str) -> Option<usize> {
        let columns = self.table.columns();
        columns.iter().position(|column| column.name == name)
    }

    /// Returns the identity of the session of a row of sessions or events.
    pub(crate) fn key(&self) -> Key {
        let string = |name: &str| match self.cell(name) {
            Some(Cell::String(text)) => text.clone().into_owned(),
            _ => String::new(),
        };
        Key {
            asset_kind: string("asset_kind"),
            asset_id: string("asset_id"),
            session_id: string("session_id"),
        }
    }

    /// Returns when a session was loaded.
    pub(crate) fn loaded_at(&self) -> Option<Timestamp> {
        self.timestamp("loaded_at")
    }

    /// Returns when a session ended.
    pub(crate) fn ended_at(&self) -> Option<Timestamp> {
        self.timestamp("ended_at")
    }

    fn timestamp(&self, name: &str) -> Option<Timestamp> {
        match self.cell(name) {
            Some(Cell::Timestamp(time)) => Some(*time),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
