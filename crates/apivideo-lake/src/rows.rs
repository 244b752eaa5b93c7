//! Sessions, events and measurements as rows.

use apivideo::jiff::SignedDuration;
use apivideo::{Bucket, Event, Extra, Point, Session, Timestamp};
use serde_json::{Map, Value};

use crate::asset::Asset;
use crate::table::{Cell, Key, Row};

/// A session as a row of its table, with everything that the service told.
pub(crate) fn session(asset: &Asset, session: &Session) -> Row {
    let mut extra = Map::new();
    let mut session_extra = fields(&session.session_extra);
    let loaded_at = time("loadedAt", session.loaded_at, &mut session_extra);
    let ended_at = time("endedAt", session.ended_at, &mut session_extra);
    if !session_extra.is_empty() {
        extra.insert("session".to_owned(), Value::Object(session_extra));
    }
    let metadata = metadata(session, &mut extra);
    let (location, referrer) = (&session.location, &session.referrer);
    let (device, os, client) = (&session.device, &session.os, &session.client);
    keep(&mut extra, "location", &location.extra);
    keep(&mut extra, "referrer", &referrer.extra);
    keep(&mut extra, "device", &device.extra);
    keep(&mut extra, "os", &os.extra);
    keep(&mut extra, "client", &client.extra);
    for (name, value) in session.extra.iter() {
        extra.insert(name.to_owned(), value.clone());
    }
    Row(vec![
        Cell::text(Some(asset.kind())),
        Cell::text(Some(asset.id())),
        Cell::text(Some(session.id.as_str())),
        loaded_at,
        ended_at,
        Cell::json(metadata),
        Cell::text(location.country.as_deref()),
        Cell::text(location.city.as_deref()),
        Cell::text(referrer.url.as_deref()),
        Cell::text(referrer.medium.as_deref()),
        Cell::text(referrer.source.as_deref()),
        Cell::text(referrer.search_term.as_deref()),
        Cell::text(device.kind.as_deref()),
        Cell::text(device.vendor.as_deref()),
        Cell::text(device.model.as_deref()),
        Cell::text(os.name.as_deref()),
        Cell::text(os.short_name.as_deref()),
        Cell::text(os.version.as_deref()),
        Cell::text(client.kind.as_deref()),
        Cell::text(client.name.as_deref()),
        Cell::text(client.version.as_deref()),
        Cell::json(extra),
    ])
}

/// The `number`-th event of a session, counted from 0, as a row of its table.
pub(crate) fn event(key: &Key, number: usize, event: &Event) -> Row {
    let mut extra = fields(event.extra());
    let emitted_at = time("emittedAt", event.emitted_at(), &mut extra);
    Row(vec![
        Cell::Text(key.asset_kind.clone()),
        Cell::Text(key.asset_id.clone()),
        Cell::Text(key.session_id.clone()),
        Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX)),
        Cell::text(Some(event.name())),
        emitted_at,
        Cell::number(event.at()),
        Cell::number(event.seek_from()),
        Cell::number(event.seek_to()),
        Cell::json(extra),
    ])
}

/// A bucket of an asset as a row of its table.
pub(crate) fn bucket(asset: &Asset, metric: &str, breakdown: &str, bucket: &Bucket) -> Row {
    Row(vec![
        Cell::text(Some(asset.kind())),
        Cell::text(Some(asset.id())),
        Cell::text(Some(metric)),
        Cell::text(Some(breakdown)),
        Cell::text(bucket.dimension_value.as_deref()),
        Cell::number(bucket.metric_value),
        Cell::json(fields(&bucket.extra)),
    ])
}

/// A point of an asset's timeseries as a row of its table.
pub(crate) fn point(asset: &Asset, metric: &str, point: &Point) -> Row {
    let mut extra = fields(&point.extra);
    let emitted_at = time("emittedAt", point.emitted_at, &mut extra);
    Row(vec![
        Cell::text(Some(asset.kind())),
        Cell::text(Some(asset.id())),
        Cell::text(Some(metric)),
        emitted_at,
        Cell::number(point.metric_value),
        Cell::json(extra),
    ])
}

/// An instant to the microsecond below, the finest unit that all engines read. One that is finer is kept in `extra` as
/// well, whole, under the service's name of it.
fn time(name: &str, time: Option<Timestamp>, extra: &mut Map<String, Value>) -> Cell {
    let Some(exact) = time else {
        return Cell::Null;
    };
    let finer = exact.subsec_nanosecond().rem_euclid(1_000);
    if finer == 0 {
        return Cell::Time(exact);
    }
    extra.insert(name.to_owned(), Value::from(exact.to_string()));
    let below = exact.checked_sub(SignedDuration::from_nanos(finer.into()));
    Cell::time(below.ok())
}

/// The pairs as an object; the values of a key that comes several times are a list.
fn metadata(session: &Session, extra: &mut Map<String, Value>) -> Map<String, Value> {
    let mut object: Map<String, Value> = Map::new();
    let mut unknown = Map::new();
    for pair in &session.metadata {
        let key: &str = &pair.key;
        let value = pair.value.clone().unwrap_or_default();
        match object.get_mut(key) {
            None => {
                object.insert(key.to_owned(), value);
            }
            Some(Value::Array(values)) if several(session, key) => values.push(value),
            Some(first) => {
                let values = vec![first.take(), value];
                *first = Value::Array(values);
            }
        }
        if !pair.extra.is_empty() {
            unknown.insert(key.to_owned(), Value::Object(fields(&pair.extra)));
        }
    }
    if !unknown.is_empty() {
        extra.insert("metadata".to_owned(), Value::Object(unknown));
    }
    object
}

/// Whether a list under this key is ours: its first value may be a list itself.
fn several(session: &Session, key: &str) -> bool {
    let values = session.metadata.iter().filter(|pair| &*pair.key == key);
    values.count() > 2
}

fn keep(extra: &mut Map<String, Value>, group: &str, unknown: &Extra) {
    if !unknown.is_empty() {
        extra.insert(group.to_owned(), Value::Object(fields(unknown)));
    }
}

fn fields(extra: &Extra) -> Map<String, Value> {
    extra
        .iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{METADATA, Table};

    fn asset() -> Asset {
        "video/vi1".parse().unwrap()
    }

    fn row(text: &str) -> Row {
        session(&asset(), &serde_json::from_str(text).unwrap())
    }

    fn cell(row: &Row, name: &str) -> Cell {
        let place = Table::Sessions
            .columns()
            .position(|column| column.name == name);
        row.0[place.unwrap()].clone()
    }

    #[test]
    fn each_column_has_what_its_field_says() {
        let row = row(
            r#"{"session":{"sessionId":"ps1","loadedAt":"2022-01-01T10:00:00+00:00","endedAt":"2022-01-01T10:01:00+00:00"},
            "location":{"country":"c1","city":"c2"},
            "referrer":{"url":"r1","medium":"r2","source":"r3","searchTerm":"r4"},
            "device":{"type":"d1","vendor":"d2","model":"d3"},"os":{"name":"o1","shortname":"o2","version":"o3"},
            "client":{"type":"p1","name":"p2","version":"p3"}}"#,
        );
        let texts = [
            "c1", "c2", "r1", "r2", "r3", "r4", "d1", "d2", "d3", "o1", "o2", "o3", "p1", "p2",
            "p3",
        ];
        let expected: Vec<Cell> = texts.iter().map(|text| Cell::text(Some(text))).collect();
        assert_eq!(row.0[6..21], expected);
        assert_eq!(cell(&row, "session_id"), Cell::Text("ps1".into()));
        assert_eq!(
            cell(&row, "ended_at"),
            Cell::Time("2022-01-01T10:01:00Z".parse().unwrap())
        );
        assert_eq!(cell(&row, "extra"), Cell::Null);
        assert_eq!(row.0.len(), Table::Sessions.columns().len());
    }

    #[test]
    fn what_is_not_known_is_kept() {
        let row = row(
            r#"{"session":{"sessionId":"ps1","loadedAt":"soon","new":1},"location":{"zip":"75001"},"network":{"isp":"x"}}"#,
        );
        let Cell::Json(extra) = cell(&row, "extra") else {
            panic!("no extra")
        };
        assert_eq!(
            Value::Object(extra).to_string(),
            r#"{"location":{"zip":"75001"},"network":{"isp":"x"},"session":{"loadedAt":"soon","new":1}}"#
        );
        assert_eq!(cell(&row, "loaded_at"), Cell::Null);
    }

    #[test]
    fn a_time_finer_than_a_microsecond_is_kept_in_extra() {
        let row = row(
            r#"{"session":{"sessionId":"ps1","loadedAt":"2022-01-01T10:00:00.123456789Z","endedAt":"1969-12-31T23:59:59.9999999Z"}}"#,
        );
        let time = |text: &str| Cell::Time(text.parse().unwrap());
        assert_eq!(cell(&row, "loaded_at"), time("2022-01-01T10:00:00.123456Z"));
        assert_eq!(cell(&row, "ended_at"), time("1969-12-31T23:59:59.999999Z"));
        let Cell::Json(extra) = cell(&row, "extra") else {
            panic!("no extra")
        };
        assert_eq!(
            Value::Object(extra).to_string(),
            r#"{"session":{"endedAt":"1969-12-31T23:59:59.9999999Z","loadedAt":"2022-01-01T10:00:00.123456789Z"}}"#
        );
    }

    #[test]
    fn metadata_is_an_object_and_loses_no_value() {
        let shown = |pairs: &str| {
            let row = row(&format!(
                r#"{{"session":{{"sessionId":"ps1","metadata":[{pairs}]}}}}"#
            ));
            match &row.0[METADATA] {
                Cell::Json(object) => Value::Object(object.clone()).to_string(),
                other => format!("{other:?}"),
            }
        };
        assert_eq!(shown(""), "Null");
        assert_eq!(
            shown(r#"{"key":"a","value":"1"},{"key":"b","value":null}"#),
            r#"{"a":"1","b":null}"#
        );
        assert_eq!(
            shown(r#"{"key":"a","value":"1"},{"key":"a","value":"2"},{"key":"a","value":"3"}"#),
            r#"{"a":["1","2","3"]}"#
        );
        assert_eq!(
            shown(r#"{"key":"a","value":[1]},{"key":"a","value":"2"}"#),
            r#"{"a":[[1],"2"]}"#
        );
    }
}
