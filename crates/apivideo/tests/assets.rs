//! Sessions of several assets as one list: order, totals, cursors, and assets that do not exist.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use apivideo::query::{Sessions, Window};
use apivideo::retry::RetryPolicy;
use apivideo::{AssetId, Client, Cursor, ErrorKind, List, Session};
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

fn ids(sessions: &[Session]) -> Vec<(AssetId, String)> {
    let pair = |session: &Session| (session.asset.clone().unwrap(), session.id.to_string());
    sessions.iter().map(pair).collect()
}

fn sessions(client: &Client, assets: &[AssetId]) -> List<Sessions> {
    client
        .assets(assets.to_vec())
        .sessions(PERIOD.parse().unwrap())
        .page_size(7.try_into().unwrap())
}

#[tokio::test]
async fn assets_are_yielded_in_order_at_every_concurrency() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await;
    let expected = one_by_one(&client, &assets).await;
    assert!(expected.len() > 200, "{}", expected.len());
    for concurrency in [0, 1, 3, 16] {
        let mut stream = sessions(&client, &assets)
            .with_concurrency(concurrency)
            .stream();
        let progress = stream.watch();
        let found: Vec<_> = (&mut stream).try_collect().await.unwrap();
        assert_eq!(ids(&found), expected, "{concurrency}");
        let progress = progress.get();
        assert_eq!(progress.items, expected.len() as u64);
        assert_eq!(progress.expected, Some(expected.len() as u64));
        assert_eq!((progress.assets_done, progress.assets_total), (8, 8));
        assert_eq!(stream.cursor().remaining_assets().count(), 0);
        assert!(stream.next().await.is_none());
    }
}

#[tokio::test]
async fn total_and_last_are_of_all_assets() {
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
    let mut all: Vec<Session> = sessions(&client, &assets)
        .stream()
        .try_collect()
        .await
        .unwrap();
    all.sort_by_key(|session| session.loaded_at);
    let newest = sessions(&client, &assets).last(9).await.unwrap();
    assert_eq!(newest, all[all.len() - 9..], "the newest of all assets");
    assert!(
        newest
            .iter()
            .any(|session| session.asset != newest[0].asset)
    );
    let with_events = sessions(&client, &assets)
        .include_events(3)
        .last(4)
        .await
        .unwrap();
    assert_eq!(ids(&with_events), ids(&newest[5..]));
    assert!(
        with_events
            .iter()
            .all(|session| !session.events().is_empty())
    );
}

#[tokio::test]
async fn resumes_from_every_position() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await;
    let expected = one_by_one(&client, &assets).await;
    for taken in [0, 1, 6, 7, 8, 50, 133, expected.len() - 1, expected.len()] {
        let list = sessions(&client, &assets).with_concurrency(3);
        let mut stream = list.stream();
        let mut found: Vec<_> = (&mut stream).take(taken).try_collect().await.unwrap();
        let saved = stream.cursor().to_string();
        drop(stream);
        let cursor: Cursor = saved.parse().unwrap();
        let rest = list.resume(&cursor).unwrap();
        found.extend(rest.try_collect::<Vec<_>>().await.unwrap());
        assert_eq!(ids(&found), expected, "after {taken}");
        // The cursor contains the assets that are left.
        let left: Vec<_> = cursor.remaining_assets().cloned().collect();
        let rest = sessions(&client, &left).resume(&cursor).unwrap();
        let rest: Vec<_> = rest.try_collect().await.unwrap();
        assert_eq!(ids(&rest), expected[taken..], "after {taken}");
    }
}

#[tokio::test]
async fn resumes_with_events() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await[..3].to_vec();
    let list = sessions(&client, &assets)
        .with_concurrency(2)
        .include_events(4);
    let whole: Vec<_> = list.stream().try_collect().await.unwrap();
    assert_eq!(whole.len() as u64, list.total().await.unwrap());
    assert!(whole.iter().all(|session| session.events.is_some()));
    assert!(whole.iter().any(|session| !session.events().is_empty()));
    for taken in [0, 5, 40] {
        let mut stream = list.stream();
        let mut found: Vec<_> = (&mut stream).take(taken).try_collect().await.unwrap();
        let cursor = stream.cursor();
        let rest = list.resume(&cursor).unwrap();
        found.extend(rest.try_collect::<Vec<_>>().await.unwrap());
        assert_eq!(found, whole, "after {taken}");
    }
}

#[tokio::test]
async fn resume_rejects_a_cursor_of_another_list() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await[..2].to_vec();
    let cursor = sessions(&client, &assets).stream().cursor();
    let refused = |list: List<Sessions>| {
        let error = list.resume(&cursor).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        error.to_string()
    };
    let other = refused(sessions(&client, &assets[..1]));
    assert!(
        other.contains(&format!(
            "{}, which is not an asset of this list",
            assets[1]
        )),
        "{other}"
    );
    let size = refused(sessions(&client, &assets).page_size(8.try_into().unwrap()));
    assert!(size.contains("pages of 7 items"), "{size}");
    let filters = refused(sessions(&client, &assets).metadata("hats", "green"));
    assert!(filters.contains("other filters"), "{filters}");
    let of_list = client.videos().stream().cursor();
    let error = sessions(&client, &assets).resume(&of_list).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("it belongs to the list `/videos`, and this list is of several assets"),
        "{error}"
    );
    let error = client.videos().resume(&cursor).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("it belongs to the sessions of several assets"),
        "{error}"
    );
}

#[tokio::test]
async fn skips_an_asset_that_does_not_exist_and_reports_it() {
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
    assert_eq!(errors[0].asset_id(), Some(&assets[1]));
    // A single asset that does not exist ends the stream.
    let alone = sessions(&client, &assets[1..2]).stream();
    let error = alone.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.is_terminal());
}

#[tokio::test]
async fn another_failure_ends_the_stream_with_a_cursor() {
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
    assert_eq!(error.cursor(), Some(&stream.cursor()));
    let rest = list.resume(&stream.cursor()).unwrap();
    found.extend(rest.try_collect::<Vec<_>>().await.unwrap());
    assert_eq!(ids(&found), expected);
}

#[tokio::test]
async fn live_streams_cannot_be_filtered_by_metadata() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await;
    let live = assets[6..].to_vec();
    let list = sessions(&client, &live).metadata("hats", "green");
    let error = list.stream().try_next().await.unwrap_err();
    assert!(
        error.to_string().contains("those of videos only"),
        "{error}"
    );
    assert_eq!(list.total().await.unwrap_err().kind(), ErrorKind::Input);
    assert_eq!(list.last(1).await.unwrap_err().kind(), ErrorKind::Input);
}

#[tokio::test]
async fn missing_items_of_an_asset_end_the_stream_with_a_cursor_before_later_assets() {
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
    assert!(
        came.iter()
            .any(|session| session.asset.as_ref() == Some(&assets[2]))
    );
    // Once the service is repaired, the cursor continues.
    let cursor: Cursor = stream.cursor();
    assert_eq!(error.cursor(), Some(&cursor));
    assert!(cursor.remaining_assets().eq(&assets[2..]));
    let rest = sessions(&client(&whole), &assets).resume(&cursor).unwrap();
    came.extend(rest.try_collect::<Vec<_>>().await.unwrap());
    assert_eq!(ids(&came), truth);
}

#[tokio::test]
async fn unordered_yields_the_same_sessions_and_resumes_from_every_position() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await;
    let mut expected = one_by_one(&client, &assets).await;
    expected.sort();
    for taken in [0, 1, 40, 150, expected.len()] {
        let list = sessions(&client, &assets).with_concurrency(3).unordered();
        let mut stream = list.stream();
        let mut found: Vec<_> = (&mut stream).take(taken).try_collect().await.unwrap();
        let cursor: Cursor = stream.cursor().to_string().parse().unwrap();
        let rest = list.resume(&cursor).unwrap();
        found.extend(rest.try_collect::<Vec<_>>().await.unwrap());
        let mut found = ids(&found);
        found.sort();
        assert_eq!(found, expected, "after {taken}");
    }
}

#[tokio::test]
async fn windows_of_several_assets_are_read_in_order() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let assets = all(&client).await;
    let expected = one_by_one(&client, &assets).await;
    for concurrency in [1, 3, 32] {
        let list = sessions(&client, &assets)
            .with_windows(Window::Week)
            .with_concurrency(concurrency);
        let found: Vec<_> = list.stream().try_collect().await.unwrap();
        assert_eq!(ids(&found), expected, "{concurrency}");
    }
}

#[tokio::test]
async fn pages_of_several_assets_name_their_asset() {
    let simulator = simulator(FaultScript::new()).await;
    let client = client(&simulator);
    let mut assets = all(&client).await[..3].to_vec();
    let expected = one_by_one(&client, &assets).await;
    let mut stream = sessions(&client, &assets).pages();
    let pages: Vec<_> = (&mut stream).try_collect().await.unwrap();
    let progress = stream.progress();
    assert_eq!(progress.items, expected.len() as u64);
    assert_eq!(progress.expected, Some(expected.len() as u64));
    assert_eq!((progress.assets_done, progress.assets_total), (3, 3));
    let found: Vec<_> = pages
        .into_iter()
        .flat_map(|page| {
            let asset = page.asset.unwrap();
            page.items.into_iter().map(move |session| {
                assert_eq!(session.asset.as_ref(), Some(&asset));
                (asset.clone(), session.id.to_string())
            })
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(
        sessions(&client, &assets).page(1).await.unwrap_err().kind(),
        ErrorKind::Input
    );

    assets.insert(0, AssetId::Video("viGone".parse().unwrap()));
    let (pages, errors): (Vec<_>, Vec<_>) = sessions(&client, &assets)
        .pages()
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert!(!pages.is_empty() && errors.len() == 1);
    assert_eq!(errors[0].as_ref().unwrap_err().kind(), ErrorKind::Asset);
}

#[tokio::test]
async fn no_assets_are_an_empty_list() {
    let client = Client::builder().api_key("key").build().unwrap();
    let list = sessions(&client, &[]);
    assert!(list.stream().next().await.is_none());
    assert!(list.pages().next().await.is_none());
    assert_eq!(list.total().await.unwrap(), 0);
    assert!(list.last(3).await.unwrap().is_empty());
}
