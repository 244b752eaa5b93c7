//! Aggregates, compared with the raw statistics that they are computed from.

mod common;

use apivideo_simulator::{
    Behaviour, EventKind, InvalidInput, Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_VIDEO,
};
use common::TestClient;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// The timeframe of a default world.
const ALL: &str = "from=2021-12-18T00:00:00Z&to=2022-01-17T00:00:00Z";

fn sum(rows: &[Value]) -> f64 {
    rows.iter()
        .map(|row| row["metricValue"].as_f64().unwrap_or(f64::NAN))
        .sum()
}

async fn metric(client: &TestClient, path: &str) -> f64 {
    let got = client.get(&format!("/data/metrics/{path}")).await;
    assert_eq!(got.status, 200, "{path}: {}", got.text);
    got.json()["data"].as_f64().unwrap_or(f64::NAN)
}

#[tokio::test]
async fn buckets_and_time_series_add_up_to_the_metric() {
    let client = TestClient::start(Simulator::builder().sessions(1_500)).await;
    for (name, aggregation, more) in [
        ("play", "play/count", ""),
        ("start", "start/count", ""),
        ("end", "end/count", ""),
        ("impression", "impression/count", ""),
        ("view", "view/count", "&viewDuration=10s"),
        ("view", "view/count", "&unique=true"),
        (
            "play",
            "play/count",
            "&filterBy[country]=FR&filterBy[browser][]=firefox&filterBy[browser][]=chrome",
        ),
    ] {
        let total = metric(&client, &format!("{aggregation}?{ALL}{more}")).await;
        assert!(total > 20.0, "{name}: {total}");
        for breakdown in [
            "media-id",
            "media-type",
            "continent",
            "country",
            "device-type",
            "operating-system",
            "browser",
            "referrer",
        ] {
            let rows = client
                .all(&format!("/data/buckets/{name}/{breakdown}?{ALL}{more}"), 3)
                .await;
            assert_eq!(sum(&rows), total, "{name} by {breakdown}{more}");
        }
        for interval in ["", "&interval=day", "&interval=hour"] {
            let path = format!("/data/timeseries/{name}?{ALL}{more}{interval}");
            let rows = client.all(&path, 100).await;
            assert_eq!(sum(&rows), total, "{path}");
        }
    }
}

#[tokio::test]
async fn counts_equal_those_of_the_events() {
    let client = TestClient::start(Simulator::builder().sessions(800)).await;
    let world = client.simulator.world();
    let count_events = |kind| {
        let mut count = 0;
        for asset in world.videos().iter().chain(world.live_streams()) {
            for session in world.sessions(asset.id(), "2021-12-18/2022-01-16").unwrap() {
                let events = world.events(&session.id).unwrap();
                count += events.iter().filter(|event| event.kind == kind).count();
            }
        }
        count as f64
    };
    let (plays, impressions) = (
        count_events(EventKind::Play),
        count_events(EventKind::Ready),
    );
    assert_eq!(metric(&client, &format!("play/count?{ALL}")).await, plays);
    assert_eq!(metric(&client, "play/total").await, plays);
    assert_eq!(
        metric(&client, &format!("impression/count?{ALL}")).await,
        impressions
    );
    assert_eq!(
        metric(&client, &format!("end/count?{ALL}")).await,
        count_events(EventKind::End)
    );
    assert_eq!(
        metric(&client, &format!("play/rate?{ALL}")).await,
        plays / impressions
    );
    let starts = metric(&client, &format!("start/count?{ALL}")).await;
    assert!(starts < plays && starts < impressions);
    let loading = metric(&client, &format!("impression-time/sum?{ALL}")).await;
    let average = metric(&client, &format!("impression-time/average?{ALL}")).await;
    assert!((loading / impressions - average).abs() < 1e-6);
    assert!(metric(&client, &format!("watch-time/sum?{ALL}")).await > 1_000.0);
    assert!(metric(&client, &format!("watch-time/average?{ALL}")).await > 1.0);
    assert!(metric(&client, &format!("ccv/peak?{ALL}")).await >= 1.0);
    assert_eq!(
        metric(&client, "ccv/live").await,
        0.0,
        "the world has ended"
    );
    let totals = client.all("/data/buckets/play-total/media-id", 100).await;
    assert_eq!(sum(&totals), plays);
}

#[tokio::test]
async fn responses_have_the_format_of_the_service() {
    let client = TestClient::start(Simulator::builder()).await;
    let from = "from=2022-01-01T01%3A00%3A00%2B01%3A00&to=2022-01-03T00:00:00Z";
    let response = client
        .get(&format!("/data/metrics/view/count?{from}"))
        .await
        .json();
    assert_eq!(
        response["context"],
        serde_json::json!({
            "metric": "view-5",
            "aggregation": "count",
            "timeframe": {"from": "2022-01-01T00:00:00+00:00", "to": "2022-01-03T00:00:00+00:00"}
        })
    );
    assert!(response["data"].is_number());

    let path = format!("/data/buckets/play/country?{from}");
    let response = client.get(&format!("{path}&pageSize=2")).await.json();
    assert_eq!(response["context"]["breakdown"], "country");
    let rows = response["data"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows[0]["metricValue"].as_u64() >= rows[1]["metricValue"].as_u64());
    assert_eq!(rows[0]["dimensionValue"].as_str().map(str::len), Some(2));
    assert_eq!(
        response["pagination"]["links"][0]["uri"],
        "/data/buckets/play/country?from=2022-01-01T01%3A00%3A00%2B01%3A00&to=2022-01-03T00%3A00%3A00Z&currentPage=1&pageSize=2"
    );
    let rows = client
        .all(&format!("{path}&sortBy=dimensionValue&sortOrder=desc"), 100)
        .await;
    assert!(rows.is_sorted_by(|a, b| a["dimensionValue"].as_str() >= b["dimensionValue"].as_str()));

    let path = format!("/data/timeseries/ccv-peak?{from}&unique=true");
    let response = client.get(&path).await.json();
    assert_eq!(response["context"]["metric"], "unique-ccv-peak");
    assert_eq!(response["context"]["interval"], "hour");
    let rows = response["data"].as_array().unwrap();
    assert!(rows.is_sorted_by_key(|row| row["emittedAt"].as_str().unwrap().to_owned()));
    assert!(
        rows[0]["emittedAt"]
            .as_str()
            .unwrap()
            .ends_with(":00:00+00:00")
    );
    for path in [
        "/data/timeseries/ccv-average",
        "/data/timeseries/play-rate",
        "/data/buckets/ccv-average/media-type",
    ] {
        assert_eq!(
            client.get(&format!("{path}?{from}")).await.status,
            200,
            "{path}"
        );
    }
}

#[tokio::test]
async fn filters_select_sessions() {
    let client = TestClient::start(Simulator::builder()).await;
    let all = metric(&client, &format!("impression/count?{ALL}")).await;
    let by_country = client
        .all(&format!("/data/buckets/impression/country?{ALL}"), 100)
        .await;
    let impressions_in = |code: &str| {
        let row = by_country.iter().find(|row| row["dimensionValue"] == code);
        row.and_then(|row| row["metricValue"].as_f64()).unwrap()
    };
    for raw in [
        "filterBy[country][]=FR&filterBy[country][]=VN",
        "filterBy%5Bcountry%5D%5B0%5D=FR&filterBy%5Bcountry%5D%5B1%5D=VN",
    ] {
        let both = metric(&client, &format!("impression/count?{ALL}&{raw}")).await;
        assert_eq!(both, impressions_in("FR") + impressions_in("VN"), "{raw}");
    }
    let mut kinds = 0.0;
    for kind in ["video", "live-stream"] {
        kinds += metric(
            &client,
            &format!("impression/count?{ALL}&filterBy[mediaType]={kind}"),
        )
        .await;
    }
    assert_eq!(kinds, all);
    for (raw, some) in [
        (
            format!(
                "filterBy[mediaId][]={TUTORIAL_VIDEO}&filterBy[mediaId][]={TUTORIAL_LIVE_STREAM}"
            ),
            true,
        ),
        ("filterBy[tag]=tutorial".into(), true),
        ("filterBy[tag]=TUTORIAL".into(), false),
        ("filterBy[referrer]=".into(), true),
        (
            "filterBy[deviceType]=phone&filterBy[operatingSystem]=ios".into(),
            true,
        ),
        ("filterBy[continent]=AN".into(), false),
    ] {
        let count = metric(&client, &format!("impression/count?{ALL}&{raw}")).await;
        assert_eq!(count > 0.0, some, "{raw}");
        assert!(count < all, "{raw}");
    }
}

#[tokio::test]
async fn invalid_requests_are_the_recorded_problems() {
    let client = TestClient::start(Simulator::builder()).await;
    let long = "x".repeat(2_049);
    for (path, name, detail) in [
        (
            "/data/metrics/plays/count",
            "metric",
            "This value must be of type string.",
        ),
        (
            "/data/metrics/play/sum",
            "aggregation",
            "This value must be of type string.",
        ),
        (
            "/data/buckets/watch-time/country",
            "metric",
            "This value must be of type string.",
        ),
        (
            "/data/buckets/play/city",
            "breakdown",
            "This value must be of type string.",
        ),
        (
            "/data/buckets/play-total/country",
            "breakdown",
            "This value must be of type string.",
        ),
        (
            "/data/timeseries/play-total",
            "metric",
            "This value must be of type string.",
        ),
        (
            "/data/metrics/play/count?from=2021-05-20T09:15:05%2B02:00",
            "from:2021-05-20T09:15:05+02:00",
            "This field was not expected.",
        ),
        (
            "/data/metrics/play/count?from=yesterday",
            "from",
            "This value must be a date and time with an offset.",
        ),
        (
            "/data/timeseries/play?interval=week",
            "interval",
            r#"This interval is invalid. Use one of "minute", "hour", "day"."#,
        ),
        (
            "/data/timeseries/play?interval=minute",
            "interval",
            "This interval cannot be used with a timeframe over 60 minutes.",
        ),
        (
            "/data/buckets/view/country?viewDuration=4s",
            "viewDuration",
            r#"This view duration is invalid. Use one of "3s", "5s", "10s", "30s"."#,
        ),
        (
            "/data/buckets/play/country?viewDuration=5s",
            "viewDuration",
            "This field was not expected.",
        ),
        (
            "/data/metrics/play/count?unique=true",
            "unique",
            "This field was not expected.",
        ),
        (
            "/data/metrics/play/count?filterBy[city]=Paris",
            "filterBy[city]",
            "This field was not expected.",
        ),
        (
            "/data/metrics/play/total?filterBy[country]=FR",
            "filterBy[country]",
            "This field was not expected.",
        ),
        (
            &format!("/data/metrics/play/count?filterBy[referrer]={long}"),
            "filterBy[referrer]",
            "This value should not contain more than 2048 characters.",
        ),
        (
            "/data/buckets/play/country?sortBy=emittedAt",
            "sortBy",
            "This value must be part of the following values: metricValue,dimensionValue",
        ),
    ] {
        let problem = client.get(path).await.problem(400, Some(name));
        assert_eq!(problem["detail"], detail, "{path}");
    }
    client.get("/data/metrics/play").await.problem(404, None);
}

#[tokio::test]
async fn malformed_filters_are_rejected() {
    let client = TestClient::start(Simulator::builder()).await;
    let mut behaviour = Behaviour::default();
    behaviour.malformed_filters = InvalidInput::Tolerate;
    let tolerant = TestClient::start(Simulator::builder().behaviour(behaviour)).await;
    for path in [
        "/data/metrics/play/count",
        "/data/metrics/play/total",
        "/data/buckets/play/country",
        "/data/timeseries/play",
    ] {
        for raw in [
            "filterBy=country",
            "filterBy[country=FR",
            "filterBy%5Bcountry=FR",
            "filterBy[country]x=FR",
            "filterBy[country][x]=FR",
            "filterBy[mediaId][0][1]=vi1",
            "filterBy.country=FR",
            "filterBy[]=FR",
        ] {
            let target = format!("{path}?{raw}");
            let name = raw
                .split_once('=')
                .map(|(name, _)| name.replace("%5B", "["));
            let problem = client.get(&target).await.problem(400, name.as_deref());
            assert_eq!(
                problem["detail"],
                "This field must be syntax as filterBy[key]=value or filterBy[key][]=value."
            );
            if raw != "filterBy[]=FR" {
                assert_eq!(tolerant.get(&target).await.status, 200, "{target}");
            }
        }
    }
}

#[tokio::test]
async fn a_running_world_counts_up_to_now() {
    let mut behaviour = Behaviour::default();
    behaviour.data_retention_days = None;
    let builder = Simulator::builder()
        .sessions(20_000)
        .days(1)
        .now("2022-01-01T20:00:00Z".parse().unwrap())
        .manual_clock()
        .behaviour(behaviour);
    let client = TestClient::start(builder).await;
    let from = "from=2020-01-01T00:00:00Z";
    let so_far = metric(&client, &format!("impression/count?{from}")).await;
    assert!(so_far > 5_000.0);
    assert_eq!(
        metric(&client, "impression/count").await,
        so_far,
        "the last day by default"
    );
    assert!(metric(&client, "ccv/live").await > 10.0);
    let minutes = "/data/timeseries/play?interval=minute&from=2022-01-01T19:00:00Z";
    let rows = client.all(minutes, 25).await;
    assert!(rows.len() > 30 && rows.len() <= 60);
}

/// The rules of the README: playback counts until its last heartbeat, by the wall clock.
#[tokio::test]
async fn watch_time_and_peak_agree_with_the_truth() {
    let client = TestClient::start(Simulator::builder().sessions(3_000).seed(5)).await;
    let world = client.simulator.world();
    let assets = world.videos().iter().chain(world.live_streams());
    let ids: Vec<&str> = assets.map(apivideo_simulator::Asset::id).collect();
    let period = "2021-12-18/2022-01-16";
    let mut unclosed = 0;
    for id in &ids {
        for session in world.sessions(id, period).unwrap() {
            let playback = world.playback(&session.id).unwrap();
            let stretches = playback.stretches().iter();
            unclosed += stretches.filter(|stretch| !stretch.is_end_known).count();
        }
    }
    let totals = world.playback_totals(ids.iter().copied(), period).unwrap();
    let playing = totals.playing.as_secs_f64();
    let sum = metric(&client, &format!("watch-time/sum?{ALL}")).await;
    assert!(unclosed > 20, "{unclosed}");
    assert!(sum < playing, "{sum} {playing}");
    assert!(sum > playing - 10.0 * unclosed as f64, "{sum} {playing}");
    let peak = metric(&client, &format!("ccv/peak?{ALL}")).await;
    assert!(peak <= totals.peak as f64, "{peak} {}", totals.peak);
    assert!(peak >= 0.8 * totals.peak as f64, "{peak} {}", totals.peak);

    // The timeframe splits playback at midnight, so that days add up; the peak of all days is that of the highest.
    let (mut of_days, mut highest) = (0.0, 0.0f64);
    for day in 0..30 {
        let start: jiff::Timestamp = "2021-12-18T00:00:00Z".parse().unwrap();
        let from = start + jiff::SignedDuration::from_hours(24 * day);
        let to = from + jiff::SignedDuration::from_hours(24);
        of_days += metric(&client, &format!("watch-time/sum?from={from}&to={to}")).await;
        highest = highest.max(metric(&client, &format!("ccv/peak?from={from}&to={to}")).await);
    }
    assert!((of_days - sum).abs() < 1e-3, "{of_days} {sum}");
    assert_eq!(highest, peak);
}

/// `ccv/live` counts the sessions of a broadcast that played in the last 20 s, by the clock of the simulator.
#[tokio::test]
async fn current_viewers_follow_a_broadcast() {
    let builder = Simulator::builder()
        .seed(3)
        .videos(1)
        .live_streams(2)
        .sessions(400)
        .broadcast_viewers(1_500)
        .days(1)
        .token_lifetime(std::time::Duration::from_secs(200_000))
        .now("2022-01-01T00:00:00Z".parse().unwrap())
        .manual_clock();
    let client = TestClient::start(builder).await;
    let world = client.simulator.world();
    let (day, live) = ("2022-01-01", TUTORIAL_LIVE_STREAM);
    let other = world.live_streams()[1].id();
    let broadcast = world.broadcasts(live, day).unwrap()[0];
    let stretches: Vec<_> = world
        .sessions(live, day)
        .unwrap()
        .flat_map(|session| world.playback(&session.id).unwrap().stretches().to_vec())
        .collect();
    let playing = |from: Timestamp, to: Timestamp| {
        let stretches = stretches.iter();
        let overlapping =
            stretches.filter(|stretch| stretch.started_at <= to && from < stretch.ended_at);
        overlapping.count() as f64
    };
    let mut now: Timestamp = "2022-01-01T00:00:00Z".parse().unwrap();
    let length = broadcast.ends_at.duration_since(broadcast.starts_at);
    let minute = SignedDuration::from_mins(1);
    let mut counts = Vec::new();
    for at in [
        broadcast.starts_at - minute,
        broadcast.starts_at + minute,
        broadcast.starts_at + length / 4,
        broadcast.starts_at + length / 2,
        broadcast.ends_at - minute,
        broadcast.ends_at + 2 * minute,
    ] {
        client
            .simulator
            .advance(at.duration_since(now).unsigned_abs());
        now = at;
        let count = metric(&client, &format!("ccv/live?filterBy[mediaId][]={live}")).await;
        assert!(playing(now, now) <= count, "{now}: {count}");
        // A session that played twice within 20 s counts once.
        assert!(
            count <= playing(now - SignedDuration::from_secs(20), now),
            "{now}: {count}"
        );
        let of_other = metric(&client, &format!("ccv/live?filterBy[mediaId][]={other}")).await;
        assert!(of_other < 100.0, "{of_other}");
        counts.push(count);
        let stream = client.get(&format!("/live-streams/{live}")).await.json();
        let is_on = (broadcast.starts_at..broadcast.ends_at).contains(&now);
        assert_eq!(stream["broadcasting"], is_on, "{now}");
    }
    assert_eq!((counts[0], counts[5]), (0.0, 0.0));
    assert!(
        counts[1] > 200.0 && counts[2] > 700.0 && counts[4] > 400.0,
        "{counts:?}"
    );
}
