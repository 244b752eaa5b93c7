//! Chapters of a video: their list, and their files, which are on another host.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use apivideo::client::VideoHandle;
use apivideo::model::Chapters;
use apivideo::observe::{Observer, RequestInfo, ResponseInfo};
use apivideo::{Client, ClientBuilder, ErrorKind};
use apivideo_simulator::{Authorization, FaultScript, Rule, Simulator};
use futures::TryStreamExt;
use support::Mock;

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";

fn builder(simulator: &Simulator) -> ClientBuilder {
    let builder = Client::builder().api_key("a secret key");
    builder.base_url(simulator.base_url())
}

fn video(client: &Client) -> VideoHandle {
    client.video(VIDEO.parse().unwrap())
}

/// Chapters whose file is at a URL.
fn chapters(src: &str) -> Chapters {
    let mut chapters = Chapters::default();
    chapters.src = Some(src.into());
    chapters
}

/// The lines of the observed requests and responses.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Observer for Log {
    fn on_request(&self, request: &RequestInfo<'_>) {
        let line = format!("{} {}", request.operation(), request.url());
        self.0.lock().unwrap().push(line);
    }

    fn on_response(&self, response: &ResponseInfo<'_>) {
        let line = format!("{} {:?}", response.request_line(), response.status());
        self.0.lock().unwrap().push(line);
    }
}

#[tokio::test]
async fn a_file_is_downloaded_without_credentials() {
    let simulator = Simulator::builder().start().await.unwrap();
    let log = Log::default();
    for client in [builder(&simulator), builder(&simulator).with_basic_auth()] {
        let video = video(&client.with_observer(log.clone()).build().unwrap());
        let list = video.chapters().page_size(1.try_into().unwrap());
        let list: Vec<Chapters> = list.stream().try_collect().await.unwrap();
        let languages: Vec<_> = list
            .iter()
            .map(|chapters| chapters.language.as_deref().unwrap())
            .collect();
        assert_eq!(languages, ["en", "fr"]);
        let file = video.download_chapters(&list[1]).await.unwrap();
        let file = String::from_utf8(file).unwrap();
        assert!(file.starts_with("WEBVTT\n\n00:00:00.000 --> "), "{file}");
        let requests = simulator.requests();
        let request = requests.last().unwrap();
        assert_eq!(request.path(), format!("/vod/{VIDEO}/chapters/fr.vtt"));
        assert_eq!(request.authorization(), Authorization::None);
        for header in ["av-origin-client", "av-origin-app", "cookie", "referer"] {
            assert_eq!(request.header(header), None, "{header}");
        }
        assert!(
            request
                .header("user-agent")
                .unwrap()
                .starts_with("apivideo-rust/")
        );
    }
    let lines = log.0.lock().unwrap().clone();
    let base_url = simulator.base_url();
    assert_eq!(
        lines[lines.len() - 2..],
        [
            format!("download {base_url}/vod/{VIDEO}/chapters/fr.vtt"),
            format!("GET {base_url} Some(200)"),
        ]
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_downloaded_is_an_error_without_its_path() {
    let rules = [
        Rule::new()
            .path("/vod/moved")
            .status(302)
            .header("Location", "/vod/vi/chapters/fr.vtt"),
        Rule::new().path("/vod/gone").status(410),
        Rule::new().path("/vod/private").status(403),
        Rule::new().path("/vod/broken").status(503),
        Rule::new()
            .path("/vod/large")
            .status(200)
            .body("x".repeat(1_000_001)),
        Rule::new()
            .path("/vod/largest")
            .status(200)
            .body("x".repeat(1_000_000)),
        Rule::new()
            .path("/vod/late")
            .status(200)
            .latency(Duration::from_secs(60)),
    ];
    let faults = rules
        .into_iter()
        .fold(FaultScript::new(), FaultScript::rule);
    let simulator = Simulator::builder().faults(faults).start().await.unwrap();
    let base_url = simulator.base_url();
    let client = builder(&simulator).build().unwrap();
    for (path, kind, message) in [
        (
            "moved",
            ErrorKind::Unexpected,
            "redirects the request for the file of chapters",
        ),
        (
            "gone",
            ErrorKind::NotFound,
            "did not return the file of chapters: 410 Gone",
        ),
        ("missing", ErrorKind::NotFound, "404 Not Found"),
        ("private", ErrorKind::Rejected, "403 Forbidden"),
        ("broken", ErrorKind::Service, "503 Service Unavailable"),
        (
            "large",
            ErrorKind::Unexpected,
            "is larger than 1000000 bytes",
        ),
    ] {
        let chapters = chapters(&format!("{base_url}/vod/{path}?token=hidden"));
        let error = video(&client)
            .download_chapters(&chapters)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{path}: {error}");
        assert_eq!(error.asset_id().unwrap().as_str(), VIDEO);
        let shown = format!("{error:?}");
        assert!(shown.contains(message), "{shown}");
        assert!(
            !shown.contains("/vod") && !shown.contains("hidden"),
            "{shown}"
        );
    }
    let largest = chapters(&format!("{base_url}/vod/largest"));
    let file = video(&client).download_chapters(&largest).await.unwrap();
    assert_eq!(file.len(), 1_000_000);

    let impatient = builder(&simulator).with_timeout(Duration::from_millis(50));
    let late = chapters(&format!("{base_url}/vod/late"));
    let late = video(&impatient.build().unwrap())
        .download_chapters(&late)
        .await;
    assert!(late.unwrap_err().is_timeout());

    // A port without a server, an address that is not accepted, and no URL.
    for (chapters, kind) in [
        (chapters("http://127.0.0.1:9/fr.vtt"), ErrorKind::Connection),
        (
            chapters("http://cdn.api.video/fr.vtt"),
            ErrorKind::Unexpected,
        ),
        (Chapters::default(), ErrorKind::Unexpected),
    ] {
        let error = video(&client)
            .download_chapters(&chapters)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[tokio::test]
async fn the_response_to_a_followed_redirect_is_not_returned() {
    let other = Mock::responses_of_type("text/vtt", &[(200, "WEBVTT")]);
    let location = other.server.url("/other.vtt");
    let moved = Rule::new()
        .path("/vod/moved")
        .status(302)
        .header("Location", &location);
    let faults = FaultScript::new().rule(moved);
    let simulator = Simulator::builder().faults(faults).start().await.unwrap();
    // Unlike the default client, this one follows redirects.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = builder(&simulator).with_http_client(http).build().unwrap();
    let chapters = chapters(&format!("{}/vod/moved", simulator.base_url()));
    let error = video(&client)
        .download_chapters(&chapters)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected, "{error}");
    assert!(error.to_string().contains("redirects"), "{error}");
}

#[tokio::test]
async fn a_service_without_chapters_is_an_error_of_the_list() {
    let body = r#"{"title":"Unrecognized request URL."}"#;
    let rule = Rule::new()
        .path("/videos/*/chapters")
        .status(404)
        .body(body);
    let faults = FaultScript::new().rule(rule);
    let simulator = Simulator::builder().faults(faults).start().await.unwrap();
    let client = builder(&simulator).build().unwrap();
    let error = video(&client).chapters().page(1).await.unwrap_err();
    assert!(error.is_removed(), "{error}");
}
