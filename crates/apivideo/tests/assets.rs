//! Sessions of several assets as one stream: their order, their totals, where it stands, and what is left out.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use apivideo::retry::RetryPolicy;
use apivideo::{AssetId, AssetSessions, AssetsCursor, Client, ErrorKind, OfAsset, Session};
use apivideo_simulator::{FaultScript, Rule, Simulator};
use futures::{StreamExt, TryStreamExt};

const PERIOD: &str = "2022-01";

async fn simulator(faults: FaultScript) -> Simulator {
    let builder = Simulator::builder().videos(6).live_streams(2);
    let builder = builder.sessions(600).faults(faults);
    builder.start().await.unwrap()
}

fn client(simulator: &Simulator) -> Client {
    Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .with_retry_policy(RetryPolicy::none())
        .build()
        .unwrap()
}

async fn all(client: &Client) -> Vec<AssetId> {
    let videos = client.videos().stream().map_ok(|video| video.id.into());
    let live_streams = client.live_streams().stream().map_ok(|it| it.id.into());
    videos.chain(live_streams).try_collect().await.unwrap()
}

/// The same, one asset after the other.
async fn one_by_one(client: &Client, assets: &[AssetId]) -> Vec<(AssetId, String)> {
    let mut ids = Vec::new();
    for asset in assets {
        let period = PERIOD.parse().unwrap();
        let sessions: Vec<Session> = match asset {
            AssetId::Video(id) => {
                let list = client.video(id.clone()).sessions(period);
                list.stream().try_collect().await.unwrap()
            }
            AssetId::LiveStream(id) => {
                let list = client.live_stream(id.clone()).sessions(period);
                list.stream().try_collect().await.unwrap()
            }
            _ => unreachable!("there is no other kind"),
        };
        let sessions = sessions.iter().map(|session| session.id.to_string());
        ids.extend(sessions.map(|id| (asset.clone(), id)));
    }
    ids
}

fn ids(sessions: &[OfAsset<Session>]) -> Vec<(AssetId, String)> {
    let pair = |session: &OfAsset<Session>| (session.asset.clone(), session.item.id.to_string());
    sessions.iter().map(pair).collect()
}

fn sessions(client: &Client, assets: &[AssetId]) -> AssetSessions {
    client
        .assets(assets.to_vec())
        .sessions(PERIOD.parse().unwrap())
        .page_size(7.try_into().unwrap())
}

#[tokio::test]
async fn assets_come_in_their_order_whatever_is_read_side_by_side() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await;
    let expected = one_by_one(&client, &assets).await;
    assert!(expected.len() > 200, "{}", expected.len());
    for concurrency in [0, 1, 3, 16] {
        let mut stream = sessions(&client, &assets)
            .with_concurrency(concurrency)
            .stream();
        let progress = stream.progress();
        let found: Vec<_> = (&mut stream).try_collect().await.unwrap();
        assert_eq!(ids(&found), expected, "{concurrency}");
        let progress = progress.borrow();
        assert_eq!(progress.items, expected.len() as u64);
        assert_eq!(progress.expected, Some(expected.len() as u64));
        assert_eq!((progress.assets_done, progress.assets_total), (8, 8));
        assert!(stream.cursor().assets().is_empty());
        assert!(stream.next().await.is_none());
    }
}

#[tokio::test]
async fn totals_and_the_newest_are_of_all_assets() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await;
    let expected = one_by_one(&client, &assets).await;
    let twice: Vec<AssetId> = assets.iter().chain(&assets).cloned().collect();
    let before = simulator.requests_total();
    assert_eq!(
        sessions(&client, &twice).total().await.unwrap(),
        expected.len() as u64
    );
    assert_eq!(simulator.requests_total() - before, 8, "one for each asset");
    let newest = ids(&sessions(&client, &assets).last(2).await.unwrap());
    let of = |asset: &AssetId| -> Vec<_> {
        let its: Vec<_> = expected.iter().filter(|(of, _)| of == asset).collect();
        its[its.len().saturating_sub(2)..].to_vec()
    };
    assert_eq!(
        newest.iter().collect::<Vec<_>>(),
        assets.iter().flat_map(of).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn wherever_it_stops_it_goes_on_from_its_cursor() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await;
    let expected = one_by_one(&client, &assets).await;
    for taken in [0, 1, 6, 7, 8, 50, 133, expected.len() - 1, expected.len()] {
        let list = sessions(&client, &assets).with_concurrency(3);
        let mut stream = list.stream();
        let mut found: Vec<_> = (&mut stream).take(taken).try_collect().await.unwrap();
        let saved = serde_json::to_string(&stream.cursor()).unwrap();
        drop(stream);
        let cursor: AssetsCursor = serde_json::from_str(&saved).unwrap();
        let rest = list.stream().with_cursor(&cursor).unwrap();
        found.extend(rest.try_collect::<Vec<_>>().await.unwrap());
        assert_eq!(ids(&found), expected, "after {taken}");
        // The cursor alone says which assets are left.
        let left = sessions(&client, cursor.assets());
        let rest = left.stream().with_cursor(&cursor).unwrap();
        let rest: Vec<_> = rest.try_collect().await.unwrap();
        assert_eq!(ids(&rest), expected[taken..], "after {taken}");
    }
}

#[tokio::test]
async fn with_events_it_goes_on_from_its_cursor_too() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await[..3].to_vec();
    let list = sessions(&client, &assets).with_concurrency(2);
    let whole: Vec<_> = list.stream().with_events(4).try_collect().await.unwrap();
    assert_eq!(whole.len() as u64, list.total().await.unwrap());
    assert!(whole.iter().all(|both| !both.item.events.is_empty()));
    for taken in [0, 5, 40] {
        let mut stream = list.stream().with_events(4);
        let mut found: Vec<_> = (&mut stream).take(taken).try_collect().await.unwrap();
        let cursor = stream.cursor();
        let rest = list.stream().with_cursor(&cursor).unwrap().with_events(4);
        found.extend(rest.try_collect::<Vec<_>>().await.unwrap());
        assert_eq!(found, whole, "after {taken}");
    }
}

#[tokio::test]
async fn a_cursor_of_something_else_is_refused() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await[..2].to_vec();
    let cursor = sessions(&client, &assets).stream().cursor();
    let refused = |list: AssetSessions| {
        let error = list.stream().with_cursor(&cursor).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        error.to_string()
    };
    let other = refused(sessions(&client, &assets[..1]));
    assert!(
        other.contains(&format!("{}, which is none of these assets", assets[1])),
        "{other}"
    );
    let size = refused(sessions(&client, &assets).page_size(8.try_into().unwrap()));
    assert!(size.contains("pages of 7 items"), "{size}");
    let filters = refused(sessions(&client, &assets).metadata("hats", "green"));
    assert!(filters.contains("other filters"), "{filters}");
    let text = serde_json::to_string(&cursor).unwrap();
    let newer: AssetsCursor =
        serde_json::from_str(&text.replacen("\"version\":1", "\"version\":9", 1)).unwrap();
    let error = sessions(&client, &assets).stream().with_cursor(&newer);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("it is of version 9"), "{error}");
    let mut begun = sessions(&client, &assets).stream();
    begun.try_next().await.unwrap();
    let error = begun.with_cursor(&cursor).unwrap_err().to_string();
    assert!(error.contains("has begun already"), "{error}");
}

#[tokio::test]
async fn an_asset_that_is_gone_is_left_out_and_told() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let mut assets = all(&client).await[..3].to_vec();
    let expected = one_by_one(&client, &assets).await;
    assets.insert(1, AssetId::Video("viGone".parse().unwrap()));
    let outcomes: Vec<_> = sessions(&client, &assets).stream().collect().await;
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok(session) => found.push(session),
            Err(error) => errors.push(error),
        }
    }
    assert_eq!(ids(&found), expected);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].kind(), ErrorKind::Asset);
    assert!(errors[0].is_not_found() && !errors[0].is_terminal());
    assert!(errors[0].cursor().is_none());
    assert_eq!(errors[0].to_string(), "video viGone is left out");
    // Where it is the only one, that is the whole answer.
    let alone = sessions(&client, &assets[1..2]).stream();
    let error = alone.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.is_terminal());
}

#[tokio::test]
async fn another_failure_ends_it_where_its_cursor_says() {
    let probe = simulator(FaultScript::new()).await;
    let probing = client(&probe);
    let assets = all(&probing).await[..3].to_vec();
    let expected = one_by_one(&probing, &assets).await;
    let AssetId::Video(second) = &assets[1] else {
        panic!("videos come first")
    };
    let path = format!("/analytics/videos/{second}");
    let rule = Rule::new().path(path).page(2).times(1).status(503);
    let simulator = simulator(FaultScript::new().rule(rule)).await;
    let client = client(&simulator);
    let list = sessions(&client, &assets);
    let mut stream = list.stream();
    let mut found = Vec::new();
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(session) => found.push(session),
            Err(error) => break error,
        }
    };
    assert!(error.is_terminal() && error.is_retryable(), "{error}");
    assert!(stream.next().await.is_none());
    assert_eq!(ids(&found), expected[..found.len()]);
    let rest = list.stream().with_cursor(&stream.cursor()).unwrap();
    found.extend(rest.try_collect::<Vec<_>>().await.unwrap());
    assert_eq!(ids(&found), expected);
}

#[tokio::test]
async fn live_streams_are_not_filtered_by_metadata() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await;
    let live = assets[6..].to_vec();
    let list = sessions(&client, &live).metadata("hats", "green");
    let error = list.stream().try_next().await.unwrap_err();
    assert!(error.to_string().contains("for videos only"), "{error}");
    assert_eq!(list.total().await.unwrap_err().kind(), ErrorKind::Input);
    assert_eq!(list.last(1).await.unwrap_err().kind(), ErrorKind::Input);
}

#[tokio::test]
async fn an_asset_with_items_missing_ends_the_stream_with_a_cursor_before_the_assets_after_it() {
    let whole = simulator(FaultScript::new()).await;
    let assets = all(&client(&whole)).await;
    let truth = one_by_one(&client(&whole), &assets).await;
    let AssetId::Video(broken) = &assets[2] else {
        panic!("videos come first");
    };
    let rule = Rule::new()
        .path(format!("/analytics/videos/{broken}"))
        .replace("/pagination/itemsTotal", 100_000);
    let hostile = simulator(FaultScript::new().rule(rule)).await;
    let mut stream = sessions(&client(&hostile), &assets).stream();
    let mut outcomes: Vec<_> = stream.by_ref().collect().await;
    let error = outcomes.pop().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
    let mut came: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert!(came.iter().any(|session| session.asset == assets[2]));
    // Once the service is repaired, the rest comes by the cursor.
    let cursor: AssetsCursor = stream.cursor();
    assert_eq!(cursor.assets(), &assets[2..]);
    let rest = sessions(&client(&whole), &assets)
        .stream()
        .with_cursor(&cursor)
        .unwrap();
    came.extend(rest.try_collect::<Vec<_>>().await.unwrap());
    assert_eq!(ids(&came), truth);
}
