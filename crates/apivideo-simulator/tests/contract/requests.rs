//! Valid and invalid requests of all operations, with the expected statuses.

use apivideo_contract::{Location, Operation};
use apivideo_simulator::{
    Simulator, TUTORIAL_LIVE_STREAM as LIVE, TUTORIAL_SESSION as SESSION, TUTORIAL_VIDEO as VIDEO,
};

use crate::checked_client::{CONTRACT, CheckedClient, TestRequest};
use crate::common::TestClient;

/// Valid requests, for a world with live streams.
pub(crate) fn valid(client: &TestClient) -> Vec<TestRequest> {
    let mut targets: Vec<String> = [
        "/videos",
        "/videos?pageSize=2&currentPage=2",
        "/videos?currentPage=4000000000",
        "/videos?title=e&sortBy=title&sortOrder=desc",
        "/videos?title=nothing+has+this+title",
        "/videos?tags[]=tutorial&tags%5B%5D=tutorial",
        "/videos?metadata[hats]=__hats__&description=x",
        "/videos?sortBy=publishedAt&sortOrder=asc&unknown=%F0%9F%98%80",
        "/live-streams",
        "/live-streams?pageSize=1&currentPage=100",
        "/live-streams?name=nothing&sortBy=updatedAt",
        "/live-streams?streamKey=none",
        "/data/metrics/play/total",
        "/data/metrics/play/total?filterBy[mediaType]=video&filterBy[mediaId][]=none",
        "/data/metrics/ccv/peak?unique=true",
        "/data/buckets/play-total/media-id?pageSize=1&currentPage=2",
        "/data/buckets/play/referrer?sortBy=dimensionValue&sortOrder=desc",
        "/data/buckets/play/country?filterBy[country][]=FR&filterBy[country][0]=DE&filterBy[continent]=EU",
        "/data/buckets/play/browser?filterBy[tag]=nothing",
        "/data/buckets/view/device-type?viewDuration=30s&unique=1",
        "/data/timeseries/play",
        "/data/timeseries/play?interval=day&sortBy=metricValue&currentPage=9",
        "/data/timeseries/ccv-average?interval=hour&unique=false",
    ]
    .map(ToOwned::to_owned)
    .to_vec();
    let world = client.simulator.world();
    for asset in world.videos() {
        targets.push(format!("/videos/{}", asset.id()));
        targets.push(format!("/videos/{}/chapters", asset.id()));
        targets.push(format!("/analytics/videos/{}?period=2022", asset.id()));
    }
    for asset in world.live_streams() {
        targets.push(format!("/live-streams/{}", asset.id()));
        targets.push(format!("/videos?liveStreamId={}", asset.id()));
        targets.push(format!(
            "/analytics/live-streams/{}?period=2022-01&pageSize=100",
            asset.id()
        ));
    }
    for period in [
        "2022-01-01",
        "2021-W52",
        "2021-12",
        "2022",
        "1999",
        "2021-12-31/2022-01-02",
        "2021-12-31%2F2022-01-02&pageSize=1&currentPage=3",
        "2022-01-01T00:00:00.000Z",
        "2022-01-01&currentPage=100000",
    ] {
        targets.push(format!("/analytics/videos/{VIDEO}?period={period}"));
        targets.push(format!("/analytics/live-streams/{LIVE}?period={period}"));
    }
    for filter in [
        "metadata[hats]=green",
        "metadata%5Bno%20such%20key%5D=%22%5C%0A",
    ] {
        targets.push(format!(
            "/analytics/videos/{VIDEO}?period=2022-01-01&{filter}"
        ));
    }
    for page in ["", "?pageSize=1&currentPage=2", "?currentPage=1000"] {
        targets.push(format!("/analytics/sessions/{SESSION}/events{page}"));
    }
    let sessions = world.sessions(VIDEO, "2022-01-01").unwrap();
    for session in sessions.take(20) {
        targets.push(format!("/analytics/sessions/{}/events", session.id));
    }
    for (metric, aggregations) in [
        ("play", &["count", "rate"][..]),
        ("start", &["count"]),
        ("end", &["count"]),
        ("impression", &["count"]),
        ("impression-time", &["average", "sum"]),
        ("watch-time", &["average", "sum"]),
        ("ccv", &["peak", "live"]),
        ("view", &["count"]),
    ] {
        for aggregation in aggregations {
            targets.push(format!("/data/metrics/{metric}/{aggregation}"));
        }
    }
    let by = [
        "media-id",
        "media-type",
        "continent",
        "country",
        "device-type",
        "operating-system",
        "browser",
        "referrer",
    ];
    for metric in [
        "play",
        "play-rate",
        "start",
        "end",
        "impression",
        "ccv-peak",
        "ccv-average",
        "view",
    ] {
        targets.extend(by.map(|by| format!("/data/buckets/{metric}/{by}")));
        targets.push(format!("/data/timeseries/{metric}"));
    }
    // Less than an hour: the clock is running.
    let hour = client.simulator.now() - std::time::Duration::from_secs(3_000);
    targets.push(format!(
        "/data/timeseries/play?interval=minute&from={}",
        hour.to_string().replace(':', "%3A")
    ));
    targets.extend(CONTRACT.operations().iter().filter_map(documented));
    let mut all: Vec<TestRequest> = targets.into_iter().map(TestRequest::get).collect();
    all.push(TestRequest::get("/videos").authorized(Some("Basic YW55IGtleTo=")));
    all.push(TestRequest::post("/auth/api-key", r#"{"apiKey":"any"}"#));
    all.push(TestRequest {
        content_type: None,
        ..TestRequest::post("/auth/api-key", r#"{"apiKey":"any","more":[1]}"#)
    });
    all
}

/// Returns a request for an operation of the document, with the required parameters; `None` if it has a body.
fn documented(operation: &Operation) -> Option<String> {
    let mut target = operation.path.clone();
    for parameter in &operation.parameters {
        let value = match (parameter.name.as_str(), parameter.location) {
            ("videoId", Location::Path) => VIDEO,
            ("liveStreamId", Location::Path) => LIVE,
            ("sessionId", Location::Path) => SESSION,
            (_, Location::Path) => parameter.schema.value()["enum"][0].as_str().unwrap(),
            ("period", Location::Query) => "2022-01",
            (name, Location::Query) => {
                assert!(!parameter.required, "{name}: add a valid value here");
                continue;
            }
        };
        match parameter.location {
            Location::Path => target = target.replace(&format!("{{{}}}", parameter.name), value),
            Location::Query => target.push_str(&format!("?{}={value}", parameter.name)),
        }
    }
    (!operation.has_body()).then_some(target)
}

/// Whether requests have a parameter that can be invalid: more than an id.
fn can_be_invalid(operation: &Operation) -> bool {
    operation.has_body()
        || operation.parameters.iter().any(|parameter| {
            parameter.location == Location::Query || parameter.schema.value()["enum"].is_array()
        })
}

/// Invalid requests, with the status of the response.
pub(crate) fn invalid() -> Vec<(u16, TestRequest)> {
    let sessions = format!("/analytics/videos/{VIDEO}");
    let live = format!("/analytics/live-streams/{LIVE}");
    let mut all = Vec::new();
    let mut get = |status, target: String| all.push((status, TestRequest::get(target)));

    for period in [
        "",
        "?period=",
        "?period=May",
        "?period=2022-13",
        "?period=2022-01-02/2022-01-01",
        "?period=2022%2F2023",
        "?period=%FF%FE",
        "?period=2022-01-01&period=x",
        "?period=2022&metadata=green",
        "?period=2022&metadata[=green",
        "?period=2022&metadata[%1B%22%5C%7F%0A=green",
    ] {
        get(400, format!("{sessions}{period}"));
    }
    get(400, format!("{live}?period=2022-00"));
    get(400, format!("{live}?period=2022&metadata[hats]=green"));
    for pagination in [
        "pageSize=0",
        "pageSize=101",
        "pageSize=ten",
        "pageSize=",
        "pageSize=1.5",
        "currentPage=0",
        "currentPage=-1",
        "currentPage=99999999999999999999",
        "currentPage=1e3",
    ] {
        let is_list = |operation: &&Operation| {
            let mut parameters = operation.parameters.iter();
            parameters.any(|parameter| parameter.name == "currentPage")
        };
        for list in CONTRACT.operations().iter().filter(is_list) {
            let target = documented(list).unwrap();
            let next = if target.contains('?') { '&' } else { '?' };
            get(400, format!("{target}{next}{pagination}"));
        }
    }
    for (list, name) in [
        ("/videos", "sortBy=views"),
        ("/videos", "sortOrder=up"),
        ("/videos", "tags=a"),
        ("/videos", "metadata=a"),
        ("/live-streams", "sortBy="),
        ("/live-streams", "sortOrder=DESC"),
        ("/data/metrics/play/count", "from=yesterday"),
        ("/data/metrics/play/count", "from=2022-01-01"),
        ("/data/metrics/play/count", "from=2001-01-01T00:00:00Z"),
        ("/data/metrics/play/count", "from=-009999-01-02T01:59:59Z"),
        ("/data/metrics/play/count", "to=-009999-01-02T01:59:59Z"),
        ("/data/metrics/play/count", "from=9999-12-30T22:00:00Z"),
        ("/data/metrics/play/count", "unique=true"),
        ("/data/metrics/play/count", "viewDuration=3s"),
        ("/data/metrics/play/count", "filterBy=FR"),
        ("/data/metrics/play/count", "filterBy[city]=Paris"),
        ("/data/metrics/play/total", "filterBy[country][]=FR"),
        ("/data/metrics/view/count", "viewDuration=7s"),
        ("/data/metrics/view/count", "unique=perhaps"),
        ("/data/buckets/play/country", "sortBy=emittedAt"),
        ("/data/timeseries/play", "interval=minute"),
        ("/data/timeseries/play", "interval=week"),
    ] {
        get(400, format!("{list}?{name}"));
    }
    let referrer = "x".repeat(2_049);
    get(
        400,
        format!("/data/metrics/play/count?filterBy[referrer][]={referrer}"),
    );
    for path in [
        "/data/metrics/plays/count",
        "/data/metrics/start/rate",
        "/data/buckets/plays/country",
        "/data/buckets/play/city",
        "/data/buckets/play-total/country",
        "/data/timeseries/play-total",
        "/data/timeseries/%22",
    ] {
        get(400, path.into());
    }
    for path in [
        "/analytics/videos/none?period=2022",
        "/analytics/live-streams/none?period=2022",
        "/analytics/sessions/none/events",
        "/analytics/sessions/psEmFwGQUAXR2lFHj5nDOpz/events",
        "/videos/none",
        "/videos/%2F..%00%F0%9F%98%80",
        "/videos/none/chapters",
        &format!("/videos/{LIVE}/chapters"),
        "/live-streams/none",
        // Live streams are not videos, and videos are not live streams.
        &format!("/videos/{LIVE}"),
        &format!("/live-streams/{VIDEO}"),
        // Unknown paths.
        "/",
        "/video",
        "/videos/",
        "/videos//x",
        "/videos/a/b",
        "/analytics/sessions/none",
        "/data/metrics/play",
        "/auth/token",
        "/VIDEOS",
        "/%20",
    ] {
        get(404, path.into());
    }
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
        for path in ["/videos", "/videos/x", "/data/timeseries/play", &sessions] {
            all.push((405, TestRequest::post(path, "{}").method(method)));
        }
    }
    all.push((405, TestRequest::get("/auth/api-key")));
    all.push((405, TestRequest::post("/auth/refresh", "{}").method("PUT")));
    all.extend(unauthenticated());
    all
}

/// Requests with missing or invalid credentials.
fn unauthenticated() -> Vec<(u16, TestRequest)> {
    let mut all = Vec::new();
    for operation in CONTRACT.operations() {
        if operation.method != "GET" {
            continue;
        }
        let target = operation.path.replace(['{', '}'], "");
        for header in [
            None,
            Some("Bearer unknown"),
            Some("Bearer"),
            Some("Basic Og=="),
            Some("Basic ?"),
            Some("Digest x"),
            Some(""),
        ] {
            all.push((401, TestRequest::get(&target).authorized(header)));
        }
    }
    let deep = format!("{}1{}", "[".repeat(1_000), "]".repeat(1_000));
    let long = format!(r#"{{"apiKey":"{}"}}"#, "x".repeat(100_000));
    for (body, status) in [
        (&br#"{"apiKey":""}"#[..], 400),
        (br#"{"apiKey":null}"#, 400),
        (br#"{"apiKey":7}"#, 400),
        (br#"{"apikey":"any"}"#, 400),
        (b"{}", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"\"any\"", 400),
        (b"{", 400),
        (b"", 400),
        (b"apiKey=any", 400),
        (b"\xff\xfe\x00", 400),
        (deep.as_bytes(), 400),
        (long.as_bytes(), 400),
    ] {
        all.push((status, TestRequest::post("/auth/api-key", body)));
        all.push((status, TestRequest::post("/auth/refresh", body)));
    }
    all.push((
        401,
        TestRequest::post("/auth/refresh", r#"{"refreshToken":"x"}"#),
    ));
    for content_type in [
        None,
        Some("text/plain"),
        Some("multipart/form-data"),
        Some("/"),
    ] {
        all.push((
            400,
            TestRequest {
                content_type,
                ..TestRequest::post("/auth/api-key", "apiKey=any")
            },
        ));
    }
    all
}

#[tokio::test]
async fn valid_requests_have_documented_responses() {
    for (seed, videos, sessions, days) in [(1, 20, 5_000, 30), (7, 5, 400, 10), (42, 1, 2, 1)] {
        let builder = Simulator::builder().seed(seed).videos(videos);
        let checked = CheckedClient::start(builder.sessions(sessions).days(days)).await;
        for test_request in valid(&checked.client) {
            assert_eq!(checked.send(&test_request).await, 200, "{test_request:?}");
        }
        let refresh = checked
            .client
            .post("/auth/api-key", r#"{"apiKey":"k"}"#)
            .await;
        let refresh = refresh.json()["refresh_token"].clone();
        let body = serde_json::json!({ "refreshToken": refresh }).to_string();
        let again = TestRequest::post("/auth/refresh", body);
        assert_eq!(checked.send(&again).await, 200);
        assert_eq!(checked.send(&again).await, 401);
        let seen = checked.seen.borrow();
        for operation in CONTRACT.operations() {
            assert!(seen.contains(&(&*operation.id, 200)), "{}", operation.id);
        }
    }
}

#[tokio::test]
async fn invalid_requests_have_documented_responses() {
    let checked = CheckedClient::start(Simulator::builder()).await;
    for (status, test_request) in invalid() {
        assert_eq!(
            checked.send(&test_request).await,
            status,
            "{test_request:?}"
        );
    }
    let seen = checked.seen.borrow();
    for operation in CONTRACT.operations() {
        for status in [400, 401] {
            let only_an_id = !can_be_invalid(operation);
            // Any key is accepted.
            let any_key = operation.id == "createAccessToken";
            assert!(
                seen.contains(&(&*operation.id, status))
                    || (only_an_id && status == 400)
                    || (any_key && status == 401),
                "{} {status}",
                operation.id
            );
        }
    }
}

#[tokio::test]
async fn requests_in_a_world_without_live_streams_have_documented_responses() {
    let builder = Simulator::builder().live_streams(0).videos(2).sessions(50);
    let checked = CheckedClient::start(builder).await;
    let live = format!("/analytics/live-streams/{LIVE}?period=2022");
    for (target, status) in [
        ("/live-streams", 200),
        (live.as_str(), 404),
        (
            "/data/buckets/play/media-type?filterBy[mediaType]=live-stream",
            200,
        ),
    ] {
        assert_eq!(
            checked.send(&TestRequest::get(target)).await,
            status,
            "{target}"
        );
    }
}
