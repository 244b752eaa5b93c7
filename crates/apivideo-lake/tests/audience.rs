//! An audience from the derived tables equals the one from sessions and events.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::borrow::Cow;
use std::collections::HashMap;

use apivideo_insights::{Asset, Audience, Dimension, Event, EventKind, SessionFacts};
use apivideo_lake::{LakeReader, rebuild};
use common::Service;
use serde_json::Value;

/// Adds the sessions of the files of sessions and events.
fn from_raw(
    service: &Service,
    mut audience: Audience,
    is_chosen: &dyn Fn(&Value) -> bool,
) -> Value {
    let mut events: HashMap<String, Vec<Event>> = HashMap::new();
    for row in service.rows("events/") {
        let id = format!("{} {}", row["asset_id"], row["session_id"]);
        events.entry(id).or_default().push(Event {
            emitted_at: row["emitted_at"].as_str().map(|time| time.parse().unwrap()),
            at: row["at_seconds"].as_f64(),
            from: row["from_seconds"].as_f64(),
            to: row["to_seconds"].as_f64(),
            ..Event::new(EventKind::from_name(row["type"].as_str().unwrap()))
        });
    }
    for row in service
        .rows("sessions/")
        .iter()
        .filter(|row| is_chosen(row))
    {
        let text = |name: &str| row[name].as_str();
        let time = |name: &str| text(name).map(|time| time.parse().unwrap());
        let metadata = row["metadata"].as_object().into_iter().flatten();
        let facts = SessionFacts {
            asset: Some(Asset {
                kind: text("asset_kind").unwrap().parse().unwrap(),
                id: text("asset_id").unwrap(),
            }),
            loaded_at: time("loaded_at"),
            ended_at: time("ended_at"),
            metadata: metadata
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| {
                    let text = value.as_str().map(str::to_owned);
                    (
                        key.as_str(),
                        Cow::from(text.unwrap_or_else(|| value.to_string())),
                    )
                })
                .collect(),
            country: text("location_country"),
            city: text("location_city"),
            device_type: text("device_type"),
            device_vendor: text("device_vendor"),
            device_model: text("device_model"),
            os: text("os_name"),
            client: text("client_name"),
            referrer_host: text("referrer_url").and_then(SessionFacts::host_of),
            referrer_page: text("referrer_url").and_then(SessionFacts::page_of),
            referrer_medium: text("referrer_medium"),
            referrer_source: text("referrer_source"),
            ..SessionFacts::new(text("session_id").unwrap())
        };
        let id = format!("{} {}", row["asset_id"], row["session_id"]);
        audience.add(&facts, events.get(&id).map_or(&[][..], Vec::as_slice));
    }
    serde_json::to_value(audience.finish()).unwrap()
}

fn audience() -> Audience {
    Audience::new()
        .by(Dimension::Asset)
        .by(Dimension::Country)
        .by(Dimension::ReferrerHost)
        .by(Dimension::ReferrerPage)
        .by(Dimension::Day)
        .by(Dimension::Metadata("userId".to_owned()))
        .with_cohorts()
        .with_steps()
}

/// Returns the paths of the values that differ.
fn differences(path: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
            for (name, value) in one {
                let other = other.get(name).unwrap_or(&Value::Null);
                differences(&format!("{path}.{name}"), value, other, found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                differences(&format!("{path}[{index}]"), one, other, found);
            }
        }
        _ if one == other => {}
        // Intervals are split at the borders of hours in proportion, and rounded to a microsecond; rows of a lake are parts of
        // intervals.
        (Value::Number(one), Value::Number(other))
            if path.contains("watch_minutes")
                && (one.as_f64().unwrap() - other.as_f64().unwrap()).abs() < 1e-6 => {}
        _ => found.push(format!("{path}: {one} {other}")),
    }
}

fn assert_equal(one: &Value, other: &Value) {
    let mut found = Vec::new();
    differences("", one, other, &mut found);
    found.truncate(20);
    assert_eq!(found, [""; 0]);
}

#[tokio::test]
async fn the_audience_of_a_lake_equals_that_of_its_sessions_and_events() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let expected = from_raw(&service, audience().with_minutes(), &|_| true);
    assert!(expected["watch_seconds"].as_f64().unwrap() > 0.0);
    for threads in [1, 2, 7] {
        let reader = LakeReader::new(service.path()).with_threads(threads);
        let found = reader.audience(audience().with_minutes()).unwrap().finish();
        assert_equal(&expected, &serde_json::to_value(found).unwrap());
    }
    // Earlier days are sealed; the measures are the same.
    let expected = from_raw(&service, audience(), &|_| true);
    let found = LakeReader::new(service.path())
        .audience(audience())
        .unwrap()
        .finish();
    assert_equal(&expected, &serde_json::to_value(found).unwrap());
}

#[tokio::test]
async fn reads_a_period_and_assets() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let row = service.rows("sessions/").remove(150);
    let asset = format!(
        "{}/{}",
        row["asset_kind"].as_str().unwrap(),
        row["asset_id"].as_str().unwrap()
    );
    let reader = LakeReader::new(service.path())
        .with_period("2022-01".parse().unwrap())
        .with_assets([asset.parse().unwrap()]);
    let found = reader.audience(Audience::new()).unwrap().finish();
    let count = service
        .rows("sessions/")
        .iter()
        .filter(|other| {
            other["asset_id"] == row["asset_id"]
                && other["loaded_at"].as_str().unwrap().starts_with("2022-01")
        })
        .count() as u64;
    assert!(count > 0);
    assert_eq!(found.measures.quality.sessions, count);
}

#[tokio::test]
async fn viewers_are_identified_by_the_key_of_the_lake_unless_one_is_set() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    rebuild(service.path(), Some("metadata.hats".parse().unwrap())).unwrap();
    let key = |audience| {
        let audience = LakeReader::new(service.path()).audience(audience).unwrap();
        audience.finish().measures.unique_viewers.key
    };
    assert_eq!(key(Audience::new()), "metadata.hats");
    let set = Audience::new().viewer_key(Dimension::Country);
    assert_eq!(key(set), "country");
}

#[tokio::test]
async fn a_session_is_explained_from_its_files() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let mut explained = 0;
    for row in service.rows("playbacks/").iter().take(60) {
        let id = row["session_id"].as_str().unwrap();
        let session = LakeReader::new(service.path())
            .explain(&id.parse().unwrap(), None)
            .unwrap()
            .unwrap();
        assert_eq!(session.explanation.session, id);
        assert_eq!(session.asset.unwrap().as_str(), row["asset_id"]);
        let ended = row["ended_at"].as_str().map(|time| time.parse().unwrap());
        assert_eq!(session.ended_at, ended);
        let played: f64 = service
            .rows("played/")
            .iter()
            .filter(|played| played["session_id"] == id)
            .map(|played| {
                played["to_seconds"].as_f64().unwrap() - played["from_seconds"].as_f64().unwrap()
            })
            .sum();
        let found = session.explanation.playback.watch_seconds();
        assert!((played - found).abs() < 1e-6, "{id}: {played} {found}");
        explained += usize::from(found > 0.0);
    }
    assert!(explained > 10, "{explained}");
    let reader = LakeReader::new(service.path());
    let missing = reader.explain(&"psMissing".parse().unwrap(), None).unwrap();
    assert!(missing.is_none());
    let other = reader.with_period("2020".parse().unwrap());
    let row = service.rows("playbacks/").remove(0);
    let id = row["session_id"].as_str().unwrap().parse().unwrap();
    assert!(other.explain(&id, None).unwrap().is_none());
}

#[tokio::test]
async fn the_coverage_of_a_lake_names_missing_and_mutable_days() {
    let service = Service::small().await;
    let pull = service.pull();
    service
        .run(pull.with_period("2022-01-02/2022-01-05".parse().unwrap()))
        .await;
    let coverage = |period: &str, asset: Option<&str>| {
        let mut reader = LakeReader::new(service.path()).with_period(period.parse().unwrap());
        if let Some(asset) = asset {
            reader = reader.with_assets([asset.parse().unwrap()]);
        }
        reader.coverage().unwrap()
    };
    let known = coverage("2022-01-01/2022-01-03", None);
    assert!(known.len() > 1);
    for found in &known {
        assert_eq!(found.missing, ["2022-01-01".parse().unwrap()]);
        assert_eq!(found.days, ["2022-01-02/2022-01-05".parse().unwrap()]);
        assert_eq!(found.problems, [""; 0]);
    }
    assert!(coverage("2022-01-02", None)[0].missing.is_empty());
    let unknown = coverage("2022-01-02", Some("video/viUnknown"));
    assert_eq!(unknown[0].days, []);
    assert_eq!(unknown[0].missing, ["2022-01-02".parse().unwrap()]);
    let whole = LakeReader::new(service.path()).coverage().unwrap();
    assert!(whole.iter().all(|found| found.missing.is_empty()));
}

#[tokio::test]
async fn a_day_without_its_manifest_is_not_a_day_without_sessions() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let read = |period: &str| {
        let reader = LakeReader::new(service.path()).with_period(period.parse().unwrap());
        reader.audience(Audience::new())
    };
    read("2022-01-01/2022-01-03").unwrap();
    let manifest = service.path().join("_manifest/days/2022-01-02.json");
    std::fs::remove_file(manifest).unwrap();
    let error = read("2022-01-01/2022-01-03").err().unwrap().to_string();
    assert!(
        error.contains("the manifest of 2022-01-02 is missing"),
        "{error}"
    );
    read("2022-01-03").unwrap();
}

#[tokio::test]
async fn missing_derived_files_and_manifests_are_errors() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let path = service.path();
    let day = "date=2022-01-03";
    let files = [
        "_manifest/derived/lengths.json".to_owned(),
        "_manifest/derived/2022-01-03.json".to_owned(),
        "lengths/lengths.ndjson".to_owned(),
        format!("played/{day}/played.ndjson"),
        format!("playbacks/{day}/playbacks.ndjson"),
    ];
    for name in files {
        std::fs::remove_file(path.join(&name)).unwrap();
        let error = LakeReader::new(&path)
            .audience(Audience::new())
            .unwrap_err();
        assert_eq!(error.kind(), apivideo_lake::ErrorKind::Corrupt, "{name}");
        let advice = format!("run `apivideo lake rebuild {}`", path.display());
        assert!(error.to_string().ends_with(&advice), "{name}: {error}");
        apivideo_lake::rebuild(&path, None).unwrap();
        service.verify();
    }
}
