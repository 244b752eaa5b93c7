//! Cursors: a stream that is cut anywhere and resumed loses nothing and yields nothing twice.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use apivideo::aggregates::{
    Breakdown, BucketMetric, Continent, DeviceType, Filter, Interval, MediaType, SeriesMetric,
    ViewDuration,
};
use apivideo::query::{ListQuery, Sessions, SortOrder, VideoOrder, Window};
use apivideo::{AssetId, Client, Cursor, List, Session};
use apivideo_simulator::Simulator;
use futures::{StreamExt, TryStreamExt};
use proptest::prelude::*;
use support::Mock;

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
/// A video and a live stream.
const ASSETS: [&str; 2] = [
    "video/vi4k0jvEUuaTdRAEjQ4Prklg",
    "live-stream/vi4k0jvEUuaTdRAEjQ4Jfrgz",
];

/// The options of a list of sessions.
#[derive(Clone, Debug)]
struct Way {
    page_size: u32,
    prefetch: usize,
    window: Option<Window>,
    concurrency: usize,
    ordered: bool,
    events: Option<usize>,
    several_assets: bool,
}

fn ways() -> impl Strategy<Value = Way> {
    let window = prop_oneof![
        Just(None),
        Just(Some(Window::Day)),
        Just(Some(Window::Week))
    ];
    let events = prop_oneof![3 => Just(None), 1 => (1_usize..6).prop_map(Some)];
    (
        3_u32..40,
        0_usize..4,
        window,
        1_usize..5,
        any::<bool>(),
        events,
        any::<bool>(),
    )
        .prop_map(
            |(page_size, prefetch, window, concurrency, ordered, events, several_assets)| Way {
                page_size,
                prefetch,
                window,
                concurrency,
                ordered,
                events,
                several_assets,
            },
        )
}

impl Way {
    fn list(&self, client: &Client) -> List<Sessions> {
        let period = "2021-12-30/2022-01-03".parse().unwrap();
        let list = if self.several_assets {
            client
                .assets(ASSETS.map(|asset| asset.parse::<AssetId>().unwrap()))
                .sessions(period)
        } else {
            client.video(VIDEO.parse().unwrap()).sessions(period)
        };
        let list = match self.events {
            Some(concurrency) => list.include_events(concurrency),
            None => list,
        };
        let list = list
            .page_size(self.page_size.try_into().unwrap())
            .with_prefetch(self.prefetch);
        let list = list.with_concurrency(self.concurrency);
        let list = if self.ordered { list } else { list.unordered() };
        match self.window {
            Some(window) => list.with_windows(window),
            None => list,
        }
    }

    /// Reads up to `count` sessions from a cursor. Returns them, and the next cursor unless the end was reached.
    async fn read(
        &self,
        client: &Client,
        cursor: Option<&str>,
        count: usize,
    ) -> (Vec<Session>, Option<String>) {
        let cursor = cursor.map(|cursor| cursor.parse::<Cursor>().unwrap());
        let mut stream = self.list(client).resume(cursor.as_ref()).unwrap();
        let mut sessions = Vec::new();
        while sessions.len() < count {
            match stream.try_next().await.unwrap() {
                Some(session) => sessions.push(session),
                None => return (sessions, None),
            }
        }
        (sessions, Some(stream.cursor().to_string()))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_that_is_cut_and_resumed_yields_each_session_once(way in ways(), cuts in prop::collection::vec(0_usize..90, 1..8)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let simulator = Simulator::builder().videos(2).live_streams(1).days(5).sessions(200).start().await.unwrap();
            let client = Client::builder().api_key("key").base_url(simulator.base_url()).build().unwrap();
            let (whole, _) = way.read(&client, None, usize::MAX).await;
            let mut pieces = Vec::new();
            let mut cursor = None;
            for cut in cuts {
                let (piece, next) = way.read(&client, cursor.as_deref(), cut).await;
                pieces.extend(piece);
                match next {
                    Some(next) => cursor = Some(next),
                    None => break,
                }
            }
            if let Some(cursor) = &cursor && pieces.len() < whole.len() {
                pieces.extend(way.read(&client, Some(cursor), usize::MAX).await.0);
            }
            let ids = |sessions: Vec<Session>| {
                let mut ids: Vec<_> = sessions.into_iter().map(|session| session.id).collect();
                if !way.ordered {
                    ids.sort_unstable();
                }
                ids
            };
            let (whole, pieces) = (ids(whole), ids(pieces));
            assert_eq!(pieces.len(), whole.len());
            assert!(pieces == whole, "the same, in the same order");
        });
    }
}

#[tokio::test]
async fn a_cursor_at_the_end_yields_nothing_more() {
    let simulator = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(1)
        .sessions(20)
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    let list = client
        .video(VIDEO.parse().unwrap())
        .sessions("2022-01-01".parse().unwrap());
    let mut stream = list.stream();
    for _ in 0..20 {
        stream.try_next().await.unwrap().unwrap();
    }
    let requests = simulator.requests().len();
    let rest: Vec<Session> = list
        .resume(&stream.cursor())
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    assert!(rest.is_empty());
    assert_eq!(simulator.requests().len(), requests, "the end is known");
}

#[tokio::test]
async fn lists_of_events_and_videos_can_be_resumed() {
    let simulator = Simulator::builder()
        .videos(30)
        .live_streams(10)
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    let events = client
        .session("psEmFwGQUAXR2lFHj5nDOpy".parse().unwrap())
        .events()
        .page_size(7.try_into().unwrap());
    let all: Vec<_> = events.stream().try_collect().await.unwrap();
    for cut in 0..all.len() {
        let mut stream = events.stream();
        let mut given: Vec<_> = stream.by_ref().take(cut).try_collect().await.unwrap();
        let rest: Vec<_> = events
            .resume(&stream.cursor())
            .unwrap()
            .try_collect()
            .await
            .unwrap();
        given.extend(rest);
        assert_eq!(given, all, "cut after {cut}");
    }
    let videos = client.videos().page_size(7.try_into().unwrap());
    let mut stream = videos.stream();
    let mut given: Vec<_> = stream.by_ref().take(11).try_collect().await.unwrap();
    given.extend(
        videos
            .resume(&stream.cursor())
            .unwrap()
            .try_collect::<Vec<_>>()
            .await
            .unwrap(),
    );
    assert_eq!(
        given,
        videos.stream().try_collect::<Vec<_>>().await.unwrap()
    );
}

#[tokio::test]
async fn resume_rejects_a_cursor_of_another_list() {
    let client = Client::builder()
        .api_key("key")
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    let video = client.video(VIDEO.parse().unwrap());
    let list = video
        .sessions("2022-01".parse().unwrap())
        .metadata("hats", "green");
    let cursor = list.stream().cursor();
    assert!(list.resume(&cursor).is_ok());
    let other_video = client
        .video("viOther".parse().unwrap())
        .sessions("2022-01".parse().unwrap())
        .metadata("hats", "green");
    for (other, why) in [
        (
            other_video,
            "it belongs to the list `/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg`, and this is `/analytics/videos/viOther`",
        ),
        (
            video
                .sessions("2022-02".parse().unwrap())
                .metadata("hats", "green"),
            "it belongs to other filters, another period",
        ),
        (
            video
                .sessions("2022-01".parse().unwrap())
                .metadata("hats", "red"),
            "it belongs to other filters, another period",
        ),
        (list.clone().with_windows(Window::Day), "other windows"),
        (
            list.clone().page_size(50.try_into().unwrap()),
            "it counts pages of 100 items, and this list has pages of 50",
        ),
    ] {
        let error = other.resume(&cursor).unwrap_err();
        assert_eq!(error.kind(), apivideo::ErrorKind::Input);
        assert!(
            error
                .to_string()
                .starts_with("the cursor does not match this list: ")
                && error.to_string().contains(why),
            "{error}"
        );
    }
    let text = serde_json::to_string(&cursor).unwrap();
    assert!(!text.contains("green"), "filters can be personal: {text}");
    let newer = text.replace(r#""version":3"#, r#""version":4"#);
    let error = newer.parse::<Cursor>().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("it has version 4, and this release reads version 3"),
        "{error}"
    );
    for damaged in [
        text.replace(r#""next_window":0"#, r#""next_window":9"#),
        text.replace(
            r#""open":[]"#,
            r#""open":[{"window":5,"page":1,"taken":0,"given":[],"read":{"position":0,"items":0}}]"#,
        ),
        text.replace(r#""next_window":0"#, r#""next_window":1"#)
            .replace(
                r#""open":[]"#,
                r#""open":[{"window":0,"page":4294967295,"taken":0,"given":[],"read":{"position":0,"items":0}}]"#,
            ),
    ] {
        let cursor: Cursor = serde_json::from_str(&damaged).unwrap();
        assert!(
            list
                .resume(&cursor)
                .unwrap_err()
                .to_string()
                .contains("it was damaged")
        );
    }
    assert!(
        serde_json::from_str::<Cursor>(&text.replace(r#""page_size":100"#, r#""page_size":0"#))
            .is_err()
    );
}

/// Saved cursors stay valid: a change of these values makes those of earlier versions useless. An optional parameter that is not
/// set is not part of a fingerprint, so a new one changes none of them.
#[tokio::test]
async fn fingerprints_of_filters_never_change() {
    fn fingerprint<Q: ListQuery>(list: &List<Q>) -> String {
        let cursor = serde_json::to_value(list.stream().cursor()).unwrap();
        cursor["filters"].as_str().unwrap().to_owned()
    }
    let client = Mock::responses(&[]).client();
    let video = client.video(VIDEO.parse().unwrap());
    let january = video.sessions("2022-01".parse().unwrap());
    let time = "2022-01-01T00:00:00.5Z".parse().unwrap();
    let filter = Filter::new()
        .video(VIDEO.parse().unwrap())
        .media_type(MediaType::Video)
        .continent(Continent::Europe)
        .continent(Continent::other("XX").unwrap())
        .country("FR")
        .device_type(DeviceType::Phone)
        .tag("a \"b\"");
    let plays = client.buckets(BucketMetric::Play, Breakdown::Country);
    let by_hour = client.timeseries(SeriesMetric::View);
    let found = [
        fingerprint(&client.videos()),
        fingerprint(
            &client
                .videos()
                .title("é")
                .tag("a")
                .tag("b")
                .metadata("k", "v"),
        ),
        fingerprint(&client.videos().live_stream("li1".parse().unwrap())),
        fingerprint(
            &client
                .videos()
                .sort_by(VideoOrder::Title, SortOrder::Descending),
        ),
        fingerprint(&client.live_streams().name("news")),
        fingerprint(&january),
        fingerprint(&january.clone().metadata("k", "v").metadata("k", "w")),
        fingerprint(&january.clone().with_windows(Window::Day)),
        fingerprint(&video.chapters()),
        fingerprint(&client.session("ps1".parse().unwrap()).events()),
        fingerprint(&plays),
        fingerprint(
            &plays
                .clone()
                .since(time)
                .until(time)
                .unique(true)
                .filter(filter),
        ),
        fingerprint(
            &by_hour
                .view_duration(ViewDuration::Seconds30)
                .interval(Interval::Hour),
        ),
    ];
    let expected = [
        "d6653452fd6671f0",
        "ed585ba5a95c15c5",
        "6acb6f0e2be8c38f",
        "dcc042ebaf15271b",
        "1127b8752937975a",
        "ad5b02b9fd2b2465",
        "245e6114f37e7b2d",
        "3c50e727081df552",
        "d6653452fd6671f0",
        "d6653452fd6671f0",
        "d6653452fd6671f0",
        "c9c69e4a6d6b26c4",
        "74336a742d994ef3",
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn an_error_that_ends_a_stream_carries_its_cursor() {
    let first = r#"{"data":[{"session":{"sessionId":"ps1"}},{"session":{"sessionId":"ps2"}}],"pagination":{"currentPage":1,"pagesTotal":2,"itemsTotal":3}}"#;
    let second = r#"{"data":[{"session":{"sessionId":"ps3"}}],"pagination":{"currentPage":2,"pagesTotal":2,"itemsTotal":3}}"#;
    let mock = Mock::responses(&[(200, first), (500, ""), (200, second)]);
    let list = mock
        .client()
        .video(VIDEO.parse().unwrap())
        .sessions("2022".parse().unwrap())
        .with_prefetch(0);
    let outcomes: Vec<_> = list.stream().collect().await;
    assert_eq!(outcomes.len(), 3);
    let error = outcomes[2].as_ref().unwrap_err();
    let rest: Vec<Session> = list
        .resume(error.cursor().unwrap())
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(
        rest.iter()
            .map(|session| session.id.as_str())
            .collect::<Vec<_>>(),
        ["ps3"]
    );
}

#[tokio::test]
async fn duplicates_are_dropped_and_counted() {
    let first = r#"{"data":[{"session":{"sessionId":"ps1"}},{"session":{"sessionId":"ps2"}}],"pagination":{"currentPage":1,"pagesTotal":2,"itemsTotal":3}}"#;
    let second = r#"{"data":[{"session":{"sessionId":"ps2"}},{"session":{"sessionId":"ps3"}}],"pagination":{"currentPage":2,"pagesTotal":2,"itemsTotal":4}}"#;
    // A fourth session was added in front: the list is read again for it.
    let again = r#"{"data":[{"session":{"sessionId":"ps0"}},{"session":{"sessionId":"ps1"}}],"pagination":{"currentPage":1,"pagesTotal":2,"itemsTotal":4}}"#;
    let mock = Mock::responses(&[(200, first), (200, second), (200, again)]);
    let mut stream = mock
        .client()
        .video(VIDEO.parse().unwrap())
        .sessions("2022".parse().unwrap())
        .stream();
    let progress = stream.watch();
    let sessions: Vec<Session> = stream.by_ref().try_collect().await.unwrap();
    assert_eq!(
        sessions
            .iter()
            .map(|session| session.id.as_str())
            .collect::<Vec<_>>(),
        ["ps1", "ps2", "ps3", "ps0"]
    );
    let progress = progress.get();
    assert_eq!(
        (
            progress.pages,
            progress.rereads,
            progress.items,
            progress.duplicates
        ),
        (4, 2, 4, 1)
    );
    assert!(progress.changed);
    assert_eq!(progress.expected, Some(4));
}

#[tokio::test]
async fn windows_are_one_list_and_request_no_more_than_allowed() {
    let simulator = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(10)
        .sessions(3_000)
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    let (first, last) = (simulator.world().first_day(), simulator.world().last_day());
    let list = client
        .video(VIDEO.parse().unwrap())
        .sessions(format!("{first}/{last}").parse().unwrap());
    let list = list.page_size(20.try_into().unwrap());
    let whole: Vec<Session> = list.stream().try_collect().await.unwrap();
    assert_eq!(whole.len(), 3_000);
    let before = simulator.requests().len();
    let days = list
        .clone()
        .with_windows(Window::Day)
        .with_concurrency(4)
        .with_prefetch(2);
    let mut stream = days.stream();
    let mut sessions: Vec<Session> = Vec::new();
    // Within the first page of the first window: each of the four may keep a page and prefetch two.
    for _ in 0..19 {
        sessions.push(stream.try_next().await.unwrap().unwrap());
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }
    let requested = simulator.requests().len() - before;
    assert!(
        (4..=4 * 3).contains(&requested),
        "{requested} pages were requested"
    );
    sessions.extend(stream.try_collect::<Vec<_>>().await.unwrap());
    assert_eq!(sessions, whole, "in order");
    let requests = simulator.requests();
    let mut pages: Vec<_> = requests[before..]
        .iter()
        .map(|request| request.query().unwrap_or_default().to_owned())
        .collect();
    let count = pages.len();
    pages.sort_unstable();
    pages.dedup();
    assert_eq!(count, pages.len(), "each page once");
    let mut unordered: Vec<Session> = days.unordered().stream().try_collect().await.unwrap();
    unordered.sort_by_key(|session| session.loaded_at);
    assert_eq!(unordered.len(), 3_000);
}

#[tokio::test]
async fn a_list_of_links_without_new_items_is_an_error() {
    let page = r#"{"data":[{"session":{"sessionId":"ps1"}}],"pagination":{"links":[{"rel":"next","uri":"/x"}]}}"#;
    let mock = Mock::responses(&[(200, page)]);
    let list = mock
        .client()
        .video(VIDEO.parse().unwrap())
        .sessions("2022".parse().unwrap());
    let outcomes: Vec<_> = list.stream().collect().await;
    assert_eq!(outcomes.len(), 2);
    let error = outcomes[1].as_ref().unwrap_err();
    assert!(
        error.is_incomplete()
            && error
                .to_string()
                .starts_with("page 2 contains no new items and links to a next page"),
        "{error}"
    );
    assert!(mock.lines().len() <= 3);
}
