//! Aggregates of each day are stored before the service deletes them.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Service, files, small};

#[tokio::test]
async fn plays_of_each_day_are_stored_by_dimension_and_by_hour() {
    let service = Service::start(small().sessions(600)).await;
    let as_of = service.simulator.now().to_string();
    let pull = || {
        service
            .pull_as_of(&as_of)
            .with_since("2022-01-05".parse().unwrap())
            .without_events()
            .with_aggregates()
    };
    let first = service.run(pull()).await;
    let (buckets, series) = (service.rows("buckets"), service.rows("timeseries"));
    let sum = |rows: &[serde_json::Value], breakdown: Option<&str>, asset: &str| -> f64 {
        rows.iter()
            .filter(|row| {
                breakdown.is_none_or(|breakdown| row["breakdown"] == breakdown)
                    && row["asset_id"] == asset
            })
            .map(|row| row["metric_value"].as_f64().unwrap())
            .sum()
    };
    let mut plays = 0.0;
    for video in service.simulator.world().videos() {
        let by_asset = sum(&buckets, Some("media-id"), video.id());
        plays += by_asset;
        for breakdown in ["country", "device-type", "operating-system", "browser"] {
            assert_eq!(
                sum(&buckets, Some(breakdown), video.id()),
                by_asset,
                "{breakdown}"
            );
        }
        assert_eq!(sum(&series, None, video.id()), by_asset);
    }
    assert!(plays > 50.0, "{plays}");
    assert!(files(&service.path()).contains_key("buckets/date=2022-01-08/buckets.ndjson"));
    let found = service.verify();
    assert_eq!(found.aggregates as usize, buckets.len() + series.len());

    // Final days are not requested again, and the mutable ones have not changed.
    let before = files(&service.path());
    let second = service.run(pull()).await;
    assert!(second.requests < first.requests, "{first:?} {second:?}");
    assert_eq!(second.days_written, 0);
    assert!(files(&service.path()) == before);

    // The files of a day whose manifest is missing are kept: the service may no longer have the aggregates.
    std::fs::remove_file(service.path().join("_manifest/days/2022-01-08.json")).unwrap();
    let sessions_only = service
        .pull_as_of(&as_of)
        .with_since("2022-01-05".parse().unwrap());
    service.run(sessions_only).await;
    let after = files(&service.path());
    let day = "_manifest/days/2022-01-08.json";
    assert_eq!(after.get(day), before.get(day));
    service.verify();
}

#[tokio::test]
async fn days_without_aggregates_are_not_requested() {
    let service = Service::start(small().sessions(600).days(90)).await;
    let as_of = service.simulator.now().to_string();
    let pull = service
        .pull_as_of(&as_of)
        .with_since("2021-12-01".parse().unwrap())
        .without_events()
        .with_aggregates();
    let report = service.run(pull).await;
    assert!(!report.stopped);
    let first = service.simulator.now() - apivideo::jiff::SignedDuration::from_hours(30 * 24);
    let buckets = files(&service.path())
        .into_keys()
        .find(|path| path.starts_with("buckets/"))
        .unwrap();
    assert!(
        buckets["buckets/date=".len()..] > first.to_string()[..10],
        "{buckets}"
    );
}

#[tokio::test]
async fn aggregates_resume_and_dropped_dimensions_are_not_requested() {
    let service = Service::start(small().sessions(600)).await;
    let as_of = service.simulator.now().to_string();
    let privacy = || {
        apivideo_lake::Privacy::new()
            .drop("country")
            .unwrap()
            .drop("referrer.url")
            .unwrap()
    };
    let pull = || {
        let pull = service
            .pull_as_of(&as_of)
            .with_since("2022-01-10".parse().unwrap());
        pull.without_events()
            .with_aggregates()
            .with_privacy(privacy())
    };
    let mut runs = 0;
    while service.run(pull().with_max_requests(150)).await.stopped {
        runs += 1;
        assert!(runs < 20);
    }
    assert!(runs > 0);
    let buckets = service.rows("buckets");
    assert!(buckets.iter().any(|row| row["breakdown"] == "browser"));
    assert!(
        buckets
            .iter()
            .all(|row| row["breakdown"] != "country" && row["breakdown"] != "referrer")
    );
    service.verify();
}
